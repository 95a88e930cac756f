"""Answers and tasks as a terminal shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from scireasoner.serving.ask import Answered
from scireasoner.serving.cards import card, prompts
from scireasoner.tasks.paper import paper_rows
from scireasoner.tasks.task import Task
from scireasoner.types import Family

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_UNKNOWN = (
    "the question has the words of no task (`scireasoner tasks show NAME`): a small model knows no "
    "others, and tools look at the form of its answer alone"
)


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
    if answered.drawn > 1:
        # The middle of numbers need not be one of them.
        middle = not answered.agreed and not answered.fault
        same = "this is their middle" if middle else f"{answered.agreed} say this"
        console.print(
            f"[dim]{answered.passed} of {answered.drawn} answers can be read and fail no check, "
            f"{same}[/dim]"
        )
    if answered.fault:
        console.print(f"[red]no usable answer: {answered.fault.value}[/red]")
    for fact in answered.facts:
        mark = "[green]✓[/green]" if fact.holds else "[red]✗[/red]"
        console.print(f"  {mark} {escape(fact.text)}")
    if answered.answer and not answered.facts:
        console.print("[dim]  not checked: no check reads such an answer[/dim]")
    if answered.task is None:
        console.print(f"[dim]  {_UNKNOWN}[/dim]")


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
    """Return one task as a table of two columns, its prompts last."""
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, show_header=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, text in card(task):
        table.add_row(name, escape(text))
    for mode, text in prompts(task):
        table.add_row(f"prompt ({mode.value})", escape(text))
    return table


def paper_rows_table() -> Table:
    """Return the paper's 103 rows with the tasks behind them and the printed numbers."""
    from rich.table import Table

    rows = paper_rows()
    counts = Counter(row.family for row in rows)
    total = " + ".join(str(counts[family]) for family in Family)
    table = Table(box=None, title=f"{len(rows)} rows ({total})", title_justify="left")
    table.add_column("row", no_wrap=True, min_width=max(len(row.id) for row in rows))
    for heading in ("family", "metric", "tasks"):
        table.add_column(heading)
    for heading in ("8B", "1.7B", "specialist LLM", "best general"):
        table.add_column(heading, justify="right")
    for row in rows:
        printed = (row.scireasoner_8b, row.scireasoner_1_7b, row.specialist_llm, row.best_general)
        numbers = ["" if number is None else f"{number:g}" for number in printed]
        leaves = row.leaves[0] if len(row.leaves) == 1 else f"{len(row.leaves)} tasks"
        table.add_row(row.id, row.family.value, row.metric, leaves, *numbers)
    return table
