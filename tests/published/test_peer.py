"""PEER against PEER/evaluator.py of dave1362/SciReason@efe16a1, and upstream's PEER.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from scireasoner.prompts.reply import THINK_CLOSE
from scireasoner.published import peer
from scireasoner.published.base import Evaluator, Item


def by_characters(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Stand in for the judge, here and where the golden numbers were made."""
    verdicts = ("TRUE", "FALSE", "PERHAPS", "")
    return [verdicts[sum(map(ord, gold + said)) % 4] for gold, said in pairs]


EVALUATORS = {
    "JUDGED": peer.judged(by_characters),
    "RULES": peer.RULES,
    "STABILITY": peer.STABILITY,
}


@pytest.mark.parametrize("name", EVALUATORS)
def test_numbers_are_the_released_ones(
    name: str, agrees: Callable[[str, str, Evaluator], int]
) -> None:
    assert agrees("peer", name, EVALUATORS[name]) >= 6


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The answer is No, indeed", 0),
        ("incorrect", 1),  # holds "correct"
        ("will not be soluble", 1),  # holds "be soluble"
        ("below", 0),  # holds "low"
        ("I know", 0),
        ("It is \u017foluble", 1),  # case is ignored beyond ASCII: the long s is an s
        ("", None),
        (f"yes{THINK_CLOSE}hm", None),
    ],
)
def test_reader(text: str, expected: int | None) -> None:
    assert peer.read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("1.01", 1), ("1", 0), ("-2", 1), ("-2.0", 0), ("none", None)]
)
def test_stability_reader(text: str, expected: int | None) -> None:
    assert peer.read_stability(text) == expected


def test_wrong_answers_wait_for_the_judge() -> None:
    answers = [Item(("Yes",), "Yes"), Item(("No",), "Yes"), Item(("No",), "No")]
    alone = peer.JUDGED(answers)
    assert alone["accuracy"] is None
    assert alone["needs_judge"] == 1
    assert peer.RULES(answers)["accuracy"] == pytest.approx(200 / 3)
    assert peer.judged(lambda pairs: ["True"])(answers)["accuracy"] == 100
    assert peer.JUDGED(answers[:1])["accuracy"] == 100


def test_precision_of_stability_is_of_right_answers_alone() -> None:
    numbers = peer.STABILITY([Item(("2",), "3"), Item(("2",), "0"), Item(("",), "0")])
    assert numbers["accuracy"] == pytest.approx(100 / 3)
    assert numbers["precision"] == 100


@pytest.mark.parametrize("name", EVALUATORS)
def test_no_items_give_no_number(name: str) -> None:
    assert EVALUATORS[name]([])["accuracy"] is None
