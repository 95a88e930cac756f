"""Public data sets kept as tables: one adapter a set turns its records into rows of tasks."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from scireasoner.errors import DataError
from scireasoner.settings import locate
from scireasoner.tasks.release import Record
from scireasoner.tasks.rows import PUBLISHED, UNSHIPPED, Example, Place
from scireasoner.types import Sample, Split

_SPLITS = {"train": Split.TRAIN, "train_extra": Split.TRAIN, "valid": Split.DEV, "test": Split.TEST}
# Where a set has no validation rows, this share of its training rows serves, chosen by hash.
_DEV_SHARE = 0.05


@dataclass(frozen=True)
class DataSet:
    """A public data set under a data root: ``<folder>/<file>``, each record with its ``split``.

    Parameters
    ----------
    folder : e.g. ``"bio/gue_tf_human"``.
    source, licence : citation (DOI or arXiv id) and terms.
    ships : whether weights trained on it may be given away.
    comparable : whether its test rows are those of the published tables.
    file : ``.jsonl.gz`` or ``.csv.gz``.
    note : what a user should know, e.g. how it differs from the published set.
    sampled : whether its test rows are drawn from the published ones.
    open_part : where weights may ship if they learn from a part of the training rows only: the
        column that tells, and its values.
    """

    folder: str
    source: str
    licence: str
    ships: bool
    comparable: bool = False
    file: str = "data.jsonl.gz"
    note: str = ""
    sampled: bool = False
    open_part: tuple[str, tuple[str, ...]] | None = None

    def is_open(self, record: Record) -> bool:
        """Return whether weights that learnt from a record may be given away."""
        if self.open_part is None:
            return self.ships
        column, values = self.open_part
        return record.get(column) in values


@dataclass(frozen=True)
class Join:
    """A column fetched from a side table.

    Parameters
    ----------
    column : the record's column that holds the key.
    file : the side table, beside the data set's file.
    key, value : the side table's columns.
    name : the column that the record gets.
    """

    name: str
    column: str
    file: str
    key: str
    value: str


@dataclass(frozen=True)
class Table:
    """The rows of one task in a public data set.

    Parameters
    ----------
    data : the set.
    rows : the adapter: gives the task's examples in a record, none if it has none.
    joins : columns to fetch from side tables first.
    """

    data: DataSet
    rows: Callable[[Record], Iterable[Example]]
    joins: tuple[Join, ...] = ()

    def places(self, task: str) -> tuple[Place, ...]:
        """Return the one place of the set."""
        del task
        d = self.data
        present = locate(Path(d.folder) / d.file) is not None
        return (Place("public set", f"{d.folder}/{d.file}", present, tuple(Split), d.source,
                      d.licence, d.comparable, d.ships, d.note, d.sampled,
                      d.open_part is not None),)  # fmt: skip

    def load(self, task: str, split: Split) -> Sequence[Sample]:
        """Return the rows of a split in the order of their hashes; DataError if it is missing."""
        path = locate(Path(self.data.folder) / self.data.file)
        if path is None:
            raise DataError(
                f"task {task!r}: the set {self.data.folder} is not under any data root; set "
                "SCIREASONER_DATA to the folder that holds it"
            )
        return _arranged(self, task, path, path.stat().st_mtime_ns)[split]

    def references(self) -> Iterator[str]:
        """Yield the reference of every example outside test, as it comes, repetitions included."""
        path = locate(Path(self.data.folder) / self.data.file)
        if path is None:
            return
        for record in _joined(self, path, path.stat().st_mtime_ns):
            if _SPLITS.get(str(record.get("split", "train"))) is Split.TEST:
                continue
            for example in self.rows(record):
                if example.reference:
                    yield example.reference


def columns(
    inputs: Mapping[str, str], gold: str, where: Mapping[str, object] | None = None
) -> Callable[[Record], Iterator[Example]]:
    """Return the adapter of a set with one row a record.

    Parameters
    ----------
    inputs : the task's input name -> the set's column.
    gold : the column of the right answer; a record without it is left out.
    where : column -> the value it must have.
    """

    def rows(record: Record) -> Iterator[Example]:
        if where and any(record.get(column) != value for column, value in where.items()):
            return
        if record.get(gold) in (None, ""):
            return
        values = {name: record.get(column) for name, column in inputs.items()}
        if all(value not in (None, "") for value in values.values()):
            yield Example({n: str(v) for n, v in values.items()}, str(record[gold]))

    return rows


@lru_cache(maxsize=8)
def _arranged(table: Table, task: str, path: Path, changed: int) -> dict[Split, tuple[Sample, ...]]:
    """Return all rows of a task by split, without repetitions, in the order of their hashes."""
    found: dict[Split, dict[str, Sample]] = {split: {} for split in Split}
    marks = {PUBLISHED: "yes"} if table.data.comparable else {}
    for record in _joined(table, path, changed):
        split = _SPLITS.get(str(record.get("split", "train")), Split.TRAIN)
        kept_back = {} if table.data.is_open(record) else {UNSHIPPED: "yes"}
        for example in table.rows(record):
            key = repr([sorted(example.inputs.items()), example.gold, example.reference])
            digest = hashlib.sha256(f"{task}:{key}".encode()).hexdigest()
            meta = {**example.meta, "source": table.data.folder, **marks, **kept_back}
            sample = Sample(
                f"{task}-{digest[:12]}", example.inputs, example.gold, example.reference, meta
            )
            found[split].setdefault(digest, sample)
    _separate(found)
    if not found[Split.DEV]:
        found[Split.DEV] = _carved(found[Split.TRAIN])
    return {
        split: tuple(sample for _, sample in sorted(rows.items())) for split, rows in found.items()
    }


def _separate(found: dict[Split, dict[str, Sample]]) -> None:
    """Take the questions of test out of dev and train, and those of dev out of train.

    Sets are split by their own keys; two keys may stand for one sequence.
    """
    held_out: set[str] = set()
    for split in (Split.TEST, Split.DEV, Split.TRAIN):
        questions = {d: repr(sorted(s.inputs.items())) for d, s in found[split].items()}
        for digest, question in questions.items():
            if question in held_out:
                del found[split][digest]
        held_out.update(questions.values())


def _carved(train: dict[str, Sample]) -> dict[str, Sample]:
    """Take the development rows out of the training rows; rows of one question go together."""
    chosen = {}
    for digest, sample in train.items():
        inputs = hashlib.sha256(repr(sorted(sample.inputs.items())).encode()).digest()
        if int.from_bytes(inputs[:4], "big") / 2**32 < _DEV_SHARE:
            chosen[digest] = sample
    for digest in chosen:
        del train[digest]
    return chosen


def _joined(table: Table, path: Path, changed: int) -> Iterator[Record]:
    sides = {join: _side(path.with_name(join.file), join.key, join.value) for join in table.joins}
    for record in read_table(path, changed):
        if not sides:
            yield record
            continue
        fetched = {j.name: side.get(str(record.get(j.column))) for j, side in sides.items()}
        yield {**record, **fetched}


@lru_cache(maxsize=4)
def _side(path: Path, key: str, value: str) -> dict[str, Any]:
    return {str(r[key]): r.get(value) for r in read_table(path, path.stat().st_mtime_ns)}


@lru_cache(maxsize=3)
def read_table(path: Path, changed: int) -> tuple[dict[str, Any], ...]:
    """Read a ``.jsonl.gz`` or ``.csv.gz`` file whole.

    Parameters
    ----------
    changed : the file's modification time, so that a file written anew is read anew.

    Raises
    ------
    DataError : if a line is broken.
    """
    del changed
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            if path.name.endswith(".csv.gz"):
                return tuple(csv.DictReader(file))
            return tuple(json.loads(line) for line in file if line.strip())
    except (ValueError, EOFError, OSError) as error:
        raise DataError(f"{path} cannot be read ({error}): get the set again") from error
