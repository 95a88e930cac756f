"""Enzyme Commission numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import ClassVar

from scireasoner.answers.polarity import denies
from scireasoner.answers.reading import miss
from scireasoner.answers.tagged import Tagged
from scireasoner.science.bullets import without_marks
from scireasoner.types import Fault, RewardGroup

_MAX_CHARS = 4_000
_MAX_NUMBERS = 50
_LEVELS = 4
_DOT = r"\s{0,2}\.\s{0,2}"
_LEVEL = r"(n?[0-9]{1,3}(?![0-9])|-)"
# A number of fewer than three levels is an EC number only after "EC".
_EC = re.compile(
    rf"(?:\bEC[\s:_-]{{0,3}}|(?<![A-Za-z0-9.])(?<![0-9-]\.\s)(?<!\s\.\s))([1-7]){_DOT}{_LEVEL}{_DOT}{_LEVEL}"
    rf"(?:{_DOT}{_LEVEL})?(?!\s?\.\s?[0-9n-])(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_SHORT = re.compile(
    rf"\bEC[\s:_-]{{0,3}}([1-7])(?:{_DOT}{_LEVEL})?(?!\s?\.\s?[0-9n-])(?![0-9A-Za-z])",
    re.IGNORECASE,
)
# "2. 3.2.1.17" is the second line of a list, "3. 2. 1. 17" is one number: what follows a mark must
# be whole, in a spelling that no mark has.
_WHOLE = re.compile(
    rf"(?:EC[\s:_-]{{0,3}})?[1-7](?:(?:\.{_LEVEL}){{3}}|(?:\s\.\s{_LEVEL}){{3}})"
    r"(?!\s?\.\s?[0-9n-])(?![0-9A-Za-z-])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class EcNumbers(Tagged[tuple[str, ...]]):
    """A set of EC numbers, such as 3.2.1.17 or, where lower levels are open, 3.2.1.-.

    The score is an F1 in which a number earns the share of the four levels that it has in common
    with its best match, from the left. Correct: equal sets.
    """

    kind: ClassVar[str] = "ec numbers"
    rule: ClassVar[str] = "the same set of EC numbers"
    group: ClassVar[RewardGroup] = RewardGroup.MATCHING
    notation_name: ClassVar[str] = "text"

    def asks(self) -> str:
        """Return the sentence that asks for the numbers."""
        return "Answer with the EC numbers, such as 1.2.3.4, separated by semicolons."

    def write(self, raw: str) -> str:
        """Return the numbers on one line."""
        gold = self.read_gold(raw)
        return raw.strip() if isinstance(gold, Fault) else "; ".join(gold)

    def parse(self, text: str) -> tuple[str, ...] | Fault:
        """Read a model's answer text; all numbers of a text are one answer."""
        return super().parse(text)

    def read(self, text: str) -> tuple[str, ...] | Fault:
        """Return the numbers of a list or a sentence that denies nothing, sorted, each once."""
        if len(text) > _MAX_CHARS:
            return Fault.TOO_LONG
        text = without_marks(text, numbers=True, before=_WHOLE)
        found = [match.groups() for match in _EC.finditer(text)]
        if not found:
            found = [match.groups() for match in _SHORT.finditer(text)]
        found = [levels for levels in found if not _class_of_another(levels, found)]
        numbers = {number for levels in found if (number := _number(levels)) is not None}
        if len(numbers) > _MAX_NUMBERS:
            return Fault.TOO_LONG
        if not numbers or len(found) != len([f for f in found if _number(f)]) or denies(text):
            return Fault.UNKNOWN_LABEL
        return tuple(sorted(numbers))

    def compare(self, value: tuple[str, ...], target: tuple[str, ...]) -> tuple[float, bool]:
        """Return the F1 by shared levels, and whether the sets are equal."""
        if value == target:
            return 1.0, True
        precision = sum(_best(number, target) for number in value) / len(value)
        recall = sum(_best(number, value) for number in target) / len(target)
        total = precision + recall
        return miss(2.0 * precision * recall / total if total else 0.0), False


def _number(levels: Sequence[str | None]) -> str | None:
    """Return the four levels in the usual spelling; None if a level follows an open one."""
    known = [level.casefold() for level in levels if level]
    shown = list(takewhile(lambda level: level != "-", known))
    if any(level != "-" for level in known[len(shown) :]):
        return None
    return ".".join([*shown, *["-"] * (_LEVELS - len(shown))])


def _class_of_another(levels: Sequence[str | None], found: Sequence[Sequence[str | None]]) -> bool:
    """Whether "3.2.1" explains a 3.2.1.17 beside it; 3.2.1.- is a number of its own."""
    if levels[-1] is not None:
        return False
    return any(other[-1] is not None and other[:-1] == levels[:-1] for other in found)


def _best(number: str, others: Sequence[str]) -> float:
    """Return the largest share of levels that a number has in common with any other."""
    return max(_shared(number, other) for other in others)


def _shared(a: str, b: str) -> float:
    if a == b:
        return 1.0
    pairs = zip(a.split("."), b.split("."), strict=True)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1] != "-", pairs)) / _LEVELS
