"""Which rows may be learnt from by weights that are given away."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scireasoner.answers import Number
from scireasoner.data.licensed import Licensed, learnt_from, licensed
from scireasoner.errors import DataError
from scireasoner.settings import use_data_root
from scireasoner.tasks.registry import all_tasks, get
from scireasoner.tasks.sources import First
from scireasoner.tasks.tables import DataSet, Table, columns
from scireasoner.tasks.task import Task
from scireasoner.types import Domain, Family, Split

FREE = DataSet("free", "made for a test", "CC0 1.0", ships=True)
CLOSED = DataSet("closed", "made for a test", "not stated", ships=False)
MIXED = DataSet("mixed", "made for a test", "in part MIT", False, open_part=("source", ("a", "b")))

ROWS = [
    {"smiles": "C", "value": "1", "source": "a", "split": "train"},
    {"smiles": "CC", "value": "2", "source": "b", "split": "train"},
    {"smiles": "CCC", "value": "3", "source": "c", "split": "train"},
    {"smiles": "CCCC", "value": "4", "source": "c", "split": "valid"},
    {"smiles": "CCCCC", "value": "5", "source": "c", "split": "test"},
]
# Another set of the same molecules: one of its training rows is asked in the test rows above.
OTHER = [
    {"smiles": "CCCCC", "value": "5.1", "split": "train"},
    {"smiles": "CCO", "value": "6", "split": "train"},
]


@pytest.fixture
def root(tmp_path: Path) -> Iterator[None]:
    for folder, rows in (("free", OTHER), ("closed", ROWS), ("mixed", ROWS)):
        (tmp_path / folder).mkdir()
        with gzip.open(tmp_path / folder / "data.jsonl.gz", "wt") as file:
            file.write("".join(f"{json.dumps(row)}\n" for row in rows))
    with use_data_root(tmp_path):
        yield


def task(*sets: DataSet) -> Task:
    rows = columns({"smiles": "smiles"}, "value")
    return Task(
        name="weight",
        suite="test",
        family=Family.PREDICTION,
        domain=Domain.MOLECULE,
        prompt="What does {smiles} weigh?",
        inputs={"smiles": "smiles"},
        answer=Number("g", low=0, high=100, scale=1, tolerance=0.1),
        data=First(tuple(Table(data, rows) for data in sets)),
        source="made for a test",
        licence="none",
    )


def asked(task: Task, split: Split) -> set[str]:
    return {sample.inputs["smiles"] for sample in task.samples(split)}


@pytest.mark.parametrize(
    ("sets", "train"),
    [
        ((MIXED,), {"C", "CC"}),
        ((CLOSED, MIXED), {"C", "CC"}),
        ((FREE,), {"CCO", "CCCCC"}),
        # What the task's own test rows ask is not learnt from the other set.
        ((CLOSED, FREE), {"CCO"}),
        ((FREE, MIXED), {"CCO", "CCCCC"}),
    ],
)
@pytest.mark.usefixtures("root")
def test_training_rows_come_from_the_first_place_that_permits_it(
    sets: tuple[DataSet, ...], train: set[str]
) -> None:
    own = task(*sets)
    made = replace(own, data=Licensed(own))
    # The test molecules of the free set alone: a development row may be carved out of train.
    found = asked(made, Split.TRAIN) | (asked(made, Split.DEV) if sets[0] is FREE else set())
    assert found == train
    assert asked(made, Split.TEST) == asked(own, Split.TEST)


@pytest.mark.usefixtures("root")
def test_without_a_permitting_place_a_task_is_refused_by_name() -> None:
    own = task(CLOSED)
    assert not replace(own, data=Licensed(own)).available(Split.TRAIN)
    with pytest.raises(DataError, match=r"weight.*licensed = false"):
        licensed([own])
    with pytest.raises(DataError, match="'weight' has no training rows"):
        Licensed(own).load("weight", Split.TRAIN)


@pytest.mark.usefixtures("root")
def test_places_say_what_the_licence_leaves() -> None:
    (place,) = Licensed(task(MIXED)).places("weight")
    assert (place.ships, place.partly, Split.TRAIN in place.splits) == (False, True, True)
    (place,) = Licensed(task(CLOSED)).places("weight")
    assert Split.TRAIN not in place.splits
    assert Split.TEST in place.splits


@pytest.mark.parametrize(
    ("sets", "sifted", "part"),
    [
        pytest.param((FREE,), False, False, id="free"),
        pytest.param((MIXED,), True, True, id="its open part"),
        pytest.param((CLOSED, FREE), True, False, id="the other, which is free"),
        pytest.param((MIXED,), False, None, id="all of it"),
        pytest.param((CLOSED,), True, None, id="nothing is open"),
        # Training without sifting reads the first place, whatever its terms.
        pytest.param((CLOSED, FREE), False, None, id="the first, which is closed"),
        pytest.param((replace(FREE, folder="absent"),), False, None, id="not on this machine"),
    ],
)
@pytest.mark.usefixtures("root")
def test_what_weights_learnt_from(
    sets: tuple[DataSet, ...], sifted: bool, part: bool | None
) -> None:
    tasks = [task(*sets), get("logp")]
    if part is None:
        with pytest.raises(DataError, match=r"weight[ ;(].*given away|given away.*weight[ ;(]"):
            learnt_from(tasks, sifted=sifted)
        return
    public, embedded = learnt_from(tasks, sifted=sifted)
    assert (public.tasks, public.part) == (("weight",), part)
    assert (embedded.tasks, embedded.part) == (("logp",), False)


def test_every_open_part_is_of_a_set_that_may_not_ship_whole() -> None:
    partly = [p for t in all_tasks() for p in t.data.places(t.name) if p.partly]
    assert len(partly) >= 12
    assert not any(place.ships for place in partly)
