"""The commands ``eval`` and ``score``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scireasoner.cli.common import (
    DRAWS,
    Commands,
    command,
    console,
    model_options,
    positive,
    whole,
    with_rows,
)

if TYPE_CHECKING:
    from rich.table import Table

    from scireasoner.evaluation.rescore import Rescored
    from scireasoner.measuring import Measured

_SPLITS = ("train", "dev", "test")
_DECODINGS = ("plain", "median", "mean", "classes", "variants", "verify", "best")


def add_eval(commands: Commands) -> None:
    """Add ``eval``."""
    evaluate = command(
        commands,
        "eval",
        "measure a model on tasks, with intervals",
        "  scireasoner eval                  every task with rows here, the newest run's model\n"
        "  scireasoner eval smiles_to_formula 'gue_*' --limit 200\n"
        "  scireasoner eval smol --model hf:path/to/checkpoint --answers 5 --beams 5\n"
        "  scireasoner eval opi --model openai:http://localhost:8000/v1#name --shots 5\n"
        "  scireasoner eval 'bio_*' --mode instant --decode best --draws 16\n"
        "  scireasoner eval my_task.py --mode think --out scores.json --predictions answers/",
    )
    evaluate.add_argument(
        "tasks", nargs="*", help="task names, patterns, a suite, or .py files that register tasks"
    )
    model_options(evaluate)
    evaluate.add_argument(
        "--limit", type=positive, default=1000, help="rows a task, the same for every model (1000)"
    )
    evaluate.add_argument(
        "--without",
        type=Path,
        metavar="IDS",
        help="a file of row ids, one a line, that are not asked: rows that the model has seen",
    )
    evaluate.add_argument("--split", choices=_SPLITS, default="test", help="default: test")
    evaluate.add_argument(
        "--shots", type=whole, default=0, help="answered examples before each question (default 0)"
    )
    evaluate.add_argument(
        "--answers", type=positive, default=1, help="answers per question, for top-k metrics (1)"
    )
    evaluate.add_argument(
        "--beams", type=whole, default=0, help="beam search instead of sampling (default 0: off)"
    )
    evaluate.add_argument("--temperature", type=float, help="default: the task's own")
    evaluate.add_argument(
        "--probabilities",
        action="store_true",
        help="compare the probabilities of Yes and No too: gives real ROC-AUCs (instant, hf:)",
    )
    evaluate.add_argument(
        "--decode",
        choices=_DECODINGS,
        help="better the plain answers, and show what that adds: the median or mean of a number's "
        "draws, classes compared by probability (variants: over all ways to ask), draws that pass "
        "the checks voting (verify), or what fits each task (best)",
    )
    evaluate.add_argument("--draws", type=positive, help=f"for --decode, per question ({DRAWS})")
    evaluate.add_argument(
        "--verify", type=positive, nargs="?", const=DRAWS, metavar="N",
        help="short for --decode verify --draws N",
    )  # fmt: skip
    evaluate.add_argument("--out", type=Path, help="also write the scores to this JSON file")
    evaluate.add_argument("--predictions", type=Path, help="keep every completion in this folder")
    evaluate.add_argument("--paper", action="store_true", help="also print the paper's rows")
    evaluate.set_defaults(run=_eval)


def _eval(options: argparse.Namespace) -> int:
    from scireasoner.errors import InputError
    from scireasoner.evaluation.asking import Asking
    from scireasoner.measuring import measure
    from scireasoner.scorecard import paper_table, table_of

    if options.verify and options.decode not in (None, "verify"):
        raise InputError("--verify N is a decoding of its own: leave --decode out")
    decode = "verify" if options.verify else options.decode or "plain"
    if options.draws and (options.verify or decode == "plain"):
        raise InputError("--draws N belongs to --decode: name a decoding, or give --verify N alone")
    measured = measure(
        options.tasks,
        model=options.model,
        mode=options.mode,
        limit=options.limit,
        without=options.without,
        split=options.split,
        out=options.out,
        seed=options.seed,
        runs=options.runs,
        predictions=options.predictions,
        how=Asking(
            shots=options.shots,
            answers=options.answers,
            beams=options.beams,
            temperature=options.temperature,
            probabilities=options.probabilities,
            max_thinking=options.max_thinking,
            decode=decode,
            draws=options.verify or options.draws or DRAWS,
        ),
    )
    out = console()
    out.print(table_of(measured))
    if decode != "plain":
        out.print(_added_table(measured))
    if options.paper:
        out.print(paper_table(measured))
    return 0


def _added_table(measured: Sequence[Measured]) -> Table:
    """Return what the decoding of each task adds to plain decoding, on the same rows."""
    from rich.table import Table

    from scireasoner.evaluation.compare import sure

    table = Table(box=None, title="decoded minus plain on the same rows; positive is better")
    table.add_column("task", no_wrap=True)
    table.add_column("decoding")
    table.add_column("metric")
    for heading in ("plain", "decoded", "gain", "95 % interval", "draws that pass", "ROC AUC"):
        table.add_column(heading, justify="right")
    table.add_column("verdict")
    for row in measured:
        found = row.added
        if found is None:
            table.add_row(row.task, "plain", row.metric)
            continue
        gain = found.gain
        table.add_row(
            row.task,
            found.how,
            found.metric,
            f"{found.plain.value:.3f}",
            f"{found.decoded.value:.3f}",
            f"{gain.value:+.3f}",
            f"{gain.low:+.3f} to {gain.high:+.3f}",
            "" if found.passed is None else f"{found.passed:.0%}",
            "" if found.auc is None else f"{found.auc.value:.3f}",
            sure(gain),
        )
    return table


def add_score(commands: Commands) -> None:
    """Add ``score``."""
    score = command(
        commands,
        "score",
        "score predictions made anywhere: no model, no accelerator",
        "  scireasoner score predictions.jsonl\n"
        "  scireasoner score outputs/default/20260101/predictions/my-model    (OpenCompass)\n"
        "  scireasoner score answers.jsonl --task smol_esol --workers 2 --out scores.json\n"
        "  scireasoner score new.jsonl --against old.jsonl\n\n"
        'A line is {"task": ..., "id": ..., "prediction": text or list of texts}; "gold" may be\n'
        "added where the task's data is not on this machine. Rows of the data without a\n"
        "prediction count as unanswered (--partial leaves them out). Exit code 3 if a part of the\n"
        "file could not be scored; what and why is listed.",
    )
    score.add_argument("predictions", type=Path, help="a .jsonl or .json file, or a folder of them")
    score.add_argument("--task", help="whose predictions these are, where the file does not say")
    score.add_argument(
        "--register", action="append", default=[], metavar="FILE.py", help="registers your tasks"
    )
    score.add_argument("--split", choices=_SPLITS, default="test", help="default: test")
    score.add_argument("--limit", type=positive, help="only the first rows were asked")
    score.add_argument(
        "--partial", action="store_true", help="leave out rows that have no prediction"
    )
    score.add_argument("--workers", type=positive, default=1, help="processes (default 1)")
    score.add_argument(
        "--kept", type=Path, metavar="FOLDER", help="keep judgements there; judge only what is new"
    )
    score.add_argument("--seed", type=int, default=0, help="of the intervals (default 0)")
    score.add_argument("--out", type=Path, help="also write everything to this JSON file")
    score.add_argument("--faults", type=Path, help="list every unreadable answer in this file")
    score.add_argument("--paper", action="store_true", help="also print the paper's rows")
    score.add_argument(
        "--against", type=Path, metavar="OTHER", help="also compare with other predictions, paired"
    )
    score.set_defaults(run=_score)


@with_rows
def _score(options: argparse.Namespace) -> int:
    from scireasoner.artifacts import check_writable
    from scireasoner.errors import DataError
    from scireasoner.evaluation.rescore import Reading, Rescored
    from scireasoner.evaluation.versus import versus
    from scireasoner.measuring import register_file
    from scireasoner.scorecard import paper_table, score_table, scored, versus_table, write_scores
    from scireasoner.types import Split

    check_writable(options.out, options.faults)
    for file in options.register:
        register_file(file)
    reading = Reading(
        options.task,
        Split(options.split),
        options.limit,
        options.partial,
        options.workers,
        tuple(options.register),
        options.kept,
    )
    found = scored(options.predictions, reading, options.seed)
    write_scores(found, options.out, options.faults)
    out = console()
    out.print(score_table(found))
    if options.paper:
        out.print(paper_table(found.measured))
    other = Rescored()
    if options.against is not None:
        skipped: dict[str, str] = {}
        out.print(
            versus_table(
                versus(options.predictions, options.against, reading, options.seed, other, skipped)
            )
        )
        for why in dict.fromkeys(skipped.values()):
            names = ", ".join(name for name, own in skipped.items() if own == why)
            out.print(f"not compared, {why}: {names}", markup=False)
    _print_problems(found.rescored, f"{options.predictions} (--out FILE lists them)")
    _print_problems(other, str(options.against))
    return DataError.exit_code if found.rescored.problem_count or other.problem_count else 0


def _print_problems(result: Rescored, where: str) -> None:
    """Print what of a file could not be scored: the first twenty, and how many there are."""
    out = console()
    for problem in result.problems[:20]:
        out.print(f"not scored: {problem.where}: {problem.what}", markup=False)
    if result.problem_count:
        out.print(f"{result.problem_count} problems in {where}", markup=False)
