from __future__ import annotations

import pytest

from scireasoner.errors import InputError
from scireasoner.notation import NOTATIONS, TAGS, find_spans, strip_tags

SMILES = NOTATIONS["smiles"]


def test_every_notation_of_the_paper_is_there() -> None:
    assert {n.tag for n in NOTATIONS.values()} >= {
        "SMILES", "SELFIES", "IUPAC", "MOLFORMULA", "protein", "dna", "rna", "sirna", "material",
        "NUMBER", "BOOLEAN",
    }  # fmt: skip
    assert len(TAGS) == len(set(TAGS)) == 2 * (len(NOTATIONS) - 1)


@pytest.mark.parametrize(
    ("name", "text", "wrapped"),
    [
        ("smiles", "CCO", "<SMILES>CCO</SMILES>"),
        ("smiles", "  CCO\n", "<SMILES>CCO</SMILES>"),
        ("smiles", "<SMILES> CCO </SMILES>", "<SMILES>CCO</SMILES>"),
        ("formula", "C2H6O", "<MOLFORMULA>C2H6O</MOLFORMULA>"),
        ("material", "Na Cl <sg225>", "<material>Na Cl <sg225></material>"),
        ("equation", "H2 + O2 -> H2O", "<equation>H2 + O2 -> H2O</equation>"),
        ("number", "", "<NUMBER></NUMBER>"),
        ("text", " as it is ", " as it is "),
    ],
)
def test_wrap(name: str, text: str, wrapped: str) -> None:
    notation = NOTATIONS[name]
    assert notation.wrap(text) == wrapped
    assert notation.wrap(wrapped) == wrapped


@pytest.mark.parametrize("text", ["C</SMILES>C", "<dna>ACGT</dna>", "CC<SMILES>", "</SMILES>"])
def test_a_tag_inside_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="without tags"):
        SMILES.wrap(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It is <SMILES>CCO</SMILES>.", ["CCO"]),
        ("<SMILES> CCO </SMILES> or <SMILES>\nCC\n</SMILES>", ["CCO", "CC"]),
        ("<SMILES>CC <SMILES>CCO</SMILES>", ["CCO"]),
        ("<SMILES>CCO</SMILES></SMILES>", ["CCO"]),
        ("<SMILES>CCO", []),
        ("CCO</SMILES>", []),
        ("<SMILES></SMILES>", [""]),
        ("<smiles>CCO</smiles>", []),
        ("<IUPAC>ethanol</IUPAC>", []),
        ("", []),
    ],
)
def test_find_spans(text: str, found: list[str]) -> None:
    assert [span.text for span in find_spans(text, SMILES)] == found


def test_span_offsets_hold_the_tags() -> None:
    text = "x <SMILES> CC </SMILES> y"
    (span,) = find_spans(text, SMILES)
    assert text[span.start : span.end] == "<SMILES> CC </SMILES>"


def test_plain_text_has_no_spans() -> None:
    assert find_spans("anything", NOTATIONS["text"]) == []


def test_strip_tags() -> None:
    text = "<SMILES>CCO</SMILES> has <MOLFORMULA>C2H6O</MOLFORMULA>, <b>bold</b>"
    assert strip_tags(text) == "CCO has C2H6O, <b>bold</b>"
