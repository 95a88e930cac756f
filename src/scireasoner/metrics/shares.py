"""Means over single outcomes: how many are right, answered, different."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scireasoner.metrics.metric import Metric
from scireasoner.metrics.rows import column, per_answer, value_code

if TYPE_CHECKING:
    from scireasoner.metrics.resampling import Columns


def _distinct(rows: Columns) -> Columns:
    # 1 / multiplicity sums to the number of distinct values, and keeps the mean's bootstrap
    # honest: resampling the raw values would count every redrawn row as a duplicate.
    import numpy as np

    _, inverse, times = np.unique(rows[:, 0], return_inverse=True, return_counts=True)
    return np.where(np.isnan(rows), 0.0, 1.0 / times[inverse].reshape(-1, 1))


def share_of_correct(name: str, on_fault: str = "counts as wrong") -> Metric:
    """Return the share of outcomes that are correct under the task's own hard rule, by a name."""
    return Metric(name, "higher", "share", on_fault, column(lambda o: float(o.correct)))


ACCURACY = share_of_correct("accuracy")
"""Share of outcomes that are correct under the task's own hard rule."""

EXACT_MATCH = share_of_correct("exact match")
"""`ACCURACY` where the rule is equality: of canonical SMILES, of sequences, of names."""

ELEMENT_MATCH = share_of_correct("element match")
"""`ACCURACY` where the rule is equality of the counts of all elements (formulas)."""

SUCCESS_RATE = share_of_correct("success rate", "counts as a failure")
"""`ACCURACY` where the rule is that a design meets what was asked for."""

SCORE = Metric("score", "higher", "share", "scores 0", column(lambda o: o.score))
"""Mean soft score."""

ANSWERED = Metric(
    "answered", "higher", "share", "counts as unanswered", column(lambda o: float(o.fault is None))
)
"""Share of outcomes without a fault."""

VALIDITY = Metric(
    "validity", "higher", "share", "counts as invalid", column(lambda o: float(o.fault is None))
)
"""Share of all outcomes (not of the answered ones) that passed the notation's validity check."""

UNIQUENESS = Metric(
    "uniqueness",
    "higher",
    "share",
    "adds no distinct answer",
    column(value_code),
    prepare=_distinct,
)
"""Distinct valid answers divided by all outcomes."""


def accuracy_above(threshold: float) -> Metric:
    """Return the share of numeric answers on the target's side of a threshold.

    A number counts as positive if it is above the threshold (PEER's stability, arXiv 2206.02096).
    """
    return Metric(
        f"accuracy above {threshold:g}",
        "higher",
        "share",
        "counts as wrong",
        per_answer(lambda v, t: float((float(v) > threshold) == (float(t) > threshold))),
    )
