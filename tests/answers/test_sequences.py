"""Proteins and designed RNA."""

from __future__ import annotations

import pytest

from scireasoner.answers import Protein, RnaDesign
from scireasoner.types import Fault

HAIRPIN = "((((((....))))))"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("<protein>mkvlat</protein>", "MKVLAT"),  # published: becomes empty
        ("<protein>MKVLAT*</protein>", "MKVLAT"),
        ("<protein>MKVL\nAT</protein>", "MKVLAT"),
        ("<protein>MKVXB</protein>", Fault.INVALID_SEQUENCE),
        ("<protein>MK1</protein>", Fault.INVALID_SEQUENCE),
        ("<protein></protein>", Fault.NO_ANSWER),
        ("<protein>" + "M" * 6000 + "</protein>", Fault.TOO_LONG),
    ],
)
def test_proteins_are_read_strictly(text: str, value: str | Fault) -> None:
    assert Protein().parse(text) == value


def test_a_protein_scores_by_its_likeness() -> None:
    kind = Protein()
    assert kind.compare("MKVLAT", "MKVLAT") == (1.0, True)
    near, far = kind.compare("MKVLAA", "MKVLAT"), kind.compare("GGGGGG", "MKVLAT")
    assert near == (pytest.approx(0.9 * 5 / 6), False)
    assert far == (0.0, False)


@pytest.mark.parametrize("text", ["HELLO", "NNNN", "GGX", "((("])
def test_rna_has_four_letters(text: str) -> None:
    assert RnaDesign().parse(f"<rna>{text}</rna>") is Fault.INVALID_SEQUENCE


@pytest.mark.parametrize("gold", ["((..", "))))((((", "xxxx", "", "." * 501])
def test_an_unbalanced_target_is_a_bad_gold(gold: str) -> None:
    assert RnaDesign().read_gold(gold) is Fault.BAD_GOLD


def test_a_design_is_judged_by_its_fold() -> None:
    kind = RnaDesign()
    assert kind.compare("GGGGGGAAAACCCCCC", HAIRPIN) == (1.0, True)
    assert kind.compare("A" * 16, HAIRPIN) == (0.0, False)
    assert kind.compare("GGGGGGAAAACCCCC", HAIRPIN) == (0.0, False)  # other length
    partial, correct = kind.compare("AGGGGGAAAACCCCCA", HAIRPIN)
    assert 0.5 < partial < 0.9
    assert not correct
