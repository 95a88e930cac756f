"""Nominal masses, and the atoms of peptides."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from scireasoner.errors import InputError
from scireasoner.science import formulas, molecules, proteins

WATER: Mapping[str, int] = {"H": 2, "O": 1}


@cache
def mass_number(element: str) -> int:
    """Return the mass number of an element's most abundant isotope (RDKit's table)."""
    from rdkit.Chem import GetPeriodicTable

    return int(GetPeriodicTable().GetMostCommonIsotope(element))


def nominal(counts: Mapping[str, int]) -> int:
    """Return the nominal mass in Da: mass numbers of the most abundant isotopes, added up.

    As IUPAC defines it (doi:10.1351/PAC-REC-06-04-06); a charge weighs nothing.
    """
    return sum(mass_number(e) * n for e, n in counts.items() if e != formulas.CHARGE)


@cache
def residue(letter: str) -> Mapping[str, int]:
    """Return the atoms of an amino acid in a chain: those of the free one less a water.

    Raises
    ------
    InputError : if the letter is none of the 20 amino acids.
    """
    if letter not in proteins.AMINO_ACIDS:
        raise InputError(f"{letter!r} is no amino acid: one of the 20 letters is expected")
    from rdkit import Chem

    free = molecules.formula(Chem.MolToSmiles(Chem.MolFromSequence(letter))) or {}
    return {e: n - WATER.get(e, 0) for e, n in free.items()}


def peptide(sequence: str) -> dict[str, int]:
    """Return the atoms of a linear, neutral peptide: its residues and one water.

    Raises
    ------
    InputError : if a letter is none of the 20 amino acids.
    """
    return add(WATER, *(residue(letter) for letter in sequence))


def add(*parts: Mapping[str, int]) -> dict[str, int]:
    """Add up element counts."""
    total: dict[str, int] = {}
    for part in parts:
        for element, count in part.items():
            total[element] = total.get(element, 0) + count
    return total
