"""The caller's side of the pool: who works at what, who died of what, who takes over."""

from __future__ import annotations

import os
import pickle
import selectors
import signal
import socket
from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing import RawArray
from time import monotonic
from typing import Any

from scireasoner.errors import JudgeError
from scireasoner.rewards.template import MIB, Limits, Template, ending, owed
from scireasoner.rewards.worker import BOX, HEADER, MEMORY, SLOTS

PENDING = object()
_PIECE = 1 << 18
_STRIKES = 3
_LOOK_S = (0.005, 0.25)
_PATIENCE = 8


class Cause(StrEnum):
    """What became of an item that was lost."""

    CRASH = "crash"
    TIMEOUT = "timeout"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class Lost:
    """In place of the result of an item that hung, crashed or ate its worker's memory.

    Parameters
    ----------
    detail : the signal's name, the exit code, or the limit that was passed.
    """

    cause: Cause
    detail: str

    def __str__(self) -> str:
        return f"{self.cause}: {self.detail}"


class Ticket:
    """An item and, in time, what came of it."""

    __slots__ = ("answer", "item")

    def __init__(self, item: Any) -> None:
        self.item = item
        self.answer: Any = PENDING


class _Worker:
    __slots__ = ("channel", "done", "events", "got", "out", "place", "tickets")

    def __init__(self, place: int, channel: socket.socket) -> None:
        self.place, self.channel = place, channel
        self.tickets: deque[Ticket] = deque()
        self.out, self.got = bytearray(), bytearray()
        self.done, self.events = 0, selectors.EVENT_READ


class Crew:
    """Workers, the items that wait for them, and the supervision of both."""

    def __init__(self, work: bytes, workers: int, limits: Limits, batch: int) -> None:
        self.limits, self.batch, self.closed = limits, batch, False
        self.waiting: deque[Ticket] = deque()
        self._work, self._strikes, self._look_at = work, 0, 0.0
        self._owner = os.getpid()
        self._slots = RawArray("d", SLOTS * workers)
        self._boxes = RawArray("B", BOX * workers)
        self._places: list[_Worker | None] = [None] * workers
        self._selector = selectors.DefaultSelector()
        self._template = Template(work, (self._slots, self._boxes), limits)

    def pump(self, wait: bool = True) -> None:
        """Hand out work, hear what is done, and see to the dead and the overdue."""
        if self.closed:
            raise RuntimeError("the pool was closed while results were awaited")
        try:
            self._feed()
            patience = max(0.0, self._look_at - monotonic()) if wait else 0.0
            for key, events in self._selector.select(patience):
                if events & selectors.EVENT_WRITE:
                    self._flush(key.data)
                if events & selectors.EVENT_READ and not self._hear(key.data):
                    self._bury(key.data)
            if monotonic() >= self._look_at:
                self._watch()
        except (EOFError, ConnectionError):
            self._start_again()

    def close(self) -> None:
        """End all processes; what is not done stays undone."""
        # A forked copy of the caller must not end what is not its own.
        if not self.closed and os.getpid() == self._owner:
            self.closed = True
            self._template.close()
            for worker in filter(None, self._places):
                worker.channel.close()
            self._selector.close()

    def _feed(self) -> None:
        """Keep a batch at each worker beside the one it is at."""
        size = min(self.batch, -(-len(self.waiting) // len(self._places)))
        for place, worker in enumerate(self._places):
            if not self.waiting:
                return
            if worker is None:
                worker = self._places[place] = _Worker(place, self._template.hire(place))
                self._selector.register(worker.channel, worker.events, worker)
            if len(worker.tickets) <= self.batch:
                given = [self.waiting.popleft() for _ in range(min(size, len(self.waiting)))]
                worker.tickets.extend(given)
                worker.out += pickle.dumps([t.item for t in given], pickle.HIGHEST_PROTOCOL)
                self._flush(worker)

    def _flush(self, worker: _Worker) -> None:
        """Send what the channel takes; a worker that does not read must not stop us."""
        try:
            while worker.out:
                del worker.out[: worker.channel.send(worker.out)]
        except BlockingIOError:
            pass
        except ConnectionError:
            worker.out.clear()  # it is dead, which reading will tell
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if worker.out else 0)
        if events != worker.events:
            worker.events = events
            self._selector.modify(worker.channel, events, worker)

    def _hear(self, worker: _Worker, dead: bool = False) -> bool:
        """Take the answers that have come; False if no more can come."""
        try:
            piece = worker.channel.recv(_PIECE)
        except BlockingIOError:
            # What it started may hold the channel open after its death.
            return not dead
        except ConnectionError:
            return False
        worker.got += piece
        self._take(worker)
        return bool(piece)

    def _take(self, worker: _Worker) -> None:
        """Give the tickets of a worker the answers that are whole."""
        got, start = worker.got, 0
        while len(got) - start >= HEADER.size:
            kind, size = HEADER.unpack_from(got, start)
            body = start + HEADER.size
            if len(got) < body + size:
                break
            start = body + size
            worker.done += 1
            self._strikes = 0
            worker.tickets.popleft().answer = self._answer(kind, got[body:start])
        del got[:start]

    def _answer(self, kind: int, body: bytearray) -> Any:
        if kind == MEMORY:
            return self._too_large()
        return pickle.loads(body)

    def _too_large(self) -> Lost:
        return Lost(Cause.MEMORY, f"more than {self.limits.memory // MIB} MiB")

    def _watch(self) -> None:
        """End the workers whose item is overdue, and set the time of the next look."""
        now = monotonic()
        left = _LOOK_S[1]
        for worker in filter(None, list(self._places)):
            # The number is read before the time: what moves on in between looks younger.
            at = SLOTS * worker.place
            number, since, before = self._slots[at : at + 3]
            ahead = int(number) - worker.done - 1 if number else 0
            if ahead < 0 or ahead >= len(worker.tickets):
                continue
            allowed = self.limits.seconds(worker.tickets[ahead].item)
            remaining = allowed - (now - since if number else 0.0)
            if -_PATIENCE * allowed < remaining < 0:
                remaining = owed(self._template.pid(worker.place), before + allowed) or remaining
            if remaining < 0:
                self._bury(worker, (number, Lost(Cause.TIMEOUT, f"more than {allowed:g} s")))
            else:
                left = min(left, remaining)
        self._look_at = now + max(left, _LOOK_S[0])

    def _bury(self, worker: _Worker, overdue: tuple[float, Lost] | None = None) -> None:
        """Reap a worker, blame the item that it was at, and hand the others to its successor."""
        code, peak = self._template.end(worker.place, kill=overdue is not None)
        while self._hear(worker, dead=True):
            pass
        at, box = SLOTS * worker.place, BOX * worker.place
        worker.got += bytes(self._boxes[box : box + int(self._slots[at + 3])])
        self._take(worker)
        self._selector.unregister(worker.channel)
        worker.channel.close()
        self._places[worker.place] = None
        number = self._slots[at]
        self._slots[at] = self._slots[at + 3] = 0.0
        if number == worker.done + 1:
            # It may have gone on to the next item before the blow fell; that one is innocent.
            if overdue is None or number == overdue[0]:
                # One that was dead before the blow fell did not hang, it crashed.
                hung = overdue is not None and code == -signal.SIGKILL
                lost = overdue[1] if overdue and hung else self._verdict(code, peak)
                worker.tickets.popleft().answer = lost
        elif overdue is None and not worker.done:
            self._strike(f"workers end before their first item ({ending(code)})")
        self.waiting.extendleft(reversed(worker.tickets))

    def _verdict(self, code: int, peak: int) -> Lost:
        """Say what a worker died of that nobody here killed."""
        if code == -signal.SIGKILL:
            return Lost(Cause.MEMORY, "killed from outside, as by a kernel that is out of memory")
        # C++ that gets no memory aborts; a process near its limit died of that.
        if peak * 1024 - self._template.size > 0.8 * self.limits.memory:
            return self._too_large()
        return Lost(Cause.CRASH, ending(code))

    def _strike(self, what: str) -> None:
        self._strikes += 1
        if self._strikes >= _STRIKES:
            raise JudgeError(
                f"{what}, {_STRIKES} times in a row: nothing can be judged; see the standard "
                "error above, and whether the machine is out of memory or processes"
            )

    def _start_again(self) -> None:
        """Replace a template that died, and all its workers, who died with it."""
        self._template.close()
        self._strike(f"the workers' template died ({ending(self._template.process.exitcode)})")
        for place, worker in enumerate(self._places):
            if worker is not None:
                self._selector.unregister(worker.channel)
                worker.channel.close()
                self.waiting.extendleft(reversed(worker.tickets))
                self._places[place] = None
        self._slots[:] = [0.0] * len(self._slots)
        self._template = Template(self._work, (self._slots, self._boxes), self.limits)
