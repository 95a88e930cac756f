"""Early warnings of reinforcement learning, computed from the curve alone.

Each compares the last points of the curve with the first ones, or development rows with
themselves. They say where to look and stop nothing: the samples of the run and held-out scores
decide.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

FLAG = "warning/"
"""Prefix of a warning's name in a point of the curve, whose value is then 1."""

Curve = Sequence[Mapping[str, float]]

_FEWEST = 10  # points before anything is said
_WINDOW = 6
_SURE = 3.0  # standard errors
_COLLAPSED = 0.25
_FARMED = 0.25
_LEAST_RISE = 0.1
_RUNAWAY = 2.0
_TRUNCATED = 0.25
_FAULTS_UP = 0.15
_EMPTY_FOR = 3
_ERRORS_WIDE = 2 * 1.96  # a 95 % interval, in standard errors


@dataclass(frozen=True)
class Warned:
    """A warning that holds now.

    Parameters
    ----------
    name : short, without spaces; with the task where it is about one.
    text : what is seen, and what to look at.
    """

    name: str
    text: str


def warned(curve: Curve) -> list[Warned]:
    """Return the warnings that hold at the end of a curve.

    Parameters
    ----------
    curve : logged points of RL in the order of steps, with some of ``entropy``,
        ``rollout/score``, ``rollout/correct``, ``rollout/length``, ``rollout/truncated``,
        ``rollout/fault``, ``dapo/kept``, ``task/<name>/reward``, ``task/<name>/correct`` and
        ``dev/<name>/correct``, ``gain``, ``low``, ``high``.
    """
    found = [_collapse(curve), _length(curve), _faults(curve), _nothing_kept(curve)]
    return [one for one in found if one is not None] + [*_farming(curve), *_falling(curve)]


@dataclass(frozen=True)
class _Change:
    """Means of the first and of the last points of a series, and their difference in errors."""

    first: float
    last: float
    errors: float

    @property
    def rise(self) -> float:
        return self.last - self.first


def _change(curve: Curve, name: str) -> _Change | None:
    values = [row[name] for row in curve if name in row]
    if len(values) < _FEWEST:
        return None
    window = max(_WINDOW, len(values) // 5)
    window = min(window, len(values) // 2)
    (first, start), (last, end) = _mean(values[:window]), _mean(values[-window:])
    error = math.hypot(start, end)
    rise = last - first
    sure = math.copysign(math.inf, rise) if rise else 0.0
    return _Change(first, last, rise / error if error else sure)


def _mean(values: Sequence[float]) -> tuple[float, float]:
    """Return the mean and its standard error."""
    mean = sum(values) / len(values)
    variance = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
    return mean, math.sqrt(variance / len(values))


def _collapse(curve: Curve) -> Warned | None:
    change = _change(curve, "entropy")
    if change is None or change.last > _COLLAPSED * change.first or change.errors > -_SURE:
        return None
    return Warned(
        "entropy_collapse",
        f"the entropy fell from {change.first:.2f} to {change.last:.2f} nats a token: the model "
        "stops to explore; raise rl.epsilon_high or rl.temperature, or lower rl.fit.lr",
    )


def _farming(curve: Curve) -> Iterator[Warned]:
    """Yield a warning for the whole mixture and for each task whose reward is farmed."""
    tasks = sorted({k.split("/")[1] for row in curve for k in row if k.startswith("task/")})
    pairs = [("", "rollout/score", "rollout/correct")]
    pairs += [(task, f"task/{task}/reward", f"task/{task}/correct") for task in tasks]
    for task, reward, correct in pairs:
        up, right = _change(curve, reward), _change(curve, correct)
        if up is None or right is None or up.rise < _LEAST_RISE or up.errors < _SURE:
            continue
        if right.rise < _FARMED * up.rise and right.errors < _SURE:
            where = f" of {task}" if task else ""
            yield Warned(
                f"farming/{task}" if task else "farming",
                f"the reward{where} rose from {up.first:.2f} to {up.last:.2f} while the share of "
                f"correct answers went from {right.first:.2f} to {right.last:.2f}: look at the "
                "best rollouts, and at what `scireasoner reward audit` says of the task",
            )


def _falling(curve: Curve) -> Iterator[Warned]:
    """Yield a warning for each task that is surely worse on development rows than it was."""
    asked = next((row for row in reversed(curve) if any(k.startswith("dev/") for k in row)), {})
    for task in sorted({key.split("/")[1] for key in asked if key.startswith("dev/")}):
        now, gain, low, high = (
            asked[f"dev/{task}/{name}"] for name in ("correct", "gain", "low", "high")
        )
        if gain < -_SURE * (high - low) / _ERRORS_WIDE:
            yield Warned(
                f"falling/{task}",
                f"of the development rows of {task}, {now - gain:.0%} of the answers were right at "
                f"the start and {now:.0%} are now: ask it too, or oftener (rl.weights), lower "
                "rl.fit.lr, or stop earlier",
            )


def _length(curve: Curve) -> Warned | None:
    length, cut = _change(curve, "rollout/length"), _change(curve, "rollout/truncated")
    if length is None:
        return None
    ran = length.last > _RUNAWAY * length.first and length.errors > _SURE
    hit = cut is not None and cut.last > _TRUNCATED and cut.errors > _SURE
    if not ran and not hit:
        return None
    share = f", {cut.last:.0%} are cut at the limit" if cut is not None else ""
    return Warned(
        "length_runaway",
        f"answers grew from {length.first:.0f} to {length.last:.0f} tokens{share}: lower "
        "rl.max_tokens or raise rl.overlong_cache",
    )


def _faults(curve: Curve) -> Warned | None:
    change = _change(curve, "rollout/fault")
    if change is None or change.rise < _FAULTS_UP or change.errors < _SURE:
        return None
    shares = {k: row[k] for row in curve[-_WINDOW:] for k in row if k.startswith("fault/")}
    worst = max(shares, key=lambda k: shares[k], default="fault/of several kinds")
    return Warned(
        "faults_rising",
        f"the share of answers with a fault rose from {change.first:.0%} to {change.last:.0%}, "
        f"most of them {worst.removeprefix('fault/')!r}: look at the worst rollouts",
    )


def _nothing_kept(curve: Curve) -> Warned | None:
    kept = [row["dapo/kept"] for row in curve if "dapo/kept" in row]
    if len(kept) < _EMPTY_FOR or any(kept[-_EMPTY_FOR:]):
        return None
    return Warned(
        "nothing_kept",
        f"no group of the last {_EMPTY_FOR} batches taught anything, so nothing is learnt: the "
        "questions are all too hard or all too easy; change rl.weights or the questions",
    )
