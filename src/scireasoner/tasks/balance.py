"""How training rows are drawn for reinforcement learning, so that no single answer is common.

Where a score has two values only, a constant answer earns the share of its class under every
reward map, and a weight on the reward is divided out again by group-standardised advantages.
What helps is to ask the rare classes more often.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import accumulate

from scireasoner.tasks.task import Task
from scireasoner.types import RewardGroup, Sample

MOST_COMMON = 0.10
"""The largest share of the drawn rows that have one and the same gold, where golds are open."""

_ASPECTS = 32

_CLOSED = frozenset({"boolean", "label", "choice", "property label"})
"""Kinds whose answer is one of a few classes, right or wrong."""

_TWO_VALUED = _CLOSED | {"name"}


def two_valued(task: Task) -> bool:
    """Whether the score of a readable answer is 1 or 0 and nothing between."""
    return task.answer.kind in _TWO_VALUED


def gold_of(task: Task, sample: Sample) -> Hashable:
    """Return what makes the golds of two rows the same; None where there is no gold.

    Numbers within a quarter of the task's scale are one gold. Golds that tools verify are compared
    as they are written: parsing them all is dear, and a common answer is written in one way.
    """
    if sample.gold is None or task.answer.group is RewardGroup.VERIFIED:
        return sample.gold
    value: Hashable = task.answer.read_gold(sample.gold)
    scale = getattr(task.answer, "scale", None)
    return math.floor(4.0 * value / scale) if scale and isinstance(value, float) else value


def aspects(task: Task, samples: Sequence[Sample]) -> list[Hashable]:
    """Return what each row asks about, where a few things are asked about many entities.

    The property, the side effect, the histone mark: an input with few different values. A farmer
    can read it off the question and answer each with its own constant.
    """
    few = []
    for name in task.inputs:
        different = {sample.inputs.get(name) for sample in samples}
        if 1 < len(different) <= min(_ASPECTS, len(samples) // 5):
            few.append(name)
    return [tuple(sample.inputs.get(name) for name in few) for sample in samples]


def row_weights(task: Task, samples: Sequence[Sample]) -> list[float]:
    """Return the probability with which each row should be drawn; they add up to 1.

    Within what is asked about (:func:`aspects`), the classes of a closed kind count alike.
    Elsewhere no gold gets more than a tenth of the draws (more where there are fewer than ten
    different golds): one third of all band gaps are 0.
    """
    golds = [gold_of(task, sample) for sample in samples]
    if all(gold is None for gold in golds):
        return [1.0 / len(samples) for _ in samples]
    places: dict[Hashable, list[int]] = {}
    for place, aspect in enumerate(aspects(task, samples)):
        places.setdefault(aspect, []).append(place)
    weights = [0.0] * len(samples)
    for own in places.values():
        found = balanced([golds[p] for p in own], equal=task.answer.kind in _CLOSED)
        for place, weight in zip(own, found, strict=True):
            weights[place] = weight * len(own) / len(samples)
    return weights


def balanced(golds: Sequence[Hashable], *, equal: bool = False) -> list[float]:
    """Return row weights under which no gold has more than its cap; they add up to 1.

    Parameters
    ----------
    equal : all golds get the same share, instead of at most ``MOST_COMMON``.
    """
    counts = Counter(golds)
    cap = 1.0 / len(counts) if equal else max(MOST_COMMON, 1.0 / len(counts))
    share = {gold: count / len(golds) for gold, count in counts.items()}
    capped: set[Hashable] = set()
    while True:
        rest = sum(count for gold, count in counts.items() if gold not in capped)
        left = 1.0 - cap * len(capped)
        share |= {gold: left * count / rest for gold, count in counts.items() if gold not in capped}
        above = {g for g, s in share.items() if g not in capped and s > cap * (1.0 + 1e-9)}
        if not above:
            break
        capped |= above
        share |= dict.fromkeys(above, cap)
    return [share[gold] / counts[gold] for gold in golds]


def allowed(golds: Sequence[Hashable], share: float, margin: float = 0.05) -> float:
    """Return what a constant answer may earn: a share, or chance where golds are few.

    Parameters
    ----------
    golds : of rows that are drawn by weight; k different ones give a chance of 1 / k.
    """
    different = {gold for gold in golds if gold is not None}
    return max(share, 1.0 / len(different) + margin) if different else share


def resample(weights: Sequence[float], rows: int, rng: random.Random) -> list[int]:
    """Return ``rows`` places drawn by weight, in random order.

    Systematic: a row of weight w is drawn w * rows times, rounded down or up, so equal weights
    give whole epochs.
    """
    order = list(range(len(weights)))
    rng.shuffle(order)
    # Rows of one gold stand together, so that its share is met to a row.
    order.sort(key=lambda place: weights[place])
    ends = list(accumulate(weights[place] for place in order))
    step = ends[-1] / rows
    at, start = 0, rng.random() * step
    drawn = []
    for turn in range(rows):
        while at < len(ends) - 1 and ends[at] <= start + turn * step:
            at += 1
        drawn.append(order[at])
    rng.shuffle(drawn)
    return drawn
