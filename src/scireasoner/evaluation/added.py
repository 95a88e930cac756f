"""What a decoding adds to the plain answers to the same rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scireasoner.evaluation.compare import gain
from scireasoner.metrics import ACCURACY, Metric
from scireasoner.metrics.classes import ROC_AUC
from scireasoner.tasks.task import Task
from scireasoner.types import Estimate

if TYPE_CHECKING:
    from scireasoner.evaluation.run import TaskResult


@dataclass(frozen=True, slots=True)
class Added:
    """A decoding beside the plain answers.

    Parameters
    ----------
    how : the decoding.
    metric : in which both are given: the reported one, if the plain answers have it too.
    plain, decoded : its values.
    gain : how much better the decoded answers are, paired by rows; positive is better.
    published : what the released evaluator gives for the plain answers; None if it has none.
    passed : share of the draws that could be read and failed no check; None without draws.
    auc : the area under the ROC curve of the model's own probabilities, where there are two
        classes that were compared.
    """

    how: str
    metric: str
    plain: Estimate
    decoded: Estimate
    gain: Estimate
    published: float | None = None
    passed: float | None = None
    auc: Estimate | None = None


def added(task: Task, result: TaskResult, seed: int = 0) -> Added | None:
    """Return what a result's decoding adds; None if its answers are the plain ones."""
    plain = result.plain
    if plain is None:
        return None
    metric = next(m for m in _metrics(task) if _in(m, plain) and _in(m, result))
    evaluator = task.release.evaluator if task.release else None
    return Added(
        how=result.decoding,
        metric=metric.name,
        plain=plain.estimates[metric.name],
        decoded=result.estimates[metric.name],
        gain=gain(result.outcomes, plain.outcomes, metric, seed),
        published=plain.published.get(evaluator.headline) if evaluator else None,
        passed=result.passed,
        auc=result.estimates.get(ROC_AUC.name),
    )


def _metrics(task: Task) -> list[Metric]:
    own = [(metric, metric.substitute) for metric in task.metrics]
    return [metric for pair in own for metric in pair if metric is not None] + [ACCURACY]


def _in(metric: Metric, result: TaskResult) -> bool:
    return metric.name in result.estimates
