"""Which groups should teach: those with mixed verdicts, those with any spread of reward, or all.

    python benchmarks/gates.py --run runs/nano-seed0 --work FOLDER --seeds 0 1 2

The same start model, data, seeds, learning rate and number of optimiser steps for each gate; then
the first test rows of each task. A step of a stricter gate asks for more rollouts, so tokens and
processor seconds stand beside the scores. Finished runs in the work folder are not made again.
"""

from __future__ import annotations

import dataclasses
import shutil
import time
from pathlib import Path
from typing import Any

import numpy as np
from rl_runs import Start, arguments, held_out, mean, paired, started

from scireasoner.artifacts import read_json, read_jsonl, write_json
from scireasoner.models.checkpoint import load_model, load_tokenizer
from scireasoner.settings import use_data_root
from scireasoner.training.loop import CURVE
from scireasoner.training.rl import reinforce
from scireasoner.training.rollouts import GATES


def result(start: Start, work: Path, gate: str, seed: int, steps: int, rows: int) -> dict[str, Any]:
    """Train with a gate and return what the held-out rows say; kept on disk."""
    out = work / f"{gate}-{seed}"
    if (out / "result.json").is_file():
        return read_json(out / "result.json")
    shutil.rmtree(out, ignore_errors=True)
    fit = dataclasses.replace(start.config.fit, steps=steps, save_every=10_000)
    config = dataclasses.replace(
        start.config, gate=gate, fit=fit, weights={}, prompts=2000, share_prompts=True
    )
    begin = time.process_time()
    reinforce(start.model, start.tasks, start.modes, config, out=out, seed=seed, dtype="float32")
    seconds = time.process_time() - begin
    curve = [row for row in read_jsonl(out / CURVE) if "dapo/kept" in row]
    model = load_model(out / "model")
    scores = held_out(start, model, load_tokenizer(out / "model"), rows)
    write_json(
        out / "result.json",
        {
            "seconds": seconds,
            "kept": float(np.mean([row["dapo/kept"] for row in curve])),
            "rounds": float(np.mean([row["dapo/rounds"] for row in curve])),
            "tokens": float(np.sum([row["rollout/tokens"] for row in curve])),
            "entropy": curve[-1]["entropy"],
            "scores": scores,
        },
    )
    return read_json(out / "result.json")


def start_scores(start: Start, work: Path, rows: int) -> dict[str, Any]:
    """Return what the held-out rows say of the start; kept on disk."""
    if not (work / "start.json").is_file():
        tokenizer = load_tokenizer(start.model)
        write_json(work / "start.json", held_out(start, load_model(start.model), tokenizer, rows))
    return read_json(work / "start.json")


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--steps", type=int, default=24)
    parser.add_argument("--rows", type=int, default=200)
    options = parser.parse_args()
    with use_data_root(options.run / "data"):
        start = started(options)
        before = start_scores(start, options.work, options.rows)
        # Seed by seed, so that what is done so far can be compared.
        made: dict[str, list[dict[str, Any]]] = {gate: [] for gate in GATES}
        for seed in options.seeds:
            for gate in GATES:
                found = result(start, options.work, gate, seed, options.steps, options.rows)
                made[gate].append(found)
    print(f"start: reward {mean(before, 'reward'):.4f}, accuracy {mean(before, 'correct'):.4f}")
    for gate, runs in made.items():
        scores = [run["scores"] for run in runs]
        cost = {
            key: np.mean([run[key] for run in runs])
            for key in ("seconds", "tokens", "kept", "rounds")
        }
        print(f"gate {gate}: " + ", ".join(f"{key} {value:.2f}" for key, value in cost.items()))
        for name in ("reward", "correct"):
            each = ", ".join(f"{mean(one, name):.4f}" for one in scores)
            gained = paired(scores, [before] * len(scores), name)
            print(f"  {name}: {each}; over the start {gained[0]:+.4f} ({gained[1]:+.4f} to "
                  f"{gained[2]:+.4f})")  # fmt: skip
            for task in scores[0]:
                own = np.mean([np.mean(one[task][name]) for one in scores])
                print(f"    {task}: {np.mean(before[task][name]):.3f} -> {own:.3f}")
    for other in GATES[1:]:
        for name in ("reward", "correct"):
            ours, theirs = ([run["scores"] for run in made[g]] for g in (GATES[0], other))
            value, low, high = paired(ours, theirs, name)
            print(f"correct - {other}, {name}: {value:+.4f} ({low:+.4f} to {high:+.4f})")


if __name__ == "__main__":
    main()
