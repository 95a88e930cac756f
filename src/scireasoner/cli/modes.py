"""The command ``modes``."""

from __future__ import annotations

import argparse

from scireasoner.cli.common import Commands, command, console, runs_option


def add_modes(commands: Commands) -> None:
    """Add ``modes``."""
    modes = command(
        commands,
        "modes",
        "show which tasks of a run think first, and the evidence",
        "  scireasoner modes                     the newest run\n"
        "  scireasoner modes runs/nano-seed0\n"
        "  scireasoner modes nano                its newest seed",
    )
    modes.add_argument(
        "folder", nargs="?", metavar="RUN", help="a run's folder, or a recipe's name (newest run)"
    )
    runs_option(modes)
    modes.set_defaults(run=_modes)


def _modes(options: argparse.Namespace) -> int:
    from scireasoner.scorecard import find_modes, modes_table, rule_of_modes

    folder = find_modes(options.folder, options.runs)
    out = console()
    out.print(modes_table(folder))
    out.print(rule_of_modes(folder), markup=False)
    return 0
