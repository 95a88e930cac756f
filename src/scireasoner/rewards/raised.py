"""Exceptions of workers on their way to the caller."""

from __future__ import annotations

import pickle
import traceback
from dataclasses import dataclass
from typing import Any

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
