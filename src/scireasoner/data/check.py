"""Check the data of tasks: files, questions, golds, repetitions, and leaks of test rows."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scireasoner.cores import spread
from scireasoner.data.files import (
    CHANGED,
    LOCK,
    MISSING,
    UNKNOWN,
    FileState,
    Locked,
    examine_files,
    read_lock,
    write_lock,
)
from scireasoner.data.findings import Level, Problem
from scireasoner.data.objects import Kind
from scireasoner.data.overlap import Overlap, collecting
from scireasoner.data.scan import Scan, scan
from scireasoner.data.windows import Windows
from scireasoner.errors import DataError, InputError
from scireasoner.progress import bar
from scireasoner.settings import data_root
from scireasoner.tasks.task import Task
from scireasoner.types import Split


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found.

    Parameters
    ----------
    rows : task -> split -> rows; a task without rows here has an empty mapping.
    problems : every finding.
    overlaps : pairs of tasks that share objects between test and training; they fail nothing.
    files : every file looked at.
    seconds : how long it took.
    windows : pairs of tasks with DNA of the one's test within DNA of the other's training, or
        around it; they fail nothing.
    """

    rows: Mapping[str, Mapping[Split, int]]
    problems: tuple[Problem, ...]
    overlaps: tuple[Overlap, ...]
    files: tuple[FileState, ...]
    seconds: float
    windows: tuple[Windows, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The findings that fail the check."""
        return tuple(p for p in self.problems if p.level is Level.ERROR)

    @property
    def notes(self) -> tuple[Problem, ...]:
        """The findings worth knowing."""
        return tuple(p for p in self.problems if p.level is Level.NOTE)

    @property
    def absent(self) -> tuple[str, ...]:
        """The tasks without any rows on this machine."""
        return tuple(name for name, splits in self.rows.items() if not splits)

    @property
    def exit_code(self) -> int:
        """What the command returns: 0, or that of a data error."""
        return DataError.exit_code if self.errors else 0


def check(
    tasks: Sequence[Task],
    *,
    lock: Path | None = None,
    write: bool = False,
    likeness: bool = True,
    workers: int = 1,
    progress: bool = True,
) -> Report:
    """Look at every row and file of the tasks that are on this machine.

    Parameters
    ----------
    lock : a lock file to compare with beside those of the data roots, or to write.
    write : whether to write the hashes found into the lock (of the first data root if none is
        named) instead of only comparing.
    likeness : whether nearly equal sequences and texts, and DNA within DNA, are searched for too.
    workers : processes; more than one needs a system that can fork.
    progress : whether to show a bar.

    Raises
    ------
    DataError : if a lock or a manifest is broken.
    InputError : if several workers are wanted where a process cannot fork.
    StorageError : if the lock cannot be written.
    """
    if workers > 1 and "fork" not in multiprocessing.get_all_start_methods():
        raise InputError("several workers need a system that can fork: use --workers 1")
    start = time.monotonic()
    files = examine_files(tasks, lock)
    if write:
        _lock(lock or data_root() / LOCK, files)
    problems = _file_problems(files)
    rows: dict[str, Mapping[Split, int]] = {task.name: {} for task in tasks}
    shown: AbstractContextManager[Callable[..., None]] = (
        bar("checking data", total=len(tasks) + len(Kind), unit="steps")
        if progress
        else nullcontext(lambda *_: None)
    )
    with collecting() as collected, shown as tick:
        for found in _scans(_by_set(tasks), workers, tick):
            rows[found.task] = found.rows
            problems += found.problems
            collected.add(found)
            tick(1, found.task)
        overlaps = collected.overlaps(tick, likeness)
        windows = collected.windows(tick) if likeness else []
    seconds = time.monotonic() - start
    return Report(rows, tuple(problems), tuple(overlaps), tuple(files), seconds, tuple(windows))


def _by_set(tasks: Sequence[Task]) -> list[Task]:
    """Put tasks of one set side by side: its file stays in memory meanwhile."""
    return sorted(tasks, key=lambda t: [p.location for p in t.data.places(t.name) if p.present])


def _scans(tasks: list[Task], workers: int, tick: Callable[..., None]) -> Iterator[Scan]:
    if workers <= 1:
        for task in tasks:
            done = 0

            def show(count: int, task: Task = task) -> None:
                nonlocal done
                done += count
                tick(0, f"{task.name} {done} rows")

            yield scan(task, show)
        return
    yield from spread(scan, tasks, workers=workers)


def _lock(path: Path, files: Sequence[FileState]) -> None:
    """Write what was found; a file that is the same keeps its revision."""
    before = read_lock(path)
    entries = {}
    for file in files:
        if not file.sha256:
            continue
        old = before.get(file.path)
        same = old is not None and old.sha256 == file.sha256
        entries[file.path] = Locked(file.sha256, file.bytes, old.revision if old and same else "")
    write_lock(path, entries)


def _file_problems(files: Sequence[FileState]) -> list[Problem]:
    found = []
    wrong = {
        CHANGED: "the file is not what {0} says: get it again, or write a new lock",
        MISSING: "{0} names the file, but it is not there: get the set again",
    }
    for file in files:
        if file.state in wrong:
            text = wrong[file.state].format(file.against)
            found.append(Problem("file", Level.ERROR, file.path, None, 1, 1, (), text))
    unknown = [file.path for file in files if file.state == UNKNOWN]
    if unknown:
        text = "no manifest or lock names these files: --write-lock remembers them"
        first = tuple(unknown[:5])
        count, of = len(unknown), len(files)
        found.append(Problem("file", Level.NOTE, "files", None, count, of, first, text))
    return found


def as_facts(report: Report) -> dict[str, Any]:
    """Return a report as plain values, to be written as JSON."""
    return {
        "rows": {t: {s.value: n for s, n in splits.items()} for t, splits in report.rows.items()},
        "problems": [_plain(p) for p in report.problems],
        "overlaps": [_plain(o) for o in report.overlaps],
        "windows": [_plain(w) for w in report.windows],
        "files": [_plain(f) for f in report.files],
        "seconds": round(report.seconds, 1),
        "exit_code": report.exit_code,
    }


def _plain(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__slots__}
