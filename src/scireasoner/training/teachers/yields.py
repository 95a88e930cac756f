"""What each teacher gave for each task: a table for JSON, the report and the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scireasoner.artifacts import read_json

if TYPE_CHECKING:
    from rich.table import Table

YIELDS = "yields.json"
WRONG = "wrong"


@dataclass(frozen=True)
class Yield:
    """What a teacher gave for a task.

    Parameters
    ----------
    asked : questions, N of the paper's rule.
    correct : right answers, by the judge or by the judge of free texts.
    kept : right answers that nothing was said against, S of the rule.
    rejected : why right answers were refused, and how many.
    lost : why the other questions gave nothing (``wrong``, or a named fault), and how many.
    judged : verdicts of the judge of free texts, and how many.
    tokens_in, tokens : of the questions and of the answers, where they are known.
    cost : money, by the recipe's prices; the judge's included.
    ended : why no more was asked.
    """

    task: str
    teacher: str
    asked: int
    correct: int
    kept: int
    rejected: Mapping[str, int] = field(default_factory=dict)
    lost: Mapping[str, int] = field(default_factory=dict)
    judged: Mapping[str, int] = field(default_factory=dict)
    tokens_in: int = 0
    tokens: int = 0
    cost: float = 0.0
    ended: str = ""


def yield_of(task: str, teacher: str, rows: Iterable[Mapping[str, Any]], ended: str) -> Yield:
    """Return what the logged rows of a task and teacher come to."""
    rows = list(rows)
    right = [row for row in rows if row["correct"]]
    return Yield(
        task,
        teacher,
        len(rows),
        len(right),
        sum("text" in row for row in right),
        _counted(row["refused"] for row in right if "refused" in row),
        _counted(row.get("fault") or WRONG for row in rows if not row["correct"]),
        _counted(row["judged"] for row in rows if "judged" in row),
        sum(row.get("tokens_in", 0) for row in rows),
        sum(row.get("tokens", 0) for row in rows),
        round(sum(row.get("cost", 0.0) for row in rows), 9),
        ended,
    )


def _counted(reasons: Iterable[str]) -> dict[str, int]:
    return dict(Counter(str(reason) for reason in reasons).most_common())


def total(yields: Sequence[Yield]) -> Yield:
    """Return the sums over all rows of a table."""
    return Yield(
        "all",
        "",
        sum(row.asked for row in yields),
        sum(row.correct for row in yields),
        sum(row.kept for row in yields),
        _summed(row.rejected for row in yields),
        _summed(row.lost for row in yields),
        _summed(row.judged for row in yields),
        sum(row.tokens_in for row in yields),
        sum(row.tokens for row in yields),
        sum(row.cost for row in yields),
    )


def _summed(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for one in counts:
        found.update(one)
    return dict(found.most_common())


def as_rows(yields: Sequence[Yield]) -> list[dict[str, Any]]:
    """Return the table as plain rows."""
    return [asdict(row) for row in yields]


def read_yields(folder: Path) -> list[Yield]:
    """Read the table of a harvest's folder.

    Raises
    ------
    ArtifactError : if it is not there or broken.
    """
    return [Yield(**row) for row in read_json(folder / YIELDS)]


def yield_table(yields: Sequence[Yield]) -> Table:
    """Return the table for the terminal."""
    from rich.table import Table

    table = Table(box=None, title="harvest", title_justify="left")
    for name in ("task", "teacher"):
        table.add_column(name, no_wrap=True)
    for name in ("asked", "correct", "kept"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("rejected", "nothing from"):
        table.add_column(name)
    judged = any(row.judged for row in yields)
    if judged:
        table.add_column("judge of free texts")
    for name in ("tokens", "cost"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("ended by")
    for row in [*yields, *([total(yields)] if len(yields) > 1 else [])]:
        table.add_row(
            row.task,
            row.teacher,
            *(f"{number:,}" for number in (row.asked, row.correct, row.kept)),
            words(row.rejected),
            words(row.lost),
            *([words(row.judged)] if judged else []),
            f"{row.tokens_in + row.tokens:,}",
            f"{row.cost:.4g}",
            row.ended,
        )
    return table


def words(counts: Mapping[str, int]) -> str:
    """Return counts as words, the commonest first."""
    return ", ".join(f"{reason} {n}" for reason, n in counts.items())
