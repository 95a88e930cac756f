"""Which questions RL asks: those that the cold-start model answers right sometimes, not always.

Each training row of a sample gets eight answers; rows with 2 to 6 right ones are kept (pass rate
strictly between 0.125 and 0.875), a thousand a task, topped up where they are too few
(arXiv 2509.21320). The temperature is set once for each task, on its first rows.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from scireasoner.artifacts import read_jsonl
from scireasoner.errors import RecipeError
from scireasoner.recipes.bounds import above_zero, not_negative, shares_of_one
from scireasoner.tasks.rows import Place
from scireasoner.tasks.task import Source, Task
from scireasoner.types import Mode, Sample, Split

ROWS = "rows.jsonl"
TABLE = "difficulty.json"


@dataclass(frozen=True)
class DifficultyConfig:
    """The difficulty filter. The paper prints N, the band, K and 0.9; the rest is ours.

    Parameters
    ----------
    rows : training rows of each task that are rolled out, at most; 0 leaves the stage out.
    rollouts : answers to each row.
    keep : the fewest and the most right answers of a row that is kept.
    per_task : K, rows of each task that RL gets.
    temperature : where each task begins; ``step`` is one change of it, ``temperatures`` the
        lowest and the highest.
    tune_rows : the first rows of a task, on which a temperature is tried.
    max_alike : the temperature goes up if on more than this share of the rows all answers are
        the same.
    max_unreadable : it goes down if more than this share of the answers cannot be read; this
        counts first.
    max_tokens : longest answer; 0 takes the task's own limit.
    batch : rows rolled out and logged together.
    """

    rows: int = 0
    rollouts: int = 8
    keep: tuple[int, ...] = (2, 6)
    per_task: int = 1_000
    temperature: float = 0.9
    step: float = 0.1
    temperatures: tuple[float, ...] = (0.5, 1.3)
    tune_rows: int = 32
    max_alike: float = 0.8
    max_unreadable: float = 0.3
    max_tokens: int = 0
    batch: int = 64

    def __post_init__(self) -> None:
        """Check the band, the temperatures and the counts."""
        above_zero(self, "rollouts", "tune_rows", "per_task", "batch")
        not_negative(self, "rows", "max_tokens")
        shares_of_one(self, "max_alike", "max_unreadable")
        if len(self.keep) != 2 or not 0 <= self.keep[0] <= self.keep[1] <= self.rollouts:
            raise RecipeError(
                f"difficulty.keep is {list(self.keep)}; give the fewest and the most right answers "
                f"of a kept row, between 0 and difficulty.rollouts ({self.rollouts})"
            )
        low, high = self.temperatures if len(self.temperatures) == 2 else (0.0, -1.0)
        if not 0 < low <= self.temperature <= high or self.step <= 0:
            raise RecipeError(
                f"difficulty.temperatures is {list(self.temperatures)} with temperature "
                f"{self.temperature} and step {self.step}; give the lowest and the highest, above "
                "0, with the first temperature between them, and a step above 0"
            )


@dataclass(frozen=True, slots=True)
class Rolled:
    """A row that was rolled out: right answers, unreadable ones, whether all were the same.

    ``ours`` counts answers on which our own tools failed: the row then counts for nothing.
    """

    sample: str
    right: int
    unreadable: int
    alike: bool
    ours: int = 0


@dataclass(frozen=True, slots=True)
class Try:
    """A temperature and what the first rows gave at it, as shares in [0, 1]."""

    temperature: float
    alike: float
    unreadable: float


def settle(tries: Sequence[Try], config: DifficultyConfig) -> tuple[float, bool]:
    """Return the temperature to try next and False, or the one to keep and True.

    Up by a step where answers are too alike, down where too many cannot be read. It never goes
    round in a circle: between a temperature at which they are too alike and the next one at which
    they cannot be read, the lower one is kept.
    """
    if not tries:
        return config.temperature, False
    last = tries[-1]
    low, high = config.temperatures
    if last.unreadable > config.max_unreadable:
        wanted = max(low, last.temperature - config.step)
    elif last.alike > config.max_alike:
        wanted = min(high, last.temperature + config.step)
    else:
        return last.temperature, True
    wanted = round(wanted, 6)
    if any(tried.temperature == wanted for tried in tries):
        return min(wanted, last.temperature), True
    return wanted, False


def chosen(
    rolled: Sequence[Rolled], config: DifficultyConfig, seed: int, task: str
) -> tuple[list[str], list[str]]:
    """Return the rows that are kept, and those that top them up, K together where there are K.

    Drawn without replacement. The rest tops up by nearness to half right answers, so that rows
    that are never or always right come last; equals come in an order that the seed fixes.
    """
    low, high = config.keep
    order = sorted(rolled, key=lambda row: row.sample)
    random.Random(f"{seed}:{task}:difficulty").shuffle(order)
    kept = [row.sample for row in order if low <= row.right <= high][: config.per_task]
    rest = [row for row in order if not low <= row.right <= high]
    rest.sort(key=lambda row: abs(2 * row.right - config.rollouts))
    return kept, [row.sample for row in rest[: config.per_task - len(kept)]]


def histogram(rolled: Sequence[Rolled], rollouts: int) -> tuple[int, ...]:
    """Return how many rows have 0, 1, ... all of their answers right."""
    counts = [0] * (rollouts + 1)
    for row in rolled:
        counts[row.right] += 1
    return tuple(counts)


@dataclass(frozen=True)
class TaskDifficulty:
    """What the stage found for one task.

    Parameters
    ----------
    rule : what makes an answer right, in words.
    rows : rows that were rolled out; ``histogram`` counts them by their right answers.
    ours : rows that count for nothing, because our own tools failed on an answer.
    unreadable : share in [0, 1] of the answers that could not be read.
    """

    task: str
    mode: Mode
    rule: str
    temperature: float
    tries: tuple[Try, ...]
    rows: int
    histogram: tuple[int, ...]
    kept: int
    topped_up: int
    unreadable: float
    ours: int


def as_table(found: Sequence[TaskDifficulty], config: DifficultyConfig) -> dict[str, Any]:
    """Return the table with the thresholds that made it, as plain values."""
    return {**asdict(config), "tasks": [asdict(one) for one in found]}


@dataclass(frozen=True)
class _Chosen:
    """A source whose training rows are those that were chosen."""

    source: Source
    names: frozenset[str]

    def load(self, task: str, split: Split) -> Sequence[Sample]:
        """Return the rows of a split; of the training rows the chosen ones."""
        rows = self.source.load(task, split)
        return [row for row in rows if row.id in self.names] if split is Split.TRAIN else rows

    def places(self, task: str) -> Sequence[Place]:
        """Return where the rows come from."""
        return self.source.places(task)


def chosen_tasks(tasks: Sequence[Task], out: Path) -> tuple[Task, ...]:
    """Return the tasks with their training rows narrowed to those that the stage chose.

    A task that was not rolled out stays as it is; all do where the stage was left out.
    """
    if not (out / ROWS).is_file():
        return tuple(tasks)
    names: dict[str, set[str]] = {}
    for row in read_jsonl(out / ROWS):
        names.setdefault(row["task"], set()).add(row["sample"])
    return tuple(
        replace(t, data=_Chosen(t.data, frozenset(names[t.name]))) if t.name in names else t
        for t in tasks
    )
