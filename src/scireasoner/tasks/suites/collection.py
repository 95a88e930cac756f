"""Released collections of tasks: what their tasks share, and the one constructor of a task."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scireasoner.answers.base import Answer
from scireasoner.metrics import Metric
from scireasoner.published.base import Evaluator
from scireasoner.tasks.hub import Hub
from scireasoner.tasks.registry import register
from scireasoner.tasks.release import Record, Release, Status
from scireasoner.tasks.rows import Example
from scireasoner.tasks.sources import Draws, First
from scireasoner.tasks.symmetry import Symmetry
from scireasoner.tasks.tables import Table
from scireasoner.tasks.task import Task
from scireasoner.tasks.worked.derivations import worked_for
from scireasoner.types import Domain, Family, Sample

# Inputs of one text, named as its notation.
DNA = {"dna": "dna"}
RNA = {"rna": "rna"}
PROTEIN = {"protein": "protein"}
SMILES = {"smiles": "smiles"}
IUPAC = {"iupac": "iupac"}
TEXT = {"text": "text"}


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
    keep, subtask, label : as of :class:`~scireasoner.tasks.release.Release`.
    """

    metrics: tuple[Metric, ...]
    key: str
    scale: str
    gold: Callable[[Record], str | None]
    output: Callable[[Sample], str] | None
    evaluator: Evaluator | None
    max_tokens: tuple[int, int]
    answers: int = 1
    decoding: str = "model default"
    temperature: float = 0.0
    keep: Callable[[Record], bool] | None = None
    subtask: Callable[[Record], str] | None = None
    label: Callable[[Record], str | None] | None = None


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
    status : how the task stands in the released evaluation.
    symmetries : as of :class:`~scireasoner.tasks.task.Task`.
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
    status: Status = Status.ACTIVE
    symmetries: frozenset[Symmetry] = frozenset()


@dataclass(frozen=True)
class Collection:
    """A released collection of tasks.

    Parameters
    ----------
    suite : ours.
    benchmark : as the released code or the paper calls it.
    repo : the data set on the hub; empty where a prompt alone is asked, ``size`` times.
    source, licence : of the benchmark's data.
    path : a file in ``repo``; ``{name}`` is a task's folder, ``{split}`` dev or test.
    prefix : what stands before a task's name in the names of prediction files.
    alias : what stands before it in the other names of those files; no task that only the paper
        counts has one.
    hub_licence : of the files on the hub.
    """

    suite: str
    benchmark: str
    repo: str
    source: str
    licence: str
    path: str = "{name}/{split}/data.json"
    prefix: str = ""
    alias: str = ""
    hub_licence: str = Hub.licence

    def add(self, row: Row) -> Task:
        """Make and register the task of a row."""
        kind = row.kind
        release = Release(
            benchmark=self.benchmark,
            name=f"{self.prefix}{row.released}",
            repo=self.repo,
            path=self.path.replace("{name}", row.released),
            key=kind.key,
            scale=kind.scale,
            evaluator=kind.evaluator,
            status=row.status,
            aliases=() if row.status is Status.PAPER else (f"{self.alias}{row.released}",),
            test_size=row.size,
            answers=kind.answers,
            decoding=kind.decoding,
            gold=kind.gold,
            keep=kind.keep,
            subtask=kind.subtask,
            label=kind.label,
            output=kind.output,
        )
        first = Hub(release, self.hub_licence) if self.repo else Draws(row.size or 0)
        return register(
            Task(
                name=row.name,
                suite=self.suite,
                family=row.family,
                domain=row.domain,
                prompt=row.prompt,
                inputs=row.inputs,
                answer=row.answer,
                data=First((first, *row.tables)),
                source="; ".join(part for part in (row.underlying, self.source) if part),
                licence=self.licence,
                metrics=kind.metrics,
                worked=worked_for(row.name, row.answer),
                temperature=kind.temperature,
                max_tokens=kind.max_tokens,
                examples=row.examples,
                release=release,
                symmetries=row.symmetries,
            )
        )
