"""Relations between named things, as tuples in brackets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from scireasoner.answers.polarity import denies
from scireasoner.answers.reading import miss, read_answer
from scireasoner.errors import TaskError
from scireasoner.notation.tags import NOTATIONS
from scireasoner.science.bullets import without_marks
from scireasoner.science.text import normalise_entity
from scireasoner.types import Fault, RewardGroup

_MAX_CHARS = 12_000
_MAX_TUPLES = 100
_PARTIAL = 0.5
_OPENS, _CLOSES = "([{", ")]}"
_WORD = re.compile(r"\w+")

Tuples = tuple[tuple[str, ...], ...]
"""Normalised tuples, sorted, each once."""


@dataclass(frozen=True)
class Relations:
    """A set of relations, written as "(a, b)" or "(a, relation, b)".

    Brackets inside names must balance: "(h(+)-atpase, omeprazole)". The score is the F1 of the
    best one-to-one matching of tuples; a slot earns 1 if the normalised names are equal, else half
    of the F1 of their words. Correct: equal sets.

    Parameters
    ----------
    slots : what stands in each place, e.g. ``("chemical", "disease")``.
    """

    slots: tuple[str, ...]

    kind: ClassVar[str] = "relations"
    rule: ClassVar[str] = "the same set of tuples"
    group: ClassVar[RewardGroup] = RewardGroup.MATCHING

    def __post_init__(self) -> None:
        """Check the slots."""
        if len(self.slots) < 2 or not all(slot.strip() for slot in self.slots):
            raise TaskError(f"relations of {self.slots} were declared; name two or more slots")

    def asks(self) -> str:
        """Return the sentence that asks for the tuples."""
        return f"Answer with tuples ({', '.join(self.slots)}), or none."

    def write(self, raw: str) -> str:
        """Return the tuples on one line."""
        found = split_tuples(raw)
        return ", ".join(f"({body})" for body in found) if found else raw.strip() or "none"

    def parse(self, text: str) -> Tuples | Fault:
        """Read the tuples."""
        return read_answer(text, NOTATIONS["text"], self.read, marks=False)

    def read(self, text: str) -> Tuples | Fault:
        """Read all tuples of a text; one that is malformed spoils the answer."""
        if normalise_entity(text) == "none":
            return ()
        if len(text) > _MAX_CHARS:
            return Fault.TOO_LONG
        text = without_marks(text)
        bodies = split_tuples(text)
        if not bodies:
            return Fault.INVALID_RELATION
        if len(bodies) > _MAX_TUPLES:
            return Fault.TOO_LONG
        found = [self._tuple(body) for body in bodies]
        outside = text
        for body in bodies:
            outside = outside.replace(f"({body})", " ", 1)
        if denies(outside) or any(item is None for item in found):
            return Fault.INVALID_RELATION
        return tuple(sorted({item for item in found if item is not None}))

    def read_gold(self, raw: str | None) -> Tuples | Fault:
        """Read the gold tuples; "none" is the empty set."""
        gold = Fault.BAD_GOLD if raw is None else self.read(raw.strip())
        return Fault.BAD_GOLD if isinstance(gold, Fault) else gold

    def compare(self, value: Tuples, target: Tuples) -> tuple[float, bool]:
        """Return the F1 of the best matching, and whether the sets are equal."""
        if value == target:
            return 1.0, True
        if not value or not target:
            return 0.0, False
        from scipy.optimize import linear_sum_assignment

        likeness = [[_alike(a, b) for b in target] for a in value]
        rows, columns = linear_sum_assignment(likeness, maximize=True)
        matched = sum(likeness[row][column] for row, column in zip(rows, columns, strict=True))
        return miss(2.0 * matched / (len(value) + len(target))), False

    def _tuple(self, body: str) -> tuple[str, ...] | None:
        """Split at commas before a blank, or at every comma where that gives the slots."""
        for tight in (False, True):
            parts = [normalise_entity(part) for part in _split(body, tight)]
            if len(parts) == len(self.slots) and all(parts):
                return tuple(parts)
        return None


def split_tuples(text: str) -> list[str]:
    """Return what stands inside each outermost pair of round brackets; [] if they do not pair."""
    found, depth, start = [], 0, 0
    for at, character in enumerate(text):
        if character == "(":
            if depth == 0:
                start = at + 1
            depth += 1
        elif character == ")":
            depth -= 1
            if depth < 0:
                return []
            if depth == 0:
                found.append(text[start:at])
    return [] if depth else found


def _split(body: str, tight: bool) -> list[str]:
    """Split at commas outside brackets; without ``tight`` only at those before a blank."""
    parts, start, depth = [], 0, 0
    for at, character in enumerate(body):
        depth += (character in _OPENS) - (character in _CLOSES)
        if character == "," and depth == 0 and (tight or body[at + 1 : at + 2].isspace()):
            parts.append(body[start:at])
            start = at + 1
    return [*parts, body[start:]]


def _alike(a: Sequence[str], b: Sequence[str]) -> float:
    """Return the mean likeness of the slots of two tuples, in [0, 1]."""
    return sum(map(_slot, a, b)) / len(a)


def _slot(a: str, b: str) -> float:
    if a == b:
        return 1.0
    first, second = Counter(_WORD.findall(a)), Counter(_WORD.findall(b))
    shared = 2.0 * (first & second).total()
    return _PARTIAL * shared / max(first.total() + second.total(), 1)
