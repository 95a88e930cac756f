"""Protein sequences: alphabet, likeness, and properties from the sequence (Biopython)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from scireasoner.errors import InputError
from scireasoner.science.sequences import letters

AMINO_ACIDS = frozenset("ACDEFGHIKLMNPQRSTVWY")
"""The 20 proteinogenic amino acids by one-letter code."""

THREE_LETTERS: Mapping[str, str] = MappingProxyType({
    "A": "Ala", "C": "Cys", "D": "Asp", "E": "Glu", "F": "Phe", "G": "Gly", "H": "His",
    "I": "Ile", "K": "Lys", "L": "Leu", "M": "Met", "N": "Asn", "P": "Pro", "Q": "Gln",
    "R": "Arg", "S": "Ser", "T": "Thr", "V": "Val", "W": "Trp", "Y": "Tyr",
})  # fmt: skip


def clean(text: str) -> str | None:
    """Return the sequence in capitals, None if it has letters other than the 20 amino acids.

    One stop mark ``*`` at the end is dropped.
    """
    stripped = text.strip()
    return letters(stripped[:-1] if stripped.endswith("*") else stripped, AMINO_ACIDS)


def _clean_pair(a: str, b: str) -> tuple[str, str] | None:
    first, second = clean(a), clean(b)
    return None if first is None or second is None else (first, second)


def similarity(a: str, b: str) -> float:
    """Return 1 - Levenshtein distance / longer length, in [0, 1]; 0 if either is no protein."""
    both = _clean_pair(a, b)
    if both is None:
        return 0.0
    from rapidfuzz.distance import Levenshtein

    return float(Levenshtein.normalized_similarity(*both))


def identity(a: str, b: str) -> float:
    """Return longest common subsequence / longer length, in [0, 1]; 0 if either is no protein."""
    both = _clean_pair(a, b)
    if both is None:
        return 0.0
    from rapidfuzz.distance import LCSseq

    return float(LCSseq.normalized_similarity(*both))


def _protparam(sequence: str) -> Any:
    """Open Biopython's analysis of a sequence."""
    from Bio.SeqUtils.ProtParam import ProteinAnalysis

    residues = clean(sequence)
    if residues is None:
        raise InputError(
            f"{sequence[:60]!r} is not a protein: only the 20 amino acid letters are expected"
        )
    return ProteinAnalysis(residues)


def isoelectric_point(sequence: str) -> float:
    """Return the pH without net charge (Bjellqvist, doi:10.1002/elps.11501401163)."""
    return float(_protparam(sequence).isoelectric_point())


def molecular_weight(sequence: str) -> float:
    """Return the average mass in g/mol."""
    return float(_protparam(sequence).molecular_weight())


def hydropathy(sequence: str) -> float:
    """Return the mean Kyte-Doolittle hydropathy (doi:10.1016/0022-2836(82)90515-0)."""
    return float(_protparam(sequence).gravy())


def aromaticity(sequence: str) -> float:
    """Return the share of F, W and Y, in [0, 1]."""
    return float(_protparam(sequence).aromaticity())
