"""Task mixtures: how many rows of each task a stage sees, and in which mode."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from scireasoner.errors import DataError, RecipeError, nearest
from scireasoner.tasks.balance import resample, row_weights
from scireasoner.tasks.task import Task
from scireasoner.training.augment import AugmentConfig, augmented, divisible
from scireasoner.types import Mode, Prompt, Sample, Split

_EQUAL = 1e-12
_RESPELLING = 20.0  # another SMILES of a molecule takes as long as twenty rows without one
# Of a task whose molecules are respelled. Each part draws all rows of its task again.
_MOST_PARTS, _LEAST_ROWS = 16, 10_000

Pairs = Callable[[], Iterable[tuple[Prompt, str]]]
"""Makes pairs of a prompt and what the model should write."""


def shares(
    tasks: Sequence[Task],
    weights: Mapping[str, float],
    others: float = 1.0,
    where: str = "weights",
) -> dict[str, float]:
    """Return each task's share of the rows; a task without a weight has that of the ``others``.

    Parameters
    ----------
    where : what the recipe calls the weights, for messages.

    Raises
    ------
    RecipeError : for a weight of an unknown task, or a negative one.
    """
    check_names(weights, tasks, where)
    names = [task.name for task in tasks]
    for name, weight in weights.items():
        if weight < 0:
            raise RecipeError(f"{where}: {name!r} is {weight}; it must not be negative")
    total = sum(weights.get(name, others) for name in names)
    if total <= 0:
        raise RecipeError(f"{where}: all are zero; give at least one task a weight")
    return {name: weights.get(name, others) / total for name in names}


def check_names(given: Iterable[str], tasks: Sequence[Task], where: str) -> None:
    """Raise RecipeError for the first name that is not a task of the recipe.

    Parameters
    ----------
    where : what the recipe calls the table or list of names.
    """
    names = [task.name for task in tasks]
    for name in given:
        if name not in names:
            raise RecipeError(f"{where}: unknown task {name!r}{nearest(name, names)}")


def draw(task: Task, rows: int, seed: int, pool: Sequence[Sample] | None = None) -> list[Sample]:
    """Return ``rows`` training samples: whole epochs in new orders, then a part of one."""
    samples = _rows(task, pool)
    rng = random.Random(f"{seed}:{task.name}")
    drawn: list[Sample] = []
    while len(drawn) < rows:
        rng.shuffle(samples)
        drawn += samples
    return drawn[:rows]


def draw_balanced(
    task: Task, rows: int, seed: int, pool: Sequence[Sample] | None = None
) -> list[Sample]:
    """Return ``rows`` training samples by weight, so that no single gold is common.

    A constant answer earns the share of its gold; advantages that are standardised in a group
    leave a weight on the reward without effect, so the draw is what can be weighted.
    """
    samples = _rows(task, pool)
    weights = row_weights(task, samples)
    if max(weights) - min(weights) <= _EQUAL:
        return draw(task, rows, seed, samples)
    rng = random.Random(f"{seed}:{task.name}:balanced")
    return [samples[place] for place in resample(weights, rows, rng)] if rows else []


def _rows(task: Task, pool: Sequence[Sample] | None) -> list[Sample]:
    samples = list(task.samples(Split.TRAIN) if pool is None else pool)
    if not samples:
        raise DataError(f"task {task.name!r} has no training rows; run the data stage again")
    return samples


@dataclass(frozen=True)
class Part:
    """Rows of one task in a training: they are made and encoded apart from the others.

    Parameters
    ----------
    task : its name. A large task has several parts, which stand one after the other.
    rows : about how many there are.
    pairs : makes (prompt, what the model should write); called only if they are not encoded yet.
    weight : how long a row takes, in any unit.
    """

    task: str
    rows: int
    pairs: Pairs
    weight: float = 1.0


def direct_parts(
    tasks: Sequence[Task],
    rows: int,
    weights: Mapping[str, float],
    seed: int,
    augment: AugmentConfig | None = None,
) -> list[Part]:
    """Return about ``rows`` (prompt, direct answer) pairs over all tasks by their shares."""
    share = shares(tasks, weights)
    augment = augment or AugmentConfig()
    parts = []
    for task in tasks:
        wanted = round(rows * share[task.name])
        respelled = augment.share if "smiles" in task.inputs.values() else 0.0
        most = _MOST_PARTS if respelled and divisible(task) else 1
        step = max(_LEAST_ROWS, math.ceil(wanted / most))
        for start in range(0, max(wanted, 1), step):
            among = range(start, min(start + step, wanted))
            pairs = partial(_direct, task, wanted, seed, augment, among)
            parts.append(Part(task.name, len(among), pairs, 1.0 + _RESPELLING * respelled))
    return parts


def _direct(
    task: Task, rows: int, seed: int, augment: AugmentConfig, among: range
) -> Iterator[tuple[Prompt, str]]:
    for sample in augmented(task, draw(task, rows, seed), augment, seed, among):
        solution = task.solution(sample, Mode.INSTANT)
        if solution is not None:
            yield task.render(sample, Mode.INSTANT), solution


def dialogues(
    tasks: Sequence[Task],
    rows: int,
    weights: Mapping[str, float],
    seed: int,
    augment: AugmentConfig | None = None,
) -> Iterator[tuple[Prompt, str]]:
    """Yield the pairs of ``direct_parts`` one after the other."""
    for part in direct_parts(tasks, rows, weights, seed, augment):
        yield from part.pairs()
