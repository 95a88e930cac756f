"""A number in a declared unit and range, alone or in a sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from scireasoner.answers import sentences
from scireasoner.answers.reading import miss
from scireasoner.answers.tagged import Tagged
from scireasoner.errors import TaskError
from scireasoner.notation.tags import find_spans
from scireasoner.science.numbers import Reading, read_numbers
from scireasoner.science.units import convert, parse_unit
from scireasoner.types import Fault, RewardGroup

_MAX_CHARS = 120
_MAX_SENTENCE = 2_000
_UNIT_CHARS = 24
_SAME = 1e-9
_FOLDED_UNIT = str.maketrans("", "", " ,~()[]_{}$\\")


@dataclass(frozen=True)
class Number(Tagged[float]):
    """A number; the score falls with the error measured in the task's own spread.

    Parameters
    ----------
    unit : the unit to answer in, None for a pure number.
    low, high : the physical range, in ``unit``; an answer outside is a fault.
    scale : the error that halves the score, in ``unit`` (the median absolute deviation of the
        training golds): score = 1 / (1 + abs(error) / scale).
    tolerance : the largest error that still counts as correct, in ``unit``.
    """

    unit: str | None
    low: float
    high: float
    scale: float
    tolerance: float

    kind: ClassVar[str] = "number"
    group: ClassVar[RewardGroup] = RewardGroup.DISTANCE
    notation_name: ClassVar[str] = "number"

    def __post_init__(self) -> None:
        """Check the declared range, scale and tolerance."""
        numbers = (self.low, self.high, self.scale, self.tolerance)
        finite = all(math.isfinite(number) for number in numbers)
        if not finite or self.low >= self.high or self.scale <= 0 or self.tolerance < 0:
            raise TaskError(
                f"a number was declared with low, high, scale, tolerance = {numbers}; "
                "give finite values with low < high, scale > 0, tolerance >= 0"
            )

    @property
    def rule(self) -> str:
        """What makes an answer correct, in words."""
        within = f"within {self.tolerance:g} {self.unit or ''}".strip()
        return f"{within} of the gold"

    def asks(self) -> str:
        """Return the sentence that asks for the number, with its unit."""
        unit = f" ({self.unit})" if self.unit else ""
        return f"Answer in {self.notation.wrap('')}{unit}."

    def parse(self, text: str) -> float | Fault:
        """Read a model's answer; a unit right after the tag counts as well as one inside it."""
        spans = find_spans(text, self.notation)
        if len(spans) == 1:
            tail = text[spans[0].end :].strip().rstrip(".")
            if 0 < len(tail) <= _UNIT_CHARS and self.is_unit(tail):
                return self.read(f"{spans[0].text} {tail}")
        return super().parse(text)

    def read(self, text: str) -> float | Fault:
        """Read one number with or without a unit, alone or as what a sentence states.

        Different numbers are two answers, unless one is stated as the answer ("the value is").
        """
        if len(text) > _MAX_SENTENCE:
            return Fault.NOT_A_NUMBER
        readings = read_numbers(text)
        if len(readings) == 1 and len(text) <= _MAX_CHARS and sentences.bare(text, readings[0]):
            return self._valued(readings[0], sentences.after(text, readings[0]))
        stated = sentences.stated(text, readings) or readings
        # "at 25 °C" and "at pH 7.4" tell the conditions of a value, not another one.
        values = [r for r in stated if not self._condition(text, r)] or stated
        return self._agreed(text, values)

    def read_gold(self, raw: str | None) -> float | Fault:
        """Read the gold from its data field: a plain float in range, never by the text parser."""
        try:
            value = float(raw) if raw is not None else math.nan
        except ValueError:
            return Fault.BAD_GOLD
        return value if self.low <= value <= self.high else Fault.BAD_GOLD

    def compare(self, value: float, target: float) -> tuple[float, bool]:
        """Return 1 / (1 + abs(error) / scale), and whether the error is within the tolerance."""
        error = abs(value - target)
        score = 1.0 / (1.0 + error / self.scale)
        correct = error <= self.tolerance
        return (score if correct else miss(score)), correct

    def valued(self, text: str, reading: Reading) -> float | Fault:
        """Return a number found in a text in the declared unit, if it is in range."""
        return self._valued(reading, sentences.unit_after(text, reading, self.is_unit))

    def is_unit(self, text: str) -> bool:
        """Whether a text is the declared unit or any other known one."""
        return self._is_declared(text) or parse_unit(text) is not None

    def _in_sentence(self, text: str, reading: Reading) -> float | Fault:
        if not sentences.asserted(text, reading):
            return Fault.NOT_A_NUMBER
        unit = sentences.unit_after(text, reading, self.is_unit)
        if not sentences.ends(text, reading, unit):
            return Fault.NOT_A_NUMBER
        return self._valued(reading, unit)

    def _condition(self, text: str, reading: Reading) -> bool:
        """Whether a number is a pH, or follows "at" or "under" in another dimension's unit."""
        if reading.unit is None:
            return sentences.is_ph(text, reading)
        foreign = self._in_unit(0.0, reading.unit) is Fault.WRONG_UNIT
        return foreign and sentences.conditional(text, reading)

    def _agreed(self, text: str, readings: Sequence[Reading]) -> float | Fault:
        """Return what all the numbers of a text say; the first disagreement decides."""
        if not readings:
            return Fault.NOT_A_NUMBER
        first = self._in_sentence(text, readings[0])
        for reading in readings[1:]:
            value = self._in_sentence(text, reading)
            if isinstance(first, Fault) or isinstance(value, Fault):
                return Fault.TWO_ANSWERS
            apart = abs(first - value)
            if apart > _SAME * max(abs(first), abs(value)) and not (
                reading.unit != readings[0].unit and apart <= self._rounding(readings[0], reading)
            ):
                return Fault.TWO_ANSWERS
        return first

    def _rounding(self, *readings: Reading) -> float:
        """Return how far one value may lie apart, rounded in two units: "78.4 °C (351.5 K)"."""
        most = 0.0
        for reading in readings:
            zero = self._in_unit(0.0, reading.unit or "")
            half = self._in_unit(reading.step / 2.0, reading.unit or "")
            if not isinstance(zero, Fault) and not isinstance(half, Fault):
                most = max(most, abs(half - zero))
        return most * (1.0 + 1e-6)  # 351.5 is as near to 351.55 as a rounded value may be

    def _valued(self, reading: Reading, unit: str) -> float | Fault:
        if unit and not self.is_unit(unit):
            return Fault.NOT_A_NUMBER
        value = self._in_unit(reading.value, unit or reading.unit or "")
        if isinstance(value, Fault):
            return value
        return value if self.low <= value <= self.high else Fault.OUT_OF_RANGE

    def _in_unit(self, value: float, unit: str) -> float | Fault:
        if not unit or self._is_declared(unit):
            return value
        converted = convert(value, unit, self.unit or "")  # "" is a pure number: 5 % is 0.05
        return Fault.WRONG_UNIT if converted is None else converted

    def _is_declared(self, unit: str) -> bool:
        # Units such as log10(mol/L) are no product of SI units: only their own spellings count.
        return self.unit is not None and _folded(unit) == _folded(self.unit)


def _folded(unit: str) -> str:
    """Return one spelling of "log10(mol/L)", "log mol/L", "log (mol/L)"."""
    unit = unit.replace("\\text", "").replace("\\mathrm", "")
    return unit.translate(_FOLDED_UNIT).replace("log10", "log").replace("log₁₀", "log")
