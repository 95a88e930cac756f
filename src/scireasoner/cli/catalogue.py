"""The commands ``tasks`` and ``data``: what is asked, and where its rows are."""

from __future__ import annotations

import argparse
from pathlib import Path

from scireasoner.cli.common import Commands, command, console


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
            action.add_argument("--out", type=Path, help="also write every finding to this file")
        if name == "fetch":
            action.add_argument("--root", type=Path, help="where to (default: the data root)")
            action.add_argument("--revision", help="a branch, tag or commit of the data sets")


def _data_list(options: argparse.Namespace) -> int:
    from scireasoner.data.listing import listed
    from scireasoner.data.show import listing_table
    from scireasoner.measuring import tasks_of

    console().print(listing_table(listed(tasks_of(options.tasks))))
    return 0


def _data_check(options: argparse.Namespace) -> int:
    from scireasoner.artifacts import write_json
    from scireasoner.data.check import check
    from scireasoner.data.show import report_table
    from scireasoner.errors import DataError
    from scireasoner.measuring import tasks_of

    report = check(tasks_of(options.tasks))
    console().print(report_table(report))
    if options.out is not None:
        write_json(options.out, report.plain())
    return DataError.exit_code if report.errors else 0


def _data_fetch(options: argparse.Namespace) -> int:
    from scireasoner.data.fetch import fetch
    from scireasoner.measuring import tasks_of
    from scireasoner.settings import data_root

    done = fetch(tasks_of(options.tasks), options.root or data_root(), options.revision)
    console().print(f"{len(done)} files are under {options.root or data_root()}")
    return 0
