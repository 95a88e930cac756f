"""What RL asks, and how its rollouts are judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from scireasoner.errors import JudgeError, RecipeError
from scireasoner.tasks.task import Task
from scireasoner.training.rl import questions
from scireasoner.training.rl_config import RlConfig
from scireasoner.training.rollouts import (
    Answers,
    Judged,
    PromptStream,
    Question,
    RolloutJudge,
    mixed,
)
from scireasoner.types import Fault, Mode, Sample, Split


def group(*rollouts: tuple[bool, float | None]) -> list[Judged]:
    """Return a group of (correct, reward)."""
    return [Judged("t", reward or 0.0, reward, correct, None) for correct, reward in rollouts]


# name of the gate, (correct, reward) of each rollout, does it teach
GATES = [
    ("correct", [(True, 1.0), (False, 0.0)], True),
    ("correct", [(True, 1.0), (True, 1.0)], False),
    ("correct", [(False, 0.0), (False, 0.7)], False),  # rewards differ, verdicts do not
    ("correct", [(True, 1.0), (True, 0.6)], False),
    # Alike answers to an open question: one reward, one verdict, nothing to learn from.
    ("correct", [(True, 0.5), (False, 0.5)], False),
    ("correct", [(True, 1.0), (False, None)], False),  # our failure is no verdict
    ("correct", [(True, 1.0), (False, 0.0), (False, None)], True),
    ("reward", [(False, 0.0), (False, 0.7)], True),
    ("reward", [(True, 1.0), (True, 1.0)], False),
    ("reward", [(False, 0.3), (False, 0.3 + 1e-9)], False),  # float noise
    ("reward", [(False, None), (False, 0.3)], False),  # our failure is not a spread
    ("reward", [(False, None), (False, None)], False),
    ("none", [(False, 0.0), (False, 0.0)], True),
]


@pytest.mark.parametrize(("gate", "rollouts", "teaches"), GATES)
def test_what_a_group_teaches(
    gate: str, rollouts: list[tuple[bool, float | None]], teaches: bool
) -> None:
    assert mixed(group(*rollouts), gate) is teaches


def test_an_unknown_gate_is_told() -> None:
    with pytest.raises(RecipeError, match="'soft'; use one of correct, reward, none"):
        mixed(group((True, 1.0)), "soft")


ROWS = [{"row": i} for i in range(7)]


def drawn(stream: PromptStream, *counts: int) -> list[int]:
    return [row["row"] for count in counts for row in stream.draw(count)]


def test_every_epoch_asks_everything_once_in_a_new_order() -> None:
    rows = drawn(PromptStream(ROWS, seed=0), 3, 10, 8)
    epochs = [rows[i : i + 7] for i in range(0, 21, 7)]
    assert all(sorted(epoch) == list(range(7)) for epoch in epochs)
    assert epochs[0] != epochs[1]
    assert rows != drawn(PromptStream(ROWS, seed=1), 21)


@pytest.mark.parametrize("before", [0, 1, 6, 7, 8, 20])
def test_saved_and_restored_it_loses_and_repeats_nothing(before: int) -> None:
    first, second = PromptStream(ROWS, seed=0), PromptStream(ROWS, seed=0)
    rows = drawn(first, before)
    second.cursor = first.cursor
    assert rows + drawn(second, 25 - before) == drawn(PromptStream(ROWS, seed=0), 25)


@pytest.mark.parametrize("world", [2, 3, 7])
def test_processes_share_an_epoch_without_overlap(world: int) -> None:
    """Whatever each has drawn so far, together they hold a piece of the one stream."""
    streams = [PromptStream(ROWS, seed=0, rank=rank, world=world) for rank in range(world)]
    shares = [drawn(stream, 21) for stream in streams]
    whole = drawn(PromptStream(ROWS, seed=0), 21 * world)
    for rank, share in enumerate(shares):
        assert share == whole[rank::world]
    assert Counter(i for share in shares for i in share) == Counter(
        dict.fromkeys(range(7), 3 * world)
    )


def judge(
    task: Task, sample: Sample, max_tokens: int = 40, cache: int = 20, weight: float = 1.0
) -> Callable[..., list[Judged]]:
    """Return what judges the answers to one question."""
    judging = RolloutJudge([Question(task, sample, Mode.INSTANT)], max_tokens, cache, weight)

    def one(*answers: Any) -> list[Judged]:
        (group,) = judging([Answers(*answers)])
        return group

    return one


def rewards(
    judged: list[Judged],
) -> list[float | None]:
    return [None if j.reward is None else round(j.reward, 9) for j in judged]


# length, reward of a right answer: limit 40 tokens, penalty over the last 20
LENGTHS = [(1, 1.0), (20, 1.0), (25, 0.75), (30, 0.5), (40, 0.0)]


@pytest.mark.parametrize(("length", "reward"), LENGTHS)
def test_the_overlong_penalty_is_added_to_the_reward(
    length: int, reward: float, formula: Task
) -> None:
    methane = formula.samples(Split.TRAIN)[0]
    (one,) = judge(formula, methane)(0, ["<MOLFORMULA>CH4</MOLFORMULA>"], [length], [True])
    assert one.reward == pytest.approx(reward)
    assert (one.soft, one.correct, one.task) == (1.0, True, "formula")


@pytest.mark.parametrize("weight", [0.0, 0.5])
def test_the_overlong_penalty_can_weigh_less_or_nothing(weight: float, formula: Task) -> None:
    methane = formula.samples(Split.TRAIN)[0]
    (one,) = judge(formula, methane, weight=weight)(
        0, ["<MOLFORMULA>CH4</MOLFORMULA>"], [30], [True]
    )
    assert one.reward == pytest.approx(1 - 0.5 * weight)


def test_a_cut_answer_is_a_fault_and_pays_the_whole_penalty(formula: Task) -> None:
    methane = formula.samples(Split.TRAIN)[0]
    (one,) = judge(formula, methane)(0, ["<MOLFORMULA>CH4</MOLFORMULA>"], [40], [False])
    assert one == Judged("formula", 0.0, -1.0, False, Fault.TRUNCATED)


def test_equal_right_answers_to_a_question_with_a_gold_are_all_paid(formula: Task) -> None:
    methane = formula.samples(Split.TRAIN)[0]
    texts = ["<MOLFORMULA>CH4</MOLFORMULA>"] * 3
    judged = judge(formula, methane)(0, texts, [1] * 3, [True] * 3)
    assert rewards(judged) == [1.0] * 3
    assert [j.correct for j in judged] == [True] * 3


def test_where_anything_valid_is_right_equal_answers_share_one_reward(novel: Task) -> None:
    """CCO and OCC are one molecule: a constant answer earns a third each, and one verdict."""
    texts = [f"<SMILES>{smiles}</SMILES>" for smiles in ("CCO", "OCC", "CCN", "C(C)O", "C1CC")]
    judged = judge(novel, novel.samples(Split.TRAIN)[0])(0, texts, [1] * 5, [True] * 5)
    third = round(1 / 3, 9)
    assert rewards(judged) == [third, third, 1.0, third, 0.0]
    assert [j.correct for j in judged] == [True, False, True, False, False]
    assert judged[4].fault is Fault.INVALID_MOLECULE


BAD = Sample("bad", {"smiles": "C"}, "no formula, but words")


def test_our_failure_is_no_reward_and_no_gradient(formula: Task) -> None:
    (one,) = judge(formula, BAD)(0, ["CH4"], [40], [True])
    assert one == Judged("formula", 0.0, None, False, Fault.BAD_GOLD)


@pytest.mark.parametrize(("ours", "stops"), [(4, False), (5, True)])
def test_more_than_two_per_cent_of_our_failures_stop_the_run(
    ours: int, stops: bool, formula: Task
) -> None:
    methane = formula.samples(Split.TRAIN)[0]
    asked = [Question(formula, sample, Mode.INSTANT) for sample in (methane, BAD)]
    judging = RolloutJudge(asked, 40, 20)

    def strict(*answers: Any) -> None:
        judging([Answers(*answers)])

    strict(1, ["CH4"] * ours, [1] * ours, [True] * ours)  # a few at the start prove nothing
    strict(0, ["CH4"] * (210 - ours), [1] * (210 - ours), [True] * (210 - ours))
    if stops:
        with pytest.raises(
            JudgeError, match=r"failed on \d+ of \d+ rollouts .*gold cannot be read"
        ):
            strict(1, ["CH4"], [1], [True])
    else:
        strict(0, ["CH4"], [1], [True])


def test_the_mixture_asks_training_rows_in_each_tasks_mode(formula: Task, novel: Task) -> None:
    modes = {"formula": Mode.THINK, "novel": Mode.INSTANT}
    config = RlConfig(prompts=12, weights={"formula": 2.0})
    asked = questions([formula, novel], modes, config, seed=0)
    assert Counter((q.task.name, q.mode) for q in asked) == {
        ("formula", Mode.THINK): 8,
        ("novel", Mode.INSTANT): 4,
    }
    held_out = {row.id for row in formula.samples(Split.DEV)}
    assert not held_out & {q.sample.id for q in asked}
    assert asked != questions([formula, novel], modes, config, seed=1)
