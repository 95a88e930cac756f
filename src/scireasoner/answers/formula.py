"""Molecular formulas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from scireasoner.answers.reading import miss, plain_subscripts
from scireasoner.answers.tagged import Tagged
from scireasoner.science.formulas import hill, overlap, parse
from scireasoner.types import Fault, RewardGroup

_MAX_CHARS = 200


@dataclass(frozen=True)
class Formula(Tagged[str]):
    """A molecular formula in any order of elements; the value is the Hill formula."""

    kind: ClassVar[str] = "formula"
    rule: ClassVar[str] = "the same atoms and charge"
    group: ClassVar[RewardGroup] = RewardGroup.VERIFIED
    notation_name: ClassVar[str] = "formula"

    def read(self, text: str) -> str | Fault:
        """Return the formula in Hill order."""
        if len(text) > _MAX_CHARS:
            return Fault.INVALID_FORMULA
        counts = parse(plain_subscripts("".join(text.split())))
        return hill(counts) if counts else Fault.INVALID_FORMULA

    def compare(self, value: str, target: str) -> tuple[float, bool]:
        """Return 1 for equal formulas, else 0.9 times the share of atoms in common."""
        if value == target:
            return 1.0, True
        a, b = parse(value), parse(target)
        return (miss(0.9 * overlap(a, b)) if a and b else 0.0), False
