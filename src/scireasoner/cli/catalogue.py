"""The commands ``tasks`` and ``data``: what is asked, and where its rows are."""

from __future__ import annotations

import argparse
from pathlib import Path

from scireasoner.cli.common import Commands, command, console, positive, with_rows

_CARDS = 3


def add_tasks(commands: Commands) -> None:
    """Add ``tasks``."""
    tasks = command(
        commands,
        "tasks",
        "list the tasks, or show one",
        "  scireasoner tasks\n  scireasoner tasks --paper\n  scireasoner tasks show smol_esol",
    )
    tasks.add_argument(
        "--paper", action="store_true", help="the 103 rows of the paper, with its numbers"
    )
    tasks.set_defaults(run=_list_tasks)
    actions = tasks.add_subparsers(metavar="show NAME | gallery FOLDER")
    detail = actions.add_parser("show", help="show one task: wording, answer, metric, source")
    detail.add_argument("name", help="the task's name")
    detail.set_defaults(run=_show_task)
    pages = actions.add_parser("gallery", help="write a page a suite, as Markdown")
    pages.add_argument("folder", type=Path, help="where to")
    pages.set_defaults(run=_gallery)


def _list_tasks(options: argparse.Namespace) -> int:
    from scireasoner.serving.show import paper_rows_table, task_table
    from scireasoner.tasks.registry import all_tasks

    console().print(paper_rows_table() if options.paper else task_table(all_tasks()))
    return 0


def _show_task(options: argparse.Namespace) -> int:
    from scireasoner.serving.show import task_card
    from scireasoner.tasks.registry import get

    console().print(task_card(get(options.name)))
    return 0


def _gallery(options: argparse.Namespace) -> int:
    from scireasoner.artifacts import write_text
    from scireasoner.serving.gallery import pages
    from scireasoner.tasks.registry import all_tasks

    found = pages(all_tasks())
    for name, text in found.items():
        write_text(options.folder / name, text)
    console().print(f"{len(found)} pages are in {options.folder}")
    return 0


def add_data(commands: Commands) -> None:
    """Add ``data``."""
    data = command(
        commands,
        "data",
        "say where the rows of tasks are, check them, fetch them",
        "  scireasoner data list\n"
        "  scireasoner data check gue smol_esol\n"
        "  scireasoner data fetch 'gue_*' --root ~/science-data\n\n"
        "SCIREASONER_DATA names the folders that are looked into.",
    )
    actions = data.add_subparsers(metavar="ACTION", required=True)
    for name, summary, run in (
        ("list", "what is available where, with its licence", _data_list),
        ("check", "verify hashes and golds, find duplicates and leaks", _data_check),
        ("fetch", "download from the public hub", _data_fetch),
    ):
        action = actions.add_parser(name, help=summary, description=summary)
        action.add_argument("tasks", nargs="*", help="names, patterns or suites (default: all)")
        action.set_defaults(run=run)
        if name == "check":
            _check_options(action)
        if name == "fetch":
            action.add_argument("--root", type=Path, help="where to (default: the data root)")
            action.add_argument("--revision", help="a branch, tag or commit of the data sets")


def _check_options(action: argparse.ArgumentParser) -> None:
    action.add_argument("--out", type=Path, help="also write every finding to this JSON file")
    action.add_argument("--exact", action="store_true", help="only equal rows, no similar ones")
    action.add_argument("--lock", type=Path, help="hashes to compare with, or to write")
    action.add_argument("--write-lock", action="store_true", help="write the hashes found")
    action.add_argument("--workers", type=positive, default=1, help="processes (default 1)")


@with_rows
def _data_list(options: argparse.Namespace) -> int:
    from scireasoner.data.listing import listed
    from scireasoner.data.show import list_card, list_table
    from scireasoner.measuring import tasks_of

    rows = listed(tasks_of(options.tasks))
    # A few tasks are shown in full, many as a table.
    for table in map(list_card, rows) if len(rows) <= _CARDS else [list_table(rows)]:
        console().print(table)
    return 0


@with_rows
def _data_check(options: argparse.Namespace) -> int:
    from scireasoner.artifacts import write_json
    from scireasoner.data import show
    from scireasoner.data.check import as_facts, check
    from scireasoner.errors import DataError
    from scireasoner.measuring import tasks_of

    report = check(
        tasks_of(options.tasks),
        lock=options.lock,
        write=options.write_lock,
        likeness=not options.exact,
        workers=options.workers,
    )
    if len(report.absent) == len(report.rows) and not report.problems:
        raise DataError(
            "none of these tasks has rows here: `scireasoner data list` says how to get them"
        )
    out = console()
    if report.problems:
        out.print(show.problem_table(report.problems))
    if report.overlaps:
        out.print(show.overlap_table(report.overlaps))
    if report.windows:
        out.print(show.window_table(report.windows))
    out.print(show.file_table(report.files))
    out.print(show.summary(report))
    if options.out is not None:
        write_json(options.out, as_facts(report) | {"likeness": not options.exact})
    return DataError.exit_code if report.errors else 0


def _data_fetch(options: argparse.Namespace) -> int:
    from scireasoner.data.fetch import fetch
    from scireasoner.data.show import fetched_table
    from scireasoner.measuring import tasks_of
    from scireasoner.settings import data_root

    root = options.root or data_root()
    out = console()
    out.print(fetched_table(fetch(tasks_of(options.tasks), root, options.revision)))
    out.print(f"the files are under {root}")
    return 0
