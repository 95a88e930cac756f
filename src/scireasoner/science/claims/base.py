"""What a claim of a text is, and the text as the readers of claims see it.

Tags are read by the floor above, which hands over the spans. A reader sees the text with each span
replaced by as many placeholder characters, so that positions stay and no tag is parsed twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from scireasoner.science import formulas, molecules

MAX_LENGTH = 50_000
"""Characters of a text that are read; what follows is not looked at."""

_FIRST, _REST = "\ue000", "\ue001"
ENTITY = f"{_FIRST}{_REST}*+"
"""Pattern of a tagged span in `Scene.text`."""

NUMBER = r"[-+]?[0-9]{1,12}(?:\.[0-9]{1,12})?"
_ATOMS = "[A-Z][a-z]?+[0-9]{0,4}+"
FORMULA = rf"(?:{_ATOMS}|\((?:{_ATOMS}){{1,8}}+\)[0-9]{{0,3}}+){{1,24}}+"
"""A formula in running text; `formulas.parse` decides whether it is one.

Possessive throughout: a text of a thousand terms must not be read a thousand times a thousand.
"""
RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_CHARGE = rf"(?:\^\{{?[0-9]{{0,2}}[+-]\}}?|[+-][0-9]{{0,2}}|[{RAISED}]{{0,2}}[⁺⁻])(?![A-Za-z0-9+-])"
ION = rf"{FORMULA}(?:{_CHARGE})?+"
"""A formula with the charge that follows it, if one does."""

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
          "eleven", "twelve")  # fmt: skip
COUNT = rf"(?:[0-9]{{1,5}}|{'|'.join(_WORDS)})"
_SIGNS = str.maketrans(
    "\u2212\u2013\u2010\u2011\u00d7\u00b7\u22c5\u2192\u27f6\u00a0\u202f₀₁₂₃₄₅₆₇₈₉",
    "----***>>  0123456789",
)


# "2 x 3": a letter that multiplies.
_CROSS = re.compile(r"(?<=[0-9)])( ?)[xX]( ?)(?=[0-9(])")


@dataclass(frozen=True, slots=True)
class Entity:
    """A tagged object.

    Parameters
    ----------
    kind : the notation's name, e.g. ``"smiles"``.
    text : without tags.
    start, end : where the tagged piece stands in the text; -1 for what the question gave.
    """

    kind: str
    text: str
    start: int = -1
    end: int = -1


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of a text that a tool can look at.

    Parameters
    ----------
    start, end : where it stands in the text.
    kind : what is claimed, e.g. ``"arithmetic"``.
    text : the words themselves.
    holds : True or False, None where it cannot be told.
    why : what was found instead, or why nothing can be told.
    """

    start: int
    end: int
    kind: str
    text: str
    holds: bool | None
    why: str = ""


class Scene:
    """A text with its tagged objects, as the readers of claims see it."""

    def __init__(self, text: str, entities: Sequence[Entity], given: Sequence[Entity]) -> None:
        self.raw = text[:MAX_LENGTH]
        plain = self.raw.translate(_SIGNS).replace(_FIRST, "?").replace(_REST, "?")
        plain = _CROSS.sub(r"\1*\2", plain)
        inside = [e for e in entities if 0 <= e.start < e.end <= len(plain)]
        self.entities = tuple(sorted(inside, key=lambda e: e.start))
        self.given = tuple(given)
        pieces, at = [], 0
        for entity in self.entities:
            if entity.start < at:
                continue
            hidden = _FIRST + _REST * (entity.end - entity.start - 1)
            pieces += [plain[at : entity.start], hidden]
            at = entity.end
        self.text = "".join([*pieces, plain[at:]])
        self._at = {entity.start: entity for entity in self.entities}
        self.taken: list[tuple[int, int]] = []
        # Where the last sum of formulas ended, and what it came to.
        self.result: tuple[int, dict[str, int]] | None = None

    def at(self, start: int) -> Entity | None:
        """Return the tagged object that begins at a position."""
        return self._at.get(start)

    def candidates(self, position: int, *kinds: str) -> list[Entity]:
        """Return what a statement there may be about, the likeliest first.

        That is what was named before (the nearest first), the question's own, and what follows.
        """
        own = [e for e in self.entities if e.kind in kinds]
        before = [e for e in reversed(own) if e.end <= position]
        after = [e for e in own if e.start >= position]
        return [*before, *(e for e in self.given if e.kind in kinds), *after]

    def claim(self, start: int, end: int, kind: str, holds: bool | None, why: str = "") -> Claim:
        """Make a claim of a piece of the text."""
        return Claim(start, end, kind, self.raw[start:end], holds, why)

    def take(self, start: int, end: int) -> None:
        """Mark a piece as understood: plain arithmetic does not read it again."""
        self.taken.append((start, end))

    def is_taken(self, position: int) -> bool:
        """Whether a position lies in a piece that was understood."""
        return any(start <= position < end for start, end in self.taken)

    def about(
        self,
        found: re.Match[str],
        kind: str,
        kinds: Sequence[str],
        test: Callable[[str], tuple[bool | None, str]],
    ) -> Claim | None:
        """Judge a statement about a tagged object.

        Named in the statement (``of <SMILES>``, or right before its verb), the object is that one.
        Otherwise the statement holds if it holds for the likeliest one, and cannot be told if it
        holds for another one only. None where there is no object at all.
        """
        named = self._named(found, kinds)
        likely = [named] if named else self.candidates(found.start(), *kinds)
        first: tuple[bool | None, str] | None = None
        for number, text in enumerate(dict.fromkeys(e.text for e in likely[:8])):
            holds, why = test(text)
            first = first or (holds, why)
            if holds is None and number == 0:
                break
            if holds:
                said = (True, why) if number == 0 else (None, "not clear of which one")
                return self.claim(found.start(), found.end(), kind, *said)
        if first is None:
            return None
        return self.claim(found.start(), found.end(), kind, *first)

    def _named(self, found: re.Match[str], kinds: Sequence[str]) -> Entity | None:
        inside = re.search(ENTITY, found.group())
        if inside is not None:
            entity = self.at(found.start() + inside.start())
            return entity if entity and entity.kind in kinds else None
        for entity in reversed(self.entities):
            if entity.end <= found.start():
                gap = self.text[entity.end : found.start()]
                close = len(gap) <= 24 and _VERB.fullmatch(gap) is not None
                return entity if close and entity.kind in kinds else None
        return None


_VERB = re.compile(
    r"[ ,:(]{0,3}(?:is|has|holds|contains|counts|with|of)?(?: (?:a|an|the|its|in all))?[ :]{0,2}"
)


@lru_cache(maxsize=2_048)
def atoms_of(smiles: str) -> dict[str, int] | None:
    """Return the atoms of a molecule; the mapping must not be changed."""
    return molecules.formula(smiles)


@lru_cache(maxsize=2_048)
def descriptors_of(smiles: str) -> dict[str, float]:
    """Return the descriptors of a molecule; the mapping must not be changed."""
    return molecules.descriptors(smiles)


Reader = Callable[[Scene], Iterator[Claim]]


def number_of(text: str) -> int:
    """Return a count written in digits or as a word."""
    return _WORDS.index(text) if text in _WORDS else int(text)


def half_step(text: str) -> float:
    """Return half a unit of the last decimal place of a number as written."""
    _, _, decimals = text.partition(".")
    return 0.5 * 10.0 ** -len(decimals) + 1e-9


def near(value: float, text: str, slack: float = 0.0) -> bool:
    """Whether a value rounds to a number as written."""
    return abs(value - float(text)) <= half_step(text) + slack


_SYMBOL = re.compile(r"[A-Z][a-z]?")
# Letters that stand for any group, and short names of groups.
_STAND_INS = frozenset("A D E G J L M Q R T X Z Ar Ac Bn Bu Bz Et Ln Me Ms Pg Ph Pr Tf Ts".split())  # noqa: SIM905


def no_element(text: str) -> str | None:
    """Return a symbol that is neither an element nor a usual stand-in."""
    symbols = _SYMBOL.findall(text)
    return next((s for s in symbols if s not in formulas.ELEMENTS and s not in _STAND_INS), None)
