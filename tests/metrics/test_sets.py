"""Metrics of sets against scikit-learn and their definitions written out."""

from __future__ import annotations

import random

import numpy as np
import pytest
from sklearn.metrics import f1_score
from sklearn.preprocessing import MultiLabelBinarizer

from scireasoner.metrics import (
    ENTITY_F1,
    FMAX,
    MICRO_F1,
    SET_F1,
    SET_PRECISION,
    SET_RECALL,
    Metric,
)
from scireasoner.types import Fault, Outcome

Names = tuple[str, ...]


def outcome(value: Names | None, target: Names) -> Outcome:
    return Outcome(
        "s", value, target, 0, value == target, None if value is not None else Fault.REFUSED
    )


def data(seed: int, n: int = 60) -> list[Outcome]:
    rng = random.Random(seed)

    def some() -> Names:
        return tuple(rng.sample("abcdefgh", rng.randint(1, 5)))

    return [outcome(None if rng.random() < 0.1 else some(), some()) for _ in range(n)]


@pytest.mark.parametrize("seed", range(5))
def test_sets_agree_with_scikit_learn(seed: int) -> None:
    judged = data(seed)
    coder = MultiLabelBinarizer(classes=list("abcdefgh"))
    truth = coder.fit_transform([o.target for o in judged])
    said = coder.transform([o.value or () for o in judged])
    assert MICRO_F1.compute(judged) == pytest.approx(f1_score(truth, said, average="micro"))
    assert ENTITY_F1.compute(judged) == MICRO_F1.compute(judged)
    mean_f1 = f1_score(truth, said, average="samples", zero_division=0)
    assert SET_F1.compute(judged) == pytest.approx(mean_f1)


@pytest.mark.parametrize("seed", range(5))
def test_fmax_of_hard_sets_is_as_cafa_defines_it(seed: int) -> None:
    judged = data(seed)
    shares = [
        (len({*(o.value or ())} & {*o.target}), len(o.value or ()), len(o.target)) for o in judged
    ]
    precision = np.mean([hits / said for hits, said, _ in shares if said])
    recall = np.mean([hits / wanted for hits, _, wanted in shares])
    expected = 2 * precision * recall / (precision + recall)
    assert FMAX.compute(judged) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("value", "target", "precision", "recall", "f1"),
    [
        (("a", "b"), ("b", "a"), 1, 1, 1),
        (("a", "a", "b"), ("a", "b"), 1, 1, 1),  # repeats do not count
        (("a", "b", "c", "d"), ("a",), 0.25, 1, 0.4),
        (("a",), ("a", "b"), 1, 0.5, 2 / 3),
        ((), (), 1, 1, 1),
        ((), ("a",), 0, 0, 0),
        (("a",), (), 0, 0, 0),
        (None, ("a",), 0, 0, 0),
        (None, (), 0, 0, 0),  # a fault is no empty answer
    ],
)
def test_known_sets(
    value: Names | None, target: Names, precision: float, recall: float, f1: float
) -> None:
    judged = [outcome(value, target)]
    assert SET_PRECISION.compute(judged) == pytest.approx(precision)
    assert SET_RECALL.compute(judged) == pytest.approx(recall)
    assert SET_F1.compute(judged) == pytest.approx(f1)
    assert MICRO_F1.compute(judged) == pytest.approx(f1)


@pytest.mark.parametrize("metric", [SET_F1, MICRO_F1, FMAX], ids=lambda m: m.name)
def test_naming_everything_does_not_pay(metric: Metric) -> None:
    names = tuple("abcdefgh")
    everything = [outcome(names, ("a",)), outcome(names, ("b",))]
    assert metric.compute(everything) < 0.25
