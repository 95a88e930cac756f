"""Everything there is to know about a task, as rows of (what, text): for terminals and pages."""

from __future__ import annotations

from collections.abc import Sequence

from scireasoner.metrics import Metric
from scireasoner.prompts.chat import render
from scireasoner.tasks.paper import PaperRow, paper_rows
from scireasoner.tasks.release import Release
from scireasoner.tasks.rows import Place
from scireasoner.tasks.symmetry import Symmetry
from scireasoner.tasks.task import Task
from scireasoner.types import Mode

Row = tuple[str, str]


def card(task: Task) -> list[Row]:
    """Return a task's card: wording, answer, metrics, reward, data, terms, published numbers."""
    instant, think = task.limit(Mode.INSTANT), task.limit(Mode.THINK)
    inputs = ", ".join(f"{name}: {kind}" for name, kind in task.inputs.items())
    rows = [
        ("task", f"{task.name} (version {task.version}, suite {task.suite})"),
        ("family", f"{task.family.value}, {task.domain.value}"),
        ("question", wording(task)),
        ("prompt hash", task.prompt_hash),
        ("inputs", inputs or "none"),
        ("answer", answer_of(task)),
        ("correct", task.answer.rule),
        ("reward", f"{task.answer.group.value}, softened by {task.g.name}"),
        *(("metric", metric_line(metric)) for metric in task.metrics),
        *(("same answer", _SAME[symmetry]) for symmetry in sorted(task.symmetries)),
        ("thinking", "has worked solutions" if task.worked else "no worked solutions"),
        ("limits", f"{instant} tokens at once, {think} with a thought"),
        ("source", task.source),
        ("licence", task.licence),
        *(("data", place_line(place)) for place in task.data.places(task.name)),
    ]
    if task.release is not None:
        rows += _released(task.release)
    return rows + [("paper", paper_line(row)) for row in paper_rows() if task.name in row.tasks]


_SAME = {
    Symmetry.STRAND: "for the other strand of the DNA",
    Symmetry.FRAME: "for a window of the DNA that begins up to two bases later",
}


def wording(task: Task) -> str:
    """Return the question with the names of its inputs in braces, and how to answer."""
    return f"{task.prompt.format(**{n: f'{{{n}}}' for n in task.inputs})} {task.answer.asks()}"


def answer_of(task: Task) -> str:
    """Return the answer's kind, with its unit."""
    unit = getattr(task.answer, "unit", None)
    return f"{task.answer.kind} ({unit})" if unit else task.answer.kind


def metric_line(metric: Metric) -> str:
    """Return a metric with its direction, its scale and what a fault costs."""
    line = f"{metric.name}: {metric.direction} is better, {metric.scale}; a fault {metric.on_fault}"
    if metric.substitute is not None:
        line += f"; {metric.substitute.name} where the model gives no probabilities"
    return line


def place_line(place: Place) -> str:
    """Return a place of rows in words."""
    marks = ["comparable with published tables"] if place.comparable else []
    marks += ["weights may ship"] if place.ships else []
    tail = f" [{'; '.join(marks)}]" if marks else ""
    note = f" {place.note}" if place.note else ""
    return f"{place.kind} {place.location}: {place.source}; {place.licence}{tail}{note}"


def _released(release: Release) -> list[Row]:
    size = "not known" if release.test_size is None else f"{release.test_size:,} test rows"
    evaluator = release.evaluator
    return [
        ("released as", f"{release.name} ({release.benchmark}, {release.status.value}), {size}"),
        ("asked", f"{release.answers} answers, {release.decoding}"),
        (
            "evaluator",
            f"{evaluator.name} -> {evaluator.headline} ({release.scale}); {evaluator.source}"
            if evaluator
            else "not reproduced",
        ),
    ]


def paper_line(row: PaperRow) -> str:
    """Return a row of the paper's tables with its numbers."""
    printed = (
        ("8B", row.scireasoner_8b),
        ("1.7B", row.scireasoner_1_7b),
        (row.specialist_llm_name or "specialist LLM", row.specialist_llm),
        (row.non_llm_expert_name or "expert model", row.non_llm_expert),
        ("best general model", row.best_general),
    )
    numbers = ", ".join(f"{who} {value:g}" for who, value in printed if value is not None)
    return f"table {row.table}, {row.title} ({row.metric}, {row.direction} is better): {numbers}"


def prompts(task: Task) -> list[tuple[Mode, str]]:
    """Return the first example's prompt as a model reads it, in each mode; none without one."""
    shown: Sequence[object] = task.shown()
    if not shown:
        return []
    sample = task.shown()[0]
    return [(mode, render(task.render(sample, mode))) for mode in task.modes]
