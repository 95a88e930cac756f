"""Which tasks think: sure gain, unsure gain, a gain not worth its tokens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scireasoner.artifacts import write_json
from scireasoner.errors import InputError, RecipeError
from scireasoner.tasks.task import Task
from scireasoner.training.modes import (
    ModesConfig,
    as_rows,
    candidates,
    decide,
    load_modes,
    mode_table,
)
from scireasoner.types import Mode, Outcome

CONFIG = ModesConfig(min_gain=0.0, min_gain_per_100_tokens=0.02)


def outcomes(n: int, right: int, tokens: int) -> list[Outcome]:
    """Return n outcomes of which the first are right."""
    return [
        Outcome(f"r{i}", None, None, float(i < right), i < right, None, tokens) for i in range(n)
    ]


# rows, right at once, right with thought, tokens of a thought (instant: 10), decision, reason
TABLE = [
    (100, 20, 60, 110, Mode.THINK, "the gain is surely above the threshold"),
    (
        100,
        0,
        5,
        110,
        Mode.THINK,
        "the gain is surely above the threshold",
    ),  # 0.05 - 0.036 - 0.010 > 0
    (
        100,
        0,
        3,
        110,
        Mode.INSTANT,
        "the gain is not surely above the threshold",
    ),  # 0.03 - 0.028 - 0.010 < 0
    (10, 5, 6, 110, Mode.INSTANT, "the gain is not surely above the threshold"),
    (1, 0, 1, 11, Mode.INSTANT, "the gain is not surely above the threshold"),  # one lucky row
    (100, 50, 50, 110, Mode.INSTANT, "the gain is not surely above the threshold"),
    (100, 60, 20, 110, Mode.INSTANT, "the gain is not surely above the threshold"),
    (100, 20, 60, 3000, Mode.INSTANT, "the gain is not worth its tokens"),
    (
        100,
        20,
        60,
        2010,
        Mode.THINK,
        "the gain is surely above the threshold",
    ),  # 0.02 per 100 tokens, just
]


@pytest.mark.parametrize(("n", "instant", "think", "tokens", "mode", "reason"), TABLE)
def test_decide(n: int, instant: int, think: int, tokens: int, mode: Mode, reason: str) -> None:
    decision = decide("t", outcomes(n, instant, 10), outcomes(n, think, tokens), CONFIG)
    assert (decision.mode, decision.reason) == (mode, reason)
    assert decision.gain == pytest.approx((think - instant) / n)
    assert decision.low < decision.gain < decision.high


def test_the_bounds_by_hand() -> None:
    """n = 100, 40 gained: variance 0.4 x 0.6 x 100 / 99; 1.645 standard errors, and 1 / n."""
    decision = decide("t", outcomes(100, 20, 10), outcomes(100, 60, 110), CONFIG)
    half = 1.645 * (0.4 * 0.6 / 99) ** 0.5 + 0.01
    assert decision.low == pytest.approx(0.4 - half)
    assert decision.high == pytest.approx(0.4 + half)
    assert decision.gain_per_100_tokens == pytest.approx(0.4)
    assert (decision.tokens_instant, decision.tokens_thinking) == (10, 110)


def test_losses_widen_the_bounds() -> None:
    """20 gained and 10 lost is less sure than 10 gained, though the gain is the same."""
    instant = outcomes(100, 10, 10)
    swapped = [
        Outcome(o.sample_id, None, None, 0.0, 10 <= i < 30, None, 110)
        for i, o in enumerate(instant)
    ]
    plain = outcomes(100, 20, 110)
    mixed, pure = (decide("t", instant, side, CONFIG) for side in (swapped, plain))
    assert mixed.gain == pure.gain == pytest.approx(0.1)
    assert mixed.low < pure.low


def test_the_threshold_is_on_the_lower_bound() -> None:
    sides = outcomes(100, 20, 10), outcomes(100, 60, 110)
    low = decide("t", *sides, CONFIG).low
    for min_gain, mode in ((low - 1e-6, Mode.THINK), (low + 1e-6, Mode.INSTANT)):
        assert decide("t", *sides, ModesConfig(min_gain=min_gain)).mode is mode


@pytest.mark.parametrize(("left", "right"), [(3, 2), (0, 0)])
def test_other_rows_are_refused(left: int, right: int) -> None:
    with pytest.raises(InputError, match="same rows"):
        decide("t", outcomes(left, 1, 1), outcomes(right, 1, 1), CONFIG)
    with pytest.raises(InputError, match="same rows"):
        decide("t", outcomes(3, 1, 1), outcomes(3, 1, 1)[::-1], CONFIG)


# weights, weight of the others -> the tasks that are tried
TRIED: list[tuple[dict[str, float], float, list[str]]] = [
    ({}, 1.0, ["formula", "other"]),
    ({"formula": 2.0}, 1.0, ["formula", "other"]),
    ({"formula": 2.0}, 0.0, ["formula"]),
    ({"formula": 0.0}, 1.0, ["other"]),
    ({"novel": 1.0}, 0.0, []),  # cannot be taught
]


@pytest.mark.parametrize(("weights", "others", "tried"), TRIED)
def test_tasks_with_worked_solutions_and_a_weight_are_tried(
    weights: dict[str, float],
    others: float,
    tried: list[str],
    formula: Task,
    novel: Task,
    make_task: Callable[..., Task],
) -> None:
    tasks = [formula, novel, make_task("hasty", modes=(Mode.INSTANT,)), make_task("other")]
    config = ModesConfig(weights=weights, others=others)
    assert [task.name for task in candidates(tasks, config)] == tried


def test_a_weight_of_an_unknown_task_is_told(formula: Task) -> None:
    with pytest.raises(RecipeError, match=r"unknown task 'formla'.*did you mean 'formula'"):
        candidates([formula], ModesConfig(weights={"formla": 1.0}))


def test_the_table_travels_as_a_file(formula: Task, novel: Task, tmp_path: Path) -> None:
    decisions = [decide("formula", outcomes(100, 20, 10), outcomes(100, 60, 110), CONFIG)]
    table = mode_table([formula, novel], decisions)
    assert table == {"formula": Mode.THINK, "novel": Mode.INSTANT}
    write_json(tmp_path / "modes.json", {"modes": table, "evidence": as_rows(decisions)})
    assert load_modes(tmp_path / "modes.json") == (table, decisions)


def scored(n: int, score: float, right: int) -> list[Outcome]:
    """Return n outcomes of one soft score, of which the first are right."""
    return [Outcome(f"r{i}", None, None, score, i < right, None, 10) for i in range(n)]


# metric, soft score and right answers thinking (instant: 0.3 and 10 of 100) -> mode
BY_METRIC = [
    ("correct", 0.6, 10, Mode.INSTANT),  # nearer, but no more is right
    ("score", 0.6, 10, Mode.THINK),
    ("correct", 0.3, 60, Mode.THINK),
    ("score", 0.3, 60, Mode.INSTANT),
    ("score", 0.305, 60, Mode.INSTANT),  # 0.005 - 1/100: not sure
]


@pytest.mark.parametrize(("metric", "score", "right", "mode"), BY_METRIC)
def test_the_metric_decides(metric: str, score: float, right: int, mode: Mode) -> None:
    config = ModesConfig(metric=metric, min_gain=0.0, min_gain_per_100_tokens=0.0)
    decision = decide("t", scored(100, 0.3, 10), scored(100, score, right), config)
    assert (decision.mode, decision.metric) == (mode, metric)
    assert decision.score_gain == pytest.approx(score - 0.3)
    assert decision.score_high - decision.score_low == pytest.approx(2 / 100)
    assert decision.gain == pytest.approx((right - 10) / 100)


def test_an_older_table_has_no_soft_scores(tmp_path: Path) -> None:
    row = as_rows([decide("t", scored(9, 0.3, 1), scored(9, 0.4, 2), CONFIG)])[0]
    older = {k: v for k, v in row.items() if not k.startswith("score_") and k != "metric"}
    write_json(tmp_path / "modes.json", {"modes": {"t": "instant"}, "evidence": [older]})
    (decision,) = load_modes(tmp_path / "modes.json")[1]
    assert (decision.metric, decision.score_low, decision.score_high) == ("correct", 0.0, 0.0)
