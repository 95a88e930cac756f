"""The commands ``rewards table``, ``rewards calibrate`` and ``rewards audit``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scireasoner.cli.common import Commands, command, console, positive, with_rows

if TYPE_CHECKING:
    from rich.table import Table

_TASKS = "task names, patterns, a suite, or .py files that register tasks (default: all)"


def _share(text: str) -> float:
    """Read a share between 0 and 1."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.0 < value < 1.0:
        raise argparse.ArgumentTypeError(f"a share between 0 and 1 was expected, {text!r} came")
    return value


def add_table(actions: Commands) -> None:
    """Add ``rewards table``."""
    table = command(
        actions,
        "table",
        "show the reward map g of tasks, its parameters and where they come from",
        "  scireasoner rewards table smol\n"
        "  scireasoner rewards table --table docs/reference/rewards.md",
    )
    table.add_argument("tasks", nargs="*", help=_TASKS)
    table.add_argument("--table", type=Path, metavar="FILE.md", help="also write the page")
    table.set_defaults(run=_table)


def add_calibrate(actions: Commands) -> None:
    """Add ``rewards calibrate``."""
    calibrate = command(
        actions,
        "calibrate",
        "find the smallest exponent of g under which no farmed answer pays",
        "  scireasoner rewards calibrate smol_esol\n"
        "  scireasoner rewards calibrate my_task.py --out my.json\n"
        "  scireasoner rewards calibrate --out src/scireasoner/tasks/calibration.json",
    )
    calibrate.add_argument("tasks", nargs="*", help=_TASKS)
    calibrate.add_argument("--rows", type=positive, default=200, help="rows a task (200)")
    calibrate.add_argument("--seed", type=int, default=0, help="of the rows drawn (default 0)")
    calibrate.add_argument(
        "--out", type=Path, metavar="FILE.json", help="write the table; other tasks in it stay"
    )
    calibrate.set_defaults(run=_calibrate)


def add_audit(actions: Commands) -> None:
    """Add ``rewards audit``."""
    audit = command(
        actions,
        "audit",
        "measure what answers earn that know nothing of the question",
        "  scireasoner rewards audit\n"
        "  scireasoner rewards audit gue smol_esol --share 0.2\n"
        "  scireasoner rewards audit --table docs/reference/rewards-audit.md\n\n"
        "Exit code 7 where a farmed answer earns more than its share, or a gold less than 1.",
    )
    audit.add_argument("tasks", nargs="*", help=_TASKS)
    audit.add_argument("--limit", type=positive, default=200, help="rows a task (200)")
    audit.add_argument(
        "--share", type=_share, default=0.25, help="what a farmed answer may earn (0.25)"
    )
    audit.add_argument("--seed", type=int, default=0, help="of the rows drawn (default 0)")
    audit.add_argument("--workers", type=positive, default=1, help="processes (default 1)")
    audit.add_argument("--out", type=Path, help="also write everything to this JSON file")
    audit.add_argument("--table", type=Path, metavar="FILE.md", help="also write the page")
    audit.set_defaults(run=_audit)


def _table(options: argparse.Namespace) -> int:
    from scireasoner.artifacts import write_text
    from scireasoner.evaluation.reward_pages import HEADS, reward_page, reward_rows
    from scireasoner.measuring import tasks_of

    tasks = tasks_of(options.tasks)
    console().print(_grid(HEADS, reward_rows(tasks)))
    if options.table is not None:
        write_text(options.table, reward_page(tasks))
    return 0


@with_rows
def _calibrate(options: argparse.Namespace) -> int:
    from scireasoner.artifacts import write_text
    from scireasoner.evaluation.calibrate import calibrate_all
    from scireasoner.measuring import tasks_of
    from scireasoner.tasks.calibration import read_calibrations, write_calibrations

    tasks = tasks_of(options.tasks)
    found = calibrate_all(tasks, rows=options.rows, seed=options.seed)
    rows = []
    for one in found.values():
        scale = "" if one.scale is None else f"{one.scale:g}, measured {one.mad or 0:g}"
        warn = "the declared scale differs" if one.off_scale else ""
        rows.append((one.task, f"{one.k:g}", f"{one.reached:.3f}", one.farmed, scale, warn))
    out = console()
    out.print(_grid(("task", "k", "farmed", "by", "scale", "warning"), rows))
    out.print(f"{len(found)} of {len(tasks)} tasks; the others have too few rows here")
    if options.out is not None:
        before = {}
        if options.out.is_file():
            before = read_calibrations(options.out.read_text("utf-8"), str(options.out))
        write_text(options.out, write_calibrations({**before, **found}))
        out.print(f"{len(found)} calibrations are in {options.out}")
    return 0


@with_rows
def _audit(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from scireasoner.artifacts import write_json, write_text
    from scireasoner.errors import JudgeError
    from scireasoner.evaluation.audit import audit
    from scireasoner.evaluation.reward_pages import AUDIT_HEADS, audit_page, audit_rows
    from scireasoner.measuring import tasks_of

    found = audit(
        tasks_of(options.tasks),
        rows=options.limit,
        share=options.share,
        seed=options.seed,
        # Another process does not know what a user's file registers.
        workers=1 if any(name.endswith(".py") for name in options.tasks) else options.workers,
    )
    done = [one for one in found if not one.why]
    out = console()
    out.print(_grid(AUDIT_HEADS, audit_rows(done)))
    red = [one for one in done if one.above]
    for one in red:
        worst = ", ".join(f"{name} {value:.2f}" for name, value in one.above.items())
        out.print(f"{one.task}: {worst} (limit {one.limit:.2f})", markup=False)
    listed = [one for one in done if one.exempt and not one.above]
    for one in listed:
        known = ", ".join(f"{name} {one.farmed[name] or 0:.2f}" for name in one.exempt)
        out.print(f"{one.task}: {known}, known: {next(iter(one.exempt.values()))}", markup=False)
    green, few = len(done) - len(red) - len(listed), len(found) - len(done)
    out.print(
        f"{len(done)} tasks: {green} green, {len(red)} red, {len(listed)} with a known limit; "
        f"{few} have too few rows here"
    )
    if options.out is not None:
        write_json(options.out, {"tasks": [asdict(one) for one in found]})
    if options.table is not None:
        write_text(options.table, audit_page(found))
    return JudgeError.exit_code if red else 0


def _grid(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    from rich.markup import escape
    from rich.table import Table

    grid = Table(box=None, header_style="bold", pad_edge=False)
    for head in heads:
        grid.add_column(head)
    for row in rows:
        grid.add_row(*map(escape, row))
    return grid
