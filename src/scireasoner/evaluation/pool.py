"""Judging in several processes: results in order, memory bounded, a crash costs one row."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from scireasoner.evaluation.judging import Lot, lost
from scireasoner.evaluation.spill import Judged
from scireasoner.settings import ENVIRONMENT, data_roots

_AHEAD = 4


def in_order(
    judge: Callable[[Lot], Judged], lots: Iterable[Lot], workers: int, files: Sequence[str] = ()
) -> Iterator[Judged]:
    """Yield the judgement of each lot in the order of the lots.

    A lot that kills its process is judged again in halves, down to the one prediction that does
    it; that one becomes our own failure (``TOOL_FAILED``), and nothing else is lost.

    Parameters
    ----------
    workers : processes; 1 judges in this one.
    files : Python files that register tasks, run by each process.
    """
    if workers <= 1:
        yield from map(judge, lots)
        return
    yield from _Crew(judge, workers, files).run(iter(lots))


class _Crew:
    def __init__(self, judge: Callable[[Lot], Judged], workers: int, files: Sequence[str]) -> None:
        self.judge, self.workers, self.files = judge, workers, tuple(files)
        self._pool = self._hired()

    def _hired(self) -> ProcessPoolExecutor:
        return _pool(self.workers, self.files)

    def run(self, lots: Iterator[Lot]) -> Iterator[Judged]:
        """Yield the results in order with a few lots in flight."""
        flying: deque[tuple[Lot, Future[Judged]]] = deque()
        try:
            for lot in lots:
                flying.append((lot, self._submitted(lot)))
                if len(flying) >= _AHEAD * self.workers:
                    yield from self._landed(flying)
            while flying:
                yield from self._landed(flying)
        finally:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _submitted(self, lot: Lot) -> Future[Judged]:
        try:
            return self._pool.submit(self.judge, lot)
        except BrokenProcessPool:
            self._pool = self._hired()
            return self._pool.submit(self.judge, lot)

    def _landed(self, flying: deque[tuple[Lot, Future[Judged]]]) -> Iterator[Judged]:
        lot, future = flying.popleft()
        try:
            yield future.result()
        except BrokenProcessPool:
            # Every lot in flight died with the pool, and only one is to blame.
            waiting = [lot, *(other for other, _ in flying)]
            flying.clear()
            self._pool.shutdown(wait=False, cancel_futures=True)
            for other in waiting:
                yield from self._alone(other)
            self._pool = self._hired()

    def _alone(self, lot: Lot) -> Iterator[Judged]:
        """Judge a lot in a process of its own, by halves if it kills it."""
        with _pool(1, self.files) as pool:
            try:
                yield pool.submit(self.judge, lot).result()
                return
            except BrokenProcessPool:
                pass
        if len(lot.rows) == 1:
            yield lost(lot)
            return
        for half in lot.halves():
            yield from self._alone(half)


def _pool(workers: int, files: tuple[str, ...]) -> ProcessPoolExecutor:
    # A forked child would inherit the threads of libraries in an unknown state.
    return ProcessPoolExecutor(
        workers,
        get_context("spawn"),
        initializer=_prepare,
        initargs=(files, tuple(map(str, data_roots()))),
    )


def _prepare(files: Sequence[str], roots: Sequence[str]) -> None:
    """Give a new process the data roots of this one and the user's own tasks."""
    import os
    import runpy

    os.environ[ENVIRONMENT] = os.pathsep.join(roots)
    for file in files:
        runpy.run_path(file)
