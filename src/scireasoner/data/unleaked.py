"""Tasks that train together: what one of them holds out, none of them trains on.

Public sets overlap: a composition in the test rows of one property stands in the training rows of
another, a core promoter within a longer window of its gene. A recipe that trains on several sets
drops such training rows first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import islice

from scireasoner.data.licensed import licensed
from scireasoner.data.objects import About, Kind, Reader, gold_is_product
from scireasoner.data.windows import within
from scireasoner.settings import data_roots
from scireasoner.tasks.registry import select
from scireasoner.tasks.rows import Place
from scireasoner.tasks.task import Source, Task
from scireasoner.types import Sample, Split

_LOOKED_AT = 200
# One split of every entity for all of its tasks: nothing can overlap.
_SPLIT_TOGETHER = "embedded"


@dataclass
class HeldOut:
    """The objects that the development and test rows of some tasks ask about or for."""

    tasks: tuple[Task, ...]

    @cached_property
    def objects(self) -> tuple[frozenset[int], frozenset[str]]:
        """Their 64-bit keys, up to notation, and the DNA among them."""
        keys: set[int] = set()
        dna: set[str] = set()
        for task in self.tasks:
            for split in (Split.DEV, Split.TEST) if task.inputs else ():
                for about in _read(task, task.samples(split)) if task.available(split) else ():
                    keys.update(_keys(about))
                    dna.update(_dna(about))
        return frozenset(keys), frozenset(dna)

    def hides(self, rows: Sequence[About]) -> Iterator[bool]:
        """Yield of each row whether it holds one of the objects, or DNA within or around one."""
        keys, dna = self.objects
        own = frozenset(text for about in rows for text in _dna(about))
        hidden = {whole for _, whole in within(dna, own)}
        hidden |= {piece for piece, _ in within(own, dna)}
        for about in rows:
            yield not (keys.isdisjoint(_keys(about)) and hidden.isdisjoint(_dna(about)))


@dataclass(frozen=True)
class Unleaked:
    """The source of a task without the training rows that hold an object that is held out.

    Parameters
    ----------
    task : the task as it is registered.
    held_out : what its companions and itself hold out.

    The rows are kept: a run asks for them in every stage, and reading a public set takes seconds.
    """

    task: Task
    held_out: HeldOut
    _kept: dict[Split, Sequence[Sample]] = field(default_factory=dict, repr=False, compare=False)

    def load(self, task: str, split: Split) -> Sequence[Sample]:
        """Return the rows of a split; of training those that no task of the recipe holds out."""
        if split not in self._kept:
            rows = self.task.data.load(task, split)
            if split is Split.TRAIN and self.task.inputs:
                hidden = self.held_out.hides(tuple(_read(self.task, rows)))
                rows = tuple(row for row, hides in zip(rows, hidden, strict=True) if not hides)
            self._kept[split] = rows
        return self._kept[split]

    def places(self, task: str) -> Sequence[Place]:
        """Return the places of the task's own source."""
        return self.task.data.places(task)

    @property
    def dropped(self) -> int:
        """How many training rows are left out."""
        name = self.task.name
        return len(self.task.data.load(name, Split.TRAIN)) - len(self.load(name, Split.TRAIN))


def together(patterns: Sequence[str], licensed_only: bool = False) -> tuple[Task, ...]:
    """Return the tasks of a recipe, none of which trains on what another one holds out.

    Parameters
    ----------
    licensed_only : train on rows alone whose licence lets weights be given away.

    Raises
    ------
    DataError : if a task has no such rows here.
    """
    return _together(tuple(patterns), tuple(map(str, data_roots())), licensed_only)


@lru_cache(maxsize=4)
def _together(
    patterns: tuple[str, ...], roots: tuple[str, ...], licensed_only: bool
) -> tuple[Task, ...]:
    del roots  # other roots give other rows
    tasks = licensed(select(patterns)) if licensed_only else select(patterns)
    if all(task.suite == _SPLIT_TOGETHER for task in tasks):
        return tasks
    held_out = HeldOut(tasks)
    return tuple(replace(task, data=_guarded(task, held_out)) for task in tasks)


def _guarded(task: Task, held_out: HeldOut) -> Source:
    return Unleaked(task, held_out)


def _read(task: Task, rows: Sequence[Sample]) -> Iterator[About]:
    """Yield what each row is about."""
    reader = Reader(task, gold_is_product(task, islice(rows, _LOOKED_AT)))
    return map(reader.about, rows)


def _keys(about: About) -> tuple[int, ...]:
    """Return the keys of what a row asks about and of the object that answers it.

    A name asked for a molecule is given away by the row that asks for the molecule of the name.
    """
    return tuple(key for key in (about.subject, about.told) if key is not None)


def _dna(about: About) -> Iterator[str]:
    return (thing.text for thing in about.things if thing.kind is Kind.DNA)


def dropped(tasks: Sequence[Task]) -> dict[str, int]:
    """Return task -> training rows that are left out because some task holds them out."""
    counts = {t.name: t.data.dropped for t in tasks if isinstance(t.data, Unleaked)}
    return {name: count for name, count in counts.items() if count}
