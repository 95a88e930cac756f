"""Judging lots in several processes: results in order, memory bounded, a crash costs one row."""

from __future__ import annotations

import os
import runpy
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from scireasoner.evaluation.judging import Lot, judge_lot, lost
from scireasoner.evaluation.spill import Judged
from scireasoner.rewards.pool import Limits, Lost, Pool
from scireasoner.settings import ENVIRONMENT, data_roots
from scireasoner.tasks.registry import all_tasks

_LOT_S = 10.0
_PREDICTION_S = 0.5


def in_order(lots: Iterable[Lot], workers: int, files: Sequence[str] = ()) -> Iterator[Judged]:
    """Yield the judgement of each lot in the order of the lots.

    The predictions of a lot that kills its process are judged one by one; the one that does it
    becomes our own failure (``TOOL_FAILED``, with the cause), and nothing else is lost.

    Parameters
    ----------
    workers : processes; 1 judges in this one.
    files : Python files that register tasks, run by each process.
    """
    if workers <= 1:
        yield from map(judge_lot, lots)
        return
    prepare = partial(_prepare, tuple(files), tuple(map(str, data_roots())))
    with Pool(
        judge_lot, workers, prepare=prepare, limits=Limits(deadline=_seconds), batch=1
    ) as pool:
        yield from _judged(pool, lots)


def _judged(pool: Pool[Lot, Judged], lots: Iterable[Lot]) -> Iterator[Judged]:
    drawn: deque[Lot] = deque()
    for made in pool.imap(_noted(lots, drawn)):
        lot = drawn.popleft()
        if not isinstance(made, Lost):
            yield made
        elif len(lot.rows) == 1:
            yield lost(lot, str(made))
        else:
            yield from _judged(pool, (Lot(lot.task, (row,)) for row in lot.rows))


def _noted(lots: Iterable[Lot], drawn: deque[Lot]) -> Iterator[Lot]:
    """Pass lots on and keep those whose result is still to come."""
    for lot in lots:
        drawn.append(lot)
        yield lot


def _seconds(lot: Lot) -> float:
    return _LOT_S + _PREDICTION_S * len(lot.rows)


def _prepare(files: Sequence[str], roots: Sequence[str]) -> None:
    """Give the judging processes the data roots of this one and all tasks, the user's too."""
    os.environ[ENVIRONMENT] = os.pathsep.join(roots)
    all_tasks()
    for file in files:
        runpy.run_path(file)
