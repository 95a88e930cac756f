"""DNA within DNA: a window of a genome that stands in a longer one, on either strand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from scireasoner.science.nucleotides import other_strand

SHORTEST = 30
"""Bases; a shorter piece (a guide, a primer) stands in many windows and tells nothing of them."""


@dataclass(frozen=True, slots=True)
class Windows:
    """Test rows of one task whose DNA stands in longer training DNA of a task, or holds such.

    Parameters
    ----------
    test, train : the tasks; they may be the same.
    within : test rows with all bases of a sequence, of either strand, in a longer training one.
    around : test rows with a sequence that holds all bases of a shorter training one.
    either : test rows of one or the other.
    of : all test rows of the task.
    """

    test: str
    train: str
    within: int
    around: int
    either: int
    of: int


def within(pieces: Iterable[str], wholes: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield (piece, whole) where all bases of a piece stand in a longer sequence.

    Parameters
    ----------
    pieces, wholes : DNA in capitals.
    """
    starts: dict[str, list[tuple[str, str]]] = {}
    longest = max(map(len, wholes), default=0)
    for piece in pieces:
        if SHORTEST <= len(piece) < longest:
            for strand in (piece, other_strand(piece)):
                starts.setdefault(strand[:SHORTEST], []).append((strand, piece))
    if not starts:
        return
    shortest = min(len(strand) for found in starts.values() for strand, _ in found)
    for whole in wholes:
        for at in range(len(whole) - shortest + 1):
            for strand, piece in starts.get(whole[at : at + SHORTEST], ()):
                if len(strand) < len(whole) and whole.startswith(strand, at):
                    yield piece, whole
