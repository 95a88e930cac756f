"""Sets of names: any names, or labels of a closed list."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from scireasoner.answers.polarity import denies, polarity
from scireasoner.answers.reading import miss, read_answer, unwrap
from scireasoner.errors import TaskError
from scireasoner.notation.tags import NOTATIONS
from scireasoner.science.bullets import unmarked
from scireasoner.science.text import normalise_entity, set_f1
from scireasoner.types import Fault, RewardGroup

_AND = re.compile(r"\A(?:and|&)\s+", re.IGNORECASE)
_BETWEEN = re.compile(r"\s+(?:and|&)\s+")
_CLOSES = {"(": ")", "[": "]", "{": "}"}
_SPELT = {";": "semicolons", ",": "commas", "|": "bars", "/": "slashes"}
_MAX_NAMES = 200
_MAX_PIECES = 1_000
_MAX_NAME_CHARS = 300
_SHORT_LIST = 200

Names = tuple[str, ...]
"""Normalised names, sorted, each once."""


def split_names(text: str, separators: str, kind_of: str = "") -> list[str]:
    """Return the pieces between separators and line breaks, without numbering and mark-up.

    A separator inside brackets, and a comma without a blank after it, belong to the name
    (``1,2-dichloroethane``). A heading ("The genes are:") is dropped.
    """
    lead = (
        rf"\A[^:;,\n]{{0,60}}\b{re.escape(kind_of)}\b[^:;,\n]{{0,20}}:(?=\s)" if kind_of else None
    )
    text = re.sub(lead, "", text, count=1, flags=re.IGNORECASE) if lead else text
    pieces = [piece for line in text.split("\n") for piece in _split_line(line, separators)]
    if len(pieces) > _MAX_PIECES:
        return pieces  # no caller accepts so many
    return _bare([piece for piece in pieces if not piece.rstrip(" *").endswith(":")])


def _bare(pieces: Sequence[str]) -> list[str]:
    """Return the names without "and", the marks of a list and mark-up; empty ones are dropped."""
    items = unmarked([_AND.sub("", piece.strip()) for piece in pieces])
    names = [unwrap(_AND.sub("", unwrap(item))) for item in items]
    return [name for name in names if name]


def _split_line(line: str, separators: str) -> list[str]:
    """Split one line at separators outside brackets; brackets count only where they balance."""
    balanced = _balanced(line)
    pieces, start, depth = [], 0, 0
    for at, character in enumerate(line):
        depth += (character in "([{") - (character in ")]}") if balanced else 0
        if character in separators and depth == 0:
            if character == "," and line[at + 1 : at + 2].strip():
                continue
            pieces.append(line[start:at])
            start = at + 1
    return [*pieces, line[start:]]


def _balanced(line: str) -> bool:
    stack: list[str] = []
    for character in line:
        if character in _CLOSES:
            stack.append(_CLOSES[character])
        elif character in ")]}" and (not stack or stack.pop() != character):
            return False
    return not stack


def _check_separators(separators: str) -> None:
    if not separators or any(c.isalnum() or c.isspace() or c in "()[]{}" for c in separators):
        raise TaskError(f"separators {separators!r} were declared; give signs such as ';'")


def _too_many(names: list[str]) -> bool:
    return len(names) > _MAX_NAMES or any(len(name) > _MAX_NAME_CHARS for name in names)


def _join(names: list[str], separators: str) -> str:
    return f"{separators[0]} ".join(names)


def _compare_sets(value: Names, target: Names) -> tuple[float, bool]:
    if value == target:
        return 1.0, True
    return miss(set_f1(frozenset(value), frozenset(target))), False


@dataclass(frozen=True)
class Entities:
    """A set of names, one per line or separated; by semicolons, names may hold commas.

    Parameters
    ----------
    kind_of : what is named, in the plural, e.g. ``"genes"``.
    separators : the signs that end a name. A comma ends one only before a blank.
    """

    kind_of: str
    separators: str = ";"

    kind: ClassVar[str] = "entities"
    rule: ClassVar[str] = "the same set of names"
    group: ClassVar[RewardGroup] = RewardGroup.MATCHING

    def __post_init__(self) -> None:
        """Check the separators."""
        _check_separators(self.separators)

    def asks(self) -> str:
        """Return the sentence that asks for the names."""
        by = _SPELT.get(self.separators[0], repr(self.separators[0]))
        return f"Answer with the {self.kind_of}, separated by {by}, or none."

    def write(self, raw: str) -> str:
        """Return the names on one line."""
        return _join(split_names(raw, self.separators), self.separators) or "none"

    def parse(self, text: str) -> Names | Fault:
        """Read the names."""
        # Any text is a name, so bold words in a sentence must not count as the answer.
        return read_answer(text, NOTATIONS["text"], self.read, marks=False)

    def read(self, text: str) -> Names | Fault:
        """Read separated names; "none" is the empty set. Sorted, without repetition."""
        if normalise_entity(text) == "none":
            return ()
        pieces = split_names(text, self.separators, self.kind_of)
        if _too_many(pieces):
            return Fault.TOO_LONG
        names = {normalise_entity(piece) for piece in pieces} - {""}
        return tuple(sorted(names)) if names else Fault.NO_ANSWER

    def read_gold(self, raw: str | None) -> Names | Fault:
        """Read the gold names; an empty text is the empty set."""
        if raw is None:
            return Fault.BAD_GOLD
        gold = self.read(raw.strip() or "none")
        return Fault.BAD_GOLD if isinstance(gold, Fault) else gold

    def compare(self, value: Names, target: Names) -> tuple[float, bool]:
        """Return the F1 of the two sets, and whether they are equal."""
        return _compare_sets(value, target)


@lru_cache(maxsize=256)
def _folded(labels: tuple[str, ...], fold: Callable[[str], str]) -> frozenset[str]:
    """Return the labels of a closed list in the form that is compared."""
    return frozenset(map(fold, labels))


@dataclass(frozen=True)
class LabelSet:
    """A set of labels, of a closed list or open, separated by declared signs only.

    A label outside the closed list is a false positive; an answer without any label of the list
    is a fault. A sentence counts where it names labels of the list and denies nothing.

    Parameters
    ----------
    kind_of : what the labels are, in the plural, e.g. ``"RNA modifications"``.
    separators : the signs that end a label; line breaks always do. A comma ends one only before
        a blank, or where labels of the list stand on both sides.
    labels : the closed list; None if any text is a label.
    none : the word for the empty set, which must stand alone; None if a set is never empty.
    fold : brings a label to the form that is compared; `normalise_entity` if not given.
    gold_separators : those of the gold, if they differ.
    """

    kind_of: str
    separators: str = ";"
    labels: tuple[str, ...] | None = None
    none: str | None = "none"
    fold: Callable[[str], str] | None = None
    gold_separators: str | None = None

    kind: ClassVar[str] = "label set"
    rule: ClassVar[str] = "the same set of labels"
    group: ClassVar[RewardGroup] = RewardGroup.MATCHING

    def __post_init__(self) -> None:
        """Check separators and labels."""
        for separators in (self.separators, self.gold_separators or self.separators):
            _check_separators(separators)
        folded = {self._fold(label) for label in self.labels or ()}
        if self.labels is not None and (len(folded) != len(self.labels) or "" in folded):
            raise TaskError(f"{self.kind_of}: give different, non-empty labels")

    def asks(self) -> str:
        """Return the sentence that asks for the labels; it lists them if they are few."""
        by = _SPELT.get(self.separators[0], repr(self.separators[0]))
        listed = ", ".join(self.labels or ())
        among = f" among {listed}" if 0 < len(listed) <= _SHORT_LIST else ""
        empty = f", or {self.none}" if self.none else ""
        return f"Answer with the {self.kind_of}{among}, separated by {by}{empty}."

    def write(self, raw: str) -> str:
        """Return the labels on one line."""
        names = split_names(raw, self.gold_separators or self.separators)
        return _join(names, self.separators) or (self.none or "")

    def parse(self, text: str) -> Names | Fault:
        """Read the labels."""
        return read_answer(text, NOTATIONS["text"], self.read, marks=False)

    def read(self, text: str) -> Names | Fault:
        """Read separated labels: folded, sorted, without repetition."""
        return self._read(text, self.separators)

    def read_gold(self, raw: str | None) -> Names | Fault:
        """Read the gold labels; an empty text is the empty set, where there is one."""
        if raw is None:
            return Fault.BAD_GOLD
        text = raw.strip() or self.none or ""
        gold = self._read(text, self.gold_separators or self.separators) if text else Fault.BAD_GOLD
        known = self._known()
        if isinstance(gold, Fault) or (known and not known.issuperset(gold)):
            return Fault.BAD_GOLD
        return gold

    def compare(self, value: Names, target: Names) -> tuple[float, bool]:
        """Return the F1 of the two sets, and whether they are equal."""
        return _compare_sets(value, target)

    def _fold(self, label: str) -> str:
        return (self.fold or normalise_entity)(label)

    def _known(self) -> frozenset[str]:
        return _folded(self.labels or (), self.fold or normalise_entity)

    def _read(self, text: str, separators: str) -> Names | Fault:
        pieces = split_names(text, separators, self.kind_of)
        if _too_many(pieces):
            return Fault.TOO_LONG
        known = self._known()
        if known:
            pieces = [part for piece in pieces for part in self._parts(piece, known, separators)]
        names = {self._fold(piece) for piece in pieces} - {""}
        empty = self._fold(self.none) if self.none else None
        if empty in names:
            return () if names == {empty} else Fault.TWO_ANSWERS
        if not known:
            return tuple(sorted(names)) if names else Fault.NO_ANSWER
        if names.isdisjoint(known):
            return self._sentence(text)
        return tuple(sorted(names))

    def _parts(self, piece: str, known: frozenset[str], separators: str) -> list[str]:
        """Split "a and b" or "a,b" where both are labels of the list."""
        if self._fold(piece) in known:
            return [piece]
        parts = _BETWEEN.split(piece)
        if "," in separators:
            parts = [part for whole in parts for part in whole.split(",")]
        parts = _bare(parts)
        inside = len(parts) > 1 and all(self._fold(part) in known for part in parts)
        return parts if inside else [piece]

    def _sentence(self, text: str) -> Names | Fault:
        """Read labels that a sentence names as they are declared."""
        labels = self.labels or ()
        found = {
            self._fold(label)
            for label in labels
            if re.search(rf"(?<![\w-]){re.escape(label)}(?![\w-])", text)
        }
        if not found:
            empty = self.none is not None and polarity(text) is False
            return () if empty else Fault.UNKNOWN_LABEL
        return Fault.UNKNOWN_LABEL if denies(text) else tuple(sorted(found))
