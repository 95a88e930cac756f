"""Metrics of designs against the tools themselves and brute force."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest
import RNA
from rdkit import Chem, DataStructs
from rdkit.Chem import rdFingerprintGenerator

from scireasoner.metrics import (
    ELEMENT_RECALL,
    MFE,
    MFE_PER_NT,
    MOLECULE_DIVERSITY,
    SEQUENCE_DIVERSITY,
    SMACT_VALIDITY,
    Metric,
    novelty,
)
from scireasoner.metrics.diversity import MAX_PICKS
from scireasoner.science.alignment import identity
from scireasoner.science.molecules import parent
from scireasoner.types import Fault, Outcome

SMILES = ("CCO", "c1ccccc1O", "CC(=O)O", "CCN(CC)CC", "C1CCCCC1", "CC(=O)Oc1ccccc1C(=O)O")


def designs(values: list[str | None], target: str | None = None) -> list[Outcome]:
    return [
        Outcome(f"s{i}", v, target, 0, v is not None, None if v else Fault.INVALID_MOLECULE)
        for i, v in enumerate(values)
    ]


def test_molecule_diversity_is_the_mean_over_all_pairs() -> None:
    make = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048).GetFingerprint
    prints = [make(Chem.MolFromSmiles(s)) for s in SMILES]
    apart = [1 - DataStructs.TanimotoSimilarity(a, b) for a, b in itertools.combinations(prints, 2)]
    found = MOLECULE_DIVERSITY.compute(designs(list(SMILES)))
    assert found == pytest.approx(np.mean(apart), abs=1e-12)


def test_sequence_diversity_is_the_mean_over_all_pairs() -> None:
    rng = random.Random(0)
    texts = ["".join(rng.choices("ACDEFGHIKLMNPQRSTVWY", k=rng.randint(5, 60))) for _ in range(20)]
    apart = [1 - identity(a, b) for a, b in itertools.combinations(texts, 2)]
    found = SEQUENCE_DIVERSITY.compute(designs(list(texts)))
    assert found == pytest.approx(np.mean(apart), abs=1e-12)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["CCO"] * 5, 0.0),
        (["CCO", "CCO", None, None], 0.0),
        ([None, None], 0.0),
        (["CCO"], 0.0),
    ],
)
def test_what_is_alike_is_not_diverse(values: list[str | None], expected: float) -> None:
    assert MOLECULE_DIVERSITY.compute(designs(values)) == expected
    assert SEQUENCE_DIVERSITY.compute(designs(values)) == expected


def test_a_design_drawn_twice_is_not_compared_with_itself() -> None:
    first, second, third = SMILES[:3]
    rows = MOLECULE_DIVERSITY.prepared(MOLECULE_DIVERSITY.columns(designs([first, second, third])))
    # The rows are sorted by the hash of their prompts: each has a distance to two others.
    alone = MOLECULE_DIVERSITY.values(rows, np.array([[1.0, 1.0, 0.0]]))
    twice = MOLECULE_DIVERSITY.values(rows, np.array([[5.0, 1.0, 0.0]]))
    assert twice == pytest.approx(alone)
    assert alone == pytest.approx(rows[0, 2])


def test_repeating_and_failing_cost_diversity() -> None:
    full = MOLECULE_DIVERSITY.compute(designs(list(SMILES)))
    assert MOLECULE_DIVERSITY.compute(designs([*SMILES, *SMILES])) < full
    assert MOLECULE_DIVERSITY.compute(designs([*SMILES, None])) < full


def test_diversity_looks_at_the_same_picks_in_any_order() -> None:
    rng = random.Random(0)
    many = designs(["C" * rng.randint(1, 60) for _ in range(MAX_PICKS + 200)])
    estimate = MOLECULE_DIVERSITY(many)
    assert estimate.n == MAX_PICKS
    assert 0 < estimate.low <= estimate.value <= estimate.high < 1
    rng.shuffle(many)
    assert MOLECULE_DIVERSITY(many) == estimate


@pytest.mark.parametrize(
    ("value", "target", "recall", "valid"),
    [
        ("Na Cl", "Cl Na", 1.0, 1.0),
        ("Na Cl <sg225>", "Cl Na", 1.0, 1.0),
        ("Na Na Cl", "Cl Na", 1.0, 0.0),
        ("Na Cl", "Cl K Na O", 0.5, 1.0),
        ("Na Cl Fe", "Cl Na", 1.0, 0.0),
        (None, "Cl Na", 0.0, 0.0),
    ],
)
def test_compositions(value: str | None, target: str, recall: float, valid: float) -> None:
    judged = designs([value], target)
    assert ELEMENT_RECALL.compute(judged) == recall
    assert SMACT_VALIDITY.compute(judged) == valid


def test_novelty_asks_once_and_counts_valid_unknown_answers() -> None:
    asked = []

    def known() -> frozenset[str]:
        asked.append(1)
        return frozenset({"CCO"})

    metric = novelty(known, "these")
    assert asked == []
    judged = designs(["CCO", "CCN", None, "CC"])
    assert metric.compute(judged) == 0.5
    metric(judged)
    assert len(asked) == 1
    assert metric.name == "novelty against these"


def test_novelty_looks_for_another_form_of_the_answer_too() -> None:
    metric = novelty(lambda: {"CCO", "[Si]C"}, "these", parent)
    judged = designs(["[13CH3]CO", "[CH2]CO", "[Si]C", "CCN"])
    assert metric.compute(judged) == 0.25


def test_energies_are_those_of_viennarna() -> None:
    rng = random.Random(0)
    strands = ["".join(rng.choices("ACGU", k=n)) for n in (8, 30, 60, 90)]
    energies = [RNA.fold(s)[1] for s in strands]
    judged = designs([*strands, None])
    assert MFE.compute(judged) == pytest.approx(sum(energies) / 5, abs=1e-5)
    per_nt = sum(e / len(s) for e, s in zip(energies, strands, strict=True)) / 5
    assert MFE_PER_NT.compute(judged) == pytest.approx(per_nt, abs=1e-5)


def test_long_strands_are_folded_in_part_and_the_name_says_so() -> None:
    hairpin = "GGGGGGAAAACCCCCC"
    long = hairpin + "A" * 600
    assert "500 nt" in MFE.name
    assert MFE.compute(designs([long])) == pytest.approx(RNA.fold(long[:500])[1], abs=1e-5)


@pytest.mark.parametrize("metric", [MFE, MFE_PER_NT], ids=lambda m: m.name)
def test_an_unfolded_strand_earns_nothing(metric: Metric) -> None:
    assert metric.compute(designs(["A" * 40])) == 0.0
