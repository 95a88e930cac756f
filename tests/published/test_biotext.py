"""Mol-Instructions text against Mol_Instructions/biotext.py of dave1362/SciReason@efe16a1."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from scireasoner.prompts.reply import THINK_CLOSE, THINK_OPEN
from scireasoner.published import biotext
from scireasoner.published.base import Evaluator, Item

NAMES = ("RELATIONS", "ENTITIES", "TRUTH", "CHOICE")


@pytest.mark.parametrize("name", NAMES)
def test_numbers_are_the_released_ones(
    name: str, agrees: Callable[[str, str, Evaluator], int]
) -> None:
    assert agrees("biotext", name, getattr(biotext, name)) >= 6


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Answer: yes", "yes"),
        (f"{THINK_OPEN}a{THINK_CLOSE} yes<|im_end|>", "yes"),
        (f"a{THINK_CLOSE}b{THINK_CLOSE}  yes", "yes"),
        (f"a{THINK_CLOSE} \n I would say that yes", "yes"),
        (f"{THINK_OPEN}no", f"{THINK_OPEN}no"),
        (f"{THINK_OPEN}a{THINK_CLOSE}I would say that yes", "yes"),
        (f"</th{THINK_OPEN}a{THINK_CLOSE}ink>yes", "yes"),
    ],
)
def test_cleaning(text: str, expected: str) -> None:
    assert biotext.cleaned(text) == expected


@pytest.mark.parametrize(
    ("name", "said", "gold", "expected"),
    [
        ("RELATIONS", "(A, b)", "(a, B)", 1.0),
        ("RELATIONS", "a, b", "(a, b)", 1.0),
        ("RELATIONS", "(a, b), (c, d)", "(a, b)", 2 / 3),
        # A pair ends at its first closing parenthesis.
        ("RELATIONS", "(h(+)-atpase, x)", "(h(+)-atpase, y)", 1.0),
        ("ENTITIES", "a, b", "b, a", 1.0),
        ("ENTITIES", "a,b", "a, b", 0.0),
        ("TRUTH", "Eyes", "Yes, it is", 100.0),
        ("TRUTH", "Maybe, unknown", "No", 100.0),
        ("TRUTH", "might be", "Maybe", 100.0),
        ("CHOICE", "(B) is right", "The answer is (B).", 100.0),
        ("CHOICE", "B", "(B)", 100.0),
        ("CHOICE", "B.", "(B)", 0.0),
        ("CHOICE", "Vitamin A is wrong, so (B)", "(B)", 0.0),
        ("CHOICE", "(B)", "B", None),
    ],
)
def test_scores_by_hand(name: str, said: str, gold: str, expected: float | None) -> None:
    evaluator = getattr(biotext, name)
    assert evaluator([Item((said,), gold)])[evaluator.headline] == pytest.approx(expected)


def test_open_questions_need_the_model() -> None:
    answers = [Item(("Answer: a",), "a"), Item(("b",), "c")]
    assert biotext.OPEN_QUESTION(answers) == {"bert_score": None}

    def same(said: Sequence[str], gold: Sequence[str]) -> list[float]:
        return [float(a == b) for a, b in zip(said, gold, strict=True)]

    assert biotext.open_question(same)(answers) == {"bert_score": 0.5}


@pytest.mark.parametrize("name", [*NAMES, "OPEN_QUESTION"])
def test_no_items_give_no_number(name: str) -> None:
    evaluator = getattr(biotext, name)
    assert evaluator([])[evaluator.headline] is None


def test_many_open_parentheses_are_read_in_no_time() -> None:
    assert biotext.RELATIONS.row(Item(("(" * 300_000,), "(a)")) == (0.0,)
