"""Numbers in sentences: which one is the answer, and whether the sentence asserts it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from scireasoner.answers.polarity import negated
from scireasoner.science.numbers import Reading

_HEDGES = frozenset(
    ["", "about", "approximately", "approx.", "approx", "around", "roughly", "ca.", "≈", "~", "="]
)
# A bound is not a value, nor is ±2, and "figure 2" is not a finding.
_NOT_STATED = re.compile(
    r"(?:[<>≤≥≲≳⩽⩾±]|\\(?:leq?|geq?|leqslant|geqslant|lt|gt|lesssim|gtrsim|pm)|\+/?-|\b(?:except|unlikely|wrong:?|incorrect:?|false:?|than|least|most|above|below|over|under|to|between|exceeds?|within|beyond"
    r"|figure|fig\.?|table|tab\.?|step|section|eq\.?|equation|ref\.?|reference|chapter|page|version"
    r"|no\.|number|minus|negative|ph|day|year|class|option|cluster|chain|exon|intron|chromosome|residue|position"
    r"|model|type|group|sample|compound|example))\s*(?:about|approximately|roughly|of|=)?\s*\Z",
    re.IGNORECASE,
)
_STATES = re.compile(
    r"(?:\b(?:answer|value|prediction|result|estimate|output)\b"
    r"|\b(?:predicted|estimated|expected)\b(?:[^.;\n]|\.(?=[0-9])){0,80}?)"
    r"(?:\s+(?:is|are|was|would\s+be|equals)|\s*[:=])\s*"
    r"(?:(?:about|approximately|around|roughly|ca\.|≈|~|\*\*|\$|:)\s*){0,3}\Z",
    re.IGNORECASE,
)
_ALTERNATIVE = re.compile(r"[\s*$]*,?\s*(?:or|to|and|through|[-\u2013\u2014/])\s*[\s*$]*\Z")
_CLAUSE_BREAK = re.compile(r"[;:,!?\n]|\.(?![0-9])")
_UNIT_END = re.compile(r"[,;!?\n()]|\.(?![0-9])|\s(?:for|in|at|with|which|and|as|on|based|under)\s")
# What may follow a number in a sentence: the end, punctuation, or a word that opens a new phrase.
_TAIL = re.compile(
    r"(?:[\s*_`$\"'”]|\\[)\]])*(?:\Z|[.,;:!?)\]}(\n]|(?:for|in|at|with|which|and|as|on|of|based|because|since"
    r"|under|when|using|given|from|by|but|so|where|that|according|units?)\b)"
)
_CONDITION = re.compile(r"\b(?:at|under)\b(?:[^.,;:()\n]|\.(?=[0-9])){0,30}\Z", re.IGNORECASE)
_PH = re.compile(r"\bpH\s?(?:of|=|≈|~)?\s?\Z", re.IGNORECASE)
_QUESTION = re.compile(r"(?:[^.!?\n]|\.(?=[0-9])){0,200}\?")
_WINDOW = 120


def bare(text: str, reading: Reading) -> bool:
    """Whether a text is only a number, perhaps with "about" before it and a unit."""
    before = text[: reading.start].strip().casefold()
    tail = after(text, reading)
    return before in _HEDGES and not (tail and tail[0] in ",;:!?\n")


def after(text: str, reading: Reading) -> str:
    """Return what follows a number that ends a text, brackets and the full stop taken off."""
    tail = text[reading.end :].strip(" $}").rstrip(".")
    if tail.startswith("(") and tail.endswith(")"):
        tail = tail[1:-1].strip().removeprefix("in ")
    return tail


def unit_after(text: str, reading: Reading, is_unit: Callable[[str], bool]) -> str:
    """Return the unit that follows a number in a sentence, as written; empty if none does."""
    tail = text[reading.end : reading.end + 40]
    stop = _UNIT_END.search(tail)
    spelled = (tail[: stop.start()] if stop else tail).strip(" $*")
    if spelled and is_unit(spelled):
        return spelled
    whole = tail.strip(" $*.")
    return whole if whole and is_unit(whole) else ""


def ends(text: str, reading: Reading, unit: str) -> bool:
    """Whether a number and its unit end a phrase: no "5 atoms", no "0.5 furlongs"."""
    end = text.find(unit, reading.end) + len(unit) if unit else reading.end
    return _TAIL.match(text, end) is not None


def is_ph(text: str, reading: Reading) -> bool:
    """Whether a number follows "pH"."""
    return _PH.search(text[max(0, reading.start - 12) : reading.start]) is not None


def conditional(text: str, reading: Reading) -> bool:
    """Whether a number stands in a phrase of "at" or "under": "at T = 298 K and 1 atm"."""
    return _CONDITION.search(text[max(0, reading.start - 40) : reading.start]) is not None


def asserted(text: str, reading: Reading) -> bool:
    """Whether a sentence states its number: no bound, no reference, no denial, no question."""
    if _QUESTION.match(text, reading.end):
        return False
    before = text[max(0, reading.start - _WINDOW) : reading.start]
    if _NOT_STATED.search(before.rstrip(" $*(\\")):
        return False
    breaks = list(_CLAUSE_BREAK.finditer(before))
    return not negated(before[breaks[-1].end() :] if breaks else before)


def stated(text: str, readings: Sequence[Reading]) -> list[Reading]:
    """Return the numbers that stand right after "the answer is" and have no alternative."""
    found = []
    for place, reading in enumerate(readings):
        before = text[max(0, reading.start - _WINDOW) : reading.start]
        if _STATES.search(before):
            found.append(reading)
            following = readings[place + 1 : place + 2]
            if following and _ALTERNATIVE.match(text[reading.end : following[0].start]):
                found.extend(following)
    return found
