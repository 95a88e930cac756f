"""Protein, DNA and RNA sequences, given and designed."""

from __future__ import annotations

import pytest

from scireasoner.answers import (
    Dna,
    NovelProtein,
    NovelRna,
    Protein,
    ProteinDesign,
    Rna,
    RnaDesign,
)
from scireasoner.errors import TaskError
from scireasoner.types import Fault

HAIRPIN = "((((((....))))))"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("<protein>mkvlat</protein>", "MKVLAT"),  # published: becomes empty
        ("<protein>MKVLAT*</protein>", "MKVLAT"),
        ("<protein>MKVL\nAT</protein>", "MKVLAT"),
        ("<protein> MKVLAT </protein>", "MKVLAT"),
        ("<protein>>sp|P1\nMKVL\nAT</protein>", "MKVLAT"),
        ("```\nMKVLAT\n```", "MKVLAT"),
        ("Protein sequence: MKVLAT", "MKVLAT"),
        ("<protein>M K V L A T</protein>", "MKVLAT"),
        ("<protein>M-K-V-L-A-T</protein>", Fault.INVALID_SEQUENCE),
        ("<protein>  1 MKVLA TMKVL\n 11 AT</protein>", "MKVLATMKVLAT"),
        ("<protein>MKVLATMKVL 10\nAT 12</protein>", "MKVLATMKVLAT"),
        ("<protein>  1 MKVLA TMKVL\n 12 AT</protein>", Fault.INVALID_SEQUENCE),
        ("<protein>MKVLATMKVL 11</protein>", Fault.INVALID_SEQUENCE),
        ("MKVLAT</protein>", "MKVLAT"),
        ("<protein>MKVLAT", Fault.NO_ANSWER),
        ("<protein>MKV</protein> <protein>MKL</protein>", Fault.TWO_ANSWERS),
        ("<protein>MKVXB</protein>", Fault.INVALID_SEQUENCE),
        ("<protein>MK1</protein>", Fault.INVALID_SEQUENCE),
        ("<protein></protein>", Fault.NO_ANSWER),
        ("<protein>" + "M" * 6000 + "</protein>", Fault.TOO_LONG),
    ],
)
def test_proteins_are_read_strictly(text: str, value: str | Fault) -> None:
    assert Protein().parse(text) == value


def test_a_protein_scores_by_its_likeness() -> None:
    kind = Protein()
    assert kind.compare("MKVLAT", "MKVLAT") == (1.0, True)
    near, far = kind.compare("MKVLAA", "MKVLAT"), kind.compare("GGGGGG", "MKVLAT")
    assert near == (pytest.approx(0.9 * 5 / 6), False)
    assert far == (0.0, False)


@pytest.mark.parametrize("text", ["HELLO", "NNNN", "GGX", "((("])
def test_rna_has_four_letters(text: str) -> None:
    assert RnaDesign().parse(f"<rna>{text}</rna>") is Fault.INVALID_SEQUENCE


@pytest.mark.parametrize("gold", ["((..", "))))((((", "xxxx", "", "." * 501])
def test_an_unbalanced_target_is_a_bad_gold(gold: str) -> None:
    assert RnaDesign().read_gold(gold) is Fault.BAD_GOLD


def test_a_design_is_judged_by_its_fold() -> None:
    kind = RnaDesign()
    assert kind.compare("GGGGGGAAAACCCCCC", HAIRPIN) == (1.0, True)
    assert kind.compare("A" * 16, HAIRPIN) == (0.0, False)
    assert kind.compare("GGGGGGAAAACCCCC", HAIRPIN) == (0.0, False)  # other length
    partial, correct = kind.compare("AGGGGGAAAACCCCCA", HAIRPIN)
    assert 0.5 < partial < 0.9
    assert not correct


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Dna(), "<dna>acgt</dna>", "ACGT"),
        (Dna(), "<dna>5'-ACGT-3'</dna>", "ACGT"),
        (Dna(), "5\u2032-ACG TAC-3\u2032", Fault.INVALID_SEQUENCE),  # blocks of five or more
        (Dna(), "<dna>ACGTACGTAC GTACGTACGT</dna>", "ACGTACGTACGTACGTACGT"),
        (Dna(), "<dna>ACGU</dna>", Fault.INVALID_SEQUENCE),
        (Dna(), "<dna>ACGN</dna>", Fault.INVALID_SEQUENCE),
        (Dna(), "<dna>" + "A" * 6000 + "</dna>", Fault.TOO_LONG),
        (Rna(), "<rna>acgu</rna>", "ACGU"),
        (Rna(), "<rna>ACGT</rna>", "ACGU"),
        (Rna(), "<rna>ACGTU</rna>", Fault.INVALID_SEQUENCE),
        (Rna(), "<rna>ACGR</rna>", Fault.INVALID_SEQUENCE),
        (Rna(), "<rna></rna>", Fault.NO_ANSWER),
        (Rna(), "a cat", Fault.INVALID_SEQUENCE),
    ],
)
def test_nucleic_acids(kind: Dna | Rna, text: str, value: str | Fault) -> None:
    assert kind.parse(text) == value


def test_nucleic_acids_score_by_their_likeness() -> None:
    for kind in (Dna(), Rna()):
        assert kind.compare("ACGA", "ACGA") == (1.0, True)
        assert kind.compare("ACGA", "ACGG") == (pytest.approx(0.9 * 0.75), False)


def test_a_designed_protein_is_judged_by_its_alignment() -> None:
    pytest.importorskip("scireasoner.science.alignment")
    kind, natural = ProteinDesign(), "MKVLATGGWCHEFYRDNPQIKLAVW"
    assert kind.compare(natural, natural) == (1.0, True)
    near, correct = kind.compare(natural.replace("GG", "GA"), natural)
    assert correct
    assert 0.9 <= near < 1.0
    far, wrong = kind.compare("GGGGGGGGGG", natural)
    assert 0.0 <= far < 0.5
    assert not wrong
    assert not ProteinDesign(threshold=1.0).compare(natural.replace("GG", "GA"), natural)[1]
    with pytest.raises(TaskError):
        ProteinDesign(threshold=0.0)


LYSOZYME = "KVFGRCELAAAMKRHGLDNYRGYSLGNWVCAAKFESNFNTQATNRNTDGSTDYGILQINSRWWCNDGRTPGSRNLCNIPCSALLSSDITASVNCAKKIVSDGNGMNAWVAWRNRCKGTDVQAWIRGCRL"
TRNA = "GCGGAUUUAGCUCAGUUGGGAGAGCGCCAGACUGAAGAUCUGGAGGUCCUGUGUUCGAUCCACAGAAUUCGCACCA"


@pytest.mark.parametrize(
    ("kind", "text", "correct"),
    [
        (NovelProtein(), LYSOZYME, True),
        (NovelProtein(), LYSOZYME[:20], True),
        (NovelProtein(), LYSOZYME[:19], False),
        (NovelProtein(high=100), LYSOZYME, False),
        (NovelProtein(known=lambda: frozenset({LYSOZYME})), LYSOZYME, False),
        (NovelProtein(), "M" * 100, False),
        (NovelProtein(), "GGGGS" * 20, False),
        (NovelProtein(), "ACDEFGHIKLMNPQRSTVWY" * 5, False),
        (NovelProtein(), LYSOZYME[:30] * 5, False),
        (NovelRna(), TRNA, True),
        (NovelRna(), TRNA.replace("U", "T"), True),
        (NovelRna(), TRNA[:29], False),
        (NovelRna(), "A" * 100, False),
        (NovelRna(), "ACGU" * 25, False),
        (NovelRna(), "GGGGGGGGGGGGAAAACCCCCCCCCCCC" * 4, False),  # folds very well
    ],
)
def test_a_new_sequence_is_no_repetition(
    kind: NovelProtein | NovelRna, text: str, correct: bool
) -> None:
    value = kind.parse(kind.write(text))
    assert not isinstance(value, Fault)
    assert kind.compare(value, kind.read_gold(None)) == ((1.0, True) if correct else (0.3, False))


def test_a_new_sequence_has_the_right_letters() -> None:
    assert NovelProtein().parse("<protein>MKXB</protein>") is Fault.INVALID_SEQUENCE
    assert NovelRna().parse("<rna>ACGN</rna>") is Fault.INVALID_SEQUENCE
    with pytest.raises(TaskError):
        NovelRna(100, 50)
