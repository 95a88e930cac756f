"""The four kinds of pairs: right content, wordings fixed by the id, none too frequent."""

from __future__ import annotations

import string
from collections import Counter

import pytest

from scireasoner.corpus import pairs
from scireasoner.corpus.wordings import LARGEST_SHARE, WITH_FORMULA, WORDINGS, draw, wording
from scireasoner.errors import InputError
from scireasoner.notation.tags import NOTATIONS, find_spans

SAMPLE = 20_000

# The parts that each kind of sentence must have, so that none loses a record's content.
NEEDED: dict[str, list[set[str]]] = {
    "label": [{"topic", "given", "answer"}],
    "description": [{"given", "answer"}],
    "alike": [{"a", "b", "group"}],
    "binding": [{"ligand", "protein", "topic", "answer"}],
    "coding": [{"dna", "protein"}],
    "reaction": [{"left", "right"}],
    "notations": [
        {"first", "others"}, {"forms"}, {"lines"}, {"commas"}, {"arrows"}, {"equals"}, {"bars"},
        {"named"}, {"named_lines"},
    ],
}  # fmt: skip


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("kind", WORDINGS)
def test_no_sentence_is_used_too_often(kind: str) -> None:
    counts = Counter(wording(kind, f"row-{i}") for i in range(SAMPLE))
    assert max(counts.values()) / SAMPLE <= LARGEST_SHARE
    assert set(counts) == set(WORDINGS[kind])


@pytest.mark.parametrize("kind", WORDINGS)
def test_every_sentence_tells_everything_and_stands_once(kind: str) -> None:
    for sentence in WORDINGS[kind]:
        assert any(needed <= fields(sentence) for needed in NEEDED[kind]), sentence
    assert len(set(WORDINGS[kind])) == len(WORDINGS[kind])
    if kind == "alike":
        assert all(fields(s) & {"verdict", "are", "both"} for s in WORDINGS[kind])


def test_the_wording_depends_on_the_record_and_the_seed_alone() -> None:
    first = [pairs.labelled("t", "g", "a", f"r{i}") for i in range(50)]
    assert first == [pairs.labelled("t", "g", "a", f"r{i}") for i in range(100)][:50]
    assert first != [pairs.labelled("t", "g", "a", f"r{i}", seed=1) for i in range(50)]
    # Fixed values: a new Python or a changed hash would change every corpus.
    assert [draw("label", f"r{i}", 32) for i in range(6)] == [6, 8, 30, 8, 20, 3]


@pytest.mark.parametrize("same", [True, False])
def test_alike_says_the_label_in_every_wording(same: bool) -> None:
    a, b = (NOTATIONS["protein"].wrap(s) for s in ("MKV", "MKL"))
    positive = ("yes", f"{b} is", f"{a} is", "share")
    negative = ("no", "is not", "do not share")
    for i in range(300):
        text = pairs.alike(a, b, same, str(i), group="fold")
        assert a in text
        assert b in text
        assert "fold" in text
        assert any(word in text for word in (positive if same else negative))
        if same:
            assert " not " not in text
        else:
            assert "yes" not in text


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [("PF00001", "PF00001", True), ("PF00001 ", "pf00001", True), ("PF00001", "PF00002", False)],
)
def test_the_label_of_a_family(first: str, second: str, same: bool) -> None:
    assert pairs.same_group(first, second) is same
    with pytest.raises(InputError, match="family is unknown"):
        pairs.same_group(first, " ")


@pytest.mark.parametrize(
    ("identity", "same"), [(0.0, False), (0.2, False), (0.3, None), (0.4, True), (1.0, True)]
)
def test_identity_tells_outside_the_twilight_zone(identity: float, same: bool | None) -> None:
    if same is None:
        with pytest.raises(InputError, match="does not tell"):
            pairs.same_by_identity(identity)
    else:
        assert pairs.same_by_identity(identity) is same


def test_ligand_and_protein() -> None:
    for i in range(100):
        text = pairs.binding("CCO", "MKV", "7.2", str(i), topic="pKi")
        assert [s.text for s in find_spans(text, NOTATIONS["smiles"])] == ["CCO"]
        assert [s.text for s in find_spans(text, NOTATIONS["protein"])] == ["MKV"]
        assert "pKi" in text
        assert "7.2" in text


def test_coding_dna_is_translated_as_biopython_does() -> None:
    from Bio.Seq import Seq

    genes = ("ATGAAAACCGCGTATTAA", "atggtgcacctgactcctgag\ntag", "ATGTGGTGA")
    for i, gene in enumerate(genes):
        text = pairs.coding(gene, str(i))
        (dna,) = find_spans(text, NOTATIONS["dna"])
        (protein,) = find_spans(text, NOTATIONS["protein"])
        assert dna.text == "".join(gene.split()).upper()
        assert protein.text == str(Seq(dna.text).translate(to_stop=True))


@pytest.mark.parametrize(
    ("dna", "reason"),
    [
        ("ATGAAATAAC", "1 bases are left over"),
        ("CTGAAATAA", "does not start with ATG"),
        ("ATGAAA", "does not end with a stop codon"),
        ("ATGTAAAAATAA", "codon 2 is a stop codon"),
        ("ATGNNNTAA", "is not DNA"),
        ("", "is not DNA"),
    ],
)
def test_what_does_not_code(dna: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        pairs.coding(dna, "k")


FORMS = {
    "smiles": "<SMILES>CCO</SMILES>",
    "random smiles": "<SMILES>OCC</SMILES>",
    "iupac": "<IUPAC>ethanol</IUPAC>",
    "formula": "<MOLFORMULA>C2H6O</MOLFORMULA>",
}


def test_several_notations_each_once_and_in_any_order() -> None:
    firsts: Counter[str] = Counter()
    for i in range(400):
        text = pairs.several(FORMS, str(i))
        assert all(text.count(form) == 1 for form in FORMS.values())
        places = sorted(FORMS, key=lambda name: text.index(FORMS[name]))
        firsts[places[0]] += 1
    assert set(firsts) == set(FORMS)


def test_a_formula_is_never_said_to_be_the_molecule() -> None:
    """Ethanol and dimethyl ether share C2H6O."""
    formula, bare = FORMS["formula"], {k: v for k, v in FORMS.items() if k != "formula"}
    allowed = {frame.split("{text}")[0].format(formula=formula) for frame in WITH_FORMULA}
    allowed_after = {frame.split("{text}")[1].format(formula=formula) for frame in WITH_FORMULA}
    for i in range(400):
        text, inner = pairs.several(FORMS, str(i)), pairs.several(bare, str(i))
        before, _, after = text.partition(inner)
        assert before in allowed
        assert after in allowed_after


def test_one_notation_stays_alone_and_none_is_an_error() -> None:
    assert pairs.several({"iupac": FORMS["iupac"]}, "k") == FORMS["iupac"]
    assert pairs.several({"formula": FORMS["formula"]}, "k") == FORMS["formula"]
    with pytest.raises(InputError, match="at least one"):
        pairs.several({}, "k")
    with pytest.raises(InputError, match="both are needed"):
        pairs.reaction(["C"], [], "k")


def test_braces_in_a_text_are_text() -> None:
    assert "{x} {0}" in pairs.labelled("t", "{x} {0}", "{answer}", "k")
