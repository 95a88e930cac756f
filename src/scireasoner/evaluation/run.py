"""Evaluation of a model on tasks: every completion is kept, and judged by the one judge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from scireasoner.errors import InputError, JudgeError
from scireasoner.evaluation.asking import PLAIN, Asking, ask
from scireasoner.evaluation.compliance import Compliance, compliance
from scireasoner.evaluation.decoding import Verifier, decode
from scireasoner.metrics import ACCURACY, SCORE, Metric, check_our_faults
from scireasoner.metrics.classes import ROC_AUC
from scireasoner.models.backend import Backend
from scireasoner.progress import bar
from scireasoner.published.base import Row
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
    samples, completions, outcomes : one of each per answer, in the same order; a row that was
        answered several times stands there as often.
    estimates : by metric name: the task's own metrics, ``accuracy``, ``score`` and ``reward``.
    tokens : mean number of generated tokens per answer.
    faults : how often each fault occurred, by its name.
    headline : the name of the metric that is reported first.
    lacking : metrics that cannot be computed on this machine, and why.
    published : what the released evaluator gives, by its own keys; empty if there is none.
    parts : the number that the paper prints, by sub-set, where the task has any.
    released : what each row adds to the released evaluator's numbers, with its sub-set.
    decoding : how the answers were made, by its name in `asking.DECODINGS`.
    plain : the plain answers to the same rows, judged; None where these are they.
    passed : share of the draws that could be read and failed no check; None without draws.
    """

    task: str
    mode: Mode | None
    samples: tuple[Sample, ...]
    completions: tuple[Completion, ...]
    outcomes: tuple[Outcome, ...]
    estimates: Mapping[str, Estimate]
    tokens: float
    faults: Counter[str]
    headline: str
    lacking: Mapping[str, str] = field(default_factory=dict)
    published: Mapping[str, float | None] = field(default_factory=dict)
    parts: Mapping[str, float | None] = field(default_factory=dict)
    released: tuple[tuple[str, Row], ...] = ()
    decoding: str = PLAIN
    plain: TaskResult | None = None
    passed: float | None = None

    @property
    def answered(self) -> float:
        """Share in [0, 1] of the rows that got a readable answer."""
        return self.estimates[ACCURACY.name].answered

    @property
    def compliance(self) -> Compliance:
        """Whether the replies followed the mode they were asked in, and how long they thought."""
        return compliance(self.completions, self.mode)


def _asked(
    task: Task, split: Split, limit: int | None, without: Collection[str]
) -> tuple[Sample, ...]:
    return tuple(row for row in task.samples(split, limit) if row.id not in without)


def evaluate(
    tasks: Sequence[Task],
    backend: Backend,
    *,
    split: Split = Split.TEST,
    mode: Modes = Mode.INSTANT,
    limit: int | None = None,
    without: Collection[str] = (),
    seed: int = 0,
    out: Path | None = None,
    how: Asking | None = None,
    passes: Verifier | None = None,
) -> dict[str, TaskResult]:
    """Ask a model every row of the tasks and judge the answers.

    Parameters
    ----------
    split : the rows asked.
    mode : one mode for all tasks, one for each by name, or None to leave it to the model.
    limit : the first rows of each task's fixed order (the same for every model); None takes all.
    without : ids of rows that are left out, such as those that the model was trained on.
    seed : of sampling (tasks with a temperature) and of the bootstrap.
    out : folder of ``<task>.<mode>.jsonl`` with every completion whole. A finished file of the
        same model, seed and rows is judged again without asking the model again.
    how : examples, several answers, beams, decoding ...; its mode and seed are set from the above.
    passes : the checks that a verified vote keeps to; without them every answer counts.

    Returns
    -------
    The result of each task by its name.

    Raises
    ------
    InputError : if ``mode`` lacks a task, or a task has no row.
    JudgeError : if our own tools failed on more than 2 % of a task's answers.
    """
    asking = {t.name: replace(how or Asking(), mode=_mode(t, mode), seed=seed) for t in tasks}
    work = [(task, _asked(task, split, limit, without)) for task in tasks]
    results: dict[str, TaskResult] = {}
    with bar("evaluation", sum(len(samples) for _, samples in work), "answers") as tick:
        for task, samples in work:
            asked = asking[task.name]
            groups = ask(task, backend, samples, asked, out)
            result = judge(task, samples, groups, asked.mode, seed)
            decoded = decode(task, backend, samples, asked, groups, passes or _unchecked, out)
            if decoded is not None:
                plain, result = result, judge(task, samples, decoded.groups, asked.mode, seed)
                extra = _curve(task, result.outcomes, seed)
                result = replace(
                    result,
                    estimates={**result.estimates, **extra},
                    decoding=decoded.how,
                    plain=plain,
                    passed=decoded.passed,
                )
            check_our_faults(result.outcomes)
            results[task.name] = result
            tick(len(samples), f"{task.name} {result.estimates[ACCURACY.name].value:.0%}")
    return results


def _unchecked(task: Task, inputs: Mapping[str, str], answer: str) -> bool:
    return True


def _curve(task: Task, outcomes: Sequence[Outcome], seed: int) -> Mapping[str, Estimate]:
    """Return the area under the ROC curve of yes and no, where the probabilities are known."""
    known = task.answer.kind == "boolean" and ROC_AUC.fits(outcomes)
    return {ROC_AUC.name: ROC_AUC(outcomes, seed)} if known else {}


def judge(
    task: Task,
    samples: Sequence[Sample],
    groups: Sequence[Sequence[Completion]],
    mode: Mode | None,
    seed: int = 0,
) -> TaskResult:
    """Judge the completions of each row and estimate every metric of the task."""
    if not samples:
        raise InputError(f"task {task.name!r} has no rows in this split: build its data first")
    rows = [
        (sample, draw, completion)
        for sample, group in zip(samples, groups, strict=True)
        for draw, completion in enumerate(group)
    ]
    outcomes = tuple(task.judge(sample, c, mode, draw) for sample, draw, c in rows)
    metrics, lacking = usable(task, lambda metric: metric.fits(outcomes))
    released = _released(task, samples, groups)
    published, parts = _published(task, released)
    return TaskResult(
        task=task.name,
        mode=mode,
        samples=tuple(sample for sample, _, _ in rows),
        completions=tuple(completion for _, _, completion in rows),
        outcomes=outcomes,
        estimates={name: metric(outcomes, seed) for name, metric in metrics.items()},
        tokens=sum(outcome.tokens for outcome in outcomes) / len(outcomes),
        faults=Counter(outcome.fault.value for outcome in outcomes if outcome.fault is not None),
        headline=next(iter(metrics)),
        lacking=lacking,
        published=published,
        parts=parts,
        released=released,
    )


def _released(
    task: Task, samples: Sequence[Sample], groups: Sequence[Sequence[Completion]]
) -> tuple[tuple[str, Row], ...]:
    """Return what each row adds to the released evaluator's numbers, with its sub-set."""
    evaluator = task.release.evaluator if task.release else None
    if evaluator is None:
        return ()
    items = (
        task.published_item(sample, [c.text for c in group])
        for sample, group in zip(samples, groups, strict=True)
    )
    return tuple((item.subtask, evaluator.row(item)) for item in items)


def _published(
    task: Task, released: Sequence[tuple[str, Row]]
) -> tuple[Mapping[str, float | None], Mapping[str, float | None]]:
    """Return the released numbers of all rows, and the headline one of each sub-set."""
    evaluator = task.release.evaluator if task.release else None
    return ({}, {}) if evaluator is None else evaluator.by_subtask(released)


def usable(
    task: Task, applies: Callable[[Metric], bool]
) -> tuple[dict[str, Metric], dict[str, str]]:
    """Return the metrics to compute, the reported one first, and those that lack something.

    Parameters
    ----------
    applies : whether the answers have what a metric with a substitute needs.

    Raises
    ------
    JudgeError : if none of the task's own metrics can be computed here.
    """
    found: dict[str, Metric] = {}
    lacking: dict[str, str] = {}
    for metric in task.metrics:
        instead = metric.substitute
        chosen = metric if instead is None or applies(metric) else instead
        reason = chosen.lacking() if chosen.lacking else None
        if reason is None:
            found[chosen.name] = chosen
        else:
            lacking[chosen.name] = reason
    if not found:
        raise JudgeError(f"task {task.name!r}: {'; '.join(lacking.values())}")
    return found | {m.name: m for m in (ACCURACY, SCORE, reward_metric(task))}, lacking


def reward_metric(task: Task) -> Metric:
    """Return the mean reward R = g(m) of a task as a metric (no length penalty)."""

    def columns(outcomes: Sequence[Outcome]) -> Columns:
        import numpy as np

        rewards = [task.reward(outcome) for outcome in outcomes]
        return np.array(rewards, dtype=np.float64).reshape(-1, 1)

    return Metric("reward", "higher", "share", "earns 0", columns)


def _mode(task: Task, mode: Modes) -> Mode | None:
    if mode is None or isinstance(mode, Mode):
        return mode
    if task.name not in mode:
        raise InputError(f"no mode was given for task {task.name!r}: add it to the table of modes")
    return mode[task.name]
