"""The command ``ship``."""

from __future__ import annotations

import argparse
from pathlib import Path

from scireasoner.cli.common import Commands, command, console


def add_ship(commands: Commands) -> None:
    """Add ``ship``."""
    ship = command(
        commands,
        "ship",
        "write a run's model so that it can be given away",
        "  scireasoner ship runs/small-seed0 --stage cold_start \\\n"
        "      --out src/scireasoner/weights/small\n\n"
        "The folder loads with transformers alone. A run that learnt from rows whose licence\n"
        "forbids it is refused (docs/reference/licences.md).",
    )
    ship.add_argument("run_folder", metavar="RUN", type=Path, help="the folder of a run")
    ship.add_argument("--out", type=Path, required=True, help="a new folder, or a shipped model's")
    ship.add_argument("--stage", default="rl", help="whose model is taken (default: rl)")
    ship.set_defaults(run=_ship)


def _ship(options: argparse.Namespace) -> int:
    from scireasoner.shipping import ship

    made = ship(options.run_folder, options.out, stage=options.stage)
    size = made.facts["bytes"] / 2**20
    console().print(
        f"{options.out}: {made.facts['parameters'] / 1e6:.2f} M parameters, {size:.1f} MiB",
        markup=False,
    )
    card = options.out / "README.md"
    if card.is_file():
        console().print(f"{card} is of before: `scireasoner card` writes a card anew", markup=False)
    return 0
