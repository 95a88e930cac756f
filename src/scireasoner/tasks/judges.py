"""Where completions are judged: in this process, or by supervised workers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scireasoner.tasks.elsewhere import preparation
from scireasoner.tasks.registry import get
from scireasoner.tasks.rewarding import Rewarded
from scireasoner.types import Completion, Fault, Mode, Outcome, Sample

if TYPE_CHECKING:
    from scireasoner.rewards.pool import Pool

_BATCH = 8  # a request of a few rows should keep every worker busy


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to judge, as it travels to a worker."""

    task: str
    sample: Sample
    completion: Completion
    mode: Mode | None


Judging = Callable[[Sequence[Item]], list[Rewarded]]


def judged(item: Item) -> Rewarded:
    """Judge one item in this process."""
    return get(item.task).rewarded(item.sample, item.completion, item.mode)


class Judges:
    """Judges items in order; callers take turns.

    Parameters
    ----------
    workers : processes, each with a deadline for an item and a limit of memory; an item that
        hangs, crashes or eats its worker's memory is ``TOOL_FAILED``, and nothing else is lost.
        0 judges in this process, without any such protection.
    files : Python files that register tasks of the user's own, run by each process.
    deadline : seconds that an item may take; None takes the pool's own.
    """

    def __init__(
        self, workers: int = 0, files: Sequence[str] = (), deadline: float | None = None
    ) -> None:
        self.restarts = 0
        self._turn = threading.Lock()
        self._pool: Pool[Item, Rewarded] | None = None
        if workers:
            from scireasoner.rewards.pool import Limits, Pool

            limits = None if deadline is None else Limits(deadline=deadline)
            prepare = preparation(files)
            self._pool = Pool(judged, workers, prepare=prepare, limits=limits, batch=_BATCH)

    def __call__(self, items: Sequence[Item]) -> list[Rewarded]:
        """Return the judgement of each item."""
        # Neither the pool nor the scientific tools make a promise about threads.
        with self._turn:
            if self._pool is None:
                return [judged(item) for item in items]
            return [
                found if isinstance(found, Rewarded) else self._lost(item, str(found))
                for item, found in zip(items, self._pool.imap(items), strict=True)
            ]

    def _lost(self, item: Item, cause: str) -> Rewarded:
        self.restarts += 1
        fault = Fault.TOOL_FAILED
        outcome = Outcome(item.sample.id, None, None, 0.0, False, fault, item.completion.tokens)
        return Rewarded(None, outcome, {}, (), f"{fault.value}: {cause}")

    def close(self) -> None:
        """End the worker processes."""
        with self._turn:
            if self._pool is not None:
                self._pool.close()
