"""Two files of predictions on the same rows: a paired test for each task."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scireasoner.errors import DataError
from scireasoner.evaluation.rating import blocks_of, counted
from scireasoner.evaluation.rescore import Reading, Rescored, judging, shelved
from scireasoner.evaluation.run import usable
from scireasoner.evaluation.spill import Shelf
from scireasoner.metrics import paired_rows
from scireasoner.tasks.registry import get
from scireasoner.types import Estimate

if TYPE_CHECKING:
    from scireasoner.evaluation.spill import Floats


@dataclass(frozen=True)
class Versus:
    """What the first file has over the second in a task's reported metric.

    Parameters
    ----------
    gain : paired difference over the rows that both answered or missed; positive is better.
    unpaired : answers that only one of the files has.
    """

    metric: str
    gain: Estimate
    unpaired: int


def versus(
    first: Path,
    second: Path,
    reading: Reading | None = None,
    seed: int = 0,
    other: Rescored | None = None,
    skipped: dict[str, str] | None = None,
) -> dict[str, Versus]:
    """Compare two files of predictions, task by task.

    Parameters
    ----------
    other : gets what of the second file could not be scored; `rescore` tells it of the first.
    skipped : gets the tasks that are not compared, and why: of most one file alone has answers.

    Raises
    ------
    InputError : if a file is missing.
    DataError : if they have no task in common that can be scored.
    """
    reading, other = reading or Reading(), other or Rescored()
    skipped = {} if skipped is None else skipped
    found = {}
    with (
        tempfile.TemporaryDirectory(prefix="scireasoner-") as folder,
        judging(reading) as judges,
    ):
        ours, theirs = (
            shelved(path, reading, result, Path(folder) / name, judges)
            for path, result, name in ((first, Rescored(), "first"), (second, other, "second"))
        )
        for name, (shelf, _) in theirs.items():
            for problem in counted(get(name), shelf)[2]:
                other.complain(problem)
        for name in sorted(ours.keys() | theirs.keys()):
            if name not in theirs or name not in ours:
                skipped[name] = f"only in {first if name in ours else second}"
                continue
            own = _versus(name, ours[name][0], theirs[name][0], seed)
            if isinstance(own, Versus):
                found[name] = own
            else:
                skipped[name] = own
    if not found:
        raise DataError(f"{first} and {second} have no task in common that can be scored")
    return found


def _versus(name: str, ours: Shelf, theirs: Shelf, seed: int) -> Versus | str:
    """Return what one has over the other, or why that cannot be said."""
    import numpy as np

    task = get(name)
    rows_a, kept_a, _ = counted(task, ours)
    rows_b, kept_b, _ = counted(task, theirs)
    if rows_a is None or rows_b is None:
        return "too few golds could be read"
    named_a = _names(ours, rows_a, kept_a)
    named_b = _names(theirs, rows_b, kept_b)
    _, at_a, at_b = np.intersect1d(named_a, named_b, return_indices=True)
    if not len(at_a):
        return "no row in common"
    pairs = (rows_a, kept_a[at_a]), (rows_b, kept_b[at_b])
    unpaired = len(kept_a) + len(kept_b) - 2 * len(at_a)
    # The first answers in the order of the pairs, for metrics that count only those.
    blocks = [blocks_of(task, rows, kept, kept[rows[kept, 0] == 0]) for rows, kept in pairs]
    metrics, _ = usable(task, lambda m: m.takes(np.vstack([b[m.name] for b in blocks])))
    metric = next(iter(metrics.values()))
    answered = float((rows_a[pairs[0][1], 1] * rows_b[pairs[1][1], 1]).mean())
    a, b = (block[metric.name] for block in blocks)
    if metric.direction == "lower":
        a, b = b, a
    return Versus(metric.name, paired_rows(metric, a, b, answered, seed), unpaired)


def _names(shelf: Shelf, rows: Floats, kept: Any) -> Any:
    """Return what tells answers apart: the key of the row, mixed with the draw."""
    import numpy as np

    draws = np.asarray(rows[kept, 0], dtype=np.uint64)
    return np.asarray(shelf.keys()[kept]) ^ (draws * np.uint64(0x9E3779B97F4A7C15))
