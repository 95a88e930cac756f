"""A pool of processes that survives what it runs: a crash, a hang or a hog costs one item.

Chemistry and maths libraries die, loop or eat all memory on short texts that a model may write.
:class:`Pool` runs a function over such items and gives back one answer for each, in their order:
the result, or :class:`Lost` with the cause. It knows nothing of what the items are.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, Literal, Self, TypeVar

from scireasoner.errors import InputError
from scireasoner.rewards.cache import Cache
from scireasoner.rewards.crew import Batch, Crew, Slot, code_of
from scireasoner.rewards.keeper import MB, Limits
from scireasoner.rewards.worker import LOST, RAISED, Record

Item = TypeVar("Item")
Result = TypeVar("Result")

# A batch is long enough to hide its sending and short enough to share the work out evenly.
_BATCH_S = 0.02
_BATCH_ITEMS = 512
_BATCH_BYTES = 4 * MB
_GROWTH = 8
# How far items are read ahead of the result that is waited for.
_AHEAD_ITEMS = 4096
_AHEAD_BYTES = 64 * MB
# How long results are given back before idle workers are looked after again.
_TURN_S = 0.005


@dataclass(frozen=True)
class Lost:
    """An item without a result, because of what it did to its worker.

    Parameters
    ----------
    item_index : its place among the items, from 0.
    cause : it killed the worker, ran beyond the deadline, or wanted more than the memory limit.
    detail : the signal's name or the exit status; the seconds; the MB.
    """

    item_index: int
    cause: Literal["crash", "hang", "memory"]
    detail: str


class Pool(Generic[Item, Result]):
    """Worker processes that run one function; they start at the first item and work in batches.

    An item that kills its worker is tried again first in a fresh one, unless its worker was fresh:
    it may have died of what an earlier item did to its memory. A hang is not tried again.

    Results and losses are remembered by content, as far as ``cache`` goes: a text that hangs its
    tool costs a deadline once, and not each time that a model writes it. A remembered result is a
    new object each time.

    Parameters
    ----------
    function : what to do with an item; at the top level of a module, pure, and free to die.
    workers : how many; the results do not depend on it.
    deadline_s : wall seconds for one item. An item that needs a tool for the first time in its
        worker also pays for its start, so import in ``prepare``.
    memory_mb : what a worker may hold (resident, measured every 20 ms; one request for more than
        that is refused). Measured where there is ``/proc``.
    prepare : what to do once before the first item, such as imports; all workers have its effect.
        It may not leave threads or processes behind.
    cache : how many results to remember; 0 remembers none.
    key : what names the content of an item; by default all of it.

    Raises
    ------
    InputError : if the function cannot be sent to another process, or a number is out of range.
    """

    def __init__(
        self,
        function: Callable[[Item], Result],
        *,
        workers: int = 2,
        deadline_s: float = 1.0,
        memory_mb: int = 2048,
        prepare: Callable[[], None] | None = None,
        cache: int = 0,
        key: Callable[[Item], Hashable] | None = None,
    ) -> None:
        if workers < 1 or not deadline_s > 0 or memory_mb < 1 or cache < 0:
            raise InputError(
                "a pool wants workers >= 1, deadline_s > 0, memory_mb >= 1 and cache >= 0; "
                f"{workers}, {deadline_s}, {memory_mb} and {cache} came"
            )
        if not hasattr(os, "fork"):
            raise InputError("a pool needs a system with fork: Linux, macOS or WSL")
        self.workers = workers
        self._code = code_of(function, prepare)
        self._limits = Limits(deadline_s, memory_mb * MB)
        self._cache: Cache[Record] = Cache(cache)
        self._key = key
        self._crew: Crew | None = None
        self._owner = 0
        self._size = 1
        self._mapping = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all processes; what is remembered stays, and a later map starts new ones."""
        if self._crew is not None:
            self._crew.end()
            self._crew = None

    def map(self, items: Iterable[Item]) -> Iterator[Result | Lost]:
        """Yield the result of each item, in the order of the items.

        Items are read only as workers get free, and at most 4096 items or 64 MB ahead.

        Raises
        ------
        InputError : if the workers cannot start, or another map of this pool is not finished.
        JudgeError : if something outside kills the pool's own processes again and again.
        Exception : whatever ``function`` or ``prepare`` raises, with the worker's traceback as a
            note.
        """
        if self._mapping:
            raise InputError("a pool runs one map at a time: finish or close the other first")
        if self._owner != os.getpid():
            self._crew = None  # a fork of the process that has the workers
        self._mapping = True
        try:
            yield from _Map(self, items).results()
        finally:
            self._mapping = False
            if self._crew is not None:
                self._crew.forget()

    def _started(self) -> Crew:
        if self._crew is None:
            crew = Crew(self.workers, self._code, self._limits)
            try:
                crew.wait_until_ready()
            except BaseException:
                crew.end()
                raise
            self._crew, self._owner = crew, os.getpid()
        return self._crew


class _Map(Generic[Item, Result]):
    """One pass over items: what is read and not given back yet, in order."""

    def __init__(self, pool: Pool[Item, Result], items: Iterable[Item]) -> None:
        self._pool, self._items = pool, iter(items)
        self._more = True
        self._order: deque[Slot] = deque()
        self._held = 0
        self._again: deque[Batch] = deque()
        # Slots of equal content wait for one of them.
        self._open: dict[Hashable, list[Slot]] = {}

    def results(self) -> Iterator[Result | Lost]:
        """Yield the results in order."""
        index = 0
        while self._more or self._order:
            self._turn()
            end = time.monotonic() + _TURN_S
            while self._order and (record := self._order[0].record) is not None:
                self._held -= self._order.popleft().size
                yield _opened(record, index)
                index += 1
                if time.monotonic() > end:
                    break

    def _turn(self) -> None:
        """Take what is done and give out what is to do; wait if the next result is not there."""
        try:
            self._receive(wait=False)
            self._feed()
            if self._order[0].record is None if self._order else self._more:
                self._receive(wait=True)
                self._feed()
        except BaseException:
            # A message may be half read.
            self._pool.close()
            raise

    def _feed(self) -> None:
        """Give every idle keeper a batch."""
        while self._pool._crew is None or self._pool._crew.idle():
            batch = self._again.popleft() if self._again else Batch(self._read())
            if not batch.slots:
                return
            crew = self._pool._started()
            if not crew.send(crew.idle()[0], batch):
                self._start_anew()

    def _read(self) -> list[Slot]:
        """Read items up to the size of a batch; those whose result is known do not count."""
        slots: list[Slot] = []
        size = 0
        while (
            len(slots) < self._pool._size
            and size < _BATCH_BYTES
            and len(self._order) < _AHEAD_ITEMS
            and self._held < _AHEAD_BYTES
        ):
            try:
                item = next(self._items)
            except StopIteration:
                self._more = False
                break
            slot = self._slot(item)
            self._order.append(slot)
            self._held += slot.size
            if slot.payload:
                slots.append(slot)
                size += slot.size
        return slots

    def _slot(self, item: Item) -> Slot:
        pool = self._pool
        if not pool._cache.size:
            return Slot(pickle.dumps(item, pickle.HIGHEST_PROTOCOL), None)
        payload = b""
        if pool._key is None:
            payload = pickle.dumps(item, pickle.HIGHEST_PROTOCOL)
            key: Hashable = hashlib.blake2b(payload, digest_size=16).digest()
        else:
            key = pool._key(item)
        record = pool._cache.get(key)
        if record is not None:
            return Slot(b"", key, record)
        waiting = self._open.setdefault(key, [])
        slot = Slot(b"" if waiting else payload or pickle.dumps(item, pickle.HIGHEST_PROTOCOL), key)
        waiting.append(slot)
        return slot

    def _receive(self, wait: bool) -> None:
        """Take the records of the batches that are done; wait for one if asked to."""
        from multiprocessing.connection import wait as ready

        crew = self._pool._crew
        busy = crew.busy() if crew is not None else []
        if crew is None or not busy:
            if wait:
                raise InputError("the pool was closed before it had given back all results")
            return
        done = ready(busy, None if wait else 0)
        for connection in (own for own in busy if own in done):
            try:
                batch, records = crew.receive(connection)
            except (EOFError, ConnectionError):
                self._start_anew()
                return
            self._pace(batch, records)
            for slot, record in zip(batch.slots, records, strict=False):
                self._settle(slot, record)

    def _settle(self, slot: Slot, record: Record) -> None:
        """Note what became of an item and of its equals."""
        if self._pool._cache.size and record[0] != RAISED:
            self._pool._cache.put(slot.key, record)
        for same in self._open.pop(slot.key, (slot,)):
            self._held -= same.size
            same.payload, same.record = b"", record
            self._held += same.size

    def _pace(self, batch: Batch, records: list[Record]) -> None:
        """Choose the size of the next batches from the time of one in which nothing was lost."""
        whole = len(records) == len(batch.slots) > 0
        if whole and all(kind != LOST for kind, _ in records):
            fitting = int(_BATCH_S * len(records) / (time.perf_counter() - batch.since))
            most = min(_BATCH_ITEMS, _GROWTH * self._pool._size)
            self._pool._size = max(1, min(most, fitting))

    def _start_anew(self) -> None:
        """Replace the processes after something outside killed one of ours; no batch is lost."""
        crew = self._pool._crew
        if crew is not None:
            self._again += [batch for batch in crew.work.values() if batch and batch.slots]
        self._pool.close()


def _opened(record: Record, index: int) -> Any:
    """Return the result or the loss that a record holds, or raise its error."""
    kind, payload = record
    found = pickle.loads(payload)
    if kind == RAISED:
        raise found.error()
    return Lost(index, *found) if kind == LOST else found
