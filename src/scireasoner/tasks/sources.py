"""Where rows come from: the embedded set built on this machine, or a user's own file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeGuard

from scireasoner.artifacts import read_jsonl
from scireasoner.errors import DataError
from scireasoner.settings import data_root, locate
from scireasoner.tasks.embedded.build import FOLDER, build_embedded
from scireasoner.tasks.hub import Hub
from scireasoner.tasks.rows import PUBLISHED, Place
from scireasoner.tasks.tables import Table
from scireasoner.types import Sample, Split

__all__ = ["EMBEDDED", "Embedded", "Jsonl", "build_embedded", "sample_from"]

_FIELDS = {"id", "inputs", "gold", "reference", "meta"}


def sample_from(row: Mapping[str, Any], where: str) -> Sample:
    """Return a row of a JSON-lines file as a sample; DataError names ``where`` it is wrong."""
    inputs, gold, reference = row.get("inputs"), row.get("gold"), row.get("reference")
    if not isinstance(row.get("id"), str) or not _texts(inputs):
        raise DataError(
            f"{where}: a row needs an 'id' (text) and 'inputs' (an object of texts); "
            f"it has {sorted(row)}"
        )
    for name, value in (("gold", gold), ("reference", reference)):
        if value is not None and not isinstance(value, str):
            raise DataError(f"{where}: {name!r} must be a text or null, not {value!r}")
    unknown = sorted(set(row) - _FIELDS)
    if unknown:
        raise DataError(f"{where}: unknown field {unknown[0]!r}; put it under 'meta'")
    meta = row.get("meta") or {}
    if not _texts(meta):
        raise DataError(f"{where}: 'meta' must be an object of texts")
    return Sample(row["id"], inputs, gold, reference, meta)


def _texts(value: Any) -> TypeGuard[dict[str, str]]:
    return isinstance(value, dict) and all(isinstance(v, str) for v in value.values())


@dataclass(frozen=True)
class Embedded:
    """Rows of the embedded set: ``<data root>/embedded/<task>/<split>.jsonl``."""

    def load(self, task: str, split: Split) -> Sequence[Sample]:
        """Return the rows of a split; DataError if the set has not been built."""
        return _rows(*self._file(task, split))

    def places(self, task: str) -> tuple[Place, ...]:
        """Return the one place: the built set."""
        file = f"{FOLDER}/{task}"
        present = locate(file) is not None
        source = "rows that ship with packages or are computed here"
        return (Place("embedded", file, present, tuple(Split), source,
                      "see the task", comparable=False, ships=True),)  # fmt: skip

    def references(self, task: str) -> frozenset[str]:
        """Return the references of the training rows: what an answer must not repeat to be new."""
        return _references(*self._file(task, Split.TRAIN))

    def _file(self, task: str, split: Split) -> tuple[Path, int, int]:
        path = locate(Path(FOLDER) / task / f"{split}.jsonl")
        if path is None:
            raise DataError(
                f"the rows of task {task!r} are not under {data_root()}: build them with "
                "`scireasoner run nano --stage data` and go on in the same folder, or set "
                "SCIREASONER_DATA to where they are (runs/nano-seed0/data)"
            )
        stat = path.stat()
        return path, stat.st_mtime_ns, stat.st_size


@dataclass(frozen=True)
class Jsonl:
    """A user's own rows: ``<folder>/<split>.jsonl``, one sample a line.

    Each line is ``{"id": ..., "inputs": {...}, "gold": ..., "reference": ..., "meta": {...}}``;
    the last two may be left out.
    """

    folder: str | Path

    def load(self, task: str, split: Split) -> Sequence[Sample]:
        """Return the rows of a split; DataError if the file is missing or a row is wrong."""
        path = Path(self.folder) / f"{split}.jsonl"
        if not path.is_file():
            raise DataError(f"task {task!r}: {path} is missing; write one JSON object a line")
        stat = path.stat()
        return _rows(path, stat.st_mtime_ns, stat.st_size)

    def places(self, task: str) -> tuple[Place, ...]:
        """Return the one place: the user's folder."""
        del task
        folder = Path(self.folder)
        there = tuple(split for split in Split if (folder / f"{split}.jsonl").is_file())
        return (Place("file", str(folder), bool(there), there, "a user's own rows",
                      "the user's", comparable=False),)  # fmt: skip


@dataclass(frozen=True)
class First:
    """Several sources of one task: the first that is present counts.

    Parameters
    ----------
    sources : in the order of preference.
    """

    sources: tuple[Embedded | Jsonl | Hub | Table | Draws, ...]

    def places(self, task: str) -> tuple[Place, ...]:
        """Return the places of all sources in order."""
        return tuple(place for source in self.sources for place in source.places(task))

    def load(self, task: str, split: Split) -> Sequence[Sample]:
        """Return the rows of a split from the first source that has it.

        Raises
        ------
        DataError : if none has; every place is named.
        """
        for source in self.sources:
            if any(place.present and split in place.splits for place in source.places(task)):
                return source.load(task, split)
        looked = ", ".join(place.location for place in self.places(task)) or "nowhere"
        raise DataError(
            f"task {task!r} has no {split} rows on this machine; looked under the data roots for "
            f"{looked}. `scireasoner data list {task}` says how to get them"
        )


@dataclass(frozen=True)
class Draws:
    """One prompt asked many times: the rows of unconditional generation.

    Parameters
    ----------
    n : how often it is asked in a test; a tenth of it in development.
    """

    n: int

    def places(self, task: str) -> tuple[Place, ...]:
        """Return the one place: no file is needed."""
        del task
        return (Place("prompt", "the prompt alone", True, (Split.DEV, Split.TEST),
                      "one fixed prompt", "none needed", comparable=True, ships=True),)  # fmt: skip

    def load(self, task: str, split: Split) -> Sequence[Sample]:
        """Return n rows without inputs; none for training."""
        n = {Split.TRAIN: 0, Split.DEV: self.n // 10, Split.TEST: self.n}[split]
        meta = {PUBLISHED: "yes"}
        return tuple(Sample(f"{task}-{split}-{i}", {}, None, None, meta) for i in range(n))


EMBEDDED = Embedded()


@lru_cache(maxsize=128)
def _rows(path: Path, changed: int, size: int) -> tuple[Sample, ...]:
    # ``changed`` and ``size`` are in the key so that a file written anew is read anew.
    del changed, size
    rows = read_jsonl(path)
    samples = tuple(sample_from(row, f"{path}, row {n}") for n, row in enumerate(rows, start=1))
    seen: set[str] = set()
    for sample in samples:
        if sample.id in seen:
            raise DataError(f"{path}: the id {sample.id!r} is there twice")
        seen.add(sample.id)
    return samples


@lru_cache(maxsize=8)
def _references(path: Path, changed: int, size: int) -> frozenset[str]:
    rows = _rows(path, changed, size)
    return frozenset(row.reference for row in rows if row.reference is not None)
