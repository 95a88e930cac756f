"""Filters of documents by domain: each returns why a document is not good enough, or None."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from types import MappingProxyType

from scireasoner.corpus.entities import Kind
from scireasoner.corpus.looking import Look, words_of

Filter = Callable[[Look], str | None]

_SEQUENCES = (Kind.PROTEIN, Kind.DNA, Kind.RNA)
_LEAST_WORDS = 20
_LINE = re.compile(r"[^\n]+")


def valid_objects(look: Look) -> str | None:
    """Drop a document with a tagged molecule, sequence or composition that is not one."""
    bad = next((item for item in look.objects if not item.valid), None)
    return None if bad is None else f"not a valid {bad.notation}"


def complex_sequences(look: Look) -> str | None:
    """Drop a sequence that is mostly one letter or a short repeat.

    Of 3-mers at least a tenth, or ten, must differ; a letter makes up four fifths at most.
    """
    for item in look.objects:
        if item.thing is None or item.thing.kind not in _SEQUENCES or len(item.thing.text) < 20:
            continue
        letters = item.thing.text
        if max(map(letters.count, set(letters))) > 0.8 * len(letters):
            return "sequence of one letter"
        if _few_triples(letters, min(10, 0.1 * len(letters))):
            return "repetitive sequence"
    return None


def _few_triples(letters: str, least: float) -> bool:
    """Whether fewer than ``least`` 3-mers differ; most sequences show enough of them at once."""
    seen: set[str] = set()
    for start in range(len(letters) - 2):
        seen.add(letters[start : start + 3])
        if len(seen) >= least:
            return False
    return True


def prose(look: Look) -> str | None:
    """Drop text that is no prose: tables, menus, runs of symbols, strings of figures.

    Limits after arXiv 2112.11446 (Gopher), appendix A: words of 3 to 10 letters on average, at
    least four fifths of the words with a letter. Short texts and tagged objects are not looked at.
    """
    words = look.prose.split()
    if len(words) < _LEAST_WORDS:
        return None
    mean = sum(map(len, words)) / len(words)
    if not 3 <= mean <= 10:
        return "words too short or too long"
    if sum(word.isalpha() or any(map(str.isalpha, word)) for word in words) < 0.8 * len(words):
        return "too few words with letters"
    return None


def repetition(look: Look) -> str | None:
    """Drop text that says the same again and again.

    Limits after arXiv 2112.11446, table A1: at most 30 % of the lines, and 18 % of the runs of
    four words, may be the most frequent or repeated ones.
    """
    lines = [line.strip() for line in _LINE.findall(look.prose) if line.strip()]
    if len(lines) >= 5 and len(set(lines)) < 0.7 * len(lines):
        return "repeated lines"
    words = words_of(look.prose)
    if len(words) >= _LEAST_WORDS:
        count = max(Counter(zip(words, words[1:], words[2:], words[3:], strict=False)).values())
        if count > 2 and 4 * count > 0.18 * len(words):
            return "repeated phrases"
    return None


FILTERS: Mapping[str, Filter] = MappingProxyType({
    "valid_objects": valid_objects,
    "complex_sequences": complex_sequences,
    "prose": prose,
    "repetition": repetition,
})  # fmt: skip
"""Every filter by the name that a recipe gives."""
