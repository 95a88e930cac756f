from __future__ import annotations

import pytest

from scireasoner.science import text


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Aspirin", "aspirin"),
        ("IL–1β", "IL-1β"),
        ("beta  blocker", "beta blocker"),
        ("“TNF-α”.", "TNF-α"),
        ("**BRCA1**", "brca1"),
        ("'BRCA1'", "brca1"),
        ("‘BRCA1’.", "brca1"),
        ("Alzheimer’s disease", "alzheimer's disease"),
        ("ﬁbrosis", "fibrosis"),
    ],
)
def test_spellings_of_one_name(a: str, b: str) -> None:
    assert text.normalise_entity(a) == text.normalise_entity(b)


@pytest.mark.parametrize(
    ("term", "name"),
    [
        ("ATP binding (GO:0005524)", "atp binding"),
        ("GO:0005524: ATP binding", "atp binding"),
        ("GO:0005524 \u2013 ATP binding", "atp binding"),
        ("[GO:0005524] ATP binding", "atp binding"),
        ("ATP binding, GO:0005524.", "atp binding"),
        ("GO:0005524", "go:0005524"),
        ("5'-3' exonuclease activity", "5'-3' exonuclease activity"),
    ],
)
def test_the_accession_beside_the_name_of_a_term_is_dropped(term: str, name: str) -> None:
    assert text.normalise_term(term) == name


@pytest.mark.parametrize(
    ("a", "b"), [("(+)-catechin", "(-)-catechin"), ("IL-1", "IL-10"), ("H2O", "H2O2"), ("5'", "5")]
)
def test_different_names_stay_different(a: str, b: str) -> None:
    assert text.normalise_entity(a) != text.normalise_entity(b)


@pytest.mark.parametrize(
    ("a", "b", "f1"),
    [
        (["x", "y"], ["y", "x"], 1.0),
        (["x"], ["x", "y"], 2 / 3),
        (["x"], ["y"], 0.0),
        (["x"], [], 0.0),
        ([], [], 1.0),
        (["x", "x"], ["x"], 1.0),
    ],
)
def test_set_f1(a: list[str], b: list[str], f1: float) -> None:
    assert text.set_f1(a, b) == pytest.approx(f1)


@pytest.mark.parametrize(
    ("a", "b", "likeness"),
    [("ACGT", "ACGT", 1.0), ("ACGT", "ACG", 0.75), ("A", "T", 0.0), ("", "", 1.0)],
)
def test_edit_similarity(a: str, b: str, likeness: float) -> None:
    assert text.edit_similarity(a, b) == pytest.approx(likeness)
