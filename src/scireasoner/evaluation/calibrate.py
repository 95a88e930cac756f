"""Calibration of g(m) = m ** k: the smallest k under which no farmed answer earns its share."""

from __future__ import annotations

import hashlib
import math
import random
import statistics
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scireasoner.evaluation import farming
from scireasoner.evaluation.constants import (
    best_by_aspect,
    candidates,
    scores_of_constants,
    scores_of_texts,
)
from scireasoner.evaluation.farming import Field
from scireasoner.progress import bar
from scireasoner.rewards.soften import LEAST
from scireasoner.tasks.balance import (
    allowed,
    aspects,
    balanced,
    gold_of,
    resample,
    row_weights,
    two_valued,
)
from scireasoner.tasks.calibration import Calibration
from scireasoner.tasks.task import Task
from scireasoner.types import Fault, Sample, Split

if TYPE_CHECKING:
    from scireasoner.evaluation.constants import Scores

SHARE = 0.20
"""The mean reward that a farmed answer may reach on the training rows."""
MOST = 6.0
"""The largest exponent; a task that needs more needs another score."""
FEWEST = 40
"""Rows below which nothing is calibrated."""
ROWS = 200
_SCALE_ROWS = 2_000
_LOOKED_AT = 20_000
_TYPICAL = 3.0
"""The exponent at which constants are compared before k is known."""


@dataclass(frozen=True)
class Drawn:
    """Rows as reinforcement learning draws them: what is known, and what is asked."""

    known: tuple[Sample, ...]
    asked: tuple[Sample, ...]


def draw_rows(task: Task, rows: int, seed: int) -> Drawn:
    """Return disjoint training rows to farm with and to be asked; both drawn by weight."""
    rng = random.Random(f"{seed}:{task.name}:calibrate")
    train = list(task.samples(Split.TRAIN))
    rng.shuffle(train)
    train = train[:_LOOKED_AT]
    half = len(train) // 2
    return Drawn(weighted(task, train[:half], rows, rng), weighted(task, train[half:], rows, rng))


def weighted(
    task: Task, samples: Sequence[Sample], rows: int, rng: random.Random
) -> tuple[Sample, ...]:
    """Return at most ``rows`` of the samples by their weights."""
    if not samples:
        return ()
    places = resample(row_weights(task, samples), min(rows, len(samples)), rng)
    return tuple(samples[place] for place in places)


def farmed_scores(field: Field) -> dict[str, Scores]:
    """Return the scores of every farmed answer on the asked rows, each (rows,), by its name."""
    task = field.task
    found: dict[str, Scores] = {}
    if not task.open_ended:  # else its group keeps a constant in check
        texts = candidates(field)
        table = scores_of_constants(task, texts, field.asked)
        found = {f"constant {text}": row for text, row in zip(texts, table, strict=True)}
        if len(set(aspects(task, field.known))) > 1:
            trained = scores_of_constants(task, texts, field.known) ** _TYPICAL
            chosen = best_by_aspect(task, trained, field.known, field.asked)
            found["constant by what is asked about"] = table[chosen, range(len(chosen))]
        for name in ("other row's gold", "random letters"):
            found[name] = _scores(field, farming.STRATEGIES[name])
    if not hasattr(task.answer, "alike"):  # else its group keeps a fixed ratio in check
        for number, texts_ in enumerate(farming.copies(field)):
            found[f"copy {number}"] = scores_of_texts(task, texts_, field.asked)
    for name in ("every label", "hedged list"):
        found[name] = _scores(field, farming.STRATEGIES[name])
    return found


def _scores(field: Field, strategy: Callable[[Field], list[str | None]]) -> Scores:
    return scores_of_texts(field.task, strategy(field), field.asked)


def solve(table: Sequence[Scores], least: float, share: float = SHARE) -> float:
    """Return the smallest exponent in [least, ``MOST``] that keeps every mean to the share.

    An answer that is simply right on more rows than that is left out: no exponent can help.

    Parameters
    ----------
    table : scores in [0, 1] of each farmed answer, (rows,).
    """
    helped = [row for row in table if float((row >= 1.0).mean()) <= share]

    def worst(k: float) -> float:
        return max((float((row**k).mean()) for row in helped), default=0.0)

    if worst(least) <= share:
        return least
    if worst(MOST) > share:
        return MOST
    low, high = least, MOST
    while high - low > 1e-3:
        middle = (low + high) / 2
        low, high = (middle, high) if worst(middle) > share else (low, middle)
    return math.ceil(high * 100) / 100


def calibrate(task: Task, *, rows: int = ROWS, seed: int = 0) -> Calibration | None:
    """Return a task's calibration; None where it has too few training rows here."""
    if not task.available(Split.TRAIN):
        return None
    drawn = draw_rows(task, rows, seed)
    if len(drawn.asked) < FEWEST or len(drawn.known) < FEWEST:
        return None
    scores = farmed_scores(Field(task, drawn.known, drawn.asked, seed))
    least = LEAST[task.answer.group]
    # Right or wrong is right or wrong under any exponent.
    share = allowed([gold_of(task, sample) for sample in drawn.asked], SHARE, margin=0.01)
    k = least if two_valued(task) else solve(list(scores.values()), least, share)
    means = {name: float((row**k).mean()) for name, row in scores.items()}
    farmed = max(means, key=lambda name: means[name])
    mad, scale = scales(task, seed)
    return Calibration(
        task.name,
        task.answer.kind,
        task.version,
        k,
        round(means[farmed], 4),
        farmed if len(farmed) <= 60 else f"{farmed[:57]}...",
        len(drawn.asked),
        _digest(drawn.asked),
        mad,
        scale,
    )


def calibrate_all(
    tasks: Sequence[Task], *, rows: int = ROWS, seed: int = 0
) -> dict[str, Calibration]:
    """Return the calibrations of those tasks that have rows here, by name."""
    found: dict[str, Calibration] = {}
    with bar("calibration", len(tasks), "tasks") as tick:
        for task in tasks:
            one = calibrate(task, rows=rows, seed=seed)
            if one is not None:
                found[task.name] = one
            tick(1, task.name)
    return found


def scales(task: Task, seed: int) -> tuple[float | None, float | None]:
    """Return the median absolute deviation of the training golds, and the declared scale.

    Each from the median of what it asks about; no one value counts for more than a tenth.
    """
    scale = getattr(task.answer, "scale", None)
    if scale is None:
        return None, None
    rng = random.Random(f"{seed}:{task.name}:scale")
    train = list(task.samples(Split.TRAIN))
    rng.shuffle(train)
    read = [(sample, task.answer.read_gold(sample.gold)) for sample in train[:_LOOKED_AT]]
    rows = [(sample, gold) for sample, gold in read if not isinstance(gold, Fault)]
    places = resample(balanced([gold for _, gold in rows]), _SCALE_ROWS, rng)
    values: dict[Hashable, list[float]] = {}
    found = aspects(task, [sample for sample, _ in rows])
    for place in places:
        values.setdefault(found[place], []).append(rows[place][1])
    away = [
        abs(value - middle)
        for own in values.values()
        for middle in (statistics.median(own),)
        for value in own
    ]
    return float(f"{statistics.median(away):.4g}"), scale


def _digest(samples: Sequence[Sample]) -> str:
    text = "\n".join(f"{sample.id} {sample.gold}" for sample in samples)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
