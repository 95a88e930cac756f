"""UniProt entries as text and as XML: the same documents, and what is broken."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

FLAT = """ID   LYSC_CHICK              Reviewed;          18 AA.
AC   P00698; Q90884;
DT   21-JUL-1986, integrated into UniProtKB/Swiss-Prot.
DT   21-JUL-1986, sequence version 1.
DT   28-JAN-2026, entry version 200.
DE   RecName: Full=Lysozyme C {ECO:0000303|PubMed:1};
DE            EC=3.2.1.17;
GN   Name=LYZ {ECO:0000312|HGNC:1}; Synonyms=LZM;
OS   Gallus gallus (Chicken).
OC   Eukaryota; Metazoa.
OX   NCBI_TaxID=9031;
CC   -!- FUNCTION: Lysozymes have primarily a bacteriolytic function
CC       (PubMed:123). {ECO:0000269|PubMed:123}.
CC   -!- SUBUNIT: Monomer.
KW   Allergen; Hydrolase.
SQ   SEQUENCE   18 AA;  2000 MW;  0000000000000000 CRC64;
     MRSLLILVLC FLPLAALG
//
"""
XML = """<entry dataset="Swiss-Prot" created="1986-07-21">
  <accession>P00698</accession><accession>Q90884</accession><name>LYSC_CHICK</name>
  <protein><recommendedName><fullName evidence="3">Lysozyme C</fullName></recommendedName></protein>
  <gene><name type="primary">LYZ</name><name type="synonym">LZM</name></gene>
  <organism><name type="scientific">Gallus gallus</name><name type="common">Chicken</name>
    <dbReference type="NCBI Taxonomy" id="9031"/></organism>
  <comment type="function"><text evidence="1">Lysozymes have primarily a bacteriolytic function (PubMed:123).</text></comment>
  <comment type="subunit"><text>Monomer.</text></comment>
  <keyword id="KW-1">Allergen</keyword><keyword id="KW-2">Hydrolase</keyword>
  <sequence length="18" mass="2000">
    MRSLLILVLC
    FLPLAALG
  </sequence>
</entry>
"""
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<uniprot xmlns="https://uniprot.org/uniprot">\n'


def other(entry: str, accession: str) -> str:
    return entry.replace("P00698", accession)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize(
    ("reader", "data"),
    [
        ("uniprot", FLAT + other(FLAT, "Q1")),
        ("uniprot_xml", HEAD + XML + other(XML, "Q1") + "</uniprot>"),
    ],
)
def test_both_formats_give_the_same_documents(
    reader: str, data: str, pack: Any, reading: Any
) -> None:
    (first, second), broken = reading(reader, pack(data.encode()), "protein")
    assert broken == []
    assert first.text == (
        "Name: Lysozyme C\nGene: LYZ\nOrganism: Gallus gallus\n"
        "Function: Lysozymes have primarily a bacteriolytic function.\n"
        "<protein>MRSLLILVLCFLPLAALG</protein>"
    )
    assert (first.id, second.id) == ("set/P00698", "set/Q1")
    assert first.meta == {
        "kind": "protein",
        "entity": "MRSLLILVLCFLPLAALG",
        "accession": "P00698",
        "organism": "Gallus gallus",
        "taxon": "9031",
        "gene": "LYZ",
        "keywords": "Allergen; Hydrolase",
    }
    (bare, _), _ = reading(reader, data.encode(), "protein", function=False)
    assert "Function" not in bare.text


def test_broken_entries_of_the_text_format(reading: Any) -> None:
    data = (
        FLAT
        + FLAT.replace("SQ   ", "ZZ   ")
        + other(FLAT, "Q2").replace("MRSLLILVLC", "MRSLL1LVLC")
        + other(FLAT, "Q3")
        + other(FLAT, "Q4")[:300]
    )
    documents, broken = reading("uniprot", data.encode().replace(b"Q3", b"Q3"), "protein")
    assert [d.id for d in documents] == ["set/P00698", "set/Q3"]
    assert [b.reason.split(" (")[0] for b in broken] == [
        "the entry cannot be read",
        "'1' is no letter of protein",
        "the entry is cut off or too long",
    ]
    _, (bytes_lost,) = reading("uniprot", FLAT.encode().replace(b"Chicken", b"\xff"), "protein")
    assert "cannot be read" in bytes_lost.reason


def test_broken_entries_of_xml(reading: Any) -> None:
    data = (
        HEAD
        + XML
        + other(XML, "Q2").replace("</comment>", "", 1)
        + other(XML, "Q3").replace("</entry>", "")
        + other(XML, "Q4")
        + other(XML, "Q5").replace("MRSLLILVLC", "").replace("FLPLAALG", "")
        + XML[:400]
    )
    documents, broken = reading("uniprot_xml", data.encode(), "protein")
    assert [d.id for d in documents] == ["set/P00698", "set/Q4"]
    assert [b.place for b in broken] == ["record 2", "record 3", "record 5", "record 6"]
    assert [b.reason.split(" (")[0] for b in broken] == [
        "the record is no XML",
        "the record has no end",
        "the entry has no sequence or no accession",
        "the record has no end",
    ]


def test_declared_entities_are_never_expanded(reading: Any) -> None:
    """The billion laughs (https://cwe.mitre.org/data/definitions/776.html)."""
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    head = f'<?xml version="1.0"?>\n<!DOCTYPE uniprot [<!ENTITY l0 "ha">{laughs}]>\n<uniprot>'
    data = head + XML.replace("Monomer.", "&l9;") + other(XML, "Q1") + "</uniprot>"
    documents, (broken,) = reading("uniprot_xml", data.encode(), "protein")
    assert [d.id for d in documents] == ["set/Q1"]
    assert "undefined entity" in broken.reason
