"""Several numbers in a fixed order, each with a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from scireasoner.answers import sentences
from scireasoner.answers.number import Number
from scireasoner.answers.polarity import negated
from scireasoner.answers.reading import miss
from scireasoner.answers.tagged import Tagged
from scireasoner.errors import TaskError
from scireasoner.science.bullets import without_marks
from scireasoner.science.numbers import Reading, read_numbers
from scireasoner.types import Fault, RewardGroup

_MAX_CHARS = 2_000
# Names that are also English words count only as they are declared ("ON", not "on").
_ENGLISH = frozenset({"on", "off", "in", "at", "no", "is", "or", "and", "to", "a", "i"})

Values = tuple[float, ...]


@dataclass(frozen=True)
class Numbers(Tagged[Values]):
    """Numbers with names; the score is the mean of the scores of the single numbers.

    Read with their names in any order ("Dev: -1.2, HK: 0.5"), or without names in the declared
    order. Correct if every number is within its tolerance.

    Parameters
    ----------
    names : as they are asked for.
    units, low, high, scales, tolerance : as for `Number`, one for each name.
    """

    names: tuple[str, ...]
    units: tuple[str | None, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    scales: tuple[float, ...]
    tolerance: tuple[float, ...]

    kind: ClassVar[str] = "numbers"
    group: ClassVar[RewardGroup] = RewardGroup.DISTANCE
    notation_name: ClassVar[str] = "text"

    def __post_init__(self) -> None:
        """Check that every name has its unit, range, scale and tolerance."""
        columns = (self.units, self.low, self.high, self.scales, self.tolerance)
        if len(self.names) < 2 or any(len(column) != len(self.names) for column in columns):
            raise TaskError(
                f"numbers {self.names} were declared; give two or more names, and a unit, low, "
                "high, scale and tolerance for each"
            )
        if len({name.casefold() for name in self.names}) != len(self.names):
            raise TaskError(f"numbers {self.names} were declared; give different names")
        _ = self.parts

    @property
    def rule(self) -> str:
        """What makes an answer correct, in words."""
        within = (f"{n} within {t:g}" for n, t in zip(self.names, self.tolerance, strict=True))
        return ", ".join(within)

    @property
    def parts(self) -> tuple[Number, ...]:
        """The single numbers, in order."""
        columns = (self.units, self.low, self.high, self.scales, self.tolerance)
        return tuple(Number(*column) for column in zip(*columns, strict=True))

    def asks(self) -> str:
        """Return the sentence that asks for the numbers by name, with their units."""
        units = [f" ({unit})" if unit else "" for unit in self.units]
        asked = [f"{name}: number{unit}" for name, unit in zip(self.names, units, strict=True)]
        return f"Answer as {', '.join(asked)}."

    def write(self, raw: str) -> str:
        """Return the numbers with their names."""
        pieces = _pieces(raw)
        if len(pieces) != len(self.names):
            return raw.strip()
        return ", ".join(f"{name}: {x}" for name, x in zip(self.names, pieces, strict=True))

    def read(self, text: str) -> Values | Fault:
        """Read as many numbers as are asked for, by name or in order."""
        if len(text) > _MAX_CHARS or negated(text):
            return Fault.NOT_A_NUMBER
        text = without_marks(text, numbers=True)
        labels = self._labels(text)
        taken = [range(start, end) for start, end, _ in labels]
        readings = [r for r in read_numbers(text) if not any(r.start in span for span in taken)]
        ordered = self._by_name(labels, readings) if labels else readings
        if isinstance(ordered, Fault):
            return ordered
        if len(ordered) != len(self.names):
            several = len(ordered) > len(self.names)
            return Fault.TWO_ANSWERS if several else Fault.NOT_A_NUMBER
        if not all(sentences.asserted(text, reading) for reading in ordered):
            return Fault.NOT_A_NUMBER
        values = [part.valued(text, r) for part, r in zip(self.parts, ordered, strict=True)]
        faults = [value for value in values if isinstance(value, Fault)]
        return faults[0] if faults else tuple(v for v in values if not isinstance(v, Fault))

    def read_gold(self, raw: str | None) -> Values | Fault:
        """Read plain floats in the declared order, separated by commas, semicolons or blanks."""
        pieces = _pieces(raw or "")
        if len(pieces) != len(self.names):
            return Fault.BAD_GOLD
        golds = [part.read_gold(piece) for part, piece in zip(self.parts, pieces, strict=True)]
        values = tuple(gold for gold in golds if not isinstance(gold, Fault))
        return values if len(values) == len(golds) else Fault.BAD_GOLD

    def compare(self, value: Values, target: Values) -> tuple[float, bool]:
        """Return the mean score of the numbers, and whether all are within tolerance."""
        pairs = zip(self.parts, value, target, strict=True)
        judged = [part.compare(a, b) for part, a, b in pairs]
        score = sum(score for score, _ in judged) / len(judged)
        correct = all(right for _, right in judged)
        return (score if correct else miss(score)), correct

    def _labels(self, text: str) -> list[tuple[int, int, str]]:
        """Return where names stand, in order; the longest name wins ("ON/OFF" over "ON")."""
        names = sorted(self.names, key=len, reverse=True)
        found = []
        for match in re.finditer("|".join(map(_pattern, names)), text):
            name = next(n for n in names if n.casefold() == match.group().casefold())
            found.append((match.start(), match.end(), name))
        return found

    def _by_name(
        self, labels: Sequence[tuple[int, int, str]], readings: Sequence[Reading]
    ) -> list[Reading] | Fault:
        """Pair names with numbers: name, number, name, number ... or all names, then all numbers.

        Numbers may also stand before their names ("0.5 (HK)"), if all do.
        """
        marks = sorted([(a, "L") for a, _, _ in labels] + [(r.start, "N") for r in readings])
        shape = "".join(mark for _, mark in marks)
        names = [name for _, _, name in labels]
        size = len(self.names)
        if len(names) > size or len(readings) > size:
            return Fault.TWO_ANSWERS
        if len(set(names)) != size or len(readings) != size:
            return Fault.NOT_A_NUMBER
        if shape not in ("LN" * size, "NL" * size, "L" * size + "N" * size):
            return Fault.NOT_A_NUMBER
        by_name = dict(zip(names, readings, strict=True))
        return [by_name[name] for name in self.names]


def _pattern(name: str) -> str:
    exact = re.escape(name)
    body = exact if name.casefold() in _ENGLISH else f"(?i:{exact})"
    return rf"(?<![A-Za-z0-9_/]){body}(?![A-Za-z0-9_])"


def _pieces(raw: str) -> list[str]:
    return [piece for piece in re.split(r"[\s,;]+", raw.strip().strip("[]()")) if piece]
