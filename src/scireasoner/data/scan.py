"""One pass over the rows of a task: is every row sound, and what is it about."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice

from scireasoner.answers import IupacName
from scireasoner.data.findings import BROKEN, Level, Problem, Rows, leaks, short
from scireasoner.data.near import MAX_LETTERS, SHORTEST_TEXT
from scireasoner.data.objects import SEQUENCES, About, Kind, Reader, Thing, gold_is_product
from scireasoner.errors import MissingTool
from scireasoner.science.names import names_to_smiles
from scireasoner.tasks.task import Task
from scireasoner.types import Sample, Split

SPLITS = tuple(Split)
_COMPARED = ((Split.TRAIN, Split.TEST), (Split.DEV, Split.TEST), (Split.TRAIN, Split.DEV))
_CHUNK = 2_000
_LOOKED_AT = 200


@dataclass
class Keys:
    """The objects of one kind in one task: parallel arrays."""

    keys: array[int] = field(default_factory=lambda: array("Q"))
    rows: array[int] = field(default_factory=lambda: array("I"))
    splits: array[int] = field(default_factory=lambda: array("B"))


@dataclass
class Sequences:
    """Different sequences of one kind: their keys, their lengths in bytes, all bytes in a row."""

    keys: array[int] = field(default_factory=lambda: array("Q"))
    sizes: array[int] = field(default_factory=lambda: array("I"))
    content: bytearray = field(default_factory=bytearray)

    def add(self, thing: Thing) -> None:
        """Add a sequence; of a long text its beginning."""
        raw = thing.text[:MAX_LETTERS]
        raw = raw.casefold()[:MAX_LETTERS] if thing.kind is Kind.TEXT else raw
        encoded = raw.encode("utf-8", "replace")
        self.keys.append(thing.key)
        self.sizes.append(len(encoded))
        self.content += encoded


@dataclass
class Scan:
    """What was found in a task.

    Parameters
    ----------
    rows : rows by split; a split that cannot be had is absent.
    things, sequences : by kind, for comparing tasks with each other.
    """

    task: str
    rows: dict[Split, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    things: dict[Kind, Keys] = field(default_factory=dict)
    sequences: dict[Kind, Sequences] = field(default_factory=dict)


def scan(task: Task, tick: Callable[[int], None] = lambda _: None) -> Scan:
    """Look at every row of a task. No row, however broken, stops it."""
    found = Scan(task.name)
    seen: set[int] = set()
    tables: dict[Split, Rows] = {}
    reader: Reader | None = None
    for split in Split:
        samples = _load(task, split, found)
        if samples is None:
            continue
        found.rows[split] = len(samples)
        if not samples:
            continue
        reader = reader or Reader(task, gold_is_product(task, islice(samples, _LOOKED_AT)))
        table = tables[split] = Rows(task, split, [sample.id for sample in samples])
        for start in range(0, len(samples), _CHUNK):
            chunk = samples[start : start + _CHUNK]
            _read_names(task, chunk)
            for number, sample in enumerate(chunk, start):
                _keep(found, seen, table.add(reader, number, sample), number, split)
            tick(len(chunk))
        found.problems += table.problems()
    if task.inputs:  # else one prompt is asked in every split
        strict = Reader(task).strict
        for train, test in _COMPARED:
            if train in tables and test in tables:
                found.problems += leaks(tables[train], tables[test], strict)
    return found


def _read_names(task: Task, samples: Sequence[Sample]) -> None:
    """Read the names of a chunk at once: OPSIN remembers them, and one by one takes twice as long.

    Without Java nothing is read here; the golds say so then.
    """
    if isinstance(task.answer, IupacName):
        with suppress(MissingTool):
            names_to_smiles([sample.gold for sample in samples if sample.gold])


def has(task: Task, split: Split) -> bool:
    """Return whether any source of a task gives a split on this machine."""
    return any(place.present and split in place.splits for place in task.data.places(task.name))


def _load(task: Task, split: Split, found: Scan) -> Sequence[Sample] | None:
    try:
        if not has(task, split):
            return None
        return task.samples(split)
    except (*BROKEN, OSError) as error:
        text = f"the rows cannot be read: {short(error)}"
        found.problems.append(Problem("load", Level.ERROR, task.name, split, 1, 1, (), text))
        return None


def _keep(found: Scan, seen: set[int], about: About, number: int, split: Split) -> None:
    for thing in about.things:
        keys = found.things.setdefault(thing.kind, Keys())
        keys.keys.append(thing.key)
        keys.rows.append(number)
        keys.splits.append(SPLITS.index(split))
        long = thing.kind is not Kind.TEXT or len(thing.text) >= SHORTEST_TEXT
        if thing.kind in SEQUENCES and long and thing.key not in seen:
            seen.add(thing.key)
            found.sequences.setdefault(thing.kind, Sequences()).add(thing)
