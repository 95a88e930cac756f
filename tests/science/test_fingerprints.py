"""Similarities of molecules against RDKit called directly, and molecules that would hang it."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from typing import Any

import pytest
from rdkit import Chem, DataStructs
from rdkit.Chem import MACCSkeys, rdFingerprintGenerator

from scireasoner.science import fingerprints, molecules

SMILES = (
    "CCO", "OCC", "c1ccccc1O", "CC(=O)Oc1ccccc1C(=O)O", "CN1C=NC2=C1C(=O)N(C)C(=O)N2C",
    "C[C@H](N)C(=O)O", "C[C@@H](N)C(=O)O", "[Na+].[Cl-]", "F[P-](F)(F)(F)(F)F", "FS(F)(F)(F)(F)F",
    "CC(C)CC1=CC=C(C=C1)C(C)C(=O)O", "OC[C@H]1OC(O)[C@H](O)[C@@H](O)[C@@H]1O", "[13CH4]", "C#N",
)  # fmt: skip
MORGAN = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048)

KINDS: list[tuple[str, Callable[[str, str], float], Callable[[Any], Any]]] = [
    ("maccs", fingerprints.maccs, MACCSkeys.GenMACCSKeys),
    ("rdk", fingerprints.rdk, Chem.RDKFingerprint),
    ("morgan", fingerprints.morgan, MORGAN.GetFingerprint),
    (
        "morgan counts",
        lambda a, b: fingerprints.morgan(a, b, counts=True),
        MORGAN.GetSparseCountFingerprint,
    ),
    (
        "morgan radius 3",
        lambda a, b: fingerprints.morgan(a, b, radius=3),
        rdFingerprintGenerator.GetMorganGenerator(radius=3, fpSize=2048).GetFingerprint,
    ),
]


@pytest.mark.parametrize(("name", "ours", "make"), KINDS, ids=[kind[0] for kind in KINDS])
def test_similarity_is_tanimoto_of_rdkits_fingerprints(
    name: str, ours: Callable[[str, str], float], make: Callable[[Any], Any]
) -> None:
    prints = {smiles: make(Chem.MolFromSmiles(smiles)) for smiles in SMILES}
    for a, b in itertools.product(SMILES, SMILES):
        same = molecules.canonical(a) == molecules.canonical(b)
        expected = 1.0 if same else DataStructs.TanimotoSimilarity(prints[a], prints[b])
        assert ours(a, b) == expected, (a, b)


@pytest.mark.parametrize("odd", ["", "CCO ethanol", "hello", "*CC", "C(" * 20_000, "CCO\ud800"])
def test_what_is_no_molecule_is_like_nothing(odd: str) -> None:
    for _, ours, _ in KINDS:
        assert ours(odd, "CCO") == ours("CCO", odd) == ours(odd, odd) == 0.0
    assert fingerprints.bits(odd) is None


def knot(n: int) -> str:
    """n uranium atoms, each bonded to all others."""
    pairs = list(itertools.combinations(range(n), 2))
    ring = {pair: f"%{10 + i}" for i, pair in enumerate(pairs)}
    atoms = ["[U]" + "".join(ring[p] for p in pairs if i in p) for i in range(n)]
    return ".".join(atoms)


@pytest.mark.parametrize("ours", [fingerprints.maccs, fingerprints.rdk])
@pytest.mark.parametrize(
    ("smiles", "tangled"),
    [
        (knot(12), True),
        ("[U]" + "(C)" * 40, True),
        ("C" + "([U](C)(C)(C)(C)C)" * 3 + "C", False),
        ("F[P-](F)(F)(F)(F)F.F[P-](F)(F)(F)(F)F.C[N+](C)(C)C.C[N+](C)(C)C", False),
    ],
)
def test_a_tangled_molecule_is_like_itself_alone_and_answers_at_once(
    ours: Callable[[str, str], float], smiles: str, tangled: bool
) -> None:
    canonical = molecules.canonical(smiles)
    assert canonical is not None
    assert fingerprints.tangled(canonical) is tangled
    start = time.process_time()
    assert (ours(smiles, "CCN(C)C") == 0.0) or not tangled
    assert ours(smiles, smiles) == 1.0
    assert time.process_time() - start < 2


def test_packed_bits_are_the_fingerprint() -> None:
    packed = fingerprints.bits("OCC")
    assert packed is not None
    assert len(packed) == 256
    ones = MORGAN.GetFingerprint(Chem.MolFromSmiles("CCO")).GetNumOnBits()
    assert int.from_bytes(packed).bit_count() == ones


@pytest.mark.parametrize(("a", "b", "edits"), [("CCO", "CCO", 0), ("CCO", "CCN", 1), ("", "CC", 2)])
def test_levenshtein(a: str, b: str, edits: int) -> None:
    assert fingerprints.levenshtein(a, b) == edits
