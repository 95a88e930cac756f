"""Protein sequences, and RNA designed for a structure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from scireasoner.answers.reading import miss
from scireasoner.answers.tagged import Tagged
from scireasoner.science.nucleotides import clean_rna, fold, pairs, structure_similarity
from scireasoner.science.proteins import clean, similarity
from scireasoner.types import Fault, RewardGroup

_MAX_RESIDUES = 5000
_MAX_BASES = 500  # the length that ViennaRNA folds in a moment


@dataclass(frozen=True)
class Protein(Tagged[str]):
    """A protein in one-letter code (20 amino acids; case and line breaks do not matter)."""

    kind: ClassVar[str] = "protein"
    group: ClassVar[RewardGroup] = RewardGroup.VERIFIED
    notation_name: ClassVar[str] = "protein"

    def read(self, text: str) -> str | Fault:
        """Return the cleaned sequence."""
        if len(text) > 2 * _MAX_RESIDUES:
            return Fault.TOO_LONG
        found = clean(text)
        if not found:
            return Fault.INVALID_SEQUENCE
        return Fault.TOO_LONG if len(found) > _MAX_RESIDUES else found

    def compare(self, value: str, target: str) -> tuple[float, bool]:
        """Return 1 for equal sequences, else 0.9 times their Levenshtein similarity."""
        if value == target:
            return 1.0, True
        return miss(0.9 * similarity(value, target)), False


@dataclass(frozen=True)
class RnaDesign(Tagged[str]):
    """An RNA whose minimum free energy structure (ViennaRNA, 37 °C) is the target.

    The gold is the target in dot-bracket notation, up to 500 nt.
    """

    kind: ClassVar[str] = "rna design"
    group: ClassVar[RewardGroup] = RewardGroup.VERIFIED
    notation_name: ClassVar[str] = "rna"

    def read(self, text: str) -> str | Fault:
        """Return the cleaned sequence."""
        if len(text) > 2 * _MAX_BASES:
            return Fault.TOO_LONG
        found = clean_rna(text)
        if not found:
            return Fault.INVALID_SEQUENCE
        return Fault.TOO_LONG if len(found) > _MAX_BASES else found

    def read_gold(self, raw: str | None) -> str | Fault:
        """Return the target structure."""
        structure = (raw or "").strip()
        if not 0 < len(structure) <= _MAX_BASES or pairs(structure) is None:
            return Fault.BAD_GOLD
        return structure

    def compare(self, value: str, target: str) -> tuple[float, bool]:
        """Return 1 when the RNA folds into the target, else 0.9 times the F1 of base pairs."""
        if len(value) != len(target):
            return 0.0, False
        structure, _ = fold(value)
        if structure == target:
            return 1.0, True
        return miss(0.9 * structure_similarity(structure, target)), False
