"""Hashes against manifests and locks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scireasoner.artifacts import sha256
from scireasoner.data.check import check
from scireasoner.data.files import LOCK, SUMS, Locked, examine_files, hubs, read_lock, write_lock
from scireasoner.errors import DataError, StorageError
from scireasoner.settings import use_data_root
from scireasoner.tasks.hub import Hub
from scireasoner.tasks.registry import get
from scireasoner.tasks.sources import First
from scireasoner.tasks.tables import DataSet, Table, columns
from scireasoner.tasks.task import Task

Make = Callable[..., Task]
ROWS = [{"smiles": "C", "value": 111, "split": "test"}]


@pytest.fixture
def task(make: Make, write_set: Callable[..., Path]) -> Task:
    """A task whose set ``area/set`` is there, with a side file."""
    path = write_set("area/set", ROWS)
    path.with_name("SOURCE.md").write_text("where it is from")
    table = Table(DataSet("area/set", "s", "CC0", True), columns({"smiles": "smiles"}, "value"))
    return make("a", {}, data=table)


def sums(root: Path) -> Path:
    """Write the manifest of the area, as the shared data have it."""
    lines = [
        f"{sha256(path)}\t{path.stat().st_size}\tset/{path.name}\n"
        for path in sorted((root / "area/set").iterdir())
    ]
    manifest = root / "area" / SUMS
    manifest.write_text("".join(lines))
    return manifest


def states(*tasks: Task, lock: Path | None = None) -> dict[str, tuple[str, str]]:
    return {f.path: (f.state, f.against) for f in examine_files(tasks, lock)}


DATA, SIDE = "area/set/data.jsonl.gz", "area/set/SOURCE.md"


def test_a_set_is_verified_with_its_manifest(task: Task, root: Path) -> None:
    sums(root)
    against = f"area/{SUMS}"
    assert states(task) == {DATA: ("verified", against), SIDE: ("verified", against)}
    assert check([task], progress=False).exit_code == 0


@pytest.mark.parametrize(
    ("harm", "state"),
    [
        (lambda p: p.write_bytes(p.read_bytes() + b" "), "changed"),
        (lambda p: p.unlink(), "missing"),
    ],
)
def test_a_harmed_file_is_an_error(
    task: Task, root: Path, harm: Callable[[Path], Any], state: str
) -> None:
    sums(root)
    harm(root / SIDE)
    assert states(task)[SIDE][0] == state
    report = check([task], progress=False)
    assert [(p.kind, p.task) for p in report.errors] == [("file", SIDE)]
    assert report.exit_code == DataError.exit_code


def test_files_without_a_manifest_are_told_with_their_hash(task: Task, root: Path) -> None:
    files = examine_files([task])
    assert {f.path: f.sha256 for f in files} == {
        DATA: sha256(root / DATA),
        SIDE: sha256(root / SIDE),
    }
    (note,) = check([task], progress=False).problems
    assert (note.level, note.count, note.kind) == ("note", 2, "file")


@pytest.mark.parametrize("named", [False, True])
def test_a_lock_remembers_what_was_there(
    task: Task, root: Path, tmp_path: Path, named: bool
) -> None:
    lock = tmp_path / "my.lock.json" if named else None
    path = lock or root / LOCK
    check([task], lock=lock, write=True, progress=False)
    assert read_lock(path)[DATA] == Locked(sha256(root / DATA), (root / DATA).stat().st_size)
    assert states(task, lock=lock)[DATA] == ("verified", path.name)
    (root / SIDE).write_text("another")
    assert states(task, lock=lock)[SIDE] == ("changed", path.name)
    assert check([task], lock=lock, progress=False).exit_code == DataError.exit_code
    # Written again, the lock agrees again.
    check([task], lock=lock, write=True, progress=False)
    assert states(task, lock=lock)[SIDE] == ("verified", path.name)


def test_a_manifest_counts_more_than_a_lock(task: Task, root: Path) -> None:
    sums(root)
    write_lock(root / LOCK, {DATA: Locked("0" * 64, 1)})
    assert states(task)[DATA] == ("verified", f"area/{SUMS}")


def test_a_lock_keeps_revisions_of_files_that_are_the_same(task: Task, root: Path) -> None:
    size = (root / DATA).stat().st_size
    write_lock(
        root / LOCK, {DATA: Locked(sha256(root / DATA), size, "abc"), "other": Locked("1", 1)}
    )
    check([task], write=True, progress=False)
    assert read_lock(root / LOCK)[DATA].revision == "abc"
    assert "other" in read_lock(root / LOCK)


@pytest.mark.parametrize("text", ["[]", "{", '{"files": {"a": {"size": 1}}}', '{"files": 3}'])
def test_a_broken_lock_says_what_to_do(task: Task, root: Path, text: str) -> None:
    (root / LOCK).write_text(text)
    with pytest.raises(DataError, match="delete it and write it again"):
        check([task], progress=False)


def test_a_broken_manifest_is_named_with_its_line(task: Task, root: Path) -> None:
    manifest = sums(root)
    manifest.write_text(manifest.read_text() + "no tabs here\n")
    with pytest.raises(DataError, match="line 3"):
        examine_files([task])


def test_a_lock_that_cannot_be_written_is_a_storage_error(task: Task, tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir()
    folder.chmod(0o500)
    if _writable(folder):
        pytest.skip("this user may write everywhere")
    with pytest.raises(StorageError, match="not writable"):
        check([task], lock=folder / "lock.json", write=True, progress=False)


def _writable(folder: Path) -> bool:
    try:
        (folder / "x").touch()
    except PermissionError:
        return False
    (folder / "x").unlink()
    return True


def test_files_of_the_hub_are_looked_at(
    make: Make, root: Path, released: Callable[..., Any]
) -> None:
    hub = Hub(released("org/set", "{split}/data.json"))
    (root / "org/set/test").mkdir(parents=True)
    (root / "org/set/test/data.json").write_text(json.dumps([]))
    task = make("a", {}, data=First((hub,)))
    assert hubs(task) == (hub,)
    assert states(task) == {"org/set/test/data.json": ("not known before", "")}


def test_the_embedded_set_knows_its_hashes(small_root: Path) -> None:
    with use_data_root(small_root):
        found = states(get("boiling_point"))
    assert len(found) == 3
    assert set(found.values()) == {("verified", "embedded/manifest.json")}
