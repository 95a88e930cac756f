"""Mixtures: shares, draws, and mistakes in weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import pytest

from scireasoner.errors import DataError, RecipeError
from scireasoner.tasks.task import Task
from scireasoner.training.mixture import dialogues, draw, draw_balanced, shares
from scireasoner.types import Mode, Sample, Split


@pytest.fixture
def three(make_task: Callable[..., Task]) -> list[Task]:
    return [make_task(name) for name in ("formula", "name", "charge")]


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ({}, [1 / 3, 1 / 3, 1 / 3]),
        ({"formula": 2.0}, [1 / 2, 1 / 4, 1 / 4]),
        ({"formula": 0.0}, [0, 1 / 2, 1 / 2]),
        ({"formula": 3.0, "name": 1.0, "charge": 0.0}, [3 / 4, 1 / 4, 0]),
    ],
)
def test_shares(weights: Mapping[str, float], expected: list[float], three: list[Task]) -> None:
    assert list(shares(three, weights).values()) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ({"formla": 2.0}, r"weights: unknown task 'formla'; did you mean 'formula'\?"),
        ({"name": -0.5}, r"'name' is -0\.5; it must not be negative"),
        ({"formula": 0.0, "name": 0.0, "charge": 0.0}, "weights: all are zero"),
    ],
)
def test_wrong_weights(weights: Mapping[str, float], words: str, three: list[Task]) -> None:
    with pytest.raises(RecipeError, match=words):
        shares(three, weights)


def test_a_draw_is_whole_epochs_and_then_a_part(formula: Task) -> None:
    drawn = [sample.id for sample in draw(formula, 50, seed=0)]
    first, second, rest = drawn[:20], drawn[20:40], drawn[40:]
    everyone = {sample.id for sample in formula.samples(Split.TRAIN)}
    assert set(first) == set(second) == everyone
    assert first != second
    assert len(set(rest)) == 10


def test_a_longer_draw_begins_with_the_shorter_one(formula: Task) -> None:
    assert draw(formula, 50, seed=0)[:7] == draw(formula, 7, seed=0)
    assert draw(formula, 20, seed=0) != draw(formula, 20, seed=1)


def test_a_task_without_rows_is_told(make_task: Callable[..., Task], make_rows: Callable) -> None:  # type: ignore[type-arg]
    with pytest.raises(DataError, match=r"'empty' has no training rows"):
        draw(make_task("empty", data=make_rows({})), 3, seed=0)


def test_dialogues_are_direct_answers_by_share(three: list[Task]) -> None:
    pairs = list(dialogues(three, 40, {"formula": 2.0}, seed=0))
    assert Counter(prompt.task for prompt, _ in pairs) == {"formula": 20, "name": 10, "charge": 10}
    assert {prompt.mode for prompt, _ in pairs} == {Mode.INSTANT}
    prompt, answer = pairs[0]
    assert prompt.messages[0].content.startswith("What is the formula of <SMILES>C")
    assert answer.startswith("<MOLFORMULA>C")


def test_only_training_rows_are_drawn(three: list[Task]) -> None:
    pairs = list(dialogues(three, 300, {}, seed=0))
    held_out = {row.id for task in three for row in task.samples(Split.DEV)}
    assert not held_out & {prompt.sample_id for prompt, _ in pairs}


def test_reinforcement_learning_draws_rare_classes_as_often(
    make_task: Callable[..., Task],
) -> None:
    from scireasoner.answers import Boolean

    task = make_task("flammable", answer=Boolean())
    pool = [Sample(f"r{i}", {"smiles": "C"}, "Yes" if i < 10 else "No") for i in range(100)]
    drawn = draw_balanced(task, 40, seed=0, pool=pool)
    assert Counter(sample.gold for sample in drawn) == {"Yes": 20, "No": 20}
    assert drawn == draw_balanced(task, 40, seed=0, pool=pool)


def test_where_no_gold_is_common_the_draw_is_the_plain_one(make_task: Callable[..., Task]) -> None:
    task = make_task("formula")
    assert draw_balanced(task, 25, seed=3) == draw(task, 25, seed=3)
