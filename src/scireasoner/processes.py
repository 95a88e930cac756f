"""Several processes that run one recipe: who writes, how the others wait, who says what went wrong.

torchrun and ``accelerate launch`` keep a key-value store for their workers from the first second
on. All waiting goes through it and not through a collective: a process group does not exist yet
while the first stages run, its collectives time out after minutes where a data stage takes hours,
and a file on a shared disk may be left over from an earlier run. The store dies with the launch.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from typing import Any

from scireasoner.errors import InputError

_PAUSE_S = 0.2
_CONNECT_S = 120
_FAILED = "failed"
_visits: Counter[str] = Counter()


def rank() -> int:
    """Return this process's number in its job; 0 outside of one."""
    return int(os.environ.get("RANK", "0"))


def world() -> int:
    """Return how many processes the job has; 1 outside of one."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def is_main() -> bool:
    """Return whether this process writes artifacts and shows progress."""
    return rank() == 0


def shared(place: str, make: Callable[[], Any]) -> Any:
    """Return ``make()`` of the main process in every process; the others wait for it.

    Parameters
    ----------
    place : where in the run this is; every process passes the places in the same order.
    make : returns a JSON-able value.

    Raises
    ------
    SystemExit : in a process that waits, if another one has failed (which says why).
    """
    if world() == 1:
        return make()
    store, place = _store(), _visit(place)
    if is_main():
        made = make()
        store.set(place, json.dumps(made))
        return made
    _wait(store, place)
    return json.loads(store.get(place))


def meet(place: str) -> None:
    """Return once every process is here. Every process passes the places in the same order."""
    if world() == 1:
        return
    store, place = _store(), _visit(place)
    if store.add(f"{place}/arrived", 1) == world():
        store.set(f"{place}/all", "")
    _wait(store, f"{place}/all")


@contextmanager
def falling() -> Iterator[None]:
    """Tell the other processes if the body fails."""
    try:
        yield
    except BaseException:
        fall()
        raise


@cache
def fall() -> bool:
    """Tell the other processes that this one fails; return whether it is the first, and says why.

    The others then leave without a word, so that a job ends with one message.
    """
    return world() == 1 or not _launched() or _store().add(_FAILED, 1) == 1


def _visit(place: str) -> str:
    """Return the key of this visit: a program may pass a place again."""
    _visits[place] += 1
    return f"{place}/{_visits[place]}"


def _wait(store: Any, key: str) -> None:
    while not store.check([key]):
        if store.check([_FAILED]):
            raise SystemExit(1)
        time.sleep(_PAUSE_S)


def _launched() -> bool:
    return os.environ.get("TORCHELASTIC_USE_AGENT_STORE") == "True"


@cache
def _store() -> Any:
    """Return the launcher's store; a worker that was started again sees nothing of before."""
    from torch.distributed import PrefixStore, TCPStore  # type: ignore[attr-defined]

    if not _launched():
        raise InputError(
            f"WORLD_SIZE is {world()}, but neither torchrun nor accelerate launch started this "
            "process: start it with one of them, or unset WORLD_SIZE"
        )
    host, port = os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"])
    store = TCPStore(host, port, is_master=False, timeout=timedelta(seconds=_CONNECT_S))
    again = os.environ.get("TORCHELASTIC_RESTART_COUNT", "0")
    return PrefixStore(f"scireasoner/{again}", store)
