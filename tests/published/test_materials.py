"""Materials against {composition,bulk_modulus,uncond}_material.py of dave1362/SciReason@efe16a1.

Upstream is open-compass/opencompass@a5acc4b; validity is that of smact 3.0.2.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from scireasoner.published import materials
from scireasoner.published.base import Evaluator, Item

EVALUATORS = {
    evaluator.name: evaluator
    for evaluator in (
        materials.MATERIAL_COMPOSITION,
        materials.MATERIAL_MODULUS,
        materials.UNCONDITIONAL_MATERIAL,
        materials.UNCONDITIONAL_MATERIAL_UPSTREAM,
    )
}


@pytest.mark.parametrize("name", EVALUATORS)
def test_numbers_are_the_released_ones(
    name: str, reproduces: Callable[[str, str, Evaluator], int]
) -> None:
    assert reproduces("materials", name, EVALUATORS[name]) >= 20


@pytest.mark.parametrize(
    ("symbols", "verdict"),
    [
        ("Fe Fe O O O", True),
        ("Fe Fe Fe O O O O", False),  # mixed valence
        ("Na Cl Cl", False),
        ("Ti Al", True),  # an alloy
        ("He", True),
        ("He O", False),
        ("D D O", True),
        ("Xx", True),  # an invented element alone
        ("Xx O", None),  # which smact does not know beside others
        ("Bb", None),  # looks like boron to pymatgen
        ("Rf O", None),
    ],
)
def test_screening(symbols: str, verdict: bool | None) -> None:
    assert materials.screened(Counter(symbols.split())) is verdict


@pytest.mark.parametrize(
    ("question", "elements"),
    [
        ("Make a material that has Fe, O.", ["Fe", "O"]),
        ("Make one COMPOSED OF Fe and O", ["Fe", "O"]),
        ("Use Fe and O: a crystal composed of them.", []),  # the phrase holds no symbol
        ("A crystal of Fe with O", ["A", "Fe", "O"]),
    ],
)
def test_elements_asked_for(question: str, elements: list[str]) -> None:
    assert materials.asked_elements(question) == elements


def item(answer: str, gold: str = "Fe O <sg> <sg1>") -> Item:
    return Item(
        (f"<material>{answer}</material>",), f"<material>{gold}</material>", "based on Fe, O."
    )


@pytest.mark.parametrize(
    ("answer", "formatted", "valid", "precision", "novel"),
    [
        ("Fe O <sg> <sg225>", 100, 100, 100, 100),
        ("Fe O <sg> <sg1>", 100, 100, 100, 0),
        ("Fe O Xe He <sg999>", 100, 0, 100, 100),
        ("Fe O", 0, 0, 100, 100),
        ("", 0, 0, 0, 0),
    ],
)
def test_one_composition(
    answer: str, formatted: float, valid: float, precision: float, novel: float
) -> None:
    found = materials.MATERIAL_COMPOSITION([item(answer)])
    assert found["format_valid_count"] == formatted / 100
    assert found["smact_validity_ratio_in_all_%"] == valid
    assert found["average_precision_%"] == precision
    assert found["novel_material_ratio_%"] == novel


def test_novel_is_what_no_gold_of_the_set_is() -> None:
    pair = [item("Ti O <sg> <sg2>"), item("Fe", gold="Ti O <sg> <sg2>")]
    assert materials.MATERIAL_COMPOSITION(pair)["novel_material_ratio_%"] == 50


def test_the_material_of_a_modulus_never_matches() -> None:
    found = materials.MATERIAL_MODULUS([item("Fe O <sg> <sg1>")])
    assert found["exact_match_ratio_%"] == 0
    assert found["average_precision_%"] == 100


def test_upstream_takes_angle_brackets_and_needs_the_first_tag() -> None:
    texts = ["Fe O ⟨sg⟩ ⟨sg62⟩", "Fe O <sg62>"]
    counts = [
        [int(e([item(text)])["format_valid_count"] or 0) for text in texts]
        for e in (materials.UNCONDITIONAL_MATERIAL, materials.UNCONDITIONAL_MATERIAL_UPSTREAM)
    ]
    assert counts == [[0, 1], [1, 0]]
