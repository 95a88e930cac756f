"""Measuring a model on tasks from the command line or a script: the evaluation room, wired."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from scireasoner.artifacts import check_writable, write_json
from scireasoner.errors import DataError, InputError
from scireasoner.evaluation.added import Added, added
from scireasoner.evaluation.asking import Asking
from scireasoner.evaluation.compliance import Compliance
from scireasoner.evaluation.decoding import in_words
from scireasoner.evaluation.run import Modes, TaskResult, evaluate
from scireasoner.models.load import open_backend
from scireasoner.pipeline import default_model
from scireasoner.run import rows_of_newest_run
from scireasoner.serving.verifying import passes
from scireasoner.tasks.registry import all_tasks, select
from scireasoner.tasks.rows import PUBLISHED
from scireasoner.tasks.task import Task
from scireasoner.types import Estimate, Mode, Sample, Split


@dataclass(frozen=True, slots=True)
class Measured:
    """A task's reported metric over its rows, and the mode it was asked in.

    Parameters
    ----------
    published : what the released evaluator gives for the number that the paper prints; None if
        the task has none or it cannot be computed here.
    key : that number's released key.
    prompt : hash of the wording.
    parts : the number that the paper prints by sub-set, where the task has any.
    comparable : whether the rows are those of the published tables; None where that is not known.
    interval : 95 % bootstrap interval of ``published``; None where it was not computed.
    tokens : mean number of generated tokens an answer.
    compliance : whether the answers kept to the mode, and how long they thought.
    added : how the answers were decoded, and what that adds to plain decoding; None if plain.
    asked : how the answers were made, in words; empty where that is not known.
    left_out : rows that were named as not to be asked, such as those that the model was trained on.
    """

    task: str
    metric: str
    mode: Mode | None
    estimate: Estimate
    published: float | None = None
    key: str = ""
    prompt: str = ""
    parts: Mapping[str, float | None] = field(default_factory=dict)
    comparable: bool | None = None
    interval: tuple[float, float] | None = None
    tokens: float | None = None
    compliance: Compliance | None = None
    added: Added | None = None
    asked: str = ""
    left_out: int = 0


def measure(
    patterns: Sequence[str],
    *,
    model: str | None = None,
    mode: str = "auto",
    split: str = "test",
    limit: int = 1000,
    without: Path | None = None,
    seed: int = 0,
    out: Path | None = None,
    runs: Path | None = None,
    how: Asking | None = None,
    predictions: Path | None = None,
) -> list[Measured]:
    """Measure a model on tasks.

    Parameters
    ----------
    patterns : task names, globs, suites or ``.py`` files that register tasks; none takes every
        task whose rows are on this machine.
    model : a backend's specification; None takes the newest run's model.
    mode : ``"instant"``, ``"think"`` or ``"auto"``: the newest run's table of measured modes
        where its own model is measured, else the model's choice.
    limit : rows of each task; the same ones for every model.
    without : a file of row ids, one a line, that are not asked.
    out : a JSON file that gets the scores.
    runs : where runs are kept; their newest gives the rows of the embedded tasks.
    how : examples, several answers, beams, probabilities, decoding.
    predictions : a folder that gets every completion, for ``score``.

    Raises
    ------
    SciReasonerError : if a task, the model or the rows cannot be had.
    """
    check_writable(out, predictions and predictions / "any")
    spec, table = (model, None) if model is not None else default_model(runs)
    with rows_of_newest_run(runs):
        tasks = tasks_of(patterns) if patterns else _with_rows(Split(split))
        found = evaluate(
            tasks,
            open_backend(spec),
            split=Split(split),
            mode=_modes(tasks, mode, table),
            limit=limit,
            without=_named(without),
            seed=seed,
            out=predictions,
            how=how,
            passes=passes,
        )
        rows = {task.name: len(task.samples(Split(split), limit)) for task in tasks}
    measured = [
        _measured(task, found[task.name], seed, how or Asking(), rows[task.name]) for task in tasks
    ]
    if out is not None:
        scores = [asdict(row) for row in measured]
        write_json(out, {"model": spec, "split": split, "seed": seed, "scores": scores})
    return measured


def _with_rows(split: Split) -> tuple[Task, ...]:
    found = tuple(task for task in all_tasks() if task.available(split))
    if not found:
        raise DataError("no task has rows here: `scireasoner data list` says how to get them")
    return found


def _named(file: Path | None) -> frozenset[str]:
    """Return the ids that a file names."""
    if file is None:
        return frozenset()
    if not file.is_file():
        raise InputError(f"no file {file}: give the ids of the rows to leave out, one a line")
    return frozenset(line.strip() for line in file.read_text(encoding="utf-8").splitlines())


def tasks_of(patterns: Sequence[str]) -> tuple[Task, ...]:
    """Return the tasks that the patterns name; a ``.py`` file is run and gives what it registers.

    Raises
    ------
    TaskError : if a pattern matches nothing.
    InputError : if a file is missing or registers no task.
    """
    names = [name for p in patterns for name in (register_file(p) if p.endswith(".py") else [p])]
    return select(names) if names else all_tasks()


def register_file(path: str) -> list[str]:
    """Run a Python file that registers tasks, and return their names."""
    if not Path(path).is_file():
        raise InputError(f"no file {path}: give a Python file that registers tasks")
    before = {task.name for task in all_tasks()}
    spec = importlib.util.spec_from_file_location(Path(path).stem, path)
    if spec is None or spec.loader is None:
        raise InputError(f"{path} is not a Python file: give one that registers tasks")
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    new = [task.name for task in all_tasks() if task.name not in before]
    if not new:
        raise InputError(f"{path} registers no task: call register(Task(...)) in it")
    return new


def measured_of(task: Task, result: TaskResult, seed: int = 0) -> Measured:
    """Return the reported number of a task's result, and the released one with its interval."""
    evaluator = task.release.evaluator if task.release else None
    key = evaluator.headline if evaluator else ""
    published = result.published.get(key)
    rows = [row for _, row in result.released]
    interval = evaluator.interval(rows, seed) if evaluator and published is not None else None
    return Measured(
        task.name,
        result.headline,
        result.mode,
        result.estimates[result.headline],
        published,
        key,
        task.prompt_hash,
        result.parts,
        comparable(task, result.samples),
        interval,
        result.tokens,
        result.compliance,
        added(task, result, seed),
    )


def _measured(task: Task, result: TaskResult, seed: int, how: Asking, rows: int) -> Measured:
    asked = in_words(task, how, result.decoding)
    left_out = rows - len(result.samples)
    return replace(measured_of(task, result, seed), asked=asked, left_out=left_out)


def comparable(task: Task, samples: Sequence[Sample]) -> bool:
    """Return whether rows are those of the published tables, all of them."""
    size = task.release.test_size if task.release else None
    published = all(PUBLISHED in sample.meta for sample in samples)
    return published and (size is None or len({s.id for s in samples}) >= size)


def _modes(tasks: Sequence[Task], mode: str, table: Mapping[str, Mode] | None) -> Modes:
    if mode != "auto":
        return Mode(mode)
    if table is None:
        return None
    # A task without evidence answers at once: the rule of the mode decision.
    return {task.name: table.get(task.name, Mode.INSTANT) for task in tasks}
