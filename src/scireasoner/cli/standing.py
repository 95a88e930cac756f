"""The commands ``baselines``, ``scorecard`` and ``card``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from scireasoner.cli.common import Commands, command, console, positive, with_rows

if TYPE_CHECKING:
    from scireasoner.yardsticks import Yardsticks


def add_baselines(commands: Commands) -> None:
    """Add ``baselines``."""
    baselines = command(
        commands,
        "baselines",
        "measure what a model must beat: majority, nearest neighbour, random forest",
        "  scireasoner baselines --out baselines.json          every task with rows here\n"
        "  scireasoner baselines 'gue_*' --train 5000 --predictions answers/\n"
        "  scireasoner baselines --findings findings.json      take over the leaks of `data check`",
    )
    baselines.add_argument("tasks", nargs="*", help="task names, patterns or suites")
    baselines.add_argument(
        "--out", type=Path, default=Path("baselines.json"), help="JSON file (./baselines.json)"
    )
    baselines.add_argument(
        "--limit", type=positive, default=1000, help="test rows a task, as eval takes (1000)"
    )
    baselines.add_argument(
        "--train", type=positive, default=20_000, help="training rows a task, at most (20,000)"
    )
    baselines.add_argument("--seed", type=int, default=0, help="of the forests (default 0)")
    baselines.add_argument("--predictions", type=Path, help="keep every answer in this folder")
    baselines.add_argument(
        "--findings",
        type=Path,
        help="only take the leaks over from what `scireasoner data check --out` wrote",
    )
    baselines.set_defaults(run=_baselines)


@with_rows
def _baselines(options: argparse.Namespace) -> int:
    from dataclasses import replace

    from scireasoner.artifacts import read_json
    from scireasoner.errors import DataError
    from scireasoner.measuring import tasks_of
    from scireasoner.types import Split
    from scireasoner.yardsticks import leaks_of, measure_yardsticks, write_yardsticks

    if options.findings is not None:
        stored = _stored(options.out if options.out.is_file() else None)
        new = leaks_of(read_json(options.findings))
        # A check of a few tasks says nothing of the others.
        found = replace(stored, leaks={**stored.leaks, **new})
        write_yardsticks(found, options.out)
        console().print(f"leaks of {len(new)} tasks are in {options.out}")
        return 0
    tasks = tasks_of(options.tasks)
    here = [t for t in tasks if t.available(Split.TRAIN) and t.available(Split.TEST)]
    if not here:
        raise DataError("no task has training and test rows here: `scireasoner data list`")
    found = measure_yardsticks(
        here,
        options.out,
        limit=options.limit,
        train=options.train,
        seed=options.seed,
        predictions=options.predictions,
        tell=lambda text: console().print(text, markup=False),
    )
    console().print(f"baselines of {len(found.tasks)} tasks are in {options.out}")
    return DataError.exit_code if found.failed else 0


def _stored(path: Path | None) -> Yardsticks:
    from scireasoner.yardsticks import Yardsticks, read_yardsticks

    return Yardsticks() if path is None else read_yardsticks(path)


def _scores(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--baselines", type=Path, metavar="FILE", help="what `scireasoner baselines` wrote"
    )
    parser.add_argument(
        "--limit", type=positive, default=1000, help="test rows a task that were asked (1000)"
    )
    parser.add_argument(
        "--register", action="append", default=[], metavar="FILE.py", help="registers your tasks"
    )


def add_scorecard(commands: Commands) -> None:
    """Add ``scorecard``."""
    scorecard = command(
        commands,
        "scorecard",
        "put a model's scores beside baselines and published numbers, as a page",
        "  scireasoner eval --out small.json\n"
        "  scireasoner scorecard small.json --baselines baselines.json --out small.md\n"
        "  scireasoner scorecard instant.json think.json verified.json --out small.md\n\n"
        "The first scores are the model's own and decide every count; further ones (another mode,\n"
        "verified answers) stand beside them. A file of `eval --out`, or a folder of its\n"
        "--predictions, which is judged again.",
    )
    scorecard.add_argument("scores", nargs="+", type=Path, help="scores, the model's own first")
    scorecard.add_argument("--title", default="small", help="names the model (default: small)")
    scorecard.add_argument("--out", type=Path, help="write the page here (default: print it)")
    _scores(scorecard)
    scorecard.set_defaults(run=_scorecard)


def _scorecard(options: argparse.Namespace) -> int:
    from scireasoner.measuring import register_file
    from scireasoner.standing.page import Page, scorecard_page
    from scireasoner.standing.reading import measurement

    for file in options.register:
        register_file(file)
    found = [measurement(path, options.limit) for path in options.scores]
    _written(scorecard_page(Page(options.title, found, _stored(options.baselines))), options.out)
    return 0


def add_card(commands: Commands) -> None:
    """Add ``card``."""
    card = command(
        commands,
        "card",
        "write the card of a model that is given away: data, licences, limits, scores",
        "  scireasoner card small --model weights/small --out weights/small/README.md\n"
        "  scireasoner card small --scores small.json --baselines baselines.json\n\n"
        "Exit code 3, and no card, if a training set does not let weights be given away.",
    )
    card.add_argument("recipe", help="the recipe that the model was trained by")
    card.add_argument("--model", type=Path, help="the model's folder, for its size")
    card.add_argument("--scores", type=Path, help="what `scireasoner eval` wrote")
    card.add_argument("--out", type=Path, help="write the card here (default: print it)")
    _scores(card)
    card.set_defaults(run=_card)


def _card(options: argparse.Namespace) -> int:
    from scireasoner.measuring import register_file
    from scireasoner.recipe import load_recipe
    from scireasoner.standing.card import Card, model_card
    from scireasoner.standing.reading import measurement

    for file in options.register:
        register_file(file)
    found = () if options.scores is None else (measurement(options.scores, options.limit),)
    card = Card(load_recipe(options.recipe), options.model, found, _stored(options.baselines))
    _written(model_card(card), options.out)
    return 0


def _written(text: str, out: Path | None) -> None:
    from scireasoner.artifacts import write_text

    if out is None:
        console().print(text, markup=False)
    else:
        write_text(out, text)
        console().print(f"written to {out}", markup=False)
