"""Judging in processes of their own: what hangs, crashes or eats memory costs one item.

Tools read what models write, and some inputs kill them. A :class:`Pool` runs a function over items
in worker processes. An item that kills its worker becomes :class:`Lost`; every other result is what
a run without it would give, in the same order, for any number of workers.
"""

from __future__ import annotations

import pickle
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from types import TracebackType
from typing import Generic, TypeVar

from scireasoner.rewards.crew import PENDING, Cause, Crew, Lost, Ticket
from scireasoner.rewards.raised import Raised
from scireasoner.rewards.template import Limits

__all__ = ["Cause", "Limits", "Lost", "Pool"]

T = TypeVar("T")
R = TypeVar("R")

_AHEAD, _AROUND = 4, 32
"""Batches a worker that are drawn ahead; and those while one item keeps all others waiting."""


class Pool(Generic[T, R]):
    """Worker processes that survive their items. Used by one thread at a time.

    Parameters
    ----------
    function : what is done with each item; it, the items and the results must be picklable, and
        the same item must give the same result.
    workers : processes. 0 runs the function in this process, without any protection.
    prepare : run once before the first item, in the process from which all workers are forked:
        imports, caches, registrations. It must leave no thread running.
    limits : what an item may cost.
    batch : items that travel together; a worker holds two batches at most.

    Examples
    --------
    >>> with Pool(len, workers=0) as pool:
    ...     list(pool.imap(["CCO", "C"]))
    [3, 1]
    """

    def __init__(
        self,
        function: Callable[[T], R],
        workers: int = 1,
        *,
        prepare: Callable[[], object] | None = None,
        limits: Limits | None = None,
        batch: int = 32,
    ) -> None:
        if workers < 0 or batch < 1:
            raise ValueError(f"workers >= 0 and batch >= 1 were expected, {workers}, {batch} came")
        self.function, self.prepare = function, prepare
        self.workers, self.batch = workers, batch
        self.limits = limits or Limits()
        self._crew: Crew | None = None
        self._prepared = False

    def __enter__(self) -> Pool[T, R]:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all worker processes; the pool starts new ones if it is used again."""
        crew, self._crew = self._crew, None
        if crew is not None:
            crew.close()

    def imap(self, items: Iterable[T]) -> Iterator[R | Lost]:
        """Yield the result of each item, or how it was lost, in the order of the items.

        Items are drawn a few batches ahead, some more while one of them hangs, so they may be
        endless. The processes stay for the next call; closing the iterator before its end ends
        them.

        Raises
        ------
        JudgeError : if workers cannot be started, or die again and again without an item.
        Exception : what the function or the start-up hook raised, the worker's traceback in its
            notes; from the function at the item's turn.
        """
        if self.workers == 0:
            yield from self._here(items)
            return
        crew = self._started()
        unit, source, more = self.batch * self.workers, iter(items), True
        flying: deque[Ticket] = deque()
        try:
            while more or flying:
                pending = bool(flying) and flying[0].answer is PENDING
                # The others work on while the first answer is awaited, be it a whole deadline.
                ahead = _AROUND if pending and not crew.waiting else _AHEAD
                room = ahead * unit - len(flying)
                if more and room >= self.batch:
                    fresh = [Ticket(item) for item in islice(source, min(room, _AHEAD * unit))]
                    more = bool(fresh)
                    flying.extend(fresh)
                    crew.waiting.extend(fresh)
                    # Workers must not run dry while answers that are here are taken one by one.
                    crew.pump(wait=False)
                    continue
                if pending:
                    crew.pump()
                    continue
                answer = flying.popleft().answer
                if type(answer) is Raised:
                    raise answer.error()
                yield answer
        except BaseException:
            # Also where the caller stops early: nothing runs on for results that nobody takes.
            self.close()
            raise

    def _here(self, items: Iterable[T]) -> Iterator[R]:
        if self.prepare is not None and not self._prepared:
            self.prepare()
        self._prepared = True
        yield from map(self.function, items)

    def _started(self) -> Crew:
        if self._crew is None or self._crew.closed:
            work = pickle.dumps((self.function, self.prepare))
            self._crew = Crew(work, self.workers, self.limits, self.batch)
            # A pool that is forgotten leaves no processes.
            weakref.finalize(self, self._crew.close)
        return self._crew
