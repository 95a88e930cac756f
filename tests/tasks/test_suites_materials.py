"""LLM4Mat-Bench and SciReasoner 1.5: what is asked, where the rows come from, what they hold."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from pathlib import Path

import pytest

from scireasoner.answers import PropertyValue
from scireasoner.evaluation.draws import Prediction
from scireasoner.evaluation.predictions import read_predictions
from scireasoner.settings import use_data_root
from scireasoner.tasks import get
from scireasoner.tasks.registry import all_tasks
from scireasoner.tasks.release import Record, Status
from scireasoner.tasks.suites.sr15 import STATED_AUC
from scireasoner.tasks.task import Task
from scireasoner.types import Completion, Family, Fault, Mode, Outcome, Split

TASKS = {task.name: task for task in all_tasks() if task.suite in {"llm4mat", "sr15"}}

# task -> its set and the test rows in it
ROWS = {
    "mat_mp_formation_energy_per_atom": ("oqmd_aflow_mp_composition", 1150),
    "mat_mp_band_gap": ("matbench_composition", 1434),
    "mat_mp_energy_per_atom": ("llm4mat_bench_sample", 10),
    "mat_mp_energy_above_hull": ("oqmd_aflow_mp_composition", 1144),
    "mat_mp_fermi_energy": ("llm4mat_bench_sample", 10),
    "mat_mp_density": ("mp20_structures", 2738),
    "mat_mp_density_atomic": ("mp20_structures", 2736),
    "mat_mp_volume": ("mp20_structures", 2736),
    "mat_mp_is_stable": ("mp20_structures", 2692),
    "mat_mp_is_gap_direct": ("llm4mat_bench_sample", 10),
    "mat_jarvis_dft_formation_energy_per_atom": ("jarvis_composition_properties", 836),
    "mat_jarvis_dft_band_gap_opt": ("jarvis_composition_properties", 835),
    "mat_jarvis_dft_energy_above_hull": ("jarvis_composition_properties", 837),
    "mat_jarvis_dft_band_gap_mbj": ("jarvis_composition_properties", 651),
    "mat_jarvis_dft_bulk_modulus": ("jarvis_composition_properties", 813),
    "mat_jarvis_dft_shear_modulus": ("jarvis_composition_properties", 828),
    "mat_jarvis_dft_slme": ("jarvis_composition_properties", 253),
    "mat_jarvis_dft_spillage": ("jarvis_composition_properties", 347),
    "mat_jarvis_dft_dielectric_x_mbj": ("jarvis_composition_properties", 817),
    "mat_jarvis_dft_dielectric_dfpt": ("dielectric_piezoelectric", 77),
    "mat_jarvis_dft_piezo_dij": ("jarvis_composition_properties", 40),
    "mat_jarvis_dft_piezo_eij": ("jarvis_composition_properties", 78),
    "mat_jarvis_dft_exfoliation_energy": ("jarvis_composition_properties", 29),
    "mat_jarvis_dft_n_seebeck": ("jarvis_composition_properties", 829),
    "mat_jarvis_dft_n_power_factor": ("jarvis_composition_properties", 813),
    "mat_jarvis_dft_p_seebeck": ("jarvis_composition_properties", 838),
    "mat_jarvis_dft_p_power_factor": ("jarvis_composition_properties", 826),
    "mat_gnome_formation_energy_per_atom": ("wbm_structures", 1234),
    "mat_gnome_decomposition_energy_per_atom": ("oqmd_aflow_mp_composition", 1144),
    "mat_gnome_band_gap": ("wbm_structures", 1224),
    "mat_gnome_total_energy": ("mp_summary_gnome_fields", 2214),
    "mat_gnome_volume": ("wbm_structures", 1233),
    "mat_gnome_density": ("wbm_structures", 1236),
    "mat_hmof_max_co2": ("hmof_properties", 1000),
    "mat_hmof_min_co2": ("hmof_properties", 1000),
    "mat_hmof_largest_cavity": ("hmof_properties", 1000),
    "mat_hmof_pore_limiting": ("hmof_properties", 1000),
    "mat_hmof_void_fraction": ("hmof_properties", 1000),
    "mat_hmof_surface_area_gravimetric": ("hmof_properties", 1000),
    "mat_hmof_surface_area_volumetric": ("hmof_properties", 1000),
    "mat_qmof_band_gap": ("qmof_mofid", 588),
    "mat_oqmd_band_gap": ("oqmd_aflow_mp_composition", 1172),
    "mat_oqmd_formation_energy_per_atom": ("oqmd_aflow_mp_composition", 1176),
    "sr15_go_biological_process": ("protein_annotation_uniprot_mtb", 160),
}
WITHOUT_ROWS = {
    "mat_jarvis_dft_total_energy",
    "mat_jarvis_dft_max_efg",
    "mat_jarvis_dft_avg_electron_mass",
    "mat_snumat_band_gap_gga",
    "mat_snumat_band_gap_hse",
    "mat_snumat_optical_gap_gga",
    "mat_snumat_optical_gap_hse",
    "mat_snumat_direct_gap_gga",
    "mat_snumat_direct_gap_hse",
    "mat_snumat_spin_orbit",
    "mat_cantor_hea_formation_energy_per_atom",
    "mat_cantor_hea_energy_per_atom",
    "mat_cantor_hea_energy_above_hull",
    "mat_cantor_hea_volume_per_atom",
    "mat_qmof_total_energy",
    "mat_qmof_largest_cavity",
    "mat_qmof_pore_limiting",
    "mat_jarvis_qetb_energy_per_atom",
    "mat_jarvis_qetb_indirect_gap",
    "mat_jarvis_qetb_formation_energy_per_atom",
    "mat_jarvis_qetb_total_energy",
    "mat_omdb_band_gap",
}
OTHERS_15 = {"sr15_go_biological_process", "sr15_tm_score", "sr15_dude_pair"}
# The sample of LLM4Mat-Bench has too few rows to give a spread.
SPREADS = [
    name
    for name, (folder, _) in ROWS.items()
    if isinstance(TASKS[name].answer, PropertyValue) and folder != "llm4mat_bench_sample"
]


def materials_15() -> set[str]:
    """The 22 properties of 1.5: those of OQMD and JARVIS-DFT."""
    both = [n for n in TASKS if n.startswith(("mat_oqmd_", "mat_jarvis_dft_"))]
    return {name.replace("mat_", "sr15_", 1) for name in both}


def test_names_and_families() -> None:
    first = {name for name, task in TASKS.items() if task.suite == "llm4mat"}
    assert first == (set(ROWS) | WITHOUT_ROWS) - OTHERS_15
    assert set(TASKS) - first == materials_15() | OTHERS_15
    assert (len(first), len(materials_15())) == (65, 22)
    families = Counter(TASKS[name].family for name in first)
    assert families == {Family.PREDICTION: 60, Family.CLASSIFICATION: 5}


@pytest.mark.parametrize("name", sorted(materials_15()))
def test_a_property_of_1_5_is_asked_as_in_the_first_set(name: str) -> None:
    later, first = TASKS[name], TASKS[name.replace("sr15_", "mat_", 1)]
    assert later.prompt_hash == first.prompt_hash
    assert later.answer == first.answer
    assert later.release is not None
    assert later.release.status is Status.LATER


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
def test_examples_are_answered_by_their_golds(task: Task) -> None:
    assert len({example.gold for example in task.examples}) >= 2
    for sample in task.shown():
        assert not isinstance(task.answer.read_gold(sample.gold), Fault)
        solution = task.solution(sample, Mode.INSTANT)
        assert solution is not None
        outcome = task.judge(sample, Completion(solution, 8), Mode.INSTANT)
        assert (outcome.correct, outcome.fault) == (True, None)


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
def test_an_example_scores_fully_with_the_released_evaluator(task: Task) -> None:
    assert task.release is not None
    assert task.release.evaluator is not None
    items = [
        task.published_item(sample, [task.answer.write(sample.gold or "")])
        for sample in task.shown()
    ]
    numbers = task.release.evaluator(items)
    # A perfect MAD/MAE is a division by zero, which the released code answers with None.
    perfect = {"MAD/MAE": None, "AUC": 1.0, "score": 100.0, "MAE": 0.0}[task.release.key]
    assert numbers[task.release.key] == perfect


@pytest.mark.parametrize(
    ("task", "question"),
    [
        (
            "mat_mp_density",
            "What is the mass density of the crystal <MOLFORMULA>NaCl</MOLFORMULA>, by DFT (PBE) "
            "in the Materials Project? Answer as {density : value}, the value in g/cm3.",
        ),
        (
            "mat_snumat_direct_gap_hse",
            "Is the crystal <MOLFORMULA>NaCl</MOLFORMULA> a material with a direct or an indirect "
            "band gap (HSE), by DFT in SNUMAT? Answer as {Direct_or_indirect_HSE : value}, one "
            "of: Direct, Indirect.",
        ),
        (
            "mat_hmof_void_fraction",
            "What is the void fraction of the metal-organic framework Zn4C24H12O13, as simulated "
            "in hMOF? Answer as {void_fraction : value}.",
        ),
    ],
)
def test_questions(task: str, question: str) -> None:
    assert TASKS[task].question(TASKS[task].examples[0].inputs) == question


@pytest.mark.parametrize(
    ("task", "text", "expected"),
    [
        ("mat_jarvis_dft_n_seebeck", "{n-Seebeck : -80 µV/K}", -80.0),
        ("mat_jarvis_dft_n_seebeck", '{"n-Seebeck": -0.08 mV/K}', -80.0),
        ("mat_jarvis_dft_n_seebeck", "{p-Seebeck : 120}", Fault.WRONG_PROPERTY),
        ("mat_jarvis_dft_piezo_eij", "{dfpt_piezo_max_eij : 0.4 C/m2}", 0.4),
        ("mat_jarvis_dft_piezo_eij", "{dfpt_piezo_max_eij : 40 GPa}", Fault.WRONG_UNIT),
        ("mat_jarvis_dft_max_efg", "{max_efg : 21.5 V/Å2}", 21.5),
        ("mat_jarvis_dft_n_power_factor", "{n-powerfact : 0.6 mW/(m K2)}", 600.0),
        ("mat_jarvis_dft_slme", "{slme : 5e-25}", 5e-25),
        ("mat_hmof_max_co2", "{max_co2_adsp : 3.1 mol/kg}", 3.1),
        ("mat_hmof_void_fraction", "{void_fraction : 1.4}", Fault.OUT_OF_RANGE),
        ("mat_mp_formation_energy_per_atom", "{formation_energy_per_atom : -2.1 eV/atom}", -2.1),
        ("mat_mp_energy_per_atom", "{GGA-PBE-based_energy_per_atom : -8.8}", -8.8),
        ("mat_mp_is_stable", "{is_stable : false}", "False"),
        ("mat_snumat_direct_gap_gga", "{Direct_or_indirect : indirect}", "Indirect"),
        ("sr15_dude_pair", "0.83", 0.83),
        ("sr15_tm_score", "1.2", Fault.OUT_OF_RANGE),
    ],
)
def test_answers_in_the_units_of_the_field(task: str, text: str, expected: object) -> None:
    found = TASKS[task].answer.parse(text)
    assert found == (pytest.approx(expected) if isinstance(expected, float) else expected)


@pytest.mark.parametrize(
    ("task", "output", "gold"),
    [
        ("mat_oqmd_band_gap", "{bandgap : 1.25}", "1.25"),
        ("mat_oqmd_formation_energy_per_atom", "{e_form : -0.5}", "-0.5"),
        ("mat_oqmd_formation_energy_per_atom", '{"e_form": "-0.5"}', "-0.5"),
        ("mat_snumat_direct_gap_gga", "{Direct_or_indirect : Direct}", "Direct"),
        ("mat_snumat_direct_gap_gga", "{Direct_or_indirect_HSE : Direct}", None),
        ("sr15_oqmd_band_gap", "0.7", "0.7"),
        ("sr15_tm_score", "0.41", "0.41"),
        (
            "sr15_go_biological_process",
            "translation; heme transport",
            "translation; heme transport",
        ),
    ],
)
def test_golds_of_records(task: str, output: str, gold: str | None) -> None:
    release = TASKS[task].release
    assert release is not None
    assert release.gold({"input": "?", "output": output}) == gold


def store(path: Path, records: list[Record]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(records), encoding="utf-8")


def test_rows_in_the_layout_of_the_hub(tmp_path: Path) -> None:
    records: list[Record] = [
        {"input": "chemical formula: NaCl. property name: bandgap.", "output": "{bandgap : 5.0}"},
        {"input": "chemical formula: NaCl. property name: e_form.", "output": "{e_form : -2.1}"},
        {"input": "chemical formula: GaAs. property name: bandgap.", "output": "{bandgap : 0.3}"},
    ]
    for split in ("dev", "test"):
        store(tmp_path / f"SciReason/LLM4Mat-test/oqmd/{split}/data.json", records)
    task = get("mat_oqmd_band_gap")
    with use_data_root(tmp_path):
        assert task.data.places(task.name)[0].splits == (Split.DEV, Split.TEST)
        for split in (Split.DEV, Split.TEST):
            samples = task.samples(split)
            assert [sample.gold for sample in samples] == ["5.0", "0.3"]
            assert task.question(samples[0].inputs) == records[0]["input"]
            assert samples[0].meta["output"] == "{bandgap : 5.0}"


def test_the_later_set_has_test_rows_only(tmp_path: Path) -> None:
    store(
        tmp_path / "opencompass/SciReasoner1.5/oqmd_test.json",
        [
            {"input": "bandgap of NaCl?", "output": "{bandgap : 5.0}"},
            {"input": "e_form of NaCl?", "output": "{e_form : -2.1}"},
            {"input": "bandgap of GaAs?", "output": "0.3"},
        ],
    )
    band_gap, energy = get("sr15_oqmd_band_gap"), get("sr15_oqmd_formation_energy_per_atom")
    with use_data_root(tmp_path):
        assert band_gap.data.places(band_gap.name)[0].splits == (Split.TEST,)
        assert [sample.gold for sample in band_gap.samples(Split.TEST)] == ["5.0", "0.3"]
        assert [sample.gold for sample in energy.samples(Split.TEST)] == ["-2.1"]


def test_pairs_of_ligands_are_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "opencompass/SciReasoner1.5/dude_count.jsonl"
    path.parent.mkdir(parents=True)
    record = {"input": "A and B?", "label": 1, "metadata": {"target": "egfr"}}
    path.write_text(f"{json.dumps(record)}\n{json.dumps({**record, 'label': 0})}\n")
    task = get("sr15_dude_pair")
    with use_data_root(tmp_path):
        assert task.data.places(task.name)[0].splits == (Split.TEST,)
        samples = task.samples(Split.TEST)
    assert [sample.gold for sample in samples] == ["1", "0"]
    assert samples[0].meta["subtask"] == "egfr"
    assert task.published_item(samples[0], ["0.9"]).label == "1"


@pytest.mark.parametrize(
    ("task", "gold", "kept"),
    [
        ("sr15_oqmd_band_gap", {"value": 0.7, "property": "bandgap"}, "0.7"),
        ("sr15_tm_score", {"value": 0.41, "meta": {"sid1": "1abcA"}}, "0.41"),
        ("sr15_go_biological_process", {"value": "translation"}, "translation"),
        ("sr15_dude_pair", {"value": 1, "metadata": {"target": "egfr"}}, "1"),
    ],
)
def test_stored_predictions_of_the_later_set(
    task: str, gold: dict[str, object], kept: str, tmp_path: Path
) -> None:
    release = TASKS[task].release
    assert release is not None
    path = tmp_path / f"{release.name}.json"
    entry = {"origin_prompt": "A and B?", "prediction": kept, "gold": gold}
    path.write_text(json.dumps({"0": entry}))
    (found,) = read_predictions(path)
    assert isinstance(found, Prediction)
    assert (found.task, found.sample and found.sample.gold) == (task, kept)
    assert found.sample is not None
    assert found.sample.meta.get("subtask", "egfr") == "egfr"
    assert release.evaluator is not None
    numbers = release.evaluator([TASKS[task].published_item(found.sample, found.texts)])
    assert numbers["total"] == 1


@pytest.mark.parametrize(
    ("scores", "area"),
    [((0.9, 0.2, 0.4), 1.0), ((0.1, 0.2, 0.4), 0.0), ((0.3, 0.2, 0.4), 0.5), ((None, 0, 0), 0.0)],
)
def test_the_area_under_the_curve_of_written_scores(
    scores: tuple[float | None, ...], area: float
) -> None:
    outcomes = [
        Outcome(str(n), score, target, 0.0, False, Fault.NO_ANSWER if score is None else None, 1)
        for n, (score, target) in enumerate(zip(scores, (1.0, 0.0, 0.0), strict=True))
    ]
    assert STATED_AUC.compute(outcomes) == area


@pytest.mark.data
@pytest.mark.parametrize("name", ROWS)
def test_rows_of_the_public_sets(name: str, shared_data: Path) -> None:
    folder, test_rows = ROWS[name]
    task = TASKS[name]
    with use_data_root(shared_data):
        place = next(place for place in task.data.places(name) if place.kind == "public set")
        assert place.location.split("/")[1] == folder
        assert not place.comparable
        assert len(task.samples(Split.TEST)) == test_rows
        for split in Split:
            assert task.samples(split)
            for sample in task.samples(split):
                assert not isinstance(task.answer.read_gold(sample.gold), Fault), sample
            for sample in task.samples(split, limit=100):
                assert task.render(sample, Mode.INSTANT).messages


@pytest.mark.data
@pytest.mark.parametrize("name", SPREADS)
def test_scales_are_the_spread_of_the_training_golds(name: str, shared_data: Path) -> None:
    answer = TASKS[name].answer
    with use_data_root(shared_data):
        golds = [float(sample.gold or "nan") for sample in TASKS[name].samples(Split.TRAIN)]
    assert isinstance(answer, PropertyValue)
    middle, mean = statistics.median(golds), statistics.fmean(golds)
    spread = statistics.median([abs(gold - middle) for gold in golds])
    if spread < answer.tolerance:
        spread = statistics.fmean([abs(gold - mean) for gold in golds])
    assert answer.scale == pytest.approx(spread, rel=0.03)


@pytest.mark.data
@pytest.mark.parametrize("name", sorted(WITHOUT_ROWS | OTHERS_15 - set(ROWS)))
def test_tasks_that_have_no_public_set(name: str, shared_data: Path) -> None:
    with use_data_root(shared_data):
        assert not TASKS[name].available(Split.TEST)
        assert [place.kind for place in TASKS[name].data.places(name)] == ["hub"]
