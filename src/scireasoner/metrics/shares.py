"""Means over single outcomes: how many are right, answered, different."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from scireasoner.metrics.metric import Metric
from scireasoner.types import Outcome

if TYPE_CHECKING:
    from scireasoner.metrics.metric import Columns


def _column(per_outcome: Callable[[Outcome], float]) -> Callable[[Sequence[Outcome]], Columns]:
    def columns(outcomes: Sequence[Outcome]) -> Columns:
        import numpy as np

        return np.array([[per_outcome(outcome)] for outcome in outcomes], dtype=np.float64)

    return columns


def _distinct(outcomes: Sequence[Outcome]) -> Columns:
    # 1 / multiplicity sums to the number of distinct values, and keeps the mean's bootstrap
    # honest: resampling the raw values would count every redrawn row as a duplicate.
    import numpy as np

    times = Counter(outcome.value for outcome in outcomes if outcome.fault is None)
    shares = [1.0 / times[o.value] if o.fault is None else 0.0 for o in outcomes]
    return np.array(shares, dtype=np.float64).reshape(-1, 1)


ACCURACY = Metric(
    "accuracy", "higher", "share", "counts as wrong", _column(lambda o: float(o.correct))
)
"""Share of outcomes that are correct under the task's own hard rule."""

SCORE = Metric("score", "higher", "share", "scores 0", _column(lambda o: o.score))
"""Mean soft score."""

ANSWERED = Metric(
    "answered", "higher", "share", "counts as unanswered", _column(lambda o: float(o.fault is None))
)
"""Share of outcomes without a fault."""

VALIDITY = Metric(
    "validity", "higher", "share", "counts as invalid", _column(lambda o: float(o.fault is None))
)
"""Share of all outcomes (not of the answered ones) that passed the notation's validity check."""

UNIQUENESS = Metric("uniqueness", "higher", "share", "adds no distinct answer", _distinct)
"""Distinct valid answers divided by all outcomes."""
