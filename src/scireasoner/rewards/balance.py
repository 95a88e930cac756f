"""Weights of rows, so that no single right answer makes up most of a task's mean reward."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Any

from scireasoner.answers import (
    Boolean,
    Choice,
    Label,
    Number,
    Numbers,
    PropertyLabel,
    PropertyValue,
)
from scireasoner.answers.base import Answer
from scireasoner.types import Fault

LARGEST = 0.2
"""The largest share of the weight that one right answer may have where answers are graded.

Most band gaps of a table are 0, and a third of the abstracts name no chemical: without a bound
the answer "0" alone would be worth as much as a good model.
"""

_SAME = 0.1  # numbers closer than this share of the task's scale are one right answer


def classes(answer: Answer) -> int | None:
    """Return how many labels there are to choose one from; None where answers are graded."""
    if isinstance(answer, Boolean):
        return 2
    if isinstance(answer, Label | PropertyLabel):
        return len(answer.labels)
    return len(answer.letters) if isinstance(answer, Choice) else None


def row_weights(answer: Answer, golds: Sequence[str | None]) -> list[float]:
    """Return a weight for each row, from the right answers of a task's rows; their mean is 1.

    Labels of a closed list: every label that occurs has the same weight in total. Anything else:
    no right answer has more than `LARGEST` of it (or its equal part, where fewer than five
    occur); numbers within a tenth of the task's scale are one answer. A gold that cannot be read
    weighs 0.

    Parameters
    ----------
    golds : the raw golds, one a row; None (no gold) counts as an answer of its own.
    """
    keys = [_key(answer, gold) for gold in golds]
    counts = Counter(key for key in keys if not isinstance(key, Fault))
    if not counts:
        return [0.0] * len(golds)
    bound = 0.0 if classes(answer) is not None else LARGEST
    shares = _bounded(counts, max(bound, 1.0 / len(counts)))
    scale = float(len(golds))
    return [0.0 if isinstance(k, Fault) else scale * shares[k] / counts[k] for k in keys]


def largest_share(answer: Answer, golds: Sequence[str | None]) -> float:
    """Return the largest share of the weight that one right answer has, in [0, 1]."""
    shares: Counter[Hashable] = Counter()
    for gold, weight in zip(golds, row_weights(answer, golds), strict=True):
        shares[_key(answer, gold)] += weight / len(golds)  # type: ignore[assignment]
    return max(shares.values(), default=0.0)


def _key(answer: Answer, gold: str | None) -> Hashable:
    """Return what makes two golds one right answer."""
    value: Any = None if gold is None else answer.read_gold(gold)
    if isinstance(value, Fault):
        return value
    if isinstance(answer, Number | PropertyValue):
        return round(value / (_SAME * answer.scale))
    if isinstance(answer, Numbers):
        return tuple(round(v / (_SAME * s)) for v, s in zip(value, answer.scales, strict=True))
    return value  # type: ignore[no-any-return]


def _bounded(counts: Counter[Hashable], bound: float) -> dict[Hashable, float]:
    """Return the share of each answer: in proportion to its count, up to a bound."""
    shares: dict[Hashable, float] = {}
    left, total = 1.0, counts.total()
    for key, count in counts.most_common():
        if count / total * left <= bound:
            break
        shares[key] = bound
        left -= bound
        total -= count
    rest = {key: left * count / total for key, count in counts.items() if key not in shares}
    return shares | rest
