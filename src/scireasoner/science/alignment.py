"""Alignment scores of protein sequences: Smith-Waterman and identity.

Scores are those of Biopython's ``PairwiseAligner`` with BLOSUM45 (doi:10.1073/pnas.89.22.10915), a
gap costing 10 and 0.5 for each further residue. ``parasail`` (doi:10.1186/s12859-016-0930-z)
finds them thirty times faster where it is installed; the numbers are the same.
"""

from __future__ import annotations

from functools import cache, lru_cache
from math import sqrt
from types import ModuleType
from typing import Any

from scireasoner.science.proteins import AMINO_ACIDS
from scireasoner.science.sequences import MAX_RESIDUES

MATRIX = "BLOSUM45"
GAP_OPEN = 10.0
GAP_EXTEND = 0.5
# parasail counts in whole numbers: everything is doubled.
_SCALE = 2
_SHORT = 2**15 - 2_000
"""Scores below fit sixteen bits, with room for what one more pair of residues may add."""


@cache
def _parasail() -> ModuleType | None:
    try:
        import parasail
    except ImportError:
        return None
    module: ModuleType = parasail
    return module


@cache
def _matrix() -> Any:
    """Make the doubled matrix of parasail."""
    parasail = _parasail()
    assert parasail is not None
    doubled = getattr(parasail, MATRIX.lower()).copy()
    size = range(doubled.size)
    for row in size:
        for column in size:
            doubled[row, column] = int(doubled.matrix[row, column]) * _SCALE
    return doubled


@cache
def _aligner() -> Any:
    """Make Biopython's aligner (loading the matrix costs more than an alignment)."""
    from Bio.Align import PairwiseAligner, substitution_matrices

    aligner = PairwiseAligner()
    aligner.mode = "local"
    aligner.substitution_matrix = substitution_matrices.load(MATRIX)
    aligner.open_gap_score = -GAP_OPEN
    aligner.extend_gap_score = -GAP_EXTEND
    return aligner


def check(sequence: str) -> None:
    """Raise ValueError unless these are 1 to 10,000 capitals of the 20 amino acids."""
    if not 0 < len(sequence) <= MAX_RESIDUES:
        raise ValueError(f"{len(sequence)} residues cannot be aligned: 1 to {MAX_RESIDUES} can")
    if not AMINO_ACIDS.issuperset(sequence):
        odd = sorted(set(sequence) - AMINO_ACIDS)
        raise ValueError(f"{odd[0]!r} is none of the 20 amino acids (capitals are expected)")


def smith_waterman(a: str, b: str) -> float:
    """Return the best local alignment score (not normalised), at least 0.

    Raises
    ------
    ValueError : for an empty or too long sequence, or one with other letters.
    """
    return _score(a, b, min(self_score(a), self_score(b)))


def _score(a: str, b: str, bound: float) -> float:
    """Align two checked sequences whose score is at most ``bound``."""
    parasail = _parasail()
    if parasail is None:
        return float(_aligner().score(a, b))
    # Sixteen bits suffice for all but giants; trying eight first costs more than it saves.
    align = parasail.sw_scan_16 if bound * _SCALE < _SHORT else parasail.sw_striped_sat
    gaps = int(GAP_OPEN * _SCALE), int(GAP_EXTEND * _SCALE)
    return float(align(a, b, *gaps, _matrix()).score) / _SCALE


@cache
def _own_scores() -> dict[str, float]:
    """Give the score of each residue against itself."""
    from Bio.Align import substitution_matrices

    matrix = substitution_matrices.load(MATRIX)
    return {residue: float(matrix[residue, residue]) for residue in AMINO_ACIDS}


@lru_cache(maxsize=1_024)
def self_score(sequence: str) -> float:
    """Return the score of a sequence against itself: no residue scores more than against itself."""
    check(sequence)
    own = _own_scores()
    return sum(map(own.__getitem__, sequence))


def normalised_smith_waterman(a: str, b: str) -> float:
    """Return the Smith-Waterman score over the geometric mean of both self scores, in [0, 1]."""
    first, second = self_score(a), self_score(b)
    return min(1.0, _score(a, b, min(first, second)) / sqrt(first * second))


def identity(a: str, b: str) -> float:
    """Return the share of the longer sequence that can be matched in order, in [0, 1].

    Longest common subsequence over longer length: a global alignment that counts matches alone,
    whose value (other than with gap costs) does not depend on which best alignment is found.

    Raises
    ------
    ValueError : as `smith_waterman`.
    """
    from rapidfuzz.distance import LCSseq

    check(a)
    check(b)
    return float(LCSseq.normalized_similarity(a, b))
