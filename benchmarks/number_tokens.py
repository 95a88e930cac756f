"""How numbers are best cut: single digits (ours), or up to three digits in one token.

    OMP_NUM_THREADS=1 python benchmarks/number_tokens.py --work FOLDER --seeds 3

Boiling points of the embedded suite (K, one decimal), small models of the same shape, vocabulary,
documents and processor time: MAE and Spearman correlation on 300 test rows with 95 % intervals.
``rounded``: single digits, the answers of the training rows rounded to whole kelvins.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

from small_models import TASKS, across, answers, data, runs

from scireasoner.artifacts import read_json, write_json
from scireasoner.settings import use_data_root
from scireasoner.tasks.registry import get
from scireasoner.training.mixture import dialogues

KINDS = ("ours", "merged")
METRICS = ("MAE", "Spearman", "accuracy")


def rounded(seed: int, work: Path) -> dict[str, Any]:
    """Fine-tune the model of ``ours`` on rounded answers."""
    found = work / f"ours-{seed}" / "rounded.json"
    if not found.is_file():
        with use_data_root(data(work)):
            pairs = [
                (prompt, re.sub(r"(\d+\.\d+)(?=</NUMBER>)", lambda m: f"{float(m[1]):.0f}", answer))
                for prompt, answer in dialogues([get(t) for t in TASKS], 12_000, {}, seed)
            ]
            start = work / f"ours-{seed}" / "pretrain" / "model"
            write_json(found, answers(start, found.with_suffix(""), seed, pairs))
    return read_json(found)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    found = {**runs(KINDS, options.seeds, options.work)}
    found["rounded"] = [rounded(seed, options.work) for seed in range(options.seeds)]
    for metric in METRICS:
        print(f"boiling_point, {metric}")
        for kind, results in found.items():
            scores = [result["scores"]["boiling_point"] for result in results]
            name = next(key for key in scores[0] if key.casefold().startswith(metric.casefold()))
            intervals = "; ".join(f"{s[name]['low']:.2f}-{s[name]['high']:.2f}" for s in scores)
            print(f"  {kind:<8}{across([s[name]['value'] for s in scores])}  95 %: {intervals}")
    for kind, results in found.items():
        tokens = [result["scores"]["boiling_point"]["tokens"] for result in results]
        print(f"{kind:<8}tokens an answer {across(tokens)}")
