"""Development questions that are asked along reinforcement learning, and what is gained on them.

The rollouts of a step are of ever new questions, and too few to show a gain. Here the same rows are
asked again with the same random numbers, and each row is compared with itself before the first
step.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scireasoner.metrics import SCORE, paired_rows
from scireasoner.tasks.task import Task
from scireasoner.training.rl_config import RlConfig
from scireasoner.training.rollout_metrics import Group
from scireasoner.training.rollouts import Question
from scireasoner.training.saving import open_curve
from scireasoner.types import Mode, Split

if TYPE_CHECKING:
    from scireasoner.training.dapo_trainer import DapoTrainer

log = logging.getLogger(__name__)

DEVELOPMENT = "development.jsonl"
_FEWEST = 2  # rows that an interval needs

Shares = Mapping[str, Sequence[float | None]]
"""Task -> share of right answers of each of its rows; None where our own tools failed on all."""


def development_questions(
    tasks: Sequence[Task], modes: Mapping[str, Mode], config: RlConfig
) -> list[Question]:
    """Return the first development rows of each task that is trained on or watched."""
    wanted = [t for t in tasks if config.weight(t.name) > 0 or t.name in config.watched]
    found = []
    for task in wanted if config.dev else ():
        rows = task.samples(Split.DEV, config.dev)
        if not rows:
            log.info("%s has no development rows: its gain is not watched", task.name)
        found += [Question(task, row, modes[task.name]) for row in rows]
    return found


def gains(before: Shares, now: Shares, seed: int) -> dict[str, dict[str, float]]:
    """Return task -> ``correct`` (now), ``gain``, and its 95 % interval ``low`` to ``high``.

    The interval is the paired bootstrap's over rows. A task is left out if fewer than two of its
    rows were judged both times.
    """
    import numpy as np

    found = {}
    for task, shares in now.items():
        both = [(b, n) for b, n in zip(before[task], shares, strict=True)]
        pairs = np.array([(b, n) for b, n in both if b is not None and n is not None])
        if len(pairs) < _FEWEST:
            continue
        gain = paired_rows(SCORE, pairs[:, 1:], pairs[:, :1], 1.0, seed)
        found[task] = {
            "correct": float(pairs[:, 1].mean()),
            "gain": gain.value,
            "low": gain.low,
            "high": gain.high,
        }
    return found


class Development:
    """Asks the development rows of a training, and keeps what came of it in a file.

    Parameters
    ----------
    trainer : asks and judges; every process of a job takes part.
    rows : the questions as the trainer takes them.
    tasks : the task of each row.
    groups : questions that one process asks at once.
    every : optimiser steps between askings; ``steps`` is the last one.
    out : the stage's folder.
    seed : of the random numbers, the same at every asking.
    """

    def __init__(
        self,
        trainer: DapoTrainer,
        rows: Sequence[dict[str, Any]],
        tasks: Sequence[str],
        *,
        groups: int,
        every: int,
        steps: int,
        out: Path,
        seed: int,
    ) -> None:
        self.trainer = trainer
        self.rows = rows
        self.tasks = tasks
        self.groups = groups
        self.every = every
        self.steps = steps
        self.seed = seed
        self.kept = open_curve(out / DEVELOPMENT)

    def go_on(self, checkpoint: Path | None) -> None:
        """Drop what was written after a checkpoint, or all of it: it will be asked again."""
        step = int(checkpoint.name.rsplit("-", 1)[1]) if checkpoint else -1
        self.kept.rewrite([row for row in self.kept.rows() if row["step"] <= step])

    def due(self, step: int) -> bool:
        """Return whether the rows are asked after a step."""
        return step % self.every == 0 or step == self.steps

    def ask(self, step: int) -> dict[str, float]:
        """Ask all rows and keep the answers; return the curve's numbers (none before step 1)."""
        import torch

        # Of a machine's GPUs this process touches its own alone.
        own = [torch.cuda.current_device()] if torch.cuda.is_available() else []
        with torch.random.fork_rng(own):
            torch.manual_seed(self.seed)
            shares = self._shares()
        first = next((row["shares"] for row in self.kept.rows()), shares)
        found = gains(first, shares, self.seed)
        self.kept.extend([{"step": step, "shares": shares, "gains": found}])
        if not step:
            return {}
        return {f"dev/{t}/{name}": value for t, own in found.items() for name, value in own.items()}

    def _shares(self) -> dict[str, list[float | None]]:
        """Return the shares of right answers, task by task in the order of the rows."""
        from accelerate.utils import gather_object

        rank, world = self.trainer.stream.rank, self.trainer.stream.world
        turns = math.ceil(math.ceil(len(self.rows) / world) / self.groups)
        own = range(rank, len(self.rows), world)
        told: list[tuple[int, float | None]] = []
        for turn in range(turns):
            # Sharded models generate together: a process that has no row left asks one again.
            places = own[turn * self.groups : (turn + 1) * self.groups] or range(1)
            groups = self.trainer.roll_out([self.rows[place] for place in places])
            told += [(place, _right(g)) for place, g in zip(places, groups, strict=True)]
        by_place = dict(gather_object(told))
        shares: dict[str, list[float | None]] = {}
        for place, task in enumerate(self.tasks):
            shares.setdefault(task, []).append(by_place[place])
        return shares


def _right(group: Group) -> float | None:
    known = [judged.correct for judged in group.judged if judged.reward is not None]
    return sum(known) / len(known) if known else None


def watch_development(development: Development) -> None:
    """Have the rows asked along the training, and their gains put into the curve."""
    from transformers import TrainerCallback

    class Ask(TrainerCallback):
        """Asks at the beginning, after every so many steps, and at the end."""

        def __init__(self) -> None:
            self.told: dict[str, float] = {}

        def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            if not state.global_step:
                development.ask(0)

        def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            if development.due(state.global_step):
                self.told = development.ask(state.global_step)
                control.should_log = True

        def on_log(
            self, args: Any, state: Any, control: Any, logs: Any = None, **kwargs: Any
        ) -> None:
            if logs is not None:
                logs |= self.told
                self.told = {}

    # Before whoever reads the points: the curve, the warnings, a tracker.
    development.trainer.callback_handler.callbacks.insert(0, Ask())
