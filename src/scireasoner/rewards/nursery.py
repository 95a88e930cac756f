"""The process from which the pool's others are forked: it imports and prepares once.

::

    caller --spawn--> nursery --fork--> keeper --fork--> worker      (a keeper for each worker)

What the nursery has imported need not be imported again, so a new worker takes milliseconds, and
all of them share that memory. Only workers run the function, so only workers die.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

from scireasoner.rewards.keeper import IDLE_S, MB, Limits, fork, keep, memory_of
from scireasoner.rewards.worker import packed

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

READY, FAILED, UNKNOWN, THREADED, HEAVY = "ready", "failed", "unknown", "threaded", "heavy"
"""What the nursery says, with a detail, when it has prepared."""

_FAREWELL_S = 2.0
_SINGLE = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def nursery(
    control: Connection, connections: Sequence[Connection], code: bytes, limits: Limits
) -> None:
    """Import and prepare, fork a keeper for each connection, stay until the caller is gone.

    Parameters
    ----------
    control : where the outcome of preparing is told; its end is the end of the pool.
    connections : on which keepers get batches and answer them.
    code : the pickle of (function, prepare).
    """
    caller = os.getppid()
    _stand_apart()
    function = _prepared(control, code, limits)
    keepers = []
    for own in connections:
        others = [control, *(c for c in connections if c is not own)]
        keepers.append(fork(partial(keep, own, others, function, limits)))
    for connection in connections:
        connection.close()
    try:
        control.send((READY, None))
        # Processes that the caller forks hold its ends of our pipes open beyond its death.
        while os.getppid() == caller and not control.poll(IDLE_S):
            pass
    finally:
        _dismiss(keepers)


def _stand_apart() -> None:
    """Leave the caller's terminal with its Ctrl-C; no core dumps, no threads of libraries."""
    import resource

    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    # A worker has one core, and threads do not survive a fork.
    for name in _SINGLE:
        os.environ.setdefault(name, "1")


def _leave(*_: object) -> NoReturn:
    raise SystemExit(0)


def _prepared(control: Connection, code: bytes, limits: Limits) -> Callable[[Any], Any]:
    """Return the function, ready for the fork; tell the caller what stands in the way."""
    try:
        function, prepare = pickle.loads(code)
    except (ImportError, AttributeError) as error:
        control.send((UNKNOWN, str(error)))
        raise SystemExit(1) from error
    try:
        if prepare is not None:
            prepare()
    except BaseException as error:
        control.send((FAILED, packed(error)))
        raise SystemExit(1) from error
    others = [t.name for t in threading.enumerate() if t is not threading.main_thread()]
    if others:
        control.send((THREADED, ", ".join(others)))
        raise SystemExit(1)
    held, _ = memory_of(os.getpid())
    if held >= limits.memory:
        control.send((HEAVY, held // MB))
        raise SystemExit(1)
    sys.stdout.flush()
    # Pages that the collector does not write to stay shared by all workers.
    gc.collect()
    gc.freeze()
    return function


def _dismiss(keepers: Sequence[int]) -> None:
    """End the keepers, who end their workers, and reap them."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for pid in keepers:
        os.kill(pid, signal.SIGTERM)
    latest = time.monotonic() + _FAREWELL_S
    for pid in keepers:
        while os.waitpid(pid, os.WNOHANG) == (0, 0):
            if time.monotonic() > latest:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.002)
