"""Metrics of class labels. A fault is a miss of its target, and no class of its own in averages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from scireasoner.metrics.metric import Metric
from scireasoner.types import Outcome

if TYPE_CHECKING:
    from scireasoner.metrics.metric import Columns

_FAULT = 0  # the code of "no class"; real classes are coded from 1


def _codes(outcomes: Sequence[Outcome]) -> Columns:
    """Return (target code, predicted code) per outcome."""
    import numpy as np

    # First-seen order, not a set: the coding must not depend on hashing.
    known: dict[object, int] = {}
    rows = []
    for outcome in outcomes:
        target = known.setdefault(outcome.target, len(known) + 1)
        if outcome.fault is None:
            rows.append((target, known.setdefault(outcome.value, len(known) + 1)))
        else:
            rows.append((target, _FAULT))
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


def _confusion(rows: Columns) -> Any:
    """Return the count matrix [target, predicted], the fault code included."""
    import numpy as np

    codes = rows.astype(np.int64)
    size = int(codes.max()) + 1
    counts = np.bincount(codes[:, 0] * size + codes[:, 1], minlength=size * size)
    return counts.reshape(size, size).astype(np.float64)


def _balanced_accuracy(rows: Columns) -> float:
    table = _confusion(rows)
    support = table.sum(axis=1)
    present = support > 0
    return float((table.diagonal()[present] / support[present]).mean())


def _macro_f1(rows: Columns) -> float:
    table = _confusion(rows)
    total = table.sum(axis=0) + table.sum(axis=1)
    seen = total > 0
    seen[_FAULT] = False
    return float((2 * table.diagonal()[seen] / total[seen]).mean())


def _mcc(rows: Columns) -> float:
    table = _confusion(rows)
    n, right = table.sum(), table.trace()
    predicted, target = table.sum(axis=0), table.sum(axis=1)
    spread = math.sqrt(float((n * n - predicted @ predicted) * (n * n - target @ target)))
    return float(n * right - predicted @ target) / spread if spread > 0 else 0.0


BALANCED_ACCURACY = Metric(
    "balanced accuracy",
    "higher",
    "share",
    "misses its target",
    _codes,
    statistic=_balanced_accuracy,
)
"""Mean recall of the target classes."""

MACRO_F1 = Metric("macro F1", "higher", "share", "misses its target", _codes, statistic=_macro_f1)
"""Mean F1 of all classes that occur as target or answer."""

MCC = Metric(
    "Matthews correlation",
    "higher",
    "correlation",
    "is an answer of a class that is never right",
    _codes,
    statistic=_mcc,
)
"""Matthews correlation, multi-class form (Gorodkin, doi:10.1016/j.compbiolchem.2004.09.006).

0 when all answers, or all targets, are one class: no association can be seen.
"""
