"""Tasks that train together: what one of them holds out, none of them trains on.

Public sets overlap: a composition in the test rows of one property stands in the training rows of
another, a core promoter within a longer window of its gene. A recipe that trains on several sets
drops such training rows first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import islice

from scireasoner.cores import cores, spread
from scireasoner.data.licensed import licensed
from scireasoner.data.objects import About, Kind, Reader, gold_is_product
from scireasoner.data.windows import within
from scireasoner.progress import bar
from scireasoner.settings import data_roots
from scireasoner.tasks.registry import select
from scireasoner.tasks.rows import Place
from scireasoner.tasks.task import Source, Task
from scireasoner.types import Domain, Sample, Split

_LOOKED_AT = 200
# One split of every entity for all of its tasks: nothing can overlap.
_SPLIT_TOGETHER = "embedded"


@dataclass(frozen=True)
class Held:
    """The development and test rows of a task, and the keys and the DNA of their objects."""

    rows: Mapping[Split, Sequence[Sample]]
    keys: frozenset[int]
    dna: frozenset[str]


@dataclass
class HeldOut:
    """The objects that the development and test rows of some tasks ask about or for."""

    tasks: tuple[Task, ...]

    @cached_property
    def found(self) -> Mapping[str, Held]:
        """What each task holds out, by its name; read on all cores."""
        return dict(zip((t.name for t in self.tasks), spread(_held, self.tasks), strict=True))

    @cached_property
    def objects(self) -> tuple[frozenset[int], frozenset[str]]:
        """Their 64-bit keys, up to notation, and the DNA among them."""
        keys = frozenset[int]().union(*(held.keys for held in self.found.values()))
        return keys, frozenset[str]().union(*(held.dna for held in self.found.values()))

    def hides(self, rows: Sequence[About]) -> Iterator[bool]:
        """Yield of each row whether it holds one of the objects, or DNA within or around one."""
        keys, dna = self.objects
        own = frozenset(text for about in rows for text in _dna(about))
        hidden = {whole for _, whole in within(dna, own)}
        hidden |= {piece for piece, _ in within(own, dna)}
        for about in rows:
            yield not (keys.isdisjoint(_keys(about)) and hidden.isdisjoint(_dna(about)))


@dataclass(frozen=True)
class Sifted:
    """The training rows of a task that may be learnt, and how many others there are."""

    rows: Sequence[Sample]
    dropped: int


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
    _sifted: list[Sifted] = field(default_factory=list, repr=False, compare=False)

    def load(self, task: str, split: Split) -> Sequence[Sample]:
        """Return the rows of a split; of training those that no task of the recipe holds out."""
        if split is Split.TRAIN:
            return self.sifted().rows
        if split not in self._kept:
            self._kept[split] = self.task.data.load(task, split)
        return self._kept[split]

    def sifted(self) -> Sifted:
        """Return the training rows that no task of the recipe holds out."""
        if not self.read:
            rows = self.task.data.load(self.task.name, Split.TRAIN)
            kept = rows
            if self.task.inputs:
                hidden = self.held_out.hides(tuple(_read(self.task, rows)))
                kept = tuple(row for row, hides in zip(rows, hidden, strict=True) if not hides)
            self._sifted.append(Sifted(kept, len(rows) - len(kept)))
        return self._sifted[0]

    @property
    def read(self) -> bool:
        """Whether the training rows are in memory."""
        return bool(self._sifted)

    def keep(self, sifted: Sifted) -> None:
        """Remember the training rows, and with them what was read before."""
        self._sifted[:] = [sifted]
        self._kept.update(self.held_out.found[self.task.name].rows)

    def places(self, task: str) -> Sequence[Place]:
        """Return the places of the task's own source."""
        return self.task.data.places(task)

    @property
    def dropped(self) -> int:
        """How many training rows are left out."""
        return self.sifted().dropped


def read_ahead(tasks: Sequence[Task]) -> None:
    """Read the training rows of tasks on all cores, so that no stage waits for one after another.

    Forked processes find them in memory. Nothing is done where that would save nothing.
    """
    unread = [t.data for t in tasks if isinstance(t.data, Unleaked) and not t.data.read]
    if not unread or cores() < 2:
        return
    for held_out in {id(source.held_out): source.held_out for source in unread}.values():
        _ = held_out.objects  # once here, and not in each process
    with bar("reading rows", len(unread), "tasks") as tick:
        read = spread(
            Unleaked.sifted, unread, cost=_is_slow, done=lambda one: tick(1, one.task.name)
        )
        for source, sifted in zip(unread, read, strict=True):
            source.keep(sifted)


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


def _is_slow(source: Unleaked) -> bool:
    """Whether rows hold molecules, which are canonicalised: the longest of all."""
    return source.task.domain in (Domain.MOLECULE, Domain.REACTION)


def _held(task: Task) -> Held:
    splits = (Split.DEV, Split.TEST) if task.inputs else ()
    rows = {split: task.samples(split) for split in splits if task.available(split)}
    told = [about for own in rows.values() for about in _read(task, own)]
    keys = frozenset(key for about in told for key in _keys(about))
    return Held(rows, keys, frozenset(text for about in told for text in _dna(about)))


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
