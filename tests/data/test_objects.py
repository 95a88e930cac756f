"""What a row is about: one key for each spelling of the same object."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scireasoner.answers import Material, Molecule, Number
from scireasoner.data.objects import Kind, Reader, composition, gold_is_product, thing
from scireasoner.tasks.task import Task
from scireasoner.types import Domain, Sample

Make = Callable[..., Task]
NUMBER = Number("K", low=0, high=1000, scale=1, tolerance=0.5)


@pytest.mark.parametrize(
    ("notation", "one", "other"),
    [
        ("smiles", "c1ccccc1O", "OC1=CC=CC=C1"),
        ("smiles", "[Na+].[Cl-]", "[Cl-].[Na+]"),
        ("iupac", "Ethan-1-ol", "ethan\u20101\u2010ol"),
        ("protein", "mktayi", "MKTAYI*"),
        ("dna", "ACGTT", "AACGT"),  # the other strand
        ("rna", "ACGU", "acgt"),  # RNA in the letters of DNA
        ("material", "Fe Fe O O O", "Fe2O3"),
        ("material", "O Ti O <sg136>", "TiO2"),
        ("formula", "Fe0.4O0.6", "Fe2O3"),
        ("formula", "Ca(OH)2", "CaH2O2"),
        ("formula", "YBa2Cu3O7", "Ba0.2Y0.1Cu0.3O0.7"),
    ],
)
def test_two_spellings_of_one_object_have_one_key(notation: str, one: str, other: str) -> None:
    first, second = thing(one, notation), thing(other, notation)
    assert first is not None
    assert first == second


@pytest.mark.parametrize(
    ("notation", "one", "other"),
    [
        ("smiles", "C[C@H](N)C(=O)O", "C[C@@H](N)C(=O)O"),
        ("smiles", "c1ccccc1", "C1CCCCC1"),
        ("protein", "MKTAYI", "MKTAYL"),
        ("dna", "ACGTT", "TTGCA"),  # reversed, not complemented
        ("rna", "AACG", "CGUU"),  # an RNA has one strand
        ("formula", "FeO", "Fe2O3"),
    ],
)
def test_different_objects_have_different_keys(notation: str, one: str, other: str) -> None:
    first, second = thing(one, notation), thing(other, notation)
    assert first is not None
    assert second is not None
    assert first.key != second.key


@pytest.mark.parametrize(
    ("notation", "text"),
    [
        ("smiles", "C1CC"),
        ("protein", "MKTXYZ"),
        ("dna", "ACGN"),
        ("rna", "hello"),
        ("formula", "Qq2"),
        ("formula", ""),
        ("formula", "Fe."),
        ("formula", "0.5"),
        ("text", "CCO"),
    ],
)
def test_what_is_not_valid_is_no_object(notation: str, text: str) -> None:
    assert thing(text, notation) is None


def test_compositions_are_shares_of_atoms() -> None:
    assert composition("Al2O3") == "Al0.4 O0.6"
    assert composition("Al0.5Co1Fe1Ni1") == "Al0.142857 Co0.285714 Fe0.285714 Ni0.285714"


def kinds(task: Task, sample: Sample) -> list[str]:
    return [t.kind.value for t in Reader(task).about(sample).things]


def test_a_row_is_about_its_inputs_and_its_answer(make: Make) -> None:
    naming = make("a", {}, inputs={"name": "iupac"}, answer=Molecule())
    assert kinds(naming, Sample("1", {"name": "ethanol"}, "CCO")) == ["name", "molecule"]
    described = make("b", {}, inputs={"text": "text"}, answer=Molecule())
    assert kinds(described, Sample("1", {"text": "an alcohol"}, "CCO")) == ["molecule", "text"]
    asked = make("c", {}, inputs={"text": "text"})
    assert kinds(asked, Sample("1", {"text": "how hot?"}, "1")) == ["text"]


def test_a_question_that_brings_its_objects_is_about_them(make: Make) -> None:
    task = make("a", {}, inputs={"smiles": "smiles"})
    told = Sample("1", {"question": "Melts <SMILES> OCC </SMILES> above 300 K?"}, "1")
    (found,) = Reader(task).about(told).things
    assert found == thing("CCO", "smiles")
    other = Sample("2", {"question": "Melts <SMILES>CCO</SMILES> above 300 K?"}, "1")
    assert Reader(task).about(told).subject == Reader(task).about(other).subject


def test_a_pair_is_the_same_in_either_order(make: Make) -> None:
    task = make("p", {}, inputs={"a": "protein", "b": "protein"})
    one = Reader(task).about(Sample("1", {"a": "MKT", "b": "GGG"}, "1"))
    other = Reader(task).about(Sample("2", {"a": "GGG", "b": "MKT"}, "1"))
    assert one.question == other.question
    assert len(one.things) == 2


@pytest.mark.parametrize("chain", ["MKTXGG", "M" + "KV" * 6_000, "MKT UGG"])
def test_a_sequence_with_an_unknown_letter_or_very_long_is_one_of_the_objects(
    make: Make, chain: str
) -> None:
    # Without it the row seemed to be about the other chain alone: a leak that was none.
    task = make("p", {}, inputs={"a": "protein", "b": "protein"})
    one, other, same = (
        Reader(task).about(Sample(row, {"a": text, "b": "GGG"}, "1"))
        for row, text in (("1", chain), ("2", f"{chain}X"), ("3", chain.lower()))
    )
    assert len(one.things) == 2
    assert one.subject == same.subject
    assert one.subject != other.subject


def test_a_material_to_design_is_its_reference_and_no_right_answer_by_itself(make: Make) -> None:
    task = make("m", {}, inputs={"elements": "text"}, answer=Material())
    about = Reader(task).about(Sample("1", {"elements": "Na, Cl"}, "Na Cl", "Na Cl <sg225>"))
    assert [t.kind for t in about.things] == [Kind.COMPOSITION, Kind.TEXT]
    assert about.subject is None
    assert Reader(task).about(Sample("1", {"elements": "Na, Cl"}, "Na Cl")).things[0].kind == "text"


FORWARD = Sample("1", {"smiles": "CC(=O)O.OCC"}, "CCOC(C)=O")
BACKWARD = Sample("1", {"smiles": "CCOC(C)=O"}, "CC(=O)O.OCC")
REAGENT = Sample("1", {"smiles": "CC(=O)O.OCC>>CCOC(C)=O"}, "OS(=O)(=O)O")
NAMED = Sample("1", {"product": "CCOC(C)=O", "reactants": "CC(=O)O.OCC"}, "0.9")


@pytest.mark.parametrize("sample", [FORWARD, BACKWARD, REAGENT, NAMED])
def test_a_reaction_is_told_by_its_product(make: Make, sample: Sample) -> None:
    inputs = dict.fromkeys(sample.inputs, "smiles")
    answer = NUMBER if sample is NAMED else Molecule()
    task = make("r", {}, domain=Domain.REACTION, inputs=inputs, answer=answer)
    about = Reader(task, gold_is_product(task, [sample])).about(sample)
    assert about.things == (thing("CCOC(C)=O", "smiles"),)
    assert about.subject == about.things[0].key


@pytest.mark.parametrize(
    ("inputs", "domain", "strict"),
    [
        ({"smiles": "smiles"}, Domain.MOLECULE, True),
        ({"smiles": "smiles", "assay": "text"}, Domain.MOLECULE, False),
        ({"smiles": "smiles", "note": "text"}, Domain.REACTION, True),
        ({"text": "text"}, Domain.TEXT, True),
    ],
)
def test_an_object_alone_leaks_unless_more_is_asked(
    make: Make, inputs: dict[str, str], domain: Domain, strict: bool
) -> None:
    assert Reader(make("s", {}, inputs=inputs, domain=domain)).strict is strict
