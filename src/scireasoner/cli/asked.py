"""What ``check`` is told was asked for: the options, and the request that they make."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from scireasoner.cli.common import finite

if TYPE_CHECKING:
    from scireasoner.science.checks import Request

# option -> (field of the request, how it is read, help)
OPTIONS: dict[str, tuple[str, Any, str]] = {
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
_OF_TRACES = {"json", "opsin"}
_OF_TASKS = {"task", "input"}


def add_asked(check: argparse.ArgumentParser) -> None:
    """Add the options that say what was asked for."""
    asked = check.add_argument_group("what was asked for")
    asked.add_argument("--elements", metavar="Na,Cl", help="exactly these elements")
    asked.add_argument("--names", metavar="A;B", help="exactly these names")
    asked.add_argument("--length", metavar="10:20", help="the bounds of a length, either may lack")
    for option, (field, kind, text) in OPTIONS.items():
        asked.add_argument(option, dest=field, type=kind, help=text)


def refuse_idle(options: argparse.Namespace) -> None:
    """Raise InputError for an option that would change nothing on what is checked."""
    from scireasoner.errors import InputError

    given = [name for name, value in vars(options).items() if value not in (None, False, [])]
    if options.trace is not None:
        kind, idle = "trace", set(given) - {"trace", "run", *_OF_TRACES, *_OF_TASKS}
    elif options.file is not None:
        # Each line of a file names its own task.
        kind, idle = "file", _OF_TRACES | _OF_TASKS
    else:
        kind, idle = "text", _OF_TRACES
    flags = {field: option for option, (field, _, _) in OPTIONS.items()} | {"notation": "--as"}
    for name in given:
        if name in idle:
            raise InputError(
                f"{flags.get(name, f'--{name}')} changes nothing where a {kind} is checked: "
                "leave it out"
            )


def request_of(options: argparse.Namespace) -> Request:
    """Return what the options ask for."""
    from scireasoner.science.checks import Request

    given = {field: getattr(options, field) for field, _, _ in OPTIONS.values()}
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
    shortest, longest = (int(end) if end else None for end in ends)
    if shortest is not None and longest is not None and shortest > longest:
        raise InputError(f"--length was {text!r}: the first number must not be above the second")
    return shortest, longest
