"""The processes of a pool as their caller sees them."""

from __future__ import annotations

import os
import pickle
import signal
import time
import weakref
from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, Any

from scireasoner.errors import InputError, JudgeError
from scireasoner.rewards.nursery import FAILED, HEAVY, READY, THREADED, UNKNOWN, nursery

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

    from scireasoner.rewards.keeper import Limits
    from scireasoner.rewards.worker import Record

_TRIES = 3
_FAREWELL_S = 4.0
_OBSTACLES = {
    UNKNOWN: "a new process cannot import the pool's function or `prepare`: {}; define both at "
    "the top level of a module or script",
    THREADED: "`prepare` left threads running ({}), which a fork would lose; let the function "
    "start them",
    HEAVY: "a prepared worker holds {} MB before its first item; raise `memory_mb` above that",
}


class Slot:
    """An item that was read and whose result was not given back yet."""

    __slots__ = ("key", "payload", "record")

    def __init__(self, payload: bytes, key: Hashable, record: Record | None = None) -> None:
        self.payload, self.key, self.record = payload, key, record

    @property
    def size(self) -> int:
        """Bytes that it holds until it is given back."""
        return len(self.payload) + (len(self.record[1]) if self.record else 0)


class Batch:
    """What a keeper works at."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        self.slots = slots
        self.tries = 0
        self.since = 0.0


class Crew:
    """A nursery, and a connection to each of its keepers with the batch that it works at.

    Raises
    ------
    InputError : if the processes cannot start; and what ``prepare`` raised.
    """

    def __init__(self, workers: int, code: bytes, limits: Limits) -> None:
        import multiprocessing

        # A forked nursery would have the caller's threads and locks in an unknown state.
        context = multiprocessing.get_context("spawn")
        self._control, control = context.Pipe()
        pairs = [context.Pipe() for _ in range(workers)]
        self.work: dict[Connection, Batch | None] = {mine: None for mine, _ in pairs}
        theirs = [connection for _, connection in pairs]
        self._process = context.Process(
            target=nursery, args=(control, theirs, code, limits), daemon=True
        )
        self._process.start()
        for connection in (control, *theirs):
            connection.close()
        # Runs once: when called, when the crew is forgotten, or when the program ends.
        self.end = weakref.finalize(
            self, _end, os.getpid(), self._process, [self._control, *self.work]
        )

    def wait_until_ready(self) -> None:
        """Wait until the nursery has prepared."""
        try:
            state, detail = self._control.recv()
        except (EOFError, ConnectionError):
            self._process.join(_FAREWELL_S)
            raise InputError(
                "the pool's first process ended before it was ready (exit code "
                f"{self._process.exitcode}); its own message stands above. A script that uses a "
                'pool does so under `if __name__ == "__main__":`'
            ) from None
        if state == FAILED:
            raise pickle.loads(detail).error()
        if state != READY:
            raise InputError(_OBSTACLES[state].format(detail))

    def send(self, connection: Connection, batch: Batch) -> bool:
        """Give an idle keeper a batch; False if the keeper is dead."""
        batch.tries += 1
        if batch.tries > _TRIES:
            raise JudgeError(
                f"the pool's own processes were killed {_TRIES} times at the same batch, not by "
                "an item; is the machine out of memory? use fewer workers or less `memory_mb`"
            )
        self.work[connection] = batch
        batch.since = time.perf_counter()
        try:
            connection.send([slot.payload for slot in batch.slots])
        except ConnectionError:
            return False
        return True

    def receive(self, connection: Connection) -> tuple[Batch, list[Record]]:
        """Return a busy keeper's batch and what became of it; EOFError if the keeper is dead."""
        batch, records = self.work[connection], connection.recv()
        if batch is None:
            raise ValueError("this keeper had no batch")
        self.work[connection] = None
        return batch, records

    def forget(self) -> None:
        """Drop what is still to come; keepers that work at it are idle when they are done."""
        for batch in self.work.values():
            if batch is not None:
                batch.slots = ()

    def idle(self) -> list[Connection]:
        """Return the connections whose keepers wait for a batch."""
        return [connection for connection, batch in self.work.items() if batch is None]

    def busy(self) -> list[Connection]:
        """Return the connections whose keepers work."""
        return [connection for connection, batch in self.work.items() if batch is not None]


def code_of(function: Callable[..., Any], prepare: Callable[[], None] | None) -> bytes:
    """Return the pickle of what a worker runs."""
    try:
        return pickle.dumps((function, prepare))
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise InputError(
            "the pool's function and `prepare` must stand at the top level of a module, so that "
            f"another process can import them (no lambda, no inner function): {error}"
        ) from None


def _end(owner: int, process: SpawnProcess, connections: Sequence[Connection]) -> None:
    """End all processes of a crew and reap the first, which reaps the others."""
    if os.getpid() == owner:
        process.terminate()
    for connection in connections:
        connection.close()
    if os.getpid() != owner or process.pid is None:
        return
    process.join(_FAREWELL_S)
    if process.exitcode is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            process.kill()
        process.join()
    process.close()
