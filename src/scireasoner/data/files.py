"""The files that rows come from: their SHA-256 against a set's manifest or a lock file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scireasoner.artifacts import MANIFEST, sha256, write_json
from scireasoner.errors import DataError
from scireasoner.settings import data_roots
from scireasoner.tasks.embedded.build import FOLDER
from scireasoner.tasks.hub import SPLITS, Hub
from scireasoner.tasks.sources import First
from scireasoner.tasks.task import Task

SUMS = "MANIFEST.sha256.tsv"
"""Beside data sets: hash, size in bytes and path of every file, separated by tabs."""
LOCK = "scireasoner-data.sha256.json"
"""In a data root: what was fetched or locked there."""

VERIFIED, CHANGED, MISSING, UNKNOWN = "verified", "changed", "missing", "not known before"


@dataclass(frozen=True, slots=True)
class FileState:
    """A file and whether it is what it should be.

    Parameters
    ----------
    path : under its data root.
    root : the data root.
    sha256 : of its content; empty if it is missing.
    bytes : its size.
    state : ``"verified"``, ``"changed"``, ``"missing"`` or ``"not known before"``.
    against : the file that says what it should be; empty if none does.
    """

    path: str
    root: str
    sha256: str
    bytes: int
    state: str
    against: str = ""


@dataclass(frozen=True, slots=True)
class Locked:
    """A line of a lock file.

    Parameters
    ----------
    revision : commit of the hub that the file is from; empty for other files.
    """

    sha256: str
    bytes: int
    revision: str = ""


def hubs(task: Task) -> tuple[Hub, ...]:
    """Return the sources of a task in the layout of the public hub that name a data set."""
    sources: Sequence[object] = task.data.sources if isinstance(task.data, First) else (task.data,)
    return tuple(s for s in sources if isinstance(s, Hub) and s.release.repo)


def read_lock(path: Path) -> dict[str, Locked]:
    """Read a lock file; nothing if there is none.

    Raises
    ------
    DataError : if it is broken.
    """
    if not path.is_file():
        return {}
    try:
        files = json.loads(path.read_text(encoding="utf-8"))["files"]
        return {name: Locked(**entry) for name, entry in files.items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise DataError(
            f"{path} is no lock file ({error}): delete it and write it again "
            "(`scireasoner data check --write-lock`)"
        ) from error


def write_lock(path: Path, entries: Mapping[str, Locked]) -> None:
    """Add entries to a lock file, replacing those of the same path.

    Raises
    ------
    DataError : if the lock that is there is broken.
    StorageError : if the folder is not writable.
    """
    merged = {**read_lock(path), **entries}
    files = {
        name: {"sha256": e.sha256, "bytes": e.bytes, "revision": e.revision}
        for name, e in merged.items()
    }
    write_json(path, {"version": 1, "files": files})


def examine_files(tasks: Iterable[Task], lock: Path | None = None) -> list[FileState]:
    """Hash the files of the sources that are present, and compare them with what is known.

    Known are, in this order, the ``MANIFEST.sha256.tsv`` of a root or of an area in it, the
    manifest of the embedded set, the lock of the root, and ``lock``. A file that is named there
    and belongs to a set in use, but is not there, is missing.
    """
    known: dict[Path, dict[str, tuple[str, str]]] = {}
    extra = _locked(lock) if lock is not None else {}
    states: dict[str, FileState] = {}
    for location in dict.fromkeys(_locations(tasks)):
        root = next((r for r in data_roots() if (r / location).exists()), None)
        if root is None:
            continue
        sums = known.setdefault(root, {**extra, **_known(root)})
        for name in _files(root, location, sums):
            if name not in states:
                states[name] = _state(root, name, sums.get(name))
    return [states[name] for name in sorted(states)]


def _locations(tasks: Iterable[Task]) -> Iterable[str]:
    """Yield the files and folders that tasks read, under a data root."""
    for task in tasks:
        for hub in hubs(task):
            yield from (hub.file(split) for split in SPLITS)
        for place in task.data.places(task.name):
            if not place.present or place.kind in {"hub", "prompt", "file"}:
                continue
            # A set is its whole folder: side tables belong to it.
            whole = place.kind == "public set"
            yield str(Path(place.location).parent) if whole else place.location


def _files(root: Path, location: str, sums: Mapping[str, object]) -> list[str]:
    path = root / location
    if path.is_file():
        return [location]
    there = {p.relative_to(root).as_posix() for p in path.rglob("*") if p.is_file()}
    prefix = Path(location).as_posix() + "/"
    return sorted(there | {name for name in sums if name.startswith(prefix)})


def _state(root: Path, name: str, known: tuple[str, str] | None) -> FileState:
    path = root / name
    expected, against = known or ("", "")
    if not path.is_file():
        return FileState(name, str(root), "", 0, MISSING, against)
    found = sha256(path)
    state = UNKNOWN if not expected else VERIFIED if found == expected else CHANGED
    return FileState(name, str(root), found, path.stat().st_size, state, against)


def _known(root: Path) -> dict[str, tuple[str, str]]:
    """Return path -> (hash, the file that says so) for everything that a root knows of itself."""
    known = _locked(root / LOCK)
    embedded = root / FOLDER / MANIFEST
    if embedded.is_file():
        files: Mapping[str, Any] = json.loads(embedded.read_text(encoding="utf-8"))["files"]
        known |= {f"{FOLDER}/{n}": (h, f"{FOLDER}/{MANIFEST}") for n, h in files.items()}
    for sums in sorted([*root.glob(SUMS), *root.glob(f"*/{SUMS}")]):
        known |= _sums(sums, root)
    return known


def _locked(path: Path) -> dict[str, tuple[str, str]]:
    return {name: (entry.sha256, path.name) for name, entry in read_lock(path).items()}


def _sums(path: Path, root: Path) -> dict[str, tuple[str, str]]:
    against = path.relative_to(root).as_posix()
    folder = path.parent.relative_to(root)
    found = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        parts = line.split("\t")
        if len(parts) != 3:
            raise DataError(f"{path}, line {number}: hash, size and path were expected")
        found[(folder / parts[2]).as_posix()] = (parts[0], against)
    return found
