"""The metric of sets of names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scireasoner.metrics.metric import Metric
from scireasoner.types import Outcome

if TYPE_CHECKING:
    from scireasoner.metrics.metric import Columns


def _counts(outcomes: Sequence[Outcome]) -> Columns:
    """Return (hits, answered names, target names) per outcome."""
    import numpy as np

    rows = []
    for outcome in outcomes:
        target = frozenset(outcome.target)
        value = frozenset(outcome.value) if outcome.fault is None else frozenset()
        rows.append((len(value & target), len(value), len(target)))
    return np.array(rows, dtype=np.float64).reshape(-1, 3)


def _micro_f1(rows: Columns) -> float:
    hits, answered, target = rows.sum(axis=0)
    # Nothing asked for and nothing named is a perfect answer.
    return float(2 * hits / (answered + target)) if answered + target else 1.0


ENTITY_F1 = Metric(
    "entity F1", "higher", "share", "misses all names of its target", _counts, statistic=_micro_f1
)
"""Micro-averaged F1 over all names of all outcomes (the mean per outcome is ``SCORE``)."""
