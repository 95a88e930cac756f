"""Documents for pretraining, made from the training rows of tasks and from general text.

Four kinds, after arXiv 2509.21320 section 2.1: pure sequences, several notations of one entity,
sequence-text pairs (a question's entity with its answer), and general text to keep language
ability. Entities are wrapped by the one wrapper of tags.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from scireasoner.corpus.documents import Document
from scireasoner.corpus.notations import restated
from scireasoner.corpus.pairs import in_order, labelled
from scireasoner.notation.tags import NOTATIONS
from scireasoner.recipes.bounds import not_negative
from scireasoner.tasks.rows import ENTITY_SEPARATOR
from scireasoner.tasks.task import Task
from scireasoner.training.mixture import check_names
from scireasoner.types import Mode, Sample, Split

GENERAL = "general"


@dataclass(frozen=True)
class CorpusConfig:
    """What the corpus holds.

    Parameters
    ----------
    rows_per_task : training rows of a task that become documents, at most.
    dialogues_per_task : rows of a task that appear in the form of SFT data.
    worked : task name -> training rows that appear with their worked solution, as in a
        textbook: where a model that no one has taught to think first sees steps.
    general_characters : characters of general English.
    weights : domain -> weight of its documents.
    plan : domain -> billions of tokens of a corpus that is built apart, by ``scireasoner corpus``;
        ``corpus plan`` works out what it takes. Nothing else reads it.
    """

    rows_per_task: int = 6000
    dialogues_per_task: int = 1000
    worked: Mapping[str, int] = field(default_factory=dict)
    general_characters: int = 300_000
    weights: Mapping[str, float] = field(default_factory=dict)
    plan: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        not_negative(self, "rows_per_task", "dialogues_per_task", "general_characters")


def documents(tasks: Sequence[Task], config: CorpusConfig, seed: int) -> Iterator[Document]:
    """Yield the corpus in a fixed order; the corpus room shuffles and filters it."""
    check_names(config.worked, tasks, "corpus.worked")
    known: dict[str, dict[str, str]] = {}
    origin: dict[str, Task] = {}
    for task in tasks:
        rows = task.samples(Split.TRAIN, config.rows_per_task)
        for row in rows:
            entity = row.meta.get("entity", row.id)
            origin.setdefault(entity, task)
            known.setdefault(entity, {}).update(_notations(task, row) | _restated(task, row, seed))
        yield from _pairs(task, rows, seed)
        yield from _dialogues(task, rows[: config.dialogues_per_task])
        yield from _worked(task, config.worked.get(task.name, 0))
    yield from _entities(known, origin, seed)
    yield from _general(config.general_characters)


def _notations(task: Task, row: Sample) -> dict[str, str]:
    """Return tag-wrapped notations of the row's entity, by notation name."""
    return {kind: NOTATIONS[kind].wrap(row.inputs[name]) for name, kind in task.inputs.items()}


def _restated(task: Task, row: Sample, seed: int) -> dict[str, str]:
    """Return the entity once more in another spelling of its notation."""
    again: dict[str, str] = {}
    for name, kind in task.inputs.items():
        again |= restated(kind, row.inputs[name], seed)
    return again


def _document(task: Task, row: Sample, kind: str, text: str) -> Document:
    entity = row.meta.get("entity", row.id)
    return Document(
        text=text,
        source=f"{task.source} ({kind})",
        licence=task.licence,
        id=f"{task.name}/{row.id}/{kind}",
        domain=str(task.domain),
        meta={"entity": entity, "task": task.name},
    )


def _pairs(task: Task, rows: Iterable[Sample], seed: int) -> Iterator[Document]:
    topic = task.name.replace("_", " ")
    for row in rows:
        if row.example is None or not row.inputs:
            continue
        given = " ".join(_notations(task, row).values())
        answer = task.answer.write(row.example)
        text = labelled(topic, given, answer, row.id, seed)
        yield _document(task, row, "pair", text)


def _dialogues(task: Task, rows: Iterable[Sample]) -> Iterator[Document]:
    for row in rows:
        solution = task.solution(row, Mode.INSTANT)
        if solution is not None:
            yield _document(task, row, "dialogue", f"{task.question(row.inputs)}\n{solution}")


def _worked(task: Task, count: int) -> Iterator[Document]:
    for row in task.samples(Split.TRAIN, count):
        thought = task.worked(row) if task.worked else None
        if thought is not None and row.example is not None:
            text = f"{task.question(row.inputs)}\n{thought}\n{task.answer.write(row.example)}"
            yield _document(task, row, "worked solution", text)


def _entities(
    known: Mapping[str, Mapping[str, str]], origin: Mapping[str, Task], seed: int
) -> Iterator[Document]:
    """Yield one document an entity: its notations, one or several, in any order."""
    for entity, notations in known.items():
        forms = in_order(notations, entity, seed)
        kind = "notations" if len(forms) > 1 else "sequence"
        if forms:
            sample = Sample(id=entity, inputs={}, gold=None, meta={"entity": entity})
            yield _document(origin[entity], sample, kind, " ".join(forms))


def _general(characters: int) -> Iterator[Document]:
    """Yield paragraphs of the Python reference that ships with the interpreter (PSF licence)."""
    from pydoc_data import topics

    left = characters
    for name in sorted(topics.topics):
        for i, paragraph in enumerate(topics.topics[name].split("\n\n")):
            text = " ".join(paragraph.split())
            if len(text) < 80:
                continue
            if left <= 0:
                return
            left -= len(text)
            yield Document(
                text=text,
                source="Python reference manual, shipped with the interpreter",
                licence="PSF-2.0",
                id=f"{GENERAL}/{name}/{i}",
                domain=GENERAL,
                meta={"entity": f"{GENERAL}/{name}/{i}"},
            )


def entities_of(meta: Mapping[str, str]) -> list[str]:
    """Return the canonical entities that a row or a document is about."""
    entities = meta.get("entity")
    return entities.split(ENTITY_SEPARATOR) if entities else []


def held_out(tasks: Sequence[Task]) -> frozenset[str]:
    """Return the canonical entities of all development and test rows of all tasks."""
    return frozenset(
        entity
        for task in tasks
        for split in (Split.DEV, Split.TEST)
        for row in task.samples(split)
        for entity in entities_of(row.meta)
    )
