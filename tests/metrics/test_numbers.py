"""Metrics of numbers against scikit-learn, SciPy and their definitions written out."""

from __future__ import annotations

import math
import random
import warnings
from collections.abc import Sequence

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics as reference

from scireasoner.metrics import (
    MAD_OVER_MAE,
    PEARSON,
    PEARSON_SQUARED,
    R2,
    SIRNA_MIXED,
    SPEARMAN,
    Metric,
    accuracy_above,
)
from scireasoner.types import Fault, Outcome

Numbers = Sequence[float | None]


def outcomes(values: Sequence[object], targets: Sequence[object]) -> list[Outcome]:
    """A value of None is a fault."""
    return [
        Outcome(f"s{i}", v, t, 0.0, v == t, Fault.NO_ANSWER if v is None else None)
        for i, (v, t) in enumerate(zip(values, targets, strict=True))
    ]


def data(seed: int, n: int = 80) -> tuple[list[float], list[float]]:
    rng = random.Random(seed)
    targets = [round(rng.uniform(-5, 95), rng.choice([0, 4])) for _ in range(n)]
    return [t + rng.gauss(0, 12) for t in targets], targets


@pytest.mark.parametrize("seed", range(6))
def test_numbers_agree_with_the_references(seed: int) -> None:
    values, targets = data(seed)
    judged = outcomes(values, targets)
    correlation = stats.pearsonr(values, targets).statistic
    spread = np.abs(np.array(targets) - np.mean(targets)).mean()
    expected = {
        PEARSON: correlation,
        PEARSON_SQUARED: correlation**2,
        SPEARMAN: stats.spearmanr(values, targets).statistic,
        R2: reference.r2_score(targets, values),
        MAD_OVER_MAE: spread / reference.mean_absolute_error(targets, values),
        accuracy_above(30): np.mean((np.array(values) > 30) == (np.array(targets) > 30)),
    }
    for metric, number in expected.items():
        assert metric.compute(judged) == pytest.approx(number, abs=1e-12), metric.name


def test_a_fault_takes_the_mean_of_the_answered_ones() -> None:
    values: Numbers = [1.0, None, 5.0, 4.0, None]
    targets = [1.0, 2.0, 4.0, 6.0, -3.0]
    filled = [v if v is not None else 10 / 3 for v in values]
    judged = outcomes(values, targets)
    assert PEARSON.compute(judged) == pytest.approx(stats.pearsonr(filled, targets).statistic)
    assert SPEARMAN.compute(judged) == pytest.approx(stats.spearmanr(filled, targets).statistic)


def test_several_outputs_are_averaged() -> None:
    (a, x), (b, y) = data(1), data(2)
    judged = outcomes(list(zip(a, b, strict=True)), list(zip(x, y, strict=True)))
    both = [stats.pearsonr(a, x).statistic, stats.pearsonr(b, y).statistic]
    assert PEARSON.compute(judged) == pytest.approx(np.mean(both))
    assert PEARSON_SQUARED.compute(judged) == pytest.approx(np.mean(np.square(both)))


@pytest.mark.parametrize(
    ("metric", "values", "targets", "expected"),
    [
        (PEARSON, [2, 4, 6], [-1, -2, -3], -1.0),
        (PEARSON_SQUARED, [2, 4, 6], [-1, -2, -3], 1.0),  # blind to the sign
        (PEARSON, [1, 1, 1], [1, 2, 3], 0.0),
        (PEARSON, [1, 2, 3], [2, 2, 2], 0.0),
        (PEARSON, [0.1] * 10, [0.3] * 10, 0.0),  # not a matter of rounding
        (PEARSON, [None] * 3 + [0.1] * 7, range(10), 0.0),
        (PEARSON_SQUARED, [None] * 3 + [0.7] * 7, range(10), 0.0),
        (SPEARMAN, [None] * 3 + [0.1] * 7, range(10), 0.0),
        (PEARSON, [1e300, -1e300, 5e299], [1, -1, 0.5], 1.0),
        (R2, [2, 2, 2], [1, 2, 3], 0.0),  # the mean target
        (R2, [3, 2, 1], [1, 2, 3], -3.0),
        (R2, [None, None, None], [1, 2, 3], -1.0),
        (R2, [2, 2], [2, 2], 1.0),
        (R2, [2, 3], [2, 2], 0.0),
        (MAD_OVER_MAE, [2, 2, 2], [1, 2, 3], 1.0),
        (MAD_OVER_MAE, [None, None, None], [1, 2, 3], 0.5),
        (MAD_OVER_MAE, [2, 2], [2, 2], 1000.0),
        (MAD_OVER_MAE, [2, 3], [2, 2], 0.0),
        (MAD_OVER_MAE, [None, None], [2, 2], 0.0),
        (MAD_OVER_MAE, [None, *[0.1] * 5], [0.1] * 6, 0.0),
        (MAD_OVER_MAE, [1, 2, 3.000001], [1, 2, 3], 1000.0),  # as good as right
        (accuracy_above(1), [1.0, 1.5, None], [0.5, 1.2, 3.0], 2 / 3),
    ],
)
def test_edges_have_a_stated_value(
    metric: Metric, values: Numbers, targets: Sequence[float], expected: float
) -> None:
    assert metric.compute(outcomes(values, targets)) == pytest.approx(expected)


def sirna(values: Numbers, targets: Sequence[float]) -> float:
    """The definition written out, a fault being an error of 100 of the wrong class."""
    pairs = list(zip(values, targets, strict=True))
    errors = [100 if v is None else abs(v - t) for v, t in pairs]
    low = [t < 30 for t in targets]
    said = [not is_low if v is None else v < 30 for v, is_low in zip(values, low, strict=True)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        f1 = reference.f1_score(low, said)
    near = [abs(v - t) for v, t in pairs if v is not None and 0 <= v <= 30]
    near_error = min(100, np.mean(near)) if near else 100
    return 0.5 * (1 - min(100, np.mean(errors)) / 100) + 0.5 * f1 * (1 - near_error / 100)


@pytest.mark.parametrize("seed", range(6))
def test_the_mixed_score_is_as_defined(seed: int) -> None:
    rng = random.Random(seed)
    exact, targets = data(seed)
    values = [None if rng.random() < 0.1 else v for v in exact]
    found = SIRNA_MIXED.compute(outcomes(values, targets))
    assert found == pytest.approx(sirna(values, targets), abs=1e-12)


@pytest.mark.parametrize(
    ("values", "targets", "expected"),
    [
        ([90.0], [90.0], 1.0),  # nothing is low, and nothing was called low
        ([None], [90.0], 0.0),
        ([None], [10.0], 0.0),
        ([1e6], [10.0], 0.0),
        ([50.0], [10.0], 0.3),  # the low one is missed
        ([10.0], [50.0], 0.3),  # a high one is called low
        ([0.0], [20.0], 0.8),
    ],
)
def test_known_mixed_scores(values: Numbers, targets: list[float], expected: float) -> None:
    assert SIRNA_MIXED.compute(outcomes(values, targets)) == pytest.approx(expected)


def test_answering_one_easy_row_never_pays() -> None:
    values, targets = data(0, 30)
    blank = outcomes([targets[0]] + [None] * 29, targets)
    for metric in (MAD_OVER_MAE, R2, SIRNA_MIXED, PEARSON):
        assert metric.compute(blank) < metric.compute(outcomes(values, targets)), metric.name
    assert math.isfinite(MAD_OVER_MAE(blank).high)
