"""The ``scireasoner`` command: wires rooms together; holds no science."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from scireasoner import __version__
from scireasoner.cli import (
    catalogue,
    checking,
    corpus,
    exporting,
    measure,
    modes,
    planning,
    rewarding,
    running,
    shipping,
    standing,
)
from scireasoner.errors import SciReasonerError
from scireasoner.processes import fall

__all__ = ["main", "parser"]

_STOPPED = 130  # the shell's code for a command ended by Ctrl-C
_RED, _PLAIN = "\x1b[31m", "\x1b[0m"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    A mistake that the user can mend is one line on standard error; anything else is our bug and
    keeps its traceback.
    """
    options = parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except SciReasonerError as error:
        if fall():
            _complain(" ".join(str(error).split()))
        return error.exit_code
    except KeyboardInterrupt:
        if fall():
            _complain("stopped; the same command goes on from what it had kept")
        return _STOPPED
    except BrokenPipeError:
        # The reader of our output (``head``) has gone; that is not an error of ours.
        sys.stderr.close()
        return 0
    except Exception:
        if fall():
            raise
        return 1
    return code


def _complain(message: str) -> None:
    red, plain = (_RED, _PLAIN) if sys.stderr.isatty() else ("", "")
    sys.stderr.write(f"{red}scireasoner: {message}{plain}\n")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = argparse.ArgumentParser(
        prog="scireasoner",
        description="Train, judge and ask scientific reasoning models.",
        epilog="Start with:  scireasoner doctor   then   scireasoner run nano",
    )
    top.add_argument("--version", action="version", version=f"scireasoner {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    running.add_run(commands)
    planning.add_plan(commands)
    measure.add_eval(commands)
    measure.add_score(commands)
    standing.add_baselines(commands)
    standing.add_scorecard(commands)
    standing.add_card(commands)
    checking.add_check(commands)
    running.add_ask(commands)
    modes.add_modes(commands)
    shipping.add_ship(commands)
    catalogue.add_tasks(commands)
    catalogue.add_data(commands)
    rewarding.add_rewards(commands)
    corpus.add_corpus(commands)
    exporting.add_export(commands)
    running.add_doctor(commands)
    return top
