"""SciReasoner 1.5 against datasets/SciReasoner1_5.py of open-compass/opencompass@a5acc4b."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scireasoner.prompts.reply import THINK_CLOSE, THINK_OPEN
from scireasoner.published import sr15, sr15_reading
from scireasoner.published.base import Evaluator, Item

EVALUATORS = {
    "MATERIAL": sr15.material("e_form"),
    "TM_SCORE": sr15.TM_SCORE,
    "GO_PROCESS": sr15.GO_PROCESS,
    "LIGAND_PAIR": sr15.LIGAND_PAIR,
}


@pytest.mark.parametrize("name", EVALUATORS)
def test_numbers_are_the_released_ones(
    name: str, agrees: Callable[[str, str, Evaluator], int]
) -> None:
    assert agrees("sr15", name, EVALUATORS[name]) >= 40


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```json\n{}\n```", "{}"),
        ("```\n\n a ```", "a"),
        ("a\n\n```", "a"),
        ("a\n\n\n```\nb", "a\nb"),
        ("a ```b", "a ```b"),
        (f"{THINK_OPEN}1{THINK_CLOSE} 2", "2"),
        ("<THINK>1</Think> 2", "2"),
        (f"{THINK_OPEN}1", f"{THINK_OPEN}1"),
    ],
)
def test_plain_text(text: str, expected: str) -> None:
    assert sr15_reading.plain(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"e_form": "1.5"}', 1.5),
        ("{bandgap: 3, e_form: -2e-1}", -0.2),
        ("{E_FORM : 2", 2.0),
        ("{bandgap: 3}", 3.0),  # any first number will do
        ('{"e_form": null}', None),
        ("e_form", None),
        ("1e999", None),
    ],
)
def test_property(text: str, expected: float | None) -> None:
    assert sr15_reading.property_value(text, "e_form") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.3", 0.3),
        ("label: 1 (0.2)", 1.0),
        ("active", 1.0),
        ("inactive", 0.0),
        ("Yes, I know", 0.0),  # "no" is in "know"
        ("7, yes", 1.0),
        ("perhaps", None),
    ],
)
def test_verdict(text: str, expected: float | None) -> None:
    assert sr15_reading.verdict(text) == expected


def test_unread_answers_leave_the_error_but_not_the_accuracy() -> None:
    numbers = sr15.TM_SCORE([Item(("0.5",), "0.5"), Item(("?",), "0.9")])
    assert (numbers["MAE"], numbers["invalid_count"]) == (0.0, 1.0)
    pairs = [
        Item(("0.9",), "", label="1"),
        Item(("?",), "", label="0"),
        Item(("?",), "", label="1"),
    ]
    assert sr15.LIGAND_PAIR(pairs)["Accuracy"] == pytest.approx(200 / 3)
    assert sr15.LIGAND_PAIR(pairs)["AUC"] is None


def test_records_without_the_property_are_no_items() -> None:
    assert sr15.material("gap")([Item(("1",), "none"), Item(("1",), "{gap : 2}")])["total"] == 1


@pytest.mark.parametrize("gold", ["", "n/a", "0.5 or 1"])
@pytest.mark.parametrize("evaluator", [sr15.TM_SCORE, sr15.LIGAND_PAIR], ids=lambda e: e.name)
def test_a_gold_on_which_the_released_code_stops_leaves_no_number(
    evaluator: Evaluator, gold: str
) -> None:
    found = evaluator([Item(("1",), "1"), Item(("1",), "0"), Item(("1",), gold)])
    assert found == {evaluator.headline: None}


def test_no_items() -> None:
    assert sr15.TM_SCORE([])["MAE"] is None
    assert sr15.GO_PROCESS([])["score"] == 0.0
    assert sr15.LIGAND_PAIR([])["AUC"] is None


@pytest.mark.parametrize(
    "text", [THINK_OPEN * 40_000, "```" * 100_000, "` " * 100_000, "{" * 300_000]
)
def test_odd_texts_are_read_in_no_time(text: str) -> None:
    assert sr15.material("gap").row(Item((text,), "1")) == (1.0, None)
