"""Correlation of numeric answers with their targets. A fault takes the mean of the answered ones.

That mean carries no information about the target, so leaving answers out never pays.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from scireasoner.metrics.metric import Metric
from scireasoner.metrics.resampling import means
from scireasoner.types import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

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

    missing = np.isnan(rows)
    answered = np.maximum((~missing).sum(axis=0), 1)
    filler = np.where(missing, 0.0, rows).sum(axis=0) / answered
    return np.where(missing, filler, rows)


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


def _ranks(codes: Any, size: int, weights: Columns) -> Columns:
    """Return the rank of each row in one resample, the mean rank being 0; ties share theirs."""
    import numpy as np

    counts = np.bincount(codes, weights, minlength=size)
    ranks = np.cumsum(counts)
    # The rows of a code have the ranks up to their running count; their middle is shared.
    ranks -= (counts + ranks[-1]) / 2.0
    found: Columns = ranks.take(codes)
    return found


def _spearman(rows: Columns, weights: Columns) -> Columns:
    import numpy as np

    codes = rows.astype(np.int64)
    first, second = np.ascontiguousarray(codes[:, 0]), np.ascontiguousarray(codes[:, 1])
    sizes = codes.max(axis=0) + 1
    found = np.zeros(len(weights))
    # Resample by resample, so that all it takes stays in the processor's cache.
    for i, drawn in enumerate(weights):
        x, y = _ranks(first, sizes[0], drawn), _ranks(second, sizes[1], drawn)
        weighted = drawn * x
        spread = math.sqrt(float(weighted @ x) * float((drawn * y) @ y))
        # Constant answers (or targets) say nothing about the order.
        found[i] = float(weighted @ y) / spread if spread > 0 else 0.0
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
