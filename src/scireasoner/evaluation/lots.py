"""Judging in several processes: results in order, memory bounded, a crash costs one row."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from scireasoner.errors import JudgeError
from scireasoner.evaluation.judging import Lot, judge_lot, lost
from scireasoner.evaluation.rating import Rated, Rating, rate
from scireasoner.evaluation.spill import Judged
from scireasoner.rewards.pool import Limits, Pool
from scireasoner.tasks.elsewhere import preparation

_LOT_S = 10.0
_PREDICTION_S = 0.5
_RATING_S = 3_600.0


class Judges:
    """Who judges lots and estimates metrics: processes, or this one.

    Parameters
    ----------
    workers : processes; 1 works in this one.
    files : Python files that register tasks, run by each process.
    """

    def __init__(self, workers: int, files: Sequence[str] = ()) -> None:
        self._pool: Pool[Lot | Rating, Judged | Rated] | None = None
        if workers > 1:
            limits = Limits(deadline=_seconds)
            self._pool = Pool(_done, workers, prepare=preparation(files), limits=limits, batch=1)

    def __enter__(self) -> Judges:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.close()

    def judged(self, lots: Iterable[Lot]) -> Iterator[Judged]:
        """Yield the judgement of each lot in the order of the lots.

        The predictions of a lot that kills its process are judged one by one; the one that does
        it becomes our own failure (``TOOL_FAILED``, with the cause), and nothing else is lost.
        """
        if self._pool is None:
            yield from map(judge_lot, lots)
            return
        drawn: deque[Lot] = deque()
        for made in self._pool.imap(_noted(lots, drawn)):
            lot = drawn.popleft()
            if isinstance(made, Judged):
                yield made
            elif len(lot.rows) == 1:
                yield lost(lot, str(made))
            else:
                yield from self.judged(Lot(lot.task, (row,)) for row in lot.rows)

    def rated(self, works: Sequence[Rating]) -> Iterator[Rated]:
        """Yield the score of each task, in order.

        Raises
        ------
        JudgeError : if a process ends while it estimates.
        """
        if self._pool is None:
            yield from map(rate, works)
            return
        for work, made in zip(works, self._pool.imap(works), strict=True):
            if not isinstance(made, Rated):
                raise JudgeError(f"{work.task}: its metrics could not be estimated: {made}")
            yield made


def _done(work: Lot | Rating) -> Judged | Rated:
    return judge_lot(work) if isinstance(work, Lot) else rate(work)


def _noted(lots: Iterable[Lot], drawn: deque[Lot]) -> Iterator[Lot]:
    """Pass lots on and keep those whose result is still to come."""
    for lot in lots:
        drawn.append(lot)
        yield lot


def _seconds(work: Lot | Rating) -> float:
    return _LOT_S + _PREDICTION_S * len(work.rows) if isinstance(work, Lot) else _RATING_S
