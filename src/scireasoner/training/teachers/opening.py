"""From a recipe's harvest section to teachers and a judge of free texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from scireasoner.errors import RecipeError, nearest
from scireasoner.models.backend import Backend
from scireasoner.tasks.registry import select
from scireasoner.tasks.task import Task
from scireasoner.training.teachers.asking import Asker
from scireasoner.training.teachers.config import HarvestConfig, TeacherConfig
from scireasoner.training.teachers.free_text import FreeTextJudge
from scireasoner.training.teachers.teaching import (
    ModelTeacher,
    NamedTeacher,
    Teacher,
    ToolTeacher,
)
from scireasoner.types import Mode

JUDGE = "judge"


def harvested(
    tasks: Sequence[Task], tried: Sequence[Task], config: HarvestConfig
) -> tuple[Task, ...]:
    """Return the tasks to harvest: those whose thinking was tried, and those the recipe adds.

    Raises
    ------
    RecipeError : if the recipe adds a task that is not one of its own, or that cannot think.
    """
    added = {task.name: task for task in select(config.tasks)} if config.tasks else {}
    own = {task.name for task in tasks}
    for name, task in added.items():
        if name not in own or Mode.THINK not in task.modes:
            why = "is not a task of this recipe" if name not in own else "never thinks"
            raise RecipeError(f"harvest.tasks names {name!r}, which {why}{nearest(name, own)}")
    chosen = {task.name for task in tried} | set(added)
    return tuple(task for task in tasks if task.name in chosen)


def open_teachers(
    config: HarvestConfig,
    probe: Callable[[], Backend],
    tasks: Sequence[str],
    folder: Path,
    seed: int,
) -> list[Teacher]:
    """Return the teachers in the recipe's order; no model is loaded before it is asked.

    Parameters
    ----------
    probe : opens the run's own model.
    tasks : the names of all tasks that will be harvested, in their order.
    folder : where the journals of named models are.
    """
    if not config.teachers:
        return [ToolTeacher(), ModelTeacher(probe, config.temperature, config.max_tokens)]
    return [_open(own, config, probe, tasks, folder, seed) for own in config.teachers]


def _open(
    own: TeacherConfig,
    config: HarvestConfig,
    probe: Callable[[], Backend],
    tasks: Sequence[str],
    folder: Path,
    seed: int,
) -> Teacher:
    if own.backend == "tools":
        return ToolTeacher()
    if own.backend == "probe":
        return ModelTeacher(probe, own.temperature, own.max_tokens, limits=own.limits)
    path = folder / f"{own.name}.jsonl"
    return NamedTeacher(Asker(own, path, tasks, config.max_failed), seed)


def open_judge(config: HarvestConfig, tasks: Sequence[str], folder: Path) -> FreeTextJudge | None:
    """Return the judge of free texts, None if the recipe names none."""
    if not config.judge:
        return None
    # A teacher may be called the same: the judge's journal has a name that no teacher's has.
    path = folder / JUDGE / f"{config.judge.name}.jsonl"
    return FreeTextJudge(Asker(config.judge, path, tasks, config.max_failed), config.judge_from)
