"""Scores of predictions that are already made: no model, no accelerator, any number of rows."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scireasoner.errors import DataError
from scireasoner.evaluation.judging import Lot, candidates
from scireasoner.evaluation.lots import in_order
from scireasoner.evaluation.predictions import Prediction, Problem, read_predictions
from scireasoner.evaluation.run import usable
from scireasoner.evaluation.spill import FIXED, Judged, Shelf, first_of_each, has_gaps
from scireasoner.metrics.metric import OUR_SHARE
from scireasoner.progress import bar
from scireasoner.published.base import Row
from scireasoner.tasks.registry import get
from scireasoner.tasks.task import Task
from scireasoner.types import Estimate, Sample, Split

if TYPE_CHECKING:
    from scireasoner.evaluation.spill import Floats

LOT = 256
_LISTED = 1000


@dataclass(frozen=True)
class Score:
    """One task's predictions, scored.

    Parameters
    ----------
    headline : the name of the metric that is reported first.
    estimates : by metric name, over every row: a missing or unreadable answer costs what the
        metric declares.
    published : what the released evaluator gives, by its own keys, over the rows that came.
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


@dataclass
class Rescored:
    """All scores of a file, and everything in it that could not be scored."""

    scores: dict[str, Score] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    faulty: list[tuple[str, str, str, str]] = field(default_factory=list)

    def complain(self, problem: Problem) -> None:
        """Count a problem; the first thousand are listed."""
        self.problem_count += 1
        if len(self.problems) < _LISTED:
            self.problems.append(problem)


@dataclass(frozen=True)
class Reading:
    """How a file of predictions is read and judged.

    Parameters
    ----------
    task : whose predictions these are, where the file does not say so.
    split, limit : the rows that should have been answered, where the task's data is here.
    partial : rows without a prediction are left out instead of counted as unanswered.
    workers : processes that judge; the scores do not depend on how many.
    files : Python files that register tasks of the user's own.
    """

    task: str | None = None
    split: Split = Split.TEST
    limit: int | None = None
    partial: bool = False
    workers: int = 1
    files: tuple[str, ...] = ()


def rescore(path: Path, reading: Reading | None = None, seed: int = 0) -> Rescored:
    """Score stored predictions.

    Parameters
    ----------
    path : a file or folder that :mod:`~scireasoner.evaluation.predictions` can read.
    reading : how it is read and judged.
    seed : of the bootstrap.

    Raises
    ------
    InputError : if there is no such file.
    DataError : if nothing in it could be scored.
    """
    result = Rescored()
    with tempfile.TemporaryDirectory(prefix="scireasoner-") as folder:
        shelves = shelved(path, reading or Reading(), result, Path(folder))
        with bar("estimates", len(shelves), "tasks") as tick:
            for name, (shelf, missing) in shelves.items():
                score = _score(get(name), shelf, missing, seed, result)
                if score is not None:
                    result.scores[name] = score
                tick(1, name)
    if not result.scores:
        first = f"; the first problem: {result.problems[0]}" if result.problems else ""
        raise DataError(f"{path} holds no prediction that can be scored{first}")
    return result


def shelved(
    path: Path, reading: Reading, result: Rescored, folder: Path
) -> dict[str, tuple[Shelf, int]]:
    """Judge everything and put it on one shelf a task; the number is of rows without answers."""
    reader = _Reader(reading.split, reading.limit, result)
    shelves: dict[str, Shelf] = {}
    with bar("judging", None, "answers") as tick:
        lots = reader.lots(read_predictions(path, reading.task), reading.partial)
        for piece in in_order(lots, reading.workers, reading.files):
            shelf = shelves.setdefault(piece.task, Shelf(folder / piece.task))
            shelf.add(piece)
            _list_faulty(piece, result)
            tick(len(piece.keys))
    return {name: (shelf, reader.missing[name]) for name, shelf in sorted(shelves.items())}


def _list_faulty(piece: Judged, result: Rescored) -> None:
    room = 100 * _LISTED - len(result.faulty)
    result.faulty += [(piece.task, *row) for row in piece.faulty[: max(0, room)]]


class _Reader:
    """Finds the row of each prediction and gathers lots of one task."""

    def __init__(self, split: Split, limit: int | None, result: Rescored) -> None:
        self.split, self.limit, self.result = split, limit, result
        self.missing: Counter[str] = Counter()
        self._rows: dict[str, dict[str, Sample] | None] = {}
        self._seen: dict[str, set[str]] = {}

    def lots(self, stream: Iterable[Prediction | Problem], partial: bool) -> Iterator[Lot]:
        """Yield lots of up to 256 predictions of one task; unanswered rows come last."""
        waiting: dict[str, list[tuple[Prediction, Sample]]] = {}
        for item in stream:
            if isinstance(item, Problem):
                self.result.complain(item)
                continue
            sample = item.sample or self._row(item)
            if sample is None:
                continue
            lot = waiting.setdefault(item.task, [])
            lot.append((item, sample))
            if len(lot) == LOT:
                yield Lot(item.task, tuple(waiting.pop(item.task)))
        for name, lot in waiting.items():
            yield Lot(name, tuple(lot))
        if not partial:
            yield from self._unanswered()

    def _row(self, item: Prediction) -> Sample | None:
        rows = self._data(item.task)
        if rows is None:
            self.result.complain(
                Problem(
                    f"{item.task} {item.id}",
                    "the line brings no 'gold' and the task's data is not on this machine "
                    f"(`scireasoner data list {item.task}`)",
                )
            )
            return None
        sample = rows.get(item.id)
        if sample is None:
            what = f"no {self.split} row of {item.task} has this id"
            self.result.complain(Problem(f"{item.task} {item.id}", what))
            return None
        self._seen.setdefault(item.task, set()).add(item.id)
        return sample

    def _data(self, task: str) -> dict[str, Sample] | None:
        if task not in self._rows:
            known = get(task)
            there = known.available(self.split)
            rows = known.samples(self.split, self.limit) if there else ()
            self._rows[task] = {row.id: row for row in rows} if there else None
        return self._rows[task]

    def _unanswered(self) -> Iterator[Lot]:
        for name, seen in self._seen.items():
            rows = self._rows[name] or {}
            left = [(Prediction(name, i, ("",)), s) for i, s in rows.items() if i not in seen]
            self.missing[name] = len(left)
            for start in range(0, len(left), LOT):
                yield Lot(name, tuple(left[start : start + LOT]))


def _score(task: Task, shelf: Shelf, missing: int, seed: int, result: Rescored) -> Score | None:
    """Estimate every metric from the numbers on the shelf; None if too many golds are broken."""
    found = counted(task, shelf, result)
    if found is None:
        return None
    rows, judged = found
    first = judged[rows[judged, 0] == 0]
    answered = float(rows[first, 1].mean()) if len(first) else 0.0
    blocks = blocks_of(task, rows, judged, first)
    metrics, lacking = usable(task, lambda metric: not has_gaps(blocks[metric.name]))
    headline = next(iter(metrics.values()))
    own = rows[judged if headline.draws else first, 3]
    parts = {
        name: headline.value(headline.prepared(blocks[headline.name][own == key]))
        for key, name in sorted(shelf.subtasks.items(), key=lambda item: item[1])
    }
    published, published_parts = _published(task, shelf)
    size = task.release.test_size if task.release else None
    return Score(
        task.name,
        headline.name,
        {n: m.estimate(blocks[n], answered, seed) for n, m in metrics.items()},
        published,
        shelf.count + shelf.ours - missing,
        missing,
        dict(shelf.faults),
        lacking,
        parts,
        published_parts,
        shelf.comparable and (size is None or len(first) >= size),
    )


def counted(task: Task, shelf: Shelf, result: Rescored) -> tuple[Floats, Any] | None:
    """Return all rows and the positions of those that count; None if too few could be judged."""
    came = shelf.count + shelf.ours
    judged: Any = ()
    if shelf.count:
        keys, rows = shelf.keys(), shelf.rows()
        kept = first_of_each(keys, rows[:, 0])
        if len(kept) < len(keys):
            again = len(keys) - len(kept)
            result.complain(Problem(task.name, f"{again} ids came again: the first answer counts"))
        came -= len(keys) - len(kept)
        judged = kept[rows[kept, 2] == 1]
    ours = came - len(judged)
    if ours > OUR_SHARE * came:
        what = f"{ours} of {came} golds cannot be read or broke a tool: no score is given"
        result.complain(Problem(task.name, what))
        return None
    return rows, judged


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
