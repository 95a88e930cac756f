"""Rewards: monotone maps, faults, and DAPO's length penalty."""

from __future__ import annotations

import math
import pickle

import pytest

from scireasoner.errors import TaskError
from scireasoner.rewards import DEFAULTS, IDENTITY, Soften, power, reward, soft_overlong
from scireasoner.rewards.soften import EXPONENTS, LEAST
from scireasoner.types import Fault, Outcome, RewardGroup


@pytest.mark.parametrize("group", RewardGroup)
def test_every_group_has_a_monotone_map_from_zero_to_one(group: RewardGroup) -> None:
    g = DEFAULTS[group]
    values = [g(i / 1000) for i in range(1001)]
    assert (values[0], values[-1]) == (0.0, 1.0)
    assert values == sorted(values)
    assert pickle.loads(pickle.dumps(g))(0.5) == g(0.5)


def test_exactness_clearly_beats_similarity_where_tools_verify() -> None:
    g = DEFAULTS[RewardGroup.VERIFIED]
    assert g(1.0) - g(0.85) > 0.25
    assert 0 < g(0.3) < g(0.5) < 0.3  # common similarity is worth little, yet more is more


@pytest.mark.parametrize("group", RewardGroup)
def test_no_group_starts_below_its_least_exponent(group: RewardGroup) -> None:
    assert EXPONENTS[group] >= LEAST[group] >= 1.0
    assert DEFAULTS[group](0.37) == 0.37 ** EXPONENTS[group]


@pytest.mark.parametrize(
    "fn",
    [
        lambda m: min(2 * m, 1.0),
        lambda m: m / 2,
        lambda m: 1 - m,
        lambda m: 0.5 + m / 2,
        lambda m: math.sin(7.85398 * m),
    ],
)
def test_a_map_that_is_not_monotone_onto_zero_one_is_refused(fn: object) -> None:
    with pytest.raises(TaskError, match="monotone"):
        Soften("wrong", fn)  # type: ignore[arg-type]


@pytest.mark.parametrize("score", [-0.1, 1.1, math.nan, math.inf])
def test_a_score_outside_zero_one_is_our_bug(score: float) -> None:
    with pytest.raises(ValueError, match="a score in"):
        IDENTITY(score)


@pytest.mark.parametrize("fault", Fault)
def test_a_fault_earns_nothing_and_our_own_is_no_reward_at_all(fault: Fault) -> None:
    expected = None if fault in {Fault.BAD_GOLD, Fault.TOOL_FAILED} else 0.0
    # even a score that came along by mistake
    assert reward(Outcome("s", None, 1, 0.7, False, fault), IDENTITY) == expected


def test_the_reward_is_the_softened_score() -> None:
    assert reward(Outcome("s", 1, 1, 0.5, False, None), power(2)) == 0.25
    assert reward(Outcome("s", 1, 1, 1.0, True, None), power(2)) == 1.0
    assert reward(Outcome("s", 1, 1, 0.0, False, None), power(2)) == 0.0


@pytest.mark.parametrize(
    ("length", "penalty"), [(0, 0.0), (80, 0.0), (85, -0.25), (90, -0.5), (100, -1.0), (101, -1.0)]
)
def test_the_overlong_penalty_of_dapo(length: int, penalty: float) -> None:
    assert soft_overlong(length, max_length=100, cache=20) == pytest.approx(penalty)


@pytest.mark.parametrize("cache", [0, -1, 101])
def test_the_overlong_cache_lies_within_the_limit(cache: int) -> None:
    with pytest.raises(ValueError, match="cache"):
        soft_overlong(1, max_length=100, cache=cache)
