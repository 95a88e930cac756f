"""Judging a lot of one task's stored predictions, in whatever process."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scireasoner.answers import IupacName
from scireasoner.evaluation.run import reward_metric
from scireasoner.evaluation.spill import Judged, key_of, subtask_key
from scireasoner.metrics import ACCURACY, SCORE, Metric
from scireasoner.published.base import Row
from scireasoner.tasks.registry import get
from scireasoner.tasks.rows import PUBLISHED
from scireasoner.tasks.task import Task
from scireasoner.types import OUR_FAULTS, Completion, Fault, Outcome, Sample

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scireasoner.evaluation.draws import Prediction
    from scireasoner.evaluation.spill import Floats

_EXCERPT = 200


@dataclass(frozen=True)
class Lot:
    """Some predictions of one task, each with its row."""

    task: str
    rows: tuple[tuple[Prediction, Sample], ...]

    def halves(self) -> tuple[Lot, Lot]:
        """Return two smaller lots."""
        middle = len(self.rows) // 2
        return Lot(self.task, self.rows[:middle]), Lot(self.task, self.rows[middle:])


def judge_lot(lot: Lot) -> Judged:
    """Judge a lot: numbers of every metric, the released evaluator's rows, and the faults."""
    task = get(lot.task)
    if isinstance(task.answer, IupacName):
        task.answer.warm([text for prediction, _ in lot.rows for text in prediction.texts])
    evaluator = task.release.evaluator if task.release else None
    outcomes: list[Outcome] = []
    parts: list[tuple[str, str]] = []
    published: list[tuple[int, str, Row]] = []
    faulty: list[tuple[str, str, str]] = []
    # Both scores of a row at once, while its molecules are still in memory.
    for p, sample in lot.rows:
        made = [task.judge(sample, _completion(p, t, n), p.mode, n) for n, t in enumerate(p.texts)]
        faulty += [
            (p.id, o.fault.value, text[:_EXCERPT])
            for text, o in zip(p.texts, made, strict=True)
            if o.fault is not None
        ]
        parts += [(p.id, sample.meta.get("subtask", ""))] * len(made)
        outcomes += made
        if evaluator is not None:
            item = task.published_item(sample, p.texts)
            published.append((key_of(p.id), item.subtask, evaluator.row(item)))
    judged = _pack(task, parts, outcomes, published, faulty)
    return replace(judged, comparable=all(PUBLISHED in s.meta for _, s in lot.rows))


def _completion(prediction: Prediction, text: str, draw: int) -> Completion:
    tokens = prediction.tokens[draw] if draw < len(prediction.tokens) else 0
    finish = prediction.finishes[draw] if draw < len(prediction.finishes) else "stop"
    return Completion(text, tokens, finish, probability=prediction.probability)


def lost(lot: Lot, why: str) -> Judged:
    """Return a lot of one prediction that killed the process that judged it: our own failure.

    Which of its answers did it is not known, so that all of them count as lost.
    """
    ((prediction, sample),) = lot.rows
    failed = Outcome(sample.id, None, None, 0.0, False, Fault.TOOL_FAILED)
    outcomes = [replace(failed, draw=n) for n in range(len(prediction.texts))]
    cause = f"{Fault.TOOL_FAILED.value} ({why})"
    faulty = [(prediction.id, cause, text[:_EXCERPT]) for text in prediction.texts]
    parts = [(prediction.id, sample.meta.get("subtask", ""))] * len(outcomes)
    return _pack(get(lot.task), parts, outcomes, [], faulty)


def candidates(task: Task) -> tuple[Metric, ...]:
    """Return every metric that may be reported: the task's own, their substitutes, the common."""
    own = [m for metric in task.metrics for m in (metric, metric.substitute) if m is not None]
    found = {m.name: m for m in (*own, ACCURACY, SCORE, reward_metric(task))}
    return tuple(m for m in found.values() if m.lacking is None or m.lacking() is None)


def _pack(
    task: Task,
    parts: Sequence[tuple[str, str]],
    outcomes: Sequence[Outcome],
    published: list[tuple[int, str, Row]],
    faulty: list[tuple[str, str, str]],
) -> Judged:
    import numpy as np

    keys = np.array([key_of(identity) for identity, _ in parts], dtype=np.uint64)
    fixed = [
        (o.draw, o.fault is None, o.fault not in OUR_FAULTS, subtask_key(name))
        for o, (_, name) in zip(outcomes, parts, strict=True)
    ]
    judged = [n for n, o in enumerate(outcomes) if o.fault not in OUR_FAULTS]
    first = [n for n in judged if outcomes[n].draw == 0]
    blocks: list[Floats] = [np.array(fixed, dtype=np.float64)]
    for metric in candidates(task):
        # An outcome that we could not judge has no columns of its own, and further answers only
        # where the metric looks at them; the gaps are masked out later.
        places = judged if metric.draws else first
        made = metric.columns([outcomes[place] for place in places])
        whole = np.full((len(outcomes), made.shape[1]), np.nan)
        whole[places] = made
        width = np.full((len(outcomes), 1), float(made.shape[1]))
        blocks += [width, whole]
    faults = Counter(outcome.fault.value for outcome in outcomes if outcome.fault is not None)
    named = {subtask_key(name): name for name in dict.fromkeys(n for _, n in parts) if name}
    return Judged(task.name, keys, np.hstack(blocks), published, named, faults, faulty)
