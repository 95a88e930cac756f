"""FASTQ: reads of sequencers, four lines each; after a broken one the next is looked for.

Biopython's parser also takes reads of more lines, which no sequencer writes now, but takes the
next read for qualities after one that was cut.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from scireasoner.corpus.readers.base import Broken, Item, Opened, Origin, Source, opened
from scireasoner.corpus.readers.fasta import kind_of, piece_of, whole_of
from scireasoner.corpus.readers.headers import Header
from scireasoner.corpus.readers.pieces import PIECE, SHORTEST, Cutter, StrangeLetter
from scireasoner.errors import InputError

_OFFSET = 33  # of the quality characters (doi:10.1093/nar/gkp1137)


def read_fastq(
    source: Source,
    origin: Origin,
    *,
    kind: str | None = None,
    piece: int = PIECE,
    shortest: int = SHORTEST,
    least_quality: float = 0.0,
    facts: bool = True,
) -> Iterator[Item]:
    """Read FASTQ (Sanger offset).

    Parameters
    ----------
    kind : ``"dna"`` or ``"rna"``; the origin's domain by default.
    piece, shortest : as for FASTA.
    least_quality : reads of a lower mean Phred quality are broken.
    facts : whether the text also tells the name of the read.
    """
    kind = kind_of(kind, origin)
    if kind == "protein":
        raise InputError("FASTQ of proteins was asked for: give kind='dna' or kind='rna'")
    with opened(source, origin) as file:
        for found in _reads(file):
            if isinstance(found, Broken):
                yield found
                continue
            place, title, letters, quality = found
            mean = sum(quality) / len(quality) - _OFFSET
            if mean < least_quality:
                reason = f"the mean quality is {mean:.1f}, below {least_quality}"
                yield file.broken(reason, title, place)
                continue
            accession, _, description = title.partition(" ")
            header = Header(accession, description)
            if kind == "rna":
                yield whole_of(file, origin, header, place, letters, kind, facts)
            else:
                cutter = Cutter(piece, shortest)
                yield from _pieces(file, origin, header, place, letters, cutter, facts)
        yield from file.ending()


def _pieces(
    file: Opened,
    origin: Origin,
    header: Header,
    place: str,
    letters: bytes,
    cutter: Cutter,
    facts: bool,
) -> Iterator[Item]:
    try:
        found = [*cutter.feed(letters), *cutter.rest()]
    except StrangeLetter as error:
        yield file.broken(str(error), header.accession, place)
        return
    if not found:
        reason = f"no run of {cutter.shortest} letters A, C, G, T"
        yield file.broken(reason, header.accession, place)
    for piece in found:
        yield piece_of(file, origin, header, piece, facts)


def _reads(file: Opened) -> Iterator[tuple[str, str, bytes, bytes] | Broken]:
    """Yield place, title, letters and quality of reads of four lines; what fits none is broken."""
    lines = file.lines(1 << 20)
    ahead: deque[bytes] = deque()
    skipped: list[bytes] = []
    start = 1  # number of the first line ahead
    while True:
        while len(ahead) < 4 and (line := next(lines, b"")):
            ahead.append(line.rstrip())
        if not ahead:
            break
        if len(ahead) == 4 and _is_read(*ahead):
            yield from _broken(file, skipped, start)
            title, letters, _, quality = ahead
            yield f"line {start}", title[1:].decode("ascii", "replace"), letters, quality
            ahead.clear()
            start += 4
            continue
        if line := ahead.popleft():
            skipped = skipped or [line]
        start += 1
    yield from _broken(file, skipped, start)


def _is_read(title: bytes, letters: bytes, plus: bytes, quality: bytes) -> bool:
    return (
        title.startswith(b"@")
        and plus.startswith(b"+")
        and len(letters) == len(quality)
        and letters.isalpha()
        and min(quality) > 32
        and max(quality) < 127
    )


def _broken(file: Opened, skipped: list[bytes], start: int) -> Iterator[Broken]:
    if skipped:
        reason = "no read of four lines: @title, letters, +, as many qualities"
        yield file.broken(reason, skipped[0], f"before line {start}")
        skipped.clear()
