"""The registry of tasks. The suites are registered when a task is first asked for."""

from __future__ import annotations

import fnmatch
import importlib
from collections.abc import Sequence

from scireasoner.errors import TaskError, nearest
from scireasoner.tasks.task import Task

_SUITES = (
    "embedded",
    "embedded_sums",  # a second file of the suite before it
    "smol",
    "uspto",
    "mol_instructions",
    "bio_instruction",
    "gue",
    "opi",
    "peer",
    "llm4mat",
    "material_generation",
    "unconditional",
    "sr15",
)
_tasks: dict[str, Task] = {}
_loaded: list[str] = []


def register(task: Task) -> Task:
    """Add a task, and return it.

    Raises
    ------
    TaskError : if another task has its name; both sources are cited.
    """
    known = _tasks.get(task.name)
    if known is not None and known is not task:
        raise TaskError(
            f"two tasks are named {task.name!r}: one of suite {known.suite!r} ({known.source}) "
            f"and one of suite {task.suite!r} ({task.source}); rename one of them"
        )
    _tasks[task.name] = task
    return task


def get(name: str) -> Task:
    """Return the task of a name; TaskError with the nearest name if there is none."""
    _load()
    if name not in _tasks:
        raise TaskError(
            f"there is no task {name!r}{nearest(name, _tasks)} (`scireasoner tasks` lists them all)"
        )
    return _tasks[name]


def all_tasks() -> tuple[Task, ...]:
    """Return every task: the suites in their order, then a user's own by registration."""
    _load()
    place = {suite: number for number, suite in enumerate(_SUITES)}
    return tuple(sorted(_tasks.values(), key=lambda task: place.get(task.suite, len(place))))


def select(patterns: Sequence[str]) -> tuple[Task, ...]:
    """Return the tasks whose name or suite matches any of the patterns (``*`` and ``?``).

    Raises
    ------
    TaskError : if a pattern matches nothing.
    """
    chosen: list[str] = []
    for pattern in patterns:
        found = [t.name for t in all_tasks() if _matches(t, pattern)]
        if not found:
            raise TaskError(
                f"no task matches {pattern!r}{nearest(pattern, _tasks)}"
                " (`scireasoner tasks` lists them all)"
            )
        chosen += [name for name in found if name not in chosen]
    return tuple(task for task in all_tasks() if task.name in chosen)


def _matches(task: Task, pattern: str) -> bool:
    return fnmatch.fnmatchcase(task.name, pattern) or task.suite == pattern


def _load() -> None:
    for suite in _SUITES[len(_loaded) :]:
        # Noted first: a suite that asks the registry for a task must not start this again.
        _loaded.append(suite)
        importlib.import_module(f"scireasoner.tasks.suites.{suite}")
