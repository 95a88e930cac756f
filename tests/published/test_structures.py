"""Forms of molecules that released evaluators compare, and what is kept away from RDKit."""

from __future__ import annotations

import pytest

from scireasoner.published import structures


@pytest.mark.parametrize(
    ("smiles", "form"),
    [
        ("OCC", "CCO"),
        ("c1ccccc1", "C1=CC=CC=C1"),
        ("O.CCO", "CCO.O"),
        ("[CH3:1]O", "CO"),
        ("[13CH3][2H]", "C"),
        ("C[C@H](N)C(=O)O", "C[C@H](N)C(=O)O"),
        ("[CH3]", "C"),
        ("nonsense.CCO", "nonsense"),
        ("CCO.nonsense", "nonsense"),
        ("CCO.", None),
        ("", None),
    ],
)
def test_kekulised(smiles: str, form: str | None) -> None:
    assert structures.kekulised(smiles) == form


@pytest.mark.parametrize(
    "smiles",
    [
        "C(" * 20_000 + "C" + ")" * 20_000,
        "C(" * 1_100 + "C" + ")" * 1_100,
        "C" * 100_000,
        "C\ud800",
    ],
    ids=["deep and long", "deep", "long", "lone surrogate"],
)
def test_what_can_kill_rdkit_is_unreadable(smiles: str) -> None:
    assert structures.molecule(smiles) is None
    assert structures.kekulised(smiles) == smiles
    assert structures.inchi(smiles) == ""
    assert structures.unmapped(smiles) == ""
    assert structures.flat(smiles) is None


def test_titles_may_be_long() -> None:
    assert structures.molecule("CCO " + "ethanol — " * 2_000) is not None


@pytest.mark.parametrize(
    ("a", "b", "alike"),
    [
        ("CCO", "OCC", (1.0, 1.0, 1.0)),
        ("C", "C", (1.0, 0.0, 1.0)),  # one atom has no path to share
        ("*CC", "CC*", (1.0, 1.0, 1.0)),
    ],
)
def test_likeness(a: str, b: str, alike: tuple[float, ...]) -> None:
    assert structures.likeness(a, b) == pytest.approx(alike)


def test_a_tangle_is_like_nothing() -> None:
    from rdkit import Chem

    atoms = 11
    tangle = Chem.RWMol()
    for _ in range(atoms):
        tangle.AddAtom(Chem.Atom("U"))
    for i in range(atoms):
        for j in range(i):
            tangle.AddBond(i, j, Chem.BondType.SINGLE)
    smiles = Chem.MolToSmiles(tangle)
    assert structures.shared(smiles) is not None
    assert structures.likeness(smiles, smiles) == (0.0, 0.0, 0.0)
