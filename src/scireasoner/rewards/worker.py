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
from dataclasses import dataclass
from time import monotonic, process_time, sleep
from typing import Any

HEADER = struct.Struct("<BQ")
"""Of every answer: its kind, and the bytes that follow."""
DONE, MEMORY, RAISED = range(3)
SLOTS = 3

COMMAND = struct.Struct("<qq")
"""To the template: (place, 0) with a socket forks a worker; (-1, pid) and (-2, pid) wait for the
end of one, the latter killing it first."""
WAIT, KILL = -1, -2
REPLY = struct.Struct("<qq")
"""From the template: (pid, 0), or (wait status, peak resident memory in KiB)."""

_LOOK_S = 1.0
_GRACE_S = 1.0
_PDEATHSIG = 1
# Columns of /proc/self/statm: resident pages, and private writable ones.
_RESIDENT, _WRITABLE = 1, 5
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_NOT_PICKLED = (pickle.PickleError, TypeError, AttributeError, ValueError, ImportError, EOFError)


@dataclass(frozen=True)
class Raised:
    """An exception of a worker on its way to the caller, who raises it again."""

    kind: type[BaseException]
    args: tuple[Any, ...]
    state: dict[str, Any]
    trace: str

    @classmethod
    def of(cls, error: BaseException) -> Raised:
        """Pack an exception; one that cannot travel goes as a RuntimeError with its words."""
        trace = "".join(traceback.format_exception(error))
        kind = type(error)
        # SystemExit and the like would end the caller without a word.
        if isinstance(error, Exception):
            packed = cls(kind, error.args, dict(error.__dict__), trace)
            try:
                pickle.loads(pickle.dumps(packed)).error()
            except _NOT_PICKLED:
                pass
            else:
                return packed
        return cls(RuntimeError, (f"{kind.__name__}: {error}",), {}, trace)

    def error(self) -> BaseException:
        """Return the exception, with the worker's traceback as a note."""
        # Without __init__, whose arguments need not be those of the exception.
        own = self.kind.__module__ != "builtins"
        made = self.kind.__new__(self.kind, *self.args) if own else self.kind(*self.args)
        made.__dict__.update(self.state)
        made.add_note(f"In a worker process:\n{self.trace}")
        return made


def frame(kind: int, body: bytes) -> bytes:
    """Return an answer as it travels."""
    return HEADER.pack(kind, len(body)) + body


def template(control: socket.socket, slots: Any, work: bytes, memory: int, parent: int) -> None:
    """Run the template process.

    Parameters
    ----------
    control : commands come and replies go; its end is ours.
    slots : shared doubles, three a worker: the number of the item that it is at (counted from 1
        since its start; 0 between items), and the time (monotonic, s) and the worker's CPU time
        (s) at which that began.
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
    # From here the end of the socket tells; the signal would also come at the end of the thread
    # that started us.
    _prctl(0)
    control.sendall(frame(DONE, pickle.dumps(_memory(_RESIDENT))))
    _serve(control, slots, function, memory, parent)


def _serve(
    control: socket.socket, slots: Any, function: Callable[[Any], Any], memory: int, parent: int
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
            _be_worker(channel, slots, place, function, memory, me)
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
        sleep(0.001)
    os.kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    return status, usage.ru_maxrss


def _be_worker(
    channel: socket.socket,
    slots: Any,
    place: int,
    function: Callable[[Any], Any],
    memory: int,
    parent: int,
) -> None:
    """Work until the caller closes the channel; never returns."""
    code = 1
    try:
        _die_with(parent)
        _first_to_go()
        _work(channel, slots, place, function, memory)
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


def _work(
    channel: socket.socket, slots: Any, place: int, function: Callable[[Any], Any], memory: int
) -> None:
    at = SLOTS * place
    number, base = 0, _memory(_WRITABLE)
    _limit(base + memory)
    commands = channel.makefile("rb")
    while True:
        try:
            batch = pickle.load(commands)
        except EOFError:
            return
        except Exception as error:
            channel.sendall(frame(RAISED, pickle.dumps(Raised.of(error))))
            raise SystemExit(1) from error
        for item in batch:
            number += 1
            slots[at + 1], slots[at + 2] = monotonic(), process_time()
            slots[at] = number
            body = b""
            try:
                kind, body = DONE, pickle.dumps(function(item), pickle.HIGHEST_PROTOCOL)
            except MemoryError:
                kind = MEMORY
            except BaseException as error:
                slots[at] = 0.0
                # The caller raises it again at this item's turn.
                channel.sendall(frame(RAISED, pickle.dumps(Raised.of(error))))
                raise SystemExit(1) from error
            slots[at] = 0.0
            if kind == MEMORY:
                _limit(resource.RLIM_INFINITY)
            # Each answer leaves at once: the next item may be the last.
            channel.sendall(frame(kind, body))
            if kind == MEMORY:
                return
        # What earlier items left behind must not count against later ones.
        if _memory(_WRITABLE) - base > memory // 2:
            return


def _limit(size: float) -> None:
    """Limit the private writable memory of this process, in bytes.

    Not the address space: Java and thread stacks reserve gigabytes of it that they never touch.
    """
    if sys.platform == "linux":
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        soft = hard if size == resource.RLIM_INFINITY else int(size)
        soft = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _memory(column: int) -> int:
    """Return this process's memory of a kind in bytes; 0 where it is not known."""
    if sys.platform != "linux":
        return 0
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[column]) * resource.getpagesize()


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
