"""Correlation of numeric answers with their targets. A fault takes the mean of the answered ones.

That mean carries no information about the target, so leaving answers out never pays.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from scireasoner.metrics.metric import Metric
from scireasoner.metrics.resampling import centres, means
from scireasoner.types import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scireasoner.metrics.resampling import Columns

_CONSTANT = 1e-12  # of the whole variance: a resample that varies less has equal numbers
_ON_FAULT = "takes the mean of the answered predictions; 0 if all are equal"


def _numbers(value: object) -> tuple[float, ...]:
    """Return one number, or several outputs, as a tuple."""
    several = value if isinstance(value, tuple | list) else (value,)
    return tuple(map(float, several))


def _columns(outcomes: Sequence[Outcome]) -> Columns:
    """Return k answers (NaN for a fault) and then k targets an outcome."""
    import numpy as np

    rows = []
    for outcome in outcomes:
        target = _numbers(outcome.target)
        value = _numbers(outcome.value) if outcome.fault is None else (math.nan,) * len(target)
        rows.append((*value, *target))
    return np.array(rows, dtype=np.float64).reshape(len(rows), -1 if rows else 2)


def _filled(rows: Columns) -> Columns:
    import numpy as np

    return np.where(np.isnan(rows), centres(rows), rows)


def _standard(rows: Columns) -> Columns:
    """Fill in, and give each column mean 0 and deviation 1 (all 0 if it does not vary)."""
    import numpy as np

    rows = _filled(rows)
    constant = (rows == rows[:1]).all(axis=0)
    # Divided first, so that no square overflows.
    largest = np.abs(rows).max(axis=0)
    rows = rows / np.where(largest > 0, largest, 1.0)
    rows = rows - rows.mean(axis=0)
    deviation = np.sqrt((rows**2).mean(axis=0))
    scaled = rows / np.where(deviation > 0, deviation, 1.0)
    scaled[:, constant] = 0.0
    return scaled


def _correlations(rows: Columns, weights: Columns) -> Columns:
    """Return Pearson's correlation of each output, shape (resamples, k)."""
    import numpy as np

    outputs = rows.shape[1] // 2
    x, y = rows[:, :outputs], rows[:, outputs:]
    moments = means(np.hstack([x, y, x * x, y * y, x * y]), weights)
    mx, my, mxx, myy, mxy = np.split(moments, 5, axis=1)
    vx, vy = mxx - mx * mx, myy - my * my
    varies = (vx > _CONSTANT) & (vy > _CONSTANT)
    spread = np.sqrt(np.where(varies, vx * vy, 1.0))
    return np.clip(np.where(varies, mxy - mx * my, 0.0) / spread, -1.0, 1.0)


def _mean_pearson(rows: Columns, weights: Columns) -> Columns:
    found: Columns = _correlations(rows, weights).mean(axis=1)
    return found


def _mean_squared(rows: Columns, weights: Columns) -> Columns:
    found: Columns = (_correlations(rows, weights) ** 2).mean(axis=1)
    return found


PEARSON = Metric(
    "Pearson correlation",
    "higher",
    "correlation",
    _ON_FAULT,
    _columns,
    statistic=_mean_pearson,
    prepare=_standard,
)
"""Pearson's correlation of answers and targets; of several outputs, the mean over them."""

PEARSON_SQUARED = Metric(
    "Pearson squared",
    "higher",
    "squared correlation",
    _ON_FAULT,
    _columns,
    statistic=_mean_squared,
    prepare=_standard,
)
"""Pearson's correlation squared, of several outputs the mean. Blind to scale, offset and sign."""


def _orders(rows: Columns) -> Columns:
    """Fill in, and replace both columns by their order; equal numbers share a code."""
    import numpy as np

    filled = _filled(rows)
    orders = [np.unique(filled[:, i], return_inverse=True)[1] for i in (0, 1)]
    return np.stack(orders, axis=1).astype(np.float64)


# Resamples at a time: all that they take stays in the processor's cache.
_BLOCK = 32


def _ranker(codes: Any) -> Callable[[Columns], Columns]:
    """Return what turns weights (rows, resamples) into the ranks of the rows, their mean being 0.

    Rows of one code share the middle of their ranks.
    """
    import numpy as np

    order = np.argsort(codes, kind="stable")
    counts = np.unique(codes, return_counts=True)[1]
    ends = np.cumsum(counts) - 1
    place = np.empty_like(order)
    place[order] = np.repeat(np.arange(len(ends)), counts)

    def ranks(weights: Columns) -> Columns:
        upper = np.cumsum(weights[order], axis=0)
        if len(ends) < len(order):
            upper = upper[ends]
        # The middle of a code lies between the running counts before it and up to it.
        middle = upper - upper[-1:]
        middle[1:] += upper[:-1]
        middle /= 2.0
        found: Columns = middle[place]
        return found

    return ranks


def _spearman(rows: Columns, weights: Columns) -> Columns:
    import numpy as np

    first, second = (_ranker(codes) for codes in rows.astype(np.int64).T)
    found = np.zeros(len(weights))
    for start in range(0, len(weights), _BLOCK):
        # Resamples side by side, so that whole lines of memory are moved and added.
        drawn = np.ascontiguousarray(weights[start : start + _BLOCK].T)
        x, y = first(drawn), second(drawn)
        weighted = drawn * x
        both, one = (weighted * y).sum(axis=0), (weighted * x).sum(axis=0)
        spread = np.sqrt(one * (drawn * y * y).sum(axis=0))
        # Constant answers (or targets) say nothing about the order.
        np.divide(both, spread, out=found[start : start + _BLOCK], where=spread > 0)
    return np.clip(found, -1.0, 1.0)


SPEARMAN = Metric(
    "Spearman correlation",
    "higher",
    "correlation",
    _ON_FAULT,
    _columns,
    statistic=_spearman,
    prepare=_orders,
)
"""Spearman's rank correlation of answers and targets (ties share their mean rank)."""
