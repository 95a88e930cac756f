"""What the SciReasoner 1.5 evaluators read from an answer."""

from __future__ import annotations

import json
import math
import re
from functools import lru_cache

from scireasoner.prompts.reply import THINK_CLOSE, THINK_OPEN

_OPEN = re.compile(re.escape(THINK_OPEN), re.IGNORECASE)
_CLOSE = re.compile(re.escape(THINK_CLOSE), re.IGNORECASE)

_FENCE = "```"
_FENCE_START = re.compile(r"(?:json)?\s*", re.IGNORECASE)

_FLOAT = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
_NUMBER = re.compile(_FLOAT)
_CLASS = re.compile(r"(?:label|answer|prediction|class)\s*[:=]\s*([01])(?=$|\s|[,;}\]])")

_SEMICOLON = re.compile("[;\uff1b]")  # also full-width
_COMMA = re.compile("[\n,\uff0c]")

# Parts of words count, so that "inactive" and "dissimilar" are found before what they hold; and
# "no" is in "not", "unknown" and "know".
_NO = ("dissimilar", "inactive", "negative", "no", "false")
_YES = ("similar", "active", "positive", "yes", "true")


def _without_thoughts(text: str) -> str:
    """Remove closed thoughts, whose tags may be in capitals."""
    if THINK_OPEN[0] not in text:
        return text
    kept = []
    start = 0
    while (opened := _OPEN.search(text, start)) is not None:
        closed = _CLOSE.search(text, opened.end())
        if closed is None:
            break
        kept.append(text[start : opened.start()])
        start = closed.end()
    return "".join((*kept, text[start:]))


def _without_fences(text: str) -> str:
    """Remove code fences at the start of a line (with the space after) and at the end of one.

    A fence at a line's end takes the space and the line breaks before it along.
    """
    kept = []
    start = at = 0  # the end of the last removal, and of what has been looked at
    while (fence := text.find(_FENCE, at)) >= 0:
        before = at + len(text[at:fence].rstrip())
        after = fence + len(_FENCE)
        closes = after == len(text) or text[after] == "\n"
        opens = fence == 0 or text[fence - 1] == "\n"
        if closes and (before < fence or not opens):
            kept.append(text[start:before])
            start = at = after
        elif opens:
            kept.append(text[start:fence])
            found = _FENCE_START.match(text, after)
            start = at = found.end() if found else after
        else:
            at = fence + 1
    return "".join((*kept, text[start:]))


def plain(text: str) -> str:
    """Return the answer without closed thoughts and code fences."""
    return _without_fences(_without_thoughts(text).strip()).strip()


def _first_number(text: str) -> float | None:
    found = _NUMBER.search(text)
    value = float(found[0]) if found else math.inf
    return value if math.isfinite(value) else None


def number(text: str) -> float | None:
    """Return the first number; None if there is none, or if it is infinite."""
    return _first_number(plain(text))


@lru_cache(maxsize=64)
def _property(key: str) -> re.Pattern[str]:
    pattern = rf"\{{[^{{}}]*[\"']?{re.escape(key)}[\"']?\s*:\s*[\"']?({_FLOAT})"
    return re.compile(pattern, re.DOTALL | re.IGNORECASE)


def property_value(text: str, key: str) -> float | None:
    """Return the value of the property: from JSON, from anything like it, else the first number."""
    text = plain(text)
    if not text:
        return None
    try:
        parsed = json.loads(text)
        if isinstance(parsed, dict) and key in parsed:
            return float(parsed[key])
    except (ValueError, TypeError, OverflowError, RecursionError):
        pass
    found = _property(key).search(text)
    return float(found[1]) if found else number(text)


def labels(text: str) -> set[str]:
    """Return the labels in lower case, split at semicolons if there are any, else at commas."""
    text = plain(text)
    parts = _SEMICOLON.split(text)
    if len(parts) == 1:
        parts = _COMMA.split(text)
    return {part.strip().lower() for part in parts if part.strip()}


def verdict(text: str) -> float | None:
    """Return the score in [0, 1] of a yes-or-no answer; None if it has none."""
    text = plain(text).lower()
    found = _CLASS.search(text)
    if found:
        return float(found[1])
    value = number(text)
    if value is not None and 0.0 <= value <= 1.0:
        return value
    if any(word in text for word in _NO):
        return 0.0
    return 1.0 if any(word in text for word in _YES) else None
