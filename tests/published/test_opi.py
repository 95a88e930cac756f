"""OPI against opi/evaluator.py of dave1362/SciReason@efe16a1."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scireasoner.prompts.reply import THINK_CLOSE, THINK_OPEN
from scireasoner.published import opi
from scireasoner.published.base import Evaluator, Item

NAMES = ("OPI_LABELS", "OPI_FUNCTION", "OPI_EQUAL")


@pytest.mark.parametrize("name", NAMES)
def test_numbers_are_the_released_ones(
    name: str, agrees: Callable[[str, str, Evaluator], int]
) -> None:
    assert agrees("opi", name, getattr(opi, name)) >= 6


@pytest.mark.parametrize(
    ("said", "gold", "f1"),
    [
        ("a; b", "a; b", 1.0),
        ("b; a; a", "a; b", 1.0),
        ("a\uff1bb", "a; b", 1.0),
        ("A; b", "a; b", 0.5),
        ("transport", "transport, ion", 0.6667),  # a comma inside a name breaks it
        ("", "a", 0.0),
        (f"{THINK_OPEN}a{THINK_CLOSE}b", "b", 0.0),  # thoughts are part of the answer
    ],
)
def test_labels(said: str, gold: str, f1: float) -> None:
    assert opi.OPI_LABELS([Item((said,), gold)])["F1 Score"] == f1


def test_a_gold_without_labels_does_not_count() -> None:
    assert opi.OPI_LABELS([Item(("a",), "a"), Item(("b",), " ; ")])["F1 Score"] == 1.0
    assert opi.OPI_LABELS([Item(("b",), "")])["F1 Score"] == 0.0


@pytest.mark.parametrize(
    ("said", "accuracy"), [("NUCLEUS<|im_end|>", 1.0), (" nucleus", 1.0), ("The nucleus", 0.0)]
)
def test_equality(said: str, accuracy: float) -> None:
    assert opi.OPI_EQUAL([Item((said,), "Nucleus")])["Accuracy"] == accuracy


@pytest.mark.parametrize("name", NAMES)
def test_no_items_give_no_number(name: str) -> None:
    evaluator = getattr(opi, name)
    assert evaluator([])[evaluator.headline] is None
