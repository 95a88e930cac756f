"""Tables of the terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from scireasoner.data.check import check
from scireasoner.data.fetch import Fetched
from scireasoner.data.listing import listed
from scireasoner.data.show import (
    fetched_table,
    file_table,
    list_card,
    list_table,
    overlap_table,
    problem_table,
    summary,
    window_table,
)
from scireasoner.data.windows import Windows
from scireasoner.tasks.hub import Hub
from scireasoner.tasks.sources import First, Jsonl
from scireasoner.tasks.tables import DataSet, columns
from scireasoner.tasks.tables import Table as Set
from scireasoner.tasks.task import Task

Make = Callable[..., Task]


def text(table: Table) -> str:
    console = Console(width=300)
    with console.capture() as caught:
        console.print(table)
    return caught.get()


def test_absent_tasks_say_what_to_do(make: Make, root: Path, released: Callable[..., Any]) -> None:
    data = Set(DataSet("x/set", "a [brackets] paper", "CC BY", True), columns({}, "gold"))
    task = make("a", {}, data=First((Hub(released("org/set", "{split}.json")), data)))
    rows = listed([task, make("b", {"train": [("C", "1")], "test": [("CC", "1")]})], count=True)
    shown = text(list_table(rows))
    assert "1 of 2 tasks can be tested" in shown
    assert "absent" in shown
    assert "scireasoner data fetch a; or set SCIREASONER_DATA" in shown
    assert "1 / - / 1" in shown
    card = text(list_card(rows[0]))
    assert "a [brackets] paper" in card
    assert card.index("scireasoner data fetch a") < card.index("set SCIREASONER_DATA")


def test_findings_are_shown_errors_first(make: Make, root: Path) -> None:
    rows = {
        "train": [("C", "1"), ("C", "2")],
        "test": [("[CH4]", "1"), ("CC", "[bad]")],
    }
    report = check([make("a", rows)], write=True, progress=False)
    shown = text(problem_table(report.problems))
    assert shown.index("error") < shown.index("note")
    assert "1 of 2" in shown
    line = summary(report)
    assert "4 rows of 1 tasks" in line
    assert "2 errors, 1 notes, 1 overlaps between tasks, 0 by DNA within DNA" in line
    overlap = text(overlap_table(report.overlaps))
    assert "itself" in overlap
    assert "1 (50.0%)" in overlap


def test_windows_are_shown_the_largest_shares_first() -> None:
    found = [Windows("a", "a", 1, 0, 1, 4), Windows("[b]", "a", 2, 1, 3, 4)]
    shown = text(window_table(found))
    assert "2 overlaps by DNA within DNA" in shown
    assert shown.index("3 (75.0%)") < shown.index("1 (25.0%)")
    assert "[b]" in shown
    assert "itself" in shown
    assert "the 1 largest shares" in text(window_table(found, most=1))


def test_files_are_grouped_where_they_are_sound(
    make: Make, root: Path, write_set: Callable[..., Path]
) -> None:
    write_set("x/set", [{"smiles": "C", "value": 1, "split": "test"}]).with_name("b.txt").touch()
    data = Set(DataSet("x/set", "s", "CC0", True), columns({"smiles": "smiles"}, "value"))
    task = make("a", {}, data=data)
    assert "not known before" in text(file_table(check([task], progress=False).files))
    locked = check([task], write=True, progress=False)
    assert locked.exit_code == 0
    shown = text(file_table(check([task], progress=False).files))
    assert "x/set/ (2 files)" in shown
    assert "verified" in shown


def test_fetched_files_show_their_commit() -> None:
    files = [
        Fetched("o/s/t.json", "fetched", 5, "ab" * 32, "c" * 40),
        Fetched("o/s/d", "not on the hub"),
    ]
    shown = text(fetched_table(files))
    assert "c" * 12 in shown
    assert "not on the hub" in shown


def test_an_empty_list_has_a_table(make: Make) -> None:
    assert "0 of 1 tasks" in text(list_table(listed([make("a", {}, data=Jsonl("nowhere"))])))
    assert "0 findings" in text(problem_table([]))
    assert "0 overlaps" in text(overlap_table([]))
