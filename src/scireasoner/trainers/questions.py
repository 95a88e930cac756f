"""Questions of our tasks as the rows that other trainers train on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from scireasoner.tasks.registry import select
from scireasoner.tasks.task import Task
from scireasoner.types import Mode, Sample, Split


def _asked(
    tasks: Sequence[str], split: Split | str, limit: int | None
) -> Iterator[tuple[Task, Sample, dict[str, Any]]]:
    """Yield each task, its row, and the fields by which a reward finds the row again."""
    part = Split(split)
    for task in select(tasks):
        for sample in task.samples(part, limit):
            yield task, sample, _fields(task, sample, part)


def _fields(task: Task, sample: Sample, part: Split) -> dict[str, Any]:
    # JSON texts: a table would give every row the inputs of every task.
    return {
        "task": task.name,
        "id": sample.id,
        "split": part.value,
        "inputs": json.dumps(dict(sample.inputs)),
        "gold": sample.gold,
        "reference": sample.reference,
        "meta": json.dumps(dict(sample.meta)),
    }


def _chat(task: Task, sample: Sample, mode: Mode | None) -> list[dict[str, str]]:
    return [
        {"role": message.role, "content": message.content}
        for message in task.render(sample, mode).messages
    ]


def trl_rows(
    tasks: Sequence[str],
    split: Split | str = Split.TRAIN,
    limit: int | None = None,
    mode: Mode | None = None,
) -> list[dict[str, Any]]:
    """Return rows for a data set of TRL's GRPOTrainer: a chat prompt and the row's own fields.

    Parameters
    ----------
    tasks : names, patterns or suites.
    limit : rows a task.
    mode : what the chat template fixes, if it fixes it; None lets the model choose.

    Raises
    ------
    TaskError : if no task matches.
    DataError : if a task's rows are not on this machine.
    """
    return [
        {"prompt": _chat(task, sample, mode), **row, "mode": mode.value if mode else None}
        for task, sample, row in _asked(tasks, split, limit)
    ]


def verl_rows(
    tasks: Sequence[str],
    split: Split | str = Split.TRAIN,
    limit: int | None = None,
    mode: Mode | None = None,
) -> list[dict[str, Any]]:
    """Return rows for verl's parquet files: data source, prompt, ground truth, extra info.

    Parameters and errors are those of :func:`trl_rows`.
    """
    return [
        verl_row(task, sample, Split(split), mode, n)
        for n, (task, sample, _) in enumerate(_asked(tasks, split, limit))
    ]


def verl_row(
    task: Task, sample: Sample, split: Split, mode: Mode | None, index: int
) -> dict[str, Any]:
    """Return one row of :func:`verl_rows`; ``index`` is its place in the file."""
    fields = _fields(task, sample, split)
    return {
        "data_source": task.name,
        "prompt": _chat(task, sample, mode),
        "ability": task.family.value,
        "reward_model": {"style": "rule", "ground_truth": sample.gold or ""},
        "extra_info": {
            "index": index,
            **{name: value or "" for name, value in fields.items()},
            "mode": mode.value if mode else "auto",
        },
    }
