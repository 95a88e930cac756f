"""What must hold for every answer kind, whatever it reads."""

from __future__ import annotations

import pytest

from scireasoner.answers import (
    Answer,
    Boolean,
    Choice,
    Dna,
    EcNumbers,
    Entities,
    Equation,
    Formula,
    FreeText,
    IupacName,
    Label,
    LabelSet,
    Material,
    ModulusMaterial,
    Molecule,
    MoleculeSet,
    NovelMaterial,
    NovelMolecule,
    NovelProtein,
    NovelRna,
    Number,
    Numbers,
    PropertyLabel,
    PropertyValue,
    Protein,
    ProteinDesign,
    Relations,
    Rna,
    RnaDesign,
)
from scireasoner.science import names
from scireasoner.types import Fault

LYSOZYME = "KVFGRCELAAAMKRHGLDNYRGYSLGNWVCAAKFESNFNTQATNRNTDGSTDYGILQINSRWW"
TRNA = "GCGGAUUUAGCUCAGUUGGGAGAGCGCCAGACUGAAGAUCUGGAGGUCC"
# Kinds that accept any text, and kinds without a gold or with a gold that any text may be.
ANY_TEXT = (Entities, FreeText)
NO_GOLD = (NovelMolecule, NovelProtein, NovelRna, NovelMaterial)
HAIRPIN = "((((((....))))))"
# kind, gold (a constraint for designs), a right answer, a wrong but readable answer
CASES = [
    (Number("K", 0, 1000, 20, 5), "298.15", "298.15", "500"),
    (Boolean(), "True", "Yes", "No"),
    (Label(("alpha", "beta", "unknown")), "beta", "beta", "alpha"),
    (Entities("genes"), "BRCA1; TP53", "TP53; BRCA1", "BRCA1"),
    (Molecule(), "CCO", "OCC", "CCN"),
    (NovelMolecule(known=lambda: frozenset({"CCCCO"})), None, "CCOC(C)=O", "CCCCO"),
    (Formula(), "C6H12O6", "C6H12O6", "C6H12O5"),
    (IupacName(), "ethanol", "ethyl alcohol", "methanol"),
    (Protein(), "MKVLAT", "MKVLAT", "MKVLAA"),
    (Equation(), "C3H8 + O2 -> CO2 + H2O", "C3H8 + 5 O2 -> 3 CO2 + 4 H2O",
     "C3H8 + 5 O2 -> 3 CO2 + 3 H2O"),
    (Material(), "Ti O", "Ti O O <sg136>", "Ti Ti O"),
    (Numbers(("HK", "Dev"), (None, None), (-9, -9), (9, 9), (1, 1), (0.1, 0.1)), "0.5, -1.2",
     "HK: 0.5, Dev: -1.2", "HK: 0.5, Dev: 3"),
    (PropertyValue("band_gap", "eV", 0, 20, 1, 0.1), "1.2", "1.2", "2"),
    (PropertyLabel("is_stable", ("True", "False")), "True", "True", "False"),
    (Choice(), "B", "(B)", "(A)"),
    (Label(("Yes", "No", "Maybe"), leading=True), "Maybe", "Maybe", "No"),
    (LabelSet("marks", ",", labels=("m6A", "m5C", "Psi")), "m6A, Psi", "Psi, m6A", "m6A, m5C"),
    (EcNumbers(), "3.2.1.17", "EC 3.2.1.17", "3.2.1.18"),
    (Relations(("chemical", "disease")), "(a, b)", "(a, b)", "(a, c)"),
    (MoleculeSet(), "CCO.CN", "CN.OCC", "CN.CN"),
    (Dna(), "ACGTA", "ACGTA", "ACGTT"),
    (Rna(), "ACGUA", "ACGUA", "ACGUU"),
    (ProteinDesign(), LYSOZYME, LYSOZYME, LYSOZYME[::-1]),
    (NovelProtein(), None, LYSOZYME, "M" * 30),
    (NovelRna(), None, TRNA, "A" * 30),
    (NovelMaterial(), None, "Ti O O <sg> <sg136>", "Ti Ti O <sg> <sg136>"),
    (ModulusMaterial(), "210.5", "Ti O O <sg> <sg136>", "Ti Ti O <sg> <sg136>"),
    (FreeText(), "It binds zinc", "It binds zinc", "It breaks down sugar"),
    (RnaDesign(), HAIRPIN, "GGGGGGAAAACCCCCC", "AAAAAAAAAAAAAAAA"),
]  # fmt: skip
KINDS = [pytest.param(*case, id=case[0].kind) for case in CASES]


def like(kind: Answer, right: str, wrong: str) -> str:
    """Put a wrong answer into the tags of a right one (an equation would be balanced by write)."""
    written = kind.write(right)
    if not written.startswith("<"):
        return wrong
    return written[: written.index(">") + 1] + wrong + written[written.rindex("</") :]


@pytest.fixture(autouse=True)
def _needs_java(request: pytest.FixtureRequest) -> None:
    kind = request.getfixturevalue("kind") if "kind" in request.fixturenames else None
    if isinstance(kind, IupacName) and not names.available():
        pytest.skip("no Java on this machine: OPSIN cannot read names")


@pytest.mark.parametrize(("kind", "gold", "right", "wrong"), KINDS)
def test_a_right_answer_scores_one_and_a_wrong_one_less(
    kind: Answer, gold: str | None, right: str, wrong: str
) -> None:
    target = kind.read_gold(gold)
    assert not isinstance(target, Fault)
    value = kind.parse(kind.write(right))
    assert kind.compare(value, target) == (1.0, True)
    score, correct = kind.compare(kind.parse(like(kind, right, wrong)), target)
    assert not correct
    assert 0.0 <= score < 1.0


@pytest.mark.parametrize(("kind", "gold", "right", "wrong"), KINDS)
def test_the_answer_is_found_however_it_is_dressed(
    kind: Answer, gold: str | None, right: str, wrong: str
) -> None:
    written = kind.write(right)
    value = kind.parse(written)
    bare = right if "<" not in written else written[written.index(">") + 1 : written.rindex("</")]
    dressed = [
        f"  {written}\n",
        written.replace(">", "> ", 1).replace("</", " </") if "<" in written else written,
        bare,
        f"**{bare}**",
        f"`{bare}`",
        f"```\n{bare}\n```",
        f"\\boxed{{{bare}}}",
        f"The answer is {bare}.",
        f"**Answer:** {bare}",
        f"Final answer: **{bare}**",
    ]
    for text in dressed:
        assert kind.parse(text) == value, text


@pytest.mark.parametrize(("kind", "gold", "right", "wrong"), KINDS)
@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault.NO_ANSWER),
        (" \n ", Fault.NO_ANSWER),
        ("I do not know.", Fault.REFUSED),
        ("I'm sorry, but I cannot answer this question.", Fault.REFUSED),
        ("I cannot generate a molecule.", Fault.REFUSED),
        ("As an AI, I am unable to say.", Fault.REFUSED),
        ("The answer is: I don’t know", Fault.REFUSED),
        ("C" * 30_000, Fault.TOO_LONG),
    ],
)
def test_no_answer_is_a_named_fault(
    kind: Answer, gold: str | None, right: str, wrong: str, text: str, fault: Fault
) -> None:
    assert kind.parse(text) is fault


@pytest.mark.parametrize(("kind", "gold", "right", "wrong"), KINDS)
def test_equal_candidates_are_one_answer_and_different_ones_a_fault(
    kind: Answer, gold: str | None, right: str, wrong: str
) -> None:
    a, b = kind.write(right), like(kind, right, wrong)
    if "<" in a:
        assert kind.parse(f"{a}, that is, {a}") == kind.parse(a)
        assert kind.parse(f"{a} or {b}") is Fault.TWO_ANSWERS
    assert kind.parse(f"\\boxed{{{right}}} or \\boxed{{{wrong}}}") is Fault.TWO_ANSWERS


@pytest.mark.parametrize(("kind", "gold", "right", "wrong"), KINDS)
@pytest.mark.parametrize(
    "text",
    [
        "C(" * 8000, "(" * 19_999, "[" * 9000 + "]" * 9000, "**" * 9000, "`" * 19_000, "9" * 19_000,
        "\\boxed{" * 2500, "<SMILES>" * 2000, "answer is " * 1900, "\ud800", "a\x00b", "\x1b[2J",
        "e9" * 900, "1,000," * 3000, " ; " * 6000, "<think>" * 2000, "C" * 19_999, "\r\n" * 9000,
        "<sg999>", "<NUMBER>1e99999</NUMBER>", "<IUPAC>ethane\rmethane</IUPAC>", "Na0 Cl0", "A -> B",
    ],
)  # fmt: skip
def test_hostile_text_is_a_fault_and_never_an_exception(
    kind: Answer, gold: str | None, right: str, wrong: str, text: str
) -> None:
    value = kind.parse(text)
    if isinstance(kind, ANY_TEXT):
        assert value is not None
    else:
        assert isinstance(value, Fault)


@pytest.mark.parametrize(("kind", "gold", "right", "wrong"), KINDS)
def test_an_unreadable_gold_is_our_failure(
    kind: Answer, gold: str | None, right: str, wrong: str
) -> None:
    if gold is not None:
        assert kind.read_gold(None) is Fault.BAD_GOLD
    if not isinstance(kind, (Entities, *NO_GOLD)):
        assert kind.read_gold("??") is Fault.BAD_GOLD


@pytest.mark.parametrize(("kind", "gold", "right", "wrong"), KINDS)
def test_a_kind_says_how_it_wants_to_be_answered(
    kind: Answer, gold: str | None, right: str, wrong: str
) -> None:
    assert isinstance(kind, Answer)
    assert kind.rule
    assert not kind.rule.endswith(".")
    sentence = kind.asks()
    assert sentence.endswith(".")
    assert len(sentence) < 90
    if "<" in kind.write(right):
        tag = kind.write(right).split(">")[0] + ">"
        assert tag in sentence


def test_rules_name_tolerances() -> None:
    assert Number("K", 0, 1, 1, 0.5).rule == "within 0.5 K of the gold"
    assert PropertyValue("gap", tolerance=0.1).rule == "within 0.1 of the gold"
    assert Molecule(stereo=False).rule == "the same structure, whatever its stereochemistry"


def test_prompts_name_the_unit_and_the_labels() -> None:
    assert Number("K", 0, 1, 1, 0).asks() == "Answer in <NUMBER></NUMBER> (K)."
    assert Label(("yes", "no")).asks() == "Answer with one of: yes, no."
    assert Formula().asks() == "Answer in <MOLFORMULA></MOLFORMULA>."
