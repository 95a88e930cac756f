"""Items that kill their worker, for the tests of the pool. Light: every worker imports it."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from pathlib import Path


def act(item: object) -> object:
    """Return the square of a number; do what a text says."""
    if isinstance(item, int):
        return item * item
    what = str(item)
    if what == "abort":
        os.abort()
    elif what == "segfault":
        ctypes.string_at(0)
    elif what == "exit":
        os._exit(3)
    elif what == "spin":
        while True:
            pass
    elif what == "sleep":
        time.sleep(60)
    elif what == "eat":
        eaten = []
        while True:
            eaten.append(b"x" * (8 << 20))
    elif what == "eat and abort":
        # As C++ does that cannot allocate.
        eaten = []
        try:
            while True:
                eaten.append(b"x" * (8 << 20))
        except MemoryError:
            os.abort()
    elif what == "raise":
        raise KeyError("our bug")
    elif what == "leave":
        sys.exit(4)
    elif what == "kill from outside":
        os.kill(os.getpid(), signal.SIGKILL)
    elif what == "kill the template":
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)
    elif what == "leave a child":
        # It holds the channel open after our death.
        if os.fork() == 0:
            time.sleep(1)
            os._exit(0)
        os.abort()
    return what


def slow(item: int) -> int:
    time.sleep(0.15)
    return item


def one_cpu() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def busy(item: int) -> int:
    """Take a tenth of a second of CPU time."""
    until = time.process_time() + 0.1
    while time.process_time() < until:
        pass
    return item


def pid(_: object) -> int:
    return os.getpid()


def keep(item: int, kept: list[bytes] = []) -> int:  # noqa: B006
    """Leave 4 MB behind with every item."""
    kept.append(b"x" * (4 << 20))
    return len(kept)


def long_text(item: int) -> str:
    return "x" * item


def awkward(item: object) -> object:
    raise Awkward("one", "two")


class Awkward(Exception):
    """An exception that plain pickle cannot bring back."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first} and {second}")
        self.first = first


class Unreadable:
    """An item that no worker can read."""

    def __reduce__(self) -> object:
        return _refuse, ()


def _refuse() -> None:
    raise ImportError("no such module there")


def die() -> None:
    os._exit(9)


def fail() -> None:
    raise RuntimeError("the tool is not here")


def hang() -> None:
    time.sleep(60)


def leave_thread() -> None:
    import threading

    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()


def note(path: str) -> None:
    with Path(path).open("a") as file:
        file.write("prepared\n")
