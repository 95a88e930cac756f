"""Test items are found in documents whatever their spelling, and nothing else is."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from scireasoner.corpus.entities import Kind
from scireasoner.corpus.leak_search import LeakIndex
from scireasoner.corpus.leaks import TestItem, write_index
from scireasoner.corpus.looking import look
from scireasoner.errors import ArtifactError

RNG = random.Random(0)
PROTEIN = "".join(RNG.choices("ACDEFGHIKLMNPQRSTVWY", k=200))
DNA = "".join(RNG.choices("ACGT", k=200))
OTHER_DNA = "".join(RNG.choices("ACGT", k=200))
GUIDE = "".join(RNG.choices("ACGT", k=20))
WORDS = "the enzyme turns sugar into acid while heat is lost from every part of the cell at night"
TURNED = str.maketrans("ACGT", "TGCA")


def changed(letters: str, every: int) -> str:
    """Change every n-th letter to W (protein) or to the next base."""
    following = dict(zip("ACGT", "CGTA", strict=True))
    return "".join(
        (following.get(x, "W") if i % every == every - 1 else x) for i, x in enumerate(letters)
    )


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> LeakIndex:
    items = [
        TestItem("logp", "m", Kind.MOLECULE, "C[C@H](N)C(=O)O"),
        TestItem("fold", "p", Kind.PROTEIN, PROTEIN),
        TestItem("promoter", "d", Kind.DNA, DNA),
        TestItem("guides", "g", Kind.DNA, GUIDE),
        TestItem("rbp", "a", Kind.RNA, "U" * 40),
        TestItem("qa", "t", Kind.TEXT, WORDS),
        TestItem("qa", "short", Kind.TEXT, "What is the pH of blood?"),
        *(TestItem("many", str(i), Kind.TEXT, f"say which of the following two answers is the better one for question number {i}") for i in range(11)),
    ]  # fmt: skip
    return LeakIndex(write_index(items, 13, tmp_path_factory.mktemp("leaks")))


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("<SMILES>C[C@H](N)C(=O)O</SMILES>", "m"),
        ("See <SMILES>OC(=O)[C@@H](C)N</SMILES> here", "m"),  # another spelling
        ("<SMILES>OC(=O)C(C)N</SMILES>", "m"),  # without stereo
        ("<SMILES>CC#N>>OC(=O)C(C)N</SMILES>", "m"),  # as a product
        (f"<protein>{PROTEIN}</protein>", "p"),
        (f"<protein>{changed(PROTEIN, 40)}</protein>", "p"),  # 97.5 % identical
        (f"<protein>{'MK' * 40}{PROTEIN}{'GG' * 40}</protein>", "p"),  # the item in a longer one
        (f"<protein>{PROTEIN[50:150]}</protein>", "p"),  # a part of the item
        (f"<dna>{DNA}</dna>", "d"),
        (f"<dna>{DNA.translate(TURNED)[::-1]}</dna>", "d"),  # the other strand
        (f"<rna>{DNA.replace('T', 'U')}</rna>", "d"),  # transcribed
        (f"<dna>{changed(DNA, 50)}</dna>", "d"),
        ("<SELFIES>[C][C][Branch1][C][N][C][=Branch1][C][=O][O]</SELFIES>", "m"),
        (f"<protein>{PROTEIN[:60]}X{PROTEIN[61:]}</protein>", "p"),  # one residue not known
        (f"<protein>{'G' * 10_000}{PROTEIN}</protein>", "p"),  # as long as titin
        (f"<protein>{PROTEIN[:7]} {PROTEIN[7:]}</protein>", "p"),
        (f"<dna>{DNA[:90]}N{DNA[91:]}</dna>", "d"),
        (f"<rna>{'N' + DNA.replace('T', 'U')}</rna>", "d"),
        (f"<dna>{OTHER_DNA}{GUIDE}{OTHER_DNA}</dna>", "g"),
        (f"<rna>{'U' * 40}</rna>", "a"),
        (f"Indeed, {WORDS.upper()}!", "t"),
        ("what is the pH of blood", "short"),
    ],
)
def test_a_test_item_is_found(index: LeakIndex, text: str, row: str) -> None:
    found = index.leak(look(text), 0.9)
    assert found is not None
    assert found.row == row


@pytest.mark.parametrize(
    "text",
    [
        "<SMILES>CC(N)C(=O)OC</SMILES>",
        "<SMILES>OC(=O)C(C)N>>CCO</SMILES>",  # only the start of a reaction
        f"<protein>{PROTEIN[::-1]}</protein>",
        f"<protein>{changed(PROTEIN, 4)}</protein>",  # 75 % identical
        f"<dna>{OTHER_DNA}</dna>",
        f"<dna>{OTHER_DNA}{GUIDE[:15]}{OTHER_DNA}</dna>",  # too little of a short item
        f"<dna>{DNA[:12]}</dna>",
        f"<dna>{OTHER_DNA}{'T' * 60}{OTHER_DNA}</dna>",  # holds an item of one letter by chance
        " ".join(WORDS.split()[:12]),  # twelve words
        "Tell me what is the pH of blood and of water",  # a short text is compared whole
        "say which of the following two answers is the better one for question number one hundred",
        "",
        "<protein>not closed",
    ],
)
def test_what_is_no_test_item_is_kept(index: LeakIndex, text: str) -> None:
    assert index.leak(look(text), 0.9) is None


def test_an_index_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="no index of test items"):
        LeakIndex(tmp_path)


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    empty = LeakIndex(write_index([], 13, tmp_path))
    assert empty.leak(look(f"{WORDS} <protein>{PROTEIN}</protein>"), 0.9) is None
