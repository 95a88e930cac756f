"""Whether one model beats another on the same samples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from scireasoner.errors import InputError
from scireasoner.metrics.metric import Metric, blocks, percentiles
from scireasoner.types import OUR_FAULTS, Estimate, Outcome


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
    import numpy as np

    pairs = [(x, y) for x, y in _paired(a, b) if not {x.fault, y.fault} & OUR_FAULTS]
    if not pairs:
        raise InputError("no pair of outcomes to compare: score both models on the same samples")
    rows_a = metric.columns([x for x, _ in pairs])
    rows_b = metric.columns([y for _, y in pairs])
    value = metric.value(rows_a) - metric.value(rows_b)
    parts = []
    for index in blocks(len(pairs), seed):
        if metric.statistic is None:
            parts.append((rows_a[:, 0] - rows_b[:, 0])[index].mean(axis=1))
        else:
            draws = [metric.value(rows_a[draw]) - metric.value(rows_b[draw]) for draw in index]
            parts.append(np.array(draws))
    low, high = percentiles(np.concatenate(parts))
    answered = sum(x.fault is None and y.fault is None for x, y in pairs) / len(pairs)
    return Estimate(value, len(pairs), answered, min(low, value), max(high, value))


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
