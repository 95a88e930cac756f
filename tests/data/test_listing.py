"""What is available, and what to do about what is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scireasoner.data.listing import listed
from scireasoner.tasks.hub import Hub
from scireasoner.tasks.sources import EMBEDDED, Draws, First, Jsonl
from scireasoner.tasks.tables import DataSet, Table, columns
from scireasoner.tasks.task import Task
from scireasoner.types import Split

Make = Callable[..., Task]
TABLE = Table(
    DataSet("x/set", "a paper", "CC BY 4.0", ships=True), columns({"smiles": "smiles"}, "value")
)
RECORDS = [
    {"smiles": "C", "value": 1, "split": "train"},
    {"smiles": "CC", "value": 1, "split": "valid"},
    {"smiles": "CCC", "value": 1, "split": "test"},
    {"smiles": "CCCC", "value": 1, "split": "test"},
]


@pytest.fixture
def both(make: Make, released: Callable[..., Any]) -> Task:
    """A task that is on the hub and in a public set."""
    return make("a", {}, data=First((Hub(released("org/set", "{split}.json")), TABLE)))


def test_nothing_here_says_how_to_get_each_place(both: Task, root: Path) -> None:
    (row,) = listed([both])
    assert not row.present
    assert not row.comparable
    assert not row.ships
    assert row.used == {}
    assert row.todo == (
        "scireasoner data fetch a",
        "set SCIREASONER_DATA to the folder that holds x/set/data.jsonl.gz",
    )
    assert "CC BY 4.0" in row.licence


def test_a_public_set_is_used_and_does_not_compare(
    both: Task, root: Path, write_set: Callable[..., Path]
) -> None:
    write_set("x/set", RECORDS)
    (row,) = listed([both], count=True)
    assert row.rows == {Split.TRAIN: 1, Split.DEV: 1, Split.TEST: 2}
    assert (row.present, row.comparable, row.ships) == (True, False, True)
    assert row.licence == "CC BY 4.0"
    assert row.todo == ("scireasoner data fetch a",)


def test_the_hub_gives_the_test_and_the_set_the_training_rows(
    both: Task, root: Path, write_set: Callable[..., Path]
) -> None:
    write_set("x/set", RECORDS)
    (root / "org/set").mkdir(parents=True)
    rows = [{"input": "q", "output": "1"}] * 3
    (root / "org/set/test.json").write_text(json.dumps(rows))
    (row,) = listed([both], count=True)
    assert row.rows == {Split.TRAIN: 1, Split.DEV: 1, Split.TEST: 3}
    assert {split: place.kind for split, place in row.used.items()} == {
        Split.TRAIN: "public set",
        Split.DEV: "public set",
        Split.TEST: "hub",
    }
    assert row.comparable
    assert row.todo == ()


@pytest.mark.parametrize(
    ("data", "todo"),
    [
        (EMBEDDED, ("scireasoner run nano --stage data",)),
        (Jsonl("my/rows"), ("write my/rows",)),
        (Draws(20), ()),
    ],
)
def test_other_places(make: Make, root: Path, data: Any, todo: tuple[str, ...]) -> None:
    (row,) = listed([make("a", {}, data=data)], count=True)
    assert row.todo == todo
    assert row.rows == ({Split.DEV: 2, Split.TEST: 20} if isinstance(data, Draws) else {})
    assert not row.ships
