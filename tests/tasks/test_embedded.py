"""Rows against outside tools and known chemistry."""

from __future__ import annotations

import statistics
from pathlib import Path
from random import Random

import pytest

from scireasoner.answers import Number
from scireasoner.artifacts import read_jsonl
from scireasoner.science import formulas, molecules, nucleotides, reactions
from scireasoner.tasks import build_embedded, get, select
from scireasoner.tasks.embedded.composition_rows import smallest
from scireasoner.tasks.embedded.compounds import modern
from scireasoner.tasks.embedded.reaction_rows import acid, salt
from scireasoner.tasks.embedded.rna_rows import hairpin, sequence_for
from scireasoner.tasks.embedded.sequence_rows import codons, sites
from scireasoner.types import Split


@pytest.mark.parametrize(
    ("cation", "anion", "formula"),
    [
        ("Na", "Cl", "NaCl"),
        ("Al", "SO4", "Al2(SO4)3"),
        ("Ca", "PO4", "Ca3(PO4)2"),
        ("NH4", "SO4", "(NH4)2SO4"),
        ("Fe", "Cl", "FeCl3"),
        ("Mg", "S", "MgS"),
        ("Ag", "S", "Ag2S"),
        ("Al", "S", "Al2S3"),
    ],
)
def test_salts_are_neutral(cation: str, anion: str, formula: str) -> None:
    assert salt(cation, anion) == formula


@pytest.mark.parametrize(
    ("anion", "formula"), [("Cl", "HCl"), ("SO4", "H2SO4"), ("PO4", "H3PO4"), ("S", "H2S")]
)
def test_acids(anion: str, formula: str) -> None:
    assert acid(anion) == formula


@pytest.mark.parametrize(
    ("listed", "current"),
    [
        ("1-azanylpropan-2-ol", "1-aminopropan-2-ol"),
        ("1,2-bis(chloranyl)ethane", "1,2-dichloroethane"),
        ("2-oxidanylidenepropanoic acid", "2-oxopropanoic acid"),
        ("n,n-dimethylmethanamide", "N,N-dimethylmethanamide"),
        ("6-propoxy-7h-purine", "6-propoxy-7H-purine"),
        ("(e)-but-2-ene", "(E)-but-2-ene"),
        ("pentan-1-ol", "pentan-1-ol"),
    ],
)
def test_names_in_current_spelling(listed: str, current: str) -> None:
    assert modern(listed) == current


@pytest.mark.parametrize(
    ("elements", "counts"),
    [
        (("Ti", "O"), {"Ti": 1, "O": 2}),
        (("Al", "O"), {"Al": 2, "O": 3}),
        (("Ca", "F"), {"Ca": 1, "F": 2}),
        (("Sr", "Ti", "O"), {"Sr": 1, "Ti": 1, "O": 3}),
    ],
)
def test_known_compositions(elements: tuple[str, ...], counts: dict[str, int]) -> None:
    assert smallest(elements) == counts


def test_sites_and_codons_are_those_of_the_textbook() -> None:
    assert sites() == {
        "EcoRI": "GAATTC",
        "BamHI": "GGATCC",
        "HindIII": "AAGCTT",
        "PstI": "CTGCAG",
    }
    assert set(codons()["*"]) == {"TAA", "TAG", "TGA"}
    assert codons()["M"] == ("ATG",)
    assert sum(len(triplets) for triplets in codons().values()) == 64


def test_hairpins_are_balanced_and_pair() -> None:
    rng = Random(0)
    for _ in range(200):
        target = hairpin(rng, 12, 24)
        assert 12 <= len(target) <= 24
        rna = sequence_for(target, rng)
        for i, j in nucleotides.pairs(target) or ():
            assert rna[i] + rna[j] in {"GC", "CG", "AU", "UA", "GU", "UG"}


@pytest.mark.usefixtures("data_root")
def test_formulas_are_those_of_the_molecule() -> None:
    for sample in get("smiles_to_formula").samples(Split.TRAIN):
        counts = molecules.formula(sample.inputs["smiles"])
        assert counts is not None
        assert formulas.hill(counts) == sample.gold
        assert 3 <= molecules.heavy_atoms(sample.inputs["smiles"]) <= 14


@pytest.mark.usefixtures("data_root")
def test_the_entity_of_a_molecule_is_its_skeleton() -> None:
    for sample in get("smiles_to_iupac").samples(Split.TRAIN):
        assert molecules.skeleton(sample.inputs["smiles"]) == sample.meta["entity"]


@pytest.mark.usefixtures("data_root")
def test_references_balance_and_questions_do_not() -> None:
    for sample in get("balance_reaction").samples(Split.TRAIN):
        assert reactions.imbalance(sample.reference or "") == {}
        assert reactions.imbalance(sample.gold or "") != {}


@pytest.mark.usefixtures("data_root")
def test_every_gold_name_stands_in_its_sentence() -> None:
    for sample in get("chemical_entities").samples(Split.TRAIN):
        names = [] if sample.gold == "none" else (sample.gold or "").split("; ")
        assert all(name.casefold() in sample.inputs["text"].casefold() for name in names)


@pytest.mark.usefixtures("data_root")
@pytest.mark.parametrize("name", ["boiling_point", "logp", "flammable"])
def test_no_value_is_an_estimate(name: str) -> None:
    tables = {sample.meta["table"] for sample in get(name).samples(Split.TRAIN)}
    assert not tables & {"JOBACK", "YAWS", "WIKIDATA"}


@pytest.mark.slow
def test_the_full_set_is_large_and_the_scales_are_its_spread(tmp_path: Path) -> None:
    facts = build_embedded(tmp_path, progress=False)
    assert facts["compounds"] > 10_000
    for task in select(["embedded"]):
        if isinstance(task.answer, Number):
            path = tmp_path / "embedded" / task.name / "train.jsonl"
            golds = [float(row["gold"]) for row in read_jsonl(path)]
            middle = statistics.median(golds)
            spread = statistics.median(abs(gold - middle) for gold in golds)
            assert task.answer.scale == pytest.approx(spread, rel=0.2)
    for smiles, kelvin in {"CCO": 351.4, "CC(C)=O": 329.2, "c1ccccc1": 353.2}.items():
        assert _boiling_points(tmp_path)[smiles] == pytest.approx(kelvin, abs=1)


def _boiling_points(root: Path) -> dict[str, float]:
    folder = root / "embedded" / "boiling_point"
    rows = [row for path in sorted(folder.glob("*.jsonl")) for row in read_jsonl(path)]
    return {row["inputs"]["smiles"]: float(row["gold"]) for row in rows}
