"""Letters of sequences, and long DNA in pieces.

DNA is cut as it streams, so that a chromosome never stands in memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scireasoner.corpus.entities import LETTERS

PIECE = 1_000
"""Bases of a piece in arXiv 2509.21320."""
SHORTEST = 50

_KNOWN = re.compile(rb"[ACGT]+")
_ALPHABETS = {kind.value: letters.encode() for kind, letters in LETTERS.items()}
_DOUBTFUL = 30  # letters; proteins of A, C, G, T, N alone are not longer
_U = bytes.maketrans(b"T", b"U")


class StrangeLetter(ValueError):
    """A letter that the kind of sequence does not have; its text says which."""


def letters_of(kind: str, raw: bytes) -> bytes:
    """Return a protein, DNA or RNA in capitals; a protein's last ``*`` is dropped, T in RNA is U.

    Raises
    ------
    StrangeLetter : for any other letter, and for a long protein of letters of DNA or RNA alone.
    """
    letters = raw.upper()
    if kind == "protein":
        letters = letters.removesuffix(b"*")
    elif kind == "rna":
        letters = letters.translate(_U)
    if strange := letters.translate(None, _ALPHABETS[kind]):
        raise StrangeLetter(f"{chr(strange[0])!r} is no letter of {kind}")
    if kind == "protein" and len(letters) >= _DOUBTFUL and not letters.translate(None, b"ACGTUN"):
        raise StrangeLetter("the protein has letters of DNA or RNA alone: give the right kind")
    return letters


class Cutter:
    """Cuts a growing sequence into runs of A, C, G, T of about ``length`` letters.

    Any other letter for a nucleotide (N above all) ends a piece and is left out. The rest of a run
    that is shorter than ``shortest`` stays with the piece before; where it has none it is dropped
    if an unknown letter cut it off, and kept if it is a whole record.
    """

    def __init__(self, length: int = PIECE, shortest: int = SHORTEST) -> None:
        self.length, self.shortest = length, shortest
        self._run = bytearray()
        self._read = 0  # letters seen before the run's first
        self._joined = False  # whether the run follows a piece without a gap
        self._gapped = False

    def feed(self, letters: bytes) -> Iterator[tuple[int, int, str]]:
        """Yield the pieces that are complete: first and last letter (from 1), and the piece.

        Raises
        ------
        StrangeLetter : for a letter that is no nucleotide; pieces before it were yielded.
        """
        letters = letters.upper()
        strange = letters.translate(None, _ALPHABETS["dna"])
        if strange:
            letters = letters[: letters.index(strange[:1])]
        if letters.translate(None, b"ACGT"):
            yield from self._runs(letters)
        else:
            self._run += letters
            yield from self._full()
        if strange:
            letters_of("dna", strange)  # raises, and says which

    def _runs(self, letters: bytes) -> Iterator[tuple[int, int, str]]:
        at = 0
        for known in _KNOWN.finditer(letters):
            if known.start() > at:
                yield from self._gap(known.start() - at)
            self._run += known.group()
            at = known.end()
            yield from self._full()
        if at < len(letters):
            yield from self._gap(len(letters) - at)

    def rest(self) -> Iterator[tuple[int, int, str]]:
        """Yield what is left at the end of a record."""
        if self._run and (len(self._run) >= self.shortest or not self._gapped or self._joined):
            yield self._take(len(self._run))

    def _full(self) -> Iterator[tuple[int, int, str]]:
        # A rest below ``shortest`` may still come: wait until it cannot.
        while len(self._run) >= self.length + self.shortest:
            yield self._take(self.length)
            self._joined = True

    def _gap(self, size: int) -> Iterator[tuple[int, int, str]]:
        self._gapped = True
        yield from self.rest()
        self._read += len(self._run) + size
        self._run.clear()
        self._joined = False

    def _take(self, size: int) -> tuple[int, int, str]:
        piece = self._run[:size].decode("ascii")
        start = self._read + 1
        del self._run[:size]
        self._read += size
        return start, start + size - 1, piece
