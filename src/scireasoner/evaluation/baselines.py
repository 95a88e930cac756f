"""Two honest baselines, as backends, so that the one judge scores them like any model.

Both know the training split only. They answer in the task's own form and never think.
"""

from __future__ import annotations

import statistics
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence

from scireasoner.errors import DataError, InputError
from scireasoner.evaluation.neighbours import nearest_rows
from scireasoner.models.backend import Sampling
from scireasoner.prompts.reply import compose
from scireasoner.tasks.task import Task
from scireasoner.types import Completion, Fault, Mode, Prompt, Sample, Split

MAX_TRAIN = 12_000
"""Training rows looked at by default: all that an embedded task has."""

MAJORITY, NEAREST = "majority", "nearest neighbour"
NUMERIC = frozenset({"number", "numbers", "property value"})
"""The answer kinds whose golds are numbers; where the gold is a constraint, none."""


class Trained(ABC):
    """A baseline that knows training rows, and answers the questions of the tasks it was given.

    ``rows`` caps the training rows looked at: the first ones of a task's fixed order.
    """

    name: str

    def __init__(self, *tasks: Task, rows: int = MAX_TRAIN) -> None:
        self.tasks = {task.name: task for task in tasks}
        self.rows = rows

    def generate(
        self, prompts: Sequence[Prompt], sampling: Sampling, n: int = 1
    ) -> list[list[Completion]]:
        """Return the baseline's answer to each prompt, ``n`` times."""
        by_task: dict[str, list[int]] = {}
        for place, prompt in enumerate(prompts):
            by_task.setdefault(prompt.task, []).append(place)
        groups: list[list[Completion]] = [[] for _ in prompts]
        for name, places in by_task.items():
            task = self._task(name)
            rows = [prompts[place] for place in places]
            for place, raw in zip(places, self.answers(task, rows), strict=True):
                groups[place] = [_completion(task, raw, prompts[place].mode)] * n
        return groups

    def _task(self, name: str) -> Task:
        if name not in self.tasks:
            raise InputError(f"the {self.name} baseline was not given task {name!r}: add it")
        return self.tasks[name]

    def known(self, task: Task) -> list[Sample]:
        """Return the training rows looked at; DataError if none has an answer."""
        rows = [s for s in task.samples(Split.TRAIN, self.rows) if s.example is not None]
        if not rows:
            raise DataError(
                f"task {task.name!r} has no training row with an answer: build its data"
            )
        return rows

    @abstractmethod
    def answers(self, task: Task, prompts: Sequence[Prompt]) -> Sequence[str]:
        """Return a raw answer for each prompt of one task."""


class MajorityBackend(Trained):
    """Gives every row the same answer.

    The median for numbers, else the most common right answer of the training split (the one seen
    first among equals); where the gold is a constraint, the most common example.
    """

    name = MAJORITY

    def __init__(self, *tasks: Task, rows: int = MAX_TRAIN) -> None:
        super().__init__(*tasks, rows=rows)
        self._known: dict[str, str] = {}

    def answers(self, task: Task, prompts: Sequence[Prompt]) -> Sequence[str]:
        """Return the one answer, for each prompt."""
        if task.name not in self._known:
            self._known[task.name] = _central(task, self.known(task))
        return [self._known[task.name]] * len(prompts)


class NearestBackend(Trained):
    """Gives the answer of the nearest training row.

    Nearest by Tanimoto similarity of Morgan fingerprints where the input is one molecule, else by
    the cosine of character trigram counts. Tasks without an input take the training rows in turn.
    """

    name = NEAREST

    def answers(self, task: Task, prompts: Sequence[Prompt]) -> Sequence[str]:
        """Return the nearest training row's answer, for each prompt."""
        train = self.known(task)
        asked = held_out(task, prompts)
        molecules = list(task.inputs.values()) == ["smiles"]
        rows = nearest_rows(
            [_text(task, sample) for sample in asked],
            [_text(task, sample) for sample in train],
            molecules=molecules,
        )
        return [str(train[row].example) for row in rows]


def _central(task: Task, train: Sequence[Sample]) -> str:
    if task.answer.kind in NUMERIC:
        golds = [task.answer.read_gold(sample.gold) for sample in train]
        rows = [gold if isinstance(gold, tuple) else (gold,) for gold in golds]
        known = [row for row in rows if not isinstance(row[0], Fault)]
        return " ".join(repr(float(statistics.median(c))) for c in zip(*known, strict=True))
    return Counter(str(sample.example) for sample in train).most_common(1)[0][0]


def held_out(task: Task, prompts: Sequence[Prompt]) -> list[Sample]:
    """Return the rows of prompts; InputError if one is not of dev or test."""
    known = {s.id: s for split in (Split.DEV, Split.TEST) for s in task.samples(split)}
    for prompt in prompts:
        if prompt.sample_id not in known:
            raise InputError(
                f"sample {prompt.sample_id!r} is no held-out row of {task.name!r}: a baseline that "
                "knows the training rows can be measured on dev and test only"
            )
    return [known[prompt.sample_id] for prompt in prompts]


def _text(task: Task, sample: Sample) -> str:
    return "\n".join(sample.inputs[name] for name in task.inputs)


def _completion(task: Task, raw: str, mode: Mode | None) -> Completion:
    # A thinking prompt stands inside an open thought: it is closed, empty.
    text = compose("" if mode is Mode.THINK else None, task.answer.write(raw))
    return Completion(text, tokens=0)
