"""Systematic names in prose: chunks that follow the grammar, joined over blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scireasoner.corpus.tagging import lexicon
from scireasoner.corpus.tagging.context import place_of, words
from scireasoner.corpus.tagging.found import Candidate
from scireasoner.corpus.tagging.grammar import MOLECULE, Name, read_name
from scireasoner.corpus.tagging.weights import IUPAC

MAX_LENGTH = 300
_MAX_WORDS = 5

_CHUNK = re.compile(r"\S++")
_ROMAN = re.compile(r"\((?:I|II|III|IV|V|VI|VII|[0-9][+-])\)$")
_PHOSPHATE = re.compile(
    r"[0-9'′]{1,3}(?:,[0-9'′]{1,3}){0,3}-(?:bis|tris|di|tri|mono)?(?:phosphate|sulfate)"
)
_PROTEIN = words(
    """dehydrogenase receptor receptors synthase synthetase reductase oxidase kinase hydroxylase
    transferase phosphatase deaminase decarboxylase transporter carboxylase lyase ligase esterase
    isomerase mutase aldolase protein proteins channel channels phosphorylase cyclase hydrolase
    peptidase dehydratase oxygenase lipase methyltransferase gene pathway pathways family agonist
    antagonist transporters gated"""
)
_OPENING, _CLOSING = "([{\"'“‘`", ")]}\"'”’`.,;:!?"

MOLECULES, RADICALS, CATION, ANION, ACID = "mol", "rad", "cat", "ani", "acid"
AFTER, CLASS = "after", "class"


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A word of a text with the part that may belong to a name.

    Parameters
    ----------
    start, end : of that part.
    kinds : what it can be: molecule, radical, cation, anion, acid adjective, word after a name.
    name : its reading, if it follows the grammar.
    joins_left, joins_right : nothing but one blank is between it and its neighbour.
    """

    start: int
    end: int
    kinds: frozenset[str]
    name: Name | None
    joins_left: bool
    joins_right: bool


def find_names(text: str) -> Iterator[Candidate]:
    """Yield systematic names and salts with their weighed clues."""
    for start, end, clues in clued(text):
        weighed = tuple((clue, IUPAC[clue]) for clue in clues if IUPAC.get(clue))
        yield Candidate(start, end, "iupac", weighed)


def clued(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield start, end and the names of the clues of each name, the longest at each place."""
    chunks = _chunks(text)
    at = 0
    while at < len(chunks):
        length = _phrase(chunks, at, text)
        if length:
            part = chunks[at : at + length]
            start, end = part[0].start, part[-1].end
            if end - start <= MAX_LENGTH:
                yield start, end, _clues(text, part)
        at += length or 1


def _chunks(text: str) -> list[_Chunk]:
    return [
        chunk
        for match in _CHUNK.finditer(text)
        if (chunk := _read(text, match.start(), match.end())) is not None
    ]


def _read(text: str, start: int, end: int) -> _Chunk | None:
    """Read a word, with or without what is glued to it; None if it is no part of a name."""
    if end - start > MAX_LENGTH:
        return None
    first, last = start, end
    while last > first and text[last - 1] in _CLOSING and not _closes(text, first, last):
        last -= 1
    while last > first and text[first] in _OPENING and not _opens(text, first, last):
        first += 1
    if last - first < 3:
        return None
    found = _kinds(text[first:last])
    if found is None:
        # Glued words: "-induced", "-treated"; or a part of a list with slashes.
        cut = _without_attached(text, first, last)
        if cut is None:
            return None
        first, last = cut
        found = _kinds(text[first:last])
        if found is None:
            return None
    kinds, name = found
    return _Chunk(first, last, kinds, name, first == start, last == end)


def _closes(text: str, start: int, end: int) -> bool:
    """Whether the last bracket closes one of the same word."""
    mark = text[end - 1]
    opening = {")": "(", "]": "[", "}": "{"}.get(mark)
    return opening is not None and text.count(opening, start, end) >= text.count(mark, start, end)


def _opens(text: str, start: int, end: int) -> bool:
    """Whether the first bracket is closed inside the word, and not only at its very end."""
    mark = text[start]
    closing = {"(": ")", "[": "]", "{": "}"}.get(mark)
    if closing is None or text.count(closing, start, end) < text.count(mark, start, end):
        return False
    depth = 0
    for at in range(start, end):
        depth += (text[at] == mark) - (text[at] == closing)
        if depth == 0:
            return at < end - 1
    return False


def _without_attached(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the name before a glued word such as ``-induced``, or None."""
    for _ in range(3):
        hyphen = max(
            text.rfind("-", start, end),
            text.rfind("/", start, end),
            text.rfind("\u2013", start, end),
        )
        if hyphen <= start + 2:
            return None
        glued = text[hyphen + 1 : end].lower()
        if text[hyphen] == "-" and glued not in lexicon.ATTACHED:
            return None
        end = hyphen
        if _kinds(text[start:end]) is not None:
            return start, end
    return None


def _kinds(chunk: str) -> tuple[frozenset[str], Name | None] | None:
    small = chunk.lower()
    bare = _ROMAN.sub("", small.upper()).lower() if small.endswith(")") else small
    kinds = {
        kind
        for kind, table in (
            (CATION, lexicon.CATIONS),
            (ANION, lexicon.ANIONS),
            (ACID, lexicon.ACIDS),
            (AFTER, lexicon.AFTERWORDS),
            (CLASS, lexicon.CLASS_WORDS),
        )
        if bare in table
    }
    if _PHOSPHATE.fullmatch(small):
        kinds.add(AFTER)
    name = read_name(chunk)
    if name is not None:
        adjective = small.endswith(("ic", "ous"))
        kinds.add(ACID if adjective else MOLECULES if name.kind == MOLECULE else RADICALS)
    return (frozenset(kinds), name) if kinds else None


def _phrase(chunks: list[_Chunk], at: int, text: str) -> int:
    """Return how many chunks from here on make one name; 0 for none."""
    count = 1
    while (
        count < _MAX_WORDS
        and at + count < len(chunks)
        and chunks[at + count - 1].joins_right
        and chunks[at + count].joins_left
        and chunks[at + count].start == chunks[at + count - 1].end + 1
    ):
        count += 1
    for length in range(count, 0, -1):
        if _is_name(chunks[at : at + length], text):
            return length
    return 0


def _is_name(part: list[_Chunk], text: str) -> bool:
    """Whether chunks follow each other as in a name: radicals, cations, parents, salts."""
    head, last = part[0], part[-1]
    if len(part) == 1:
        alone = MOLECULES in head.kinds and not {ANION, AFTER, CLASS} & head.kinds
        return alone and head.name is not None and head.name.built
    said = [text[chunk.start : chunk.end].lower() for chunk in part]
    if said[1] == "acid" and ACID in head.kinds:
        return all(AFTER in chunk.kinds for chunk in part[2:]) and "acid" not in said[2:]
    if said[1] == "anhydride":
        return len(part) == 2 and ACID in head.kinds
    if "acid" in said:
        return (
            said[-1] == "acid"
            and ACID in part[-2].kinds
            and all({RADICALS, CATION} & chunk.kinds for chunk in part[:-2])
        )
    if CATION in head.kinds:
        ends = ANION in last.kinds or _ion(last)
        return ends and all({CATION, RADICALS, ANION} & chunk.kinds for chunk in part[1:-1])
    if RADICALS in head.kinds:
        body = last.kinds & {MOLECULES, ANION} and (_ion(last) or ANION in last.kinds)
        plain = MOLECULES in last.kinds and last.name is not None and last.name.built
        return bool(body or plain or CLASS in last.kinds) and all(
            RADICALS in chunk.kinds for chunk in part[1:-1]
        )
    if MOLECULES in head.kinds and head.name is not None:
        if said[1:] == ["ester"] or "ester" in said[1:-1]:
            return False
        return all(AFTER in chunk.kinds or RADICALS in chunk.kinds for chunk in part[1:]) and (
            AFTER in last.kinds
        )
    return False


def _ion(chunk: _Chunk) -> bool:
    return (
        chunk.name is not None
        and chunk.name.kind == MOLECULE
        and chunk.name.ending.endswith(("ate", "ide", "ite", "olate"))
    )


def _clues(text: str, part: list[_Chunk]) -> tuple[str, ...]:
    """Name what speaks for and against a name; the table of weights says how much."""
    start, end = part[0].start, part[-1].end
    place = place_of(text, start, end)
    names = [chunk.name for chunk in part if chunk.name is not None]
    pieces = sum(name.pieces for name in names)
    locants = sum(name.locants for name in names)
    clues = ["any"]
    clues.append("several words" if len(part) > 1 else "one word")
    if len(part) > 1 and CATION in part[0].kinds:
        clues.append("salt or binary compound")
    if len(part) > 1 and text[part[1].start : part[1].end].lower() == "acid":
        clues.append("acid")
    if locants:
        clues.append("locants" if locants > 1 else "one locant")
    if any(name.descriptors for name in names):
        clues.append("stereo descriptor")
    if any(name.brackets for name in names):
        clues.append("brackets")
    if not locants:
        clues.append(
            ("no morpheme", "one morpheme", "two morphemes")[min(pieces, 2)]
            if pieces < 3
            else "three morphemes or more"
        )
    if place.next in _PROTEIN:
        clues.append("protein word after")
    if place.after[:1] in "-\u2013" and place.after:
        clues.append("hyphen after")
    if place.before[-1:] in "-\u2013" and place.before:
        clues.append("hyphen before")
    if end - start < 7:
        clues.append("short")
    return tuple(clues)
