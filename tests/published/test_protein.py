"""Proteins against Mol_Instructions/protein.py of dave1362/SciReason@efe16a1 and rouge-score."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scireasoner.prompts.reply import THINK_CLOSE, THINK_OPEN
from scireasoner.published import protein
from scireasoner.published.base import Evaluator, Item
from scireasoner.published.rouge import rouge_lsum


@pytest.mark.parametrize("name", ["PROTEIN_TEXT", "PROTEIN_DESIGN"])
def test_numbers_are_the_released_ones(
    name: str, agrees: Callable[[str, str, Evaluator], int]
) -> None:
    assert agrees("protein", name, getattr(protein, name)) >= 20


def test_the_text_score_is_a_median_of_resamples() -> None:
    right, wrong = Item(("a b",), "a b"), Item(("x",), "a b")
    numbers = protein.PROTEIN_TEXT([right] * 9 + [wrong])
    assert numbers["rougeL"] == pytest.approx(90.0)
    assert protein.PROTEIN_TEXT([wrong])["rougeL"] == 0.0
    assert protein.PROTEIN_TEXT([])["rougeL"] is None


@pytest.mark.parametrize(
    ("candidate", "reference", "expected"),
    [
        ("a b c", "a b c", 1.0),
        ("a b\nc", "a b c", 1.0),  # the union over the lines of the candidate
        ("c\na b", "a b c", 1.0),
        ("c a b", "a b c", 2 / 3),
        ("a\na", "a", 2 / 3),  # a word counts once
        ("", "a", 0.0),
        ("\n", "a", 0.0),
    ],
)
def test_rouge_lsum(candidate: str, reference: str, expected: float) -> None:
    assert rouge_lsum(candidate, reference) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("said", "score"),
    [
        ("<protein>MKV</protein>", 100.0),
        (f"{THINK_OPEN}<protein>A</protein>{THINK_CLOSE}<protein>M-K V</protein>", 100.0),
        ("<protein>MKV</protein> or <protein>AAA</protein>", 100.0),
        ("<protein>mkv</protein>", 0.0),  # lower case is deleted
        ("<protein>MK\nV</protein>", 0.0),  # a block is one line
        ("MKV", 0.0),
    ],
)
def test_designs(said: str, score: float) -> None:
    gold = "<protein>MKV</protein>"
    numbers = protein.PROTEIN_DESIGN([Item((said,), gold), Item(("",), gold)])
    assert numbers["Max SW score"] == pytest.approx(score)
    assert numbers["Average SW score"] == pytest.approx(score / 2)
    assert numbers["valid average SW score"] == pytest.approx(score)
    assert numbers["Min SW score"] == 0.0


def test_no_designs_give_no_number() -> None:
    assert set(protein.PROTEIN_DESIGN([]).values()) == {None}
