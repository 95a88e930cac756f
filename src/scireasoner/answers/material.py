"""Inorganic compositions made of requested elements."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from scireasoner.answers.reading import miss
from scireasoner.answers.tagged import Tagged
from scireasoner.science.materials import (
    charge_neutral,
    from_tokens,
    parse_composition,
    smact_valid,
    to_tokens,
)
from scireasoner.types import Fault, RewardGroup

_MAX_CHARS = 2000
_MAX_ATOMS = 400
_SPACE_GROUP = re.compile(r"\s*<sg(\d{1,3})>\s*\Z")
_RIGHT_ELEMENTS = 0.3
_BEST_WRONG_ELEMENTS = 0.25


@dataclass(frozen=True)
class Material(Tagged[str]):
    """A composition of exactly the requested elements (the gold, e.g. "Na Cl").

    Written as in arXiv 2509.21320, each element repeated by its count with an optional space
    group ("Ti O O <sg136>"), or as a formula ("TiO2"). Correct: exactly the requested elements,
    charge neutral in known oxidation states, and SMACT-valid (doi:10.21105/joss.01361). The
    right elements in a wrong ratio score 0.3; wrong elements up to 0.25, by how many are shared.
    """

    kind: ClassVar[str] = "material"
    group: ClassVar[RewardGroup] = RewardGroup.VERIFIED
    notation_name: ClassVar[str] = "material"

    def write(self, raw: str) -> str:
        """Return the material inside its tag, in the form that repeats elements."""
        if from_tokens(raw) is None and (found := _from_formula(raw)) is not None:
            raw = to_tokens(*found)
        return self.notation.wrap(raw)

    def read(self, text: str) -> str | Fault:
        """Return the composition (and space group, if given), elements in alphabetical order."""
        if len(text) > _MAX_CHARS:
            return Fault.TOO_LONG
        found = from_tokens(text) or _from_formula(text)
        if found is None or sum(found[0].values()) > _MAX_ATOMS:
            return Fault.INVALID_MATERIAL
        counts, group = found
        return to_tokens(dict(sorted(counts.items())), group)

    def read_gold(self, raw: str | None) -> str | Fault:
        """Return the requested elements in the same form; counts are ignored."""
        gold = super().read_gold(raw)
        return gold if isinstance(gold, Fault) else " ".join(sorted(_counts(gold)))

    def compare(self, value: str, target: str) -> tuple[float, bool]:
        """Return 1 for a plausible composition of exactly the requested elements."""
        counts, asked = _counts(value), set(_counts(target))
        if set(counts) != asked:
            shared = len(asked & set(counts)) / len(asked | set(counts))
            return miss(_BEST_WRONG_ELEMENTS * shared), False
        if charge_neutral(counts) and smact_valid(counts):
            return 1.0, True
        return _RIGHT_ELEMENTS, False


def _from_formula(text: str) -> tuple[dict[str, int], int | None] | None:
    group = _SPACE_GROUP.search(text)
    number = int(group.group(1)) if group else None
    if number is not None and not 1 <= number <= 230:
        return None
    counts = parse_composition(text[: group.start()] if group else text)
    return None if counts is None else (counts, number)


def _counts(tokens: str) -> dict[str, int]:
    found = from_tokens(tokens)
    return {} if found is None else found[0]
