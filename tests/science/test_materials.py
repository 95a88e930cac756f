from __future__ import annotations

import itertools
import random
import warnings
from operator import mul

import pytest

from scireasoner.science import formulas, materials


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NaCl", {"Na": 1, "Cl": 1}),
        ("Ca(OH)2", {"Ca": 1, "O": 2, "H": 2}),
        ("Fe2O3", {"Fe": 2, "O": 3}),
        ("Xx2", None),
        ("Na0Cl0", None),
        ("Na1e400", None),
        ("Na1000", None),
        ("Li0.5CoO2", None),
        ("SO4-2", None),
        ("", None),
    ],
)
def test_composition(text: str, expected: dict[str, int] | None) -> None:
    assert materials.parse_composition(text) == expected


@pytest.mark.parametrize(
    ("text", "neutral", "valid"),
    [
        ("NaCl", True, True),
        ("Na2Cl2", True, True),
        ("TiO2", True, True),
        ("SrTiO3", True, True),
        ("Fe2O3", True, True),
        ("NaCl2", False, False),
        ("NaO7", False, False),
        ("CuZn", False, True),  # an alloy
        ("Fe", False, True),  # an element
        ("HeO", False, False),
        ("XeF2", True, True),
        ("Og2O", False, False),
    ],
)
def test_neutrality_and_validity(text: str, neutral: bool, valid: bool) -> None:
    counts = materials.parse_composition(text)
    assert counts is not None
    assert materials.charge_neutral(counts) is neutral
    assert materials.smact_valid(counts) is valid


@pytest.mark.parametrize(
    "counts", [{}, {"Xx": 2, "O": 1}, {"Na": 0, "Cl": 0}, {"Na": -1, "Cl": -1}]
)
def test_no_composition_is_neither_neutral_nor_valid(counts: dict[str, int]) -> None:
    assert not materials.charge_neutral(counts)
    assert not materials.smact_valid(counts)


def _drawn(n: int) -> list[dict[str, int]]:
    """Random compositions of two to four elements, half of them with an anion former."""
    draw = random.Random(7)
    elements, anions = formulas.ELEMENTS[:103], ("O", "S", "F", "Cl", "N", "P")
    rows = []
    for i in range(n):
        chosen = draw.sample(elements, draw.choice((1, 2, 3)) + i % 2)
        if i % 2 or len(chosen) == 1:
            chosen[-1] = draw.choice(anions)
        rows.append({element: draw.randint(1, 6) for element in chosen})
    return rows


def test_validity_equals_smact_on_600_formulas() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from smact.screening import smact_validity

    rows = _drawn(600)
    ours = [materials.smact_valid(row) for row in rows]
    theirs = [
        smact_validity("".join(f"{e}{n}" for e, n in row.items()), oxidation_states_set="icsd24")
        for row in rows
    ]
    assert ours == theirs
    assert 150 < sum(ours) < 450, "the draw must test both answers"


def test_neutrality_equals_trying_every_choice_of_oxidation_states() -> None:
    states = materials.oxidation_states()
    for row in _drawn(200):
        choices = itertools.product(*(states.get(element, ()) for element in row))
        neutral = any(sum(map(mul, choice, row.values())) == 0 for choice in choices)
        assert materials.charge_neutral(row) is (neutral and len(row) > 1), row


def test_tables_are_those_of_smact() -> None:
    import smact

    for symbol in formulas.ELEMENTS[:103]:
        element = smact.Element(symbol)
        states = materials.oxidation_states().get(symbol, ())
        assert list(states) == (element.oxidation_states_icsd24 or [])
        assert materials.electronegativities().get(symbol) == element.pauling_eneg
    assert frozenset(formulas.ELEMENTS) - set(smact.metals) == materials._NOT_METALS


def test_ten_elements_with_large_counts_are_answered() -> None:
    counts = dict(
        zip(("Fe", "Mn", "Cr", "V", "Mo", "W", "Re", "S", "N", "O"), range(990, 1000), strict=True)
    )
    assert not materials.charge_neutral(counts)
    assert materials.charge_neutral(dict.fromkeys(counts, 999))
    assert materials.smact_valid(dict.fromkeys(counts, 999))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Na Cl <sg225>", ({"Na": 1, "Cl": 1}, 225)),
        ("Ti O O <sg136>", ({"Ti": 1, "O": 2}, 136)),
        ("Ti O O", ({"Ti": 1, "O": 2}, None)),
        (" Na  Cl<sg1> ", ({"Na": 1, "Cl": 1}, 1)),
        ("NaCl", None),
        ("Na Xx", None),
        ("Na Cl <sg231>", None),
        ("Na Cl <sg0>", None),
        ("<sg225>", None),
        ("<sg225> Na Cl", None),
        ("", None),
        ("Na " * 10_000, None),
    ],
)
def test_element_tokens(text: str, expected: tuple[dict[str, int], int | None] | None) -> None:
    assert materials.from_tokens(text) == expected


def test_tokens_come_back() -> None:
    assert materials.to_tokens({"Ti": 1, "O": 2}, 136) == "Ti O O <sg136>"
    assert materials.from_tokens(materials.to_tokens({"Ba": 1, "Ti": 1, "O": 3})) == (
        {"Ba": 1, "Ti": 1, "O": 3},
        None,
    )
    assert materials.reduced({"Fe": 4, "O": 6}) == {"Fe": 2, "O": 3}
