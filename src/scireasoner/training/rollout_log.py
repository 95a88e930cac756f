"""What is kept of the rollouts on disk: which questions were asked, and the best and the worst."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scireasoner.jsonl_log import JsonlLog
from scireasoner.training.rollouts import Judged

ASKED = "asked.jsonl"
SAMPLES = "rollouts.jsonl"
_MOST_TIMES = 50
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Shown:
    """A rollout that may be shown: its question's text, its own, and what the judge said."""

    question: str
    text: str
    tokens: int
    judged: Judged


class RolloutLog:
    """Two files of a training, cut back to the checkpoint where it is resumed.

    Parameters
    ----------
    out : the stage's folder.
    every : optimiser steps between samples; raised so that there are at most 50 times.
    steps : optimiser steps of the whole training.
    rank : number of the process; each writes what it asked, the first one the samples.
    """

    def __init__(self, out: Path, every: int, steps: int, rank: int = 0) -> None:
        self.every = max(1, every, math.ceil(steps / _MOST_TIMES)) if every else 0
        self.asked = JsonlLog(out / (f"asked-{rank}.jsonl" if rank else ASKED))
        self.samples = JsonlLog(out / SAMPLES) if rank == 0 else None

    def cut(self, step: int) -> None:
        """Drop what was written after a checkpoint: it will be made again."""
        for log in (self.asked, self.samples):
            if log is not None:
                log.rewrite([row for row in log.rows() if row["step"] <= step])

    def ask(self, step: int, asked: Sequence[str], kept: Sequence[str]) -> None:
        """Note the questions asked for a step, in order, and those whose groups are used."""
        self.asked.extend([{"step": step, "asked": list(asked), "kept": list(kept)}])

    def due(self, step: int, span: int) -> bool:
        """Return whether samples are to be kept of the rollouts of steps ``step`` and on.

        Parameters
        ----------
        span : optimiser steps that share one batch of rollouts.
        """
        if not self.every or self.samples is None:
            return False
        return step == 1 or step // self.every > (step - span) // self.every

    def show(self, step: int, best: Sequence[Shown], worst: Sequence[Shown]) -> None:
        """Keep rollouts with their questions."""
        if self.samples is not None:
            chosen = [("best", one) for one in best] + [("worst", one) for one in worst]
            self.samples.extend([_row(step, which, one) for which, one in chosen])


def best_and_worst(
    groups: Sequence[Sequence[Judged]], count: int
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return (group, place) of the best and of the worst rollouts, of one group one at most.

    Rollouts that our own tools failed on are neither. Of equals the first counts.
    """
    known = [
        (judged.reward, g, i)
        for g, group in enumerate(groups)
        for i, judged in enumerate(group)
        if judged.reward is not None
    ]
    down = sorted(known, key=lambda one: (-one[0], one[1], one[2]))
    up = sorted(known, key=lambda one: (one[0], one[1], one[2]))
    return list(_apart(down, count)), list(_apart(up, count))


def _apart(ranked: Sequence[tuple[float, int, int]], count: int) -> Iterator[tuple[int, int]]:
    seen: set[int] = set()
    for _, group, place in ranked:
        if len(seen) == count:
            return
        if group not in seen:
            seen.add(group)
            yield group, place


def _row(step: int, which: str, one: Shown) -> Mapping[str, Any]:
    judged = one.judged
    return {
        "step": step,
        "which": which,
        "task": judged.task,
        "question": one.question[:_LONGEST],
        "text": one.text[:_LONGEST],
        "tokens": one.tokens,
        "reward": judged.reward,
        "correct": judged.correct,
        "fault": judged.fault.value if judged.fault else None,
    }
