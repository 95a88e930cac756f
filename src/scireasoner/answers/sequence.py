"""Protein, DNA and RNA sequences: given ones, and designs for a function or a structure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from scireasoner.answers.reading import miss
from scireasoner.answers.tagged import Tagged
from scireasoner.errors import TaskError
from scireasoner.science.nucleotides import (
    clean_dna,
    clean_rna,
    fold,
    pairs,
    structure_similarity,
)
from scireasoner.science.proteins import clean, similarity
from scireasoner.science.text import edit_similarity
from scireasoner.types import Fault, RewardGroup

_MAX_RESIDUES = 5000
_MAX_BASES = 5000
_MAX_FOLDED = 500  # the length that ViennaRNA folds in a moment
_NEAR = 0.9
_HEADER = re.compile(r"\A>[^\n]{0,200}\n")
_STRANDED = re.compile(r"\A5['\u2032\u2019][\s-]{0,3}([A-Za-z\s]+?)[\s-]{0,3}3['\u2032\u2019]\Z")


def without_frame(text: str) -> str:
    """Take off a FASTA header line and the ends of a strand, ``5'-ACGT-3'``."""
    text = _HEADER.sub("", text.strip(), count=1).strip()
    stranded = _STRANDED.match(text) if len(text) <= 2 * _MAX_BASES else None
    return stranded.group(1) if stranded else text


def read_protein(text: str) -> str | Fault:
    """Return the sequence in capitals."""
    if len(text) > 2 * _MAX_RESIDUES:
        return Fault.TOO_LONG
    found = clean(_HEADER.sub("", text.strip(), count=1))
    if not found:
        return Fault.INVALID_SEQUENCE
    return Fault.TOO_LONG if len(found) > _MAX_RESIDUES else found


def read_rna(text: str, most: int = _MAX_BASES) -> str | Fault:
    """Return the sequence in capitals, T read as U; a mixture of both is neither DNA nor RNA."""
    if len(text) > 2 * most:
        return Fault.TOO_LONG
    bases = without_frame(text).upper()
    found = None if "T" in bases and "U" in bases else clean_rna(bases.replace("T", "U"))
    if not found:
        return Fault.INVALID_SEQUENCE
    return Fault.TOO_LONG if len(found) > most else found


@dataclass(frozen=True)
class Protein(Tagged[str]):
    """A protein in one-letter code (20 amino acids; case and line breaks do not matter)."""

    kind: ClassVar[str] = "protein"
    rule: ClassVar[str] = "the same sequence"
    group: ClassVar[RewardGroup] = RewardGroup.VERIFIED
    notation_name: ClassVar[str] = "protein"

    def read(self, text: str) -> str | Fault:
        """Return the cleaned sequence."""
        return read_protein(text)

    def compare(self, value: str, target: str) -> tuple[float, bool]:
        """Return 1 for equal sequences, else 0.9 times their Levenshtein similarity."""
        if value == target:
            return 1.0, True
        return miss(_NEAR * similarity(value, target)), False


@dataclass(frozen=True)
class ProteinDesign(Tagged[str]):
    """A protein designed for a function; the gold is a natural protein that has it.

    The score is the Smith-Waterman score of the two, normalised by those of each with itself
    (Mol-Instructions, arXiv 2306.08018). Correct from ``threshold`` on.
    """

    threshold: float = 0.9

    kind: ClassVar[str] = "protein design"
    group: ClassVar[RewardGroup] = RewardGroup.VERIFIED
    notation_name: ClassVar[str] = "protein"

    def __post_init__(self) -> None:
        """Check the threshold."""
        if not 0.0 < self.threshold <= 1.0:
            raise TaskError(f"a threshold of {self.threshold} was declared; give one in (0, 1]")

    @property
    def rule(self) -> str:
        """What makes an answer correct, in words."""
        return f"normalised Smith-Waterman score of {self.threshold:g} or more"

    def read(self, text: str) -> str | Fault:
        """Return the cleaned sequence."""
        return read_protein(text)

    def compare(self, value: str, target: str) -> tuple[float, bool]:
        """Return the normalised alignment score, and whether it reaches the threshold."""
        if value == target:
            return 1.0, True
        from scireasoner.science.alignment import normalised_smith_waterman

        score = min(max(normalised_smith_waterman(value, target), 0.0), 1.0)
        return (score, True) if score >= self.threshold else (miss(score), False)


@dataclass(frozen=True)
class Dna(Tagged[str]):
    """A DNA sequence of A, C, G, T; letters for several bases (N, R ...) are invalid."""

    kind: ClassVar[str] = "dna"
    rule: ClassVar[str] = "the same sequence"
    group: ClassVar[RewardGroup] = RewardGroup.VERIFIED
    notation_name: ClassVar[str] = "dna"

    def read(self, text: str) -> str | Fault:
        """Return the cleaned sequence."""
        if len(text) > 2 * _MAX_BASES:
            return Fault.TOO_LONG
        found = clean_dna(without_frame(text))
        if not found:
            return Fault.INVALID_SEQUENCE
        return Fault.TOO_LONG if len(found) > _MAX_BASES else found

    def compare(self, value: str, target: str) -> tuple[float, bool]:
        """Return 1 for equal sequences, else 0.9 times their Levenshtein similarity."""
        if value == target:
            return 1.0, True
        return miss(_NEAR * edit_similarity(value, target)), False


@dataclass(frozen=True)
class Rna(Tagged[str]):
    """An RNA sequence of A, C, G, U (T is read as U); letters for several bases are invalid."""

    kind: ClassVar[str] = "rna"
    rule: ClassVar[str] = "the same sequence"
    group: ClassVar[RewardGroup] = RewardGroup.VERIFIED
    notation_name: ClassVar[str] = "rna"

    def read(self, text: str) -> str | Fault:
        """Return the cleaned sequence."""
        return read_rna(text)

    def compare(self, value: str, target: str) -> tuple[float, bool]:
        """Return 1 for equal sequences, else 0.9 times their Levenshtein similarity."""
        if value == target:
            return 1.0, True
        return miss(_NEAR * edit_similarity(value, target)), False


@dataclass(frozen=True)
class RnaDesign(Tagged[str]):
    """An RNA whose minimum free energy structure (ViennaRNA, 37 °C) is the target.

    The gold is the target in dot-bracket notation, up to 500 nt.
    """

    kind: ClassVar[str] = "rna design"
    rule: ClassVar[str] = "folds into the target structure (minimum free energy, 37 °C)"
    group: ClassVar[RewardGroup] = RewardGroup.VERIFIED
    notation_name: ClassVar[str] = "rna"

    def read(self, text: str) -> str | Fault:
        """Return the cleaned sequence."""
        return read_rna(text, _MAX_FOLDED)

    def read_gold(self, raw: str | None) -> str | Fault:
        """Return the target structure."""
        structure = (raw or "").strip()
        if not 0 < len(structure) <= _MAX_FOLDED or pairs(structure) is None:
            return Fault.BAD_GOLD
        return structure

    def compare(self, value: str, target: str) -> tuple[float, bool]:
        """Return 1 when the RNA folds into the target, else 0.9 times the F1 of base pairs."""
        if len(value) != len(target):
            return 0.0, False
        structure, _ = fold(value)
        if structure == target:
            return 1.0, True
        return miss(_NEAR * structure_similarity(structure, target)), False
