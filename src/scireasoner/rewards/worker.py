"""The innermost process of the pool: it runs the function, and may die of it.

A worker appends what becomes of each item to a file that lies in memory and outlives it. How long
that file is says which item is at work; what stands in it when the worker dies is kept.
"""

from __future__ import annotations

import os
import pickle
import struct
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

RESULT, RAISED, LOST = b"r", b"e", b"l"
Record = tuple[bytes, bytes]
"""What became of an item: the kind, and the pickle of its result, of a `Failure`, or of
(cause, detail)."""

_HEADER = struct.Struct("<cQ")


@dataclass(frozen=True)
class Failure:
    """An exception on its way to the caller.

    The pickle of an exception cannot be read back if its ``__init__`` takes other arguments than
    its message; its parts can.
    """

    kind: type[BaseException]
    args: tuple[Any, ...]
    state: dict[str, Any]
    text: str

    def error(self) -> BaseException:
        """Return the exception, with the worker's traceback as its note."""
        plain = self.kind.__module__ == "builtins"
        error = self.kind(*self.args) if plain else self.kind.__new__(self.kind, *self.args)
        error.args = self.args
        error.__dict__.update(self.state)
        error.add_note(f"In a worker of the pool:\n{self.text}")
        return error


def packed(error: BaseException) -> bytes:
    """Return the pickle of a failure; of an error that cannot be pickled, its words."""
    text = "".join(traceback.format_exception(error)).rstrip()
    words = RuntimeError, (f"{type(error).__name__}: {error}",), dict[str, Any]()
    for kind, args, state in (
        (type(error), error.args, error.__dict__),
        (type(error), (str(error),), {}),
    ):
        try:
            found = pickle.dumps(Failure(kind, args, state, text))
            pickle.loads(found).error()
        except (pickle.PickleError, TypeError, AttributeError, ValueError, RuntimeError):
            continue
        return found
    return pickle.dumps(Failure(*words, text))


def memory_file() -> int:
    """Return the descriptor of an empty file without a name, in memory where there is such."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("scireasoner-results")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def work(pipe: Connection, results: int, function: Callable[[Any], Any]) -> None:
    """Run the function on batch after batch (lists of pickled items) until the pipe ends.

    An empty message says that the worker is ready, and then that a batch is done.
    """
    pipe.send_bytes(b"")
    while True:
        try:
            items = pipe.recv()
        except EOFError:
            return
        _run(items, results, function)
        sys.stdout.flush()
        pipe.send_bytes(b"")


def _run(items: Sequence[bytes], results: int, function: Callable[[Any], Any]) -> None:
    """Append a record for each item; the process ends with the first that is not a result."""
    offset = 0
    for item in items:
        try:
            result = pickle.dumps(function(pickle.loads(item)), pickle.HIGHEST_PROTOCOL)
        except MemoryError as error:
            _write(results, offset, LOST, pickle.dumps(("memory", "a request was refused")))
            raise SystemExit(1) from error
        except SystemExit as error:
            _write(results, offset, LOST, pickle.dumps(("crash", f"exit status {error.code}")))
            raise
        except BaseException as error:
            _write(results, offset, RAISED, packed(error))
            raise SystemExit(1) from error
        offset = _write(results, offset, RESULT, result)


def _write(results: int, offset: int, kind: bytes, payload: bytes) -> int:
    """Write a record; return where the next begins."""
    record = _HEADER.pack(kind, len(payload)) + payload
    done = os.pwrite(results, record, offset)
    while done < len(record):
        done += os.pwrite(results, record[done:], offset + done)
    return offset + done


def collected(results: int) -> tuple[list[Record], int]:
    """Take the complete records out of the file and empty it; return also their length in bytes."""
    size = os.fstat(results).st_size
    data = os.pread(results, size, 0)
    os.ftruncate(results, 0)
    records: list[Record] = []
    start = 0
    while start + _HEADER.size <= size:
        kind, length = _HEADER.unpack_from(data, start)
        end = start + _HEADER.size + length
        if end > size:
            break
        records.append((kind, data[start + _HEADER.size : end]))
        start = end
    return records, start
