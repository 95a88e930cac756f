"""DNA within DNA: a window of a genome that stands in a longer one, on either strand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from scireasoner.science.nucleotides import reverse_complement

SHORTEST = 30
"""Bases; a shorter piece (a guide, a primer) stands in many windows and tells nothing of them."""


def within(pieces: Iterable[str], wholes: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield (piece, whole) where all bases of a piece stand in a longer sequence.

    Parameters
    ----------
    pieces, wholes : DNA of the letters A, C, G, T.
    """
    starts: dict[str, list[tuple[str, str]]] = {}
    longest = max(map(len, wholes), default=0)
    for piece in pieces:
        if SHORTEST <= len(piece) < longest:
            for strand in (piece, reverse_complement(piece)):
                starts.setdefault(strand[:SHORTEST], []).append((strand, piece))
    if not starts:
        return
    shortest = min(len(strand) for found in starts.values() for strand, _ in found)
    for whole in wholes:
        for at in range(len(whole) - shortest + 1):
            for strand, piece in starts.get(whole[at : at + SHORTEST], ()):
                if len(strand) < len(whole) and whole.startswith(strand, at):
                    yield piece, whole
