"""From a task's shelf of judged answers to its score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scireasoner.evaluation.draws import Problem
from scireasoner.evaluation.judging import candidates
from scireasoner.evaluation.run import usable
from scireasoner.evaluation.spill import FIXED, Shelf, first_of_each
from scireasoner.metrics.metric import OUR_SHARE
from scireasoner.published.base import Row
from scireasoner.tasks.registry import get
from scireasoner.tasks.task import Task
from scireasoner.types import Estimate

if TYPE_CHECKING:
    from scireasoner.evaluation.spill import Floats


@dataclass(frozen=True)
class Score:
    """One task's predictions, scored.

    Parameters
    ----------
    headline : the name of the metric that is reported first.
    estimates : by metric name, over every row: a missing or unreadable answer costs what the
        metric declares.
    published : what the released evaluator gives, by its own keys, over every row; a missing
        answer is an empty text.
    parts : the reported metric's value by sub-set, where the task has any.
    published_parts : the number that the paper prints by sub-set.
    comparable : whether the rows are those of the published tables, all of them.
    rows : predictions that came; ``missing`` more rows of the data had none and count as faults.
    lacking : metrics that cannot be computed on this machine, and why.
    """

    task: str
    headline: str
    estimates: Mapping[str, Estimate]
    published: Mapping[str, float | None]
    rows: int
    missing: int
    faults: Mapping[str, int]
    lacking: Mapping[str, str]
    parts: Mapping[str, float] = field(default_factory=dict)
    published_parts: Mapping[str, float | None] = field(default_factory=dict)
    comparable: bool = False


@dataclass(frozen=True)
class Rating:
    """What it takes to score one task: its shelf, how many rows had no answer, the seed."""

    task: str
    shelf: Shelf
    missing: int
    seed: int


@dataclass(frozen=True)
class Rated:
    """A task's score, None if too many golds are broken, and what is to be said of its rows."""

    score: Score | None
    problems: tuple[Problem, ...]


def rate(work: Rating) -> Rated:
    """Estimate every metric from the numbers on the shelf."""
    task = get(work.task)
    rows, judged, problems = counted(task, work.shelf)
    if rows is None:
        return Rated(None, problems)
    return Rated(_score(task, work, rows, judged), problems)


def _score(task: Task, work: Rating, rows: Floats, judged: Any) -> Score:
    shelf = work.shelf
    first = judged[rows[judged, 0] == 0]
    answered = float(rows[first, 1].mean()) if len(first) else 0.0
    blocks = blocks_of(task, rows, judged, first)
    metrics, lacking = usable(task, lambda m: m.takes(blocks[m.name]))
    headline = next(iter(metrics.values()))
    own = rows[judged if headline.draws else first, 3]
    parts = {
        name: headline.value(headline.prepared(blocks[headline.name][own == key]))
        for key, name in sorted(shelf.subtasks.items(), key=lambda item: item[1])
        if (own == key).any()  # none where no gold of a sub-set could be read
    }
    published, published_parts = _published(task, shelf)
    size = task.release.test_size if task.release else None
    return Score(
        task.name,
        headline.name,
        {n: m.estimate(blocks[n], answered, work.seed) for n, m in metrics.items()},
        published,
        shelf.count + shelf.ours - work.missing,
        work.missing,
        dict(shelf.faults),
        lacking,
        parts,
        published_parts,
        shelf.comparable and (size is None or len(first) >= size),
    )


def counted(task: Task, shelf: Shelf) -> tuple[Floats | None, Any, tuple[Problem, ...]]:
    """Return all rows, the positions of those that count, and what is to be said of them.

    No rows where too few could be judged.
    """
    came = shelf.count + shelf.ours
    rows: Floats | None = None
    judged: Any = ()
    problems: list[Problem] = []
    if shelf.count:
        keys, rows = shelf.keys(), shelf.rows()
        kept = first_of_each(keys, rows[:, 0])
        if len(kept) < len(keys):
            again = int((rows[:, 0] == 0).sum() - (rows[kept, 0] == 0).sum())
            problems.append(Problem(task.name, f"{again} ids came again: the first answer counts"))
        came -= len(keys) - len(kept)
        judged = kept[rows[kept, 2] == 1]
    ours = came - len(judged)
    if ours > OUR_SHARE * came:
        what = f"{ours} of {came} golds cannot be read or broke a tool: no score is given"
        return None, judged, (*problems, Problem(task.name, what))
    return rows, judged, tuple(problems)


def blocks_of(task: Task, rows: Floats, judged: Any, first: Any) -> dict[str, Floats]:
    """Return each metric's columns of the answers that it counts."""
    blocks, start = {}, FIXED
    for metric in candidates(task):
        width = int(rows[0, start])
        picked = judged if metric.draws else first
        blocks[metric.name] = rows[picked, start + 1 : start + 1 + width]
        start += 1 + width
    return blocks


def _published(
    task: Task, shelf: Shelf
) -> tuple[Mapping[str, float | None], Mapping[str, float | None]]:
    """Return the released numbers of all rows, and the headline one of each sub-set."""
    evaluator = task.release.evaluator if task.release else None
    if evaluator is None:
        return {}, {}
    found: dict[int, tuple[str, Row]] = {}
    for key, name, row in shelf.published():
        found.setdefault(key, (name, row))
    return evaluator.by_subtask(found.values())
