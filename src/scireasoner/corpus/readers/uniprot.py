"""UniProt entries in its text format and in XML; the tab-separated one is a table."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass

from scireasoner.corpus.documents import Document
from scireasoner.corpus.notations import protein
from scireasoner.corpus.readers.base import SKIPPED, Broken, Item, Opened, Origin, Source, opened
from scireasoner.corpus.readers.blocks import line_blocks, words, xml_blocks
from scireasoner.corpus.readers.pieces import StrangeLetter, letters_of

_FULL = re.compile(r"Full=([^;{]{1,300})")
_EVIDENCE = re.compile(r" ?\{ECO:[^{}]{0,2000}\}(?:\.(?= |\Z))?")
_PUBMED = re.compile(r" ?\(PubMed:[^()]{0,2000}\)")
_GENE = re.compile(r"Name=([^;{]{1,100})")


@dataclass(frozen=True, slots=True)
class _Entry:
    accession: str
    name: str
    gene: str
    organism: str
    taxon: str
    function: str
    keywords: str
    sequence: str


def read_uniprot(source: Source, origin: Origin, *, function: bool = True) -> Iterator[Item]:
    """Read the text format (``uniprot_sprot.dat``), entry by entry with Biopython.

    Parameters
    ----------
    function : whether the text tells the function, where the entry does.
    """
    with opened(source, origin) as file:
        for place, body, whole in line_blocks(file, b"//"):
            if not file.turn.mine:
                yield SKIPPED
                continue
            if not whole:
                yield file.broken("the entry is cut off or too long", body, place)
                continue
            entry = _flat(body)
            if isinstance(entry, str):
                yield file.broken(f"the entry cannot be read ({entry})", body, place)
            else:
                yield _document(file, origin, entry, place, function)
        yield from file.ending()


def read_uniprot_xml(source: Source, origin: Origin, *, function: bool = True) -> Iterator[Item]:
    """Read XML (``uniprot_sprot.xml``), entry by entry; options as in :func:`read_uniprot`."""
    with opened(source, origin) as file:
        for place, element in xml_blocks(file, "entry"):
            if isinstance(element, Broken):
                yield element
            else:
                yield _document(file, origin, _xml(element), place, function)
        yield from file.ending()


def _document(file: Opened, origin: Origin, entry: _Entry, place: str, function: bool) -> Item:
    try:
        letters = letters_of("protein", entry.sequence.encode()).decode("ascii")
    except StrangeLetter as error:
        return file.broken(str(error), entry.accession, place)
    if not letters or not entry.accession:
        return file.broken("the entry has no sequence or no accession", entry.accession, place)
    told = entry.function if function else ""
    text = protein(
        letters, name=entry.name, gene=entry.gene, organism=entry.organism, function=told
    )
    meta = {
        "kind": "protein",
        "entity": letters,
        "accession": entry.accession,
        "organism": entry.organism,
        "taxon": entry.taxon,
        "gene": entry.gene,
        "keywords": entry.keywords,
    }
    meta = {key: value for key, value in meta.items() if value}
    return Document(
        text, origin.source, origin.licence, file.id(entry.accession), origin.domain, meta
    )


def _clean(text: str) -> str:
    return " ".join(_PUBMED.sub("", _EVIDENCE.sub("", text)).split())


def _flat(body: bytes) -> _Entry | str:
    from Bio import SwissProt

    try:
        text = body.decode("utf-8") + "//\n"
        record = SwissProt.read(io.StringIO(text))
    except (ValueError, AssertionError, IndexError, KeyError) as error:
        # What Biopython raises for a line that it does not expect, undecodable bytes included.
        return str(error) or type(error).__name__
    full = _FULL.search(record.description)
    function = next((c[10:] for c in record.comments if c.startswith("FUNCTION: ")), "")
    gene = _GENE.search(str(record.gene_name))
    if not gene and record.gene_name and isinstance(record.gene_name, list):
        first = str(record.gene_name[0].get("Name", ""))
    else:
        first = gene.group(1) if gene else ""
    return _Entry(
        record.accessions[0] if record.accessions else "",
        _clean(full.group(1) if full else record.description),
        _clean(first),
        _clean(record.organism.rstrip(".").split(" (")[0]),
        str(record.taxonomy_id[0]) if record.taxonomy_id else "",
        _clean(function),
        "; ".join(_clean(word) for word in record.keywords),
        record.sequence,
    )


def _xml(entry: ET.Element) -> _Entry:
    # A record is parsed alone, without the root that names the namespace.
    comments = (c for c in entry.findall("comment") if c.get("type") == "function")
    function = next(comments, None)
    species = [n for n in entry.findall("organism/name") if n.get("type") == "scientific"]
    genes = [n for n in entry.findall("gene/name") if n.get("type") == "primary"]
    taxon = entry.find("organism/dbReference")
    name = entry.find("protein/recommendedName/fullName")
    if name is None:
        name = entry.find("protein/submittedName/fullName")
    return _Entry(
        words(entry.find("accession")),
        words(name),
        words(genes[0]) if genes else "",
        words(species[0]) if species else "",
        taxon.get("id", "") if taxon is not None else "",
        _clean(words(function.find("text"))) if function is not None else "",
        "; ".join(words(k) for k in entry.findall("keyword")),
        "".join(words(entry.find("sequence")).split()),
    )
