"""The ``scireasoner`` command: wires rooms together; holds no science."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from scireasoner import __version__
from scireasoner.errors import SciReasonerError

if TYPE_CHECKING:
    from rich.console import Console

_FILE_WIDTH = 140
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
        _complain(" ".join(str(error).split()))
        return error.exit_code
    except KeyboardInterrupt:
        _complain("stopped; the same command continues")
        return _STOPPED
    except BrokenPipeError:
        # The reader of our output (``head``) has gone; that is not an error of ours.
        sys.stderr.close()
        return 0
    return code


def _complain(message: str) -> None:
    red, plain = (_RED, _PLAIN) if sys.stderr.isatty() else ("", "")
    sys.stderr.write(f"{red}scireasoner: {message}{plain}\n")


def _console() -> Console:
    from rich.console import Console

    # A file or a pipe has no width of its own: lines are not to be folded for it.
    width = None if sys.stdout.isatty() else _FILE_WIDTH
    return Console(highlight=False, soft_wrap=True, width=width)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = argparse.ArgumentParser(
        prog="scireasoner",
        description="Train, judge and ask scientific reasoning models.",
        epilog="Start with:  scireasoner doctor   then   scireasoner run nano",
    )
    top.add_argument("--version", action="version", version=f"scireasoner {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_run(commands)
    _add_eval(commands)
    _add_ask(commands)
    _add_tasks(commands)
    _add_doctor(commands)
    return top


_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _command(commands: _Commands, name: str, summary: str, example: str) -> argparse.ArgumentParser:
    return commands.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog=f"examples:\n{example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _add_run(commands: _Commands) -> None:
    command = _command(
        commands,
        "run",
        "run a recipe: from raw records to a model that answers",
        "  scireasoner run nano\n"
        "  scireasoner run recipes/small.toml --stage sft\n"
        "  scireasoner run nano --seed 7 --runs /data/runs\n\n"
        "A run continues where it stopped; --fresh starts it over.",
    )
    command.add_argument("recipe", help="a recipe's TOML file, or the name of one that ships")
    command.add_argument("--stage", help="stop after this stage (earlier ones run if needed)")
    again = command.add_mutually_exclusive_group()
    again.add_argument(
        "--resume", action="store_true", help="continue an unfinished run (the default)"
    )
    again.add_argument("--fresh", action="store_true", help="start over; the old run is removed")
    command.add_argument("--seed", type=int, help="the seed of everything (default: the recipe's)")
    _runs_option(command)
    command.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from scireasoner.pipeline import run_recipe, summary_table
    from scireasoner.recipes import find

    folder = run_recipe(
        find(options.recipe),
        stage=options.stage,
        resume=not options.fresh,
        seed=options.seed,
        runs=options.runs,
    )
    console = _console()
    table = summary_table(folder)
    if table is not None:
        console.print(table)
        console.print(f"report: {folder / 'evaluation' / 'report.html'}")
    console.print(f"run folder: {folder}")
    return 0


def _runs_option(command: argparse.ArgumentParser) -> None:
    command.add_argument("--runs", type=Path, help="where runs are kept (default: ./runs)")


def _add_eval(commands: _Commands) -> None:
    command = _command(
        commands,
        "eval",
        "measure a model on tasks, with intervals",
        "  scireasoner eval                                   every task, the newest run's model\n"
        "  scireasoner eval smiles_to_formula 'rna_*' --limit 200\n"
        "  scireasoner eval --model hf:path/to/checkpoint --mode think --out scores.json\n"
        "  scireasoner eval my_task.py --model openai:http://localhost:8000/v1#name",
    )
    command.add_argument(
        "tasks", nargs="*", help="task names, patterns, a suite, or .py files that register tasks"
    )
    _model_options(command)
    command.add_argument("--limit", type=_positive, default=100, help="rows a task (default 100)")
    command.add_argument(
        "--split", choices=("train", "dev", "test"), default="test", help="default: test"
    )
    command.add_argument("--out", type=Path, help="also write the scores to this JSON file")
    command.set_defaults(run=_eval)


def _eval(options: argparse.Namespace) -> int:
    from scireasoner.measuring import measure, table_of

    measured = measure(
        options.tasks,
        model=options.model,
        mode=options.mode,
        limit=options.limit,
        split=options.split,
        out=options.out,
        seed=options.seed,
        runs=options.runs,
    )
    _console().print(table_of(measured))
    return 0


def _model_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--model",
        metavar="SPEC",
        help="hf:PATH, vllm:NAME, openai:URL#MODEL or scripted:FILE (default: the newest run's)",
    )
    command.add_argument(
        "--mode",
        choices=("auto", "instant", "think"),
        default="auto",
        help="answer at once, think first, or what was measured to be better (default: auto)",
    )
    command.add_argument("--seed", type=int, default=0, help="the seed of sampling (default: 0)")
    _runs_option(command)


def _positive(text: str) -> int:
    value = int(text) if text.isdecimal() else 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"a whole number above 0 was expected, {text!r} came")
    return value


def _add_ask(commands: _Commands) -> None:
    command = _command(
        commands,
        "ask",
        "ask a model questions, and check its answers with tools",
        "  scireasoner ask 'What is the molecular formula of CCO?'\n"
        "  scireasoner ask 'Balance C3H8 + O2 -> CO2 + H2O.' --mode think\n\n"
        "`scireasoner tasks show NAME` prints how a question of a task is worded. Small models\n"
        "know only those wordings.",
    )
    command.add_argument("question", nargs="+", help="each question in quotes")
    _model_options(command)
    command.set_defaults(run=_ask)


def _ask(options: argparse.Namespace) -> int:
    from scireasoner.models.load import open_backend
    from scireasoner.pipeline import default_model
    from scireasoner.serving.ask import ask
    from scireasoner.serving.show import show
    from scireasoner.serving.understand import understand

    for question in options.question:
        understand(question)  # a wrong question is told before a model is loaded
    spec, modes = (options.model, None) if options.model else default_model(options.runs)
    backend = open_backend(spec)
    for question in options.question:
        answered = ask(
            question, backend=backend, mode=options.mode, modes_table=modes, seed=options.seed
        )
        show(answered, _console())
    return 0


def _add_tasks(commands: _Commands) -> None:
    command = _command(
        commands,
        "tasks",
        "list the tasks, or show one",
        "  scireasoner tasks\n  scireasoner tasks show smiles_to_formula",
    )
    actions = command.add_subparsers(metavar="show NAME")
    detail = actions.add_parser("show", help="show one task: wording, answer, metric, source")
    detail.add_argument("name", help="the task's name")
    detail.set_defaults(run=_show_task)
    command.set_defaults(run=_list_tasks)


def _list_tasks(options: argparse.Namespace) -> int:
    from scireasoner.serving.show import task_table
    from scireasoner.tasks.registry import all_tasks

    _console().print(task_table(all_tasks()))
    return 0


def _show_task(options: argparse.Namespace) -> int:
    from scireasoner.serving.show import task_card
    from scireasoner.tasks.registry import get

    _console().print(task_card(get(options.name)))
    return 0


def _add_doctor(commands: _Commands) -> None:
    command = _command(
        commands,
        "doctor",
        "say what is installed, what is missing and how to get it",
        "  scireasoner doctor\n\nExit code 5 if something that the nano recipe needs is missing.",
    )
    command.set_defaults(run=_doctor)


def _doctor(options: argparse.Namespace) -> int:
    from scireasoner import doctor
    from scireasoner.errors import MissingTool

    checks = doctor.examine()
    out = sys.stdout
    for check in checks:
        advice = f"   -> {check.advice}" if check.advice else ""
        out.write(f"{check.state:<8}{check.name:<14}{check.found}{advice}\n")
    lacking = doctor.missing(checks)
    if lacking:
        out.write(f"{len(lacking)} missing: {', '.join(check.name for check in lacking)}\n")
        return MissingTool.exit_code
    out.write("ready: scireasoner run nano\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
