"""Nominal masses and peptides, against known values and against Biopython."""

from __future__ import annotations

import random

import pytest

from scireasoner.errors import InputError
from scireasoner.science import formulas, masses, proteins


@pytest.mark.parametrize(
    ("formula", "mass"),
    [
        ("H2O", 18),
        ("C6H6", 78),
        ("C6H12O6", 180),
        ("CHCl3", 118),  # 35Cl, the most abundant
        ("CH3Br", 94),  # 79Br
        ("B2H6", 28),  # 11B
        ("C9H8O4", 180),
        ("C2H3O2-", 59),
    ],
)
def test_nominal_masses(formula: str, mass: int) -> None:
    assert masses.nominal(formulas.parse(formula) or {}) == mass


@pytest.mark.parametrize(
    ("sequence", "formula"),
    [("G", "C2H5NO2"), ("GG", "C4H8N2O3"), ("MSK", "C14H28N4O5S"), ("CW", "C14H17N3O3S")],
)
def test_atoms_of_peptides(sequence: str, formula: str) -> None:
    assert formulas.hill(masses.peptide(sequence)) == formula


def test_peptides_weigh_what_biopython_says() -> None:
    from rdkit.Chem import GetPeriodicTable

    table, rng = GetPeriodicTable(), random.Random(0)
    for _ in range(50):
        sequence = "".join(rng.choices(sorted(proteins.AMINO_ACIDS), k=rng.randint(1, 30)))
        counts = masses.peptide(sequence)
        average = sum(table.GetAtomicWeight(e) * n for e, n in counts.items())
        assert average == pytest.approx(proteins.molecular_weight(sequence), rel=1e-4)


@pytest.mark.parametrize("letter", ["B", "X", "g", "GG", ""])
def test_what_is_no_amino_acid_is_refused(letter: str) -> None:
    with pytest.raises(InputError, match="no amino acid"):
        masses.residue(letter)
