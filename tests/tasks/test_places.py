"""Rows of public layouts: the hub's JSON files, compressed tables, one prompt drawn many times."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scireasoner.errors import DataError
from scireasoner.settings import use_data_root
from scireasoner.tasks.hub import Hub
from scireasoner.tasks.release import Release
from scireasoner.tasks.rows import PUBLISHED, Example
from scireasoner.tasks.sources import Draws, First
from scireasoner.tasks.tables import DataSet, Join, Table, columns
from scireasoner.types import Split

RELEASE = Release(
    benchmark="Toy",
    name="toy",
    repo="Org/toy-test",
    path="toy/{split}/data.json",
    key="score",
    scale="0..1",
    evaluator=None,
    gold=lambda record: record["output"].split()[-1],
    keep=lambda record: "skip" not in record["input"],
    subtask=lambda record: str(record.get("meta_data", {}).get("task", "")),
)
SET = DataSet("area/toy", "Toy et al.", "CC0", ships=True)
ADAPTER = Table(SET, columns({"smiles": "smiles"}, "value", where={"property": "x"}))


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    with use_data_root(tmp_path):
        yield tmp_path


def put_hub(root: Path, split: str, *records: dict[str, Any]) -> None:
    path = root / "Org/toy-test/toy" / split / "data.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(records))


def put_table(root: Path, *records: dict[str, Any], name: str = "data.jsonl.gz") -> None:
    path = root / "area/toy" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        if name.endswith(".csv.gz"):
            writer = csv.DictWriter(file, list(records[0]))
            writer.writeheader()
            writer.writerows(records)
        else:
            file.writelines(json.dumps(record) + "\n" for record in records)


def record(smiles: str, value: Any, split: str = "train", **more: Any) -> dict[str, Any]:
    return {"smiles": smiles, "value": value, "property": "x", "split": split, **more}


def test_a_hub_record_is_a_row_with_its_own_question(root: Path) -> None:
    put_hub(
        root,
        "test",
        {"input": "How much?", "output": "It is 5", "meta_data": {"task": "part-1"}},
        {"input": "skip me", "output": "It is 6"},
    )
    (sample,) = Hub(RELEASE).load("toy", Split.TEST)
    assert sample.inputs == {"question": "How much?"}
    assert sample.gold == "5"
    assert sample.meta == {
        "output": "It is 5",
        "subtask": "part-1",
        "source": "Org/toy-test",
        PUBLISHED: "yes",
    }
    (place,) = Hub(RELEASE).places("toy")
    assert (place.present, place.splits, place.comparable) == (True, (Split.TEST,), True)


@pytest.mark.parametrize("split", [Split.TRAIN, Split.DEV, Split.TEST])
def test_a_missing_hub_file_says_how_to_get_it(split: Split, root: Path) -> None:
    with pytest.raises(DataError, match="scireasoner data fetch toy"):
        Hub(RELEASE).load("toy", split)


def test_a_broken_hub_file_is_said(root: Path) -> None:
    put_hub(root, "test")
    path = root / "Org/toy-test/toy/test/data.json"
    for text, words in (
        ("{", "not JSON"),
        ("[1]", "list of objects"),
        ('[{"a": 1}]', "no 'input'"),
    ):
        path.write_text(text)
        release = Release(**{**vars(RELEASE), "keep": None})
        with pytest.raises(DataError, match=words):
            Hub(release).load("toy", Split.TEST)


@pytest.mark.parametrize("name", ["data.jsonl.gz", "data.csv.gz"])
def test_a_table_gives_its_splits_without_repetitions(name: str, root: Path) -> None:
    put_table(
        root,
        record("CCO", "1.5"),
        record("CCO", "1.5"),
        record("CCN", "2.5", "valid"),
        record("CCC", "3.5", "test"),
        {**record("CCF", "9", "test"), "property": "y"},
        record("CCBr", "", "test"),
        name=name,
    )
    table = Table(DataSet("area/toy", "Toy et al.", "CC0", ships=True, file=name), ADAPTER.rows)
    found = {
        split: [(s.inputs["smiles"], s.gold) for s in table.load("toy", split)] for split in Split
    }
    assert found == {
        Split.TRAIN: [("CCO", "1.5")],
        Split.DEV: [("CCN", "2.5")],
        Split.TEST: [("CCC", "3.5")],
    }


def test_development_rows_are_carved_where_a_set_has_none(root: Path) -> None:
    put_table(root, *(record("C" * n, n) for n in range(1, 400)))
    train, dev = (ADAPTER.load("toy", split) for split in (Split.TRAIN, Split.DEV))
    assert 5 <= len(dev) <= 40
    assert len(train) + len(dev) == 399
    assert not {s.id for s in train} & {s.id for s in dev}


def test_the_order_of_rows_does_not_depend_on_the_file(root: Path) -> None:
    rows = [record("C" * n, n, "test") for n in range(1, 40)]
    put_table(root, *rows)
    before = [s.id for s in ADAPTER.load("toy", Split.TEST)]
    put_table(root, *reversed(rows))
    assert [s.id for s in ADAPTER.load("toy", Split.TEST)] == before
    assert before != sorted(before, key=lambda i: i[::-1])


def test_a_side_table_is_joined(root: Path) -> None:
    put_table(root, {"id": "p1", "sequence": "MKV"}, name="proteins.jsonl.gz")
    put_table(
        root, {"a": "p1", "label": 1, "split": "test"}, {"a": "p2", "label": 0, "split": "test"}
    )
    join = Join("protein", "a", "proteins.jsonl.gz", "id", "sequence")
    table = Table(SET, columns({"protein": "protein"}, "label"), (join,))
    (sample,) = table.load("toy", Split.TEST)  # the second record's protein is not known
    assert (sample.inputs, sample.gold) == ({"protein": "MKV"}, "1")


def test_a_broken_table_is_said(root: Path) -> None:
    path = root / "area/toy/data.jsonl.gz"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"not gzip")
    with pytest.raises(DataError, match="cannot be read"):
        ADAPTER.load("toy", Split.TEST)


def test_the_first_source_that_is_there_counts(root: Path) -> None:
    both = First((Hub(RELEASE), ADAPTER))
    with pytest.raises(DataError, match=r"Org/toy-test/toy/test/data.json, area/toy"):
        both.load("toy", Split.TEST)
    put_table(root, record("CCO", "1.5", "test"), record("CC", "2", "valid"))
    assert both.load("toy", Split.TEST)[0].gold == "1.5"
    put_hub(root, "test", {"input": "How much?", "output": "It is 5"})
    assert both.load("toy", Split.TEST)[0].gold == "5"
    assert both.load("toy", Split.DEV)[0].gold == "2"  # the hub has no such file here


def test_one_prompt_is_drawn_many_times() -> None:
    rows = Draws(50).load("toy", Split.TEST)
    assert len({row.id for row in rows}) == 50
    assert all(not row.inputs and row.gold is None for row in rows)
    assert Draws(50).load("toy", Split.TRAIN) == ()
    assert Example({}, None).meta == {}
