"""Tasks for weights that will be given away: training rows whose licence permits it, no others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scireasoner.errors import DataError
from scireasoner.tasks.rows import UNSHIPPED, Place
from scireasoner.tasks.task import Source, Task
from scireasoner.types import Sample, Split


@dataclass(frozen=True)
class Licensed:
    """The source of a task; its training rows come from the first place whose licence permits it.

    The development and test rows stay what they are: nothing is learnt from them.

    Parameters
    ----------
    task : the task as it is registered.
    """

    task: Task

    def load(self, task: str, split: Split) -> Sequence[Sample]:
        """Return the rows of a split; of training those that weights that ship may learn from.

        Raises
        ------
        DataError : if no place with such training rows is on this machine.
        """
        if split is not Split.TRAIN:
            return self.task.data.load(task, split)
        source = next(self._open(task), None)
        if source is None:
            raise DataError(
                f"task {task!r} has no training rows here whose licence lets weights be given "
                "away (docs/reference/licences.md): leave it out, or set licensed = false"
            )
        # Another place may hold what this task's own test rows ask.
        hidden = {
            _question(sample)
            for held_out in (Split.DEV, Split.TEST)
            if self.task.available(held_out)
            for sample in self.task.data.load(task, held_out)
        }
        rows = (row for row in source.load(task, split) if UNSHIPPED not in row.meta)
        return tuple(row for row in rows if not row.inputs or _question(row) not in hidden)

    def _open(self, task: str) -> Iterator[Source]:
        for source in _sources(self.task.data):
            if any(_opens(place, sifted=True) for place in source.places(task)):
                yield source

    def places(self, task: str) -> Sequence[Place]:
        """Return the places; one whose licence forbids it gives no training rows."""
        return tuple(
            place
            if _opens(place, sifted=True)
            else replace(place, splits=tuple(s for s in place.splits if s is not Split.TRAIN))
            for place in self.task.data.places(task)
        )


def _sources(data: Source) -> Sequence[Source]:
    several: Any = getattr(data, "sources", None)
    return (data,) if several is None else several


def _opens(place: Place, *, sifted: bool) -> bool:
    """Whether weights that are given away may learn here; ``sifted``: from a part of the rows."""
    return _trains(place) and (place.ships or (sifted and place.partly))


def _trains(place: Place) -> bool:
    return place.present and Split.TRAIN in place.splits


def _question(sample: Sample) -> str:
    return repr(sorted(sample.inputs.items()))


def licensed(tasks: Sequence[Task]) -> tuple[Task, ...]:
    """Return tasks that train on nothing whose licence keeps weights from being given away.

    Raises
    ------
    DataError : if one of them has no such training rows here; all of them are named.
    """
    made = tuple(replace(task, data=Licensed(task)) for task in tasks)
    without = [t.name for t in made if t.suite != "embedded" and not t.available(Split.TRAIN)]
    if without:
        raise DataError(
            "these tasks have no training rows here whose licence lets weights be given away: "
            f"{', '.join(without)}; take them out of the recipe's tasks, or set licensed = false "
            "for weights that stay with you (docs/reference/licences.md)"
        )
    return made


@dataclass(frozen=True)
class Learnt:
    """A data set that weights learnt from.

    Parameters
    ----------
    part : whether only the rows were used whose terms permit it.
    """

    place: Place
    tasks: tuple[str, ...]
    part: bool


def learnt_from(tasks: Sequence[Task], *, sifted: bool) -> tuple[Learnt, ...]:
    """Return the data sets that training on tasks reads, if weights may be given away after it.

    Parameters
    ----------
    tasks : as they are registered.
    sifted : whether training left out the rows whose terms forbid it (``licensed`` in a recipe).

    Raises
    ------
    DataError : if one of the sets does not permit it, or is not on this machine; all are named.
    """
    uses: dict[Place, list[str]] = {}
    closed: list[str] = []
    for task in licensed(tasks) if sifted else tasks:
        place = _read(task)
        if place is None:
            closed.append(f"{task.name} (no training rows on this machine)")
        elif place.kind != "embedded" and not _opens(place, sifted=sifted):
            closed.append(f"{task.name} ({place.location}: {place.licence})")
        else:
            uses.setdefault(place, []).append(task.name)
    if closed:
        raise DataError(
            "weights that learnt from these tasks may not be given away, as far as this machine "
            f"can tell: {'; '.join(closed)}. Train with licensed = true, or leave them out "
            "(docs/reference/licences.md)"
        )
    return tuple(Learnt(place, tuple(names), not place.ships) for place, names in uses.items())


def _read(task: Task) -> Place | None:
    places = task.data.places(task.name)
    embedded = next((place for place in places if place.kind == "embedded"), None)
    return embedded or next(filter(_trains, places), None)
