from __future__ import annotations

from typing import Literal

import pytest

from scireasoner.evaluation.compare import apart, beats, gain, sure
from scireasoner.metrics import ACCURACY, mae
from scireasoner.types import Estimate, Outcome


def estimate(low: float, high: float) -> Estimate:
    return Estimate((low + high) / 2, 100, 1.0, low, high)


@pytest.mark.parametrize(
    ("a", "b", "direction", "expected"),
    [
        ((0.6, 0.7), (0.4, 0.5), "higher", True),
        ((0.4, 0.5), (0.6, 0.7), "higher", False),
        ((0.5, 0.7), (0.4, 0.5), "higher", False),
        ((0.5, 0.7), (0.4, 0.6), "higher", False),
        ((10, 12), (13, 20), "lower", True),
        ((13, 20), (10, 12), "lower", False),
    ],
)
def test_apart(
    a: tuple[float, float],
    b: tuple[float, float],
    direction: Literal["higher", "lower"],
    expected: bool,
) -> None:
    assert apart(estimate(*a), estimate(*b), direction) is expected


def test_beats_needs_every_one() -> None:
    good, fair, bad = estimate(0.8, 0.9), estimate(0.7, 0.85), estimate(0.1, 0.2)
    assert beats(good, [bad], "higher")
    assert not beats(good, [bad, fair], "higher")
    assert not beats(good, [], "higher")


def outcomes(errors: list[float]) -> list[Outcome]:
    return [Outcome(str(i), 100 + e, 100.0, 0.0, e < 5, None) for i, e in enumerate(errors)]


@pytest.mark.parametrize(
    ("after", "before", "verdict"),
    [
        ([1.0] * 50, [30.0] * 50, "better"),
        ([30.0] * 50, [1.0] * 50, "worse"),
        ([1.0, 30.0] * 25, [30.0, 1.0] * 25, "unclear"),
    ],
)
def test_a_gain_is_positive_when_better_whatever_the_direction(
    after: list[float], before: list[float], verdict: str
) -> None:
    for metric in (ACCURACY, mae("K", 0, 1000)):
        assert sure(gain(outcomes(after), outcomes(before), metric)) == verdict
