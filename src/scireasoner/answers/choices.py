"""Yes or no, one of a few labels, or a set of names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from scireasoner.answers.reading import miss, read_answer, unwrap
from scireasoner.answers.tagged import Tagged
from scireasoner.errors import TaskError
from scireasoner.notation.tags import NOTATIONS
from scireasoner.science.text import normalise_entity, set_f1
from scireasoner.types import Fault, RewardGroup

_POLARITY = {"yes": True, "true": True, "no": False, "false": False}
_CLAUSE = re.compile(r"[,.;:!\n()\u2013\u2014]")
_BETWEEN_LABELS = re.compile(r"\s*[,;/|\n]\s*|\s+(?:and|or)\s+")
_BULLET = re.compile(r"\A(?:[-*•]\s+|\d{1,3}[.)]\s+)")
_MAX_NAMES = 200
_MAX_NAME_CHARS = 300


@dataclass(frozen=True)
class Boolean(Tagged[bool]):
    """Yes or no. Polarity is a whole first word, never a piece of one."""

    kind: ClassVar[str] = "boolean"
    group: ClassVar[RewardGroup] = RewardGroup.MATCHING
    notation_name: ClassVar[str] = "boolean"

    def asks(self) -> str:
        """Return the sentence that asks for yes or no."""
        return f"Answer Yes or No in {self.notation.wrap('')}."

    def write(self, raw: str) -> str:
        """Return Yes or No inside the tag."""
        return self.notation.wrap("Yes" if self.read_gold(raw) is True else "No")

    def read(self, text: str) -> bool | Fault:
        """Read a clause that is a polarity word; what follows it may explain, not contradict."""
        clauses = [clause.strip(" *_`\"'") for clause in _CLAUSE.split(text.casefold())]
        clauses = [clause for clause in clauses if clause]
        if not clauses or clauses[0] not in _POLARITY:
            return Fault.UNKNOWN_LABEL
        said = {_POLARITY[clause] for clause in clauses if clause in _POLARITY}
        return Fault.TWO_ANSWERS if len(said) > 1 else _POLARITY[clauses[0]]

    def read_gold(self, raw: str | None) -> bool | Fault:
        """Read yes, no, true, false, 1 or 0."""
        word = (raw or "").strip().casefold()
        gold = {"1": True, "0": False, **_POLARITY}.get(word)
        return Fault.BAD_GOLD if gold is None else gold

    def compare(self, value: bool, target: bool) -> tuple[float, bool]:
        """Return 1 or 0."""
        return float(value == target), value == target


@dataclass(frozen=True)
class Label(Tagged[str]):
    """One of a few given labels, compared whole and without case.

    Parameters
    ----------
    labels : as they are asked for and written.
    """

    labels: tuple[str, ...]

    kind: ClassVar[str] = "label"
    group: ClassVar[RewardGroup] = RewardGroup.MATCHING
    notation_name: ClassVar[str] = "text"

    def __post_init__(self) -> None:
        """Check that the labels can be told apart."""
        distinct = {normalise_entity(label) for label in self.labels}
        if len(distinct) != len(self.labels) or len(distinct) < 2 or "" in distinct:
            raise TaskError(
                f"labels {self.labels} were declared; give two or more non-empty ones that "
                "differ in more than case and spaces"
            )

    def asks(self) -> str:
        """Return the sentence that lists the labels."""
        return f"Answer with one of: {', '.join(self.labels)}."

    def write(self, raw: str) -> str:
        """Return the label as it was declared."""
        gold = self.read_gold(raw)
        return raw.strip() if isinstance(gold, Fault) else gold

    def parse(self, text: str) -> str | Fault:
        """Read a label; a label that sounds like a refusal ("unknown") is still a label."""
        exact = self.read(unwrap(text)) if len(text) <= _MAX_NAME_CHARS else Fault.UNKNOWN_LABEL
        return super().parse(text) if exact is Fault.UNKNOWN_LABEL else exact

    def read(self, text: str) -> str | Fault:
        """Read text that is one label, also in brackets: "(B)"."""
        if (label := self._known(text)) is not None:
            return label
        if len(text) <= _MAX_NAME_CHARS:
            parts = [self._known(part) for part in _BETWEEN_LABELS.split(text.strip())]
            if len(parts) > 1 and None not in parts:
                return Fault.TWO_ANSWERS if len(set(parts)) > 1 else str(parts[0])
        return Fault.UNKNOWN_LABEL

    def compare(self, value: str, target: str) -> tuple[float, bool]:
        """Return 1 or 0."""
        return float(value == target), value == target

    def _known(self, text: str) -> str | None:
        if len(text) > _MAX_NAME_CHARS:
            return None
        known = {normalise_entity(label): label for label in self.labels}
        plain = normalise_entity(text)
        return known.get(plain, known.get(plain.strip("()[]. ")))


@dataclass(frozen=True)
class Entities:
    """A set of names, one per line or separated by semicolons (names may hold commas).

    Parameters
    ----------
    kind_of : what is named, in the plural, e.g. ``"genes"``.
    """

    kind_of: str

    kind: ClassVar[str] = "entities"
    group: ClassVar[RewardGroup] = RewardGroup.MATCHING

    def asks(self) -> str:
        """Return the sentence that asks for the names."""
        return f"Answer with the {self.kind_of}, separated by semicolons, or none."

    def write(self, raw: str) -> str:
        """Return the names on one line."""
        names = [name.strip() for name in re.split(r"[;\n]", raw) if name.strip()]
        return "; ".join(names) or "none"

    def parse(self, text: str) -> tuple[str, ...] | Fault:
        """Read the names."""
        # Any text is a name, so bold words in a sentence must not count as the answer.
        return read_answer(text, NOTATIONS["text"], self.read, marks=False)

    def read(self, text: str) -> tuple[str, ...] | Fault:
        """Read separated names; "none" is the empty set. Sorted, without repetition."""
        if normalise_entity(text) == "none":
            return ()
        pieces = [unwrap(_BULLET.sub("", piece.strip())) for piece in re.split(r"[;\n]", text)]
        if len(pieces) > _MAX_NAMES or any(len(piece) > _MAX_NAME_CHARS for piece in pieces):
            return Fault.TOO_LONG
        names = {normalise_entity(piece) for piece in pieces} - {""}
        return tuple(sorted(names)) if names else Fault.NO_ANSWER

    def read_gold(self, raw: str | None) -> tuple[str, ...] | Fault:
        """Read the gold names; an empty text is the empty set."""
        if raw is None:
            return Fault.BAD_GOLD
        gold = self.read(raw.strip() or "none")
        return Fault.BAD_GOLD if isinstance(gold, Fault) else gold

    def compare(self, value: tuple[str, ...], target: tuple[str, ...]) -> tuple[float, bool]:
        """Return the F1 of the two sets, and whether they are equal."""
        if value == target:
            return 1.0, True
        return miss(set_f1(frozenset(value), frozenset(target))), False
