"""The one constructor of the released chemistry, protein-text and material tasks."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeVar

from scireasoner.answers.base import Answer
from scireasoner.metrics import Metric, novelty
from scireasoner.published.base import Evaluator
from scireasoner.tasks.hub import Hub
from scireasoner.tasks.registry import register
from scireasoner.tasks.release import Record, Release
from scireasoner.tasks.rows import Example
from scireasoner.tasks.sources import First
from scireasoner.tasks.tables import Table
from scireasoner.tasks.task import Task
from scireasoner.types import Domain, Family, Sample, Split

T = TypeVar("T", bound=Hashable)

SMILES = {"smiles": "smiles"}
IUPAC = {"iupac": "iupac"}
TEXT = {"text": "text"}
PROTEIN = {"protein": "protein"}


def known(table: Table, read: Callable[[str], T]) -> Callable[[], frozenset[T]]:
    """Return a function that gives the training references of a table as parsed values.

    Where the set is not on this machine nothing is known.
    """

    @cache
    def values(present: bool) -> frozenset[T]:
        rows = table.load("known", Split.TRAIN) if present else ()
        return frozenset(read(row.reference) for row in rows if row.reference)

    return lambda: values(present_in(table))


def present_in(table: Table) -> bool:
    """Return whether the set of a table is on this machine."""
    return any(place.present for place in table.places(""))


def new_against(table: Table, read: Callable[[str], Hashable]) -> Metric:
    """Return the metric of answers that are not among the training references of a table."""
    folder = table.data.folder

    def lacking() -> str | None:
        return None if present_in(table) else f"the set {folder} is not under any data root"

    return replace(novelty(known(table, read), folder), lacking=lacking)


@dataclass(frozen=True)
class Kind:
    """What the tasks of one sort of answer share.

    Parameters
    ----------
    metrics : the first is the strict headline.
    key, scale : the released metric key and what its numbers mean.
    gold : reads the raw gold from a released record.
    output : writes the released output text of a row that is not from the hub.
    evaluator : the released evaluator; None where there is none.
    max_tokens : generation limits for instant and thinking answers.
    answers, decoding : how many answers the released configuration asks for, and how.
    temperature : of our own evaluation.
    """

    metrics: tuple[Metric, ...]
    key: str
    scale: str
    gold: Callable[[Record], str | None]
    output: Callable[[Sample], str]
    evaluator: Evaluator | None
    max_tokens: tuple[int, int]
    answers: int = 1
    decoding: str = "model default"
    temperature: float = 0.0


@dataclass(frozen=True)
class Row:
    """One task of a released collection.

    Parameters
    ----------
    name : ours.
    released : its name in the collection: the folder on the hub, the end of the file names.
    tables : the public sets with its rows, in the order of preference; the hub comes first.
    size : rows of the published test set, None where it is not known.
    underlying : citation of what the collection took the rows from, where it is known.
    """

    name: str
    released: str
    family: Family
    domain: Domain
    kind: Kind
    answer: Answer
    prompt: str
    inputs: Mapping[str, str]
    tables: tuple[Table, ...]
    size: int | None
    examples: tuple[Example, ...]
    underlying: str = ""


@dataclass(frozen=True)
class Collection:
    """A released collection of tasks.

    Parameters
    ----------
    suite : ours.
    benchmark : as the paper calls it.
    repo : the data set on the hub; ``path`` is a file in it, ``{name}`` a task's folder.
    prefix : what stands before a task's name in the names of prediction files.
    source, licence : of the benchmark's data.
    """

    suite: str
    benchmark: str
    repo: str
    path: str
    prefix: str
    source: str
    licence: str

    def add(self, row: Row) -> Task:
        """Make and register the task of a row."""
        kind = row.kind
        name = f"{self.prefix}{row.released}"
        release = Release(
            benchmark=self.benchmark,
            name=name,
            repo=self.repo,
            path=self.path.replace("{name}", row.released),
            key=kind.key,
            scale=kind.scale,
            evaluator=kind.evaluator,
            aliases=(f"SciReasoner-{name}",),
            test_size=row.size,
            answers=kind.answers,
            decoding=kind.decoding,
            gold=kind.gold,
            output=kind.output,
        )
        return register(
            Task(
                name=row.name,
                suite=self.suite,
                family=row.family,
                domain=row.domain,
                prompt=row.prompt,
                inputs=row.inputs,
                answer=row.answer,
                data=First((Hub(release), *row.tables)),
                source="; ".join(part for part in (row.underlying, self.source) if part),
                licence=self.licence,
                metrics=kind.metrics,
                temperature=kind.temperature,
                max_tokens=kind.max_tokens,
                examples=row.examples,
                release=release,
            )
        )
