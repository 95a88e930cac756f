"""Scores of predictions that are already made: no model, no accelerator, any number of rows."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from scireasoner.errors import DataError
from scireasoner.evaluation.draws import Prediction, Problem
from scireasoner.evaluation.judging import Lot
from scireasoner.evaluation.kept import Kept
from scireasoner.evaluation.lots import Judges
from scireasoner.evaluation.predictions import read_predictions
from scireasoner.evaluation.rating import Rating, Score
from scireasoner.evaluation.spill import Judged, Shelf
from scireasoner.progress import bar
from scireasoner.tasks.registry import get
from scireasoner.types import Sample, Split

LOT = 256
_LISTED = 1000


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
    kept : a folder of judgements from earlier runs; what is in it is not judged again.
    """

    task: str | None = None
    split: Split = Split.TEST
    limit: int | None = None
    partial: bool = False
    workers: int = 1
    files: tuple[str, ...] = ()
    kept: Path | None = None


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
    reading = reading or Reading()
    with (
        tempfile.TemporaryDirectory(prefix="scireasoner-") as folder,
        judging(reading) as judges,
    ):
        shelves = shelved(path, reading, result, Path(folder), judges)
        works = [Rating(n, shelf, missing, seed) for n, (shelf, missing) in shelves.items()]
        with bar("estimates", len(shelves), "tasks") as tick:
            for name, rated in zip(shelves, judges.rated(works), strict=True):
                for problem in rated.problems:
                    result.complain(problem)
                if rated.score is not None:
                    result.scores[name] = rated.score
                tick(1, name)
    if not result.scores:
        said = [f"; the first problem: {p.where}: {p.what}" for p in result.problems[:1]]
        first = "".join(said)
        raise DataError(f"{path} holds no prediction that can be scored{first}")
    return result


@contextmanager
def judging(reading: Reading) -> Iterator[Judges | Kept]:
    """Yield who judges: processes or this one, and before them what is kept from earlier runs."""
    with Judges(reading.workers, reading.files) as judges:
        yield judges if reading.kept is None else Kept(judges, reading.kept, reading.files)


def shelved(
    path: Path, reading: Reading, result: Rescored, folder: Path, judges: Judges | Kept
) -> dict[str, tuple[Shelf, int]]:
    """Judge everything and put it on one shelf a task; the number is of rows without answers."""
    reader = _Reader(reading.split, reading.limit, result)
    shelves: dict[str, Shelf] = {}
    with bar("judging", None, "answers") as tick:
        lots = reader.lots(read_predictions(path, reading.task), reading.partial)
        for piece in judges.judged(lots):
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
