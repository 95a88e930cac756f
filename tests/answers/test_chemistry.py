"""Molecules, formulas, names, equations, materials."""

from __future__ import annotations

import pytest

from scireasoner.answers import (
    Equation,
    Formula,
    IupacName,
    Material,
    ModulusMaterial,
    Molecule,
    MoleculeSet,
    NovelMaterial,
    NovelMolecule,
)
from scireasoner.science import names
from scireasoner.types import Fault


def scored(kind: object, answer: str, gold: str) -> tuple[float, bool]:
    value, target = kind.parse(answer), kind.read_gold(gold)  # type: ignore[attr-defined]
    assert not isinstance(value, Fault), value
    assert not isinstance(target, Fault), target
    return kind.compare(value, target)  # type: ignore[attr-defined,no-any-return]


@pytest.mark.parametrize(
    "text",
    ["CCO is ethanol", "CCO\nCCC", "CCO |$a$|", "*", "C1CC", "Done", "xx", "CCO and more text"],
)
def test_what_is_not_one_smiles_is_invalid(text: str) -> None:
    assert Molecule().parse(f"<SMILES>{text}</SMILES>") is Fault.INVALID_MOLECULE


@pytest.mark.parametrize(
    ("answer", "gold", "correct"),
    [
        ("OCC", "CCO", True),
        ("C1=CC=CC=C1", "c1ccccc1", True),
        ("CCO.CCO", "CCO", False),  # multiplicity counts
        ("C[C@H](N)C(=O)O", "C[C@@H](N)C(=O)O", False),  # stereochemistry counts
        ("CC(N)C(=O)O", "C[C@@H](N)C(=O)O", False),
        ("[13CH4]", "C", False),
        ("[O-]C=O", "OC=O", False),
    ],
)
def test_molecules_are_compared_whole(answer: str, gold: str, correct: bool) -> None:
    score, verdict = scored(Molecule(), f"<SMILES>{answer}</SMILES>", gold)
    assert verdict is correct
    assert (score == 1.0) is correct
    assert score <= 0.85 or correct


def test_a_more_similar_molecule_scores_more() -> None:
    near = scored(Molecule(), "<SMILES>CCCCCCO</SMILES>", "CCCCCO")[0]
    far = scored(Molecule(), "<SMILES>c1ccncc1</SMILES>", "CCCCCO")[0]
    assert 0.05 <= far < near <= 0.85


@pytest.mark.parametrize(
    ("answer", "gold", "correct"),
    [
        ("C[C@H](N)C(=O)O", "C[C@@H](N)C(=O)O", True),
        ("CC(N)C(=O)O", "C[C@@H](N)C(=O)O", True),
        ("F/C=C/F", "FC=CF", True),
        ("FC=CF", "FCCF", False),
    ],
)
def test_stereochemistry_may_be_left_out(answer: str, gold: str, correct: bool) -> None:
    kinds = (Molecule(stereo=False), MoleculeSet(stereo=False))
    for kind in kinds:
        assert scored(kind, f"<SMILES>{answer}</SMILES>", gold)[1] is correct


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("CCO.CN", "CCO.CN"),
        ("CN;OCC", "CCO.CN"),
        ("CN ; OCC", "CCO.CN"),
        ("CN . OCC", "CCO.CN"),
        ("CCO.CCO", "CCO.CCO"),  # published: the same as CCO
        ("CCO", "CCO"),
        ("[Na+].[OH-].CO", "CO.[Na+].[OH-]"),
        ("[CH3:1][OH:2].[NH3:3]", "CO.N"),
        ("C1.C1", "CC"),  # a ring closed across a dot is one molecule
        ("C1;C1", Fault.INVALID_MOLECULE),
        ("CCO;", Fault.INVALID_MOLECULE),
        ("CCO..CN", Fault.INVALID_MOLECULE),
        ("CCO + CN", Fault.INVALID_MOLECULE),
        ("CCO and CN", Fault.INVALID_MOLECULE),
        ("CCO.C1CC", Fault.INVALID_MOLECULE),  # published: counts as an answer
        ("CCO>>CN", Fault.INVALID_MOLECULE),
        (".".join(["C"] * 400), Fault.INVALID_MOLECULE),
    ],
)
def test_several_molecules_are_one_answer(text: str, value: str | Fault) -> None:
    assert MoleculeSet().parse(f"<SMILES>{text}</SMILES>") == value


@pytest.mark.parametrize(
    ("answer", "gold", "score"),
    [
        ("CCO.CN", "CN.OCC", 1.0),
        ("CCO.CCO", "CCO", 0.05 + 0.8 * 2 / 3),
        ("CCO", "CCO.CN", 0.05 + 0.8 * 2 / 3),
        ("CCO.CCO.CCO", "CCO.CCO", 0.05 + 0.8 * 4 / 5),
    ],
)
def test_molecules_score_by_their_matching(answer: str, gold: str, score: float) -> None:
    found = scored(MoleculeSet(), f"<SMILES>{answer}</SMILES>", gold)
    assert found == (pytest.approx(score), score == 1.0)


def test_atom_maps_may_be_refused() -> None:
    assert MoleculeSet(atom_maps=False).parse("[CH3:1][OH:2]") is Fault.INVALID_MOLECULE
    assert MoleculeSet(atom_maps=False).parse("c1:c:c:c:c:c1") == "c1ccccc1"
    assert MoleculeSet().write("CCO; CN") == "<SMILES>CCO.CN</SMILES>"
    near = scored(MoleculeSet(), "CCCCCO.CN", "CCCCCCO.CN")[0]
    far = scored(MoleculeSet(), "c1ccncc1.CN", "CCCCCCO.CN")[0]
    assert far < near <= 0.85


def test_three_spellings_are_one_answer() -> None:
    text = "<SMILES>CCO</SMILES> = <SMILES>OCC</SMILES> = <SMILES>C(C)O</SMILES>"
    assert Molecule().parse(text) == "CCO"
    assert Molecule().parse("<SMILES>CCO</SMILES> <SMILES>C(</SMILES>") is Fault.TWO_ANSWERS


@pytest.mark.parametrize(
    ("smiles", "correct"),
    [
        ("CCOC(C)=O", True),
        ("CCCCO", False),  # known
        ("C[C@H:1]([CH3:2])CO", False),  # known: maps make no stereocentre
        ("[13CH3]CCCO", False),  # known but for a label
        ("[2H]C([2H])([2H])CCCO", False),
        ("C[C@H]([2H])CCO", False),  # the label alone makes the centre
        ("CCCC[O]", False),  # known but for an unpaired electron
        ("[CH2]CCCO", False),
        ("C[C]CCO", False),
        ("[13CH3]C[CH]CO", False),
        ("CCCC[Si]", False),  # known as it is
        ("CCCCS", False),  # known with a label
        ("CC[13CH2]CS", False),
        ("CCCCN", True),
        ("[13CH3]CCCN", True),
        ("CCO", False),  # three heavy atoms
        ("C" * 41, False),
        ("CCCC[NH3+]", False),
        ("CCCC.O", False),
        ("NNNN", False),  # no carbon
        ("[NH3+]CC([O-])=O", True),  # a neutral zwitterion
    ],
)
def test_a_new_molecule_is_plausible_and_unknown(smiles: str, correct: bool) -> None:
    kind = NovelMolecule(known=lambda: frozenset({"CCCCO", "CC(C)CO", "[13CH3]CCCS", "CCCC[Si]"}))
    value = kind.parse(f"<SMILES>{smiles}</SMILES>")
    assert kind.compare(value, kind.read_gold(None)) == ((1.0, True) if correct else (0.3, False))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("H6C6", "C6H6"),
        ("C_{6}H_6", "C6H6"),
        ("C₆H₆", "C6H6"),
        ("$\\text{C}_6\\text{H}_{6}$", "C6H6"),
        ("\\mathrm{C}_6\\,\\mathrm{H_6}", "C6H6"),
        ("\\boxed{\\mathrm{C_{6}H_{6}}}", "C6H6"),
        ("Fe(CN)6", "C6FeN6"),
        ("C6H6zzz", Fault.INVALID_FORMULA),
        ("Xx2", Fault.INVALID_FORMULA),
        ("Done", Fault.INVALID_FORMULA),  # published: Do
        ("Done.", Fault.INVALID_FORMULA),
        ("The molecular formula is C6H6.", "C6H6"),
        ("Formula: C_{6}H_{6}", "C6H6"),
        ("The molecular formula for benzene is: $C_6H_6$.", "C6H6"),
        ("C<sub>6</sub>H<sub>6</sub>", "C6H6"),
        ("<MOLFORMULA>SO<sub>4</sub><sup>2-</sup></MOLFORMULA>", "O4S-2"),
        ("The formula of the product is **C6H6**.", "C6H6"),
        ("The formula is not C6H6.", Fault.INVALID_FORMULA),
        ("<MOLFORMULA>C6 H6</MOLFORMULA>", "C6H6"),
        ("C" * 30_000, Fault.TOO_LONG),
        ("The molecule is benzene", Fault.INVALID_FORMULA),
        ("C6H6 or C6H12", Fault.INVALID_FORMULA),
        ("**C6H6** or **C6H12**", Fault.TWO_ANSWERS),
        ("C6H6\n\nThe answer is C6H6.", "C6H6"),
    ],
)
def test_formulas_are_read_in_any_order_and_typesetting(text: str, value: str | Fault) -> None:
    assert Formula().parse(text) == value


def test_a_formula_with_more_atoms_in_common_scores_more() -> None:
    near, far = (scored(Formula(), text, "C6H12O6")[0] for text in ("C6H12O5", "CH4"))
    assert 0 <= far < near < 0.9


@pytest.mark.skipif(
    not names.available(), reason="no Java on this machine: OPSIN cannot read names"
)
def test_any_correct_name_of_the_molecule_is_correct() -> None:
    kind = IupacName()
    assert scored(kind, "<IUPAC>propan-2-one</IUPAC>", "acetone") == (1.0, True)
    assert scored(kind, "<IUPAC>Propan-2-one</IUPAC>", "propan-2-one") == (1.0, True)
    assert scored(kind, "<IUPAC>butan-2-one</IUPAC>", "propan-2-one")[0] <= 0.85
    assert kind.parse("<IUPAC>blorbane</IUPAC>") is Fault.INVALID_NAME
    assert kind.parse("<IUPAC>" + "methyl" * 200 + "</IUPAC>") is Fault.INVALID_NAME


PROPANE = "C3H8 + O2 -> CO2 + H2O"


@pytest.mark.parametrize(
    ("answer", "score", "correct"),
    [
        ("C3H8 + 5 O2 -> 3 CO2 + 4 H2O", 1.0, True),
        ("5O2 + C3H8 = 4H2O + 3CO2", 1.0, True),
        ("C3H8 + 5 O2 \u2192 3 CO2 + 4 OH2", 1.0, True),  # the same species by its atoms
        ("C_3H_8 + 5 O_2 -> 3 CO_2 + 4 H_2O", 1.0, True),
        ("\\ce{C3H8} + 5\\,\\ce{O2} \\to 3\\,\\ce{CO2} + 4\\,\\ce{H2O}", 1.0, True),
        (
            "$\\text{C}_3\\text{H}_8 + 5\\,\\text{O}_2 \\to 3\\text{CO}_2 + 4\\text{H}_2\\text{O}$",
            1.0,
            True,
        ),
        ("2 C3H8 + 10 O2 -> 6 CO2 + 8 H2O", 0.95, False),
        (PROPANE, 0.0, False),  # repeating the question earns nothing
        ("CH4 + 2 O2 -> CO2 + 2 H2O", 0.0, False),  # balanced, but another reaction
        ("3 CO2 + 4 H2O -> C3H8 + 5 O2", 0.0, False),
    ],
)
def test_an_equation_is_the_asked_one_balanced(answer: str, score: float, correct: bool) -> None:
    assert scored(Equation(), f"<equation>{answer}</equation>", PROPANE) == (score, correct)


def test_removing_more_of_the_imbalance_scores_more() -> None:
    answers = (
        "C3H8 + O2 -> 3 CO2 + H2O",
        "C3H8 + O2 -> 3 CO2 + 4 H2O",
        "C3H8 + 4 O2 -> 3 CO2 + 4 H2O",
    )
    scores = [scored(Equation(), f"<equation>{a}</equation>", PROPANE)[0] for a in answers]
    assert all(0 <= score < 0.9 for score in scores)
    assert scores[-1] == max(scores) > 0.5


@pytest.mark.parametrize(
    "text", ["C3H8 + 5 O2", "a -> b", "C3H8 + 2.5 O2 -> CO2", "0 C3H8 + O2 -> CO2 + H2O", "-> H2O"]
)
def test_what_is_no_equation_is_a_fault(text: str) -> None:
    assert Equation().parse(f"<equation>{text}</equation>") is Fault.INVALID_REACTION


def test_the_written_equation_is_balanced_and_a_hopeless_gold_is_bad() -> None:
    kind = Equation()
    assert kind.write(PROPANE) == "<equation>C3H8 + 5 O2 -> 3 CO2 + 4 H2O</equation>"
    assert kind.write("2 H2 + O2 -> 2 H2O") == "<equation>2 H2 + O2 -> 2 H2O</equation>"
    assert kind.read_gold("H2 -> O2") is Fault.BAD_GOLD
    assert kind.read_gold("MnO4- + Fe^2+ + H+ -> Mn^2+ + Fe^3+ + H2O") is not Fault.BAD_GOLD


@pytest.mark.parametrize(
    ("answer", "gold", "correct"),
    [
        ("Na Cl", "Na Cl", True),
        ("Na Cl <sg225>", "Cl Na", True),
        ("NaCl", "Na Cl", True),
        ("Ti1 O2", "Ti O", True),
        ("Ti1 O1", "Ti Cl", False),
        ("TiO2 <sg136>", "Ti O", True),
        ("\\text{TiO}_2 <sg136>", "Ti O", True),
        ("Ti O O <sg> <sg136>", "Ti O", True),  # as published
        ("Ti O O<sg><sg136>", "Ti O", True),
        ("Ti O O \u27e8sg\u27e9 \u27e8sg136\u27e9", "Ti O", True),
        ("Na Na Cl", "Na Cl", False),  # not neutral
        ("K Na Cl Cl", "Na Cl", False),  # an extra element
        ("Na", "Na Cl", False),
        ("Fe Ni", "Fe Ni", False),  # an alloy is no compound
    ],
)
def test_a_material_has_the_requested_elements_and_no_charge(
    answer: str, gold: str, correct: bool
) -> None:
    score, verdict = scored(Material(), f"<material>{answer}</material>", gold)
    assert verdict is correct
    assert score == 1.0 if correct else score <= 0.3


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        ("Na Cl", "Cl Na", True),
        ("Na Cl", "NaCl <sg225>", True),  # the space group leaves the ratio as it is
        ("Ca O", "Mg O", True),  # other elements in the same ratio
        ("Fe2O3", "Fe3O4", False),
        ("Fe O", "Fe O O", False),
        ("Ti O O", "TiO2", True),
    ],
)
def test_materials_of_one_ratio_are_alike(first: str, second: str, alike: bool) -> None:
    kind = Material()
    a, b = (kind.parse(f"<material>{text}</material>") for text in (first, second))
    assert isinstance(a, str)
    assert isinstance(b, str)
    assert (kind.alike(a) == kind.alike(b)) is alike


@pytest.mark.parametrize(
    "text", ["Xx Cl", "Na Cl <sg999>", "Na0Cl0", "Na1e400", "NaCl and more", "Na999Cl999"]
)
def test_what_is_no_material_is_a_fault(text: str) -> None:
    assert Material().parse(f"<material>{text}</material>") is Fault.INVALID_MATERIAL


def test_extra_elements_cost() -> None:
    scores = [
        scored(Material(), f"<material>{text}</material>", "Na Cl")[0]
        for text in ("Na Na Cl", "K Na Cl Cl", "K Li Na Cl Cl Cl", "Fe O")
    ]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


@pytest.mark.parametrize(
    ("answer", "score"),
    [
        ("Ti O O <sg> <sg136>", 1.0),
        ("Ti O O <sg136>", 1.0),
        ("Ti O O", 0.3),  # no space group
        ("Ti Ti Ti O <sg136>", 0.3),  # not neutral
        ("Na <sg229>", 0.3),  # SMACT accepts every element and every alloy
        ("Fe Ni <sg225>", 0.3),
        ("He He <sg225>", 0.3),
        ("Ti O O <sg231>", None),
        ("Xx O <sg1>", None),
        ("Na0 Cl0 <sg1>", None),
        ("Na1e400 <sg1>", None),
    ],
)
def test_a_new_material_is_plausible(answer: str, score: float | None) -> None:
    kind = NovelMaterial()
    value = kind.parse(f"<material>{answer}</material>")
    if score is None:
        assert value is Fault.INVALID_MATERIAL
    else:
        assert kind.compare(value, kind.read_gold(None)) == (score, score == 1.0)


@pytest.mark.parametrize(
    ("answer", "score"),
    [
        ("Ti O O <sg> <sg136>", 1.0),
        ("Fe Ni <sg225>", 1.0),  # alloys have known moduli
        ("Na <sg229>", 0.3),
        ("Ti Ti Ti O <sg136>", 0.3),
    ],
)
def test_a_material_for_a_modulus_is_smact_valid(answer: str, score: float) -> None:
    assert scored(ModulusMaterial(), f"<material>{answer}</material>", "180.5") == (
        score,
        score == 1.0,
    )


def test_materials_are_asked_for_and_written_as_published() -> None:
    kind = NovelMaterial()
    assert kind.write("Ti O O <sg136>") == "<material>Ti O O <sg> <sg136></material>"
    assert kind.write("Ti O O <sg> <sg136>") == "<material>Ti O O <sg> <sg136></material>"
    assert kind.write("TiO2 <sg136>") == "<material>Ti O O <sg> <sg136></material>"
    assert kind.asks() == ModulusMaterial().asks()
    for gold in (None, "", "x", "0", "-5", "nan", "1e9"):
        assert ModulusMaterial().read_gold(gold) is Fault.BAD_GOLD
    assert NovelMaterial(alloys=True).compare("Fe Ni <sg225>", None) == (1.0, True)
