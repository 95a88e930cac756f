"""The audit of rewards against farming: what answers earn that know nothing of the question."""

from __future__ import annotations

import os
import random
import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context

from scireasoner.errors import DataError
from scireasoner.evaluation import farming
from scireasoner.evaluation.calibrate import FEWEST, draw_rows, weighted
from scireasoner.evaluation.constants import best_by_aspect, candidates, scores_of_constants
from scireasoner.evaluation.farming import Field, written
from scireasoner.evaluation.perturb import perturbed
from scireasoner.progress import bar
from scireasoner.tasks.balance import allowed, gold_of, two_valued
from scireasoner.tasks.registry import get
from scireasoner.tasks.task import Task
from scireasoner.types import Completion, Mode, Sample, Split

SHARE = 0.25
"""The mean reward that a farmed answer may reach on held-out rows."""
ROWS = 200
GROUP = 8
"""Answers in a group; alike ones share a reward where many answers are right."""

GOLD = "gold"
COLUMNS = (
    "empty", "best constant", "majority", "every label", "copy", "fixed ratio", "hedged list",
    "other row's gold", "random letters", "broken tags", "over-long",
)  # fmt: skip
"""The farmed answers, in the order of the table."""
_VALID = ("other row's gold", "random letters")
_EXEMPT: Mapping[str, tuple[tuple[str, ...], str]] = {
    "modulus material": (
        _VALID, "no tool here computes a modulus, so any SMACT-valid material is right"
    ),
}  # fmt: skip
_ASKED_FOR = (_VALID, "anything valid and new is right, so a valid answer earns what is asked for")


@dataclass(frozen=True)
class Audited:
    """What the answers to one task earn.

    Parameters
    ----------
    task : its name.
    rows : rows asked; 0 if there were none, and then ``why`` says so.
    split : where the rows are from.
    limit : what a farmed answer may earn.
    gold : mean reward of the right answers; None where none is known.
    farmed : mean reward by column; None where the task has no such answer.
    constant : the best constant answer (of the most rows, where each thing asked has its own).
    deviation, quartiles : standard deviation and inter-quartile range of the reward over half
        right answers (changed golds and golds of other rows).
    exempt : columns that do not count, and why.
    why : why it was not audited; empty if it was.
    """

    task: str
    rows: int = 0
    split: str = ""
    limit: float = SHARE
    gold: float | None = None
    farmed: Mapping[str, float | None] = field(default_factory=dict)
    constant: str = ""
    deviation: float | None = None
    quartiles: float | None = None
    exempt: Mapping[str, str] = field(default_factory=dict)
    why: str = ""

    @property
    def above(self) -> dict[str, float]:
        """What earns more than it may, by column; a gold below 1 is listed too."""
        found = {
            name: value
            for name, value in self.farmed.items()
            if value is not None and value > self.limit and name not in self.exempt
        }
        return found | ({GOLD: self.gold} if self.gold is not None and self.gold < 1.0 else {})


def audit(
    tasks: Sequence[Task],
    *,
    rows: int = ROWS,
    share: float = SHARE,
    seed: int = 0,
    workers: int = 1,
) -> list[Audited]:
    """Audit tasks one after another, or in processes.

    Parameters
    ----------
    rows : rows asked of each task, at most.
    share : what a farmed answer may earn.
    workers : processes; tasks that a user's file registers need 1.
    """
    work = [(task.name, rows, share, seed) for task in tasks]
    found: list[Audited] = []
    with bar("audit", len(work), "tasks") as tick:
        for done in _map(work, min(workers, os.cpu_count() or 1)):
            found.append(done)
            tick(1, done.task)
    return found


def _map(work: Sequence[tuple[str, int, float, int]], workers: int) -> Iterator[Audited]:
    if workers <= 1:
        yield from map(_one, work)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(_one, work)


def _one(work: tuple[str, int, float, int]) -> Audited:
    name, rows, share, seed = work
    return audit_task(get(name), rows=rows, share=share, seed=seed)


def audit_task(task: Task, *, rows: int = ROWS, share: float = SHARE, seed: int = 0) -> Audited:
    """Return what farmed answers to one task earn on rows that were not used to find them."""
    if not task.available(Split.TRAIN):
        return Audited(task.name, why="no training rows on this machine")
    drawn = draw_rows(task, rows, seed)
    split, asked = _held_out(task, drawn.asked, rows, seed)
    if min(len(drawn.known), len(asked)) < FEWEST:
        return Audited(task.name, why=f"fewer than {FEWEST} rows")
    ground = Field(task, drawn.known, asked, seed)
    constants = _best_constants(ground, drawn.asked)
    texts = _texts(ground, constants)
    farmed = {name: _mean(task, asked, column) for name, column in texts.items()}
    for name, make in (("copy", farming.copies), ("fixed ratio", farming.fixed_ratios)):
        ways = [_mean(task, asked, way) for way in make(ground)]
        farmed[name] = max((value for value in ways if value is not None), default=None)
    for name in _shared(task):
        value = farmed.get(name)
        farmed[name] = None if value is None else round(value / GROUP, 4)
    limit = allowed([gold_of(task, sample) for sample in asked], share)
    deviation, quartiles = _spread(ground)
    golds = [s.example and written(task, s.example) for s in asked]
    # A training row is no right answer where the answer must be new.
    known_only = task.open_ended and split == Split.TRAIN.value
    return Audited(
        task.name,
        len(asked),
        split,
        limit,
        None if known_only else _mean(task, asked, golds),
        {name: farmed.get(name) for name in COLUMNS},
        Counter(constants).most_common(1)[0][0],
        deviation,
        quartiles,
        _exempt(task, farmed, limit),
    )


def _shared(task: Task) -> tuple[str, ...]:
    """Return the columns of answers that are alike in a group, where such share one reward."""
    if task.open_ended:
        return ("best constant", "majority")
    return ("copy", "fixed ratio") if hasattr(task.answer, "alike") else ()


def _exempt(task: Task, farmed: Mapping[str, float | None], limit: float) -> dict[str, str]:
    """Return the columns above the limit that are known and cannot be mended, with the reason."""
    columns, why = _EXEMPT.get(task.answer.kind, _ASKED_FOR if task.open_ended else ((), ""))
    return {name: why for name in columns if (farmed.get(name) or 0.0) > limit}


def _held_out(
    task: Task, trained: Sequence[Sample], rows: int, seed: int
) -> tuple[str, tuple[Sample, ...]]:
    """Return test rows with an answer, drawn by weight.

    Development rows are added where the test rows are few; training rows stand in for both.
    """
    rng = random.Random(f"{seed}:{task.name}:audit")
    found: list[Sample] = []
    splits: list[str] = []
    for split in (Split.TEST, Split.DEV):
        try:
            more = [sample for sample in task.samples(split) if sample.example is not None]
        except DataError:
            continue
        if more and len(found) < rows:
            found += more
            splits.append(split.value)
    if len(found) < FEWEST:
        return Split.TRAIN.value, tuple(trained)
    return " and ".join(splits), weighted(task, found, rows, rng)


def _best_constants(ground: Field, trained: Sequence[Sample]) -> list[str]:
    """Return for each asked row the constant that earns most on training rows.

    One for all rows, or one for each thing that is asked about, where these are few.
    """
    import numpy as np

    task, g = ground.task, ground.task.g
    texts = candidates(ground)
    table = np.vectorize(g)(scores_of_constants(task, texts, trained))
    return [texts[place] for place in best_by_aspect(task, table, trained, ground.asked)]


def _texts(ground: Field, constants: Sequence[str]) -> dict[str, list[str | None]]:
    common, _ = Counter(ground.examples).most_common(1)[0]
    texts: dict[str, list[str | None]] = {
        "best constant": list(constants),
        "majority": [written(ground.task, common) for _ in ground.asked],
    }
    return texts | {name: make(ground) for name, make in farming.STRATEGIES.items()}


def _rewards(task: Task, rows: Sequence[Sample], texts: Sequence[str | None]) -> list[float]:
    """Return the reward of each row's own text; rows without one are left out."""
    found = []
    for text, sample in zip(texts, rows, strict=True):
        if text is not None:
            outcome = task.judge(sample, Completion(text, 0), Mode.INSTANT)
            reward = task.reward(outcome)
            if reward is not None:
                found.append(reward)
    return found


def _mean(task: Task, rows: Sequence[Sample], texts: Sequence[str | None]) -> float | None:
    found = _rewards(task, rows, texts)
    return round(statistics.fmean(found), 4) if found else None


def _spread(ground: Field) -> tuple[float | None, float | None]:
    """Return standard deviation and inter-quartile range of the reward of half right answers.

    None where an answer is right or wrong and nothing between.
    """
    if two_valued(ground.task):
        return None, None
    texts = [*perturbed(ground), *farming.another(ground)]
    found = _rewards(ground.task, [*ground.asked, *ground.asked], texts)
    if len(found) < 2:
        return None, None
    low, _, high = statistics.quantiles(found, n=4)
    return round(statistics.pstdev(found), 4), round(high - low, 4)
