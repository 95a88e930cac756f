"""Metrics of sets of names (entities, functions, tissues). Order and repeats do not count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scireasoner.metrics.metric import Metric
from scireasoner.metrics.resampling import means
from scireasoner.metrics.rows import column, table
from scireasoner.types import Outcome

if TYPE_CHECKING:
    from scireasoner.metrics.resampling import Columns

_MISSES = "misses all names of its target"


def _counts(outcome: Outcome) -> tuple[float, float, float]:
    """Return (hits, answered names, target names)."""
    target = frozenset(outcome.target)
    value = frozenset(outcome.value) if outcome.fault is None else frozenset()
    return float(len(value & target)), float(len(value)), float(len(target))


def _share(part: float, whole: float, empty: bool) -> float:
    """Return part / whole; of nothing, 1 if nothing was right and 0 otherwise."""
    return part / whole if whole else float(empty)


def _precision(outcome: Outcome) -> float:
    hits, answered, target = _counts(outcome)
    return _share(hits, answered, outcome.fault is None and not target)


def _recall(outcome: Outcome) -> float:
    hits, answered, target = _counts(outcome)
    return _share(hits, target, outcome.fault is None and not answered)


def _f1(outcome: Outcome) -> float:
    hits, answered, target = _counts(outcome)
    return _share(2 * hits, answered + target, outcome.fault is None)


SET_F1 = Metric("set F1", "higher", "share", "scores 0", column(_f1))
"""Mean over the outcomes of the F1 of names; naming nothing where nothing is right scores 1."""

SET_PRECISION = Metric("set precision", "higher", "share", "scores 0", column(_precision))
"""Mean over the outcomes of the share of named ones that are right."""

SET_RECALL = Metric("set recall", "higher", "share", "scores 0", column(_recall))
"""Mean over the outcomes of the share of right ones that are named."""


def _micro_row(outcome: Outcome) -> tuple[float, float]:
    """Return (2 hits, named and right ones together)."""
    hits, answered, target = _counts(outcome)
    if outcome.fault is not None and not target:
        return 0.0, 1.0  # a fault is no empty answer
    return 2 * hits, answered + target


def _micro_f1(rows: Columns, weights: Columns) -> Columns:
    import numpy as np

    hits, names = means(rows, weights).T
    # Nothing asked for and nothing named is a perfect answer.
    return np.divide(hits, names, out=np.ones_like(names), where=names > 0)


def _micro(name: str) -> Metric:
    return Metric(name, "higher", "share", _MISSES, table(_micro_row, 2), statistic=_micro_f1)


ENTITY_F1 = _micro("entity F1")
"""Micro-averaged F1 over all names of all outcomes (the mean per outcome is `SET_F1`)."""

MICRO_F1 = _micro("micro F1")
"""`ENTITY_F1` of label sets: all labels of all outcomes counted together."""


def _fmax_row(outcome: Outcome) -> tuple[float, float, float]:
    """Return (whether anything was named, precision, recall)."""
    hits, answered, target = _counts(outcome)
    named = float(answered > 0)
    return named, hits / answered if answered else 0.0, hits / target if target else 0.0


def _fmax(rows: Columns, weights: Columns) -> Columns:
    import numpy as np

    named, precision, recall = means(rows, weights).T
    precision = np.divide(precision, named, out=np.zeros_like(named), where=named > 0)
    both = precision + recall
    return np.divide(2 * precision * recall, both, out=np.zeros_like(both), where=both > 0)


FMAX = Metric(
    "Fmax of hard sets",
    "higher",
    "share",
    _MISSES,
    table(_fmax_row, 3),
    statistic=_fmax,
)
"""Protein-centric F of CAFA (doi:10.1038/nmeth.2340): precision averaged over the proteins with
an answer, recall over all. Answers without probabilities allow one threshold only, so there is no
maximum to take."""
