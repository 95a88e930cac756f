"""The report: one HTML page that needs nothing else, made from the numbers of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scireasoner.artifacts import write_text
from scireasoner.evaluation import charts
from scireasoner.evaluation.dialogues import dialogues
from scireasoner.evaluation.report_data import Curve, ReportData
from scireasoner.evaluation.rl_pages import rl_development, rl_panels, rl_samples, rl_tasks
from scireasoner.evaluation.summary import (
    COLD_START,
    RL,
    TaskRow,
    family_rows,
    fates,
    figure,
    interval,
    task_rows,
    weaknesses,
)
from scireasoner.pages import environment
from scireasoner.types import Estimate

if TYPE_CHECKING:
    from jinja2 import Environment

STAGE_NAMES = {
    "data": "data",
    "corpus": "corpus",
    "tokenizer": "tokenizer",
    "pretrain": "pretraining",
    "sft": "SFT",
    "modes": "mode probe",
    "harvest": "harvest",
    "difficulty": "difficulty",
    COLD_START: "cold start",
    RL: "RL",
    "evaluation": "evaluation",
}
_SHOWN_FAULTS = 7


def write_report(data: ReportData, path: Path) -> None:
    """Write the report of a run as one self-contained HTML page.

    The page loads nothing: style and charts are inline. Equal data give equal bytes.

    Raises
    ------
    StorageError : if the page cannot be written.
    """
    page = _environment().get_template("report.html.j2").render(**_context(data))
    write_text(path, page)


def _environment() -> Environment:
    found = environment("scireasoner.evaluation")
    found.filters |= {
        "figure": figure,
        "stage": lambda name: STAGE_NAMES.get(name, name),
        "time": duration,
        "spaced": lambda name: name.replace("_", " "),
    }
    return found


def _context(data: ReportData) -> dict[str, Any]:
    rows = task_rows(data)
    final = [row for row in rows if row.final is not None]
    return {
        "data": data,
        "rows": rows,
        "families": family_rows(data) if data.tasks else [],
        "grouped": _grouped(rows),
        "interval": interval,
        "stage_names": list(data.stages),
        "baseline_names": list(data.baselines),
        "won": [row for row in rows if row.won],
        "raised": [row for row in rows if row.rl is not None and row.rl.verdict == "better"],
        "raised_apart": [row for row in rows if row.rl is not None and row.rl.apart],
        "lowered": [row for row in rows if row.rl is not None and row.rl.verdict == "worse"],
        "answered": _mean([row.final.answered for row in final if row.final]),
        "tokens": _mean([row.final.tokens for row in final if row.final]),
        "total_seconds": sum(data.seconds.values()),
        "thinking": [row for row in data.modes if row.mode == "think"],
        "compliance": [(name, result.compliance) for name, result in data.final.items()],
        "accuracy_chart": _accuracy_chart(data, rows),
        "time_chart": _time_chart(data.seconds),
        "loss_charts": _loss_charts(data.curves),
        "rl_panels": rl_panels(data.rl_curve),
        "rl_tasks": rl_tasks(data),
        "rl_samples": rl_samples(data.rl_samples),
        "rl_development": rl_development(data.rl_development),
        "fate_chart": _fate_chart(rows),
        "fate_styles": _fate_styles(rows),
        "faults": _fault_table(data),
        "weaknesses": weaknesses(rows),
        "strong": [row.task.name for row in rows if row.task.name not in dict(weaknesses(rows))],
        "seeds": _seed_rows(data),
        "dialogues": dialogues(data.tasks, data.final, data.dialogues),
        "licences": _licences(data),
    }


def duration(seconds: float) -> str:
    """Return a wall time for people: ``41 s``, ``3 min 20 s``, ``2 h 5 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _grouped(rows: Sequence[TaskRow]) -> list[tuple[str, list[TaskRow]]]:
    families = dict.fromkeys(row.task.family for row in rows)
    return [(f.value, [row for row in rows if row.task.family is f]) for f in families]


def _accuracy_chart(data: ReportData, rows: Sequence[TaskRow]) -> str:
    lines = []
    for family, members in _grouped(rows):
        for place, row in enumerate(members):
            name = row.task.name
            bands = [
                _mark(results[name].estimates["accuracy"], f"b{i}", baseline)
                for i, (baseline, results) in enumerate(data.baselines.items(), start=1)
                if name in results
            ]
            dots = [
                _mark(results[name].estimates["accuracy"], f"s{i}", STAGE_NAMES.get(stage, stage))
                for i, (stage, results) in enumerate(data.stages.items(), start=1)
                if name in results
            ]
            heading = family if place == 0 else ""
            lines.append(charts.Line(name.replace("_", " "), bands, dots, heading))
    return charts.intervals(
        lines, x_label="share of held-out rows answered correctly", title="Accuracy by task"
    )


def _mark(estimate: Estimate, style: str, label: str) -> charts.Mark:
    title = f"{label}: {interval(estimate)}, {estimate.n} rows"
    return charts.Mark(estimate.value, estimate.low, estimate.high, style, title)


def _time_chart(seconds: Mapping[str, float]) -> list[tuple[str, float, str]]:
    """Return (stage, share of the total, colour class) for a bar made of boxes."""
    total = sum(seconds.values())
    if total <= 0:
        return []
    return [(s, value / total, f"c{i % 10 + 1}") for i, (s, value) in enumerate(seconds.items())]


def _loss_charts(curves: Mapping[str, Curve]) -> list[tuple[str, str]]:
    drawn = []
    for stage, rows in curves.items():
        points = [(row["step"], row["loss"]) for row in rows if "loss" in row and "step" in row]
        name = STAGE_NAMES.get(stage, stage)
        window = max(0, len(points) // 20)
        series = charts.Series(name, points, "c1", smooth=window)
        title = f"Loss of {name}"
        chart = charts.lines([series], x_label="step", y_label="loss (nats/token)", title=title)
        if chart:
            drawn.append((name, chart))
    return drawn


def _fate_styles(rows: Sequence[TaskRow]) -> dict[str, str]:
    """Return part -> colour: the verdicts, then the commonest faults; the rest share one."""
    faults: Counter[str] = Counter()
    for row in rows:
        if row.final is not None:
            faults.update(row.final.faults)
    named = [name for name, _ in faults.most_common(_SHOWN_FAULTS)]
    styles = {"correct": "ok", "close": "near", "wrong": "bad"}
    styles |= {name: f"f{i}" for i, name in enumerate(named, start=1)}
    return {**styles, "other faults": "f8"} if len(faults) > _SHOWN_FAULTS else styles


def _fate_chart(rows: Sequence[TaskRow]) -> str:
    styles = _fate_styles(rows)
    bars = []
    for row in rows:
        if row.final is None:
            continue
        shares = fates(row.final)
        rest = sum(share for name, share in shares.items() if name not in styles)
        bars.append((row.task.name.replace("_", " "), {**shares, "other faults": rest}))
    return charts.stacked(
        bars, styles, x_label="share of held-out rows", title="What became of the answers"
    )


def _fault_table(data: ReportData) -> list[tuple[str, list[int]]]:
    """Return (fault, count after each stage), the commonest of the last stage first."""
    by_stage = []
    for results in data.stages.values():
        total: Counter[str] = Counter()
        for result in results.values():
            total.update(result.faults)
        by_stage.append(total)
    names = dict.fromkeys(name for total in reversed(by_stage) for name, _ in total.most_common())
    return [(name, [total[name] for total in by_stage]) for name in names]


def _seed_rows(data: ReportData) -> list[tuple[str, str, list[Estimate | None], float | None]]:
    """Return (task, metric, estimate for each seed, spread from lowest to highest)."""
    rows = []
    for task in data.tasks if data.seeds else ():
        found = [estimates.get(task.name) for estimates in data.seeds.values()]
        values = [estimate.value for estimate in found if estimate is not None]
        spread = max(values) - min(values) if len(values) > 1 else None
        rows.append((task.name, task.headline.name, found, spread))
    return rows


def _licences(data: ReportData) -> list[tuple[str, str, list[str]]]:
    """Return (source, licence, tasks that use it)."""
    used: dict[tuple[str, str], list[str]] = {}
    for task in data.tasks:
        used.setdefault((task.source, task.licence), []).append(task.name)
    return [(source, licence, names) for (source, licence), names in used.items()]
