"""Rows in the layout of the public hub: JSON lists (or lines) of input, output and meta data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from scireasoner.errors import DataError
from scireasoner.settings import locate
from scireasoner.tasks.release import Record, Release
from scireasoner.tasks.rows import PUBLISHED, Place
from scireasoner.types import Sample, Split

SPLITS = (Split.DEV, Split.TEST)


@dataclass(frozen=True)
class Hub:
    """The rows of a released task: ``<data root>/<repo>/<path>``, as the hub lays them out.

    Every row brings its whole question along. The hub has no training rows.

    Parameters
    ----------
    release : names the files and says how a record is read.
    licence : of the data set on the hub.
    """

    release: Release
    licence: str = "as on the hub page of the data set"

    def file(self, split: Split) -> str:
        """Return the path of a split's file under a data root."""
        return f"{self.release.repo}/{self.release.path.format(split=split.value)}"

    def places(self, task: str) -> tuple[Place, ...]:
        """Return the one place: the local copy of the hub's files."""
        del task
        if not self.release.repo:
            return ()
        there = tuple(split for split in SPLITS if self._local(split))
        source = f"{self.release.repo} on the public hub"
        return (Place("hub", self.file(Split.TEST), Split.TEST in there, there, source,
                      self.licence, comparable=True),)  # fmt: skip

    def load(self, task: str, split: Split) -> Sequence[Sample]:
        """Return the rows of a split; DataError if the file is missing or broken."""
        path = self._local(split)
        if path is None:
            raise DataError(
                f"task {task!r} has no {split} rows in the hub layout: "
                f"{self.file(split)} is not under any data root (`scireasoner data fetch {task}`)"
            )
        stat = path.stat()
        records = _records(path, stat.st_mtime_ns, stat.st_size)
        keep = self.release.keep
        kept = [(n, r) for n, r in enumerate(records) if keep is None or keep(r)]
        return tuple(record_sample(self.release, task, str(n), record) for n, record in kept)

    def _local(self, split: Split) -> Path | None:
        """Return a split's file; a path that names no split is that of the test rows."""
        one = "{split}" not in self.release.path
        has = split is Split.TEST if one else split in SPLITS
        return locate(self.file(split)) if has else None


def record_sample(release: Release, task: str, index: str, record: Record) -> Sample:
    """Return a record of the hub (or of a prediction file) as a row.

    Raises
    ------
    DataError : if the record lacks its question.
    """
    if "input" not in record:
        raise DataError(f"task {task!r}, record {index}: no 'input'; it has {sorted(record)}")
    meta = {"output": str(record.get("output", "")), "source": release.repo, PUBLISHED: "yes"}
    if release.subtask is not None:
        meta["subtask"] = release.subtask(record)
    if release.label is not None and (label := release.label(record)) is not None:
        meta["label"] = label
    question = {"question": str(record["input"])}
    return Sample(f"{task}-{index}", question, release.gold(record), None, meta)


@lru_cache(maxsize=2)
def _records(path: Path, changed: int, size: int) -> tuple[dict[str, Any], ...]:
    # ``changed`` and ``size`` are in the key so that a file written anew is read anew.
    del changed, size
    try:
        text = path.read_text(encoding="utf-8")
        lines = path.suffix == ".jsonl"
        raw = (
            [json.loads(line) for line in text.splitlines() if line] if lines else json.loads(text)
        )
    except ValueError as error:
        raise DataError(f"{path} is not JSON ({error}): fetch it again") from error
    records = raw if isinstance(raw, list) else [raw]
    if not all(isinstance(record, dict) for record in records):
        raise DataError(f"{path}: a list of objects was expected; fetch it again")
    return tuple(records)
