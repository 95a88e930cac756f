"""Work spread over the CPU cores by forked processes, which have all that this one has in memory.

A fork needs neither to send tasks, whose functions cannot be pickled, nor to read and guard data
anew. Libraries may hold threads and a GPU by then; a worker touches neither, as those of PyTorch's
own loaders do not.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar

from scireasoner.errors import ArtifactError

T = TypeVar("T")
R = TypeVar("R")

_QUOTA = Path("/sys/fs/cgroup/cpu.max")
# What this process does as a worker: the work and its items.
_job: list[tuple[Callable[[Any], Any], Sequence[Any]]] = []


def can_fork() -> bool:
    """Return whether processes can be forked here; on macOS its own libraries break in a fork."""
    return "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"


def cores() -> int:
    """Return how many processes work is spread over: the cores that this process may use.

    One where processes cannot be forked, and in a worker.
    """
    if _job or not can_fork():
        return 1
    free = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(free or 1, _allowed()))


def _allowed() -> int:
    """Return the whole cores that a container may use of those it sees."""
    try:
        most, period = _QUOTA.read_text(encoding="ascii").split()
        return int(most) // int(period)
    except (OSError, ValueError):  # no such file, or no limit ("max")
        return sys.maxsize


def spread(
    work: Callable[[T], R],
    items: Sequence[T],
    *,
    workers: int | None = None,
    cost: Callable[[T], float] | None = None,
    done: Callable[[T], None] = lambda _: None,
) -> Iterator[R]:
    """Yield ``work(item)`` of every item, in their order, made by a process for each core.

    With one process or one item the work is done here. What it returns or raises is pickled.

    Parameters
    ----------
    workers : processes; None takes ``cores()``.
    cost : how long an item takes, in any unit: the longest begin first.
    done : called with each item as it is done, in any order.

    Raises
    ------
    ArtifactError : if a worker is killed. What ``work`` raises comes as it is.
    """
    count = min(cores() if workers is None else workers, len(items))
    if count <= 1:
        for item in items:
            made = work(item)
            done(item)
            yield made
        return
    # Workers end when the writing end is closed: as soon as this process fails or dies.
    ends, alive = os.pipe()
    try:
        pool = ProcessPoolExecutor(
            count, multiprocessing.get_context("fork"), _begin, (work, items, ends, alive)
        )
        try:
            yield from _in_order(pool, items, cost, done)
        except BaseException:
            os.close(alive)
            alive = -1
            raise
        finally:
            pool.shutdown(cancel_futures=True)
    except BrokenProcessPool as error:
        raise ArtifactError(
            f"one of {count} worker processes was killed, most likely because memory ran out; "
            "fewer cores need less: start the same command with `taskset -c 0`, or with `-c 0-3`"
        ) from error
    finally:
        os.close(ends)
        if alive >= 0:
            os.close(alive)


def _in_order(
    pool: ProcessPoolExecutor,
    items: Sequence[T],
    cost: Callable[[T], float] | None,
    done: Callable[[T], None],
) -> Iterator[Any]:
    """Yield the results in the order of the items, those that come too early later."""
    places = list(range(len(items)))
    if cost is not None:
        places.sort(key=lambda place: -cost(items[place]))
    # Not ``as_completed``: a Ctrl-C in its first steps leaves the futures locked for ever.
    finished: SimpleQueue[Future[Any]] = SimpleQueue()
    waiting: dict[Future[Any], int] = {}
    for place in places:
        future = pool.submit(_one, place)
        waiting[future] = place
        future.add_done_callback(finished.put)
    early: dict[int, Any] = {}
    due = 0
    for _ in places:
        future = finished.get()
        place = waiting.pop(future)
        early[place] = future.result()
        done(items[place])
        while due in early:
            yield early.pop(due)
            due += 1


def _begin(work: Callable[[Any], Any], items: Sequence[Any], ends: int, alive: int) -> None:
    """Make a forked process a worker."""
    _job[:] = [(work, items)]
    os.close(alive)
    threading.Thread(target=_end_with, args=(ends,), daemon=True).start()
    # Ctrl-C goes to the whole group. The first process says so and ends the others, or goes on, in
    # the background: a worker that went by itself would be taken for one that was killed.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Threads of the parent's tokenizers are not here.
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    # A collection would touch, and so copy, every page that is shared with the parent.
    gc.freeze()


def _end_with(ends: int) -> None:
    """End this process once nothing holds the other end of the pipe."""
    os.read(ends, 1)
    os._exit(1)


def _one(place: int) -> Any:
    work, items = _job[0]
    return work(items[place])
