"""The check: every planted fault is found, and sound data have none."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scireasoner.answers import Molecule, Number
from scireasoner.data.check import Report, as_facts, check
from scireasoner.data.findings import Level, Problem
from scireasoner.errors import DataError
from scireasoner.science.nucleotides import reverse_complement
from scireasoner.tasks.rows import Place
from scireasoner.tasks.sources import Draws, First
from scireasoner.tasks.tables import DataSet, Join, Table, columns
from scireasoner.tasks.task import Task
from scireasoner.types import Domain, Sample, Split

Make = Callable[..., Task]
SOUND = {
    "train": [("CCO", "351"), ("CCC", "231")],
    "dev": [("CCCC", "272")],
    "test": [("C", "111"), ("CC", "184")],
}


def run(*tasks: Task, **options: Any) -> Report:
    return check(tasks, progress=False, **options)


def found(report: Report, kind: str) -> list[tuple[str, Split | None, int, tuple[str, ...]]]:
    return [(p.level.value, p.split, p.count, p.ids) for p in report.problems if p.kind == kind]


def test_sound_rows_have_no_findings(make: Make, root: Path) -> None:
    report = run(make("a", SOUND))
    assert report.problems == ()
    assert report.overlaps == ()
    assert report.rows == {"a": {Split.TRAIN: 2, Split.DEV: 1, Split.TEST: 2}}
    assert report.exit_code == 0


# What is planted, where, and what must be said of it.
PLANTED = [
    ("gold", "test", ("CCCCC", "warm"), ("error", Split.TEST, 1, ("test-2",))),
    ("gold", "train", ("CCCCC", None), ("error", Split.TRAIN, 1, ("train-2",))),
    ("question", "test", ({"smile": "CCCCC"}, "3"), ("error", Split.TEST, 1, ("test-2",))),
    ("question", "test", ("<SMILES>C</SMILES>C", "3"), ("error", Split.TEST, 1, ("test-2",))),
    ("duplicate", "test", ("[CH4]", "111.0"), ("note", Split.TEST, 1, ("test-2",))),
    ("conflict", "train", ("OCC", "999"), ("note", Split.TRAIN, 1, ("train-2",))),
    ("leak", "test", ("OCC", "351"), ("error", Split.TEST, 1, ("test-2",))),
    ("leak", "test", ("C(C)CC", "272"), ("error", Split.TEST, 1, ("test-2",))),
    ("leak", "dev", ("C(C)C", "231"), ("note", Split.DEV, 1, ("dev-1",))),
]


@pytest.mark.parametrize(("kind", "split", "row", "expected"), PLANTED)
def test_a_planted_fault_is_found(
    make: Make, root: Path, kind: str, split: str, row: Any, expected: tuple[Any, ...]
) -> None:
    rows = {**SOUND, split: [*SOUND[split], row]}
    report = run(make("a", rows))
    assert found(report, kind) == [expected]
    assert [p.kind for p in report.problems] == [kind]
    assert report.exit_code == (DataError.exit_code if expected[0] == "error" else 0)


def test_many_broken_golds_are_one_finding_with_the_first_ids(make: Make, root: Path) -> None:
    rows = {"test": [("C" * n, f"bad {n}") for n in range(1, 40)] + [("CO", "1")]}
    (problem,) = run(make("a", rows)).problems
    assert isinstance(problem, Problem)
    assert (problem.kind, problem.level, problem.count, problem.of) == ("gold", Level.ERROR, 39, 40)
    assert problem.ids == ("test-0", "test-1", "test-2", "test-3", "test-4")


def test_an_answer_kind_that_breaks_is_a_finding(make: Make, root: Path) -> None:
    class Broken(Number):
        def read_gold(self, raw: str | None) -> Any:
            raise KeyError(raw)

    answer = Broken("K", low=0, high=1000, scale=1, tolerance=0.5)
    problems = run(make("a", SOUND, answer=answer)).errors
    assert [p.kind for p in problems] == ["gold"] * 3
    assert "KeyError" in problems[0].text


def test_a_right_answer_that_would_not_be_judged_correct_is_found(make: Make, root: Path) -> None:
    class Strict(Molecule):
        def compare(self, value: str, target: str) -> tuple[float, bool]:
            return 0.0, False

    task = make("a", {"test": [("methane", "C")]}, inputs={"name": "iupac"}, answer=Strict())
    assert found(run(task), "unearned") == [("error", Split.TEST, 1, ("test-0",))]


def test_a_set_that_cannot_be_read_is_a_finding_and_the_others_are_checked(
    make: Make, root: Path, write_set: Callable[..., Path]
) -> None:
    path = write_set("x/set", [{"smiles": "C", "value": 1}])
    path.write_bytes(path.read_bytes()[:-9])
    table = Table(DataSet("x/set", "s", "CC0", True), columns({"smiles": "smiles"}, "value"))
    report = run(make("a", {}, data=table), make("b", SOUND))
    assert {p.task for p in report.errors} == {"a"}
    assert {p.kind for p in report.errors} == {"load"}
    assert report.rows["b"][Split.TEST] == 2


def test_a_side_table_that_is_missing_is_a_finding(
    make: Make, root: Path, write_set: Callable[..., Path]
) -> None:
    write_set("x/set", [{"id": "1", "value": 1}])
    join = Join("smiles", "id", "side.jsonl.gz", "id", "smiles")
    table = Table(
        DataSet("x/set", "s", "CC0", True), columns({"smiles": "smiles"}, "value"), (join,)
    )
    assert {p.kind for p in run(make("a", {}, data=table)).errors} == {"load"}


def test_tasks_without_rows_are_absent_and_no_error(make: Make, root: Path) -> None:
    table = Table(DataSet("x/none", "s", "CC0", True), columns({"smiles": "smiles"}, "value"))
    report = run(make("a", {}, data=table), make("b", SOUND))
    assert report.absent == ("a",)
    assert report.exit_code == 0


def test_one_prompt_asked_many_times_is_no_repetition(make: Make, root: Path) -> None:
    from scireasoner.answers import NovelMolecule

    task = make("a", {}, data=Draws(50), inputs={}, answer=NovelMolecule(), prompt="Draw one.")
    assert run(task).problems == ()


def test_another_reference_is_no_repetition(make: Make, root: Path) -> None:
    from scireasoner.answers import Material

    rows = {"train": [("Na Cl", "Na Cl", "Na Cl"), ("Na Cl", "Na Cl", "Na Na Cl Cl")]}
    rows["test"] = [("K Cl", "K Cl", "K Cl"), ("K Cl", "K Cl", "K Cl")]
    task = make("a", rows, inputs={"elements": "text"}, answer=Material())
    assert found(run(task), "duplicate") == [("note", Split.TEST, 1, ("test-1",))]


def test_the_same_object_in_another_question_is_a_note(make: Make, root: Path) -> None:
    rows = {
        "train": [({"smiles": "CCO", "assay": "A"}, "1")],
        "test": [({"smiles": "OCC", "assay": "B"}, "2"), ({"smiles": "OCC", "assay": "A"}, "1")],
    }
    report = run(make("a", rows, inputs={"smiles": "smiles", "assay": "text"}))
    assert found(report, "leak") == [
        ("error", Split.TEST, 1, ("test-1",)),
        ("note", Split.TEST, 1, ("test-0",)),
    ]


def test_a_gold_of_a_description_that_was_trained_on_is_a_leak(make: Make, root: Path) -> None:
    rows = {"train": [("an alcohol", "CCO")], "test": [("drunk for ages", "OCC")]}
    report = run(make("a", rows, inputs={"text": "text"}, answer=Molecule()))
    assert found(report, "leak") == [("error", Split.TEST, 1, ("test-0",))]


def test_a_product_of_other_reactants_is_a_leak(make: Make, root: Path) -> None:
    rows = {
        "train": [("CC(=O)O.OCC", "CCOC(C)=O")],
        "test": [("CC(=O)Cl.OCC", "CC(=O)OCC"), ("CC(=O)O.OC", "COC(C)=O")],
    }
    report = run(make("a", rows, domain=Domain.REACTION, answer=Molecule()))
    assert found(report, "leak") == [("error", Split.TEST, 1, ("test-0",))]


def overlaps(report: Report) -> set[tuple[str, str, str, int, int, int]]:
    return {(o.test, o.train, o.kind, o.equal, o.similar, o.of) for o in report.overlaps}


def test_overlaps_between_tasks_are_counted_by_row(make: Make, root: Path) -> None:
    one = make("one", {"train": [("CCO", "1"), ("CCN", "2")], "test": [("CCCl", "3")]})
    # Another notation, and the object is the answer here.
    two = make(
        "two",
        {"train": [("x", "CCCl")], "test": [("y", "OCC"), ("z", "NCC"), ("w", "CCF")]},
        inputs={"text": "text"},
        answer=Molecule(),
    )
    assert overlaps(run(one, two)) == {
        ("one", "two", "molecule", 1, 1, 1),
        ("two", "one", "molecule", 2, 2, 3),
    }


def test_overlaps_of_pairs_count_a_row_once(make: Make, root: Path) -> None:
    pair = {"a": "protein", "b": "protein"}
    single = make("single", {"train": [("MKT", "1"), ("GGG", "1")]}, inputs={"p": "protein"})
    both = make(
        "both",
        {"test": [({"a": "MKT", "b": "GGG"}, "1"), ({"a": "AAA", "b": "CCC"}, "1")]},
        inputs=pair,
    )
    assert overlaps(run(single, both)) == {("both", "single", "protein", 1, 1, 2)}


def test_sequences_overlap_by_strand_and_by_likeness(make: Make, root: Path) -> None:
    rng = random.Random(0)
    dna = ["".join(rng.choices("ACGT", k=200)) for _ in range(3)]
    near = "A" + dna[1][1:100] + "T" + dna[1][101:]
    rows = {
        "train": [(dna[0], "1"), (dna[1], "1")],
        "test": [(reverse_complement(dna[0]), "1"), (reverse_complement(near), "1"), (dna[2], "1")],
    }
    report = run(make("a", rows, inputs={"dna": "dna"}))
    assert overlaps(report) == {("a", "a", "dna", 1, 2, 3)}
    # Only the equal one is an error: alike sequences are how such sets are made.
    assert found(report, "leak") == [("error", Split.TEST, 1, ("test-0",))]
    without = run(make("a", rows, inputs={"dna": "dna"}), likeness=False)
    assert overlaps(without) == {("a", "a", "dna", 1, 1, 3)}


def test_rows_of_several_places_are_compared(
    make: Make, root: Path, released: Callable[..., Any], write_set: Callable[..., Path]
) -> None:
    from scireasoner.tasks.hub import Hub

    hub = Hub(released("org/set", "{split}.json"))
    (root / "org/set").mkdir(parents=True)
    record = {"input": "Boils <SMILES>OCC</SMILES> above 300 K?", "output": "351"}
    (root / "org/set/test.json").write_text(json.dumps([record]))
    write_set("x/set", [{"smiles": "CCO", "value": 351, "split": "train"}])
    table = Table(DataSet("x/set", "s", "CC0", True), columns({"smiles": "smiles"}, "value"))
    report = run(make("a", {}, data=First((hub, table))))
    assert report.rows["a"][Split.TEST] == 1
    assert found(report, "leak") == [("error", Split.TEST, 1, ("a-0",))]


def test_several_workers_find_the_same(make: Make, root: Path) -> None:
    rows = {**SOUND, "test": [*SOUND["test"], ("OCC", "351"), ("OCC", "x")]}
    tasks = [make("a", rows), make("b", SOUND), make("c", SOUND, inputs={"t": "text"})]
    one, two = run(*tasks), run(*tasks, workers=2)
    assert as_facts(one) | {"seconds": 0} == as_facts(two) | {"seconds": 0}
    assert len(one.errors) == 2


def test_facts_are_plain_json(make: Make, root: Path) -> None:
    rows = {**SOUND, "test": [*SOUND["test"], ("OCC", "351")]}
    facts = json.loads(json.dumps(as_facts(run(make("a", rows)))))
    assert facts["exit_code"] == 3
    assert facts["problems"][0]["kind"] == "leak"
    assert facts["overlaps"][0]["equal"] == 1


class Wild:
    """A source whose rows raise what no one expects."""

    def places(self, task: str) -> tuple[Place, ...]:
        return (Place("file", "nowhere", True, (Split.TEST,), "s", "l", False),)

    def load(self, task: str, split: Split) -> list[Sample]:
        raise IndexError("an adapter's own fault")


def test_an_adapter_that_fails_is_a_finding(make: Make, root: Path) -> None:
    (problem,) = run(make("a", {}, data=Wild())).errors
    assert "an adapter's own fault" in problem.text


@pytest.mark.slow
@pytest.mark.data
def test_the_real_sets_are_read_without_a_crash(shared_data: Path) -> None:
    from scireasoner.tasks import select

    tasks = [task for task in select(["*"]) if task.suite != "embedded"][::12]
    report = run(*tasks)
    assert sum(sum(rows.values()) for rows in report.rows.values()) > 0
    assert [p for p in report.problems if p.kind in {"load", "question", "file"}] == [
        p for p in report.notes if p.kind == "file"
    ]
