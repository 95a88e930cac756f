"""Data, findings and files as a terminal shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scireasoner.data.check import Report
from scireasoner.data.fetch import Fetched
from scireasoner.data.files import VERIFIED, FileState
from scireasoner.data.findings import Level, Problem
from scireasoner.data.listing import Listed
from scireasoner.data.near import THRESHOLD
from scireasoner.data.overlap import Overlap
from scireasoner.data.windows import Windows
from scireasoner.types import Split

if TYPE_CHECKING:
    from rich.table import Table

_COLOURS = {Level.ERROR: "red", Level.NOTE: "yellow"}
_NO = "[dim]-[/dim]"


def _table(title: str, *headings: str) -> Table:
    from rich.table import Table

    table = Table(box=None, title=title, title_justify="left", pad_edge=False)
    for number, heading in enumerate(headings):
        table.add_column(heading, no_wrap=not number, overflow="fold")
    return table


def list_table(rows: Sequence[Listed]) -> Table:
    """Return what is available, one task a line; absent tasks say how to get them."""
    from rich.markup import escape

    here = sum(row.present for row in rows)
    table = _table(
        f"{here} of {len(rows)} tasks can be tested on this machine",
        "task", "test rows from", "train / dev / test", "comparable", "weights may ship",
        "licence", "to do",
    )  # fmt: skip
    for row in rows:
        test = row.used.get(Split.TEST)
        table.add_row(
            row.task,
            f"{test.kind}, {escape(test.location)}" if test else "[red]absent[/red]",
            _counts(row),
            "yes" if row.comparable else "no" if test else _NO,
            _ships(row),
            escape(row.licence),
            escape(_todo(row)),
        )
    return table


def _ships(row: Listed) -> str:
    """Return whether weights may ship: of rows in part, those that `licensed` leaves."""
    place = row.used.get(Split.TRAIN)
    if place is None:
        return _NO
    return "yes" if place.ships else "in part" if place.partly else "no"


def _counts(row: Listed) -> str:
    return " / ".join(
        f"{row.rows[s]:,}" if s in row.rows else "yes" if s in row.used else "-" for s in Split
    )


def _todo(row: Listed) -> str:
    if row.comparable:
        return ""
    aim = "for rows that compare: " if row.present else ""
    return aim + "; or ".join(row.todo) if row.todo else ""


def list_card(row: Listed) -> Table:
    """Return every place of one task, and what to do about those that are absent."""
    from rich.markup import escape

    table = _table(f"{row.task} (suite {row.suite})", "place", "here", "splits", "terms", "note")
    absent = iter(row.todo)
    for place in row.places:
        terms = f"{place.source}; {place.licence}"
        terms += "; comparable with published numbers" if place.comparable else ""
        terms += "; weights may ship" if place.ships else ""
        terms += "; weights may ship from a part of the rows" if place.partly else ""
        table.add_row(
            escape(f"{place.kind}: {place.location}"),
            "yes" if place.present else "[red]no[/red]",
            ", ".join(place.splits) or _NO,
            escape(terms),
            escape(
                place.note if place.present else "; ".join(filter(None, (place.note, next(absent))))
            ),
        )
    return table


def summary(report: Report) -> str:
    """Return the outcome of a check in one line."""
    rows = sum(sum(splits.values()) for splits in report.rows.values())
    checked = len(report.rows) - len(report.absent)
    states = Counter(file.state for file in report.files)
    files = ", ".join(f"{n} {state}" for state, n in sorted(states.items())) or "no files"
    return (
        f"{rows:,} rows of {checked} tasks in {report.seconds:.0f} s "
        f"({len(report.absent)} tasks have no rows here); {files}; "
        f"{len(report.errors)} errors, {len(report.notes)} notes, "
        f"{len(report.overlaps)} overlaps between tasks, {len(report.windows)} by DNA within DNA"
    )


def problem_table(problems: Iterable[Problem]) -> Table:
    """Return findings, errors first."""
    from rich.markup import escape

    ordered = sorted(problems, key=lambda p: (p.level is Level.NOTE, p.kind, p.task))
    table = _table(f"{len(ordered)} findings", "task", "", "kind", "split", "rows", "what", "first")
    for problem in ordered:
        colour = _COLOURS[problem.level]
        table.add_row(
            escape(problem.task),
            f"[{colour}]{problem.level.value}[/{colour}]",
            problem.kind,
            problem.split.value if problem.split else "",
            f"{problem.count:,} of {problem.of:,}",
            escape(problem.text),
            escape(", ".join(problem.ids[:2])),
        )
    return table


def overlap_table(overlaps: Sequence[Overlap], most: int = 40) -> Table:
    """Return which test rows stand in which training rows, the largest shares first."""
    from rich.markup import escape

    ordered = sorted(overlaps, key=lambda o: (-o.similar / max(o.of, 1), o.test, o.train))
    more = f"; the {most} largest shares" if len(ordered) > most else ""
    table = _table(
        f"{len(ordered)} overlaps between test and training rows{more}",
        "test of", "train of", "compared by", "equal", f"equal or {THRESHOLD:.0%} alike", "of",
    )  # fmt: skip
    for o in ordered[:most]:
        train = "[dim]itself[/dim]" if o.train == o.test else escape(o.train)
        alike = f"{o.similar:,} ({o.similar / max(o.of, 1):.1%})"
        table.add_row(escape(o.test), train, o.kind, f"{o.equal:,}", alike, f"{o.of:,}")
    return table


def window_table(windows: Sequence[Windows], most: int = 40) -> Table:
    """Return whose test DNA stands in longer training DNA or holds such, largest shares first."""
    from rich.markup import escape

    ordered = sorted(windows, key=lambda w: (-w.either / max(w.of, 1), w.test, w.train))
    more = f"; the {most} largest shares" if len(ordered) > most else ""
    table = _table(
        f"{len(ordered)} overlaps by DNA within DNA of another length{more}",
        "test of", "train of", "test within train", "train within test", "either", "of",
    )  # fmt: skip
    for w in ordered[:most]:
        train = "[dim]itself[/dim]" if w.train == w.test else escape(w.train)
        either = f"{w.either:,} ({w.either / max(w.of, 1):.1%})"
        table.add_row(escape(w.test), train, f"{w.within:,}", f"{w.around:,}", either, f"{w.of:,}")
    return table


def file_table(files: Iterable[FileState]) -> Table:
    """Return files by folder and state; one that is not verified has a line of its own."""
    from rich.markup import escape

    table = _table("files", "file", "state", "MB", "sha256", "against")
    sound: dict[tuple[str, str], list[FileState]] = {}
    for file in files:
        if file.state == VERIFIED:
            sound.setdefault((str(Path(file.path).parent), file.against), []).append(file)
            continue
        size = f"{file.bytes / 1e6:.2f}"
        table.add_row(
            escape(file.path),
            f"[yellow]{file.state}[/yellow]",
            size,
            file.sha256,
            escape(file.against),
        )
    for (folder, against), group in sound.items():
        size = f"{sum(file.bytes for file in group) / 1e6:.2f}"
        table.add_row(
            escape(f"{folder}/ ({len(group)} files)"), VERIFIED, size, "", escape(against)
        )
    return table


def fetched_table(files: Sequence[Fetched]) -> Table:
    """Return what was fetched."""
    from rich.markup import escape

    table = _table(f"{len(files)} files", "file", "state", "MB", "revision", "sha256")
    for file in files:
        size = f"{file.bytes / 1e6:.2f}" if file.sha256 else _NO
        table.add_row(escape(file.name), file.state, size, file.revision[:12], file.sha256[:16])
    return table
