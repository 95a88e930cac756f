"""The command ``check``: what tools find about an answer, without a model."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scireasoner.cli.asked import add_asked, refuse_idle, request_of
from scireasoner.cli.common import Commands, command, console
from scireasoner.cli.tracing import add_trace, check_trace

if TYPE_CHECKING:
    from rich.table import Table

    from scireasoner.serving.checking import Checked

_AS = (
    "smiles", "iupac", "formula", "protein", "dna", "rna", "structure", "material", "equation",
    "number", "text",
)  # fmt: skip
_FAILED = 1
_SHOWN = 50
_WIDTH = 48


def add_check(commands: Commands) -> None:
    """Add ``check``."""
    check = command(
        commands,
        "check",
        "check an answer against physical constraints: no model, no accelerator",
        "  scireasoner check '<SMILES>C(C)(C)(C)(C)C</SMILES>'\n"
        "  scireasoner check --as material 'Na Cl <sg225>' --elements Na,Cl\n"
        "  scireasoner check --as dna ATGGCCTAA --translates-to MA --only 'reading frame'\n"
        "  scireasoner check --as equation '2 H2 + O2 -> 2 H2O'\n"
        "  scireasoner check --file answers.jsonl --out findings.jsonl\n"
        "  scireasoner check --trace thought.txt --input smiles=CCO\n"
        "  scireasoner check --list\n\n"
        'A line of the file is {"answer": ...}; "task" with "inputs" and "gold", "as" and "id"\n'
        "may be added. Exit code 0 if nothing fails, 1 if a check fails, 3 if lines are broken.",
    )
    check.add_argument("text", nargs="?", help="an answer with tags, or bare with --as")
    check.add_argument("--as", dest="notation", choices=_AS, help="what a text without tags is")
    check.add_argument("--file", type=Path, help="check every line of this JSON-lines file")
    check.add_argument("--task", help="the task that the text answers (with --input)")
    check.add_argument(
        "--input", action="append", default=[], metavar="NAME=TEXT", help="an input of the task"
    )
    check.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="this check alone (repeatable)"
    )
    check.add_argument("--list", action="store_true", help="name every check, its needs and source")
    check.add_argument("--out", type=Path, help="also write every finding to this JSON-lines file")
    add_asked(check)
    add_trace(check)
    check.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    from scireasoner.errors import InputError

    only = _only(options.only)
    if options.list:
        console().print(_list())
        return 0
    if sum(given is not None for given in (options.text, options.file, options.trace)) != 1:
        raise InputError(
            "give one text, or --file FILE.jsonl, or --trace FILE (--list names the checks)"
        )
    refuse_idle(options)
    if options.trace is not None:
        return check_trace(options)
    if options.file is not None:
        return _file(options, only)
    return _text(options, only)


def _only(wanted: list[str]) -> tuple[str, ...]:
    from scireasoner.errors import InputError, nearest
    from scireasoner.science.checks import CHECKS

    for name in wanted:
        if name not in CHECKS:
            raise InputError(
                f"there is no check {name!r}{nearest(name, CHECKS)} (--list names them all)"
            )
    return tuple(wanted)


def _text(options: argparse.Namespace, only: tuple[str, ...]) -> int:
    from scireasoner.errors import InputError
    from scireasoner.prompts.reply import read
    from scireasoner.serving.checking import Checked, check_entity, checked
    from scireasoner.tasks.registry import get

    reply = read(options.text, None)
    if reply.fault is not None:
        raise InputError(f"there is no answer in the text ({reply.fault.value}): give one")
    if options.notation is not None:
        text, notation = reply.answer, options.notation
        found = check_entity(text, notation, request_of(options), only)
        items = tuple(Checked(notation, text, finding) for finding in found)
    else:
        pairs = [pair.partition("=") for pair in options.input]
        if not all(equals for _, equals, _ in pairs):
            raise InputError("an --input is NAME=TEXT, as in --input smiles=CCO")
        task = None if options.task is None else get(options.task)
        inputs = {name: value for name, _, value in pairs}
        items = checked(reply.answer, task, inputs, None, request_of(options), only)
    if not items and only:
        raise InputError(
            f"nothing in the text is what {' or '.join(map(repr, only))} reads (--list says what)"
        )
    if not items:
        raise InputError(
            "there is nothing to check in the text: put entities in their tags, as in "
            "<SMILES>CCO</SMILES>, or say what it is with --as"
        )
    _write(options.out, [_row(item) for item in items])
    console().print(_table(items))
    return _FAILED if any(_fails(item) for item in items) else 0


def _file(options: argparse.Namespace, only: tuple[str, ...]) -> int:
    from scireasoner.errors import DataError
    from scireasoner.serving.check_file import Broken, check_lines

    rows: list[dict[str, Any]] = []
    failing: list[tuple[str, Checked]] = []
    broken: list[Broken] = []
    counts: Counter[tuple[str, str]] = Counter()
    lines = failed = empty = 0
    for line in check_lines(options.file, options.notation, request_of(options), only):
        if isinstance(line, Broken):
            broken.append(line)
            continue
        lines += 1
        bad = [item for item in line.found if _fails(item)]
        failed += bool(bad)
        empty += not line.found
        counts.update((item.finding.check, item.finding.verdict.value) for item in line.found)
        where = _plain(line.id) or f"line {line.number}"
        failing += [(where, item) for item in bad][: max(0, _SHOWN - len(failing))]
        if options.out is not None:
            rows += [{"line": line.number, "id": _plain(line.id), **_row(i)} for i in line.found]
    _write(options.out, rows)
    out = console()
    out.print(_counted(counts))
    for where, item in failing:
        out.print(f"{where}: {item.finding.check}: {item.finding.text}", markup=False)
    out.print(f"{lines} answers checked, {failed} of them failed a check")
    if empty:
        out.print(f"in {empty} of them no check reads anything: tag what they hold, or give 'as'")
    for problem in broken[:20]:
        out.print(f"not checked: line {problem.number}: {_plain(problem.what)}", markup=False)
    if broken:
        out.print(f"{len(broken)} lines of {options.file} could not be read", markup=False)
        return DataError.exit_code
    return _FAILED if failed else 0


def _fails(item: Checked) -> bool:
    from scireasoner.types import Verdict

    return item.finding.verdict is Verdict.FAIL


def _plain(text: str) -> str:
    """Return a text that any file and terminal can take."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _row(item: Checked) -> dict[str, Any]:
    finding = item.finding
    return {
        "notation": item.notation,
        "entity": _plain(item.entity),
        "check": finding.check,
        "verdict": finding.verdict.value,
        "text": finding.text,
    }


def _write(path: Path | None, rows: list[dict[str, Any]]) -> None:
    from scireasoner.artifacts import write_jsonl

    if path is not None:
        write_jsonl(path, rows)


_COLOURS = {"pass": "green", "fail": "red", "not applicable": "dim"}


def _table(items: tuple[Checked, ...]) -> Table:
    from rich.markup import escape
    from rich.table import Table

    from scireasoner.science.checks.base import quoted

    table = Table(box=None)
    for heading in ("entity", "check", "verdict", "finding"):
        table.add_column(heading, overflow="fold")
    for item in items:
        verdict = item.finding.verdict.value
        table.add_row(
            escape(quoted(item.entity, _WIDTH)),
            item.finding.check,
            f"[{_COLOURS[verdict]}]{verdict}[/]",
            escape(item.finding.text),
        )
    return table


def _counted(counts: Counter[tuple[str, str]]) -> Table:
    from rich.table import Table

    table = Table(box=None)
    table.add_column("check")
    for heading in _COLOURS:
        table.add_column(heading, justify="right")
    for name in dict.fromkeys(name for name, _ in counts):
        table.add_row(name, *(str(counts[name, verdict]) for verdict in _COLOURS))
    return table


def _list() -> Table:
    from rich.table import Table

    from scireasoner.science.checks import CHECKS

    table = Table(box=None, title=f"{len(CHECKS)} checks", title_justify="left")
    table.add_column("check", no_wrap=True)
    for heading in ("of", "needs", "what is checked", "source"):
        table.add_column(heading)
    for check in CHECKS.values():
        needs = ", ".join(field.replace("|", " or ") for field in check.asks)
        table.add_row(check.name, ", ".join(check.entity), needs, check.what, check.source)
    return table
