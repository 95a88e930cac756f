"""The commands ``run``, ``ask`` and ``doctor``."""

from __future__ import annotations

import argparse
import sys

from scireasoner.cli.common import (
    DRAWS,
    Commands,
    command,
    console,
    model_options,
    positive,
    runs_option,
)


def add_run(commands: Commands) -> None:
    """Add ``run``."""
    run = command(
        commands,
        "run",
        "run a recipe: from raw records to a model that answers",
        "  scireasoner run nano\n"
        "  scireasoner run recipes/small.toml --stage sft\n"
        "  scireasoner run nano --seed 7 --runs /data/runs\n\n"
        "A run continues where it stopped; --fresh starts it over.",
    )
    run.add_argument("recipe", help="a recipe's TOML file, or the name of one that ships")
    run.add_argument("--stage", help="stop after this stage (earlier ones run if needed)")
    again = run.add_mutually_exclusive_group()
    again.add_argument(
        "--resume", action="store_true", help="continue an unfinished run (the default)"
    )
    again.add_argument("--fresh", action="store_true", help="start over; the old run is removed")
    run.add_argument("--seed", type=int, help="the seed of everything (default: the recipe's)")
    runs_option(run)
    run.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from scireasoner.pipeline import run_recipe, summary_table
    from scireasoner.processes import is_main
    from scireasoner.recipes import find
    from scireasoner.training.teachers.yields import read_yields, yield_table

    folder = run_recipe(
        find(options.recipe),
        stage=options.stage,
        resume=not options.fresh,
        seed=options.seed,
        runs=options.runs,
    )
    if not is_main():
        return 0
    out = console()
    if options.stage == "harvest":
        out.print(yield_table(read_yields(folder / "harvest")))
    table = summary_table(folder)
    if table is not None:
        out.print(table)
        out.print(f"report: {folder / 'evaluation' / 'report.html'}")
    out.print(f"run folder: {folder}")
    return 0


def add_ask(commands: Commands) -> None:
    """Add ``ask``."""
    ask = command(
        commands,
        "ask",
        "ask a model questions, and check its answers with tools",
        "  scireasoner ask 'What is the molecular formula of CCO?'\n"
        "  scireasoner ask 'What is the nominal mass of C2H6O?' --mode think --max-thinking 64\n"
        "  scireasoner ask 'Name the molecule CCO.' --verify 16\n\n"
        "`scireasoner tasks show NAME` prints how a question of a task is worded. Small models\n"
        "know only those wordings.",
    )
    ask.add_argument("question", nargs="+", help="each question in quotes")
    model_options(ask)
    ask.add_argument(
        "--verify", type=positive, nargs="?", const=DRAWS, default=0, metavar="N",
        help=f"draw N answers ({DRAWS}), drop those that fail a check, and let the others vote",
    )  # fmt: skip
    ask.set_defaults(run=_ask)


def _ask(options: argparse.Namespace) -> int:
    from scireasoner.models.load import open_backend
    from scireasoner.pipeline import default_model
    from scireasoner.serving.ask import ask
    from scireasoner.serving.show import show
    from scireasoner.serving.understand import understand
    from scireasoner.types import Mode

    for question in options.question:
        understand(question)  # a wrong question is told before a model is loaded
    spec, modes = (options.model, None) if options.model else default_model(options.runs)
    backend = open_backend(spec)
    for question in options.question:
        answered = ask(
            question,
            backend=backend,
            mode=options.mode,
            modes_table=modes,
            seed=options.seed,
            max_thinking=options.max_thinking,
            verify=options.verify,
        )
        show(answered, console())
        if answered.fault and options.mode == "think" and modes is not None:
            table = [name for name, mode in modes.items() if mode is Mode.THINK]
            console().print(
                f"this model thinks about {', '.join(table) or 'no task'}: leave --mode out"
            )
    return 0


def add_doctor(commands: Commands) -> None:
    """Add ``doctor``."""
    doctor = command(
        commands,
        "doctor",
        "say what is installed, what is missing and how to get it",
        "  scireasoner doctor\n\nExit code 5 if something that the nano recipe needs is missing.",
    )
    doctor.set_defaults(run=_doctor)


def _doctor(options: argparse.Namespace) -> int:
    from scireasoner import doctor
    from scireasoner.errors import MissingTool

    checks = doctor.examine()
    out = sys.stdout
    for check in checks:
        advice = f"   -> {check.advice}" if check.advice else ""
        out.write(f"{check.state:<8}{check.name:<17}{check.found}{advice}\n")
    lacking = doctor.missing(checks)
    if lacking:
        out.write(f"{len(lacking)} missing: {', '.join(check.name for check in lacking)}\n")
        return MissingTool.exit_code
    out.write("ready: scireasoner run nano\n")
    return 0
