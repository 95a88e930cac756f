"""Whether one model beats another on the same samples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from scireasoner.errors import InputError
from scireasoner.metrics.metric import Metric
from scireasoner.metrics.resampling import draws, merged, percentiles
from scireasoner.types import OUR_FAULTS, Estimate, Outcome

if TYPE_CHECKING:
    from scireasoner.metrics.resampling import Columns


def paired_difference(
    a: Sequence[Outcome], b: Sequence[Outcome], metric: Metric, seed: int = 0
) -> Estimate:
    """Return metric(a) - metric(b) with a paired-bootstrap 95 % interval.

    Outcomes are paired by sample id (the k-th outcome of a sample with the k-th); each resample
    draws the same samples for both. ``answered`` is the share of pairs without a fault on
    either side. Pairs that our own failure touches are left out.

    Raises
    ------
    InputError : if the two do not cover the same samples, or no pair is left.
    """
    metric = metric.resolve([*a, *b])
    both = _paired(metric.counted(a), metric.counted(b))
    pairs = [(x, y) for x, y in both if not {x.fault, y.fault} & OUR_FAULTS]
    if not pairs:
        raise InputError("no pair of outcomes to compare: score both models on the same samples")
    rows_a = metric.columns([x for x, _ in pairs])
    rows_b = metric.columns([y for _, y in pairs])
    answered = sum(x.fault is None and y.fault is None for x, y in pairs) / len(pairs)
    return paired_rows(metric, rows_a, rows_b, answered, seed)


def paired_rows(
    metric: Metric, rows_a: Columns, rows_b: Columns, answered: float, seed: int = 0
) -> Estimate:
    """Return the same difference from what ``metric.columns`` gave for both, pair by pair.

    Parameters
    ----------
    rows_a, rows_b : shape (n, k), the same sample in the same place.
    answered : share of pairs without a fault on either side, in [0, 1].
    """
    rows_a, rows_b = metric.prepared(rows_a), metric.prepared(rows_b)
    value = metric.value(rows_a) - metric.value(rows_b)
    low, high = percentiles(_differences(metric, rows_a, rows_b, seed))
    return Estimate(value, len(rows_a), answered, min(low, value), max(high, value))


def _differences(metric: Metric, rows_a: Columns, rows_b: Columns, seed: int) -> Columns:
    """Return the difference on each resample of the paired rows, shape (RESAMPLES,)."""
    import numpy as np

    width = rows_a.shape[1]
    cells, counts = merged(np.hstack([rows_a, rows_b]))
    first, second = cells[:, :width], cells[:, width:]
    parts = [
        metric.values(first, weights) - metric.values(second, weights)
        for weights in draws(counts, seed)
    ]
    return np.concatenate(parts)


def _paired(a: Sequence[Outcome], b: Sequence[Outcome]) -> list[tuple[Outcome, Outcome]]:
    left, right = _keyed(a), _keyed(b)
    odd = next((key for key in [*left, *right] if key not in left or key not in right), None)
    if odd is not None:
        raise InputError(
            f"sample {odd[0]!r} was judged for one model only ({len(a)} outcomes against "
            f"{len(b)}): score both on the same samples"
        )
    return [(outcome, right[key]) for key, outcome in left.items()]


def _keyed(outcomes: Sequence[Outcome]) -> dict[tuple[str, int], Outcome]:
    seen: Counter[str] = Counter()
    keyed = {}
    for outcome in outcomes:
        keyed[outcome.sample_id, seen[outcome.sample_id]] = outcome
        seen[outcome.sample_id] += 1
    return keyed
