"""Whether one number is better than another, beyond doubt of the rows at hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from scireasoner.metrics import Metric, paired_difference
from scireasoner.types import Estimate, Outcome


def apart(a: Estimate, b: Estimate, direction: Literal["higher", "lower"]) -> bool:
    """Return whether ``a`` is better than ``b`` and their 95 % intervals do not touch."""
    return a.low > b.high if direction == "higher" else a.high < b.low


def beats(a: Estimate, others: Sequence[Estimate], direction: Literal["higher", "lower"]) -> bool:
    """Return whether ``a`` is apart from, and better than, every one of the others."""
    return bool(others) and all(apart(a, other, direction) for other in others)


def gain(
    after: Sequence[Outcome], before: Sequence[Outcome], metric: Metric, seed: int = 0
) -> Estimate:
    """Return how much better ``after`` is on the same rows; positive is better for every metric.

    The interval is the paired bootstrap's; the gain is sure where it excludes 0.
    """
    if metric.direction == "higher":
        return paired_difference(after, before, metric, seed)
    return paired_difference(before, after, metric, seed)


def sure(difference: Estimate) -> Literal["better", "worse", "unclear"]:
    """Return what a paired difference (positive is better) says."""
    if difference.low > 0:
        return "better"
    return "worse" if difference.high < 0 else "unclear"
