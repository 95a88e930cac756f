"""The one constructor of the released biology tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from scireasoner.answers.base import Answer
from scireasoner.metrics import Metric
from scireasoner.published.base import Evaluator
from scireasoner.tasks.hub import Hub
from scireasoner.tasks.registry import register
from scireasoner.tasks.release import Release, Status
from scireasoner.tasks.sources import First
from scireasoner.tasks.suites.bio_data import POLAR, Style, part_of, shown
from scireasoner.tasks.tables import Table
from scireasoner.tasks.task import Task
from scireasoner.types import Domain, Family

DNA = {"dna": "dna"}
RNA = {"rna": "rna"}
PROTEIN = {"protein": "protein"}


@dataclass(frozen=True)
class Kind:
    """What the tasks of one sort of answer share.

    Parameters
    ----------
    metrics : the first is the strict headline.
    key : the released metric key.
    scale : what its numbers mean.
    evaluator : the released evaluator.
    style : how the released records carry the answer.
    max_tokens : generation limits for instant and thinking answers.
    """

    family: Family
    metrics: tuple[Metric, ...]
    key: str
    scale: str
    evaluator: Evaluator | None
    style: Style = POLAR
    max_tokens: tuple[int, int] = (64, 320)


@dataclass(frozen=True)
class Line:
    """One task of a released collection.

    Parameters
    ----------
    name : ours.
    released : its name in the collection: the folder on the hub.
    source : citation of the underlying data.
    tables : the public sets with its rows, in the order of preference; the hub comes first.
    size : rows of the published test set, None where it is not known.
    golds : right answers of the examples.
    texts : input name -> values for the examples, where no shared sequence fits.
    status : how the task stands in the released evaluation.
    """

    name: str
    released: str
    kind: Kind
    domain: Domain
    answer: Answer
    prompt: str
    inputs: Mapping[str, str]
    source: str
    size: int | None
    tables: tuple[Table, ...] = ()
    golds: Sequence[str] = ("yes", "no", "yes")
    texts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    status: Status = Status.ACTIVE


@dataclass(frozen=True)
class Collection:
    """A released collection of tasks.

    Parameters
    ----------
    suite : ours.
    benchmark : as the released code calls it.
    repo : the data set on the hub; a task's files are ``<released>/{dev,test}/data.json``.
    prefix : what the later merge puts before a task's name in the names of prediction files.
    source, licence : of the benchmark.
    decoding : of the released configuration, which asks for one answer.
    """

    suite: str
    benchmark: str
    repo: str
    prefix: str
    source: str
    licence: str
    decoding: str = "model default"

    def add(self, line: Line) -> Task:
        """Make and register the task of a line."""
        kind = line.kind
        release = Release(
            benchmark=self.benchmark,
            name=line.released,
            repo=self.repo,
            path=f"{line.released}/{{split}}/data.json",
            key=kind.key,
            scale=kind.scale,
            evaluator=kind.evaluator,
            status=line.status,
            aliases=(f"{self.prefix}{line.released}",) if line.status is Status.ACTIVE else (),
            test_size=line.size,
            decoding=self.decoding,
            gold=kind.style.gold,
            subtask=part_of,
            label=kind.style.label_in if kind.style.label else None,
            output=kind.style.write,
        )
        examples = shown(line.inputs, line.golds, line.texts)
        return register(
            Task(
                name=line.name,
                suite=self.suite,
                family=kind.family,
                domain=line.domain,
                prompt=line.prompt,
                inputs=line.inputs,
                answer=line.answer,
                data=First((Hub(release), *line.tables)),
                source=f"{line.source}; {self.source}",
                licence=self.licence,
                metrics=kind.metrics,
                max_tokens=kind.max_tokens,
                examples=tuple(map(kind.style.labelled, examples)),
                release=release,
            )
        )
