"""Small tasks whose rows are written down in the test."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from scireasoner.answers import Number
from scireasoner.tasks.release import Release
from scireasoner.tasks.sources import Jsonl
from scireasoner.tasks.task import Task
from scireasoner.types import Domain, Family

Rows = Mapping[str, Iterable[tuple[Any, ...]]]
Make = Callable[..., Task]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Make a task from rows (inputs, gold[, reference]) by split; one input may be bare."""

    def made(name: str, rows: Rows, **changes: Any) -> Task:
        inputs = changes.get("inputs", {"smiles": "smiles"})
        folder = tmp_path / "rows" / name
        folder.mkdir(parents=True, exist_ok=True)
        for split, lines in rows.items():
            with (folder / f"{split}.jsonl").open("w", encoding="utf-8") as file:
                for number, (asked, gold, *rest) in enumerate(lines):
                    values = asked if isinstance(asked, dict) else dict.fromkeys(inputs, asked)
                    row = {
                        "id": f"{split}-{number}",
                        "inputs": values,
                        "gold": gold,
                        "reference": rest[0] if rest else None,
                    }
                    file.write(json.dumps(row) + "\n")
        options: dict[str, Any] = {
            "suite": "test",
            "family": Family.PREDICTION,
            "domain": Domain.MOLECULE,
            "prompt": "What of " + ", ".join(f"{{{i}}}" for i in inputs) + "?",
            "inputs": inputs,
            "answer": Number("K", low=0, high=1000, scale=1, tolerance=0.5),
            "data": Jsonl(folder),
            "source": "here",
            "licence": "CC0",
        }
        return Task(name=name, **{**options, **changes})

    return made


@pytest.fixture
def released() -> Callable[..., Release]:
    """Make the released side of a task."""

    def made(repo: str, path: str) -> Release:
        return Release("X", "x", repo, path, "acc", "0..1", None)

    return made


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data root, the only one."""
    folder = tmp_path / "root"
    folder.mkdir()
    monkeypatch.setenv("SCIREASONER_DATA", str(folder))
    return folder


@pytest.fixture
def write_set(root: Path) -> Callable[[str, Iterable[Mapping[str, Any]]], Path]:
    """Write a public set as ``<root>/<folder>/data.jsonl.gz``."""

    def written(folder: str, records: Iterable[Mapping[str, Any]]) -> Path:
        path = root / folder / "data.jsonl.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        with gzip.open(path, "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(record) + "\n" for record in records)
        return path

    return written
