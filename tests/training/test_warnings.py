"""Early warnings on made-up curves: what begins, what does not, and when."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from scireasoner.training.warnings import warned

Point = dict[str, float]


def curve(steps: int, **series: Callable[[float], float]) -> list[Point]:
    """Return a noisy curve; each series is a function of the progress from 0 to 1.

    ``score`` stands for ``rollout/score`` and so on; ``task_reward`` for a task's.
    """
    noise = random.Random(0)
    names = {
        "entropy": "entropy",
        "score": "rollout/score",
        "correct": "rollout/correct",
        "length": "rollout/length",
        "truncated": "rollout/truncated",
        "fault": "rollout/fault",
        "kept": "dapo/kept",
        "task_reward": "task/logp/reward",
        "task_correct": "task/logp/correct",
    }
    return [
        {"step": step}
        | {
            names[name]: value(step / steps) * noise.uniform(0.9, 1.1)
            for name, value in series.items()
        }
        for step in range(1, steps + 1)
    ]


def flat(value: float) -> Callable[[float], float]:
    return lambda _: value


def line(start: float, end: float) -> Callable[[float], float]:
    return lambda t: start + (end - start) * t


def dev(gain: float, low: float, high: float) -> Point:
    """Return a point at which development rows of a task were asked."""
    named = {"correct": 0.5, "gain": gain, "low": low, "high": high}
    return {f"dev/logp/{name}": value for name, value in named.items()}


CASES: list[tuple[str, list[Point], list[str]]] = [
    ("a good run", curve(40, score=line(0.2, 0.6), correct=line(0.1, 0.5), entropy=line(1, 0.7),
                         length=line(20, 25), fault=line(0.3, 0.1), kept=flat(0.6)), []),
    ("nothing happens", curve(40, score=flat(0.2), correct=flat(0.1), entropy=flat(1),
                              length=flat(20), fault=flat(0.2), kept=flat(0.6)), []),
    ("the entropy collapses", curve(40, entropy=lambda t: 0.8 * 0.02**t), ["entropy_collapse"]),
    ("the entropy halves", curve(40, entropy=line(0.8, 0.4)), []),
    ("collapsed and short", curve(9, entropy=lambda t: 0.8 * 0.02**t), []),
    ("farming", curve(40, score=line(0.2, 0.5), correct=flat(0.1)), ["farming"]),
    ("farming while correct falls", curve(40, score=line(0.2, 0.5), correct=line(0.3, 0.1)),
     ["farming"]),
    ("correct follows slowly", curve(40, score=line(0.2, 0.5), correct=line(0.1, 0.25)), []),
    ("a rise too small to tell", curve(40, score=line(0.2, 0.23), correct=flat(0.1)), []),
    ("one task is farmed", curve(40, score=line(0.2, 0.4), correct=line(0.1, 0.3),
                                 task_reward=line(0.1, 0.6), task_correct=flat(0.05)),
     ["farming/logp"]),
    ("nothing is ever correct, and the reward rises",
     curve(40, score=line(0.1, 0.4), correct=flat(0.0)), ["farming"]),
    ("answers grow without end", curve(40, length=line(20, 90)), ["length_runaway"]),
    ("answers grow", curve(40, length=line(20, 34)), []),
    ("more and more are cut", curve(40, length=line(80, 100), truncated=line(0.05, 0.6)),
     ["length_runaway"]),
    ("many are cut all along", curve(40, length=flat(90), truncated=flat(0.5)), []),
    ("faults rise", curve(40, fault=line(0.1, 0.5)), ["faults_rising"]),
    ("faults fall", curve(40, fault=line(0.5, 0.1)), []),
    ("nothing is kept at the end", curve(40, kept=lambda t: 0.0 if t > 0.9 else 0.5),
     ["nothing_kept"]),
    ("nothing is kept now and then", curve(40, kept=lambda t: 0.0 if t == 1 else 0.5), []),
    ("nothing is kept from the start", curve(3, kept=flat(0.0)), ["nothing_kept"]),
    ("development rows fall", [dev(-0.1, -0.15, -0.05)], ["falling/logp"]),
    ("development rows fell, long ago", [dev(-0.1, -0.15, -0.05), {"step": 9.0}], ["falling/logp"]),
    ("development rows fell and came back", [dev(-0.1, -0.15, -0.05), dev(0.0, -0.05, 0.05)], []),
    ("development rows seem to fall", [dev(-0.1, -0.18, -0.02)], []),
    ("development rows rise", [dev(0.1, 0.05, 0.15)], []),
    ("no curve", [], []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("points", "names"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_which_warnings_hold(points: list[Point], names: list[str]) -> None:
    found = warned(points)
    assert [one.name for one in found] == names
    assert all(one.text and not one.text.endswith(".") for one in found)


def test_points_without_rollouts_are_passed_over() -> None:
    """Steps that share a batch log its loss alone."""
    points = [p for q in curve(40, entropy=flat(1), fault=line(0.1, 0.5)) for p in (q, {"step": 0})]
    assert [one.name for one in warned(points)] == ["faults_rising"]


def test_the_commonest_fault_is_named() -> None:
    points = curve(40, fault=line(0.1, 0.5))
    points[-1] |= {"fault/no answer": 0.1, "fault/invalid molecule": 0.4}
    (one,) = warned(points)
    assert "'invalid molecule'" in one.text


def test_a_warning_begins_when_it_can_be_told_and_not_before() -> None:
    points = curve(60, score=line(0.2, 0.6), correct=flat(0.1))
    began = next(n for n in range(len(points)) if warned(points[:n]))
    assert 10 <= began < 40
    assert all(warned(points[:n]) for n in range(began, 61))
