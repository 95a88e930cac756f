"""What the commands share: how one is declared, the console, common options."""

from __future__ import annotations

import argparse
import functools
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from rich.console import Console

_FILE_WIDTH = 220

DRAWS = 16
"""Answers that are drawn for one, unless said otherwise."""

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def console() -> Console:
    """Return the console of standard output."""
    from rich.console import Console

    # A file or a pipe has no width of its own: lines are not to be folded for it.
    width = None if sys.stdout.isatty() else _FILE_WIDTH
    return Console(highlight=False, soft_wrap=True, width=width)


def command(commands: Commands, name: str, summary: str, example: str) -> argparse.ArgumentParser:
    """Add a command with its one-line summary and its examples."""
    return commands.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog=f"examples:\n{example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def with_rows(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """Let a command find the rows that the newest run built, as ``eval`` does."""

    @functools.wraps(run)
    def wrapped(options: argparse.Namespace) -> int:
        from scireasoner.run import rows_of_newest_run

        with rows_of_newest_run():
            return run(options)

    return wrapped


def runs_option(parser: argparse.ArgumentParser) -> None:
    """Add where runs are kept."""
    parser.add_argument("--runs", type=Path, help="where runs are kept (default: ./runs)")


def model_options(parser: argparse.ArgumentParser) -> None:
    """Add which model is asked, and how."""
    parser.add_argument(
        "--model",
        metavar="SPEC",
        help="hf:PATH, vllm:NAME, openai:URL#MODEL or scripted:FILE (default: the newest run's, "
        "else the one that ships)",
    )
    parser.add_argument(
        "--mode",
        choices=("auto", "instant", "think"),
        default="auto",
        help="answer at once, think first, or what was measured to be better (default: auto)",
    )
    parser.add_argument(
        "--max-thinking",
        type=positive,
        default=0,
        metavar="N",
        help="end a thought at N tokens and answer (default: the limit of the task)",
    )
    parser.add_argument("--seed", type=int, default=0, help="the seed of sampling (default: 0)")
    runs_option(parser)


def positive(text: str) -> int:
    """Read a whole number above 0."""
    value = int(text) if text.isdecimal() else 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"a whole number above 0 was expected, {text!r} came")
    return value


def whole(text: str) -> int:
    """Read a whole number, 0 included."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"a whole number was expected, {text!r} came")
    return int(text)


def finite(text: str) -> float:
    """Read a finite number."""
    try:
        value = float(text)
    except ValueError:
        value = math.inf
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"a finite number was expected, {text!r} came")
    return value


def share(text: str) -> float:
    """Read a number from 0 to 1."""
    value = finite(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"a number from 0 to 1 was expected, {text!r} came")
    return value
