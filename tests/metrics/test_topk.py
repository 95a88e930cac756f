"""Top-k accuracy against its definition written out."""

from __future__ import annotations

import random

import pytest

from scireasoner.errors import TaskError
from scireasoner.metrics import ACCURACY, paired_difference, top_k_accuracy
from scireasoner.types import Fault, Outcome


def beams(sample: str, *answers: str | None) -> list[Outcome]:
    """Draws of one prompt; "right" is correct, None a fault."""
    return [
        Outcome(sample, a, "right", 0, a == "right", Fault.REFUSED if a is None else None, draw=i)
        for i, a in enumerate(answers)
    ]


@pytest.mark.parametrize(
    ("answers", "first"),
    [
        (("right", "b", "c"), 1),
        (("a", "right"), 2),
        (("a", "a", "a", "right"), 2),  # repeats take no place
        (("a", "b", "a", "right"), 3),
        ((None, "right"), 2),  # a fault takes one
        ((None, None, "right"), 3),
        (("a", "b", "c", "right"), 4),
    ],
)
def test_the_place_of_the_right_answer(answers: tuple[str | None, ...], first: int) -> None:
    judged = beams("s", *answers)
    for k in (1, 2, 3, 4, 9):
        assert top_k_accuracy(k).compute(judged) == float(k >= first), k


@pytest.mark.parametrize("k", [1, 2, 5])
def test_random_beams_agree_with_the_definition(k: int) -> None:
    rng = random.Random(k)
    judged, expected = [], []
    for i in range(200):
        answers = [
            rng.choice(["right", "a", "b", "c", "d", "e", None]) for _ in range(rng.randint(1, 8))
        ]
        distinct: list[str | None] = []
        for answer in answers:
            if answer is None or answer not in distinct:
                distinct.append(answer)
        expected.append("right" in distinct[:k])
        judged += beams(f"s{i}", *answers)
    rng.shuffle(judged)
    estimate = top_k_accuracy(k)(judged)
    assert estimate.value == pytest.approx(sum(expected) / 200)
    assert estimate.n == 200
    assert estimate.low < estimate.value < estimate.high


def test_top_1_is_the_accuracy_of_the_first_draw() -> None:
    judged = [*beams("a", "x", "right"), *beams("b", "right", "y"), *beams("c", None, "right")]
    assert top_k_accuracy(1).compute(judged) == ACCURACY.compute(judged) == pytest.approx(1 / 3)


def test_models_are_compared_prompt_by_prompt() -> None:
    one, other = [], []
    for i in range(40):
        one += beams(f"s{i}", "a", "right" if i % 2 else "b", "c")
        other += beams(f"s{i}", "a", "b", "right" if i % 4 == 1 else "c")
    gain = paired_difference(one, other, top_k_accuracy(2))
    assert (gain.value, gain.n) == (0.5, 40)
    assert 0 < gain.low < 0.5 < gain.high
    assert paired_difference(one, other, top_k_accuracy(3)).value == 0.25


def test_k_is_at_least_one() -> None:
    with pytest.raises(TaskError, match="top-0"):
        top_k_accuracy(0)
