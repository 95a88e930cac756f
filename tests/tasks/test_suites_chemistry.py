"""The chemistry, protein-text and material suites: names, records of the hub, real data."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median

import pytest

from scireasoner.settings import use_data_root
from scireasoner.tasks.registry import get
from scireasoner.tasks.release import Release
from scireasoner.tasks.suites import (
    material_generation,
    mol_instructions,
    smol,
    unconditional,
    uspto,
)
from scireasoner.tasks.suites.material_generation_data import requested_elements, requested_modulus
from scireasoner.tasks.task import Task
from scireasoner.types import Completion, Fault, Mode, Split

SUITES = {
    smol: """smol_forward_synthesis smol_retrosynthesis smol_molecule_captioning
        smol_molecule_generation smol_iupac_to_formula smol_iupac_to_smiles smol_smiles_to_formula
        smol_smiles_to_iupac smol_esol smol_lipophilicity smol_bbbp smol_clintox smol_hiv
        smol_sider""",
    uspto: "uspto50k_retrosynthesis",
    mol_instructions: """molinst_orbital_energy molinst_description_guided_design
        molinst_forward_reaction molinst_retrosynthesis molinst_reagent_prediction
        molinst_molecular_description molinst_chemical_disease_relation molinst_chemical_entity
        molinst_chemical_protein_relation molinst_multiple_choice molinst_open_question
        molinst_true_false molinst_catalytic_activity molinst_domain_motif
        molinst_general_function molinst_protein_function_go molinst_protein_design""",
    material_generation: "matgen_from_composition matgen_from_bulk_modulus",
    unconditional: "uncond_material uncond_rna uncond_protein uncond_molecule",
}
NAMES = {module.__name__.rpartition(".")[2]: names.split() for module, names in SUITES.items()}
ALL = [name for names in NAMES.values() for name in names]
ASKED = [name for name in ALL if not name.startswith("uncond_")]
# the name in prediction files, the size of the published test set, the released answers a prompt
RELEASED = {
    "smol_forward_synthesis": ("smol_forward_synthesis", 4062, 5),
    "smol_smiles_to_iupac": ("smol_name_conversion-s2i", 2993, 5),
    "smol_lipophilicity": ("smol_property_prediction-lipo", 420, 1),
    "uspto50k_retrosynthesis": ("retrosynthesis_USPTO_50K", None, 3),
    "molinst_orbital_energy": ("mol_instruction_property_prediction_str", 1999, 1),
    "molinst_true_false": ("mol_instruction_true_or_false_question", 100, 1),
    "molinst_protein_function_go": ("mol_instruction_protein_function", 3494, 1),
    "matgen_from_composition": ("composition_to_material_generation", 10_000, 1),
    "uncond_molecule": ("unconditional_molecule_generation", 800, 1),
}


def release_of(task: Task) -> Release:
    assert task.release is not None
    return task.release


@pytest.mark.parametrize("suite", NAMES)
def test_every_task_of_the_suite_is_registered(suite: str) -> None:
    assert {get(name).suite for name in NAMES[suite]} == {suite}


def test_there_are_thirty_eight_tasks() -> None:
    assert len(set(ALL)) == 38


@pytest.mark.parametrize(("name", "released"), RELEASED.items())
def test_the_release_is_that_of_the_paper(name: str, released: tuple[str, int | None, int]) -> None:
    release = release_of(get(name))
    assert (release.name, release.test_size, release.answers) == released
    assert f"SciReasoner-{release.name}" in release.aliases


@pytest.mark.parametrize("name", ALL)
def test_the_examples_are_right_answers(name: str) -> None:
    task = get(name)
    samples = task.shown()
    assert len(samples) >= 3
    assert len({sample.example for sample in samples}) >= 2
    for sample in samples:
        assert task.question(sample.inputs)
        written = task.solution(sample, Mode.INSTANT)
        assert written is not None
        outcome = task.judge(sample, Completion(written, 1), Mode.INSTANT)
        assert outcome.fault is None
        assert outcome.correct or task.answer.kind == "free text"


@pytest.mark.parametrize("name", ALL)
def test_limits_source_and_temperature_are_declared(name: str) -> None:
    task = get(name)
    assert task.max_tokens[0] <= task.max_tokens[1]
    assert "arXiv:2509.21320" in task.source
    assert (task.temperature > 0) == name.startswith(("uncond_", "matgen_"))


# what a released file holds, and a completion that its gold must call right
RECORDS = [
    ("smol_forward_synthesis", "<SMILES> CCOC(C)=O </SMILES>", "<SMILES>CC(=O)OCC</SMILES>"),
    ("smol_retrosynthesis", "<SMILES> CC(=O)Cl;OCC </SMILES>", "<SMILES>CCO.CC(Cl)=O</SMILES>"),
    ("smol_iupac_to_formula", "<MOLFORMULA> C2H6O </MOLFORMULA>", "C2H6O"),
    ("smol_iupac_to_formula", "The formula is C2H6O", "<MOLFORMULA>C2H6O</MOLFORMULA>"),
    ("smol_smiles_to_iupac", "<IUPAC> ethanol </IUPAC>", "<IUPAC>ethanol</IUPAC>"),
    ("smol_esol", "<NUMBER> -1.64 </NUMBER>", "<NUMBER>-1.7</NUMBER>"),
    ("smol_esol", "The logS of <SMILES> C1=CC=CC=C1 </SMILES> is \u22121.64.", "-1.64"),
    ("smol_bbbp", "<BOOLEAN> No </BOOLEAN>", "<BOOLEAN>No</BOOLEAN>"),
    ("smol_bbbp", "Yes", "Yes"),
    ("uspto50k_retrosynthesis", "<SMILES> [CH3:1][OH:2].CCl </SMILES>", "CO.CCl"),
    ("molinst_orbital_energy", "-0.2148", "<NUMBER>-0.2148</NUMBER>"),
    ("molinst_forward_reaction", "<SMILES> CCO </SMILES>", "<SMILES>OCC</SMILES>"),
    ("molinst_reagent_prediction", "<SMILES> O.CO </SMILES>", "<SMILES>CO.O</SMILES>"),
    ("molinst_chemical_disease_relation", "(aspirin, ulcer)", "(Aspirin, ulcer)"),
    ("molinst_chemical_protein_relation", "(a, inhibitor, b)", "(a, INHIBITOR, b)"),
    ("molinst_chemical_entity", "glucose, 1,2-dichloroethane", "1,2-dichloroethane, glucose"),
    ("molinst_multiple_choice", "The final answer is (C).", "(C)"),
    ("molinst_true_false", "Maybe, the studies disagree.", "Maybe"),
    ("matgen_from_composition", "<material> Na Cl <sg> <sg225> </material>", "NaCl <sg225>"),
    (
        "molinst_protein_design",
        "<protein>MKTAYIAKQRQISF</protein>",
        "<protein>MKTAYIAKQRQISF</protein>",
    ),
]


@pytest.mark.parametrize(("name", "output", "answer"), RECORDS)
def test_rows_come_from_the_hub_layout(tmp_path: Path, name: str, output: str, answer: str) -> None:
    task = get(name)
    release = release_of(task)
    file = tmp_path / release.repo / release.path.format(split="test")
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps([{"input": "Released wording?", "output": output}]))
    with use_data_root(tmp_path):
        (sample,) = task.samples(Split.TEST)
    assert task.question(sample.inputs) == "Released wording?"
    outcome = task.judge(sample, Completion(answer, 1), Mode.INSTANT)
    assert (outcome.fault, outcome.correct) == (None, True)
    assert task.published_item(sample, [answer]).gold == output


@pytest.mark.parametrize(
    ("wording", "elements"),
    [
        ("Design a material composed of Na, Cl.", "Na Cl"),
        ("The elements are F, In, Tc, Zr. Propose a material composed of them.", "F In Tc Zr"),
        ("In a lab, As and Ga meet: which material has Ga As?", "As Ga"),
        ("Build a stable crystal from Ba, Ti and O please", "Ba Ti O"),
        ("No list here", "K Br"),
    ],
)
def test_requested_elements_are_read_from_the_question(wording: str, elements: str) -> None:
    record = {"input": wording, "output": "<material> K Br <sg> <sg225> </material>"}
    assert requested_elements(record) == elements


@pytest.mark.parametrize(
    ("wording", "modulus"),
    [
        ("Propose a material with a bulk modulus of 98.5 GPa.", "98.5"),
        ("Bulk modulus (GPa): 120", "120"),
        ("No number here", None),
    ],
)
def test_the_requested_modulus_is_read_from_the_question(wording: str, modulus: str | None) -> None:
    assert requested_modulus({"input": wording}) == modulus


@pytest.mark.parametrize(
    ("name", "output"),
    [
        ("smol_bbbp", "<BOOLEAN> Yes </BOOLEAN>"),
        ("molinst_orbital_energy", "0.505"),
        ("molinst_multiple_choice", "The final answer is (B)."),
        ("molinst_chemical_entity", "Glucose, fructose, water"),
        ("matgen_from_composition", "<material> Ca F F <sg> <sg225> </material>"),
    ],
)
def test_rows_of_our_own_are_written_as_released(name: str, output: str) -> None:
    task = get(name)
    assert task.published_item(task.shown()[0], ["x"]).gold == output


# what perfect answers earn there: no error, no BERTScore model, an energy
BEST = {
    "smol_esol": 0.0,
    "smol_lipophilicity": 0.0,
    "molinst_orbital_energy": 0.0,
    "molinst_open_question": None,
    "uncond_rna": pytest.approx(-24.5, abs=0.1),
}


@pytest.mark.parametrize("name", [name for name in ALL if name != "smol_molecule_captioning"])
def test_perfect_answers_are_best_in_the_released_evaluator(name: str) -> None:
    task = get(name)
    release = release_of(task)
    assert release.evaluator is not None
    items = [
        task.published_item(sample, [task.solution(sample, Mode.INSTANT) or ""] * release.answers)
        for sample in task.shown()
    ]
    best = 1.0 if release.scale == "0..1" else 100.0
    assert release.evaluator(items)[release.key] == BEST.get(name, best)


# the public set that serves, and at least how many rows it has in train, dev and test
SETS = {
    "smol_forward_synthesis": ("chemistry/uspto_mit", 50_000, 1_000, 5_000),
    "smol_retrosynthesis": ("chemistry/uspto_full_sample", 80_000, 3_000, 2_000),
    "smol_molecule_captioning": ("chemistry/captions", 3_000, 150, 4_000),
    "smol_molecule_generation": ("chemistry/captions", 6_000, 300, 4_000),
    "smol_iupac_to_formula": ("chemistry/name_structure", 50_000, 4_000, 6_000),
    "smol_iupac_to_smiles": ("chemistry/name_structure", 50_000, 4_000, 6_000),
    "smol_smiles_to_formula": ("chemistry/name_structure", 60_000, 5_000, 7_000),
    "smol_smiles_to_iupac": ("chemistry/name_structure", 50_000, 4_000, 6_000),
    "smol_esol": ("chemistry/moleculenet", 800, 100, 60),
    "smol_lipophilicity": ("chemistry/moleculenet", 3_000, 400, 300),
    "smol_bbbp": ("chemistry/moleculenet", 1_500, 190, 130),
    "smol_clintox": ("chemistry/moleculenet", 1_100, 140, 80),
    "smol_hiv": ("chemistry/moleculenet", 8_000, 900, 800),
    "smol_sider": ("chemistry/moleculenet", 30_000, 3_800, 2_200),
    "uspto50k_retrosynthesis": ("chemistry/uspto50k", 39_000, 4_900, 4_700),
    "molinst_orbital_energy": ("chemistry/qm9", 37_000, 2_000, 3_400),
    "molinst_description_guided_design": ("chemistry/captions", 6_000, 300, 4_000),
    "molinst_forward_reaction": ("chemistry/uspto_mit", 50_000, 1_000, 5_000),
    "molinst_retrosynthesis": ("chemistry/uspto_full_sample", 80_000, 3_000, 2_000),
    "molinst_reagent_prediction": ("chemistry/uspto_mit", 50_000, 1_000, 5_000),
    "molinst_molecular_description": ("chemistry/captions", 3_000, 150, 4_000),
    "molinst_chemical_disease_relation": ("chemistry/bc5cdr", 490, 490, 390),
    "molinst_chemical_entity": ("chemistry/chem_ner_sentences", 5_000, 1_800, 3_300),
    "molinst_chemical_protein_relation": ("chemistry/chemprot", 1_500, 800, 1_000),
    "molinst_multiple_choice": ("chemistry/sciknoweval_chem", 2_000, 100, 300),
    "molinst_open_question": ("chemistry/medquad", 4_900, 170, 390),
    "molinst_true_false": ("chemistry/pubmedqa", 460, 40, 350),
    "molinst_catalytic_activity": ("bio/protein_ec_clean", 3_700, 150, 160),
    "molinst_domain_motif": ("bio/protein_annotation_uniprot_mtb", 650, 40, 80),
    "molinst_general_function": ("bio/protein_annotation_uniprot_mtb", 1_000, 70, 100),
    "molinst_protein_function_go": ("bio/protein_annotation_uniprot_mtb", 1_000, 60, 100),
    "molinst_protein_design": ("bio/protein_annotation_uniprot_mtb", 1_000, 60, 100),
    "matgen_from_composition": ("materials/composition_spacegroup", 9_000, 800, 3_000),
    "matgen_from_bulk_modulus": ("materials/composition_spacegroup", 1_000, 200, 100),
}


def test_every_task_with_questions_has_a_public_set() -> None:
    assert set(SETS) == set(ASKED)


@pytest.mark.data
@pytest.mark.parametrize("name", SETS)
def test_the_public_set_gives_rows_and_readable_golds(name: str, shared_data: Path) -> None:
    folder, *least = SETS[name]
    task = get(name)
    with use_data_root(shared_data):
        rows = {split: task.samples(split) for split in Split}
    assert [len(found) >= n for found, n in zip(rows.values(), least, strict=True)] == [True] * 3
    for found in rows.values():
        for sample in found[:60]:
            assert sample.meta["source"] == folder
            assert task.question(sample.inputs)
            assert not isinstance(task.answer.read_gold(sample.gold), Fault)
            assert task.solution(sample, Mode.INSTANT)


@pytest.mark.data
@pytest.mark.parametrize("name", [name for name in ALL if name.startswith("uncond_")])
def test_training_rows_of_unconditional_tasks_are_right_answers(
    name: str, shared_data: Path
) -> None:
    task = get(name)
    with use_data_root(shared_data):
        rows = task.samples(Split.TRAIN, 40)
        drawn = [len(task.samples(split)) for split in (Split.DEV, Split.TEST)]
    size = release_of(task).test_size or 0
    assert drawn == [size // 10, size]
    assert all(task.available(split) for split in Split)
    assert len(rows) == 40
    for sample in rows:
        written = task.solution(sample, Mode.INSTANT)
        assert written is not None
        assert not isinstance(task.answer.parse(written), Fault)


@pytest.mark.data
@pytest.mark.parametrize("name", ["smol_esol", "smol_lipophilicity", "molinst_orbital_energy"])
def test_scales_are_the_spread_of_the_training_golds(name: str, shared_data: Path) -> None:
    task = get(name)
    with use_data_root(shared_data):
        rows = task.samples(Split.TRAIN)
    golds: dict[str, list[float]] = {}
    for sample in rows:
        golds.setdefault(sample.inputs.get("quantity", ""), []).append(float(sample.gold or "nan"))
    middles = {quantity: median(values) for quantity, values in golds.items()}
    spread = median(abs(x - middles[q]) for q, values in golds.items() for x in values)
    assert task.answer.scale == pytest.approx(spread, rel=0.03)  # type: ignore[attr-defined]
