"""Steps that several released evaluators share: thoughts, stop tokens, numbers that fail.

Every function gives what the released regular expression gives, in time linear in the text.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scireasoner.prompts.reply import THINK_CLOSE, THINK_OPEN

if TYPE_CHECKING:
    from scireasoner.published.base import Item

ANCHOR = "dave1362/SciReason@efe16a1 opencompass/datasets"
"""The evaluation code of arXiv 2509.21320."""

UPSTREAM = "open-compass/opencompass@a5acc4b opencompass"
"""The later merge of it."""

_STOPS = ("<|endoftext|>", "<|im_end|>")


def first(item: Item) -> str:
    """Return the best completion: most evaluators read no other. Empty if there is none."""
    return item.predictions[0] if item.predictions else ""


def after_last(text: str, mark: str) -> str:
    """Return what stands behind the last ``mark``; the whole text without one."""
    return text.rpartition(mark)[2]


def without_thoughts(text: str) -> str:
    """Remove every closed thought; an unclosed one stays, with its tag."""
    kept: list[str] = []
    start = 0
    while True:
        opened = text.find(THINK_OPEN, start)
        closed = text.find(THINK_CLOSE, opened + len(THINK_OPEN)) if opened >= 0 else -1
        if closed < 0:
            return "".join((*kept, text[start:]))
        kept.append(text[start:opened])
        start = closed + len(THINK_CLOSE)


def answer_only(text: str) -> str:
    """Remove closed thoughts, then all up to a closing tag that is left, and the space after it."""
    text = without_thoughts(text)
    return after_last(text, THINK_CLOSE).lstrip() if THINK_CLOSE in text else text


def without_stops(text: str) -> str:
    """Remove the stop tokens, and the space at both ends of what stood before."""
    text = text.strip()
    for token in _STOPS:
        text = text.replace(token, "")
    return text


def enclosed(text: str, left: str, right: str) -> Iterator[str]:
    """Yield what each shortest ``left ... right`` on one line holds, from the left."""
    for line in text.split("\n"):
        start = line.find(left)
        while start >= 0:
            end = line.find(right, start + len(left))
            if end < 0:
                break
            yield line[start + len(left) : end]
            start = line.find(left, end + len(right))


def finite(value: float | None) -> float | None:
    """Return the number as a float; None for NaN and the infinities, which rank nothing."""
    return float(value) if value is not None and math.isfinite(value) else None


def mean(values: list[float]) -> float | None:
    """Return the mean; None for no values, where the released code divides by zero."""
    return sum(values) / len(values) if values else None


def matthews(pairs: list[tuple[int, int]]) -> float | None:
    """Return the Matthews correlation of (gold, predicted) pairs of 0 and 1.

    0 when all golds, or all predictions, are one class; None without pairs.
    Matthews 1975, doi:10.1016/0005-2795(75)90109-9.
    """
    if not pairs:
        return None
    total = len(pairs)
    gold = sum(g for g, _ in pairs)
    said = sum(p for _, p in pairs)
    both = sum(g & p for g, p in pairs)
    spread = gold * (total - gold) * said * (total - said)
    return (total * both - gold * said) / math.sqrt(spread) if spread else 0.0
