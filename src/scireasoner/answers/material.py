"""Inorganic compositions: of requested elements, new ones, or for a bulk modulus."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import ClassVar

from scireasoner.answers.reading import miss, plain_subscripts
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
_MAX_MODULUS = 2000.0  # GPa; diamond has about 440
_SPACE_GROUP = re.compile(r"\s*<sg(\d{1,3})>\s*\Z")
_SPACED = re.compile(r"[A-Z][a-z]?[0-9]{1,3}(?:\s[A-Z][a-z]?[0-9]{1,3}){1,19}")
# Published answers carry a marker before the space group, and some use mathematical brackets.
_MARKER = re.compile(r"<sg>\s*(?=<sg[0-9])")
_BRACKETS = str.maketrans("\u27e8\u27e9\u2329\u232a\u3008\u3009", "<><><>")
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
    rule: ClassVar[str] = "exactly the requested elements, neutral and SMACT-valid"
    group: ClassVar[RewardGroup] = RewardGroup.VERIFIED
    notation_name: ClassVar[str] = "material"

    def write(self, raw: str) -> str:
        """Return the material inside its tag, in the form that repeats elements."""
        if from_tokens(raw) is None and (found := _from_formula(raw)) is not None:
            raw = to_tokens(*found)
        return self.notation.wrap(raw)

    def parse(self, text: str) -> str | Fault:
        """Read a model's answer text; brackets U+27E8 and U+27E9 are read as < and >."""
        return super().parse(text.translate(_BRACKETS))

    def read(self, text: str) -> str | Fault:
        """Return the composition (and space group, if given), elements in alphabetical order."""
        if len(text) > _MAX_CHARS:
            return Fault.TOO_LONG
        text = plain_subscripts(_MARKER.sub("", text))
        found = from_tokens(text) or _from_formula(text)
        if found is None or sum(found[0].values()) > _MAX_ATOMS:
            return Fault.INVALID_MATERIAL
        counts, group = found
        return to_tokens(dict(sorted(counts.items())), group)

    def read_gold(self, raw: str | None) -> str | Fault:
        """Return the requested elements in the same form; counts are ignored."""
        gold = super().read_gold(raw)
        return gold if isinstance(gold, Fault) else " ".join(sorted(_counts(gold)))

    def alike(self, value: str) -> tuple[int, ...]:
        """Return the ratio, all that is left to choose: the counts in the order of the elements.

        Most small ratios pass for most elements, so answers of a group that have the same one
        share a reward.
        """
        counts = _counts(value)
        return tuple(counts[element] for element in sorted(counts))

    def compare(self, value: str, target: str) -> tuple[float, bool]:
        """Return 1 for a plausible composition of exactly the requested elements."""
        counts, asked = _counts(value), set(_counts(target))
        if set(counts) != asked:
            shared = len(asked & set(counts)) / len(asked | set(counts))
            return miss(_BEST_WRONG_ELEMENTS * shared), False
        if charge_neutral(counts) and smact_valid(counts):
            return 1.0, True
        return _RIGHT_ELEMENTS, False


@dataclass(frozen=True)
class NovelMaterial:
    """Any plausible material with a space group, as in arXiv 2509.21320; there is no gold.

    Correct: two or more elements, SMACT-valid (doi:10.21105/joss.01361), neutral in known
    oxidation states unless alloys are allowed, and a space group from 1 to 230. A composition
    that is well formed but not correct scores 0.3.

    Parameters
    ----------
    alloys : whether metals alone count; SMACT accepts any of them, which is easily farmed.
    """

    alloys: bool = False

    kind: ClassVar[str] = "novel material"
    rule: ClassVar[str] = "two or more elements, SMACT-valid, with a space group"
    group: ClassVar[RewardGroup] = RewardGroup.VERIFIED
    valid_only: ClassVar[float] = 0.3

    def asks(self) -> str:
        """Return the sentence that asks for the material."""
        tag = Material().notation.wrap("")
        return f"Answer in {tag}: repeated elements, then <sg> <sgN>."

    def write(self, raw: str) -> str:
        """Return a material inside its tag, the marker before its space group."""
        written = Material().write(_MARKER.sub("", raw.translate(_BRACKETS)))
        return written.replace("<sg", "<sg> <sg", 1)

    def parse(self, text: str) -> str | Fault:
        """Return the composition and the space group, elements in alphabetical order."""
        return Material().parse(text)

    def read_gold(self, raw: str | None) -> None:
        """Return None: what is asked for has no gold."""
        return

    def compare(self, value: str, target: None) -> tuple[float, bool]:
        """Return 1 for a plausible material, 0.3 for any other composition."""
        correct = "<sg" in value and _plausible(_counts(value), self.alloys)
        return (1.0, True) if correct else (self.valid_only, False)


@dataclass(frozen=True)
class ModulusMaterial:
    """A material for a target bulk modulus (the gold, in GPa).

    Correct: two or more elements and SMACT-valid, alloys included. Whether the material has the
    modulus cannot be known without a surrogate model or a calculation, and is not judged, so
    "correct" here says less than for other kinds. A composition that is well formed but not
    SMACT-valid scores 0.3.
    """

    kind: ClassVar[str] = "modulus material"
    rule: ClassVar[str] = "two or more elements, SMACT-valid; the modulus is not judged"
    group: ClassVar[RewardGroup] = RewardGroup.VERIFIED
    valid_only: ClassVar[float] = 0.3

    def asks(self) -> str:
        """Return the sentence that asks for the material."""
        return NovelMaterial().asks()

    def write(self, raw: str) -> str:
        """Return a material inside its tag."""
        return NovelMaterial().write(raw)

    def parse(self, text: str) -> str | Fault:
        """Return the composition (and space group, if given), elements in alphabetical order."""
        return Material().parse(text)

    def read_gold(self, raw: str | None) -> float | Fault:
        """Read the target modulus, above 0 and up to 2,000 GPa."""
        try:
            value = float(raw) if raw is not None else math.nan
        except ValueError:
            return Fault.BAD_GOLD
        return value if 0.0 < value <= _MAX_MODULUS else Fault.BAD_GOLD

    def compare(self, value: str, target: float) -> tuple[float, bool]:
        """Return 1 for a SMACT-valid compound or alloy, else 0.3; the modulus is not judged."""
        correct = _plausible(_counts(value), alloys=True)
        return (1.0, True) if correct else (self.valid_only, False)


def _plausible(counts: dict[str, int], alloys: bool) -> bool:
    neutral = alloys or charge_neutral(counts)
    return len(counts) > 1 and neutral and smact_valid(counts)


def _from_formula(text: str) -> tuple[dict[str, int], int | None] | None:
    group = _SPACE_GROUP.search(text)
    number = int(group.group(1)) if group else None
    if number is not None and not 1 <= number <= 230:
        return None
    bare = text[: group.start()] if group else text
    # "Ca1 Ti1 O3" is a formula as pymatgen prints it.
    spaced = _SPACED.fullmatch(bare.strip()) is not None
    counts = parse_composition("".join(bare.split()) if spaced else bare)
    return None if counts is None else (counts, number)


def _counts(tokens: str) -> dict[str, int]:
    found = from_tokens(tokens)
    return {} if found is None else found[0]
