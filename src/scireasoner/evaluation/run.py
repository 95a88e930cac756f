"""Evaluation of a model on tasks: every completion is kept, and judged by the one judge."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scireasoner.artifacts import read_jsonl, write_jsonl
from scireasoner.errors import DataError, InputError
from scireasoner.metrics import ACCURACY, SCORE, Metric, check_our_faults, judged
from scireasoner.models.backend import Backend, Sampling
from scireasoner.progress import bar
from scireasoner.tasks.task import Task
from scireasoner.types import Completion, Estimate, Mode, Outcome, Sample, Split

if TYPE_CHECKING:
    from scireasoner.metrics.metric import Columns

Modes = Mode | None | Mapping[str, Mode]


@dataclass(frozen=True)
class TaskResult:
    """A model's answers to one task, judged.

    Parameters
    ----------
    task : the task's name.
    mode : the mode it was asked in; None if the model chose.
    samples, completions, outcomes : one of each per row, in the same order.
    estimates : by metric name: the task's own metrics, ``accuracy``, ``score`` and ``reward``.
    tokens : mean number of generated tokens per answer.
    faults : how often each fault occurred, by its name.
    """

    task: str
    mode: Mode | None
    samples: tuple[Sample, ...]
    completions: tuple[Completion, ...]
    outcomes: tuple[Outcome, ...]
    estimates: Mapping[str, Estimate]
    tokens: float
    faults: Counter[str]

    @property
    def answered(self) -> float:
        """Share in [0, 1] of the rows that got a readable answer."""
        return self.estimates[ACCURACY.name].answered


def evaluate(
    tasks: Sequence[Task],
    backend: Backend,
    *,
    split: Split = Split.TEST,
    mode: Modes = Mode.INSTANT,
    limit: int | None = None,
    seed: int = 0,
    out: Path | None = None,
) -> dict[str, TaskResult]:
    """Ask a model every row of the tasks and judge the answers.

    Parameters
    ----------
    split : the rows asked.
    mode : one mode for all tasks, one for each by name, or None to leave it to the model.
    limit : the first rows of each task's fixed order; None takes all.
    seed : of sampling (tasks with a temperature) and of the bootstrap.
    out : folder of ``<task>.<mode>.jsonl`` with every completion whole. A finished file of the
        same model, seed and rows is judged again without asking the model again.

    Returns
    -------
    The result of each task by its name.

    Raises
    ------
    InputError : if ``mode`` lacks a task, or a task has no row.
    JudgeError : if our own tools failed on more than 2 % of a task's answers.
    """
    work = [(task, _mode(task, mode), tuple(task.samples(split, limit))) for task in tasks]
    results: dict[str, TaskResult] = {}
    with bar("evaluation", sum(len(samples) for _, _, samples in work), "answers") as tick:
        for task, asked, samples in work:
            completions = _completions(task, backend, samples, asked, seed, out)
            result = judge(task, samples, completions, asked, seed)
            check_our_faults(result.outcomes)
            results[task.name] = result
            tick(len(samples), f"{task.name} {result.estimates[ACCURACY.name].value:.0%}")
    return results


def judge(
    task: Task,
    samples: Sequence[Sample],
    completions: Sequence[Completion],
    mode: Mode | None,
    seed: int = 0,
) -> TaskResult:
    """Judge completions and estimate every metric of the task."""
    if not samples:
        raise InputError(f"task {task.name!r} has no rows in this split: build its data first")
    outcomes = tuple(
        task.judge(sample, completion, mode)
        for sample, completion in zip(samples, completions, strict=True)
    )
    metrics = {m.name: m for m in (*task.metrics, ACCURACY, SCORE, reward_metric(task))}
    return TaskResult(
        task=task.name,
        mode=mode,
        samples=tuple(samples),
        completions=tuple(completions),
        outcomes=outcomes,
        estimates={name: metric(outcomes, seed) for name, metric in metrics.items()},
        tokens=sum(outcome.tokens for outcome in outcomes) / len(outcomes),
        faults=Counter(outcome.fault.value for outcome in outcomes if outcome.fault is not None),
    )


def reward_metric(task: Task) -> Metric:
    """Return the mean reward R = g(m) of a task as a metric (no length penalty)."""

    def columns(outcomes: Sequence[Outcome]) -> Columns:
        import numpy as np

        rewards = [task.reward(outcome) for outcome in judged(outcomes, "reward")]
        return np.array([[reward] for reward in rewards], dtype=np.float64)

    return Metric("reward", "higher", "share", "earns 0", columns)


def _mode(task: Task, mode: Modes) -> Mode | None:
    if mode is None or isinstance(mode, Mode):
        return mode
    if task.name not in mode:
        raise InputError(f"no mode was given for task {task.name!r}: add it to the table of modes")
    return mode[task.name]


def _completions(
    task: Task,
    backend: Backend,
    samples: Sequence[Sample],
    mode: Mode | None,
    seed: int,
    out: Path | None,
) -> list[Completion]:
    """Return one completion a row: from a finished file, else from the model."""
    sampling = Sampling(task.temperature, max_tokens=task.limit(mode), seed=seed)
    head = _head(task, backend, samples, mode, sampling)
    path = None if out is None else out / f"{task.name}.{mode or 'auto'}.jsonl"
    if path is not None and path.is_file():
        kept = _read(path, head, samples)
        if kept is not None:
            return kept
    prompts = [task.render(sample, mode) for sample in samples]
    made = [group[0] for group in backend.generate(prompts, sampling)]
    if path is not None:
        rows = [_row(sample, c) for sample, c in zip(samples, made, strict=True)]
        write_jsonl(path, [head, *rows])
    return made


def _head(
    task: Task,
    backend: Backend,
    samples: Sequence[Sample],
    mode: Mode | None,
    sampling: Sampling,
) -> dict[str, Any]:
    """Return what decides whether a file's completions answer this very question."""
    asked = [(sample.id, task.question(sample.inputs)) for sample in samples]
    return {
        "task": f"{task.name} v{task.version}",
        "model": backend.name,
        "mode": None if mode is None else mode.value,
        "temperature": sampling.temperature,
        "max_tokens": sampling.max_tokens,
        "seed": sampling.seed,
        "rows": len(asked),
        "questions": hashlib.sha256(repr(asked).encode()).hexdigest(),
    }


def _row(sample: Sample, completion: Completion) -> dict[str, Any]:
    return {
        "sample": sample.id,
        "text": completion.text,
        "tokens": completion.tokens,
        "finish": completion.finish,
    }


def _read(
    path: Path, head: Mapping[str, Any], samples: Sequence[Sample]
) -> list[Completion] | None:
    """Return a finished file's completions; None if it answers something else."""
    rows = read_jsonl(path)
    if not rows or rows[0] != head:
        return None
    if [row.get("sample") for row in rows[1:]] != [sample.id for sample in samples]:
        raise DataError(f"{path} lacks rows that it announces: delete it and evaluate again")
    return [Completion(row["text"], row["tokens"], row["finish"]) for row in rows[1:]]
