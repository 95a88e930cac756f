"""The command ``export``: a recipe's stage for another trainer."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scireasoner.cli.common import Commands, command, positive, runs_option


def add_export(commands: Commands) -> None:
    """Add ``export``."""
    export = command(
        commands,
        "export",
        "write the RL stage of a recipe for verl: rows, rewards, settings, a launch file",
        "  scireasoner run 1.7b --stage difficulty\n"
        "  scireasoner export verl 1.7b --out verl-1.7b --nodes 16 --gpus-per-node 8\n"
        "  sh verl-1.7b/launch.sh\n\n"
        "verl 0.9.1 lives in an environment of its own; launch.sh says how Ray is started.",
    )
    export.add_argument("trainer", choices=("verl",), help="whom it is for")
    export.add_argument("recipe", help="a recipe's TOML file, or the name of one that ships")
    export.add_argument("--out", type=Path, required=True, help="the folder to write")
    export.add_argument("--stage", choices=("rl",), default="rl", help="the stage (rl)")
    export.add_argument("--nodes", type=positive, default=1, help="of the cluster (default: 1)")
    export.add_argument("--gpus-per-node", type=positive, default=8, help="(default: 8)")
    export.add_argument("--engine", default="vllm", help="of the rollouts: vllm or sglang")
    export.add_argument("--model", default="", help="begin from this checkpoint, not the run's")
    export.add_argument("--dev", type=positive, default=50, help="validation rows a task")
    export.add_argument("--seed", type=int, help="the run's seed (default: the recipe's)")
    runs_option(export)
    export.set_defaults(run=_export)


def _export(options: argparse.Namespace) -> int:
    from scireasoner.exporting import Cluster, export_verl, told
    from scireasoner.recipe import load_recipe
    from scireasoner.recipes import find
    from scireasoner.run import Run, run_folder

    recipe = load_recipe(find(options.recipe), options.seed)
    cluster = Cluster(options.nodes, options.gpus_per_node, options.engine)
    run = Run(recipe, run_folder(recipe, options.runs))
    rows = export_verl(run, options.out, cluster, options.model, options.dev)
    sys.stdout.write(
        f"{rows['train']:,} training and {rows['val']:,} validation rows in {options.out}; start "
        f"with: sh {options.out / 'launch.sh'}\n"
    )
    sys.stdout.writelines(f"{line}\n" for line in told(run, options.model))
    return 0
