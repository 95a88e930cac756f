"""How new embeddings should start when a tokenizer is extended: loss over the first steps.

    OMP_NUM_THREADS=1 python benchmarks/embedding_init.py --work FOLDER --seeds 3

A small Qwen3 is first trained with a base tokenizer (a byte-level BPE of Qwen's layout, learned
from the same texts) on science without tags and on English. Its tokenizer is then extended, the
new rows are started in four ways, and training goes on with tagged documents; all else is equal.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

from small_models import Texts, across, bits_per_character, data, texts
from untouched import write_stand_in

from scireasoner.artifacts import read_json, read_jsonl, write_json
from scireasoner.corpus.pack import load_packed, pack
from scireasoner.corpus.tokenizer import extend_tokenizer
from scireasoner.models.checkpoint import load_model, load_tokenizer
from scireasoner.notation.tags import strip_tags
from scireasoner.settings import use_data_root
from scireasoner.training.batches import Blocks
from scireasoner.training.embeddings import extend_embeddings
from scireasoner.training.fit_config import FitConfig
from scireasoner.training.loop import CURVE, fit
from scireasoner.training.model import ModelConfig, save_model
from scireasoner.training.pretrain import PretrainConfig, block_order, pretrain

WAYS = ("pieces", "pieces, plain mean", "mean of all rows", "normal")
SHAPE = ModelConfig(hidden=128, layers=2, heads=4, kv_heads=2, head_dim=32, intermediate=384)
BASE = FitConfig(
    steps=150, batch_tokens=2048, optimizer="muon", lr=3e-3, muon_lr=0.02, save_every=10_000
)
ON = FitConfig(
    steps=40, batch_tokens=2048, lr=1e-3, warmup=0.05, decay="constant", log_every=1,
    save_every=10_000,
)  # fmt: skip
SHOWN = (1, 5, 10, 20, 40)
_LENGTH = 128


def base_model(work: Path, given: Texts) -> Path:
    """Train the base once, on texts without tags; return its checkpoint."""
    cut, out = work / "base-tokenizer", work / "base"
    if not (out / "model" / "config.json").is_file():
        plain = [strip_tags(text) for text in given.train]
        write_stand_in(plain, 2048, cut)
        pack(plain, cut, _LENGTH, cut / "packed.npy")
        plan = PretrainConfig(_LENGTH, BASE)
        pretrain(cut / "packed.npy", cut, SHAPE, plan, out=out, seed=0)
        extend_tokenizer(cut, work / "extended")
        pack(given.train, work / "extended", _LENGTH, work / "extended" / "packed.npy")
    return out / "model"


def started(start: Path, tokenizer: Any, way: str, seed: int) -> Any:
    """Return the base model with its new rows started in one of the ways."""
    import torch

    model, base = load_model(start), load_tokenizer(start)
    pieces = extend_embeddings(model, base, tokenizer, seed)
    weight = model.get_input_embeddings().weight
    new, old = list(pieces), weight[: len(base)].detach().clone()
    noise = torch.randn(len(new), weight.shape[1], generator=torch.Generator().manual_seed(seed))
    with torch.no_grad():
        if way == "pieces, plain mean":
            weight[new] = torch.stack([old[group].mean(0) for group in pieces.values()])
        elif way == "mean of all rows":
            weight[new] = old.mean(0) + 0.02 * old.std(0) * noise
        elif way == "normal":
            weight[new] = model.config.initializer_range * noise
    return model


def continued(work: Path, start: Path, way: str, seed: int, given: Texts) -> dict[str, Any]:
    """Train on and return the loss of each step, and bits per character before and after."""
    out = work / f"{way.replace(' ', '-')}-{seed}"
    found = out / "result.json"
    if found.is_file():
        return read_json(found)
    tokenizer = load_tokenizer(work / "extended")
    model = started(start, tokenizer, way, seed)
    held = given.held[::4]
    save_model(model, tokenizer, out / "before")
    before = bits_per_character(out / "before", held)["all"]["per_character"]
    packed = load_packed(work / "extended" / "packed.npy")
    order = block_order(len(packed), _LENGTH, ON, seed)
    data = Blocks(packed, order)
    fit(model, data, ON, out=out, tokenizer=tokenizer, seed=seed, label=way)
    save_model(model, tokenizer, out / "after")
    after = bits_per_character(out / "after", held)["all"]["per_character"]
    curve = {str(row["step"]): row["loss"] for row in read_jsonl(out / CURVE) if "loss" in row}
    write_json(found, {"curve": curve, "before": before, "after": after})
    return read_json(found)


if __name__ == "__main__":
    import torch

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    torch.set_num_threads(1)
    with use_data_root(data(options.work)):
        given = texts()
    start = base_model(options.work, given)
    for way in WAYS:
        results = [continued(options.work, start, way, s, given) for s in range(options.seeds)]
        print(way)
        for step in SHOWN:
            print(f"  loss at step {step}: {across([r['curve'][str(step)] for r in results])}")
        areas = [math.fsum(r["curve"].values()) / len(r["curve"]) for r in results]
        print(f"  mean loss of {ON.steps} steps: {across(areas)}")
        for name in ("before", "after"):
            print(f"  bits/character on held-out documents, {name}: "
                  f"{across([r[name] for r in results])}")  # fmt: skip
