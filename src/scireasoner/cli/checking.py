"""The command ``check``: what tools find about an answer, without a model."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scireasoner.cli.common import Commands, command, console, finite
from scireasoner.cli.tracing import add_trace, check_trace

if TYPE_CHECKING:
    from rich.table import Table

    from scireasoner.science.checks import Request
    from scireasoner.serving.checking import Checked

_AS = (
    "smiles", "iupac", "formula", "protein", "dna", "rna", "structure", "material", "equation",
    "number", "text",
)  # fmt: skip
_FAILED = 1
_SHOWN = 50
_WIDTH = 48

# option -> (field of the request, how it is read, help)
_OPTIONS: dict[str, tuple[str, Any, str]] = {
    "--smiles": ("smiles", str, "the molecule that it must be"),
    "--formula": ("formula", str, "the formula that it must have"),
    "--scaffold": ("scaffold", str, "a SMARTS pattern that the molecule must have"),
    "--reactants": ("reactants", str, "SMILES of what goes in, joined by dots"),
    "--molecules": ("molecules", str, "SMILES of the wanted set, joined by dots"),
    "--equation": ("equation", str, "the equation that was to be balanced"),
    "--translates-to": ("protein", str, "the protein that DNA or RNA must code for"),
    "--coded-by": ("dna", str, "the DNA that a protein must come from"),
    "--alike": ("sequence", str, "a sequence to be like (with --identity)"),
    "--identity": ("identity", finite, "the least share of matching residues, 0 to 1"),
    "--motif": ("motif", str, "residues that must occur; X or N stand for any"),
    "--structure": ("structure", str, "the dot-bracket structure that RNA must fold into"),
    "--space-group": ("space_group", int, "the wanted space group, 1 to 230"),
    "--unit": ("unit", str, "the unit of a number"),
    "--low": ("low", finite, "the least value (a number; kcal/mol for RNA)"),
    "--high": ("high", finite, "the largest value"),
}


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
    asked = check.add_argument_group("what was asked for")
    asked.add_argument("--elements", metavar="Na,Cl", help="exactly these elements")
    asked.add_argument("--names", metavar="A;B", help="exactly these names")
    asked.add_argument("--length", metavar="10:20", help="the bounds of a length, either may lack")
    for option, (field, kind, text) in _OPTIONS.items():
        asked.add_argument(option, dest=field, type=kind, help=text)
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


def _request(options: argparse.Namespace) -> Request:
    from scireasoner.science.checks import Request

    given = {field: getattr(options, field) for field, _, _ in _OPTIONS.values()}
    shortest, longest = _bounds(options.length)
    elements = options.elements
    return Request(
        **given,
        shortest=shortest,
        longest=longest,
        elements=None if elements is None else tuple(elements.replace(",", " ").split()),
        names=None if options.names is None else tuple(options.names.split(";")),
    )


def _bounds(text: str | None) -> tuple[int | None, int | None]:
    from scireasoner.errors import InputError

    if text is None:
        return None, None
    low, colon, high = text.partition(":")
    ends = (low, high if colon else low)
    if not any(ends) or not all(end == "" or (end.isascii() and end.isdecimal()) for end in ends):
        raise InputError(f"--length was {text!r}: give it as 10:20, 10: or :20")
    return int(ends[0]) if ends[0] else None, int(ends[1]) if ends[1] else None


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
        found = check_entity(text, notation, _request(options), only)
        items = tuple(Checked(notation, text, finding) for finding in found)
    else:
        pairs = [pair.partition("=") for pair in options.input]
        if not all(equals for _, equals, _ in pairs):
            raise InputError("an --input is NAME=TEXT, as in --input smiles=CCO")
        task = None if options.task is None else get(options.task)
        inputs = {name: value for name, _, value in pairs}
        items = checked(reply.answer, task, inputs, None, _request(options), only)
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
    lines = failed = 0
    for line in check_lines(options.file, options.notation, _request(options), only):
        if isinstance(line, Broken):
            broken.append(line)
            continue
        lines += 1
        bad = [item for item in line.found if _fails(item)]
        failed += bool(bad)
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
