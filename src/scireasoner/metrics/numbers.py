"""Metrics of numeric answers: errors in the unit of the property, and rank correlation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from scireasoner.errors import TaskError
from scireasoner.metrics.metric import Metric
from scireasoner.types import Outcome

if TYPE_CHECKING:
    from scireasoner.metrics.metric import Columns


def mae(unit: str | None, low: float, high: float) -> Metric:
    """Return the mean absolute error; a fault costs the farthest answer within [low, high].

    Parameters
    ----------
    unit : the property's unit, None if it has none.
    low, high : the declared range of the property, in ``unit``.
    """
    return _error_metric("MAE", unit, low, high, power=1)


def rmse(unit: str | None, low: float, high: float) -> Metric:
    """Return the root mean square error; parameters as for :func:`mae`."""
    return _error_metric("RMSE", unit, low, high, power=2)


def _error_metric(name: str, unit: str | None, low: float, high: float, power: int) -> Metric:
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise TaskError(f"{name} got the range [{low}, {high}]; give two finite bounds, low < high")

    def columns(outcomes: Sequence[Outcome]) -> Columns:
        import numpy as np

        return np.array([[_error(o, low, high) ** power] for o in outcomes], dtype=np.float64)

    def root(rows: Columns) -> float:
        return math.sqrt(float(rows[:, 0].mean()))

    return Metric(
        name,
        "lower",
        unit or "dimensionless",
        "costs the error of the farthest answer in range",
        columns,
        statistic=None if power == 1 else root,
        best=0.0,
        worst=None,
    )


def _error(outcome: Outcome, low: float, high: float) -> float:
    target = float(outcome.target)
    if outcome.fault is None:
        return abs(float(outcome.value) - target)
    return max(abs(target - low), abs(high - target))


def _pairs(outcomes: Sequence[Outcome]) -> Columns:
    import numpy as np

    answered = [float(outcome.value) for outcome in outcomes if outcome.fault is None]
    # The mean of what was answered carries no information about the target.
    filler = sum(answered) / len(answered) if answered else 0.0
    pairs = [(float(o.value) if o.fault is None else filler, float(o.target)) for o in outcomes]
    return np.array(pairs, dtype=np.float64).reshape(-1, 2)


def _spearman(rows: Columns) -> float:
    import numpy as np

    ranks = np.stack([_ranks(rows[:, 0]), _ranks(rows[:, 1])])
    centred = ranks - ranks.mean(axis=1, keepdims=True)
    spread = math.sqrt(float((centred[0] ** 2).sum() * (centred[1] ** 2).sum()))
    # Constant answers (or targets) say nothing about the order.
    if spread == 0.0:
        return 0.0
    return max(-1.0, min(1.0, float((centred[0] * centred[1]).sum()) / spread))


def _ranks(values: Columns) -> Columns:
    """Return ranks from 1; ties share the mean of their ranks."""
    import numpy as np

    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    mean_rank: Columns = (last - (counts - 1) / 2.0).astype(np.float64)
    return mean_rank[inverse]


SPEARMAN = Metric(
    "Spearman correlation",
    "higher",
    "correlation",
    "takes the mean of the answered predictions; 0 if all are equal",
    _pairs,
    statistic=_spearman,
)
"""Spearman's rank correlation of answers and targets (ties share their mean rank)."""
