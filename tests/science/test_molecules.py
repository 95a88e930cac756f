from __future__ import annotations

import pytest

from scireasoner.errors import InputError
from scireasoner.science import formulas, molecules

ASPIRIN = "CC(=O)Oc1ccccc1C(=O)O"
ALANINE = "C[C@H](N)C(=O)O"


@pytest.mark.parametrize(
    ("smiles", "expected"),
    [
        ("OCC", "CCO"),
        ("C(O)C", "CCO"),
        (" CCO\n", "CCO"),
        ("[CH3:1][OH:2]", "CO"),
        ("[CH3:1][C@H:2]([CH3:3])O", "CC(C)O"),  # no stereocentre without the maps
        ("[CH3:1]/[CH:2]=[C:3](/[CH3:4])[CH3:5]", "CC=C(C)C"),
        ("[CH3:1][C@@H:2]([NH2:3])[C:4](=[O:5])[OH:6]", "C[C@@H](N)C(=O)O"),
        ("C1=CC=CC=C1", "c1ccccc1"),
        ("[Na+].[Cl-]", "[Cl-].[Na+]"),
        ("[2H]O", "[2H]O"),
        ("C#0.C0", "C#C"),
    ],
)
def test_canonical_smiles(smiles: str, expected: str) -> None:
    assert molecules.canonical(smiles) == expected


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        "   ",
        "CCO is ethanol",
        "CCO\nCCC",
        "CCO |$a$|",
        "CC>>CO",
        "*",
        "*CC*",
        "[#0]CC",
        "C1CC",
        "F(C)(C)C",
        "c1cccc1",
        "hello",
        "CC\ud800O",
        "CCÖ",
        "C\0C",
        "C" * 301,
        "C" * 100_000,
        "C(" * 20_000 + "C" + ")" * 20_000,
        "C(" * 150 + "C" + ")" * 150,
    ],
)
def test_no_molecule_gives_none_and_no_crash(hostile: str) -> None:
    assert molecules.canonical(hostile) is None
    assert molecules.skeleton(hostile) is None
    assert molecules.formula(hostile) is None
    assert molecules.svg(hostile, 100, 100) is None
    assert molecules.heavy_atoms(hostile) == 0
    assert molecules.descriptors(hostile) == {}
    assert molecules.similarity(hostile, "CCO") == 0.0
    assert molecules.similarity(hostile, hostile) == 0.0
    with pytest.raises(InputError, match="SMILES"):
        molecules.randomise(hostile, 0)


@pytest.mark.parametrize(
    ("smiles", "expected"),
    [
        ("O", "H2O"),
        (ASPIRIN, "C9H8O4"),
        ("CC(=O)[O-]", "C2H3O2-"),
        ("[Ca+2]", "Ca+2"),
        ("[2H]C([2H])([2H])[2H]", "CH4"),
        ("[Na+].[Cl-]", "ClNa"),
    ],
)
def test_formula_counts_every_atom(smiles: str, expected: str) -> None:
    counts = molecules.formula(smiles)
    assert counts is not None
    assert formulas.hill(counts) == expected


def test_formula_equals_rdkit() -> None:
    from rdkit import Chem
    from rdkit.Chem.rdMolDescriptors import CalcMolFormula

    for smiles in (
        "CN1C=NC2=C1C(=O)N(C(=O)N2C)C",
        "OS(=O)(=O)O",
        "[NH4+]",
        "ClC(Br)I",
        "[O-][N+]=O",
    ):
        counts = molecules.formula(smiles)
        assert counts is not None
        assert formulas.hill(counts) == CalcMolFormula(Chem.MolFromSmiles(smiles))


def test_skeleton_forgets_stereo_and_canonical_keeps_it() -> None:
    mirror = ALANINE.replace("@", "@@")
    assert molecules.canonical(ALANINE) != molecules.canonical(mirror)
    assert molecules.skeleton(ALANINE) == molecules.skeleton(mirror) == "CC(N)C(=O)O"


@pytest.mark.parametrize(
    ("smiles", "expected"),
    [
        ("[13CH3]CO", "CCO"),
        ("[2H]C([2H])O", "CO"),
        ("[2H]O[2H]", "O"),
        ("C[C@H]([2H])O", "CCO"),
        ("C[C@H]([13CH3])O", "CC(C)O"),
        ("[13CH3][C@@H](N)C(=O)O", ALANINE.replace("@", "@@")),
        ("[CH2]CO", "CCO"),
        ("C[C]C", "CCC"),
        ("CC[O]", "CCO"),
        ("[c]1ccccc1", "c1ccccc1"),
        ("CC1(C)CCCC(C)(C)N1[O]", "CC1(C)CCCC(C)(C)N1O"),
        # nothing to take off
        (ALANINE, ALANINE),
        ("CC[NH3+]", "CC[NH3+]"),
        ("c1cc[nH]c1", "c1cc[nH]c1"),
        ("[C-]#[O+]", "[C-]#[O+]"),
        ("C[N+](=O)[O-]", "C[N+](=O)[O-]"),
        ("no molecule", "no molecule"),
        ("[no", "[no"),
    ],
)
def test_the_parent_has_no_label_and_no_unpaired_electron(smiles: str, expected: str) -> None:
    assert molecules.parent(smiles) == (molecules.canonical(expected) or expected)


def test_similarity_is_one_for_spellings_and_lower_for_others() -> None:
    assert molecules.similarity("OCC", "CCO") == 1.0
    assert molecules.similarity("CCO", "CCN") == pytest.approx(1 / 3)
    assert 0 < molecules.similarity(ASPIRIN, "OC(=O)c1ccccc1O") < 1
    assert molecules.similarity("C", "[Na+].[Cl-]") == 0.0


@pytest.mark.parametrize("smiles", [ASPIRIN, ALANINE, "F/C=C/F", "[Na+].[Cl-]", "C"])
def test_random_smiles_are_the_same_molecule_and_fixed_by_the_seed(smiles: str) -> None:
    drawn = [molecules.randomise(smiles, seed) for seed in range(20)]
    assert drawn == [molecules.randomise(smiles, seed) for seed in range(20)]
    assert {molecules.canonical(text) for text in drawn} == {molecules.canonical(smiles)}


def test_random_smiles_differ_between_seeds() -> None:
    assert len({molecules.randomise(ASPIRIN, seed) for seed in range(20)}) > 10


def test_descriptors_of_phenol() -> None:
    from rdkit import Chem
    from rdkit.Chem import Descriptors

    found = molecules.descriptors("Oc1ccccc1")
    assert found["mol_weight"] == pytest.approx(Descriptors.MolWt(Chem.MolFromSmiles("Oc1ccccc1")))
    assert found["logp"] == pytest.approx(1.3922)
    assert found["aromatic_proportion"] == pytest.approx(6 / 7)
    assert (found["rings"], found["aromatic_atoms"], found["h_donors"]) == (1, 6, 1)


def test_drawing_is_svg_and_large_molecules_are_not_drawn() -> None:
    drawing = molecules.svg(ASPIRIN, 200, 150)
    assert drawing is not None
    assert "<svg" in drawing
    assert "width='200px'" in drawing
    assert molecules.svg("C" * 250, 200, 150) is None
    assert molecules.heavy_atoms("C" * 250) == 250


def test_rdkit_is_silent_about_bad_smiles(capfd: pytest.CaptureFixture[str]) -> None:
    assert molecules.canonical("C1CC(") is None
    assert capfd.readouterr().err == ""
