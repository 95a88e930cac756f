"""What a released evaluator is: one small row an item, then one set of numbers."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Row: TypeAlias = tuple[float | str | None, ...]
"""What one item adds to the result: small and picklable, so that rows can be spilled and merged."""

RESAMPLES = 200
"""Of the interval of a released number: they are pure Python, and two digits are enough."""


@dataclass(frozen=True, slots=True)
class Item:
    """One question as the released evaluators see it.

    Parameters
    ----------
    predictions : the raw completions, best first, thoughts included.
    gold : the ``output`` text of the hub record.
    question : the ``input`` text of the hub record.
    label : the label field of the record, where the evaluator reads it.
    subtask : the record's sub-set, where the evaluator pools or splits by it.
    """

    predictions: tuple[str, ...]
    gold: str
    question: str = ""
    label: str | None = None
    subtask: str = ""


@dataclass(frozen=True)
class Evaluator:
    """A released evaluator.

    Parameters
    ----------
    name : ours, e.g. ``"smol smiles"``.
    headline : the key of the number that the paper's table prints.
    row : turns one item into its row; pure, so that items may be judged in any process.
    finish : turns all rows, in the order of the items, into the numbers by their released keys;
        None stands for a number that the released code fails to give.
    source : file and lines of the released code.
    lacking : why some number is always None on this machine, with what brings it; None if all
        can be had.
    """

    name: str
    headline: str
    row: Callable[[Item], Row]
    finish: Callable[[Sequence[Row]], Mapping[str, float | None]]
    source: str
    lacking: Callable[[], str | None] | None = None

    def __call__(self, items: Iterable[Item]) -> Mapping[str, float | None]:
        """Return the released numbers of all items."""
        return self.finish([self.row(item) for item in items])

    def by_subtask(
        self, rows: Iterable[tuple[str, Row]]
    ) -> tuple[Mapping[str, float | None], Mapping[str, float | None]]:
        """Return the released numbers of all rows, and the headline one of each named sub-set."""
        found = list(rows)
        groups: dict[str, list[Row]] = {}
        for name, row in found:
            if name:
                groups.setdefault(name, []).append(row)
        parts = {n: self.finish(own).get(self.headline) for n, own in sorted(groups.items())}
        return self.finish([row for _, row in found]), parts

    def interval(
        self, rows: Sequence[Row], seed: int = 0, resamples: int = RESAMPLES
    ) -> tuple[float, float] | None:
        """Return the 95 % percentile bootstrap interval of the headline over the rows.

        The rows are those of all items. None where the released code gives no number, also where
        it gives none for more than one resample in twenty.
        """
        draw = random.Random(seed)
        found = []
        for _ in range(resamples):
            value = self.finish(draw.choices(rows, k=len(rows))).get(self.headline)
            if value is not None and math.isfinite(value):
                found.append(value)
        if len(found) < 0.95 * resamples:
            return None
        found.sort()
        last = len(found) - 1
        return found[round(0.025 * last)], found[round(0.975 * last)]
