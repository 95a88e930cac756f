"""FASTA and FASTQ: proteins and RNA whole, DNA in pieces, with organism and place.

Biopython's parser holds a whole record and stops at a byte that is no text; a chromosome is one
record, so lines are read here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scireasoner.corpus.documents import Document
from scireasoner.corpus.notations import described
from scireasoner.corpus.readers.base import (
    SKIPPED,
    Broken,
    Item,
    Opened,
    Origin,
    Source,
    opened,
    text_of,
)
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

_BLOCK = 1 << 18
_LONGEST_HEADER = 1 << 18
_BLANKS = b" \t\r\n"
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
        for header, place, blocks in _records(file):
            if isinstance(header, Broken):
                yield header
            elif kind == "dna":
                cutter = Cutter(piece, shortest)
                yield from _cut(file, origin, header, place, blocks, cutter, facts)
            elif not file.turn.mine:
                yield SKIPPED
            else:
                yield _whole(file, origin, header, place, blocks, kind, longest, facts)
        yield from file.ending()


def kind_of(kind: str | None, origin: Origin) -> str:
    """Return the kind of sequence that was asked for, by name or by the origin's domain."""
    kind = kind or str(origin.domain)
    if kind not in _KINDS:
        raise InputError(
            f"sequences of the kind {kind!r} were asked for: give kind=, one of {', '.join(_KINDS)}"
        )
    return kind


class _Blocks:
    """A FASTA file block by block: headers, and the letters between them in chunks."""

    def __init__(self, file: Opened) -> None:
        self._file, self._read = file, file.stream.read1
        self._block, self._at = b"", 0
        self.line = 1

    def _more(self) -> bool:
        data = self._read(_BLOCK)
        self._block, self._at = self._block[self._at :] + data, 0
        return bool(data)

    def _take(self, end: int) -> bytes:
        taken = self._block[self._at : end]
        self._at = end
        self.line += taken.count(b"\n")
        return taken

    def header(self) -> bytes | None:
        """Return the line of a header here; None at the end of the file."""
        while (end := self._block.find(b"\n", self._at)) < 0:
            if len(self._block) - self._at > _LONGEST_HEADER or not self._more():
                end = len(self._block) - 1
                break
        return self._take(end + 1) or None

    def letters(self) -> Iterator[bytes]:
        """Yield what stands before the next header, without line breaks and blanks."""
        if self._at == len(self._block):
            self._more()
        if self._block.startswith(b">", self._at):
            return
        while (end := self._block.find(b"\n>", self._at)) < 0:
            # The last line break may belong to a header that is not read yet.
            yield self._take(max(len(self._block) - 1, self._at)).translate(None, _BLANKS)
            if not self._more():
                yield self._take(len(self._block)).translate(None, _BLANKS)
                return
        yield self._take(end + 1).translate(None, _BLANKS)

    @property
    def cut(self) -> bool:
        """Whether the file ended here because it is damaged."""
        return self._at == len(self._block) and self._file.fault is not None


def _records(file: Opened) -> Iterator[tuple[Header | Broken, str, _Blocks]]:
    blocks = _Blocks(file)
    stray = b""
    for chunk in blocks.letters():
        stray = stray or chunk
    if stray:
        reason = "a sequence without a header: the first line should start with '>'"
        yield file.broken(reason, stray, "line 1"), "", blocks
    while True:
        place = f"line {blocks.line}"
        line = blocks.header()
        if line is None:
            break
        text = text_of(line)
        if text is None:
            yield file.broken("the header is not UTF-8", line, place), place, blocks
        elif not text[1:].strip():
            yield file.broken("the header is empty", line, place), place, blocks
        else:
            yield parse_header(text[1:]), place, blocks
        for _ in blocks.letters():  # whatever was not read
            continue
    file.count = blocks.line - 1


def _cut(
    file: Opened,
    origin: Origin,
    header: Header,
    place: str,
    blocks: _Blocks,
    cutter: Cutter,
    facts: bool,
) -> Iterator[Item]:
    some = False
    excerpt = header.accession
    try:
        for chunk in blocks.letters():
            for piece in cutter.feed(chunk):
                some = True
                yield piece_of(file, origin, header, piece, facts)
    except StrangeLetter as error:
        yield file.broken(str(error), excerpt, place)
        return
    if blocks.cut:
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
    blocks: _Blocks,
    kind: str,
    longest: int,
    facts: bool,
) -> Item:
    parts: list[bytes] = []
    size = 0
    for chunk in blocks.letters():
        size += len(chunk)
        if size <= longest:
            parts.append(chunk)
    if size > longest:
        return file.broken(f"{size:,} letters: more than {longest:,}", header.accession, place)
    if blocks.cut:
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
