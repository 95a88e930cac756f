"""FASTA and FASTQ: proteins and RNA whole, DNA in pieces, with organism and place.

Biopython's parser holds a whole record and stops at a byte that is no text; a chromosome is one
record, so lines are read here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scireasoner.corpus.documents import Document
from scireasoner.corpus.notations import described
from scireasoner.corpus.readers.base import Broken, Item, Opened, Origin, Source, opened, text_of
from scireasoner.corpus.readers.headers import Header, parse_header
from scireasoner.corpus.readers.pieces import (
    PIECE,
    SHORTEST,
    Cutter,
    StrangeLetter,
    letters_of,
)
from scireasoner.errors import InputError

LONGEST = 100_000
"""Letters of a protein or RNA; the longest known protein has about 36,000."""

_KINDS = ("protein", "dna", "rna")


def read_fasta(
    source: Source,
    origin: Origin,
    *,
    kind: str | None = None,
    piece: int = PIECE,
    shortest: int = SHORTEST,
    longest: int = LONGEST,
    facts: bool = True,
) -> Iterator[Item]:
    """Read FASTA.

    Parameters
    ----------
    kind : ``"protein"``, ``"dna"`` or ``"rna"``; the origin's domain by default.
    piece : letters of a piece of DNA.
    shortest : a shorter rest stays with the piece before it.
    longest : letters of a protein or RNA; longer ones are broken.
    facts : whether the text also tells the name, organism and place.
    """
    kind = kind_of(kind, origin)
    if not 0 < shortest <= piece:
        raise InputError(
            f"pieces of {piece} and at least {shortest} letters: 0 < shortest <= piece"
        )
    with opened(source, origin) as file:
        for header, place, chunks in _records(file):
            if isinstance(header, Broken):
                yield header
            elif kind == "dna":
                cutter = Cutter(piece, shortest)
                yield from _cut(file, origin, header, place, chunks, cutter, facts)
            else:
                yield _whole(file, origin, header, place, chunks, kind, longest, facts)
        yield from file.ending()


def kind_of(kind: str | None, origin: Origin) -> str:
    """Return the kind of sequence that was asked for, by name or by the origin's domain."""
    kind = kind or str(origin.domain)
    if kind not in _KINDS:
        raise InputError(
            f"sequences of the kind {kind!r} were asked for: give kind=, one of {', '.join(_KINDS)}"
        )
    return kind


class _Chunks:
    """The lines of one record, up to the next header, which it keeps."""

    def __init__(self, file: Opened, lines: Iterator[bytes]) -> None:
        self._file, self._lines = file, lines
        self.next: bytes | None = None
        self.done = False

    def __iter__(self) -> Iterator[bytes]:
        while not self.done:
            line = next(self._lines, b"")
            if not line or line.startswith(b">"):
                self.next, self.done = line, True
                return
            if not line.startswith(b";"):
                yield b"".join(line.split())

    @property
    def cut(self) -> bool:
        """Whether the record ended because the file is damaged."""
        return self.done and not self.next and self._file.fault is not None


def _records(file: Opened) -> Iterator[tuple[Header | Broken, str, _Chunks]]:
    lines = file.lines(1 << 16)
    line = b""
    preface = _Chunks(file, lines)
    stray = next((chunk for chunk in preface if chunk), b"")
    if stray:
        reason = "a sequence without a header: the first line should start with '>'"
        yield file.broken(reason, stray), "", preface
    for _ in preface:
        continue
    line = preface.next or b""
    while line:
        chunks = _Chunks(file, lines)
        place = f"line {file.count}"
        text = text_of(line)
        if text is None:
            yield file.broken("the header is not UTF-8", line), place, chunks
        elif not text[1:].strip():
            yield file.broken("the header is empty", line), place, chunks
        else:
            yield parse_header(text[1:]), place, chunks
        for _ in chunks:  # whatever was not read
            continue
        line = chunks.next or b""


def _cut(
    file: Opened,
    origin: Origin,
    header: Header,
    place: str,
    chunks: _Chunks,
    cutter: Cutter,
    facts: bool,
) -> Iterator[Item]:
    some = False
    excerpt = header.accession
    try:
        for chunk in chunks:
            for piece in cutter.feed(chunk):
                some = True
                yield piece_of(file, origin, header, piece, facts)
    except StrangeLetter as error:
        yield file.broken(str(error), excerpt)
        return
    if chunks.cut:
        yield file.broken("the record is cut off", excerpt, place)
        return
    for piece in cutter.rest():
        some = True
        yield piece_of(file, origin, header, piece, facts)
    if not some:
        reason = f"no run of {cutter.shortest} letters A, C, G, T"
        yield file.broken(reason, excerpt, place)


def piece_of(
    file: Opened, origin: Origin, header: Header, piece: tuple[int, int, str], facts: bool
) -> Document:
    """Return a piece of DNA as a document that tells organism and place."""
    first, last, letters = piece
    if header.strand == "-":
        first, last = header.end - last + 1, header.end - first + 1
    elif header.start:
        first, last = first + header.start - 1, last + header.start - 1
    where = f"{header.accession}:{first}-{last}" + ("(-)" if header.strand else "")
    meta = meta_of(header, "dna") | {"coordinates": where, "entity": letters}
    told = {"Organism": header.organism, "Position": where}
    if not header.organism:
        told = {"Description": header.description, **told}
    text = described("dna", letters, told if facts else {})
    return Document(text, origin.source, origin.licence, file.id(where), origin.domain, meta)


def meta_of(header: Header, kind: str) -> dict[str, str]:
    """Return what a header says, for a document's ``meta``; empty parts are left out."""
    meta: dict[str, Any] = {
        "kind": kind,
        "accession": header.accession,
        "description": header.description,
        "organism": header.organism,
        "taxon": header.taxon,
        "gene": header.gene,
    }
    return {key: value for key, value in meta.items() if value}


def _whole(
    file: Opened,
    origin: Origin,
    header: Header,
    place: str,
    chunks: _Chunks,
    kind: str,
    longest: int,
    facts: bool,
) -> Item:
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size <= longest:
            parts.append(chunk)
    if size > longest:
        return file.broken(f"{size:,} letters: more than {longest:,}", header.accession, place)
    if chunks.cut:
        return file.broken("the record is cut off", header.accession, place)
    return whole_of(file, origin, header, place, b"".join(parts), kind, facts)


def whole_of(
    file: Opened,
    origin: Origin,
    header: Header,
    place: str,
    raw: bytes,
    kind: str,
    facts: bool,
) -> Item:
    """Return a protein or RNA as a document, or what is wrong with it."""
    try:
        sequence = letters_of(kind, raw).decode("ascii")
    except StrangeLetter as error:
        return file.broken(str(error), header.accession, place)
    if not sequence:
        return file.broken("the record has no sequence", header.accession, place)
    where = f"{header.start}-{header.end}" if header.start else ""
    key = f"{header.accession}:{where}" if where else header.accession
    told = {"Name": header.description, "Gene": header.gene, "Organism": header.organism}
    text = described(kind, sequence, told if facts else {})
    meta = meta_of(header, kind) | {"entity": sequence}
    if where:
        meta["coordinates"] = key + ("(-)" if header.strand else "")
    return Document(text, origin.source, origin.licence, file.id(key), origin.domain, meta)
