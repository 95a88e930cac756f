"""ROC AUC against scikit-learn, and when it applies."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from sklearn.metrics import roc_auc_score

from scireasoner.errors import TaskError
from scireasoner.metrics import BALANCED_ACCURACY, MACRO_F1, MCC, ROC_AUC, roc_auc
from scireasoner.types import Fault, Outcome


def said(target: object, probability: float | None, fault: Fault | None = None) -> Outcome:
    value = None if fault else (probability or 0) > 0.5
    return Outcome("s", value, target, 0.0, value == target, fault, probability=probability)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("ties", [False, True])
def test_auc_is_that_of_scikit_learn(seed: int, ties: bool) -> None:
    rng = random.Random(seed)
    targets = [rng.random() < 0.3 for _ in range(80)] + [True, False]
    chances = [min(1, max(0, rng.gauss(0.4 + 0.2 * t, 0.2))) for t in targets]
    if ties:
        chances = [round(chance, 1) for chance in chances]
    judged = [said(t, p) for t, p in zip(targets, chances, strict=True)]
    assert ROC_AUC.fits(judged)
    assert ROC_AUC.compute(judged) == pytest.approx(roc_auc_score(targets, chances), abs=1e-12)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(True, 0.9), (False, 0.1)], 1.0),
        ([(True, 0.1), (False, 0.9)], 0.0),
        ([(True, 0.5), (False, 0.5)], 0.5),
        ([(True, 0.9), (True, 0.1)], 0.5),  # one class
        ([("Yes", 0.9), ("No", 0.1)], 1.0),
        ([("positive", 0.2), ("negative", 0.1)], 1.0),
    ],
)
def test_known_areas(rows: list[tuple[object, float]], expected: float) -> None:
    assert ROC_AUC.compute([said(t, p) for t, p in rows]) == expected


def test_a_fault_is_put_at_the_wrong_end() -> None:
    good = [said(True, 0.9), said(False, 0.1)]
    assert ROC_AUC.compute([*good, said(True, None, Fault.REFUSED)]) == 0.5
    assert ROC_AUC.compute([*good, said(False, None, Fault.REFUSED)]) == 0.5


def test_without_probabilities_balanced_accuracy_takes_its_place() -> None:
    full = [said(True, 0.9), said(False, 0.1)]
    assert ROC_AUC.resolve(full) is ROC_AUC
    # a fault needs no probability, nor does a later draw
    assert ROC_AUC.resolve([*full, said(True, None, Fault.REFUSED)]) is ROC_AUC
    assert ROC_AUC.resolve([*full, replace(said(True, None), draw=1)]) is ROC_AUC
    assert ROC_AUC.resolve([*full, said(True, None)]) is BALANCED_ACCURACY
    assert ROC_AUC.resolve([said(True, None, Fault.REFUSED)]) is BALANCED_ACCURACY


def test_the_positive_label_can_be_named() -> None:
    judged = [said("stable", 0.9), said("unstable", 0.2)]
    assert roc_auc("stable").compute(judged) == 1.0
    assert roc_auc("unstable").compute(judged) == 0.0
    with pytest.raises(TaskError):
        roc_auc(" ")


@pytest.mark.parametrize("metric", [BALANCED_ACCURACY, MACRO_F1, MCC], ids=lambda m: m.name)
def test_thousands_of_classes_are_no_burden(metric: object) -> None:
    rng = random.Random(0)
    pairs = [(f"c{rng.randint(0, 6000)}", f"c{rng.randint(0, 6000)}") for _ in range(9_000)]
    judged = [Outcome(f"{i}", v, t, 0, v == t, None) for i, (v, t) in enumerate(pairs)]
    estimate = metric(judged)  # type: ignore[operator]
    assert estimate.low <= estimate.value <= estimate.high
