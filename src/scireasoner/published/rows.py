"""Steps that the evaluators of chemistry and materials share: blocks of text, rows, counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from scireasoner.published.base import Row

FAILED = "failed"


def failed(reason: str) -> Row:
    """Return the row of an item on which the released code stops, so that it gives no number."""
    return (FAILED, reason)


def complete(rows: Sequence[Row]) -> bool:
    """Whether the released code reaches its end: there are rows, and none of them stops it."""
    return bool(rows) and all(row[0] != FAILED for row in rows)


def percent(part: float, whole: float) -> float:
    """Return a share in percent; 0 of nothing."""
    return part / whole * 100 if whole else 0.0


def numbers(rows: Sequence[Row], column: int) -> list[float]:
    """Return the numbers of a column, None and texts left out."""
    values = (row[column] for row in rows)
    return [float(value) for value in values if isinstance(value, (int, float))]


def within(rows: Sequence[Row], column: int, rank: int) -> int:
    """Count the rows whose rank in ``column`` is at most ``rank``; None is no rank."""
    return sum(value <= rank for value in numbers(rows, column))


def blocks(text: str, left: str, right: str) -> Iterator[str]:
    """Yield what each shortest ``left ... right`` holds, over line breaks, from the left."""
    start = text.find(left)
    while start >= 0:
        end = text.find(right, start + len(left))
        if end < 0:
            return
        yield text[start + len(left) : end]
        start = text.find(left, end + len(right))


def last_block(text: str, left: str, right: str) -> str:
    """Return what the last of the `blocks` holds; empty if none."""
    return next(reversed(list(blocks(text, left, right))), "")


def outside(text: str, left: str, right: str) -> str:
    """Return the text without any shortest ``left ... right``."""
    kept, start = [], 0
    for inner in blocks(text, left, right):
        opened = text.find(left, start)
        kept.append(text[start:opened])
        start = opened + len(left) + len(inner) + len(right)
    return "".join((*kept, text[start:]))


def first_block(text: str, name: str) -> str | None:
    """Return what the first ``<name> ... </name>`` holds, in any case, stripped; None if none."""
    opened = re.search(f"<{name}>", text, re.IGNORECASE)
    if opened is None:
        return None
    closed = re.compile(f"</{name}>", re.IGNORECASE).search(text, opened.end())
    return None if closed is None else text[opened.end() : closed.start()].strip()
