"""Metrics against scikit-learn and SciPy, on random and on degenerate outcomes."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics as reference

from scireasoner.errors import InputError, JudgeError, TaskError
from scireasoner.metrics import (
    ACCURACY,
    ANSWERED,
    BALANCED_ACCURACY,
    ENTITY_F1,
    MACRO_F1,
    MCC,
    SCORE,
    SPEARMAN,
    UNIQUENESS,
    VALIDITY,
    Metric,
    check_our_faults,
    mae,
    paired_difference,
    rmse,
)
from scireasoner.types import Fault, Outcome

MAE, RMSE = mae("K", -10, 10), rmse("K", -10, 10)
CLASS_METRICS = (ACCURACY, BALANCED_ACCURACY, MACRO_F1, MCC)
EVERY = (ACCURACY, SCORE, ANSWERED, VALIDITY, UNIQUENESS, MAE, RMSE, SPEARMAN, BALANCED_ACCURACY,
         MACRO_F1, MCC)  # fmt: skip


def outcomes(values: Sequence[Any], targets: Sequence[Any]) -> list[Outcome]:
    """A value of None is a fault."""
    return [
        Outcome(f"s{i}", v, t, float(v == t), v == t, Fault.NO_ANSWER if v is None else None)
        for i, (v, t) in enumerate(zip(values, targets, strict=True))
    ]


def numbers(seed: int, n: int = 60, ties: bool = False) -> tuple[list[float], list[float]]:
    rng = random.Random(seed)
    targets = [rng.uniform(-5, 5) for _ in range(n)]
    values = [t + rng.gauss(0, 2) for t in targets]
    if ties:
        return [float(round(v)) for v in values], [float(round(t)) for t in targets]
    return values, targets


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("ties", [False, True])
def test_errors_and_rank_correlation_agree_with_the_references(seed: int, ties: bool) -> None:
    values, targets = numbers(seed, ties=ties)
    judged = outcomes(values, targets)
    assert MAE.compute(judged) == pytest.approx(reference.mean_absolute_error(targets, values))
    assert RMSE.compute(judged) == pytest.approx(reference.root_mean_squared_error(targets, values))
    assert SPEARMAN.compute(judged) == pytest.approx(stats.spearmanr(values, targets).statistic)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("labels", ["ab", "abcd"])
def test_class_metrics_agree_with_scikit_learn(seed: int, labels: str) -> None:
    rng = random.Random(seed)
    targets = [rng.choice(labels) for _ in range(50)]
    values = [t if rng.random() < 0.6 else rng.choice(labels) for t in targets]
    judged = outcomes(values, targets)
    assert ACCURACY.compute(judged) == pytest.approx(reference.accuracy_score(targets, values))
    assert BALANCED_ACCURACY.compute(judged) == pytest.approx(
        reference.balanced_accuracy_score(targets, values)
    )
    assert MACRO_F1.compute(judged) == pytest.approx(
        reference.f1_score(targets, values, average="macro")
    )
    assert MCC.compute(judged) == pytest.approx(reference.matthews_corrcoef(targets, values))


@pytest.mark.parametrize("seed", range(3))
def test_a_fault_is_a_class_of_its_own_that_is_never_right(seed: int) -> None:
    rng = random.Random(seed)
    targets = [rng.choice("abc") for _ in range(50)]
    values = [rng.choice(["a", "b", "c", None]) for _ in targets]
    named = [v or "fault" for v in values]
    judged = outcomes(values, targets)
    assert MCC.compute(judged) == pytest.approx(reference.matthews_corrcoef(targets, named))
    assert MACRO_F1.compute(judged) == pytest.approx(
        reference.f1_score(targets, named, average="macro", labels=["a", "b", "c"])
    )
    assert BALANCED_ACCURACY.compute(judged) == pytest.approx(
        reference.recall_score(targets, named, average="macro", labels=["a", "b", "c"])
    )


@pytest.mark.parametrize(
    ("metric", "values", "targets", "expected"),
    [
        (SPEARMAN, [1.0] * 4, [1.0, 2.0, 3.0, 4.0], 0.0),  # constant answers
        (SPEARMAN, [1.0, 2.0], [3.0, 3.0], 0.0),  # constant targets
        (SPEARMAN, [1.0], [1.0], 0.0),
        (SPEARMAN, [4.0, 3.0, 2.0, 1.0], [1.0, 2.0, 3.0, 4.0], -1.0),  # never squared
        (SPEARMAN, [None] * 3, [1.0, 2.0, 3.0], 0.0),
        (MCC, ["a"] * 4, ["a", "a", "b", "b"], 0.0),
        (MCC, ["b", "a"], ["a", "b"], -1.0),
        (MCC, [None, None], ["a", "b"], 0.0),
        (BALANCED_ACCURACY, ["a"] * 10, ["a"] * 9 + ["b"], 0.5),
        (BALANCED_ACCURACY, ["a"], ["a"], 1.0),
        (MACRO_F1, [None], ["a"], 0.0),
        (MAE, [None, None], [-10.0, 4.0], 17.0),  # 20 and 14: the farthest answers in range
        (MAE, [2.0, None], [2.0, 0.0], 5.0),
        (RMSE, [None], [5.0], 15.0),
        (UNIQUENESS, ["a", "a", "b", None], [None] * 4, 0.5),
        (ANSWERED, ["a", None, None, None], ["a"] * 4, 0.25),
        (VALIDITY, ["a", None], [None, None], 0.5),
    ],
)
def test_degenerate_outcomes_have_a_stated_value(
    metric: Metric, values: list[Any], targets: list[Any], expected: float
) -> None:
    assert metric.compute(outcomes(values, targets)) == pytest.approx(expected)


def test_missing_answers_never_pay() -> None:
    values, targets = numbers(0, n=20)
    # published: one good answer and the rest blank is a perfect score
    blank = outcomes([targets[0]] + [None] * 19, targets)
    assert MAE.compute(blank) > MAE.compute(outcomes(values, targets))
    half = outcomes([*values[:10], *[None] * 10], targets)
    assert SPEARMAN.compute(half) < SPEARMAN.compute(outcomes(values, targets))


@pytest.mark.parametrize("metric", EVERY, ids=lambda m: m.name)
def test_all_right_is_best_and_all_faults_are_worst(metric: Metric) -> None:
    targets = [1.0, -2.0, 3.0, 5.0]
    assert metric.compute(outcomes(targets, targets)) == pytest.approx(metric.best)
    worst = metric.compute(outcomes([None] * 4, targets))
    if metric.worst is None:
        assert worst > 10
    else:
        assert worst == pytest.approx(metric.worst)


@pytest.mark.parametrize("metric", [*EVERY, ENTITY_F1], ids=lambda m: m.name)
def test_our_own_failures_are_left_out_and_nothing_left_is_an_error(metric: Metric) -> None:
    target: Any = (1.0,) if metric is ENTITY_F1 else 1.0
    other: Any = (2.0,) if metric is ENTITY_F1 else 2.0
    good = [Outcome("a", target, target, 1, True, None), Outcome("b", other, other, 1, True, None)]
    ours = Outcome("c", None, None, 0, False, Fault.BAD_GOLD)
    assert metric.compute([*good, ours]) == metric.compute(good)
    assert metric([*good, ours]).n == 2
    for none in ([], [ours]):
        with pytest.raises(JudgeError, match="none can be judged"):
            metric(none)


def test_entity_f1_is_micro_averaged() -> None:
    judged = [
        Outcome("a", ("x", "y"), ("x", "z"), 0.5, False, None),
        Outcome("b", None, ("u", "v"), 0, False, Fault.REFUSED),
    ]
    assert ENTITY_F1.compute(judged) == pytest.approx(2 * 1 / (2 + 4))
    assert ENTITY_F1.compute([Outcome("a", (), (), 1, True, None)]) == 1.0


def test_the_interval_holds_the_value_is_seeded_and_narrows() -> None:
    rng = random.Random(1)
    small = outcomes([rng.choice("ab") for _ in range(40)], ["a"] * 40)
    first = ACCURACY(small)
    spread = outcomes(*numbers(2))
    assert MAE(spread) == MAE(spread)
    assert MAE(spread) != MAE(spread, seed=1)
    assert first.low < first.value < first.high
    # the bootstrap of a share agrees with the normal approximation
    half = 1.96 * math.sqrt(first.value * (1 - first.value) / 40)
    assert first.high - first.low == pytest.approx(2 * half, rel=0.15)
    large = ACCURACY(small * 25)
    assert large.high - large.low < (first.high - first.low) / 3


@pytest.mark.parametrize("metric", [MAE, RMSE, SPEARMAN], ids=lambda m: m.name)
def test_every_interval_holds_its_value(metric: Metric) -> None:
    estimate = metric(outcomes(*numbers(3)))
    assert estimate.low < estimate.value < estimate.high
    assert estimate.answered == 1.0


@pytest.mark.parametrize("n", [1, 8, 100])
def test_a_constant_share_gets_the_wilson_interval(n: int) -> None:
    ci = stats.binomtest(n, n).proportion_ci(method="wilson")
    estimate = ACCURACY(outcomes(["a"] * n, ["a"] * n))
    assert (estimate.low, estimate.high) == pytest.approx((ci.low, 1.0))
    none = ACCURACY(outcomes(["b"] * n, ["a"] * n))
    assert (none.low, none.high) == pytest.approx((0.0, 1 - ci.low))


def test_blocks_do_not_change_the_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    from scireasoner.metrics import resampling as module

    judged = outcomes(*numbers(4))
    whole = MAE(judged)
    monkeypatch.setattr(module, "_BLOCK_CELLS", 100)
    again = MAE(judged)
    assert (again.low, again.high) == pytest.approx((whole.low, whole.high), rel=1e-12)


def test_a_paired_difference_is_sharper_than_two_intervals() -> None:
    rng = np.random.default_rng(0)
    hard = rng.random(200)
    a = [Outcome(f"{i}", 1, 1, float(h), False, None) for i, h in enumerate(hard)]
    b = [Outcome(f"{i}", 1, 1, float(h) * 0.9, False, None) for i, h in enumerate(hard)]
    gain = paired_difference(a, list(reversed(b)), SCORE)
    assert gain.value == pytest.approx(0.1 * hard.mean())
    assert 0 < gain.low < gain.value < gain.high
    assert SCORE(a).low < SCORE(b).high  # unpaired intervals overlap
    same = paired_difference(a, a, SPEARMAN)
    assert (same.value, same.low, same.high) == (0, 0, 0)


def test_a_paired_difference_needs_the_same_samples() -> None:
    a = outcomes(["x", "y"], ["x", "x"])
    with pytest.raises(InputError, match="'s1' was judged for one model only"):
        paired_difference(a, a[:1], ACCURACY)
    ours = [Outcome("s0", None, None, 0, False, Fault.TOOL_FAILED)]
    with pytest.raises(InputError, match="no pair"):
        paired_difference(a[:1], ours, ACCURACY)


def test_rollouts_of_one_sample_are_paired_in_order() -> None:
    a = [Outcome("s", 1, 1, x, False, None) for x in (0.5, 0.7)]
    b = [Outcome("s", 1, 1, x, False, None) for x in (0.4, 0.6)]
    assert paired_difference(a, b, SCORE).value == pytest.approx(0.1)


@pytest.mark.parametrize(("ours", "stops"), [(0, False), (2, False), (3, True), (100, True)])
def test_too_many_failures_of_ours_stop_the_run(ours: int, stops: bool) -> None:
    judged = [Outcome(f"s{i}", 1, 1, 1, True, None) for i in range(100 - ours)]
    judged += [Outcome(f"bad{i}", None, None, 0, False, Fault.BAD_GOLD) for i in range(ours)]
    if stops:
        with pytest.raises(JudgeError, match=r"bad0.*gold cannot be read"):
            check_our_faults(judged)
    else:
        check_our_faults(judged)


@pytest.mark.parametrize("bounds", [(1, 1), (2, 1), (0, math.inf), (math.nan, 1)])
def test_errors_need_a_finite_range(bounds: tuple[float, float]) -> None:
    with pytest.raises(TaskError):
        mae("K", *bounds)
