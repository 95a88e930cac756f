from __future__ import annotations

import random
import sys

import pytest

from scireasoner.errors import InputError, MissingTool
from scireasoner.science import nucleotides

BAD_RNA = ["", "HELLO", "NNNN", "ACGT", "A CAU", "ACGU1", "A" * 20_001, "ＡＣＧＵ"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("acgt", "ACGT"), ("ACG\nTAC\n", "ACGTAC"), ("ACGTACGTAC ACGTACGTAC GT", "ACGTACGTACACGTACGTACGT"),
     ("a cat", None), ("ACGU", None), ("ACGN", None), ("", None)],
)  # fmt: skip
def test_clean_dna(text: str, expected: str | None) -> None:
    assert nucleotides.clean_dna(text) == expected


@pytest.mark.parametrize("text", BAD_RNA)
def test_text_that_is_no_rna(text: str) -> None:
    assert nucleotides.clean_rna(text) is None
    with pytest.raises(InputError, match="folded"):
        nucleotides.fold(text)


@pytest.mark.parametrize(
    ("dna", "protein"),
    [
        ("ATGGCCTAA", "MA*"),
        ("ATGGC", "M"),
        ("AT", ""),
        ("TGG", "W"),
        ("TAGTGA", "**"),
        ("atg", "M"),
    ],
)
def test_translation(dna: str, protein: str) -> None:
    assert nucleotides.translate(dna) == protein


def test_translation_equals_biopython() -> None:
    from Bio.Seq import translate

    draw = random.Random(0)
    for _ in range(20):
        dna = "".join(draw.choices("ACGT", k=300))
        assert nucleotides.translate(dna) == translate(dna)


def test_translation_of_no_dna_says_what_was_expected() -> None:
    with pytest.raises(InputError, match="A, C, G and T"):
        nucleotides.translate("AUG")


def test_the_other_strand() -> None:
    assert nucleotides.reverse_complement("ATGCC") == "GGCAT"
    assert nucleotides.gc_content("ATGC") == 0.5


def test_fold_of_a_hairpin_equals_the_published_program() -> None:
    # RNAfold 2.x prints ((((....)))) (-5.40) for this hairpin.
    assert nucleotides.fold("GGGGAAAACCCC") == ("((((....))))", -5.4)


def test_long_rna_is_not_folded() -> None:
    with pytest.raises(InputError, match="500"):
        nucleotides.fold("A" * 501)


def test_missing_viennarna_names_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "RNA", None)
    with pytest.raises(MissingTool, match=r"pip install ViennaRNA==2\.8\.0"):
        nucleotides.fold("GGGAAAUUUCCC")


@pytest.mark.parametrize(
    ("structure", "expected"),
    [
        ("((..))", {(0, 5), (1, 4)}),
        ("....", set()),
        ("", set()),
        ("((((", None),
        ("))))((((", None),
        ("xxxx", None),
        ("(.]", None),
        ("(" * 20_000, None),
    ],
)
def test_base_pairs(structure: str, expected: set[tuple[int, int]] | None) -> None:
    assert nucleotides.pairs(structure) == expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("((..))", "((..))", 1.0),
        ("((..))", "(....)", 2 / 3),
        ("((..))", "......", 0.0),
        ("......", "......", 1.0),
        ("((..))", "((..)).", 0.0),
        ("((((", "((((", 0.0),
        ("))))((((", "((....))", 0.0),
        ("xxxx", "....", 0.0),
    ],
)
def test_structure_similarity(a: str, b: str, expected: float) -> None:
    assert nucleotides.structure_similarity(a, b) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("sequence", "frame"),
    [
        ("ATGGCCTAA", nucleotides.Frame(3, True, True, None, 0)),
        ("auggccuga", nucleotides.Frame(3, True, True, None, 0)),
        ("ATGTAAGCCTAG", nucleotides.Frame(4, True, True, 2, 0)),
        ("GCCTAAG", nucleotides.Frame(2, False, True, None, 1)),
        ("AT", nucleotides.Frame(0, False, False, None, 2)),
    ],
)
def test_reading_frame(sequence: str, frame: nucleotides.Frame) -> None:
    assert nucleotides.reading_frame(sequence) == frame


def test_no_reading_frame_in_a_protein() -> None:
    with pytest.raises(InputError):
        nucleotides.reading_frame("MKV")
