"""How many bases should a token of DNA hold? A small Qwen3 asked where transcription factors bind.

    SCIREASONER_DATA=... python benchmarks/dna_tokens.py --bases 3 --minutes 4

From scratch on one thread, on the five human sets of GUE (arXiv:2306.15006): a token for the set,
the window in tokens of ``--bases`` bases from its first base on, and the answer's log-odds from the
last token. ``--vary`` shifts each window by up to two bases and turns half of them. Prints MCC x100
on the test rows of each set. The budget is time, so a machine that does other work learns less;
docs/decisions/0007-dna-in-codons.md has what was found.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from itertools import product
from typing import Any

import torch
from sklearn.metrics import matthews_corrcoef
from torch.nn.functional import cross_entropy
from transformers import Qwen3ForCausalLM

from scireasoner.tasks.registry import get
from scireasoner.tasks.symmetry import variants
from scireasoner.tasks.task import Task
from scireasoner.training.model import ModelConfig, qwen3
from scireasoner.training.optimizer import muon_with_adamw
from scireasoner.types import Sample, Split

TASKS = tuple(get(f"gue_tf_human_{number}") for number in range(5))
SHAPE = ModelConfig(hidden=192, layers=5, heads=6, kv_heads=3, head_dim=32, intermediate=512)
"""Of `small-cpu`."""


def words(bases: int) -> list[str]:
    """Return every token of DNA: words of up to so many bases, for what is left over at the end."""
    return ["".join(word) for size in range(1, bases + 1) for word in product("ACGT", repeat=size)]


def ids_of(task: int, dna: str, bases: int, known: dict[str, int]) -> list[int]:
    """Return the tokens of a question: its set, its window, the mark of the answer."""
    pieces = (dna[at : at + bases] for at in range(0, len(dna), bases))
    # A piece with an unknown base is rare; it is read as the first word.
    own = [len(TASKS) + known.get(piece, 0) for piece in pieces]
    return [task, *own, len(TASKS) + len(known)]


def batches(rows: list[tuple[list[int], int]]) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Return rows of one length together, as tensors (rows, tokens) and (rows,)."""
    by_length: dict[int, list[tuple[list[int], int]]] = defaultdict(list)
    for row in rows:
        by_length[len(row[0])].append(row)
    return [
        (torch.tensor([ids for ids, _ in own]), torch.tensor([yes for _, yes in own]))
        for own in by_length.values()
    ]


def odds(model: Any, ids: torch.Tensor) -> torch.Tensor:
    """Return the scores of no and yes, (rows, 2): the last two entries of the vocabulary."""
    return model(input_ids=ids, logits_to_keep=1, use_cache=False).logits[:, -1, -2:]


def written(row: Sample, task: Task, rng: random.Random | None) -> str:
    """Return the window of a row, in one of the ways that keep its answer if it may vary."""
    if rng is None:
        return row.inputs["dna"]
    return rng.choice(variants(row.inputs, task.inputs, task.symmetries))["dna"]


def correlation(model: Any, number: int, encode: Any, size: int = 128) -> float:
    """Return MCC x100 on the test rows of a set."""
    rows = [
        (encode(number, s, None), int(s.gold == "yes")) for s in TASKS[number].samples(Split.TEST)
    ]
    said: list[int] = []
    right: list[int] = []
    model.eval()
    with torch.inference_mode():
        for ids, yes in batches(rows):
            for part in ids.split(size):
                said += odds(model, part).argmax(-1).tolist()
            right += yes.tolist()
    return 100 * float(matthews_corrcoef(right, said))


def train(model: Any, encode: Any, rows: int, minutes: float, vary: bool) -> int:
    """Train for a time, rates falling to a twentieth; return how many rows were seen."""
    rng = random.Random(0)
    pool = [(n, s) for n, task in enumerate(TASKS) for s in task.samples(Split.TRAIN)]
    optimizer = muon_with_adamw(model, muon_lr=0.015, adamw_lr=2e-3, weight_decay=0.01)
    peaks = [group["lr"] for group in optimizer.param_groups]
    begin, seen, step = time.monotonic(), 0, 0
    while (done := (time.monotonic() - begin) / 60 / minutes) < 1:
        share = min(1.0, step / 30 + 0.03) * max(0.05, 1 - done)
        for group, peak in zip(optimizer.param_groups, peaks, strict=True):
            group["lr"] = peak * share
        drawn = rng.choices(pool, k=rows)
        asked = [(encode(n, s, rng if vary else None), int(s.gold == "yes")) for n, s in drawn]
        for ids, yes in batches(asked):
            (cross_entropy(odds(model, ids), yes, reduction="sum") / rows).backward()
        optimizer.step()
        optimizer.zero_grad()
        seen, step = seen + rows, step + 1
    return seen


def main() -> None:
    """Train one model and say what it learnt."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bases", type=int, default=3)
    parser.add_argument("--minutes", type=float, default=4.0)
    parser.add_argument("--rows", type=int, default=32, help="of a batch")
    parser.add_argument("--vary", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    known = {word: number for number, word in enumerate(words(options.bases))}

    def encode(number: int, row: Sample, rng: random.Random | None) -> list[int]:
        return ids_of(number, written(row, TASKS[number], rng), options.bases, known)

    model = Qwen3ForCausalLM(qwen3(SHAPE, len(TASKS) + len(known) + 3))
    seen = train(model, encode, options.rows, options.minutes, options.vary)
    found = [f"{correlation(model, number, encode):.1f}" for number in range(len(TASKS))]
    print(f"{options.bases} bases a token, {seen:,} rows seen; MCC x100: {' '.join(found)}")


if __name__ == "__main__":
    main()
