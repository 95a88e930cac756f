"""The processes of the pool: a template that is prepared once, and the workers forked from it.

The template is a fresh process (spawned, never a fork of the caller with its threads and devices).
It has one thread, runs the start-up hook, and then only forks workers and reaps them, so that a
dead worker is replaced in milliseconds however long the start-up took.
"""

from __future__ import annotations

import gc
import os
import pickle
import resource
import signal
import socket
import struct
import sys
import threading
import traceback
from collections.abc import Callable
from time import monotonic, process_time, sleep
from typing import Any

from scireasoner.rewards.memory import RESIDENT, WRITABLE, allow, held, huge_pages
from scireasoner.rewards.raised import Raised

HEADER = struct.Struct("<BQ")
"""Of every answer: its kind, and the bytes that follow."""
DONE, MEMORY, RAISED = range(3)
SLOTS = 4
"""Shared doubles a worker: the number of the item that it is at (counted from 1 since its start; 0
between items), the time (monotonic, s) and the worker's CPU time (s) at which that began, and the
bytes in its box."""
BOX = 1 << 16
"""Shared bytes a worker, its box: answers that are made and not yet sent. They outlive it."""

COMMAND = struct.Struct("<qq")
"""To the template: (place, 0) with a socket forks a worker; (-1, pid) and (-2, pid) wait for the
end of one, the latter killing it first."""
WAIT, KILL = -1, -2
REPLY = struct.Struct("<qq")
"""From the template: (pid, 0), or (wait status, peak resident memory in KiB)."""

# Few large pieces cost the caller less than many small ones.
_HOLD_S = 0.02
_LOOK_S = 1.0
_GRACE_S = 1.0
Shared = tuple[Any, Any]
_PDEATHSIG = 1
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def frame(kind: int, body: bytes) -> bytes:
    """Return an answer as it travels."""
    return HEADER.pack(kind, len(body)) + body


def template(control: socket.socket, shared: Shared, work: bytes, memory: int, parent: int) -> None:
    """Run the template process.

    Parameters
    ----------
    control : commands come and replies go; its end is ours.
    shared : the slots and the boxes of all workers.
    work : the pickled function and start-up hook.
    memory : bytes that a worker may allocate on top of what the template holds.
    parent : process id of the caller.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    # A start-up hook that hangs must not outlive the caller.
    _die_with(parent)
    for name in _THREADS:
        os.environ.setdefault(name, "1")
    try:
        function, prepare = pickle.loads(work)
        if prepare is not None:
            prepare()
        if threading.active_count() > 1:
            raise RuntimeError(
                f"the start-up hook {prepare!r} left threads running, which no forked worker "
                "would have: end them in the hook, or start them with the first item"
            )
    except BaseException as error:
        control.sendall(frame(RAISED, pickle.dumps(Raised.of(error))))
        raise SystemExit(1) from error
    # Reading objects must not copy their pages in every worker.
    gc.collect()
    gc.freeze()
    huge_pages()
    # From here the end of the socket tells; the signal would also come at the end of the thread
    # that started us.
    _prctl(0)
    control.sendall(frame(DONE, pickle.dumps(held(RESIDENT))))
    try:
        _serve(control, shared, function, memory, parent)
    except ConnectionError:
        return  # the caller is gone


def _serve(
    control: socket.socket, shared: Shared, function: Callable[[Any], Any], memory: int, parent: int
) -> None:
    control.settimeout(_LOOK_S)
    while True:
        try:
            data, fds, _, _ = socket.recv_fds(control, COMMAND.size, 1)
        except TimeoutError:
            # Some other child of the caller may hold a copy of its end of the socket.
            if os.getppid() != parent:
                return
            continue
        if len(data) < COMMAND.size:
            return
        place, pid = COMMAND.unpack(data)
        if place < 0:
            control.sendall(REPLY.pack(*_ended(pid, place == KILL)))
            continue
        channel = socket.socket(fileno=fds[0])
        me = os.getpid()
        pid = os.fork()
        if pid == 0:
            control.close()
            _be_worker(_Desk(channel, shared, place), function, memory, me)
        channel.close()
        control.sendall(REPLY.pack(pid, 0))


def _ended(pid: int, kill: bool) -> tuple[int, int]:
    """Wait for the end of a worker, by force if it takes long; return its status and peak."""
    until = monotonic() + _GRACE_S
    while not kill:
        done, status, usage = os.wait4(pid, os.WNOHANG)
        if done:
            return status, usage.ru_maxrss
        kill = monotonic() > until
        sleep(0.0003)
    os.kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    return status, usage.ru_maxrss


class _Desk:
    """A worker's place: its channel, its slots and its box."""

    def __init__(self, channel: socket.socket, shared: Shared, place: int) -> None:
        self.channel, self.slots, self.at = channel, shared[0], SLOTS * place
        self.box = memoryview(shared[1]).cast("B")[BOX * place : BOX * (place + 1)]
        self.held, self.sent, self.number = 0, 0.0, 0

    def begin(self) -> None:
        """Note that the next item begins."""
        self.number += 1
        now = monotonic()
        self.slots[self.at + 1], self.slots[self.at + 2] = now, process_time()
        self.slots[self.at] = self.number

    def put(self, kind: int, body: bytes) -> None:
        """Note the end of an item and keep its answer; what is kept for long is sent."""
        # Sending may last as long as the caller does not read, and is no item's fault.
        self.slots[self.at] = 0.0
        answer = frame(kind, body)
        if self.held + len(answer) > BOX:
            self.send()
        if len(answer) > BOX:
            self.channel.sendall(answer)
            return
        end = self.held + len(answer)
        self.box[self.held : end] = answer
        self.slots[self.at + 3] = self.held = end
        if monotonic() - self.sent > _HOLD_S:
            self.send()

    def send(self) -> None:
        """Send what is in the box."""
        answers = bytes(self.box[: self.held])
        self.slots[self.at + 3] = self.held = 0
        self.channel.sendall(answers)
        self.sent = monotonic()


def _be_worker(desk: _Desk, function: Callable[[Any], Any], memory: int, parent: int) -> None:
    """Work until the caller closes the channel; never returns."""
    code = 1
    try:
        _die_with(parent)
        _first_to_go()
        _work(desk, function, memory)
        code = 0
    except (BrokenPipeError, ConnectionResetError):
        code = 0
    except SystemExit:
        pass  # what went wrong is told
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        os._exit(code)


def _work(desk: _Desk, function: Callable[[Any], Any], memory: int) -> None:
    base = held(WRITABLE)
    allow(base + memory)
    commands = desk.channel.makefile("rb")
    while True:
        try:
            batch = pickle.load(commands)
        except EOFError:
            return
        except Exception as error:
            _tell(desk, error)
            raise SystemExit(1) from error
        for item in batch:
            desk.begin()
            try:
                body = pickle.dumps(function(item), pickle.HIGHEST_PROTOCOL)
            except MemoryError:
                body = None
            except BaseException as error:
                # The caller raises it again at this item's turn.
                _tell(desk, error)
                raise SystemExit(1) from error
            if body is None:
                allow(resource.RLIM_INFINITY)
                desk.put(MEMORY, b"")
                desk.send()
                return
            desk.put(DONE, body)
        desk.send()
        # What earlier items left behind must not count against later ones.
        if held(WRITABLE) - base > memory // 2:
            return


def _tell(desk: _Desk, error: BaseException) -> None:
    desk.put(RAISED, pickle.dumps(Raised.of(error)))
    desk.send()


def _first_to_go() -> None:
    """Ask a kernel that runs out of memory to end workers before the caller."""
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("500")
    except OSError:
        return


def _die_with(parent: int) -> None:
    """Be killed when the parent ends, also if it ends by SIGKILL while we hang."""
    _prctl(signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def _prctl(number: int) -> None:
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PDEATHSIG, int(number), 0, 0, 0)
