"""R = g(m): from the judge's score m in [0, 1] to a reward in [0, 1].

The paper (arXiv 2509.21320) softens every verifiable metric into a continuous reward without
publishing the maps. Ours are one family, g(m) = m ** k, strictly monotone with g(0) = 0 and
g(1) = 1. k is calibrated on the training rows of each task (``tasks/calibration.json``); the
exponents below bound it, or stand in for it where a task has no rows.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from scireasoner.errors import TaskError
from scireasoner.types import OUR_FAULTS, Outcome, RewardGroup


@dataclass(frozen=True)
class Soften:
    """A strictly monotone map of [0, 1] onto itself.

    Parameters
    ----------
    name : as printed in manifests.
    fn : the map; g(0) = 0 and g(1) = 1.
    """

    name: str
    fn: Callable[[float], float]

    def __post_init__(self) -> None:
        """Check the map on a grid, so that a wrong one fails where it is declared."""
        values = [self.fn(i / 100) for i in range(101)]
        steps = itertools.pairwise(values)
        if values[0] != 0.0 or values[-1] != 1.0 or any(b <= a for a, b in steps):
            raise TaskError(
                f"soften {self.name!r} is not a strictly monotone map with g(0) = 0, g(1) = 1: "
                f"g(0) = {values[0]}, g(1) = {values[-1]}; mend its function"
            )

    def __call__(self, score: float) -> float:
        """Return the reward of a score in [0, 1]."""
        if not 0.0 <= score <= 1.0 or math.isnan(score):
            raise ValueError(f"a score in [0, 1] was expected, {score!r} came")
        return self.fn(score)


def power(exponent: float) -> Soften:
    """Return g(m) = m ** exponent; convex (near misses are worth little) above 1."""
    return Soften(f"power {exponent:g}", partial(_power, exponent=exponent))


def _power(score: float, exponent: float) -> float:
    return score**exponent


IDENTITY = power(1.0)

LEAST: Mapping[RewardGroup, float] = MappingProxyType(
    {
        # The score 1 / (1 + |e| / scale) is bounded, scale-aware and steepest at the target.
        RewardGroup.DISTANCE: 1.0,
        # Set F1 is already proportional to what was found; labels are 0 or 1 under any map.
        RewardGroup.MATCHING: 1.0,
        # A near miss is an other molecule. Structural similarity starts well above 0 for any
        # plausible answer (Tanimoto 0.3 to 0.5 is common), so a linear reward would pay for
        # safe look-alikes. The square makes the best near miss (score 0.85) worth 0.72: an
        # attempt that is exact in three of four cases pays more than always being close, while
        # better similarity still earns more, so groups without an exact answer keep a gradient.
        RewardGroup.VERIFIED: 2.0,
    }
)
"""The least exponent of each group: calibration only goes up from it."""

EXPONENTS: Mapping[RewardGroup, float] = MappingProxyType(
    {
        # With the golds' median absolute deviation as the scale, the median as a constant answer
        # earns 0.2 at an exponent of 3.3 (Gaussian), 3.5 (Laplace), 3.2 (exponential).
        RewardGroup.DISTANCE: 3.5,
        # Lists and texts were calibrated to between 1 and 2.1.
        RewardGroup.MATCHING: 1.5,
        RewardGroup.VERIFIED: 2.0,
    }
)
"""The exponent of each group where a task has no rows to calibrate it on."""

DEFAULTS: Mapping[RewardGroup, Soften] = MappingProxyType(
    {group: power(exponent) for group, exponent in EXPONENTS.items()}
)
"""The reward map of each group where a task declares none and none was calibrated."""


def reward(outcome: Outcome, soften: Soften) -> float | None:
    """Return g(score) in [0, 1], 0 for the model's faults, None for our own failures.

    None keeps an answer that we could not judge out of the gradient.
    """
    if outcome.fault in OUR_FAULTS:
        return None
    return 0.0 if outcome.fault is not None else soften(outcome.score)


def soft_overlong(length: int, max_length: int, cache: int) -> float:
    """Return DAPO's soft overlong penalty in [-1, 0] (arXiv 2503.14476, eq. 13).

    Parameters
    ----------
    length : generated tokens.
    max_length : the hard limit, in tokens; beyond it the penalty is -1.
    cache : the last tokens before the limit, over which the penalty grows linearly from 0 to -1.
    """
    if not 0 < cache <= max_length:
        raise ValueError(f"cache must lie in [1, max_length = {max_length}], {cache} came")
    free = max_length - cache
    if length <= free:
        return 0.0
    return -1.0 if length > max_length else (free - length) / cache
