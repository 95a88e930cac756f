"""Tasks that train together: what one of them holds out, none of them trains on.

Public sets overlap: a composition in the test rows of one property stands in the training rows of
another. A recipe that trains on several sets drops such training rows first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import islice

from scireasoner.data.licensed import licensed
from scireasoner.data.objects import Reader, gold_is_product
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
    def keys(self) -> frozenset[int]:
        """64-bit keys of the objects, up to notation."""
        return frozenset(
            key
            for task in self.tasks
            if task.inputs
            for split in (Split.DEV, Split.TEST)
            if task.available(split)
            for keys in _objects(task, task.samples(split))
            for key in keys
        )


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
                hidden, objects = self.held_out.keys, _objects(self.task, rows)
                pairs = zip(rows, objects, strict=True)
                rows = tuple(row for row, keys in pairs if hidden.isdisjoint(keys))
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


def _objects(task: Task, rows: Sequence[Sample]) -> Iterator[tuple[int, ...]]:
    """Yield the keys of what each row asks about and of the object that answers it.

    A name asked for a molecule is given away by the row that asks for the molecule of the name.
    """
    reader = Reader(task, gold_is_product(task, islice(rows, _LOOKED_AT)))
    for row in rows:
        about = reader.about(row)
        yield tuple(key for key in (about.subject, about.told) if key is not None)


def dropped(tasks: Sequence[Task]) -> dict[str, int]:
    """Return task -> training rows that are left out because some task holds them out."""
    counts = {t.name: t.data.dropped for t in tasks if isinstance(t.data, Unleaked)}
    return {name: count for name, count in counts.items() if count}
