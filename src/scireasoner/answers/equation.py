"""Balanced chemical equations."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from scireasoner.answers.reading import miss, plain_subscripts
from scireasoner.answers.tagged import Tagged
from scireasoner.science.formulas import hill, parse
from scireasoner.science.reactions import balance, parse_equation
from scireasoner.types import Fault, RewardGroup

_MAX_CHARS = 500
_MAX_COEFFICIENT = 9999
_NOT_SMALLEST = 0.95
_BEST_UNBALANCED = 0.85

Species = tuple[tuple[str, int], ...]
"""Hill formula and coefficient of each species on one side, sorted."""

Sides = tuple[Species, Species]
"""Reactants and products."""


@dataclass(frozen=True)
class Equation(Tagged[Sides]):
    """The balanced form of an unbalanced equation, which is the gold.

    Correct: the same species on each side (by element counts and charge), balanced, with the
    smallest whole coefficients. A multiple of it scores 0.95; an unbalanced one up to 0.85, by
    how much of the imbalance of the question it removes; other species score 0.
    """

    kind: ClassVar[str] = "equation"
    rule: ClassVar[str] = "the same species, balanced, with the smallest whole coefficients"
    group: ClassVar[RewardGroup] = RewardGroup.VERIFIED
    notation_name: ClassVar[str] = "equation"

    def write(self, raw: str) -> str:
        """Return the equation inside its tag, balanced if it was not."""
        return self.notation.wrap(_balanced_text(raw) or raw)

    def read(self, text: str) -> Sides | Fault:
        """Return the species of both sides; an omitted coefficient is 1."""
        if len(text) > _MAX_CHARS:
            return Fault.INVALID_REACTION
        written = parse_equation(plain_subscripts(text))
        sides = written and (_species(written[0]), _species(written[1]))
        if not sides or sides[0] is None or sides[1] is None:
            return Fault.INVALID_REACTION
        return sides[0], sides[1]

    def read_gold(self, raw: str | None) -> Sides | Fault:
        """Return the species of the question; a gold that nothing balances is a bad one."""
        gold = super().read_gold(raw)
        if isinstance(gold, Fault):
            return gold
        names = [[name for name, _ in side] for side in gold]
        return Fault.BAD_GOLD if balance(names[0], names[1]) is None else gold

    def shown(self, value: Sides) -> str:
        """Return the equation that was read, free of mark-up, as the checks read it."""
        return " -> ".join(map(_joined, value))

    def compare(self, value: Sides, target: Sides) -> tuple[float, bool]:
        """Return 1 for the balanced equation with smallest coefficients."""
        if any(_names(v) != _names(t) for v, t in zip(value, target, strict=True)):
            return 0.0, False
        left = _relative_imbalance(value)
        if left > 0.0:
            ones: Sides = (_ones(target[0]), _ones(target[1]))
            # Repeating the question earns nothing; a question that is balanced as it stands
            # has no imbalance to remove, so any imbalance is new and earns nothing either.
            start = _relative_imbalance(ones)
            removed = 1.0 - left / start if start > 0.0 else 0.0
            return miss(_BEST_UNBALANCED * removed), False
        smallest = math.gcd(*(n for side in value for _, n in side)) == 1
        return (1.0, True) if smallest else (_NOT_SMALLEST, False)


def _species(written: Mapping[str, int]) -> Species | None:
    total: dict[str, int] = {}
    for text, coefficient in written.items():
        counts = parse(text)
        if not counts or not 1 <= coefficient <= _MAX_COEFFICIENT:
            return None
        total[hill(counts)] = total.get(hill(counts), 0) + coefficient
    return tuple(sorted(total.items())) or None


def _names(side: Species) -> list[str]:
    return [name for name, _ in side]


def _ones(side: Species) -> Species:
    return tuple((name, 1) for name, _ in side)


def _relative_imbalance(sides: Sides) -> float:
    """Return the atoms (and charges) missing on either side, over all atoms; 0 if balanced."""
    difference: dict[str, int] = {}
    atoms = 0
    for sign, side in zip((-1, 1), sides, strict=True):
        for name, coefficient in side:
            for element, count in (parse(name) or {}).items():
                difference[element] = difference.get(element, 0) + sign * coefficient * count
                atoms += 0 if element == "charge" else coefficient * count
    return sum(abs(n) for n in difference.values()) / max(atoms, 1)


def _balanced_text(raw: str) -> str | None:
    """Return the balanced equation with the species as they are written in ``raw``."""
    written = parse_equation(raw)
    if written is None:
        return None
    names = (list(written[0]), list(written[1]))
    found = balance(*names)
    if found is None:
        return None
    sides = (zip(side, ns, strict=True) for ns, side in zip(found, names, strict=True))
    return " -> ".join(map(_joined, sides))


def _joined(side: Iterable[tuple[str, int]]) -> str:
    return " + ".join(name if n == 1 else f"{n} {name}" for name, n in side)
