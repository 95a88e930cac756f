"""Respelled questions ask the same thing, and only where that is so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scireasoner.errors import RecipeError
from scireasoner.science.molecules import canonical
from scireasoner.tasks.registry import get
from scireasoner.training.augment import AugmentConfig, augmented, divisible
from scireasoner.types import Sample

SMILES = ("CCO", "c1ccccc1C(=O)O", "CC(C)CC(N)C(=O)O", "CCOC(=O)C1=CC=CC=C1")

FORWARD = {"AACGTTGGA", "ACGTTGGA", "CGTTGGA"}
BACKWARD = {"TCCAACGTT", "CCAACGTT", "CAACGTT"}


def rows(name: str, texts: tuple[str, ...]) -> list[Sample]:
    return [Sample(f"r{n}", {name: text}, "x") for n, text in enumerate(texts)]


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_molecule_stays_the_molecule(share: float) -> None:
    asked = rows("smiles", SMILES)
    made = augmented(get("smiles_to_formula"), asked, AugmentConfig(share), seed=3)
    texts = [row.inputs["smiles"] for row in made]
    assert [canonical(text) for text in texts] == [canonical(text) for text in SMILES]
    assert (texts != list(SMILES)) == bool(share)
    assert [row.gold for row in made] == [row.gold for row in asked]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("gue_core_promoter_all", FORWARD, id="a promoter has a direction"),
        pytest.param("gue_tf_human_0", FORWARD | BACKWARD, id="either strand may be bound"),
        pytest.param("dna_to_protein", {"AACGTTGGA"}, id="the frame is what is asked"),
    ],
)
def test_dna_is_written_in_the_ways_that_its_task_declares(name: str, expected: set[str]) -> None:
    asked = rows("dna", ("AACGTTGGA",) * 80)
    made = augmented(get(name), asked, AugmentConfig(1.0), seed=0)
    assert {row.inputs["dna"] for row in made} == expected


def test_the_seed_decides_and_a_reaction_is_left_alone() -> None:
    task, config = get("smiles_to_formula"), AugmentConfig(0.5)
    asked = rows("smiles", SMILES * 5)
    once, again, other = (augmented(task, asked, config, seed) for seed in (1, 1, 2))
    assert once == again != other
    broken = rows("smiles", ("CCO>>CC=O",))
    assert augmented(task, broken, AugmentConfig(1.0), seed=0) == broken


def test_rows_among_others_are_those_of_the_whole() -> None:
    task, config = get("smiles_to_formula"), AugmentConfig(0.5)
    asked = rows("smiles", (*SMILES, "CCO>>CC=O") * 5)
    for share in (config, AugmentConfig()):
        whole = augmented(task, asked, share, seed=1)
        parts = [augmented(task, asked, share, 1, among) for among in (range(7), range(7, 25))]
        assert parts == [whole[:7], whole[7:]]


def test_a_question_about_one_molecule_is_divisible() -> None:
    task = get("smiles_to_formula")
    assert divisible(task)
    assert not divisible(replace(task, prompt="{a} {b}?", inputs={"a": "smiles", "b": "smiles"}))


def test_a_share_beyond_one_is_refused() -> None:
    with pytest.raises(RecipeError, match=r"augment\.share is 2"):
        AugmentConfig(2)
