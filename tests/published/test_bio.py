"""Biology-Instructions against bio_instrcution.py of dave1362/SciReason@efe16a1."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from scireasoner.prompts.reply import THINK_CLOSE, THINK_OPEN
from scireasoner.published import bio, bio_numbers
from scireasoner.published.base import Evaluator, Item
from scireasoner.published.polarity import polarity


def by_characters(texts: Sequence[str]) -> list[int]:
    """Stand in for the zero-shot model, here and where the golden numbers were made."""
    return [sum(map(ord, text)) % 2 for text in texts]


EVALUATORS = {
    "SPEARMAN": bio_numbers.SPEARMAN,
    "R2": bio_numbers.R2,
    "ISOFORM": bio_numbers.ISOFORM,
    "MIXED": bio_numbers.MIXED,
    "SWITCHES": bio_numbers.SWITCHES,
    "ENHANCER": bio_numbers.ENHANCER,
    "MCC": bio.binary("MCC", by_characters),
    "ACCURACY": bio.binary("Acc", by_characters),
    "FAMILY": bio.FAMILY,
    "MODIFICATION": bio.modification(by_characters),
    "MODIFICATION_UPSTREAM": bio.modification(by_characters, skip_blank=True),
}


def items(*rows: tuple[str, str]) -> list[Item]:
    return [Item((said,), "", label=label) for said, label in rows]


@pytest.mark.parametrize("name", EVALUATORS)
def test_numbers_are_the_released_ones(
    name: str, agrees: Callable[[str, str, Evaluator], int]
) -> None:
    assert agrees("bio", name, EVALUATORS[name]) >= 6


def test_fmax_is_the_released_one(
    golden: Callable[[str], Any], agrees: Callable[[str, str, Evaluator], int]
) -> None:
    assert agrees("bio", "ENZYME", bio.enzyme(golden("bio")["ec_labels"])) >= 6


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.53 of all", [0.53]),
        (".53", [53.0]),
        ("\u20110.5", [-0.5]),  # non-breaking hyphen
        ("\u22120.5", [0.5]),  # the minus sign is lost
        ("1.2e-05", [1.2, 5.0]),
        ("mRNA12", [2.0]),
        ("the 5' end of 3' UTR", []),
        ("0.123456789", [0.123457]),
        ("12.", [12.0]),
        ("1" * 400, [math.inf]),
    ],
)
def test_numbers_as_the_released_reader_finds_them(text: str, expected: list[float]) -> None:
    assert bio_numbers.numbers(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yes, no doubt.", 0),
        ("It is not soluble", 0),
        ("It is soluble", 1),
        ("This is not a promoter", None),
        ("unknown", -1),
        ("Motifs are detectable", None),
        ("contains a site", 1),
        ("contains: a site", None),
        ("INCLUDE", 1),
        ("includes", None),
    ],
)
def test_polarity(text: str, expected: int | None) -> None:
    assert polarity(text) == expected


@pytest.mark.parametrize(
    ("said", "row"),
    [
        (f"{THINK_OPEN}7{THINK_CLOSE} 0.5", (1.0, 0.5)),
        (f"{THINK_OPEN}7{THINK_CLOSE} 0.5 <summary> 0.6", (1.0, 0.6)),
        (f"{THINK_OPEN} it is 0.5", (1.0, math.inf)),
        ("0.5 or 0.6", (1.0, math.inf)),
        ("", (1.0, math.inf)),
    ],
)
def test_one_number_after_the_thought(said: str, row: tuple[float, float]) -> None:
    assert bio_numbers.SPEARMAN.row(Item((said,), "", label="1")) == row


@pytest.mark.parametrize(
    ("evaluator", "rows", "key", "expected"),
    [
        # Answers above 300 cost nothing.
        (bio_numbers.SPEARMAN, [("1", "1"), ("2", "2"), ("301", "0")], "spearman", 100.0),
        # An answer that is none costs its share.
        (bio_numbers.SPEARMAN, [("1", "1"), ("2", "2"), ("?", "0")], "spearman", 66.667),
        (bio_numbers.SPEARMAN, [("?", "1"), ("", "2")], "spearman", 0.0),
        (bio_numbers.SPEARMAN, [("1", "1"), ("1", "2")], "spearman", None),
        # "R2" is the squared correlation: upside down is perfect.
        (bio_numbers.R2, [("3", "1"), ("2", "2"), ("1", "3")], "R2", 100.0),
        (bio_numbers.R2, [("?", "1"), ("?", "2")], "R2", None),
        (bio_numbers.ISOFORM, [("3", "1"), ("2", "2"), ("81", "3")], "R2", 66.667),
        (bio_numbers.MIXED, [("?", "1"), ("2000", "2")], "mixed_score", 0.0),
        (bio_numbers.MIXED, [("20", "20"), ("90", "90")], "mixed_score", 100.0),
    ],
)
def test_scores_by_hand(
    evaluator: Evaluator, rows: list[tuple[str, str]], key: str, expected: float | None
) -> None:
    assert evaluator(items(*rows))[key] == pytest.approx(expected)


def test_several_outputs_need_exactly_as_many_numbers() -> None:
    label = json.dumps({"hk": 1.0, "dev": -2.0})
    assert bio_numbers.ENHANCER.row(Item(("1.5, 2.5",), "", label=label)) == (1.0, -2.0, 1.5, 2.5)
    assert bio_numbers.ENHANCER.row(Item(("1.5",), "", label=label)) == (1, -2, math.inf, math.inf)


def test_a_blank_answer_is_always_wrong() -> None:
    numbers = bio.ACCURACY(items(("", "positive"), (" ", "negative"), ("unsure", "positive")))
    assert numbers == {"Acc": 0.0, "needs_nli": 0.0}


def test_rows_without_a_listed_word_wait_for_the_model() -> None:
    answers = items(("Yes", "positive"), ("Motifs are detectable", "positive"), ("No", "negative"))
    rows = [bio.MCC.row(item) for item in answers]
    assert bio.waiting(rows) == [1]
    assert bio.MCC.finish(rows) == {"MCC": None, "needs_nli": 1.0}
    asked: list[str] = []

    def model(texts: Sequence[str]) -> list[int]:
        asked.extend(texts)
        return [1 for _ in texts]

    assert bio.binary("MCC", model)(answers) == {"MCC": 100.0, "needs_nli": 1.0}
    assert asked == ["Motifs are detectable"]


def test_only_upstream_judges_a_blank_modification_without_the_model() -> None:
    blank = items((" ", "m6A"))
    assert bio.waiting([bio.MODIFICATION.row(item) for item in blank]) == [0]
    assert bio.waiting([bio.MODIFICATION_UPSTREAM.row(item) for item in blank]) == []


@pytest.mark.parametrize("evaluator", [*EVALUATORS.values(), bio.enzyme(["1.1.1.1"])])
def test_no_items_and_no_labels_give_no_number(evaluator: Evaluator) -> None:
    assert evaluator([])[evaluator.headline] is None
    assert evaluator([Item(("1",), "")])[evaluator.headline] is None


def test_a_long_run_of_digits_is_read_in_no_time() -> None:
    row = bio.enzyme(["1.1.1.1"]).row(Item(("1" * 300_000 + " 1.1.1.1",), "", label="1.1.1.1"))
    assert row == ("1.1.1.1", "1.1.1.1")
