"""Metrics of class labels. A fault is a miss of its target, and no class of its own in averages."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scireasoner.errors import TaskError
from scireasoner.metrics.metric import Metric
from scireasoner.metrics.resampling import sums_by_code
from scireasoner.metrics.rows import code, table, value_code
from scireasoner.types import Outcome

if TYPE_CHECKING:
    from scireasoner.metrics.resampling import Columns

_FAULT = 0  # the code of "no class"; real classes are coded from 1
POSITIVE = frozenset({"yes", "true", "positive", "1"})
"""Labels, in lower case, that mean yes."""


def _codes(rows: Columns) -> Columns:
    """Return (target, answer) as codes from 1, 0 for a fault."""
    import numpy as np

    _, order = np.unique(rows, return_inverse=True)
    return np.where(np.isnan(rows), float(_FAULT), order.reshape(rows.shape) + 1.0)


@dataclass(frozen=True)
class _Table:
    """What class metrics need of the confusion matrices of all resamples.

    Each has the shape (resamples, classes), the class "fault" first.
    """

    right: Any
    predicted: Any
    target: Any


def _table(rows: Columns, weights: Columns) -> _Table:
    import numpy as np

    codes = rows.astype(np.int64)
    size = int(codes.max()) + 1
    hit = codes[:, 0] == codes[:, 1]
    return _Table(
        right=sums_by_code(weights * hit, codes[:, 0], size),
        predicted=sums_by_code(weights, codes[:, 1], size),
        target=sums_by_code(weights, codes[:, 0], size),
    )


def _mean_of_seen(part: Columns, whole: Columns) -> Columns:
    """Return the mean of part / whole over the classes with a whole, in each resample."""
    import numpy as np

    seen = whole > 0
    ratio = np.divide(part, whole, out=np.zeros_like(part), where=seen)
    averages: Columns = ratio.sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    return averages


def _balanced_accuracy(rows: Columns, weights: Columns) -> Columns:
    found = _table(rows, weights)
    return _mean_of_seen(found.right, found.target)


def _macro_f1(rows: Columns, weights: Columns) -> Columns:
    found = _table(rows, weights)
    whole = found.predicted + found.target
    return _mean_of_seen(2 * found.right[:, 1:], whole[:, 1:])


def _mcc(rows: Columns, weights: Columns) -> Columns:
    import numpy as np

    found = _table(rows, weights)
    n = weights.sum(axis=1)
    agreement = n * found.right.sum(axis=1) - (found.predicted * found.target).sum(axis=1)
    spread = np.sqrt(
        (n * n - (found.predicted**2).sum(axis=1)) * (n * n - (found.target**2).sum(axis=1))
    )
    return np.divide(agreement, spread, out=np.zeros_like(spread), where=spread > 0)


def _class_metric(name: str, scale: str, on_fault: str, statistic: Any) -> Metric:
    return Metric(
        name,
        "higher",
        scale,
        on_fault,
        table(lambda o: (code(o.target), value_code(o)), 2),
        statistic=statistic,
        prepare=_codes,
    )


BALANCED_ACCURACY = _class_metric(
    "balanced accuracy", "share", "misses its target", _balanced_accuracy
)
"""Mean recall of the target classes."""

MACRO_F1 = _class_metric("macro F1", "share", "misses its target", _macro_f1)
"""Mean F1 of all classes that occur as target or answer."""

MCC = _class_metric(
    "Matthews correlation", "correlation", "is an answer of a class that is never right", _mcc
)
"""Matthews correlation, multi-class form (Gorodkin, doi:10.1016/j.compbiolchem.2004.09.006).

0 when all answers, or all targets, are one class: no association can be seen.
"""


def _ranked(rows: Columns) -> Columns:
    """Replace the probabilities by their order; equal ones share a code."""
    import numpy as np

    _, order = np.unique(rows[:, 0], return_inverse=True)
    return np.stack([order.astype(np.float64), rows[:, 1]], axis=1)


def _auc(rows: Columns, weights: Columns) -> Columns:
    """Return the share of (positive, negative) pairs in the right order; ties count half."""
    import numpy as np

    order, positive = rows[:, 0].astype(np.int64), rows[:, 1]
    size = int(order.max()) + 1
    found = np.full(len(weights), 0.5)
    for i, drawn in enumerate(weights):
        above = np.bincount(order, drawn * positive, minlength=size)
        below = np.bincount(order, drawn, minlength=size) - above
        behind = np.cumsum(below)
        pairs = above.sum() * behind[-1]
        if pairs > 0:
            found[i] = (above @ behind - above @ below / 2) / pairs
    return found


def _has_probabilities(rows: Columns) -> bool:
    """Return whether every answer has a probability, and there is an answer."""
    import numpy as np

    known = rows[:, 0]
    return bool(not np.isnan(known).any() and ((known >= 0) & (known <= 1)).any())


def roc_auc(positive: str | None = None) -> Metric:
    """Return the area under the ROC curve from the model's own probabilities.

    Where an answer lacks its probability, `BALANCED_ACCURACY` takes its place, under its own name
    (an "AUC" of hard labels is that). 0.5 where all targets are of one class.

    Parameters
    ----------
    positive : the label that the probability is of; None takes True, "Yes" and the like.
    """

    def is_positive(target: object) -> bool:
        if isinstance(target, bool):
            return target
        plain = str(target).strip().lower()
        return plain in POSITIVE if positive is None else plain == positive.lower()

    def row(outcome: Outcome) -> tuple[float, float]:
        """Return (probability, whether the target is positive), NaN for one that is not known."""
        yes = is_positive(outcome.target)
        if outcome.fault is not None:
            return -1.0 if yes else 2.0, float(yes)
        return math.nan if outcome.probability is None else outcome.probability, float(yes)

    if positive is not None and not positive.strip():
        raise TaskError("the positive label of a ROC curve is empty; name one of the two labels")
    return Metric(
        "ROC AUC",
        "higher",
        "share",
        "is put at the wrong end of the order",
        table(row, 2),
        statistic=_auc,
        prepare=_ranked,
        applies=_has_probabilities,
        substitute=BALANCED_ACCURACY,
    )


ROC_AUC = roc_auc()
"""Area under the ROC curve of yes/no questions."""
