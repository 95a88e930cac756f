from __future__ import annotations

import random

import pytest

from scireasoner.science import formulas


@pytest.mark.parametrize(
    ("text", "hill"),
    [
        ("H2O", "H2O"),
        ("HBr", "BrH"),
        ("BrH", "BrH"),
        ("C2H5OH", "C2H6O"),
        ("CH3(CH2)4CH3", "C6H14"),
        ("Ca(OH)2", "CaH2O2"),
        ("Fe(CN)6", "C6FeN6"),
        ("K4[Fe(CN)6]", "C6FeK4N6"),
        ("CuSO4·5H2O", "CuH10O9S"),
        ("CuSO4.5H2O", "CuH10O9S"),
        ("C₆H₁₂O₆", "C6H12O6"),
        ("D2O", "H2O"),
        ("NH4+", "H4N+"),
        ("SO4-2", "O4S-2"),
        ("SO4^2-", "O4S-2"),
        ("SO₄²⁻".replace("²", "^2"), "O4S-2"),
        ("SO₄²⁻", "O4S-2"),
        ("Fe³⁺", "Fe+3"),
        ("Cl⁻¹", "Cl-"),
        ("SO4^{-2}", "O4S-2"),
        ("[SO4]2-", "O4S-2"),
        ("[Fe(CN)6]4-", "C6FeN6-4"),
        ("K2[PtCl6]", "Cl6K2Pt"),
        ("  NaCl ", "ClNa"),
    ],
)
def test_formula_is_read_and_written_in_hill_order(text: str, hill: str) -> None:
    counts = formulas.parse(text)
    assert counts is not None
    assert formulas.hill(counts) == hill
    assert formulas.parse(hill) == counts


@pytest.mark.parametrize(
    "text",
    ["", "C6H6zzz", "Xx2", "Na0", "2H2O", "H2O)", "(H2O", "(H2O]", "()2", "h2o", "C6 H6", "C-H",
     "C1.5", "C" * 30_000, "(" * 5_000 + "C" + ")" * 5_000, "C9999999", "((((C999)999)999)999)"],
)  # fmt: skip
def test_text_that_is_no_formula_gives_none(text: str) -> None:
    assert formulas.parse(text) is None


def test_there_are_118_elements_and_each_is_a_formula() -> None:
    assert len(formulas.ELEMENTS) == 118
    assert all(formulas.parse(element) == {element: 1} for element in formulas.ELEMENTS)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("C6H6", "C6H6", 1.0),
        ("C6H6", "H6C6", 1.0),
        ("CH4", "NaCl", 0.0),
        ("H2O", "H2O2", 1 - 1 / 7),
        ("Na+", "Na", 1 - 1 / 3),
    ],
)
def test_overlap_is_one_minus_the_share_of_atoms_that_differ(
    a: str, b: str, expected: float
) -> None:
    first, second = formulas.parse(a), formulas.parse(b)
    assert first is not None
    assert second is not None
    assert formulas.overlap(first, second) == pytest.approx(expected)
    assert formulas.overlap(second, first) == pytest.approx(expected)


def test_a_formula_without_brackets_is_read_as_the_same_one_in_brackets() -> None:
    """The quick way of plain formulas against the way that every other formula goes."""
    rng = random.Random(0)
    pieces = ["C", "H", "O", "Na", "Cl", "D", "Xx", "J", "0", "1", "12", "007", "99999", "100000"]
    read = 0
    for _ in range(5_000):
        text = "".join(rng.choices(pieces, weights=[6] * 6 + [1] * 3 + [4, 4, 1, 1, 1], k=4))
        found = formulas.parse(text)
        assert found == formulas.parse(f"({text})"), text
        read += found is not None
    assert 500 < read < 4_500
