"""The part of a report about reinforcement learning: curves, warnings, rollouts to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scireasoner.evaluation import charts
from scireasoner.evaluation.report_data import Curve, ReportData

_MOST_FAULTS = 6
_SHOWN_TIMES = 2  # the first and the last samples

_ONE = tuple[str, str, str]  # name, key in the curve, colour
# heading, what the axis shows, lines
PANELS: tuple[tuple[str, str, tuple[_ONE, ...]], ...] = (
    (
        "mean reward and share of correct rollouts",
        "0 to 1",
        (("reward", "rollout/score", "c1"), ("correct", "rollout/correct", "c3")),
    ),
    ("length of the rollouts", "tokens", (("mean", "rollout/length", "c2"),)),
    ("entropy", "nats/token", (("entropy", "entropy", "c4"),)),
    (
        "share of tokens that are clipped",
        "share",
        (("below", "clip_ratio/low_mean", "c5"), ("above", "clip_ratio/high_mean", "c6")),
    ),
    (
        "groups that teach, and why others do not",
        "share of the groups",
        (
            ("kept", "dapo/kept", "c3"),
            ("none correct", "dapo/none_correct", "c7"),
            ("all correct", "dapo/all_correct", "c2"),
        ),
    ),
    (
        "importance ratio and staleness",
        "ratio; optimiser steps",
        (("largest ratio", "ratio/max", "c6"), ("staleness", "dapo/staleness", "c1")),
    ),
)


@dataclass(frozen=True)
class Panel:
    """A chart with its legend: (name, colour) of each line."""

    heading: str
    chart: str
    legend: Sequence[tuple[str, str]]


def rl_panels(curve: Curve) -> list[Panel]:
    """Return the charts of a training's curve; what it has no numbers of is left out."""
    smooth = max(5, len(curve) // 8)
    drawn = []
    for heading, label, wanted in (*PANELS, _faults(curve)):
        found = [(name, points(curve, key), style) for name, key, style in wanted]
        series = [charts.Series(name, own, style, smooth) for name, own, style in found if own]
        chart = charts.lines(series, x_label="step", y_label=label, title=heading)
        if chart:
            drawn.append(Panel(heading, chart, [(one.name, one.style) for one in series]))
    return drawn


def _faults(curve: Curve) -> tuple[str, str, tuple[_ONE, ...]]:
    """Return the panel of faults: all, and the commonest by name."""
    total: dict[str, float] = {}
    for row in curve:
        for key, value in row.items():
            if key.startswith("fault/"):
                total[key] = total.get(key, 0.0) + value
    named = sorted(total, key=lambda key: (-total[key], key))[:_MOST_FAULTS]
    lines = [("all", "rollout/fault", "c1")]
    lines += [(k.removeprefix("fault/"), k, f"c{i}") for i, k in enumerate(named, start=2)]
    return "faults of the rollouts", "share", tuple(lines)


def points(curve: Curve, key: str) -> list[tuple[float, float]]:
    """Return (step, value) of what a curve has of a number.

    A fault is in no point of a batch without it, and is 0 there.
    """
    absent = 0.0 if key.startswith("fault/") else None
    found = []
    for row in curve:
        value = row.get(key, absent if "rollout/fault" in row else None)
        if value is not None and "step" in row:
            found.append((row["step"], value))
    return found if any(key in row for row in curve) else []


def rl_tasks(data: ReportData) -> list[tuple[str, str, str]]:
    """Return (task, sparkline of its reward, sparkline of its correct share)."""
    drawn = []
    for task in data.tasks:
        reward = points(data.rl_curve, f"task/{task.name}/reward")
        correct = points(data.rl_curve, f"task/{task.name}/correct")
        if reward:
            label = task.name.replace("_", " ")
            smooth = max(5, len(reward) // 4)
            drawn.append(
                (
                    task.name,
                    charts.spark(reward, "c1", title=f"{label}: reward", smooth=smooth),
                    charts.spark(correct, "c3", title=f"{label}: correct", smooth=smooth),
                )
            )
    return drawn


@dataclass(frozen=True)
class Watched:
    """A task's development rows along RL: shares of right answers in [0, 1], and the gain."""

    task: str
    rows: int
    first: float
    last: float
    gain: float
    low: float
    high: float
    spark: str


def rl_development(asked: Sequence[Mapping[str, Any]]) -> list[Watched]:
    """Return what became of each task that was watched, in the order of the questions."""
    found = []
    for task, shares in (asked[0]["shares"] if len(asked) > 1 else {}).items():
        told = [(row["step"], row["gains"][task]) for row in asked if task in row["gains"]]
        if not told:
            continue
        last = told[-1][1]
        line = [(step, own["correct"]) for step, own in told]
        title = f"{task.replace('_', ' ')}: development rows"
        spark = charts.spark(line, "c3", title=title, smooth=1)
        first = last["correct"] - last["gain"]
        found.append(
            Watched(
                task, len(shares), first, last["correct"], last["gain"], last["low"],
                last["high"], spark,
            )
        )  # fmt: skip
    return found


def rl_samples(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the rollouts to show: those of the first and of the last time they were kept."""
    kept = list(rows)
    steps = sorted({row["step"] for row in kept})
    shown = {*steps[: _SHOWN_TIMES // 2], *steps[-(_SHOWN_TIMES // 2) :]}
    return [row for row in kept if row["step"] in shown]
