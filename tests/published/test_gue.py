"""GUE against GUE.py of dave1362/SciReason@efe16a1."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scireasoner.prompts.reply import THINK_CLOSE, THINK_OPEN
from scireasoner.published.base import Evaluator, Item
from scireasoner.published.gue import GUE, read


def test_numbers_are_the_released_ones(agrees: Callable[[str, str, Evaluator], int]) -> None:
    assert agrees("gue", "GUE", GUE) >= 20


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yes", 1),
        ("It can not be found", 0),
        ("It can", 1),
        ("It fails, though found", 0),
        ("No. The prediction result is positive.", 1),
        ("the PREDICTION result is\n negative", 0),
        ("", None),
        ("Perhaps", None),
        ("know", None),
        (f"{THINK_OPEN}no{THINK_CLOSE}yes", 1),
        (f"{THINK_OPEN}yes", None),
        (f"no{THINK_CLOSE}yes", 0),
    ],
)
def test_reader(text: str, expected: int | None) -> None:
    assert read(text) == expected


def test_an_unread_answer_is_negative_in_one_number_and_missing_in_the_other() -> None:
    numbers = GUE(
        [
            Item(("yes",), "A motif.", label="positive"),
            Item(("perhaps",), "A motif.", label="positive"),
            Item(("no",), "None.", label="negative"),
        ]
    )
    assert numbers["matthews_correlation_all"] == pytest.approx(50.0)
    assert numbers["matthews_correlation_filtered"] == pytest.approx(100.0)
    assert numbers["non_pos_neg_count"] == 1


def test_no_items_give_no_number() -> None:
    assert GUE([])["matthews_correlation_all"] is None
