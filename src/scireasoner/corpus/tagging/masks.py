"""Where tagging must not look: thoughts, code, addresses, and what is tagged already."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from scireasoner.notation.tags import NOTATIONS, TAGS, find_spans
from scireasoner.prompts.reply import THINK_CLOSE, THINK_OPEN

_FENCE = re.compile(r"^[ \t]{0,3}(```+|~~~+)", re.MULTILINE)
_THINK = re.compile(f"{re.escape(THINK_OPEN)}|{re.escape(THINK_CLOSE)}")
_TAG = re.compile("|".join(re.escape(tag) for tag in TAGS))
# Possessive, so that a long run of one class is read once.
_ADDRESS = re.compile(
    r"(?:https?|ftp)://\S++|\bwww\.\S++|\b10\.[0-9]{4,9}/\S++|(?<![\w.+\-\[])[\w.+-]{1,64}@[\w-]++(?:\.[\w-]++)++"
)


class Mask:
    """Stretches of a text in which nothing is looked for."""

    def __init__(self, text: str, thoughts: bool, code: bool) -> None:
        stretches = [*_tagged(text), *_matches(_ADDRESS, text)]
        stretches += [] if thoughts else _thoughts(text)
        stretches += [] if code else _fences(text)
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(stretches):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def covers(self, start: int, end: int) -> bool:
        """Whether any character of the piece is masked."""
        at = bisect_right(self._starts, end - 1) - 1
        return at >= 0 and self._ends[at] > start


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in pattern.finditer(text))


def _tagged(text: str) -> Iterator[tuple[int, int]]:
    """Yield tagged spans, and single tags wherever they stand."""
    if "<" not in text:
        return
    yield from _matches(_TAG, text)
    for notation in NOTATIONS.values():
        for span in find_spans(text, notation):
            yield span.start, span.end


def _thoughts(text: str) -> Iterator[tuple[int, int]]:
    """Yield thoughts; what is before a lone closing tag or after a lone opening one is thought."""
    opened: int | None = 0
    tags = list(_THINK.finditer(text))
    if not tags or tags[0].group() == THINK_OPEN:
        opened = None
    for tag in tags:
        if tag.group() == THINK_OPEN:
            opened = tag.start() if opened is None else opened
        elif opened is not None:
            yield opened, tag.end()
            opened = None
    if opened is not None:
        yield opened, len(text)


def _fences(text: str) -> Iterator[tuple[int, int]]:
    """Yield fenced code; a fence that is never closed runs to the end."""
    opened: re.Match[str] | None = None
    for fence in _FENCE.finditer(text):
        mark = fence.group(1)
        if opened is None:
            opened = fence
        elif mark[0] == opened.group(1)[0] and len(mark) >= len(opened.group(1)):
            yield opened.start(), fence.end()
            opened = None
    if opened is not None:
        yield opened.start(), len(text)
