"""The largest F1 over all thresholds (Fmax) of hard answers, as the released code computes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Column: TypeAlias = NDArray[np.float32]


def f1_max(pairs: Sequence[tuple[set[int], set[int]]], labels: int) -> float | None:
    """Return the Fmax of (answered, gold) sets of label indices below ``labels``.

    The threshold is moved through ties one answer at a time, so that the order of the items and
    of the labels matters. Single precision with double sums, as the released code: its last
    digits are part of the number. None without items or labels.
    Method: protein-centric Fmax of CAFA, doi:10.1038/nmeth.2340.
    """
    import numpy as np

    if not pairs or not labels:
        return None
    single = np.float32
    items = len(pairs)
    answered = np.zeros((items, labels), dtype=np.int8)
    gold = np.zeros((items, labels), dtype=single)
    for i, (said, true) in enumerate(pairs):
        answered[i, list(said)] = 1
        gold[i, list(true)] = 1
    order = np.argsort(-answered, axis=1, kind="stable")
    hits = np.cumsum(np.take_along_axis(gold, order, axis=1), axis=1, dtype=np.float64)
    hits = hits.astype(single)
    precision = hits / np.arange(1, labels + 1, dtype=single)
    recall = hits / (gold.sum(axis=1, keepdims=True, dtype=single) + single(1e-10))
    steps = []
    for curve in (precision, recall):
        steps.append(np.diff(curve, axis=1, prepend=single(0)))
    # All answered labels of all items in their order, then all others: place by (item, rank).
    rank_is_answered = np.arange(labels) < answered.sum(axis=1, keepdims=True)
    flat = rank_is_answered.ravel()
    path = np.concatenate([np.flatnonzero(flat), np.flatnonzero(~flat)])
    started = np.cumsum(path % labels == 0).astype(single)
    mean_precision = _running(steps[0].ravel()[path]) / started
    mean_recall = _running(steps[1].ravel()[path]) / single(items)
    f1 = single(2) * mean_precision * mean_recall
    f1 /= mean_precision + mean_recall + single(1e-10)
    return float(f1.max())


def _running(values: Column) -> Column:
    import numpy as np

    return np.cumsum(values, dtype=np.float64).astype(np.float32)
