"""Correct-only chains of thought under the paper's budget rule (arXiv 2509.21320, section 1.4).

Teachers are worked solutions by scientific tools, and models through a backend. Every trace is
judged by the one judge; only traces that end in a right answer are kept. The log has one line for
each batch of questions, so an interrupted harvest goes on with the next batch and asks nothing
twice.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from scireasoner.artifacts import JsonlLog
from scireasoner.errors import JudgeError
from scireasoner.models.backend import Backend, Sampling
from scireasoner.progress import bar
from scireasoner.tasks.task import Task
from scireasoner.training.mixture import draw
from scireasoner.types import OUR_FAULTS, Completion, Mode, Prompt, Sample, Split

_OUR_FAULT_LIMIT = 0.02


@dataclass(frozen=True)
class HarvestConfig:
    """The budget rule, for each task and teacher.

    Parameters
    ----------
    target : T, right traces wanted (paper: 500).
    budget : C, questions at most (paper: 50,000).
    first : size of the first draw (paper: 6,000).
    epsilon : floor of the estimated success rate (the paper prints no value).
    model_target, model_budget, model_first : the same for the model's own samples.
    temperature, max_tokens : decoding of a model teacher.
    batch : questions judged and logged together.
    """

    target: int = 500
    budget: int = 50_000
    first: int = 6_000
    epsilon: float = 0.01
    model_target: int = 500
    model_budget: int = 50_000
    model_first: int = 6_000
    temperature: float = 0.9
    max_tokens: int = 320
    batch: int = 256


def next_draw(
    correct: int, asked: int, *, target: int, budget: int, first: int, epsilon: float
) -> int:
    """Return how many questions to ask next: the paper's rule.

    The first draw, then ``ceil((T - S) / max(p, epsilon))`` with ``p = S / N``, until ``S >= T``
    or the budget is spent.
    """
    if correct >= target or asked >= budget:
        return 0
    if asked == 0:
        return min(first, budget)
    wanted = math.ceil((target - correct) / max(correct / asked, epsilon))
    return min(wanted, budget - asked)


class Teacher(Protocol):
    """Whoever writes traces. ``solve`` returns None where it has nothing to say."""

    @property
    def name(self) -> str:
        """The teacher's name in the log: ``tools`` or ``model``."""
        ...

    def solve(
        self, task: Task, samples: Sequence[Sample], seed: int
    ) -> Sequence[Completion | None]:
        """Return one thinking completion for each sample."""
        ...


@dataclass(frozen=True)
class ToolTeacher:
    """Worked solutions made by scientific tools: no network, always checkable."""

    name: str = "tools"

    def solve(
        self, task: Task, samples: Sequence[Sample], seed: int
    ) -> Sequence[Completion | None]:
        """Return the worked solution of each sample."""
        texts = [task.solution(sample, Mode.THINK) for sample in samples]
        return [None if t is None else Completion(t, tokens=0) for t in texts]


@dataclass(frozen=True)
class ModelTeacher:
    """A model's own samples, in thinking mode."""

    backend: Backend
    temperature: float
    max_tokens: int
    name: str = "model"

    def solve(
        self, task: Task, samples: Sequence[Sample], seed: int
    ) -> Sequence[Completion | None]:
        """Return one sampled completion for each sample."""
        prompts: list[Prompt] = [task.render(sample, Mode.THINK) for sample in samples]
        limit = min(self.max_tokens, task.limit(Mode.THINK))
        sampling = Sampling(temperature=self.temperature, max_tokens=limit, seed=seed)
        return [group[0] for group in self.backend.generate(prompts, sampling)]


@dataclass(frozen=True)
class Trace:
    """A kept chain of thought: the prompt's sample and what was written."""

    task: str
    sample: str
    teacher: str
    text: str


@dataclass(frozen=True)
class Yield:
    """What a teacher gave for a task."""

    task: str
    teacher: str
    asked: int
    correct: int
    kept: int


def harvest(
    tasks: Sequence[Task], teachers: Sequence[Teacher], config: HarvestConfig, out: Path, seed: int
) -> tuple[list[Trace], list[Yield]]:
    """Harvest every task with every teacher; resumable through ``out/harvest.jsonl``.

    Raises
    ------
    JudgeError : if our own tools failed on more than 2 % of the traces of a task.
    """
    log = JsonlLog(out / "harvest.jsonl")
    traces: list[Trace] = []
    yields: list[Yield] = []
    with bar("harvest", len(tasks) * len(teachers), "task x teacher") as tick:
        for task in tasks:
            for teacher in teachers:
                batches = _batches(log, task, teacher)
                batches += _ask(task, teacher, config, log, batches, seed)
                kept = _keep(task, teacher, batches)
                traces += kept
                asked, correct = _counts(batches)
                yields.append(Yield(task.name, teacher.name, asked, correct, len(kept)))
                tick(1, f"{task.name}: {correct} right of {asked}")
    return traces, yields


def _batches(log: JsonlLog, task: Task, teacher: Teacher) -> list[dict[str, Any]]:
    return [r for r in log.rows() if r["task"] == task.name and r["teacher"] == teacher.name]


def _counts(batches: Sequence[dict[str, Any]]) -> tuple[int, int]:
    rows = [row for batch in batches for row in batch["rows"]]
    return len(rows), sum(row["correct"] for row in rows)


def _ask(
    task: Task,
    teacher: Teacher,
    config: HarvestConfig,
    log: JsonlLog,
    done: list[dict[str, Any]],
    seed: int,
) -> list[dict[str, Any]]:
    model = teacher.name != "tools"
    target, budget, first = (
        (config.model_target, config.model_budget, config.model_first)
        if model
        else (config.target, config.budget, config.first)
    )
    # No question twice: the budget ends where the training rows do.
    budget = min(budget, len(task.samples(Split.TRAIN)))
    questions = draw(task, budget, seed)
    new: list[dict[str, Any]] = []
    # An interrupted draw is finished before the rule is applied again.
    planned = done[-1]["planned"] if done else 0
    while True:
        asked, correct = _counts(done + new)
        if asked >= planned:
            planned = asked + next_draw(
                correct, asked, target=target, budget=budget, first=first, epsilon=config.epsilon
            )
        if asked >= planned:
            return new
        batch = questions[asked : min(asked + config.batch, planned)]
        row = _judged(task, teacher, batch, seed + asked)
        new.append({**row, "planned": planned})
        log.extend(new[-1:])


def _judged(task: Task, teacher: Teacher, samples: Sequence[Sample], seed: int) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    failed = 0
    for sample, completion in zip(samples, teacher.solve(task, samples, seed), strict=True):
        if completion is None:
            rows.append({"sample": sample.id, "correct": False, "fault": "no worked solution"})
            continue
        outcome = task.judge(sample, completion, Mode.THINK)
        failed += outcome.fault in OUR_FAULTS
        row: dict[str, Any] = {"sample": sample.id, "correct": outcome.correct}
        row |= {"fault": outcome.fault} if outcome.fault else {}
        row |= {"text": completion.text} if outcome.correct else {}
        rows.append(row)
    if failed > max(1, _OUR_FAULT_LIMIT * len(rows)):
        raise JudgeError(
            f"{task.name}: our own tools failed on {failed} of {len(rows)} traces; run "
            "`scireasoner doctor` and mend what it names"
        )
    return {"task": task.name, "teacher": teacher.name, "rows": rows}


def _keep(task: Task, teacher: Teacher, batches: Sequence[dict[str, Any]]) -> list[Trace]:
    seen: set[tuple[str, str]] = set()
    kept: list[Trace] = []
    for row in (row for batch in batches for row in batch["rows"]):
        if not row["correct"] or (row["sample"], row["text"]) in seen:
            continue
        seen.add((row["sample"], row["text"]))
        kept.append(Trace(task.name, row["sample"], teacher.name, row["text"]))
    return kept
