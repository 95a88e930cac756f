"""Scores as tables and files: of a measured model, of stored predictions, beside the paper's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scireasoner.artifacts import Artifact, read_json, write_json, write_jsonl
from scireasoner.errors import ArtifactError
from scireasoner.evaluation.compare import sure
from scireasoner.evaluation.compliance import Compliance
from scireasoner.evaluation.rating import Score
from scireasoner.evaluation.rescore import Reading, Rescored, rescore
from scireasoner.evaluation.versus import Versus
from scireasoner.measuring import Measured
from scireasoner.tasks.paper import combine, paper_rows
from scireasoner.tasks.registry import get
from scireasoner.training.modes import MODES, load_modes
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
    for heading in ("kept to the mode", "thought, tokens"):
        table.add_column(heading, justify="right")
    for row in measured:
        mode = row.mode.value if row.mode else "own choice"
        table.add_row(row.task, row.metric, mode, *_numbers(row), *_kept(row.compliance))
    return table


def _kept(found: Compliance | None) -> tuple[str, str]:
    """Return the share of the answers that kept to the mode, and how long thoughts were."""
    if found is None:
        return "", ""
    followed = "" if found.followed is None else f"{found.followed:.0%}"
    length = "" if found.mean is None else f"{found.mean:.0f} (95 % up to {found.p95:.0f})"
    return followed, length


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


def find_modes(named: str | None, runs: Path | None = None) -> Path:
    """Return the folder of a run whose modes were decided.

    Parameters
    ----------
    named : the folder, or the name of a recipe or run under ``runs``; None takes the newest.

    Raises
    ------
    ArtifactError : if there is none.
    """
    root = runs or Path("runs")
    if named is not None and (Path(named) / "modes" / MODES).is_file():
        return Path(named)
    found = [
        path.parent.parent
        for path in root.glob(f"*/modes/{MODES}")
        if named is None or path.parent.parent.name.startswith(named)
    ]
    if not found:
        what = f"{named} is no run, and there is none of that name" if named else "no run"
        raise ArtifactError(
            f"{what} under {root} whose modes were decided: run a recipe, or give a run's folder"
        )
    return max(found, key=lambda path: (path / "modes" / MODES).stat().st_mtime)


def modes_table(folder: Path) -> Table:
    """Return the evidence for each task's mode, and whether the final model kept to it."""
    from rich.table import Table

    table, decisions = load_modes(folder / "modes" / MODES)
    path = folder / "evaluation" / "scores.json"
    final = read_json(path)["scores"]["rl"] if path.is_file() else {}
    shown = Table(box=None, title=f"{folder.name}: thinking minus instant on development rows")
    shown.add_column("task", no_wrap=True)
    for heading in ("rows", "instant", "thinking", "gain in correct", "gain in score", "tokens"):
        shown.add_column(heading, justify="right")
    for heading in ("mode", "why", "kept to it"):
        shown.add_column(heading)
    for d in decisions:
        gains = (_gained(d.gain, d.low, d.high), _gained(d.score_gain, d.score_low, d.score_high))
        shares = (str(d.n), f"{d.instant:.2f}", f"{d.thinking:.2f}")
        spent = f"{d.tokens_instant:.0f} / {d.tokens_thinking:.0f}"
        kept = _followed(final.get(d.task, {}))
        shown.add_row(d.task, *shares, *gains, spent, d.mode.value, d.reason, kept)
    compared = {decision.task for decision in decisions}
    for name, mode in sorted(table.items()):
        if name not in compared:
            kept = _followed(final.get(name, {}))
            shown.add_row(name, *[""] * 6, mode.value, "not compared", kept)
    return shown


def _gained(value: float, low: float, high: float) -> str:
    if low == high:  # bounds are never equal: an older table, which has no soft scores
        return ""
    return f"{value:+.3f} ({low:+.3f} to {high:+.3f})"


def _followed(result: Mapping[str, Any]) -> str:
    share = result.get("compliance", {}).get("followed")
    return "" if share is None else f"{share:.0%}"


def rule_of_modes(folder: Path) -> str:
    """Return the rule that decided the modes of a run, in words."""
    settings = Artifact(folder / "modes").manifest.config["modes"]
    what = "the mean soft score" if settings.get("metric") == "score" else "correct answers"
    return (
        f"a task thinks if the lower 95 % bound of its gain in {what} is above "
        f"{settings['min_gain']:+.3f}, and the gain for each 100 extra tokens is at least "
        f"{settings['min_gain_per_100_tokens']:+.3f}"
    )
