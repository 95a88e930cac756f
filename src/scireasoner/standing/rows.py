"""A model's numbers beside the baselines of each task and the published numbers of each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from scireasoner.evaluation.baselines import MAJORITY
from scireasoner.evaluation.compare import apart
from scireasoner.measuring import Measured
from scireasoner.standing.reading import Measurement
from scireasoner.tasks.paper import PaperRow, combine, paper_rows
from scireasoner.tasks.registry import get
from scireasoner.tasks.rows import Place
from scireasoner.types import Estimate, Split
from scireasoner.yardsticks import Yardstick, Yardsticks

Direction = Literal["higher", "lower"]


class Basis(StrEnum):
    """Which test rows a number rests on."""

    PUBLISHED = "the published test rows"
    PART = "a part of the published test rows"
    OTHER = "other test rows"
    OWN = "a task of ours"


@dataclass(frozen=True)
class TaskStanding:
    """A task's number beside its baselines.

    Parameters
    ----------
    note : how its rows differ from the published ones.
    yardstick : None where the baselines were not measured.
    others : what other ways of asking gave, by their names.
    """

    task: str
    direction: Direction
    model: Measured
    basis: Basis
    note: str
    yardstick: Yardstick | None
    others: Mapping[str, Measured]

    def better_than(self, baseline: str) -> bool | None:
        """Return whether the model beats a baseline, intervals apart; None if it is not known."""
        known = self.yardstick.scores.get(baseline) if self.yardstick else None
        if known is None or known.metric != self.model.metric:
            return None
        return apart(self.model.estimate, known.estimate, self.direction)

    @property
    def learnt(self) -> bool | None:
        """Whether it beats the constant answer, intervals apart; None if that was not measured."""
        return self.better_than(MAJORITY)


@dataclass(frozen=True)
class PaperStanding:
    """A row of the paper's tables beside what the model reaches on it.

    Parameters
    ----------
    value : the released evaluator's number on the printed scale.
    interval : its 95 % interval; None for a row of several tasks.
    baselines : by name, on the printed scale, where all tasks of the row have them.
    asked : how the answers of its tasks were made.
    left_out : rows that were not asked since training held them.
    """

    row: PaperRow
    value: float
    interval: tuple[float, float] | None
    basis: Basis
    baselines: Mapping[str, float]
    rows: int
    asked: str = ""
    left_out: int = 0

    @property
    def claims(self) -> bool:
        """Whether the test rows let the number stand beside the printed ones."""
        return self.basis in (Basis.PUBLISHED, Basis.PART)

    def ahead(self, printed: float | None) -> float | None:
        """Return by how much the model is better than a printed number; negative if worse."""
        if printed is None:
            return None
        gain = self.value - printed
        return gain if self.row.direction == "higher" else -gain

    def surely(self, printed: float | None) -> bool:
        """Return whether the whole interval is better than a printed number."""
        if printed is None or self.interval is None:
            return False
        low, high = self.interval
        return low > printed if self.row.direction == "higher" else high < printed


def task_standings(found: Sequence[Measurement], against: Yardsticks) -> list[TaskStanding]:
    """Return one row for each task of the first measurement, in its order."""
    main, *more = found
    rows = []
    for name, model in main.scores.items():
        task = get(name)
        place = _tested(name)
        metrics = {
            metric.name: metric for m in task.metrics for metric in (m, m.substitute) if metric
        }
        own = metrics.get(model.metric, task.headline)
        others = {other.name: other.scores[name] for other in more if name in other.scores}
        rows.append(
            TaskStanding(
                name,
                own.direction,
                model,
                basis_of(model, place),
                place.note if place else "",
                against.tasks.get(name),
                others,
            )
        )
    return rows


def _tested(task: str) -> Place | None:
    """Return the place that a task's test rows come from on this machine."""
    places = get(task).data.places(task)
    return next((p for p in places if p.present and Split.TEST in p.splits), None)


def basis_of(model: Measured, place: Place | None) -> Basis:
    """Return which rows a number rests on: what cannot be told is taken for other rows."""
    if get(model.task).release is None:
        return Basis.OWN
    if model.comparable:
        return Basis.PUBLISHED
    if place is not None and (place.sampled or place.comparable):
        return Basis.PART
    return Basis.OTHER


def paper_standings(tasks: Sequence[TaskStanding]) -> list[PaperStanding]:
    """Return the paper's rows that the tasks make up, in the order of the tables."""
    by_name = {row.task: row for row in tasks}
    values = _released({row.task: row.model for row in tasks})
    names = dict.fromkeys(n for t in tasks if t.yardstick for n in t.yardstick.scores)
    measured = {
        name: _released(
            {
                t.task: t.yardstick.scores[name]
                for t in tasks
                if t.yardstick and name in t.yardstick.scores
            }
        )
        for name in names
    }
    found = []
    for row in paper_rows():
        value = combine(row, values)
        if value is None:
            continue
        own = [by_name[task] for task in row.tasks]
        beside = {name: combine(row, numbers) for name, numbers in measured.items()}
        found.append(
            PaperStanding(
                row,
                value,
                _interval(row, own),
                _worst([task.basis for task in own]),
                {name: number for name, number in beside.items() if number is not None},
                sum(task.model.estimate.n for task in own),
                "; ".join(dict.fromkeys(task.model.asked for task in own if task.model.asked)),
                sum(task.model.left_out for task in own),
            )
        )
    return found


def _released(scores: Mapping[str, Measured]) -> dict[str, float]:
    """Return the released numbers by task, and by task and sub-set."""
    found = {name: m.published for name, m in scores.items() if m.published is not None}
    for name, m in scores.items():
        found |= {f"{name}/{part}": v for part, v in m.parts.items() if v is not None}
    return found


def _interval(row: PaperRow, own: Sequence[TaskStanding]) -> tuple[float, float] | None:
    """Return the interval of a row of one whole task, on the printed scale."""
    if len(own) != 1 or row.subtask is not None or own[0].model.interval is None:
        return None
    low, high = own[0].model.interval
    return row.factor * low, row.factor * high


def _worst(found: Sequence[Basis]) -> Basis:
    order = (Basis.OTHER, Basis.OWN, Basis.PART, Basis.PUBLISHED)
    return min(found, key=order.index)


def held_in_training(tasks: Sequence[TaskStanding]) -> str:
    """Say how many test rows are left out since training held them; empty if none are."""
    without = [task.model.left_out for task in tasks if task.model.left_out]
    if not without:
        return ""
    return (
        f"{sum(without):,} test rows of {len(without)} tasks are left out: training held them or "
        "their object, within another row, around it, or as its answer. The baselines answered "
        "them too."
    )


@dataclass(frozen=True)
class Counts:
    """What the rows add up to.

    Parameters
    ----------
    claimed : rows of the paper on published test rows, whole or in part.
    specialist, big : of those, the ones at or above the specialist LLM (of ``with_specialist``)
        and above the 8B model.
    surely : the same two, where the whole 95 % interval is above; rows of one whole task only.
    beside : rows of the paper on other test rows; of them nothing is claimed.
    learnt, not_learnt, unknown : tasks that beat the constant answer, intervals apart, or not.
    over_forest : tasks that beat the classical model, intervals apart, of ``with_forest``.
    as_forest : rows of the paper, among the claimed, where the classical model itself is at or
        above the specialist LLM: what the row asks for can be had without a language model.
    """

    claimed: int
    specialist: int
    with_specialist: int
    big: int
    beside: int
    learnt: tuple[str, ...]
    not_learnt: tuple[str, ...]
    unknown: tuple[str, ...]
    over_forest: int
    with_forest: int
    surely: tuple[int, int]
    as_forest: int


def counts(tasks: Sequence[TaskStanding], rows: Sequence[PaperStanding], forest: str) -> Counts:
    """Count what was reached; only rows that may claim anything count against printed numbers."""
    claimed = [row for row in rows if row.claims]
    ahead = [row.ahead(row.row.specialist_llm) for row in claimed]
    over = [row.ahead(row.row.scireasoner_8b) for row in claimed]
    verdicts = [task.better_than(forest) for task in tasks]
    return Counts(
        len(claimed),
        sum(gain is not None and gain >= 0 for gain in ahead),
        sum(gain is not None for gain in ahead),
        sum(gain is not None and gain > 0 for gain in over),
        len(rows) - len(claimed),
        tuple(task.task for task in tasks if task.learnt),
        tuple(task.task for task in tasks if task.learnt is False),
        tuple(task.task for task in tasks if task.learnt is None),
        sum(verdict is True for verdict in verdicts),
        sum(verdict is not None for verdict in verdicts),
        (
            sum(row.surely(row.row.specialist_llm) for row in claimed),
            sum(row.surely(row.row.scireasoner_8b) for row in claimed),
        ),
        sum(_reaches(row, forest) for row in claimed),
    )


def _reaches(row: PaperStanding, baseline: str) -> bool:
    """Return whether a baseline is at or above the specialist LLM on a row."""
    value, printed = row.baselines.get(baseline), row.row.specialist_llm
    if value is None or printed is None:
        return False
    return value >= printed if row.row.direction == "higher" else value <= printed


def far(task: TaskStanding) -> Estimate | None:
    """Return the estimate of the constant answer, which a task that is not learnt does not beat."""
    known = task.yardstick.scores.get(MAJORITY) if task.yardstick else None
    return None if known is None else known.estimate
