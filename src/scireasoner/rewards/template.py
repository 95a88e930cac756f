"""The caller's handle on the template: starting it, forking workers, reaping them, ending all."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from time import clock_gettime
from typing import Any

from scireasoner.errors import JudgeError
from scireasoner.rewards import worker
from scireasoner.rewards.worker import COMMAND, DONE, HEADER, KILL, REPLY, WAIT

MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What an item may cost.

    Parameters
    ----------
    deadline : seconds of wall time an item, or a function that gives them for an item. Where the
        machine is too busy to run a worker it may last longer, up to nine times: until the item
        had this much CPU time or sleeps.
    memory : bytes that a worker may allocate on top of what it has after its start-up. A worker
        that keeps more than half of it between items is replaced, so an item has at least half.
    start : seconds that the start-up hook may take.
    """

    deadline: float | Callable[[Any], float] = 10.0
    memory: int = 2048 * MIB
    start: float = 120.0

    def seconds(self, item: Any) -> float:
        """Return the seconds that an item may take."""
        return self.deadline(item) if callable(self.deadline) else self.deadline


class Template:
    """The process that forks workers and reaps them."""

    def __init__(self, work: bytes, shared: worker.Shared, limits: Limits) -> None:
        self.control, theirs = socket.socketpair()
        # Forking takes milliseconds; its replies are read when they are needed.
        self._due: deque[int] = deque()
        self._pids: dict[int, int] = {}
        arguments = (theirs, shared, work, limits.memory, os.getpid())
        self.process = get_context("spawn").Process(
            target=worker.template, args=arguments, name="scireasoner-pool", daemon=True
        )
        try:
            self.process.start()
            theirs.close()
            self.size = self._ready(limits.start)
        except BaseException:
            theirs.close()
            self.close()
            raise

    def _ready(self, patience: float) -> int:
        """Wait for the end of the start-up; return the template's resident memory in bytes."""
        self.control.settimeout(patience)
        try:
            kind, size = HEADER.unpack(self._received(HEADER.size))
            answer = pickle.loads(self._received(size))
        except TimeoutError:
            raise JudgeError(
                f"the workers' start-up took longer than {patience:g} s: raise the limit, or look "
                "for what hangs in the start-up hook"
            ) from None
        except (EOFError, ConnectionResetError):
            self.process.join(1)
            raise JudgeError(
                f"the workers' process ended during start-up ({ending(self.process.exitcode)}); "
                "what it wrote to the standard error stands above, and the start-up hook is what "
                "to look at"
            ) from None
        self.control.settimeout(None)
        if kind == DONE:
            return int(answer)
        raise answer.error()

    def _received(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            piece = self.control.recv(size - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data

    def hire(self, place: int) -> socket.socket:
        """Have a worker forked; return our end of its channel, which takes work at once."""
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self.control, [COMMAND.pack(place, 0)], [theirs.fileno()])
        ours.setblocking(False)
        self._due.append(place)
        return ours

    def pid(self, place: int) -> int:
        """Return the process id of the last worker hired for a place, waiting for its birth."""
        while self._due:
            self._pids[self._due.popleft()] = REPLY.unpack(self._received(REPLY.size))[0]
        return self._pids[place]

    def end(self, place: int, kill: bool) -> tuple[int, int]:
        """Wait for the end of a worker; return its exit code (as of subprocess) and peak KiB."""
        self.control.sendall(COMMAND.pack(KILL if kill else WAIT, self.pid(place)))
        status, peak = REPLY.unpack(self._received(REPLY.size))
        return os.waitstatus_to_exitcode(status), peak

    def close(self) -> None:
        """End the template; its workers end with it."""
        if self.process.pid is not None:
            self.process.kill()
            self.process.join()
        self.control.close()


def ending(code: int | None) -> str:
    """Name a signal or an exit code."""
    if code is None:
        return "still running"
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


def owed(pid: int, until: float) -> float:
    """Return the seconds of CPU time that a process waits for; 0 if it waits for anything else.

    Parameters
    ----------
    until : its CPU time in seconds at which it has had its share.
    """
    if sys.platform != "linux":
        return 0.0
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        # The CPU clock of another process, as clock_getcpuclockid(3) numbers it.
        used = clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0
    return max(0.0, until - used) if state in ("R", "D") else 0.0
