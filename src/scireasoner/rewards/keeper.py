"""The process that minds one worker of the pool.

It gives its worker a batch, watches how far it gets, ends it at a deadline or at the memory limit
and forks the next. Neither a caller that is busy nor a C library that holds the interpreter can
stop that watch.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from scireasoner.rewards.worker import LOST, RAISED, RESULT, Record, collected, memory_file, work

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

MB = 2**20
IDLE_S = 1.0
_LONGEST_TICK_S = 0.02
# A worker that has grown by this share of what it may grow by is replaced between two batches,
# so that what leaks is not blamed on the item that happens to cross the limit.
_GROWN = 0.5


@dataclass(frozen=True)
class Limits:
    """What one item may cost: wall seconds, and resident bytes of its worker."""

    deadline_s: float
    memory: int


def memory_of(pid: int) -> tuple[int, int]:
    """Return what a process holds and what it may write to, in bytes; zeros without ``/proc``."""
    try:
        with open(f"/proc/{pid}/statm", "rb") as file:
            pages = file.read().split()
    except OSError:
        return 0, 0
    size = os.sysconf("SC_PAGE_SIZE")
    return int(pages[1]) * size, int(pages[5]) * size


def fork(run: Callable[[], None]) -> int:
    """Fork a process that does this and nothing after it; return its id."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        run()
        status = 0
    except Exception:
        traceback.print_exc()
        raise
    finally:
        os._exit(status)


def keep(
    own: Connection,
    others: Sequence[Connection],
    function: Callable[[Any], Any],
    limits: Limits,
) -> None:
    """Mind a worker until the caller or the nursery is gone."""
    for connection in others:
        connection.close()
    keeper = _Keeper(own, function, limits)
    try:
        keeper.serve()
    finally:
        keeper.end()


@dataclass(frozen=True)
class _End:
    """Why a worker ended, how long its results were then, and whether it was us who killed it."""

    cause: str
    detail: str
    length: int
    killed: bool


class _Worker:
    """A keeper's hold on its worker."""

    def __init__(self, pid: int, pipe: Connection) -> None:
        self.pid, self.pipe = pid, pipe
        self.items = 0
        self._ended: tuple[int, int] | None = None
        # It says when it is ready. If it dies before, that is our bug, and nothing goes on.
        pipe.recv_bytes()
        self.held = memory_of(pid)[0]

    def dead(self) -> bool:
        """Whether it has died; a process that it forked may hold its pipe open."""
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self.pid, flags) is not None

    def end(self) -> tuple[int, int]:
        """Kill it if it lives; return its exit code (-n for signal n) and its peak in bytes."""
        if self._ended is None:
            os.kill(self.pid, signal.SIGKILL)
            _, status, usage = os.wait4(self.pid, 0)
            self.pipe.close()
            peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
            self._ended = os.waitstatus_to_exitcode(status), peak
        return self._ended


class _Keeper:
    """Serves batches by a worker that may die at any item of them."""

    def __init__(self, caller: Connection, function: Callable[[Any], Any], limits: Limits) -> None:
        self.caller, self.function, self.limits = caller, function, limits
        self.tick_s = min(_LONGEST_TICK_S, limits.deadline_s / 10)
        self.results = memory_file()
        self.worker: _Worker | None = None
        self._nursery = os.getppid()

    def serve(self) -> None:
        """Answer every batch (a list of pickled items) by a list of records, until the end."""
        while os.getppid() == self._nursery:
            try:
                if self.caller.poll(IDLE_S):
                    self.caller.send(self._judged(self.caller.recv()))
            except (EOFError, ConnectionError):
                return

    def end(self) -> None:
        """End the worker."""
        if self.worker is not None:
            self.worker.end()
            self.worker = None

    def _judged(self, items: list[bytes]) -> list[Record]:
        """Return a record for each item; after one that raised, none follow."""
        records: list[Record] = []
        while len(records) < len(items):
            worker = self.worker or self._hired()
            end = self._watched(worker, items[len(records) :])
            done, length = collected(self.results)
            records += done
            worker.items += len(done)
            if end is None:
                self._retire_if_grown(worker)
                continue
            self.worker = None
            last = done[-1][0] if done else RESULT
            if last == RAISED:
                break
            if last == LOST or length > end.length:
                # It told its own end, or came through its item just before the blow.
                continue
            # An earlier item may have broken a worker that died by itself: a new one decides.
            if end.killed or worker.items == 0:
                records.append((LOST, pickle.dumps((end.cause, end.detail))))
        return records

    def _hired(self) -> _Worker:
        from multiprocessing import Pipe

        mine, theirs = Pipe()
        pid = fork(partial(self._become_worker, mine, theirs))
        theirs.close()
        self.worker = _Worker(pid, mine)
        return self.worker

    def _become_worker(self, mine: Connection, theirs: Connection) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        mine.close()
        self.caller.close()
        self._refuse_large_requests()
        work(theirs, self.results, self.function)

    def _refuse_large_requests(self) -> None:
        """Let one request for more than the limit fail, before the time is spent on filling it."""
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        most = memory_of(os.getpid())[1] + self.limits.memory
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))

    def _retire_if_grown(self, worker: _Worker) -> None:
        if memory_of(worker.pid)[0] - worker.held > _GROWN * (self.limits.memory - worker.held):
            self.end()

    def _watched(self, worker: _Worker, items: list[bytes]) -> _End | None:
        """Return None when the worker has done all of these, or why it ended."""
        length, waited, before = 0, 0.0, time.monotonic()
        try:
            worker.pipe.send(items)
            while not worker.pipe.poll(self.tick_s):
                if os.getppid() != self._nursery:
                    raise SystemExit(1)
                if worker.dead():
                    return self._died(worker)
                now, new = time.monotonic(), os.fstat(self.results).st_size
                # A machine that stood still for a while must not cost a good item.
                waited = waited + min(now - before, 2 * self.tick_s) if new == length else 0.0
                length, before = new, now
                held, _ = memory_of(worker.pid)
                if held >= self.limits.memory:
                    worker.end()
                    return _End("memory", f"{held // MB} MB", length, True)
                if waited >= self.limits.deadline_s:
                    worker.end()
                    return _End("hang", f"{self.limits.deadline_s:g} s", length, True)
            worker.pipe.recv_bytes()
        except (EOFError, ConnectionError):
            return self._died(worker)
        return None

    def _died(self, worker: _Worker) -> _End:
        code, peak = worker.end()
        length = os.fstat(self.results).st_size
        if peak >= 0.9 * self.limits.memory:
            return _End("memory", f"{peak // MB} MB", length, False)
        return _End("crash", _ending(code), length, False)


def _ending(code: int) -> str:
    """Return a word for an exit code, the name of the signal if it was one."""
    if code >= 0:
        return f"exit status {code}"
    known = {s.value: s.name for s in signal.Signals}
    return known.get(-code, f"signal {-code}")
