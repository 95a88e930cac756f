"""Properties of materials, answered as ``{band_gap : 1.2}`` (LLM4Mat-Bench, arXiv 2411.00177)."""

from __future__ import annotations

import builtins
import re

# The kinds below have a field named "property".
from builtins import property as attribute
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, TypeVar

from scireasoner.answers.choices import Label
from scireasoner.answers.number import Number
from scireasoner.answers.reading import closing_brace, read_answer, taken_back
from scireasoner.errors import TaskError
from scireasoner.notation.tags import NOTATIONS
from scireasoner.types import Fault, RewardGroup

T = TypeVar("T")

_MAX_CHARS = 2_000
_LANGUAGE = re.compile(r"\A(?:json|python|text)\s*\n", re.IGNORECASE)
# A brace of LaTeX (10^{-3}, \text{eV}) opens no object.
_OBJECT = re.compile(r"(?<![\^_A-Za-z])\{")
_KEY = r"[\"'“”`]?\s*([A-Za-z][\w .()/-]{0,60}?)\s*[\"'“”`]?\s*[:=]\s*"
_PREFIX = re.compile(r"\A(?:(?:the|my|final|predicted|estimated|value|of)\s+)*", re.IGNORECASE)
_NEXT = re.compile(rf"(?:\A|[,;\n])\s*{_KEY}")
_ALONE = re.compile(rf"\A{_KEY}(\S[^:\n]*)\Z")


def _folded(key: str) -> str:
    return "".join(character for character in key.casefold() if character.isalnum())


def _objects(text: str) -> list[str]:
    """Return what stands between the braces of each object of a text."""
    found: list[str] = []
    at = 0
    while (opening := _OBJECT.search(text, at)) is not None:
        end = closing_brace(text, opening.end())
        if end < 0:
            return [*found, ""]  # cut off: no value can be trusted
        found.append(text[opening.end() : end])
        at = end + 1
    return found


def _pairs(body: str) -> list[tuple[str, str]]:
    """Return the keys and values of one object, or nothing if it does not begin with a key."""
    keys = list(_NEXT.finditer(body))
    if not keys or keys[0].start() != 0:
        return []
    ends = [key.start() for key in keys[1:]] + [len(body)]
    return [
        (key.group(1), body[key.end() : end].strip().strip(",\"'“”` \n"))
        for key, end in zip(keys, ends, strict=True)
    ]


def _read_property(
    text: str, key: str, read: Callable[[str], T | Fault], fault: Fault
) -> T | Fault:
    """Read the value of a property from an object, from "key: value", or the bare value.

    Parameters
    ----------
    key : the property that is asked for; any other one alone is ``WRONG_PROPERTY``.
    read : reads a value.
    fault : what a text that is too long is.
    """
    if len(text) > _MAX_CHARS:
        return fault
    text = _LANGUAGE.sub("", text, count=1).strip()
    if "\\{" in text:  # an object in LaTeX: \{band\_gap : 1.2\}
        text = text.replace("\\{", "{").replace("\\}", "}").replace("\\_", "_")
    bodies = _objects(text)
    if bodies and taken_back(text, text.find("{"), text.rfind("}") + 1):
        return fault
    alone = _ALONE.match(text)
    if bodies:
        pairs = [pair for body in bodies for pair in _pairs(body) or [(key, body)]]
    elif alone is not None and _is_key(alone.group(1), key):
        pairs = [(_PREFIX.sub("", alone.group(1)), alone.group(2))]
    else:
        return read(text)
    said = [read(value) for name, value in pairs if _folded(name) == _folded(key)]
    if not said:
        return Fault.WRONG_PROPERTY
    return said[0] if all(value == said[0] for value in said) else Fault.TWO_ANSWERS


def _is_key(name: str, key: str) -> bool:
    """Whether words before a colon are a key, and not "the value" or a sentence."""
    return " " not in name or _folded(key) in _folded(name)


def _check_key(key: str) -> None:
    if re.fullmatch(_KEY, f"{key} : ") is None or key != key.strip():
        raise TaskError(f"the property {key!r} was declared; give a key such as 'band_gap'")


_number = lru_cache(maxsize=1_024)(Number)
_label = lru_cache(maxsize=1_024)(Label)


@dataclass(frozen=True)
class PropertyValue:
    """A number as the value of a named property; otherwise as `Number`.

    Parameters
    ----------
    property : the key of the answer, e.g. ``"band_gap"``.
    unit, low, high, scale, tolerance : as for `Number`.
    """

    property: str
    unit: str | None = None
    low: float = -1e9
    high: float = 1e9
    scale: float = 1.0
    tolerance: float = 0.0

    kind: ClassVar[str] = "property value"
    group: ClassVar[RewardGroup] = RewardGroup.DISTANCE

    def __post_init__(self) -> None:
        """Check the declaration."""
        _check_key(self.property)
        self.number()

    @attribute
    def rule(self) -> str:
        """What makes an answer correct, in words."""
        return self.number().rule

    def number(self) -> Number:
        """Return how the number is read and compared, without its key."""
        return _number(self.unit, self.low, self.high, self.scale, self.tolerance)

    def asks(self) -> str:
        """Return the sentence that asks for the object, with the unit."""
        unit = f", the value in {self.unit}" if self.unit else ""
        return f"Answer as {{{self.property} : value}}{unit}."

    def write(self, raw: str) -> str:
        """Return the object."""
        return f"{{{self.property} : {raw.strip()}}}"

    def parse(self, text: str) -> float | Fault:
        """Read a model's answer text."""
        return read_answer(text, NOTATIONS["text"], self.read)

    def read(self, text: str) -> float | Fault:
        """Read the object, "key: value", or the number alone."""
        return _read_property(text, self.property, self.number().read, Fault.NOT_A_NUMBER)

    def read_gold(self, raw: str | None) -> float | Fault:
        """Read the gold from its data field: a plain float in range."""
        return self.number().read_gold(raw)

    def compare(self, value: float, target: float) -> tuple[float, bool]:
        """Return the score of `Number`."""
        return self.number().compare(value, target)


@dataclass(frozen=True)
class PropertyLabel:
    """A label as the value of a named property; otherwise as `Label`, without case.

    Parameters
    ----------
    property : the key of the answer, e.g. ``"is_gap_direct"``.
    labels : as they are written, e.g. ``("True", "False")``.
    """

    property: str
    labels: tuple[str, ...]

    kind: ClassVar[str] = "property label"
    rule: ClassVar[str] = "the same label"
    group: ClassVar[RewardGroup] = RewardGroup.MATCHING

    def __post_init__(self) -> None:
        """Check the declaration."""
        _check_key(self.property)
        self.label()

    def label(self) -> Label:
        """Return how the label is read and compared, without its key."""
        return _label(self.labels)

    @builtins.property
    def classes(self) -> tuple[str, ...]:
        """Every answer as a raw text."""
        return self.labels

    @builtins.property
    def options(self) -> tuple[str, str] | None:
        """The two labels, the positive one first; None if there are more."""
        return (self.labels[0], self.labels[1]) if len(self.labels) == 2 else None

    def asks(self) -> str:
        """Return the sentence that asks for the object and lists the labels."""
        return f"Answer as {{{self.property} : value}}, one of: {', '.join(self.labels)}."

    def write(self, raw: str) -> str:
        """Return the object, the label as it was declared."""
        return f"{{{self.property} : {self.label().write(raw)}}}"

    def parse(self, text: str) -> str | Fault:
        """Read a model's answer text."""
        return read_answer(text, NOTATIONS["text"], self.read)

    def read(self, text: str) -> str | Fault:
        """Read the object, "key: value", or the label alone."""
        return _read_property(text, self.property, self.label().read, Fault.UNKNOWN_LABEL)

    def read_gold(self, raw: str | None) -> str | Fault:
        """Read the gold label."""
        return self.label().read_gold(raw)

    def compare(self, value: str, target: str) -> tuple[float, bool]:
        """Return 1 or 0."""
        return self.label().compare(value, target)
