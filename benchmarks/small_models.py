"""Small models that differ in their tokenizer alone, for the benchmarks beside this file.

One model of the nano recipe's shape a tokenizer and seed: the same documents, steps of the same
number of tokens (so the same processor time), then the same questions with their answers. Results
are kept in the work folder, and a run that is there is not made again.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from untouched import write_stand_in

from scireasoner.artifacts import read_json, write_json
from scireasoner.corpus import tokenizer as room
from scireasoner.corpus.documents import Document
from scireasoner.corpus.pack import pack
from scireasoner.corpus.tokenizer import build_tokenizer
from scireasoner.evaluation.run import evaluate
from scireasoner.models.checkpoint import load_model, load_tokenizer
from scireasoner.models.transformers_backend import TransformersBackend
from scireasoner.notation.rules import PROSE, piece_patterns
from scireasoner.prompts import TURN_END, render
from scireasoner.settings import use_data_root
from scireasoner.tasks.embedded.build import build_embedded
from scireasoner.tasks.registry import get, select
from scireasoner.tasks.rows import Caps
from scireasoner.training.documents import CorpusConfig, documents, entities_of, held_out
from scireasoner.training.fit_config import FitConfig
from scireasoner.training.mixture import Part, dialogues
from scireasoner.training.model import ModelConfig
from scireasoner.training.pretrain import PretrainConfig, pretrain
from scireasoner.training.supervised import supervised
from scireasoner.types import Mode, Split

VOCABULARY = 1536
TASKS = ("smiles_to_formula", "boiling_point")
SHAPE = ModelConfig(hidden=128, layers=4, heads=4, kv_heads=2, head_dim=32, intermediate=384)
PRETRAIN = FitConfig(
    steps=60, batch_tokens=4096, optimizer="muon", lr=3e-3, muon_lr=0.02, final_lr=0.1,
    save_every=10_000,
)  # fmt: skip
SFT = FitConfig(
    steps=100, batch_tokens=1536, optimizer="muon", lr=2e-3, muon_lr=0.015, warmup=0.02,
    final_lr=0.1, save_every=10_000,
)  # fmt: skip
_LENGTH = 128
_CORPUS = CorpusConfig(rows_per_task=1500, dialogues_per_task=300, general_characters=200_000)
_LEFT_OUT = 0.015


@dataclass(frozen=True)
class Texts:
    """Documents to train on, held-out ones, and chats to learn a vocabulary from."""

    train: list[str]
    held: list[Document]
    chats: list[str]


def data(work: Path) -> Path:
    """Build the embedded rows of the nano recipe once; return their root."""
    root = work / "data"
    build_embedded(root, progress=False, caps=Caps(12_000, 120, 300, None))
    return root


def texts() -> Texts:
    """Return the corpus; no held-out entity is in a training document."""
    tasks = select(["embedded"])
    hidden = held_out(tasks)
    train: list[str] = []
    held: list[Document] = []
    for document in documents(tasks, _CORPUS, seed=0):
        own = entities_of(document.meta)
        if any(entity in hidden for entity in own):
            continue
        if any(_chance(entity) < _LEFT_OUT for entity in own):
            held.append(document)
        else:
            train.append(document.text)
    return Texts(sorted(set(train), key=_chance), held, list(_chats()))


def _chance(text: str) -> float:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) / 2**64


def _chats() -> Iterator[str]:
    for name in TASKS:
        task = get(name)
        for row in task.samples(Split.TRAIN, 300):
            answer = task.solution(row, Mode.INSTANT) or ""
            yield render(task.render(row, Mode.INSTANT)) + answer + TURN_END


def write_tokenizer(kind: str, given: Texts, out: Path) -> None:
    """Write one of the compared tokenizers, all of the same size.

    ``ours``; ``merged``: ours, but up to three digits of a number may merge (as in GPT-4 and
    Llama 3); ``plain``: a byte-level BPE with Qwen's rule for all text, which knows no notation.
    """
    learned_from = [*given.train, *given.chats]
    if kind == "plain":
        write_stand_in(learned_from, VOCABULARY, out)
    elif kind == "merged":
        prose = PROSE.replace(r"|\p{N}|", r"|\p{N}{1,3}|")
        pieces = piece_patterns()
        alone = pieces[-1].replace("|NUMBER)", ")")
        number = r"\A<(?:NUMBER)>|</(?:NUMBER)>\z|\G(?!\A)(?:[0-9]{1,3}|[\s\S])"
        patched = {"PROSE": prose, "piece_patterns": lambda: [*pieces[:-1], alone, number]}
        with mock.patch.multiple(room, **patched):
            build_tokenizer(learned_from, VOCABULARY, out)
    else:
        build_tokenizer(learned_from, VOCABULARY, out)


def run(kind: str, seed: int, work: Path, given: Texts) -> dict[str, Any]:
    """Train and measure one model, or return what an earlier call measured."""
    import torch

    folder = work / f"{kind}-{seed}"
    found = folder / "result.json"
    if found.is_file():
        return read_json(found)
    torch.set_num_threads(1)
    cut = work / f"tokenizer-{kind}"
    if not (cut / "packed.npy").is_file():
        write_tokenizer(kind, given, cut)
        pack(given.train, cut, _LENGTH, cut / "packed.npy")
    start = time.process_time()
    plan = PretrainConfig(_LENGTH, PRETRAIN)
    facts = pretrain(cut / "packed.npy", cut, SHAPE, plan, out=folder / "pretrain", seed=seed)
    seconds = time.process_time() - start
    model = folder / "pretrain" / "model"
    result = {
        "parameters": facts["parameters"],
        "pretrain_cpu_s": seconds,
        "bits": bits_per_character(model, given.held),
        **answers(model, folder / "sft", seed),
    }
    write_json(found, result)
    return result


def answers(model: Path, out: Path, seed: int, pairs: Any = None) -> dict[str, Any]:
    """Fine-tune on the questions of ``TASKS`` and ask the test rows, greedily."""
    tasks = [get(name) for name in TASKS]
    start = time.process_time()
    # In one part: the processor time of other processes would not be counted.
    part = Part("all", 12_000, lambda: pairs or dialogues(tasks, 12_000, {}, seed))
    supervised(model, [part], SFT, max_length=256, out=out, seed=seed, label="SFT")
    seconds = time.process_time() - start
    found = evaluate(tasks, TransformersBackend(out / "model"), split=Split.TEST, limit=300)
    scores = {
        name: {metric: asdict(e) for metric, e in result.estimates.items()}
        | {"tokens": result.tokens}
        for name, result in found.items()
    }
    return {"sft_cpu_s": seconds, "scores": scores}


def bits_per_character(model: Path, held: Sequence[Document]) -> dict[str, Any]:
    """Return -log2 p of the held-out documents per character and per token, by domain.

    Each document is read alone after the end-of-text token, its own end not counted.
    """
    import torch

    tokenizer, network = load_tokenizer(model), load_model(model).eval()
    end = tokenizer.pad_token_id
    bits: Counter[str] = Counter()
    characters: Counter[str] = Counter()
    tokens: Counter[str] = Counter()
    for document in held:
        ids = torch.tensor([[end, *tokenizer(document.text).input_ids]])[:, :1024]
        with torch.no_grad():
            loss = network(input_ids=ids, labels=ids).loss.item()
        for name in ("all", str(document.domain)):
            bits[name] += loss * (ids.shape[1] - 1) / math.log(2)
            characters[name] += len(document.text)
            tokens[name] += ids.shape[1] - 1
    return {
        name: {
            "per_character": bits[name] / characters[name],
            "per_token": bits[name] / tokens[name],
            "characters_per_token": characters[name] / tokens[name],
        }
        for name in sorted(bits)
    }


def runs(kinds: Sequence[str], seeds: int, work: Path) -> Mapping[str, list[dict[str, Any]]]:
    """Run every kind and seed; seeds outside, so that a cut run still compares."""
    with use_data_root(data(work)):
        given = texts()
        found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in kinds}
        for seed in range(seeds):
            for kind in kinds:
                found[kind].append(run(kind, seed, work, given))
    return found


def across(values: Sequence[float]) -> str:
    """Return the mean over seeds and the values themselves."""
    digits = 1 if max(map(abs, values)) >= 10 else 3
    shown = ", ".join(f"{value:.{digits}f}" for value in values)
    return f"{sum(values) / len(values):.{digits}f} ({shown})"
