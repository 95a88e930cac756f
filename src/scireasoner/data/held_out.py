"""What the test rows of tasks are about, for the index that keeps them out of a corpus."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from scireasoner.artifacts import Artifact, fingerprint
from scireasoner.corpus.entities import SEQUENCES, Kind
from scireasoner.corpus.leaks import TestItem, write_index
from scireasoner.corpus.looking import words_of
from scireasoner.data.objects import Reader, gold_is_product
from scireasoner.data.scan import has
from scireasoner.progress import bar
from scireasoner.settings import data_roots
from scireasoner.tasks.task import Task
from scireasoner.types import Sample, Split

_COMPARED = (*SEQUENCES, Kind.MOLECULE)
_LOOKED_AT = 200
_FORMAT = 2


def items_of(task: Task, words: int) -> Iterator[TestItem]:
    """Yield what the test rows of a task are about.

    The product of a reaction, the molecules and sequences of other rows, and texts: questions
    without an object, and golds of at least ``words`` words (captions, descriptions).
    """
    rows = task.samples(Split.TEST)
    reader = Reader(task, gold_is_product(task, islice(rows, _LOOKED_AT)))
    for row in rows:
        for found in reader.about(row).things:
            if found.kind in _COMPARED:
                yield TestItem(task.name, row.id, found.kind, found.text)
        for text in _golds(row, words):
            yield TestItem(task.name, row.id, Kind.TEXT, text)


def _golds(row: Sample, words: int) -> Iterator[str]:
    for text in dict.fromkeys((row.gold, row.reference)):
        if text and len(words_of(text)) >= words:
            yield text


def index_of(tasks: Sequence[Task], words: int, work: Path) -> Path:
    """Return the index of the test rows that are here; it is written unless it is there.

    Parameters
    ----------
    work : where it is kept, in a folder named after the tasks and the files of the data roots.

    Raises
    ------
    StorageError : if it cannot be written.
    """
    present = [task for task in tasks if has(task, Split.TEST)]
    named = [_FORMAT, [task.name for task in present], words, _stamp()]
    folder = work / f"leaks-{fingerprint(named)}"
    if not Artifact(folder).finished:
        with bar("test items", len(present), "tasks") as tick:

            def items() -> Iterator[TestItem]:
                for task in present:
                    yield from items_of(task, words)
                    tick(1, task.name)

            write_index(items(), words, folder)
    return folder


def _stamp() -> list[tuple[str, int, int]]:
    """Return path, size and time of change of every file in the data roots."""
    return [
        (str(path), path.stat().st_size, path.stat().st_mtime_ns)
        for root in data_roots()
        if root.is_dir()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    ]
