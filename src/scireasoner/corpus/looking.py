"""What a document says about which objects: read once, used by filters, duplicates and leaks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from zlib import crc32

from scireasoner.corpus.entities import (
    KINDS,
    Kind,
    Thing,
    doubtful,
    key_of,
    last_side,
    own_key,
    plain,
    thing,
)
from scireasoner.notation.tags import NOTATIONS, Span, find_spans

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DISCRETE = (Kind.MOLECULE, Kind.NAME, Kind.COMPOSITION)
"""Kinds that are the same or not; sequences can also be alike."""

_WORD = re.compile(r"\w+")
_OPENINGS = {name: NOTATIONS[name].opening for name in KINDS}


@dataclass(frozen=True, slots=True)
class Object:
    """A tagged object of a text.

    Parameters
    ----------
    text : what stands between the tags.
    thing : what test rows are compared with; None where nothing can be.
    valid : whether it is what the tag says, to the letter: no X in a protein.
    key : of all that it says, by which documents are compared with each other.
    """

    start: int
    end: int
    notation: str
    text: str
    thing: Thing | None
    valid: bool
    key: int


@dataclass(frozen=True)
class Look:
    """A text and its tagged objects in order; none lies in another."""

    text: str
    objects: tuple[Object, ...]

    @cached_property
    def prose(self) -> str:
        """The text without its tagged objects."""
        return self._replaced(lambda _: " ") if self.objects else self.text

    def _replaced(self, name: Callable[[Object], str]) -> str:
        parts, at = [], 0
        for item in self.objects:
            parts += [self.text[at : item.start], name(item)]
            at = item.end
        return "".join([*parts, self.text[at:]])

    @cached_property
    def key(self) -> int:
        """64 bits that are equal for texts that say the same of the same objects.

        Objects stand for themselves whatever their spelling; white space and Unicode form do not
        count.
        """

        def name(item: Object) -> str:
            return item.text if item.thing is None else f"\0{item.thing.kind}{item.key}\0"

        return key_of(plain(self._replaced(name) if self.objects else self.text))

    def salt(self, sequences: bool) -> int:
        """Return 64 bits of its discrete objects, and of its sequences too if asked for."""
        kinds = tuple(Kind) if sequences else DISCRETE
        keys = sorted({i.key for i in self.objects if i.thing and i.thing.kind in kinds})
        return key_of(*map(str, keys)) if keys else 0


def look(text: str) -> Look:
    """Find and read the tagged objects of a text."""
    if "<" not in text:
        return Look(text, ())
    found = [
        _object(span, name)
        for name, opening in _OPENINGS.items()
        if opening in text
        for span in find_spans(text, NOTATIONS[name])
    ]
    found.sort(key=lambda item: (item.start, -item.end))
    outer, end = [], 0
    for item in found:
        if item.start >= end:
            outer.append(item)
            end = item.end
    return Look(text, tuple(outer))


def _object(span: Span, notation: str) -> Object:
    text = span.text
    # A reaction is kept out by its product.
    reaction = notation == "smiles" and ">" in text
    strict = last_side(text) if reaction else thing(text, notation)
    found = strict or doubtful(text, notation)
    key = own_key(text, notation, found) if found else 0
    return Object(span.start, span.end, notation, text, found, strict is not None, key)


def words_of(text: str) -> list[str]:
    """Return the words of a prose in lower case, Unicode form NFKC; letters and digits only."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).lower())


def word_hashes(words: list[str]) -> NDArray[np.uint64]:
    """Return a 32-bit hash of each word, as 64-bit numbers."""
    import numpy as np

    return np.fromiter(map(crc32, map(str.encode, words)), np.uint64, len(words))
