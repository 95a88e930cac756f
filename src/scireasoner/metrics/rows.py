"""How outcomes become rows of numbers, each from its own outcome alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from scireasoner.types import Outcome

if TYPE_CHECKING:
    from scireasoner.metrics.resampling import Columns

CODE_BITS = 52
"""A double holds whole numbers of so many bits exactly."""


def table(
    row: Callable[[Outcome], Sequence[float]], width: int
) -> Callable[[Sequence[Outcome]], Columns]:
    """Return the ``columns`` of a metric whose rows have ``width`` numbers."""

    def columns(outcomes: Sequence[Outcome]) -> Columns:
        import numpy as np

        return np.array([row(o) for o in outcomes], dtype=np.float64).reshape(-1, width)

    return columns


def column(number: Callable[[Outcome], float]) -> Callable[[Sequence[Outcome]], Columns]:
    """Return the ``columns`` of a metric whose rows are one number."""
    return table(lambda outcome: (number(outcome),), 1)


def per_answer(score: Callable[[Any, Any], float]) -> Callable[[Sequence[Outcome]], Columns]:
    """Return the ``columns`` of a metric that is a score of (value, target), 0 for a fault."""
    return column(lambda o: score(o.value, o.target) if o.fault is None else 0.0)


@lru_cache(maxsize=4_096)
def code(value: Any) -> float:
    """Return a whole number of 52 bits for a label: the same in every process and on any machine.

    Equal values have equal codes (1 and 1.0 too); among 100,000 different ones the chance that
    any two share a code is about one in a million.
    """
    digest = blake2b(repr(_plain(value)).encode(), digest_size=8).digest()
    return float(int.from_bytes(digest) >> (64 - CODE_BITS))


def _plain(value: Any) -> Any:
    """Return what prints the same wherever it is equal."""
    if isinstance(value, int | float):
        return float(value) + 0.0  # -0.0 is 0.0
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    if isinstance(value, frozenset):
        return "set", sorted(map(repr, map(_plain, value)))
    return value


def value_code(outcome: Outcome) -> float:
    """Return the code of the answer, NaN for a fault."""
    return code(outcome.value) if outcome.fault is None else float("nan")
