"""Answers and tasks as a terminal shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scireasoner.serving.ask import Answered
from scireasoner.tasks.task import Task
from scireasoner.types import Mode

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


def show(answered: Answered, console: Console) -> None:
    """Print one answer: the question, the thought apart, the answer, what tools found."""
    from rich.markup import escape

    console.print(f"\n[bold]{escape(answered.question)}[/bold]")
    asked = answered.mode.value if answered.mode else "the model's choice"
    known = f"task {answered.task}" if answered.task else "no known task"
    console.print(f"[dim]{known}, mode {asked}, {answered.tokens} tokens[/dim]")
    if answered.thought:
        for line in answered.thought.splitlines():
            console.print(f"[dim]  | {escape(line)}[/dim]")
    if answered.answer:
        console.print(escape(answered.answer))
    if answered.fault:
        console.print(f"[red]no usable answer: {answered.fault.value}[/red]")
    for fact in answered.facts:
        mark = "[green]✓[/green]" if fact.holds else "[red]✗[/red]"
        console.print(f"  {mark} {escape(fact.text)}")
    if answered.answer and not answered.facts:
        console.print("[dim]  not checked: no tool knows how[/dim]")


def task_table(tasks: Sequence[Task]) -> Table:
    """Return the tasks as a table."""
    from rich.table import Table

    table = Table(box=None, title=f"{len(tasks)} tasks", title_justify="left")
    table.add_column("name", no_wrap=True, min_width=max(len(task.name) for task in tasks))
    for heading in ("family", "domain", "answer", "metric"):
        table.add_column(heading)
    for task in tasks:
        table.add_row(
            task.name, task.family.value, task.domain.value, task.answer.kind, task.headline.name
        )
    return table


def task_card(task: Task) -> Table:
    """Return one task as a table of two columns."""
    from rich.markup import escape
    from rich.table import Table

    wording = {name: f"{{{name}}}" for name in task.inputs}
    instant, think = task.limit(Mode.INSTANT), task.limit(Mode.THINK)
    rows = (
        ("task", f"{task.name} (version {task.version}, suite {task.suite})"),
        ("family", f"{task.family.value}, {task.domain.value}"),
        ("question", f"{task.prompt.format(**wording)} {task.answer.asks()}"),
        ("inputs", ", ".join(f"{name}: {kind}" for name, kind in task.inputs.items()) or "none"),
        ("answer", task.answer.kind),
        ("reward", f"{task.answer.group.value}, softened by {task.g.name}"),
        ("metrics", ", ".join(f"{m.name} ({m.direction} is better)" for m in task.metrics)),
        ("thinking", "has worked solutions" if task.worked else "no worked solutions"),
        ("limits", f"{instant} tokens at once, {think} with a thought"),
        ("source", task.source),
        ("licence", task.licence),
    )
    table = Table(box=None, show_header=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, text in rows:
        table.add_row(name, escape(text))
    return table
