"""What the benchmarks of reinforcement learning share: one start model, its tasks, held-out scores.

Seconds are of the processor (``time.process_time``) on one thread: other work on the machine
changes the wall clock much and these little.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from scireasoner.evaluation.run import evaluate
from scireasoner.models.transformers_backend import TransformersBackend
from scireasoner.pipeline import prepare
from scireasoner.recipe import load_recipe
from scireasoner.tasks.registry import select
from scireasoner.tasks.task import Task
from scireasoner.training.modes import MODES, load_modes
from scireasoner.training.rl_config import RlConfig
from scireasoner.types import Mode, Split

TASKS = ("smiles_to_formula", "balance_reaction", "composition", "unconditional_molecule")
"""Two with a gold and two where only a tool can say what is right."""


@dataclass(frozen=True)
class Start:
    """A run whose cold start is done: its model, rows and table of modes."""

    folder: Path
    tasks: tuple[Task, ...]
    modes: dict[str, Mode]
    config: RlConfig

    @property
    def model(self) -> Path:
        """The cold-start model."""
        return self.folder / "cold_start" / "model"


def arguments(about: str | None) -> argparse.ArgumentParser:
    """Return the options that both benchmarks have."""
    parser = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--run", type=Path, required=True, help="folder of a run up to cold_start")
    parser.add_argument("--work", type=Path, required=True, help="results are kept here")
    parser.add_argument("--tasks", nargs="*", default=TASKS)
    parser.add_argument("--seeds", type=int, nargs="*", default=[0, 1, 2])
    return parser


def started(options: argparse.Namespace) -> Start:
    """Read the start; call it inside ``use_data_root(run / "data")``."""
    recipe = load_recipe("nano")
    prepare(recipe)
    import torch

    torch.set_num_threads(1)
    modes, _ = load_modes(options.run / "modes" / MODES)
    return Start(options.run, select(options.tasks), modes, recipe.rl)


def held_out(
    start: Start, model: Any, tokenizer: Any, rows: int, seed: int = 0
) -> dict[str, dict[str, list[float]]]:
    """Return task -> ``reward`` and ``correct`` of its first test rows, in a fixed order."""
    backend = TransformersBackend("benchmark", model=model, tokenizer=tokenizer)
    results = evaluate(
        start.tasks, backend, split=Split.TEST, mode=start.modes, limit=rows, seed=seed
    )
    return {
        task.name: {
            "reward": [task.reward(o) or 0.0 for o in results[task.name].outcomes],
            "correct": [float(o.correct) for o in results[task.name].outcomes],
        }
        for task in start.tasks
    }


def mean(scores: dict[str, dict[str, list[float]]], name: str) -> float:
    """Return the mean over the tasks, each counting the same."""
    return float(np.mean([np.mean(own[name]) for own in scores.values()]))


def paired(
    ours: Sequence[dict[str, dict[str, list[float]]]],
    others: Sequence[dict[str, dict[str, list[float]]]],
    name: str,
    resamples: int = 2000,
) -> tuple[float, float, float]:
    """Return the mean difference over seeds, tasks and rows, and its 95 % bootstrap interval.

    Rows are drawn anew in each task, the same ones for both sides and all seeds, and seeds too.
    """
    random = np.random.default_rng(0)
    difference = [
        np.array(
            [np.array(a[t][name]) - np.array(b[t][name]) for a, b in zip(ours, others, strict=True)]
        )
        for t in ours[0]
    ]  # task -> (seeds, rows)
    drawn = []
    for _ in range(resamples):
        seeds = random.integers(0, len(ours), len(ours))
        drawn.append(
            np.mean(
                [d[seeds][:, random.integers(0, d.shape[1], d.shape[1])].mean() for d in difference]
            )
        )
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(np.mean([d.mean() for d in difference])), float(low), float(high)
