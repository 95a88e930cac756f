"""What a document says about which objects: read once, used by filters, duplicates and leaks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from zlib import crc32

from scireasoner.corpus.entities import KINDS, Kind, Thing, key_of, last_side, plain, thing
from scireasoner.notation.tags import NOTATIONS, find_spans

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DISCRETE = (Kind.MOLECULE, Kind.NAME, Kind.COMPOSITION)
"""Kinds that are the same or not; sequences can also be alike."""

_WORD = re.compile(r"\w+")
_OPENINGS = {name: NOTATIONS[name].opening for name in KINDS}


@dataclass(frozen=True, slots=True)
class Object:
    """A tagged object of a text: its place, and what it is, None where it is not valid."""

    start: int
    end: int
    notation: str
    text: str
    thing: Thing | None


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
            return item.text if item.thing is None else f"\0{item.thing.kind}{item.thing.key}\0"

        return key_of(plain(self._replaced(name) if self.objects else self.text))

    def salt(self, sequences: bool) -> int:
        """Return 64 bits of its discrete objects, and of its sequences too if asked for."""
        kinds = tuple(Kind) if sequences else DISCRETE
        keys = sorted({i.thing.key for i in self.objects if i.thing and i.thing.kind in kinds})
        return key_of(*map(str, keys)) if keys else 0


def look(text: str) -> Look:
    """Find and read the tagged objects of a text."""
    if "<" not in text:
        return Look(text, ())
    found = [
        Object(span.start, span.end, name, span.text, _thing(span.text, name))
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


def _thing(text: str, notation: str) -> Thing | None:
    # A reaction is known by its product.
    return last_side(text) if notation == "smiles" and ">" in text else thing(text, notation)


def words_of(text: str) -> list[str]:
    """Return the words of a prose in lower case, Unicode form NFKC; letters and digits only."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).lower())


def word_hashes(words: list[str]) -> NDArray[np.uint64]:
    """Return a 32-bit hash of each word, as 64-bit numbers."""
    import numpy as np

    return np.fromiter(map(crc32, map(str.encode, words)), np.uint64, len(words))
