"""What SFT gives without pretraining, and with respelled questions: all tasks, several seeds.

    OMP_NUM_THREADS=1 python benchmarks/ablations.py --work FOLDER --run runs/nano-seed0 \
        --run runs/nano-seed1

From each finished nano run, by its own data, tokenizer and seed: ``whole`` is its SFT model;
``new`` the same SFT of a model that has read nothing; ``respelled`` the same SFT with another
spelling of the molecule in half of the questions (arXiv 1703.07076). Asked at once, on the same
test rows. Arms that are in the work folder are not trained again. The cold start has its own
benchmark (``cold_start_gain.py``), so have the tokenizer (``tokenizer_learning.py``) and the gates
of RL (``gates.py``); what RL adds is in each run's report.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean
from typing import Any

from mode_arms import one_thread

from scireasoner.artifacts import read_json, write_json
from scireasoner.evaluation.run import evaluate
from scireasoner.models.checkpoint import load_tokenizer
from scireasoner.models.transformers_backend import TransformersBackend
from scireasoner.recipe import Recipe, load_recipe
from scireasoner.recipes import shipped
from scireasoner.settings import use_data_root
from scireasoner.tasks.registry import select
from scireasoner.training.augment import AugmentConfig
from scireasoner.training.model import new_model, save_model
from scireasoner.training.supervised import sft
from scireasoner.types import Mode

ARMS = ("whole", "new", "respelled")
LIMIT = 240


def arm(run: Path, kind: str, recipe: Recipe, work: Path) -> dict[str, Any]:
    """Train an arm and ask it every task; kept in ``work``."""
    seed = int(run.name.rsplit("seed", 1)[1])
    out = work / f"{run.name}-{kind}"
    kept = out / "result.json"
    if kept.is_file():
        found: dict[str, Any] = read_json(kept)
        return found
    with use_data_root(run / "data"):
        tasks = select(["embedded"])
        model = run / "sft" / "model"
        if kind != "whole":
            model = out / "model"
            if not model.is_dir():
                start, config = run / "pretrain" / "model", recipe.sft
                if kind == "new":
                    start = _unread(run, recipe, out / "start", seed)
                else:
                    config = replace(config, augment=AugmentConfig(share=0.5))
                sft(start, tasks, config, out=out, seed=seed, dtype=recipe.model.dtype)
        scores = evaluate(
            tasks, TransformersBackend(model), mode=Mode.INSTANT, limit=LIMIT, seed=seed, out=out
        )
        found = {
            task.name: {
                "metric": task.headline.name,
                "value": scores[task.name].estimates[task.headline.name].value,
                "score": scores[task.name].estimates["score"].value,
            }
            for task in tasks
        }
    write_json(kept, found)
    return found


def _unread(run: Path, recipe: Recipe, out: Path, seed: int) -> Path:
    """Write the model that pretraining starts from."""
    tokenizer = load_tokenizer(run / "tokenizer")
    save_model(new_model(recipe.model, tokenizer, seed), tokenizer, out)
    return out


def table(found: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """Return the means over the seeds with their range, by task, and of the calibrated scores."""
    lines = []
    for name in found["whole"][0]:
        cells = [f"{kind} {_across([own[name]['value'] for own in found[kind]])}" for kind in ARMS]
        lines.append(f"{name:24}{found['whole'][0][name]['metric']:18}" + "  ".join(cells))
    lines.append("score g(m), mean of all tasks")
    for kind in ARMS:
        means = [mean(cell["score"] for cell in own.values()) for own in found[kind]]
        lines.append(f"  {kind:12}{_across(means)}")
    return "\n".join(lines)


def _across(values: Sequence[float]) -> str:
    return f"{mean(values):.3f} ({min(values):.3f} to {max(values):.3f})"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--run", type=Path, action="append", required=True)
    options = parser.parse_args()
    one_thread()
    nano = load_recipe(shipped()["nano"])
    results = {kind: [arm(run, kind, nano, options.work) for run in options.run] for kind in ARMS}
    print(table(results))
