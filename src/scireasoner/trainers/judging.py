"""Where completions are judged: in this process, or by supervised workers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from scireasoner.settings import data_roots
from scireasoner.tasks.registry import get
from scireasoner.types import Completion, Fault, Finding, Mode, Sample

if TYPE_CHECKING:
    from scireasoner.rewards.pool import Pool

_BATCH = 8  # a request of a few rows should keep every worker busy


@dataclass(frozen=True, slots=True)
class Reward:
    """The reward of one completion.

    Parameters
    ----------
    value : in [0, 1]; None where our own tools failed, which keeps it out of the gradient.
    score : the judge's soft score in [0, 1].
    correct : the task's own hard rule.
    fault : why the completion could not be judged, or None.
    terms : correctness, constraint, format and length in [0, 1]; empty where there is a fault.
    findings : what each applicable constraint says.
    why : one sentence.
    """

    value: float | None
    score: float
    correct: bool
    fault: Fault | None
    terms: Mapping[str, float]
    findings: tuple[Finding, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to judge, as it travels to a worker."""

    task: str
    sample: Sample
    completion: Completion
    mode: Mode | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What comes back: the reward, and the answer itself where equal answers must share."""

    reward: Reward
    answer: Hashable | None = None


Judging = Callable[[Sequence[Item]], list[Judgement]]


def judged(item: Item) -> Judgement:
    """Judge one item in this process."""
    task = get(item.task)
    one = task.rewarded(item.sample, item.completion, item.mode)
    reward = Reward(
        one.value, one.score, one.correct, one.fault, dict(one.terms), one.findings, one.why
    )
    return Judgement(reward, one.outcome.value if task.open_ended else None)


class Judges:
    """Judges items in order; callers take turns.

    Parameters
    ----------
    workers : processes, each with a deadline for an item and a limit of memory; an item that
        hangs, crashes or eats its worker's memory is ``TOOL_FAILED``, and nothing else is lost.
        0 judges in this process, without any such protection.
    files : Python files that register tasks of the user's own, run by each process.
    """

    def __init__(self, workers: int = 0, files: Sequence[str] = ()) -> None:
        self.restarts = 0
        self._turn = threading.Lock()
        self._pool: Pool[Item, Judgement] | None = None
        if workers:
            from scireasoner.rewards.pool import Pool

            prepare = partial(prepared, tuple(files), tuple(map(str, data_roots())))
            self._pool = Pool(judged, workers, prepare=prepare, batch=_BATCH)

    def __call__(self, items: Sequence[Item]) -> list[Judgement]:
        """Return the judgement of each item."""
        # Neither the pool nor the scientific tools make a promise about threads.
        with self._turn:
            if self._pool is None:
                return [judged(item) for item in items]
            return [
                found if isinstance(found, Judgement) else self._lost(str(found))
                for found in self._pool.imap(items)
            ]

    def _lost(self, cause: str) -> Judgement:
        self.restarts += 1
        why = f"{Fault.TOOL_FAILED.value}: {cause}"
        return Judgement(Reward(None, 0.0, False, Fault.TOOL_FAILED, {}, (), why))

    def close(self) -> None:
        """End the worker processes."""
        with self._turn:
            if self._pool is not None:
                self._pool.close()


def prepared(files: Sequence[str], roots: Sequence[str]) -> None:
    """Give a new process the data roots of this one and every task, the user's own too."""
    import os
    import runpy

    from scireasoner.settings import ENVIRONMENT
    from scireasoner.tasks.registry import all_tasks

    os.environ[ENVIRONMENT] = os.pathsep.join(roots)
    for file in files:
        runpy.run_path(file)
    all_tasks()
