from __future__ import annotations

import pytest

from scireasoner.notation.rules import (
    ELEMENTS,
    PROSE,
    SPACE_GROUPS,
    guarded,
    piece_patterns,
    span_pattern,
    whole_pieces,
)

THINK = ("<think>", "</think>")


def cut(text: str) -> list[str]:
    """The pieces that a tokenizer may not merge across."""
    from tokenizers import Regex
    from tokenizers.pre_tokenizers import Sequence, Split

    rules = [span_pattern(THINK), *piece_patterns(), guarded(PROSE, THINK)]
    chain = Sequence([Split(Regex(rule), "isolated") for rule in rules])
    return [piece for piece, _ in chain.pre_tokenize_str(text)]


@pytest.mark.parametrize(
    ("tag", "text", "pieces"),
    [
        ("SMILES", "CC(=O)Cl", "C C ( = O ) Cl"),
        ("SMILES", "N[C@@H](C)Br", "N [C@@H] ( C ) Br"),
        ("SMILES", "C%12CC%12>>[Na+].[Cl-]", "C %12 C C %12 >> [Na+] . [Cl-]"),
        ("SMILES", "C[unclosed", "C [ u n c l o s e d"),
        ("SMILES", "ScIn", "S c I n"),
        ("SELFIES", "[C][=Branch1][Ring1]", "[C] [=Branch1] [Ring1]"),
        ("IUPAC", "2-(acetyloxy)benzoic", "2 - ( acetyloxy ) benzoic"),
        ("IUPAC", "(2R,13S)-N-methyl", "( 2 R , 1 3 S ) - N - methyl"),
        ("MOLFORMULA", "C12H22ClNaO11", "C 1 2 H 2 2 Cl Na O 1 1"),
        ("MOLFORMULA", "COCo", "C O Co"),
        ("equation", "2H2+O2->2H2O", "2 H 2 + O 2 -> 2 H 2 O"),
        ("equation", "H2=CO", "H 2 = C O"),
        ("material", "TiO<sg136>", "Ti O <sg136>"),
        ("protein", "MKVLA", "M K V L A"),
        ("dna", "ACGTTTA", "ACG TTT A"),
        ("dna", "ACNGTCGTA", "A C N GTC GTA"),
        ("dna", "acg", "a c g"),
        ("rna", "ACGU", "A C G U"),
        ("sirna", "AmGfU", "A m G f U"),
        ("structure", "((..<>))", "( ( . . < > ) )"),
        ("NUMBER", "-12.50e-3", "- 1 2 . 5 0 e - 3"),
        ("BOOLEAN", "Yes", "Yes"),
        ("SMILES", "", ""),
    ],
)
def test_pieces_of_a_span(tag: str, text: str, pieces: str) -> None:
    expected = [f"<{tag}>", *pieces.split(), f"</{tag}>"]
    assert cut(f"<{tag}>{text}</{tag}>") == expected
    # The same within prose, and twice in a row.
    assert cut(f"Of <{tag}>{text}</{tag}>:")[2:-1] == expected
    assert cut(f"<{tag}>{text}</{tag}>" * 2) == expected * 2


@pytest.mark.parametrize(
    "text",
    [
        "The quick brown fox, it's 42.5 % of 1,000!",
        "a -> b >> c [note] %12 x<y> <b>bold</b>\n\n  Cl2 and NaCl",
        "日本語 und Größe\r\n\tµm",
    ],
)
def test_prose_is_cut_as_by_qwen(text: str) -> None:
    from tokenizers import Regex
    from tokenizers.pre_tokenizers import Split

    plain = Split(Regex(PROSE), "isolated").pre_tokenize_str(text)
    assert cut(text) == [piece for piece, _ in plain]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("<SMILES>CCO", ["<SMILES>", "CCO"]),
        ("CCO</SMILES>", ["CCO", "</SMILES>"]),
        ("<think>\n</think>", ["<think>", "\n", "</think>"]),
        ("<SMILES>CC<dna>A</dna>", ["<SMILES>", "CC", "<dna>", "A", "</dna>"]),
        (
            "<SMILES>C<think>C</SMILES>",
            ["<SMILES>", "C", "<think>", "C", "</SMILES>"],
        ),
    ],
)
def test_lone_tags_are_pieces_and_open_spans_are_prose(text: str, pieces: list[str]) -> None:
    assert cut(text) == pieces


def test_elements_match_rdkit() -> None:
    chem = pytest.importorskip("rdkit.Chem")
    table = chem.GetPeriodicTable()
    assert list(ELEMENTS) == [table.GetElementSymbol(number) for number in range(1, 119)]


def test_whole_pieces_are_distinct_and_longer_than_a_letter() -> None:
    pieces = whole_pieces()
    assert len(set(pieces)) == len(pieces)
    assert all(len(piece) > 1 for piece in pieces)
    assert {"Cl", "Br", "Na", "[C@@H]", "->"} <= set(pieces)
    assert len(SPACE_GROUPS) == 230
