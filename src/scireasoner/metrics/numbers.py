"""Metrics of numeric answers: errors in the unit of the property, and errors against the spread."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from scireasoner.errors import TaskError
from scireasoner.metrics.metric import Metric
from scireasoner.metrics.resampling import centres, means
from scireasoner.metrics.rows import column, table
from scireasoner.types import Outcome

if TYPE_CHECKING:
    from scireasoner.metrics.resampling import Columns

MAX_RATIO = 1_000.0
"""Errors below a thousandth of the targets' spread are not told apart."""

_CONSTANT = 1e-12  # of the whole variance: a resample that varies less has equal targets
SIRNA_SCALE = 100.0
SIRNA_LOW = 30.0


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


def _root(rows: Columns, weights: Columns) -> Columns:
    import numpy as np

    return np.sqrt(means(rows, weights)[:, 0])


def _error_metric(name: str, unit: str | None, low: float, high: float, power: int) -> Metric:
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise TaskError(f"{name} got the range [{low}, {high}]; give two finite bounds, low < high")
    return Metric(
        name,
        "lower",
        unit or "dimensionless",
        "costs the error of the farthest answer in range",
        column(lambda outcome: _error(outcome, low, high) ** power),
        statistic=None if power == 1 else _root,
        best=0.0,
        worst=None,
    )


def _error(outcome: Outcome, low: float, high: float) -> float:
    target = float(outcome.target)
    if outcome.fault is None:
        return abs(float(outcome.value) - target)
    return max(abs(target - low), abs(high - target))


def _pair(outcome: Outcome) -> tuple[float, float]:
    """Return (answer or NaN, target)."""
    value = float(outcome.value) if outcome.fault is None else math.nan
    return value, float(outcome.target)


def _deviations(rows: Columns) -> Columns:
    """Return (absolute error, target); a fault errs by its target's deviation and one MAD more."""
    import numpy as np

    targets = rows[:, 1]
    away = np.abs(targets - centres(targets))
    spread = away.mean()
    # Without any spread a fault still has to cost something.
    missing = away + (spread if spread > 0 else 1.0)
    errors = np.where(np.isnan(rows[:, 0]), missing, np.abs(rows[:, 0] - targets))
    return np.stack([errors, targets], axis=1)


def _mad_over_mae(rows: Columns, weights: Columns) -> Columns:
    import numpy as np

    errors, targets = rows[:, 0], np.ascontiguousarray(rows[:, 1])
    n = weights.sum(axis=1)
    centres = weights @ targets / n
    mad = np.array([w @ np.abs(targets - c) for w, c in zip(weights, centres, strict=True)]) / n
    mean_error = weights @ errors / n
    limited = np.maximum(mean_error, mad / MAX_RATIO)
    best = np.full(len(n), MAX_RATIO)
    return np.divide(mad, limited, out=np.where(mean_error > 0, 0.0, best), where=limited > 0)


MAD_OVER_MAE = Metric(
    "MAD/MAE",
    "higher",
    "ratio",
    "errs by its target's distance from the mean target, and by the MAD more",
    table(_pair, 2),
    statistic=_mad_over_mae,
    prepare=_deviations,
    best=MAX_RATIO,
    worst=0.5,
)
"""Mean absolute deviation of the targets from their mean, divided by the mean absolute error.

1 is the error of always answering the mean target (LLM4Mat-Bench, arXiv 2411.00177). At most
1,000; 0 where all targets are equal and an answer is wrong.
"""


def _squares(rows: Columns) -> Columns:
    """Return (squared error, centred target), in units of the targets' deviation."""
    import numpy as np

    centred = rows[:, 1] - rows[:, 1].mean()
    deviation = float(np.sqrt((centred**2).mean()))
    scale = deviation if deviation > 0 else 1.0
    centred = centred / scale
    answered = ((rows[:, 0] - rows[:, 1]) / scale) ** 2
    missing = centred**2 + 1.0
    return np.stack([np.where(np.isnan(rows[:, 0]), missing, answered), centred], axis=1)


def _r2(rows: Columns, weights: Columns) -> Columns:
    import numpy as np

    errors, targets = rows[:, 0], rows[:, 1]
    error, centre, square = means(np.stack([errors, targets, targets**2], axis=1), weights).T
    variance = square - centre**2
    varies = variance > _CONSTANT
    ratio = np.divide(error, variance, out=np.where(error > 0, 1.0, 0.0), where=varies)
    return 1.0 - ratio


R2 = Metric(
    "R2",
    "higher",
    "R2",
    "errs by its target's distance from the mean target, and by one deviation more",
    table(_pair, 2),
    statistic=_r2,
    prepare=_squares,
    worst=-1.0,
)
"""Coefficient of determination: 1 - squared error / squared deviation of the targets.

0 is the error of always answering the mean target; negative is worse than that. (What some tables
call R2 is `PEARSON_SQUARED`.) 0 where all targets are equal and an answer is wrong.
"""


def _sirna_row(outcome: Outcome) -> tuple[float, ...]:
    """Return (error, answers in range, their error, true, false and missed positives)."""
    target = float(outcome.target)
    low = target < SIRNA_LOW
    if outcome.fault is not None:
        return SIRNA_SCALE, 0.0, 0.0, 0.0, float(not low), float(low)
    value = float(outcome.value)
    error, said = abs(value - target), value < SIRNA_LOW
    inside = 0.0 <= value <= SIRNA_LOW
    counts = float(said and low), float(said and not low), float(low and not said)
    return error, float(inside), error if inside else 0.0, *counts


def _sirna_mixed(rows: Columns, weights: Columns) -> Columns:
    import numpy as np

    error, inside, range_error, true, false, missed = means(rows, weights).T
    named = 2 * true + false + missed
    # Nothing was low and nothing was called low: there is no error to find.
    nothing = named == 0
    f1 = np.divide(2 * true, named, out=np.ones_like(named), where=~nothing)
    fallback = np.where(nothing, 0.0, SIRNA_SCALE)
    in_range = np.divide(range_error, inside, out=fallback, where=inside > 0)
    closeness = 1 - np.minimum(error, SIRNA_SCALE) / SIRNA_SCALE
    low_closeness = 1 - np.minimum(in_range, SIRNA_SCALE) / SIRNA_SCALE
    return 0.5 * closeness + 0.5 * f1 * low_closeness


SIRNA_MIXED = Metric(
    "siRNA mixed score",
    "higher",
    "share",
    "errs by 100 and is of the wrong class",
    table(_sirna_row, 6),
    statistic=_sirna_mixed,
)
"""Mixed score of siRNA efficacy (per cent of mRNA left): 0.5 (1 - MAE/100) + 0.5 F1 (1 - MAE'/100).

F1 is of "below 30"; MAE' is the error of the answers within 0 to 30 (100 if there is none). As in
Biology-Instructions (arXiv 2412.19191), but over all outcomes.
"""
