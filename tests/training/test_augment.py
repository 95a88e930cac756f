"""Respelled questions ask the same thing, and only where that is so."""

from __future__ import annotations

import pytest

from scireasoner.errors import RecipeError
from scireasoner.science.molecules import canonical
from scireasoner.science.nucleotides import reverse_complement
from scireasoner.tasks.registry import get
from scireasoner.training.augment import AugmentConfig, augmented
from scireasoner.types import Sample

SMILES = ("CCO", "c1ccccc1C(=O)O", "CC(C)CC(N)C(=O)O", "CCOC(=O)C1=CC=CC=C1")


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
    ("globs", "turned"),
    [
        pytest.param(("gue_tf_human_*",), True, id="either strand may be bound"),
        pytest.param(("gue_core_*",), False, id="a promoter has a direction"),
        pytest.param((), False, id="none named"),
    ],
)
def test_the_other_strand_only_where_it_is_said(globs: tuple[str, ...], turned: bool) -> None:
    (made,) = augmented(
        get("gue_tf_human_0"), rows("dna", ("AACGTTGG",)), AugmentConfig(1.0, globs), seed=0
    )
    assert made.inputs["dna"] == (reverse_complement("AACGTTGG") if turned else "AACGTTGG")


@pytest.mark.parametrize(
    ("strand", "expected"),
    [
        pytest.param((), {"AACGTTGGA", "ACGTTGGA", "CGTTGGA"}, id="this strand"),
        pytest.param(
            ("gue_*",),
            {"AACGTTGGA", "ACGTTGGA", "CGTTGGA", "TCCAACGTT", "CCAACGTT", "CAACGTT"},
            id="either strand",
        ),
    ],
)
def test_a_window_may_begin_in_any_frame(strand: tuple[str, ...], expected: set[str]) -> None:
    config = AugmentConfig(1.0, strand, any_frame=("gue_tf_human_*",))
    made = augmented(get("gue_tf_human_0"), rows("dna", ("AACGTTGGA",) * 60), config, seed=0)
    assert {row.inputs["dna"] for row in made} == expected


def test_the_seed_decides_and_a_reaction_is_left_alone() -> None:
    task, config = get("smiles_to_formula"), AugmentConfig(0.5)
    asked = rows("smiles", SMILES * 5)
    once, again, other = (augmented(task, asked, config, seed) for seed in (1, 1, 2))
    assert once == again != other
    broken = rows("smiles", ("CCO>>CC=O",))
    assert augmented(task, broken, AugmentConfig(1.0), seed=0) == broken


def test_a_share_beyond_one_is_refused() -> None:
    with pytest.raises(RecipeError, match=r"augment\.share is 2"):
        AugmentConfig(2)
