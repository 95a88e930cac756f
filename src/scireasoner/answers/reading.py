"""Where in a model's text the answer stands: the one place that decides it for every kind.

Inside the kind's tag if the tag is there; else the bare text when it is nothing but the answer,
or a piece that the text itself marks as the answer (boxed, bold, back-ticked, "The answer is").
Several equal candidates are one answer, different ones are a fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TypeVar

from scireasoner.answers.leads import PHRASE, announced, without_lead
from scireasoner.notation.tags import NOTATIONS, Notation, find_spans
from scireasoner.types import Fault

T = TypeVar("T")

# Far above any answer we ask for (a protein of 2,000 residues with its tags), far below what
# could hold up a judge.
MAX_TEXT = 20_000
# Every different candidate may cost a tool call; listing many is no answer anyway.
MAX_CANDIDATES = 8
# No incorrect answer may be worth as much as a right one.
BEST_MISS = 0.99

_NOT = r"(?:can\s?not|can['’]?t|could\s+not|couldn['’]?t|won['’]?t|will\s+not)"
_SPEAKER = (
    rf"\b(?:i|we)\s+{_NOT}\b"
    r"|\b(?:i|we)\s+(?:do\s+not|don['’]?t)\s+(?:know|have)\b"
    r"|\b(?:i\s+am|i['’]m)\s+(?:not\s+(?:sure|able|certain)|unable|unsure|sorry|afraid)\b"
    r"|\bas\s+an?\s+(?:ai|language)\b"
)
_SPOKEN_REFUSAL = re.compile(
    _SPEAKER + r"|\A\W*(?:unknown|n/a|none|not\s+(?:known|applicable|available)|sorry)\b\W*\Z",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    _SPEAKER + r"|\b(?:do\s+not|don['’]?t)\s+(?:know|have)\b"
    rf"|\b{_NOT}\s+(?:be\s+)?(?:answer|determin|predict|say|tell|provide|generate|help)"
    r"|\bsorry\b|\bunable\s+to\b"
    r"|\b(?:not\s+enough|insufficient)\s+(?:information|data)\b"
    r"|\A\W*(?:unknown|n/a|not\s+(?:known|applicable|available)|no\s+(?:answer|idea))\W*\Z",
    re.IGNORECASE,
)
# One of these is in every text (of ASCII letters) that `refuses`: looking for them first is cheap.
_REFUSING = (
    "no",
    "nt",
    "n't",
    "sorry",
    "una",
    "uns",
    "insufficient",
    "n/a",
    "afraid",
    "ai",
    "lang",
)
_MARKED = re.compile(r"\*\*([^*\n]+)\*\*|```(?:[A-Za-z]*\n)?([^`]+)```|`([^`\n]+)`")
_DISPLAYED = re.compile(r"\$\$([^$]{1,500})\$\$|\\\[((?:(?!\\\]).){1,500})\\\]", re.DOTALL)
# Words around a marked piece that take it back: "not <SMILES>...", "`CCO` is wrong", "(A)?".
_TAKEN_BACK_BEFORE = re.compile(
    r"(?:\b(?:not|never|neither|nor|cannot|other\s+than|rather\s+than|instead\s+of"
    r"|(?:anything|all|everything)\s+but|except|excluding|unlikely|doubt|incorrect|wrong|false)"
    r"|n['’]t)\b[\s:]{0,3}(?:(?:for|that|it|is|be|to|the|answer|think|believe)\s+){0,5}[\s:*_`$\"'“(]{0,6}\Z",
    re.IGNORECASE,
)
_TAKEN_BACK_AFTER = re.compile(
    r"[\s*_`$\"'”)\]]{0,6}(?:\?|[,(\s:\u2013\u2014-]{0,4}(?:wrong|incorrect|false)\b"
    r"|(?:is|are|was|would\s+be|seems?|looks)\s+(?:clearly\s+|also\s+)?"
    r"(?:wrong|incorrect|false|impossible|unlikely|excluded|ruled\s+out"
    r"|not\s+(?:it|right|correct|true|possible|the\s+(?:right|correct|answer|product|one)))\b"
    r"|(?:can|could)(?:\s?not|n['’]t)\s+be\b|can\s+be\s+(?:excluded|ruled\s+out)\b"
    r"|(?:does\s+not|doesn['’]t)\s+(?:fit|hold|apply)\b)",
    re.IGNORECASE,
)
_WINDOW = 80
# A thousand times the same piece is one candidate; the words around the first ones tell enough.
_MAX_LOOKED_AROUND = 64
_SUBSCRIPT = re.compile(r"_(?:\{([0-9]{1,6})\}|([0-9]{1,6}))")
# Raised digits and signs of HTML are a charge: <sup>2-</sup>.
_HTML = (("<sub>", ""), ("</sub>", ""), ("<sup>", "^{"), ("</sup>", "}"))
_UPRIGHT = re.compile(r"\\(?:text|mathrm|mathbf|ce)\{((?:[^{}]|\{[^{}]{0,20}\}){1,200}+)\}|\\,")
_WRAPPERS = ("boxed", "text", "mathrm", "textbf", "mathbf", "texttt", "mathtt", "ce")
_COMMANDS = tuple(f"\\{name}{{" for name in _WRAPPERS)
_PAIRS = (
    ("```", "```"),
    ("**", "**"),
    ("__", "__"),
    ("`", "`"),
    ("$$", "$$"),
    ("$", "$"),
    ("\\(", "\\)"),
    ("\\[", "\\]"),
    ('"', '"'),
    ("“", "”"),
)


def read_answer(
    text: str,
    notation: Notation,
    read: Callable[[str], T | Fault],
    marks: bool = True,
    refused: Callable[[str], bool] | None = None,
) -> T | Fault:
    """Find the answer in a text and read it.

    Parameters
    ----------
    text : what a model wrote, the thought removed.
    notation : whose tag to look for (plain text has none).
    read : reads one candidate that is nothing but an answer.
    marks : whether marked pieces of a longer bare text count; off for kinds that accept any text.
    refused : whether a candidate declines to answer; `refuses` if it is not given.
    """
    if len(text) > MAX_TEXT:
        return Fault.TOO_LONG
    if not text.strip():
        return Fault.NO_ANSWER
    reader = partial(_guarded, notation=notation, read=read, refused=refused or refuses)
    spans = find_spans(text, notation)
    if spans:
        places = [(s.start, s.end, s.text) for s in spans]
        return _agree(_readings(text, places, reader))
    text = _without_half_tag(text, notation)
    if not text:
        return Fault.NO_ANSWER
    boxed = _boxed(text)
    if boxed:
        return _agree(_readings(text, boxed, reader))
    whole = reader(text)
    if not isinstance(whole, Fault) or not marks:
        return whole
    marked = [*PHRASE.finditer(text), *_MARKED.finditer(text)]
    # Steps are displayed too: what is displayed counts where nothing else is marked.
    for found in (marked, _DISPLAYED.finditer(text) if announced(notation) else ()):
        places = [(m.start(), m.end(), "".join(filter(None, m.groups()))) for m in found]
        readings = _readings(text, places, reader)
        accepted = [reading for reading in readings if not isinstance(reading, Fault)]
        if accepted:
            return _agree(accepted)
    return whole


def unwrap(text: str, notation: Notation = NOTATIONS["text"]) -> str:
    """Take off mark-up, "The answer is" (or "SMILES:") and a full stop around a short answer."""
    text = text.strip()
    for _ in range(8):
        before = text
        text = without_lead(text, notation)
        if text.endswith(".") and not text.endswith(".."):
            text = text[:-1].rstrip()
        text = _unpaired(_unpair(text))
        if text == before:
            break
    return text


def refuses(text: str) -> bool:
    """Whether a text declines to answer."""
    if text.isascii():
        folded = text.lower()
        if not any(piece in folded for piece in _REFUSING):
            return False
    return _REFUSAL.search(text) is not None


def declines(text: str) -> bool:
    """Whether the writer of a free text declines to answer.

    Only words of the writer about themselves count: a mutant may be "unable to" bind.
    """
    return _SPOKEN_REFUSAL.search(text) is not None


def taken_back(text: str, start: int, end: int) -> bool:
    """Whether the words right around a piece deny it or turn it into a question."""
    before, after = text[max(0, start - _WINDOW) : start], text[end : end + _WINDOW]
    return bool(
        (before and _TAKEN_BACK_BEFORE.search(before)) or (after and _TAKEN_BACK_AFTER.match(after))
    )


def plain_subscripts(text: str) -> str:
    r"""Return ``C_{6}H_6``, ``\text{C}_6\text{H}_6`` and ``C<sub>6</sub>H6`` as ``C6H6``."""
    if "</su" in text:
        for markup, plainer in _HTML:
            text = text.replace(markup, plainer)
    plain = _SUBSCRIPT.sub(r"\1\2", text)
    return _UPRIGHT.sub(r"\1", plain) if "\\" in plain else plain


def miss(score: float) -> float:
    """Return the score of an answer that is not correct, kept within [0, 0.99]."""
    return min(max(score, 0.0), BEST_MISS)


def _without_half_tag(text: str, notation: Notation) -> str:
    """Return what stands before a lone closing tag (its opening one may stand in the prompt).

    An opening tag that is never closed leaves nothing: what follows it was cut.
    """
    if not notation.tag:
        return text
    if notation.opening in text:
        return ""
    head, closing, tail = text.partition(notation.closing)
    return text if not closing or tail.strip() else head.strip()


def _guarded(
    piece: str,
    notation: Notation,
    read: Callable[[str], T | Fault],
    refused: Callable[[str], bool],
) -> T | Fault:
    candidate = unwrap(piece, notation)
    if not candidate:
        return Fault.NO_ANSWER
    return Fault.REFUSED if refused(candidate) else read(candidate)


def _readings(
    text: str,
    places: Iterable[tuple[int, int, str]],
    read: Callable[[str], T | Fault],
) -> list[T | Fault]:
    """Read the different pieces (start, end, text); what is taken back is no answer."""
    kept: dict[tuple[str, bool], None] = {}
    for number, (start, end, piece) in enumerate(places):
        if (stripped := piece.strip()) and len(kept) <= MAX_CANDIDATES:
            kept[stripped, number < _MAX_LOOKED_AROUND and taken_back(text, start, end)] = None
    return [Fault.NO_ANSWER if denied else read(piece) for piece, denied in kept]


def _agree(readings: Sequence[T | Fault]) -> T | Fault:
    """Return what all candidates say, or the fault that they do not say one thing."""
    if not readings:
        return Fault.NO_ANSWER
    if len(readings) > MAX_CANDIDATES:
        return Fault.TWO_ANSWERS
    first = readings[0]
    if all(isinstance(reading, Fault) for reading in readings):
        return first
    if any(isinstance(reading, Fault) or reading != first for reading in readings):
        return Fault.TWO_ANSWERS
    return first


def _boxed(text: str) -> list[tuple[int, int, str]]:
    found = []
    start = text.find("\\boxed{")
    while start >= 0:
        end = closing_brace(text, start + len("\\boxed{"))
        if end < 0:
            break
        found.append((start, end + 1, text[start + len("\\boxed{") : end]))
        start = text.find("\\boxed{", end)
    return found


def closing_brace(text: str, start: int) -> int:
    """Return where the brace that was opened before ``start`` closes, -1 if it does not."""
    depth = 1
    for index in range(start, len(text)):
        depth += (text[index] == "{") - (text[index] == "}")
        if depth == 0:
            return index
    return -1


def _unpair(text: str) -> str:
    if text[:1].isalnum():
        return text
    for opening, closing in _PAIRS:
        size = len(opening) + len(closing)
        if len(text) > size and text.startswith(opening) and text.endswith(closing):
            return text[len(opening) : -len(closing)].strip()
    for command in _COMMANDS:
        if text.startswith(command) and closing_brace(text, len(command)) == len(text) - 1:
            return text[len(command) : -1].strip()
    return text


def _unpaired(text: str) -> str:
    """Drop the closing half of bold that began before "Answer:"."""
    if text.endswith("**") and not text.startswith("**"):
        return text[:-2].rstrip()
    return text
