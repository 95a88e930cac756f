"""Files damaged at random, seeded: no reader raises, and what it gives is usable text."""

from __future__ import annotations

import gzip
import io
import json
import random
from typing import Any

import pytest

from scireasoner.corpus.documents import Document, fault
from scireasoner.corpus.readers import Broken, Origin, Turn, read
from scireasoner.errors import InputError

ENTRY = """ID   P1   Reviewed;   4 AA.
AC   P1;
DE   RecName: Full=It;
OS   Gallus gallus.
OX   NCBI_TaxID=9031;
CC   -!- FUNCTION: Does it.
SQ   SEQUENCE   4 AA;  500 MW;  00 CRC64;
     MKVL
//
"""
XML = "<?xml version='1.0'?>\n<r>{}</r>"
CIF = (
    "data_x\n_cell_length_a 4\n_cell_length_b 4\n_cell_length_c 4\n_cell_angle_alpha 90\n"
    "_cell_angle_beta 90\n_cell_angle_gamma 90\nloop_\n_atom_site_type_symbol\n"
    "_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\nCs 0 0 0\nCl 0.5 0.5 0.5\n"
)
MOLFILE = """
     x

  2  1  0  0  0  0  0  0  0  0999 V2000
    0.0000    0.0000    0.0000 C   0  0
    1.5000    0.0000    0.0000 O   0  0
  1  2  1  0
M  END
> <CID>
7

$$$$
"""
ARTICLE = (
    "<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>A</ArticleTitle>"
    "<Abstract><AbstractText>B &amp; <i>C</i></AbstractText></Abstract></Article>"
    "</MedlineCitation></PubmedArticle>\n"
)
UNIPROT = "<entry><accession>P1</accession><sequence>MKV</sequence></entry>\n"
ROW = {"material_id": "m", "formula": "NaCl", "cif": CIF, "symmetry": {"number": 225}}
SEEDS: list[tuple[str, str, str]] = [
    ("fasta", "protein", ">sp|P1|X It OS=Gallus gallus OX=9031\nMKV\nLLA\n" * 3),
    ("fasta", "dna", ">NC_1.1:5-400 Homo sapiens\n" + ("ACGT" * 15 + "\nNN\n") * 6),
    ("fastq", "dna", "@r1 x\nACGTACGTACGT\n+\nIIIIIIIIIIII\n" * 4),
    ("uniprot", "protein", ENTRY * 3),
    ("uniprot_xml", "protein", XML.format(UNIPROT * 3)),
    ("sdf", "molecule", MOLFILE * 3),
    ("table", "molecule", 'smiles,id,note\nCCO,a,"one\ntwo"\nCCN,b,\n' * 2),
    ("table", "molecule", "CCO\ta\nCCN\tb\n" * 3),
    ("jsonl", "text", '{"text": "a b", "id": 1}\n' * 4),
    ("jsonl", "text", json.dumps([{"text": "a b", "id": i} for i in range(4)])),
    ("pubmed", "text", XML.format(ARTICLE * 3)),
    ("text", "text", "One.\nTwo.\n\nThree.\n" * 3),
    ("stackexchange", "text", '<row Id="1" PostTypeId="1" Score="1" Title="a" Body="&lt;p&gt;b" />\n' * 3),
    ("cif", "material", CIF * 2),
    ("materials", "material", json.dumps(ROW) + "\n" + json.dumps([1])),
]  # fmt: skip


def damaged(data: bytes, draw: random.Random) -> bytes:
    """Change, cut out, insert or repeat bytes at a few places; sometimes pack and cut."""
    out = bytearray(data)
    for _ in range(draw.randint(1, 5)):
        at = draw.randrange(len(out) + 1)
        match draw.randrange(4):
            case 0 if out:
                out[at % len(out)] = draw.randrange(256)
            case 1:
                del out[at : at + draw.randint(1, 60)]
            case 2:
                out[at:at] = draw.randbytes(draw.randint(1, 8))
            case _:
                start = draw.randrange(len(out) + 1)
                out[at:at] = out[start : start + draw.randint(1, 200)]
    if draw.random() < 0.3:
        packed = gzip.compress(bytes(out))
        return packed[: draw.randint(1, len(packed))]
    return bytes(out)


@pytest.mark.parametrize(("reader", "domain", "text"), SEEDS)
def test_nothing_is_raised_and_what_comes_is_text(reader: str, domain: str, text: str) -> None:
    draw = random.Random(reader + domain)
    origin = Origin("s", "l", domain, "x")
    whole = list(read(reader, io.BytesIO(text.encode()), origin))
    assert any(isinstance(item, Document) for item in whole)
    broken = 0
    for _ in range(250):
        items: list[Any] = []
        try:
            items = list(read(reader, io.BytesIO(damaged(text.encode(), draw)), origin))
        except InputError:
            assert reader == "table"  # a header in which a column that was asked for is gone
        for item in items:
            if isinstance(item, Broken):
                broken += 1
                assert item.reason
                assert item.place
                assert len(item.excerpt) <= 80
            else:
                # Characters that are no text may stand in prose; the corpus drops those.
                assert fault(item) in (None, "broken characters")
    assert broken > 20


def in_turn(reader: str, data: bytes, domain: str, turn: Turn) -> list[Any]:
    items = []
    for item in read(reader, io.BytesIO(data), Origin("s", "l", domain, "x", turn)):
        mine = turn.mine
        turn.number += 1
        if mine:
            items.append(item)
    return items


@pytest.mark.parametrize(("reader", "domain", "text"), SEEDS)
def test_shards_of_a_file_share_its_records(reader: str, domain: str, text: str) -> None:
    draw = random.Random(domain + reader)
    good = text.encode()
    for data in (good, *(damaged(good, draw) for _ in range(40))):
        try:
            whole = in_turn(reader, data, domain, Turn())
        except InputError:
            continue
        for first in range(3):
            assert in_turn(reader, data, domain, Turn(first, 3)) == whole[first::3]
