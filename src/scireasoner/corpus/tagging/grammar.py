"""A small grammar of systematic names: letters into morphemes, names into runs and locants."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from scireasoner.corpus.tagging import lexicon

MAX_RUN = 60
"""Longest run of letters that is cut into morphemes."""

MOLECULE, RADICAL = "molecule", "radical"

_START, _STEM, _WHOLE = 0, 1, 2
_RUN = re.compile(r"[A-Za-z]++")
_LEGAL = re.compile(r"[A-Za-z0-9,.'′’\"″()\[\]{}+\-^*:α-ωΑ-ΩΔ]++")
_LOCANT = re.compile(
    r"(?<![A-Za-z0-9])(?:[0-9]{1,2}[a-z]?[′']{0,2}|[NOSHCP]|[α-ω]|alpha|beta|gamma)"
    r"(?:,[0-9NOSα-ω]{1,3}[a-z]?[′']{0,2})*+(?:\([0-9A-Z]{1,4}\))?-"
)
_DESCRIPTOR = re.compile(
    r"\((?:[0-9]{0,2}[RSEZ](?:,|$|\))|[+\-±]\)|\+/-\))|(?:^|-)[DL]-|cis-|trans-"
)
_RADICAL_ENDS = (
    "yl",
    "oxy",
    "amino",
    "ido",
    "oxo",
    "ylidene",
    "ylidyne",
    "azo",
    "ylium",
    "hydro",
    "aza",
    "oxa",
    "cyclo",
    "trans",
    "cis",
    "o",
)
# Suffixes on which another has to follow.
_OPEN_ENDS = frozenset({"an", "en", "yn", "in", "on", "id", "amid", "amin", "nitril", "carboxamid"})
_PAIRS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class Reading:
    """How a run of letters is built.

    Parameters
    ----------
    kind : ``molecule`` or ``radical``.
    pieces : its morphemes, multipliers left out.
    ending : the last morpheme.
    """

    kind: str
    pieces: int
    ending: str


@dataclass(frozen=True, slots=True)
class Name:
    """A chunk without blanks that follows the grammar.

    Parameters
    ----------
    kind : of its last run: ``molecule`` or ``radical``.
    pieces : morphemes of all runs.
    locants, descriptors, brackets : how many of each.
    ending : the last morpheme.
    """

    kind: str
    pieces: int
    locants: int
    descriptors: int
    brackets: int
    ending: str

    @property
    def built(self) -> bool:
        """Whether more than one morpheme or a locant is in it: not one trivial word."""
        return self.pieces > 1 or self.locants > 0 or self.descriptors > 0


@cache
def _longest() -> int:
    tables = (lexicon.PREFIXES, lexicon.STEMS, lexicon.PARENTS, lexicon.SUFFIXES)
    return max(len(word) for table in tables for word in table)


@lru_cache(maxsize=50_000)
def read_run(run: str, later: bool = False, inner: bool = False) -> Reading | None:
    """Cut a run of letters into morphemes; None if it is not wholly made of them.

    The states are: before a parent, inside a stem, after a whole parent. Cost is the length times
    the longest morpheme.

    Parameters
    ----------
    run : letters alone.
    later : a run stands before it, so it may begin with a suffix: ``ol`` in ``butan-2-ol``.
    inner : a run comes after it, so it may end within a stem: ``butan``.
    """
    text = run.lower()
    if len(text) > MAX_RUN or (not later and text in lexicon.NOT_NAMES):
        return None
    # best[i][state, flag] = (pieces, last morpheme) of the shortest reading so far.
    best: list[dict[tuple[int, bool], tuple[int, str]]] = [{} for _ in range(len(text) + 1)]
    best[0][_START, False] = (0, "")
    if later:
        best[0][_STEM, False] = best[0][_STEM, True] = best[0][_WHOLE, False] = (0, "")
    for at in range(len(text)):
        for (state, flag), (pieces, _) in sorted(best[at].items()):
            for end in range(at + 1, min(len(text), at + _longest()) + 1):
                piece = text[at:end]
                for reached, counts in _moves(piece, state, flag):
                    old = best[end].get(reached)
                    if old is None or pieces + counts < old[0]:
                        best[end][reached] = (pieces + counts, piece)
    last = best[len(text)]
    if (_WHOLE, False) in last:
        return Reading(MOLECULE, *last[_WHOLE, False])
    ends = [(_START, True)]
    ends += [(_STEM, False), (_STEM, True), (_START, False)] if inner else []
    for end_state in ends:
        if end_state in last:
            return Reading(RADICAL, *last[end_state])
    return None


def _moves(piece: str, state: int, bare: bool) -> list[tuple[tuple[int, bool], int]]:
    """Return the states that a morpheme leads to, with the morphemes it counts for.

    The flag says of the start that a substituent stood just before, of a stem that it is a chain
    whose ``an``, ``en`` or ``yl`` has to follow.
    """
    moves: list[tuple[tuple[int, bool], int]] = []
    if state == _START:
        if piece in lexicon.MULTIPLIERS:
            moves.append(((_START, False), 0))
        if piece in lexicon.PREFIXES:
            moves.append(((_START, True), 1))
        if piece in lexicon.CHAINS:
            moves.append(((_STEM, True), 1))
        if piece in lexicon.STEMS:
            moves.append(((_STEM, False), 1))
        if piece in lexicon.PARENTS or (bare and piece in lexicon.RADICAL_SUFFIXES):
            moves.append(((_WHOLE, False), 1))
    elif state == _STEM and bare:
        if piece in {"an", "en", "yn", "adien", "atrien", "atetraen", "ane", "ene", "yne"}:
            moves.append(((_STEM, False), 1))
            if piece.endswith("e"):
                moves.append(((_WHOLE, False), 1))
        if piece in {"yl", "oxy", "ylidene", "anoyl", "enyl", "ynyl", "oyl", "ylene", "a"}:
            moves.append(((_START, True), 0))
    else:
        if state == _STEM and piece in lexicon.MULTIPLIERS:
            moves.append(((_STEM, False), 0))
        if piece in lexicon.SUFFIXES and (state == _STEM or len(piece) > 1):
            counts = int(state == _WHOLE)
            if piece.endswith(_RADICAL_ENDS):
                moves.append(((_START, True), counts))
            elif piece in _OPEN_ENDS:
                moves.append(((_STEM, False), counts))
            else:
                moves.append(((_WHOLE, False), counts))
            if piece in {"al", "ol"}:
                moves.append(((_STEM, False), 0))
    return moves


def read_name(chunk: str) -> Name | None:
    """Read a chunk such as ``2-(4-chlorophenyl)ethanol``; None if it is not a name."""
    if not _LEGAL.fullmatch(chunk) or not _brackets_match(chunk) or "--" in chunk:
        return None
    if not (chunk[0].isalnum() or chunk[0] in "([{α-ω" or "α" <= chunk[0] <= "ω"):
        return None
    runs = list(_RUN.finditer(chunk))
    if not runs or not any(len(run.group()) > 3 for run in runs):
        return None
    # A name ends in letters; a group of substituents may end in its bracket.
    if chunk[runs[-1].end() :].strip(")]}"):
        return None
    pieces, last = 0, None
    for number, run in enumerate(runs):
        word = run.group()
        if word in lexicon.DESCRIPTORS or word in lexicon.GREEK:
            kind = RADICAL if word.endswith(_RADICAL_ENDS) else MOLECULE
            last = Reading(kind, 0, word) if len(word) > 1 else None
            continue
        last = read_run(word, later=number > 0, inner=number < len(runs) - 1)
        if last is None:
            return None
        pieces += last.pieces
    if last is None or pieces == 0:
        return None
    return Name(
        RADICAL if chunk[-1] in ")]}" else last.kind,
        pieces,
        len(_LOCANT.findall(chunk)),
        len(_DESCRIPTOR.findall(chunk)),
        sum(chunk.count(bracket) for bracket in "([{"),
        last.ending,
    )


def _brackets_match(chunk: str) -> bool:
    stack: list[str] = []
    for character in chunk:
        if character in "([{":
            stack.append(character)
        elif character in _PAIRS and (not stack or stack.pop() != _PAIRS[character]):
            return False
    return not stack
