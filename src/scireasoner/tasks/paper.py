"""The 103 rows of the paper's tables, and how a row follows from its tasks.

The numbers were transcribed from tables 3 to 8 of arXiv 2509.21320v3, read as a text extraction of
the PDF: single digits may be damaged, but the paper's own count of first places comes out of them.
The id of a row, the tasks behind it and the direction of its metric are ours. Ten rows of property
prediction and two of property classification sum up the 65 properties of LLM4Mat-Bench by data
source (eq. 6); the five TF-Mouse rows are sub-sets of one task.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from scireasoner.errors import DataError
from scireasoner.tasks.registry import get
from scireasoner.types import Family

_FILE = "paper_rows.csv"


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A row of the paper's result tables; numbers are on the scale that is printed there.

    Parameters
    ----------
    id : ours, e.g. ``"mp_regression"``.
    family : the table's family.
    table : the number of the table, 3 to 8.
    title : the row's title as printed.
    tasks : names of the tasks that make up the row, one or many.
    subtask : the sub-set of the task that the row stands for, None for the whole task.
    metric, direction : what is printed, and whether higher or lower is better.
    factor : printed number / number of the released evaluator, where their scales differ.
    scireasoner_8b, scireasoner_1_7b : the paper's models on the whole test set.
    scireasoner_8b_1k, scireasoner_1_7b_1k : the same on the 1,000 random items that closed models
        were asked; None where the whole test set was asked.
    specialist_llm, specialist_llm_name : the best science LLM before; None if not printed.
    non_llm_expert, non_llm_expert_name : the best model of the field that is no LLM.
    best_general : the best of Gemini 2.5 Pro, GPT-o3, DeepSeek-R1 and gpt-oss-120b.
    """

    id: str
    family: Family
    table: int
    title: str
    tasks: tuple[str, ...]
    subtask: str | None
    metric: str
    direction: Literal["higher", "lower"]
    factor: float
    scireasoner_8b: float | None
    scireasoner_8b_1k: float | None
    scireasoner_1_7b: float | None
    scireasoner_1_7b_1k: float | None
    specialist_llm: float | None
    specialist_llm_name: str | None
    non_llm_expert: float | None
    non_llm_expert_name: str | None
    best_general: float | None

    @property
    def leaves(self) -> tuple[str, ...]:
        """The keys of the values that make up the row: ``task``, or ``task/subtask``."""
        if self.subtask is None:
            return self.tasks
        return tuple(f"{task}/{self.subtask}" for task in self.tasks)


@cache
def paper_rows() -> tuple[PaperRow, ...]:
    """Return the 103 rows in the order of the paper's tables.

    Raises
    ------
    DataError : if the package's table is damaged.
    """
    text = files(__package__).joinpath(_FILE).read_text(encoding="utf-8")
    return tuple(_row(record) for record in csv.DictReader(text.splitlines()))


def combine(row: PaperRow, values: Mapping[str, float]) -> float | None:
    """Return a row's number from those of its tasks, weighted by test size (eq. 6 of the paper).

    Parameters
    ----------
    values : the released evaluator's number for each of ``row.leaves``; others are ignored.

    Returns
    -------
    The weighted mean, on the scale of the printed table; None if a value or a test size is
    missing: a mean over the tasks that happen to be there would be another quantity.
    """
    if any(leaf not in values for leaf in row.leaves):
        return None
    if len(row.leaves) == 1:
        return row.factor * values[row.leaves[0]]
    releases = [get(task).release for task in row.tasks]
    sizes = [release.test_size for release in releases if release and release.test_size]
    if len(sizes) != len(row.leaves):
        return None
    weighted = zip(row.leaves, sizes, strict=True)
    return row.factor * sum(values[leaf] * size for leaf, size in weighted) / sum(sizes)


_NUMBERS = frozenset(
    field.name for field in fields(PaperRow) if field.type in ("float", "float | None")
)


def _row(record: Mapping[str, str]) -> PaperRow:
    values: dict[str, Any] = {name: text or None for name, text in record.items()}
    try:
        values |= {name: float(text) for name in _NUMBERS if (text := record[name])}
        values["family"] = Family(record["family"])
        values["table"] = int(record["table"])
        values["tasks"] = tuple(record["tasks"].split())
        return PaperRow(**values)
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"{_FILE} of the package is damaged ({error}): install the package anew"
        ) from error
