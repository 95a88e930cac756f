"""What is available for each task, where, and under which terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scireasoner.data.scan import has
from scireasoner.settings import ENVIRONMENT
from scireasoner.tasks.rows import Place
from scireasoner.tasks.task import Task
from scireasoner.types import Split


@dataclass(frozen=True, slots=True)
class Listed:
    """The data of one task on this machine.

    Parameters
    ----------
    places : where rows may come from, in the order of preference.
    used : the place that each split comes from; a split that cannot be had is absent.
    rows : rows by split, if they were counted.
    todo : for each place that is absent, what to do to have it.
    """

    task: str
    suite: str
    places: tuple[Place, ...]
    used: Mapping[Split, Place]
    rows: Mapping[Split, int]
    todo: tuple[str, ...]

    @property
    def present(self) -> bool:
        """Whether the task can be tested here."""
        return Split.TEST in self.used

    @property
    def licence(self) -> str:
        """The terms of the rows in use; of every place if none is present."""
        places = self.used.values() or self.places
        return "; ".join(dict.fromkeys(place.licence for place in places))

    @property
    def comparable(self) -> bool:
        """Whether results on the test rows may stand beside the published ones."""
        return self.present and self.used[Split.TEST].comparable

    @property
    def ships(self) -> bool:
        """Whether weights trained on the training rows may be given away."""
        return Split.TRAIN in self.used and self.used[Split.TRAIN].ships

    @property
    def trains(self) -> bool:
        """Whether there are training rows."""
        return Split.TRAIN in self.used


def listed(tasks: Iterable[Task], count: bool = False) -> tuple[Listed, ...]:
    """Return what is available for each task.

    Parameters
    ----------
    count : whether to count rows, which loads them.

    Raises
    ------
    DataError : when counting, if a set is broken.
    """
    return tuple(_listed(task, count) for task in tasks)


def _listed(task: Task, count: bool) -> Listed:
    places = tuple(task.data.places(task.name))
    used = {}
    for split in Split:
        place = next((p for p in places if p.present and split in p.splits), None)
        if place is not None:
            used[split] = place
    rows = {s: len(task.samples(s)) for s in Split if count and has(task, s)}
    todo = tuple(advice(task.name, place) for place in places if not place.present)
    return Listed(task.name, task.suite, places, used, rows, todo)


def advice(task: str, place: Place) -> str:
    """Return what to do so that an absent place is there."""
    match place.kind:
        case "hub":
            return f"scireasoner data fetch {task}"
        case "embedded":
            return "scireasoner run nano --stage data"
        case "public set":
            return f"set {ENVIRONMENT} to the folder that holds {place.location}"
        case _:
            return f"write {place.location}"
