"""Scores as tables and files: of a measured model, of stored predictions, beside the paper's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scireasoner.artifacts import write_json, write_jsonl
from scireasoner.evaluation.compare import sure
from scireasoner.evaluation.rating import Score
from scireasoner.evaluation.rescore import Reading, Rescored, rescore
from scireasoner.evaluation.versus import Versus
from scireasoner.measuring import Measured
from scireasoner.tasks.paper import combine, paper_rows
from scireasoner.tasks.registry import get
from scireasoner.types import Estimate

if TYPE_CHECKING:
    from rich.table import Table


@dataclass(frozen=True)
class Scored:
    """Stored predictions, scored: everything, and the reported number of each task."""

    rescored: Rescored
    measured: tuple[Measured, ...]


def scored(path: Path, reading: Reading | None = None, seed: int = 0) -> Scored:
    """Score stored predictions, as :func:`rescore` does."""
    found = rescore(path, reading, seed)
    return Scored(found, tuple(_reported(score) for score in found.scores.values()))


def _reported(score: Score) -> Measured:
    task = get(score.task)
    key = task.release.evaluator.headline if task.release and task.release.evaluator else ""
    return Measured(
        score.task,
        score.headline,
        None,
        score.estimates[score.headline],
        score.published.get(key),
        key,
        task.prompt_hash,
        score.published_parts,
        score.comparable,
    )


def write_scores(found: Scored, out: Path | None, faults: Path | None) -> None:
    """Write all scores and problems as JSON, and every unreadable answer as JSON lines."""
    result = found.rescored
    if out is not None:
        scores = {name: asdict(score) for name, score in result.scores.items()}
        problems = [asdict(problem) for problem in result.problems]
        write_json(
            out, {"scores": scores, "problems": problems, "problem_count": result.problem_count}
        )
    if faults is not None:
        names = ("task", "id", "fault", "text")
        write_jsonl(faults, (dict(zip(names, row, strict=True)) for row in result.faulty))


def table_of(measured: Sequence[Measured]) -> Table:
    """Return scores as a table for the terminal."""
    table = _table(measured, ("metric", "mode"))
    for row in measured:
        mode = row.mode.value if row.mode else "own choice"
        table.add_row(row.task, row.metric, mode, *_numbers(row))
    return table


def score_table(found: Scored) -> Table:
    """Return the scores of stored predictions as a table for the terminal."""
    table = _table(found.measured, ("metric",))
    for name in ("came", "missing", "commonest fault"):
        table.add_column(name, justify="right")
    for row in found.measured:
        score = found.rescored.scores[row.task]
        worst = max(score.faults.items(), key=lambda item: item[1], default=None)
        fault = "" if worst is None else f"{worst[0]} ({worst[1]})"
        came = (str(score.rows), str(score.missing), fault)
        table.add_row(row.task, row.metric, *_numbers(row), *came)
    return table


def _table(measured: Sequence[Measured], headings: Sequence[str]) -> Table:
    from rich.table import Table

    table = Table(box=None)
    widest = max((len(row.task) for row in measured), default=0)
    table.add_column("task", no_wrap=True, min_width=widest)
    for heading in headings:
        table.add_column(heading)
    for heading in ("value", "95 % interval", "rows", "answered", "paper-compatible"):
        table.add_column(heading, justify="right")
    return table


def _numbers(row: Measured) -> tuple[str, ...]:
    e = row.estimate
    published = "" if row.published is None else f"{row.published:.4g} {row.key}"
    interval = f"{e.low:.3f} to {e.high:.3f}"
    return f"{e.value:.3f}", interval, str(e.n), f"{e.answered:.0%}", published


def paper_table(measured: Sequence[Measured]) -> Table:
    """Return the paper's rows that the measured tasks make up, beside the printed numbers.

    The released evaluators' numbers, on the scale that is printed; rows of several tasks are
    weighted by the sizes of their test sets, as in eq. 6 of the paper. A row that does not rest
    on the published test rows alone says so, and must not be compared.
    """
    from rich.table import Table

    table = Table(box=None, title="the paper's rows, by its released evaluators")
    table.add_column("row", no_wrap=True)
    table.add_column("metric")
    for heading in ("this model", "8B", "1.7B", "specialist LLM", "best general"):
        table.add_column(heading, justify="right")
    table.add_column("test rows")
    values = {row.task: row.published for row in measured if row.published is not None}
    for own in measured:
        values |= {f"{own.task}/{name}": v for name, v in own.parts.items() if v is not None}
    published = {row.task for row in measured if row.comparable}
    for row in paper_rows():
        value = combine(row, values)
        if value is None:
            continue
        printed = (row.scireasoner_8b, row.scireasoner_1_7b, row.specialist_llm, row.best_general)
        cells = ["" if number is None else f"{number:g}" for number in printed]
        rests = "published" if published.issuperset(row.tasks) else "others: not comparable"
        table.add_row(row.title, row.metric, f"{value:.4g}", *cells, rests)
    return table


def versus_table(found: Mapping[str, Versus]) -> Table:
    """Return what a first file of predictions has over a second one, task by task."""
    from rich.table import Table

    table = Table(box=None, title="first minus second on the same rows; positive is better")
    table.add_column("task", no_wrap=True)
    table.add_column("metric")
    for heading in ("difference", "95 % interval", "rows", "left out"):
        table.add_column(heading, justify="right")
    table.add_column("verdict")
    for name, own in found.items():
        e: Estimate = own.gain
        interval = f"{e.low:+.3f} to {e.high:+.3f}"
        numbers = (f"{e.value:+.3f}", interval, str(e.n), str(own.unpaired))
        table.add_row(name, own.metric, *numbers, sure(e))
    return table
