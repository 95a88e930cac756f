"""What the first line of a FASTA record says: accession, description, organism, place.

The layouts are those of UniProt (https://www.uniprot.org/help/fasta-headers), UniRef, NCBI and
RNAcentral; any other header gives its first word and the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from scireasoner.notation.tags import strip_tags


@dataclass(frozen=True, slots=True)
class Header:
    """A header in parts; what it does not say is empty.

    Parameters
    ----------
    accession : the identifier.
    description : in words, without what follows.
    organism : scientific name, where it is stated.
    taxon : NCBI taxonomy number.
    gene : gene symbol.
    start, end : place of the sequence in the accession, from 1, both included; 0 if not stated.
    strand : ``"-"`` for the reverse complement.
    """

    accession: str
    description: str = ""
    organism: str = ""
    taxon: str = ""
    gene: str = ""
    start: int = 0
    end: int = 0
    strand: str = ""


_UNIPROT = re.compile(r"(?:sp|tr)\|([A-Z0-9-]{1,20})\|\S*")
_FIELD = re.compile(r" (OS|OX|GN|PE|SV|n|Tax|TaxID|RepID)=")
_RANGE = re.compile(r"(.+):(c?)([0-9]{1,12})-([0-9]{1,12})\Z")
_BRACKETED = re.compile(r"\s*\[([^\[\]]{3,200})\]\Z")
_SPECIES = re.compile(r"[A-Z][a-z]{2,40} (?:sp\.(?: [A-Za-z0-9.-]{1,20})?|[a-z][a-z-]{2,40})")
_RNACENTRAL = re.compile(r"URS[0-9A-F]{10}(?:_([0-9]{1,10}))?\Z")
# An NCBI nucleotide record names its organism first; "Genus species" may be other words too.
_NUCLEOTIDE = re.compile(r"(?:[A-Z]{2}_[A-Z]{0,4}[0-9]{6,12}|[A-Z]{1,6}[0-9]{5,12})\.[0-9]{1,3}\Z")


def parse_header(line: str) -> Header:
    """Return the parts of a header, given without its ``>``."""
    line = " ".join(line.split())
    if "<" in line:
        line = strip_tags(line)
    word, _, rest = line.partition(" ")
    fields = _FIELD.split(f" {rest}")
    told = dict(zip(fields[1::2], (value.strip() for value in fields[2::2]), strict=True))
    found = _UNIPROT.match(word)
    if "OS" in told or "Tax" in told or found:
        return Header(
            found.group(1) if found else word,
            fields[0].strip(),
            told.get("OS") or told.get("Tax", ""),
            told.get("OX") or told.get("TaxID", ""),
            told.get("GN", ""),
        )
    if ran := _RNACENTRAL.match(word):
        species = _SPECIES.match(rest)
        return Header(word, rest, species.group() if species else "", ran.group(1) or "")
    return _ncbi(word, rest)


def _ncbi(word: str, rest: str) -> Header:
    start = end = 0
    strand = ""
    if ran := _RANGE.match(word):
        word, strand = ran.group(1), "-" if ran.group(2) else ""
        start, end = sorted((int(ran.group(3)), int(ran.group(4))))
        start = max(start, 1)
    parts = [part for part in word.split("|") if part]
    if len(parts) > 1:  # gi|123|ref|NC_000001.11| and the like
        word = next((part for part in parts if _NUCLEOTIDE.match(part)), parts[-1])
    if bracketed := _BRACKETED.search(rest):
        organism, rest = bracketed.group(1), rest[: bracketed.start()]
    else:
        species = _SPECIES.match(rest) if _NUCLEOTIDE.match(word) else None
        organism = species.group() if species else ""
    return Header(word, rest, organism, start=start, end=end, strand=strand)
