"""``check --trace``: what a written trace claims and which of it holds."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scireasoner.cli.common import console

if TYPE_CHECKING:
    from rich.table import Table

    from scireasoner.science.claims import Claim

_FAILED = 1
_WORDS = {True: "[green]holds[/]", False: "[red]false[/]", None: "[dim]cannot be told[/]"}
_VALUES = {True: "holds", False: "false", None: "unknown"}
_WIDTH = 72


def add_trace(check: argparse.ArgumentParser) -> None:
    """Add the options of a trace to ``check``."""
    trace = check.add_argument_group("a trace")
    trace.add_argument(
        "--trace", metavar="FILE", help="check every step of this text; - reads standard input"
    )
    trace.add_argument("--json", action="store_true", help="write the claims as JSON lines")
    trace.add_argument(
        "--opsin", action="store_true", help="compare names with structures too (starts Java)"
    )


def check_trace(options: argparse.Namespace) -> int:
    """Print the claims of a trace; 1 if one of them is false."""
    from scireasoner.errors import InputError, nearest
    from scireasoner.notation.tags import NOTATIONS
    from scireasoner.serving.checking import known_inputs
    from scireasoner.tasks.registry import get
    from scireasoner.tasks.tracing import trace_claims

    pairs = [pair.partition("=") for pair in options.input]
    if not all(equals for _, equals, _ in pairs):
        raise InputError("an --input is NAME=TEXT, as in --input smiles=CCO")
    task = None if options.task is None else get(options.task)
    inputs = {name: value for name, _, value in pairs}
    if task is not None:
        known_inputs(task, inputs)
    for name in () if task else inputs:
        if name not in NOTATIONS:
            raise InputError(
                f"the input {name!r} is no notation{nearest(name, NOTATIONS)}: give one of "
                f"{', '.join(NOTATIONS)}, or --task"
            )
    found = trace_claims(_text(options.trace), task, inputs, options.opsin)
    out = console()
    if options.json:
        for claim in found:
            sys.stdout.write(f"{json.dumps(_row(claim), ensure_ascii=True)}\n")
    elif found:
        out.print(_table(found))
    if not options.json:
        out.print(_counted(found), markup=False)
    return _FAILED if any(claim.holds is False for claim in found) else 0


def _text(source: str) -> str:
    from scireasoner.errors import DataError, InputError

    try:
        if source == "-":
            text = sys.stdin.buffer.read().decode("utf-8", "replace")
        else:
            text = Path(source).read_bytes().decode("utf-8", "replace")
    except OSError as error:
        raise DataError(
            f"the trace {source!r} cannot be read ({error.strerror}): give a text file, or -"
        ) from None
    if not text.strip():
        raise InputError("the trace is empty: give a text with the steps to check")
    return text


def _row(claim: Claim) -> dict[str, str | int]:
    return {
        "start": claim.start,
        "end": claim.end,
        "kind": claim.kind,
        "text": claim.text,
        "holds": _VALUES[claim.holds],
        "why": claim.why,
    }


def _table(found: tuple[Claim, ...]) -> Table:
    from rich.markup import escape
    from rich.table import Table

    from scireasoner.science.checks.base import quoted

    table = Table(box=None)
    for heading in ("at", "claim", "kind", "verdict", "what was found"):
        table.add_column(heading, overflow="fold")
    for claim in found:
        said = " ".join(claim.text.split())
        # What holds needs no reason.
        why = "" if claim.holds else quoted(claim.why, 200)[1:-1]
        table.add_row(
            str(claim.start), escape(quoted(said, _WIDTH)), claim.kind, _WORDS[claim.holds],
            escape(why),
        )  # fmt: skip
    return table


def _counted(found: tuple[Claim, ...]) -> str:
    if not found:
        return "no claim was found that a tool can look at"
    counts = [sum(claim.holds is holds for claim in found) for holds in (True, False, None)]
    return f"{len(found)} claims: {counts[0]} hold, {counts[1]} false, {counts[2]} cannot be told"
