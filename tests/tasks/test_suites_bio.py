"""The biology suites: names, records of the hub, public sets, real data."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from scireasoner.answers import Number
from scireasoner.settings import use_data_root
from scireasoner.tasks.registry import get
from scireasoner.tasks.release import Release, Status
from scireasoner.tasks.suites import bio_instruction, gue, opi, peer
from scireasoner.tasks.suites.bio_instruction_data import FMAX_OF_HUB
from scireasoner.tasks.suites.opi_data import OneName, fold_location
from scireasoner.tasks.task import Task
from scireasoner.types import Completion, Fault, Mode, Sample, Split

SUITES = {
    bio_instruction: """bio_antibody_antigen bio_rna_protein_interaction bio_epigenetic_marks
        bio_enhancer_activity bio_tf_binding_mouse bio_apa_isoform bio_rna_modification
        bio_mean_ribosome_loading bio_programmable_rna_switch bio_crispr_on_target
        bio_promoter_enhancer bio_sirna_efficiency bio_core_promoter bio_promoter_300
        bio_tf_binding_human bio_fluorescence bio_stability bio_thermostability bio_solubility
        bio_enzyme_commission bio_noncoding_rna_family""",
    gue: """gue_core_promoter_all gue_core_promoter_notata gue_core_promoter_tata
        gue_promoter_300_all gue_promoter_300_notata gue_promoter_300_tata gue_tf_human_0
        gue_tf_human_1 gue_tf_human_2 gue_tf_human_3 gue_tf_human_4""",
    peer: "peer_solubility peer_stability peer_human_ppi peer_yeast_ppi",
    opi: """opi_ec_number_new392 opi_ec_number_price149 opi_fold_type opi_function_casp
        opi_function_idfilter opi_function_uniprot opi_gene_name_to_cancer opi_go_casp
        opi_go_idfilter opi_go_uniprot opi_gene_symbol_to_cancer opi_gene_symbol_to_tissue
        opi_keywords_casp opi_keywords_idfilter opi_keywords_uniprot
        opi_subcellular_localization""",
}
NAMES = {module.__name__.rpartition(".")[2]: names.split() for module, names in SUITES.items()}
ALL = [name for names in NAMES.values() for name in names]
# No public set asks the same question: other quantities, or none.
WITHOUT_ROWS = {
    "bio_promoter_enhancer",
    "bio_enhancer_activity",
    "bio_apa_isoform",
    "bio_programmable_rna_switch",
    "bio_stability",
    "peer_stability",
}
WITH_ROWS = [name for name in ALL if name not in WITHOUT_ROWS]
# the name in prediction files, the size of the published test set, the released key
RELEASED = {
    "bio_antibody_antigen": ("SciReasoner-bio_instruction-antibody_antigen", 3301, "MCC"),
    "bio_enhancer_activity": ("SciReasoner-bio_instruction-enhancer_activity", 41186, "PCC"),
    "bio_tf_binding_human": ("SciReasoner-bio_instruction-tf_h", None, "MCC"),
    "gue_tf_human_3": ("SciReasoner-Gue_tf-h-3", None, "matthews_correlation_all"),
    "peer_human_ppi": ("SciReasoner-PEER_human_ppi", 237, "accuracy"),
    "opi_fold_type": ("SciReasoner-Opi_Fold_type_fold_type", 3243, "Accuracy"),
    "opi_go_casp": ("SciReasoner-Opi_GO_CASPSimilarSeq_go", 184, "F1 Score"),
}


def release_of(task: Task) -> Release:
    assert task.release is not None
    return task.release


@pytest.mark.parametrize("suite", NAMES)
def test_every_task_of_the_suite_is_registered(suite: str) -> None:
    assert {get(name).suite for name in NAMES[suite]} == {suite}


def test_there_are_fifty_two_tasks_six_of_them_of_the_paper_only() -> None:
    statuses = [release_of(get(name)).status for name in ALL]
    assert len(set(ALL)) == 52
    assert statuses.count(Status.PAPER) == 6
    assert statuses.count(Status.ACTIVE) == 46


@pytest.mark.parametrize(("name", "released"), RELEASED.items())
def test_the_release_is_that_of_the_paper(name: str, released: tuple[str, int | None, str]) -> None:
    release = release_of(get(name))
    assert (*release.aliases, release.test_size, release.key) == released
    assert release.evaluator is not None
    assert release.path == f"{release.name}/{{split}}/data.json"


@pytest.mark.parametrize("name", ALL)
def test_the_examples_are_right_answers(name: str) -> None:
    task = get(name)
    assert len({sample.example for sample in task.shown()}) >= 2
    for sample in task.shown():
        written = task.solution(sample, Mode.INSTANT)
        assert written is not None
        assert task.judge(sample, Completion(written, 1), Mode.INSTANT).correct


@pytest.mark.parametrize("name", ALL)
def test_an_example_keeps_its_gold_in_the_layout_of_the_hub(name: str) -> None:
    task = get(name)
    for sample in task.shown():
        output, label = release_of(task).output, sample.meta.get("label")
        assert output is not None
        stored = {"input": "?", "output": output(sample)}
        read = json.loads(label) if label and label.startswith("{") else label
        for record in (stored, {**stored, "label": read}):
            gold = task.answer.read_gold(release_of(task).gold(record))
            assert gold == task.answer.read_gold(sample.example)


# task, record of the hub without its input, gold, label, sub-set
RECORDS = [
    ("bio_tf_binding_mouse", {"output": "...", "label": "positive", "task": "tf-m-3"},
     "yes", "positive", "tf-m-3"),
    ("bio_epigenetic_marks", {"output": "Yes.", "label": "negative", "task": "emp-H3K4me3"},
     "no", "negative", "H3K4me3"),
    ("bio_promoter_enhancer",
     {"output": "No.", "label": "negative", "task": "promoter_enhancer_interaction-K562"},
     "no", "negative", "K562"),
    ("bio_antibody_antigen", {"output": "The antibody does not bind the antigen."},
     "no", "negative", ""),
    ("bio_solubility", {"output": "The protein is soluble."}, "yes", "positive", ""),
    ("bio_solubility", {"output": "Perhaps."}, None, None, ""),
    ("bio_mean_ribosome_loading", {"output": "The load is 7.12.", "label": 7.12},
     "7.12", "7.12", ""),
    ("bio_mean_ribosome_loading", {"output": "The 5' UTR has a load of 7.12."},
     "7.12", "7.12", ""),
    ("bio_apa_isoform", {"output": "Between 0.1 and 0.2."}, None, None, ""),
    ("bio_enhancer_activity", {"output": "...", "label": {"hk": 0.5, "dev": -1.25}},
     "0.5; -1.25", '{"hk": 0.5, "dev": -1.25}', ""),
    ("bio_enhancer_activity", {"output": "HK: 0.5, Dev: -1.25"},
     "0.5; -1.25", '{"hk": 0.5, "dev": -1.25}', ""),
    ("bio_programmable_rna_switch", {"output": "Only 0.5 and 0.1."}, None, None, ""),
    ("bio_rna_modification", {"output": "...", "label": "m6A,m6Am"}, "m6A; m6Am", "m6A,m6Am", ""),
    ("bio_rna_modification", {"output": "It is m1A."}, "m1A", "m1A", ""),
    ("bio_enzyme_commission", {"output": "EC3.2.1.17,EC3.2.1.-", "label": "EC3.2.1.17,EC3.2.1.-"},
     "3.2.1.17; 3.2.1.-", "EC3.2.1.17,EC3.2.1.-", ""),
    ("bio_noncoding_rna_family", {"output": "This is an Intron_gpII.", "label": "Intron_gpII"},
     "Intron_gpII", "Intron_gpII", ""),
    ("gue_promoter_300_all",
     {"output": "...", "meta_data": {"task": "pd-prom_300_all", "label": "negative"}},
     "no", "negative", "pd-prom_300_all"),
    ("peer_human_ppi", {"output": "They do not. The answer is No.", "meta_data": {}},
     "no", "negative", ""),
    ("peer_stability", {"output": "Its stability score is -0.37."}, "-0.37", "-0.37", ""),
    ("opi_ec_number_new392", {"output": "2 . 3 . 2 . 27 ; 1.14.19.n5"},
     "2.3.2.27; 1.14.19.n5", None, ""),
    ("opi_fold_type", {"output": " 714 "}, "714", None, ""),
    ("opi_go_casp", {"output": "cytoplasm ; 4 iron, 4 sulfur cluster binding ; rRNA binding"},
     "cytoplasm; 4 iron, 4 sulfur cluster binding; rRNA binding",
     None, ""),
    ("opi_gene_symbol_to_tissue", {"output": "liver , testis"}, "liver; testis", None, ""),
    ("opi_gene_symbol_to_cancer", {"output": "lung cancer;melanoma"}, "lung cancer; melanoma",
     None, ""),
    ("opi_function_casp", {"output": "Binds RNA."}, "Binds RNA.", None, ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "record", "gold", "label", "part"), RECORDS)
def test_a_record_of_the_hub_is_read(
    name: str, record: Mapping[str, Any], gold: str | None, label: str | None, part: str
) -> None:
    release = release_of(get(name))
    assert release.subtask is not None
    assert release.gold(record) == gold
    assert (release.label(record) if release.label else None) == label
    assert release.subtask(record) == part
    read = get(name).answer.read_gold(gold)
    assert isinstance(read, Fault) == (gold is None)


# task, outputs of the hub and their labels, completions that are right
HUB_ROWS: list[tuple[str, list[tuple[str, Any]], list[str]]] = [
    ("bio_tf_binding_mouse", [("Yes.", "positive"), ("No.", "negative")], ["Yes", "No"]),
    ("gue_tf_human_0", [("Found.", "positive"), ("Absent.", "negative")], ["Yes", "No"]),
    ("bio_sirna_efficiency", [("12 %", 12.0), ("80 %", 80.0)], ["12 %", "80"]),
    ("peer_yeast_ppi", [("The answer is Yes.", None), ("The answer is No.", None)], ["Yes", "No"]),
    ("opi_subcellular_localization", [("membrane", None), ("nucleus", None)],
     ["membrane", "nucleus"]),
    ("opi_keywords_casp", [("Signal ; Zinc", None), ("Lyase", None)], ["Zinc ; Signal", "Lyase"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "outputs", "completions"), HUB_ROWS)
def test_a_file_of_the_hub_gives_rows_that_both_judges_call_right(
    name: str, outputs: Sequence[tuple[str, Any]], completions: Sequence[str], tmp_path: Path
) -> None:
    task = get(name)
    release = release_of(task)
    records = [
        {"input": f"question {n}", "output": output} | ({} if label is None else {"label": label})
        for n, (output, label) in enumerate(outputs)
    ]
    file = tmp_path / release.repo / release.path.format(split="test")
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(records), encoding="utf-8")
    with use_data_root(tmp_path):
        samples = task.samples(Split.TEST)
    assert [task.question(sample.inputs) for sample in samples] == ["question 0", "question 1"]
    for sample, text in zip(samples, completions, strict=True):
        assert task.judge(sample, Completion(text, 1), Mode.INSTANT).correct
    items = [task.published_item(s, (t,)) for s, t in zip(samples, completions, strict=True)]
    assert release.evaluator is not None
    assert release.evaluator(items)[release.key] in {1.0, 100.0}


def test_the_released_fmax_needs_the_numbers_that_the_hub_knows(tmp_path: Path) -> None:
    task = get("bio_enzyme_commission")
    items = [task.published_item(s, (s.example or "",)) for s in task.shown()]
    with use_data_root(tmp_path):
        assert FMAX_OF_HUB(items) == {"Fmax": None}
        file = tmp_path / "SciReason/bio_instruction/ec_labels.json"
        file.parent.mkdir(parents=True)
        known = ["3.2.1.17", "2.7.11.1", "1.1.1.1", "1.1.1.284"]
        file.write_text(json.dumps(known), encoding="utf-8")
        assert FMAX_OF_HUB(items) == {"Fmax": pytest.approx(100.0)}


SPELLED = [
    ("bio_rna_modification", "m6A; Psi", "Ψ, m6A"),
    ("bio_rna_modification", "AtoI", "A-to-I"),
    ("opi_go_uniprot", "ATP binding; nucleus", "ATP binding (GO:0005524); GO:0005634: nucleus"),
    ("sr15_go_biological_process", "defense response", "defense response (GO:0006952)"),
]


@pytest.mark.parametrize(("name", "gold", "text"), SPELLED)
def test_names_may_be_symbols_or_carry_their_accession(name: str, gold: str, text: str) -> None:
    answer = get(name).answer
    assert answer.parse(text) == answer.read_gold(gold)


NAMED = [
    ("a.1", ("a.1",)),
    ("The answer is a.1.", ("a.1",)),
    ("a.1; a.2", Fault.TWO_ANSWERS),
    ("", Fault.NO_ANSWER),
]


@pytest.mark.parametrize(("text", "value"), NAMED)
def test_one_name_is_read(text: str, value: tuple[str, ...] | Fault) -> None:
    assert OneName("SCOP fold", none=None).parse(text) == value


LOCATIONS = [
    ("Cell membrane", "membrane"),
    ("membrane", "membrane"),
    ("Golgi", "golgi apparatus"),
    ("Vacuole", "lysosome/vacuole"),
    ("Nucleus", "nucleus"),
]


@pytest.mark.parametrize(("written", "name"), LOCATIONS)
def test_locations_have_one_spelling(written: str, name: str) -> None:
    assert fold_location(written) == name


def put(folder: Path, file: str, records: Sequence[Mapping[str, Any]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with gzip.open(folder / file, "wt", encoding="utf-8") as out:
        out.writelines(f"{json.dumps(record)}\n" for record in records)


def rows_of(
    name: str, folder: Path, records: Sequence[Mapping[str, Any]], split: Split
) -> Sequence[Sample]:
    """The rows of a task whose public set holds these records."""
    places = get(name).data.places(name)
    relative = next(place.location for place in places if place.kind == "public set")
    put((folder / relative).parent, "data.jsonl.gz", records)
    with use_data_root(folder):
        return get(name).samples(split)


ENTRY = {"split": "test", "sequence": "ACGU", "label": 1}
# task, record of the public set, inputs, gold
CONVERTED: list[tuple[str, Mapping[str, Any], Mapping[str, str], str]] = [
    ("bio_tf_binding_mouse", {**ENTRY, "task": "tf-m-2"}, {"dna": "ACGU", "set": "tf-m-2"}, "yes"),
    ("bio_epigenetic_marks", {**ENTRY, "task": "emp-H4ac", "label": 0},
     {"dna": "ACGU", "mark": "H4ac"}, "no"),
    ("bio_sirna_efficiency",
     {"split": "test", "sirna_sequence": "ACG", "target_context_sequence": "CGU",
      "efficacy": 0.725}, {"sirna": "A C G", "rna": "CGU"}, "27.5"),
    ("bio_sirna_efficiency",
     {"split": "test", "sirna_sequence": "ACG", "target_context_sequence": "CGU",
      "efficacy": 1.3}, {"sirna": "A C G", "rna": "CGU"}, "0.0"),
    ("bio_crispr_on_target", {**ENTRY, "cell_line": "hl60", "efficacy": 0.2},
     {"dna": "ACGU", "cells": "HL-60"}, "0.2"),
    ("bio_thermostability", {**ENTRY, "melting_temperature_c": 65.8082},
     {"protein": "ACGU"}, "65.8"),
    ("opi_go_uniprot", {**ENTRY, "go_mf": ["ATP binding [GO:0005524]"], "go_cc": ["cytosol"]},
     {"protein": "ACGU"}, "cytosol; ATP binding"),
    ("opi_subcellular_localization", {**ENTRY, "subcellular_location": "Cell membrane"},
     {"protein": "ACGU"}, "membrane"),
    ("opi_gene_symbol_to_cancer", {"split": "test", "gene_symbol": "MYC",
     "cancermine_cancers": ["a", "b"]}, {"gene": "MYC"}, "a; b"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "record", "inputs", "gold"), CONVERTED)
def test_a_record_of_a_public_set_is_converted(
    name: str, record: Mapping[str, Any], inputs: Mapping[str, str], gold: str, tmp_path: Path
) -> None:
    (sample,) = rows_of(name, tmp_path, [record], Split.TEST)
    assert (sample.inputs, sample.gold) == (inputs, gold)


# task, record that does not belong to it
LEFT_OUT: list[tuple[str, Mapping[str, Any]]] = [
    ("bio_core_promoter", {**ENTRY, "task": "cpd-prom_core_all"}),
    ("gue_core_promoter_tata", {**ENTRY, "task": "cpd-prom_core_all"}),
    ("bio_mean_ribosome_loading",
     {**ENTRY, "library": "random_50mer_m1pseudouridine", "mean_ribosome_load": 6.0}),
    ("opi_subcellular_localization", {**ENTRY, "subcellular_location": "Cytoplasm-Nucleus"}),
    ("opi_gene_name_to_cancer", {"split": "test", "cancermine_cancers": ["a"]}),
    ("opi_gene_symbol_to_cancer", {"split": "test", "gene_symbol": "MYC"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "record"), LEFT_OUT)
def test_a_record_that_does_not_belong_is_left_out(
    name: str, record: Mapping[str, Any], tmp_path: Path
) -> None:
    assert not rows_of(name, tmp_path, [record], Split.TEST)


# task, records of which the first is of the published test set
PUBLISHED: list[tuple[str, Mapping[str, Any], Mapping[str, Any]]] = [
    ("bio_mean_ribosome_loading",
     {"library": "varying_length_25_100", "mean_ribosome_load": 6.0},
     {"library": "human_50mer_unmodified", "mean_ribosome_load": 6.0}),
    ("opi_fold_type", {"homology_level": "family", "fold": "a.1"},
     {"homology_level": "deepsf", "fold": "a.1"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "published", "other"), PUBLISHED)
def test_what_was_published_as_test_is_never_trained_on(
    name: str, published: Mapping[str, Any], other: Mapping[str, Any], tmp_path: Path
) -> None:
    trained = [{"sequence": "AC", "split": "train", **published}]
    tested = [{"sequence": "GU", "split": "test", **published}]
    others = [{"sequence": "A" * n, "split": "train", **other} for n in range(3, 43)]
    records = [*trained, *tested, *others]
    assert "AC" not in {
        text
        for split in (Split.TRAIN, Split.DEV)
        for sample in rows_of(name, tmp_path, records, split)
        for text in sample.inputs.values()
    }
    assert len(rows_of(name, tmp_path, records, Split.TEST)) == 1


def test_antibody_chains_are_joined_with_an_x(tmp_path: Path) -> None:
    folder = tmp_path / "bio/antibody_antigen_neutralization"
    chains = [
        {"antibody_id": "a", "heavy_or_single_chain": "QV", "light_chain": "DI"},
        {"antibody_id": "b", "heavy_or_single_chain": "EV"},
    ]
    put(folder, "antibodies.jsonl.gz", chains)
    put(folder, "antigens.jsonl.gz", [{"antigen_id": "g", "sequence": "MR"}])
    records = [{"antibody_id": who, "antigen_id": "g", "label": 1, "split": "test"} for who in "ab"]
    samples = rows_of("bio_antibody_antigen", tmp_path, records, Split.TEST)
    assert {s.inputs["antibody"] for s in samples} == {"QVXDI", "EV"}


def test_human_pairs_that_only_act_on_each_other_are_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "bio/protein_ppi_human"
    put(folder, "proteins.jsonl.gz", [{"protein_id": p, "sequence": p * 3} for p in "ACDE"])
    pairs = [
        ("A", "C", 1, "string_action", ["binding", "ptmod"]),
        ("A", "D", 1, "string_action", ["expression"]),
        ("A", "E", 0, "sampled_negative", None),
    ]
    keys = ("protein_a_id", "protein_b_id", "label", "label_source", "interaction_types")
    records = [{**dict(zip(keys, pair, strict=True)), "split": "test"} for pair in pairs]
    samples = rows_of("peer_human_ppi", tmp_path, records, Split.TEST)
    assert {(s.inputs["protein_b"], s.gold) for s in samples} == {("CCC", "yes"), ("EEE", "no")}


def test_questions_of_the_test_are_taken_out_of_the_other_splits(tmp_path: Path) -> None:
    records = [
        {"sequence": "AC", "label": 1, "split": "test"},
        {"sequence": "AC", "label": 0, "split": "train"},
        {"sequence": "GU", "label": 0, "split": "train"},
        {"sequence": "GU", "label": 0, "split": "valid"},
        {"sequence": "GG", "label": 1, "split": "train"},
    ]
    found = {
        split: {s.inputs["protein"] for s in rows_of("bio_solubility", tmp_path, records, split)}
        for split in Split
    }
    assert found == {Split.TRAIN: {"GG"}, Split.DEV: {"GU"}, Split.TEST: {"AC"}}


PARTS = {
    "bio_tf_binding_mouse": {f"tf-m-{n}" for n in range(5)},
    "bio_tf_binding_human": {f"tf-h-{n}" for n in range(5)},
    "bio_epigenetic_marks": {
        "H3", "H3K14ac", "H3K36me3", "H3K4me1", "H3K4me2", "H3K4me3", "H3K79me3", "H3K9ac", "H4",
        "H4ac",
    },
    "bio_core_promoter": {"cpd-prom_core_tata", "cpd-prom_core_notata"},
    "bio_promoter_300": {"pd-prom_300_tata", "pd-prom_300_notata"},
}  # fmt: skip


@pytest.mark.data
@pytest.mark.parametrize("name", WITH_ROWS)
def test_real_rows_are_asked_and_their_golds_read(name: str, shared_data: Path) -> None:
    task = get(name)
    labelled = release_of(task).label
    questions: dict[Split, set[str]] = {}
    with use_data_root(shared_data):
        for split in Split:
            samples = task.samples(split)
            assert samples, split
            golds = [task.answer.read_gold(sample.gold) for sample in samples]
            assert not [g for g in golds if isinstance(g, Fault)]
            assert len(set(golds)) > 1
            assert all(("label" in sample.meta) == bool(labelled) for sample in samples)
            questions[split] = {task.question(sample.inputs) for sample in samples}
            if task.answer.kind in {"boolean", "label"}:
                assert len(questions[split]) == len(samples), "a question has two answers"
        tested = {sample.meta.get("subtask") for sample in task.samples(Split.TEST)}
    assert tested == PARTS.get(name, {None})
    assert not questions[Split.TEST] & (questions[Split.TRAIN] | questions[Split.DEV])
    assert not questions[Split.DEV] & questions[Split.TRAIN]


@pytest.mark.data
@pytest.mark.parametrize("name", [n for n in WITH_ROWS if isinstance(get(n).answer, Number)])
def test_the_scale_is_the_spread_of_the_training_golds(name: str, shared_data: Path) -> None:
    answer = get(name).answer
    assert isinstance(answer, Number)
    with use_data_root(shared_data):
        golds = [float(sample.gold or "nan") for sample in get(name).samples(Split.TRAIN)]
    middle = median(golds)
    assert answer.scale == pytest.approx(median(abs(g - middle) for g in golds), rel=0.01)


@pytest.mark.parametrize("name", sorted(WITHOUT_ROWS))
def test_tasks_without_a_public_set_look_at_the_hub_only(name: str) -> None:
    assert [place.kind for place in get(name).data.places(name)] == ["hub"]
