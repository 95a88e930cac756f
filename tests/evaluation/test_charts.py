from __future__ import annotations

import math
from xml.etree import ElementTree

import pytest

from scireasoner.evaluation.charts import (
    Line,
    Mark,
    Series,
    intervals,
    lines,
    moving_average,
    spark,
    stacked,
    ticks,
)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (0, 450, [0, 100, 200, 300, 400]),
        (-3, 7, [-2, 0, 2, 4, 6]),
        (1.61, 1.69, [1.62, 1.64, 1.66, 1.68]),
        (5, 5, [5]),
    ],
)
def test_ticks_are_round(low: float, high: float, expected: list[float]) -> None:
    assert ticks(low, high) == pytest.approx(expected)


def test_moving_average_keeps_a_constant_and_shrinks_at_the_ends() -> None:
    assert moving_average([(i, 2.0) for i in range(5)], 3) == [(i, 2.0) for i in range(5)]
    assert moving_average([(0, 0.0), (1, 3.0), (2, 6.0)], 3) == [(0, 1.5), (1, 3.0), (2, 4.5)]


def heights(svg: str) -> list[float]:
    root = ElementTree.fromstring(svg)
    (path,) = [p for p in root.iter("path") if p.get("class") == "line c1"]
    return [float(point.split(",")[1]) for point in str(path.get("d"))[1:].split("L")]


def test_a_rising_curve_rises_on_the_page() -> None:
    points = [(0.0, 0.1), (1.0, 0.4), (2.0, math.nan), (3.0, 0.9)]
    found = heights(lines([Series("reward", points, "c1")], x_label="step", y_label="r", title="t"))
    assert len(found) == 3
    assert found == sorted(found, reverse=True)


def test_nothing_to_draw() -> None:
    assert lines([Series("a", [(1, math.nan)], "c1")], x_label="", y_label="", title="") == ""
    assert spark([], "c1", title="") == ""
    assert intervals([], x_label="", title="") == ""
    assert stacked([], {}, x_label="", title="") == ""


def test_dots_stand_where_their_values_are() -> None:
    marks = [Mark(v, v - 0.1, v + 0.1, "s1", f"{v}") for v in (0.2, 0.8)]
    svg = intervals([Line("a & b", [], marks, "family")], x_label="share", title="t")
    low, high = (float(str(c.get("cx"))) for c in ElementTree.fromstring(svg).iter("circle"))
    whole = 1040 - 16 - 178
    assert (high - low) / whole == pytest.approx(0.6, abs=0.001)


def test_stacked_bars_fill_the_scale() -> None:
    rows = [("a", {"correct": 0.25, "wrong": 0.75})]
    svg = stacked(rows, {"correct": "ok", "wrong": "bad"}, x_label="share", title="t")
    widths = [float(str(r.get("width"))) for r in ElementTree.fromstring(svg).iter("rect")]
    assert widths[1] == pytest.approx(3 * widths[0], rel=0.01)
    assert sum(widths) == pytest.approx(1040 - 16 - 178, abs=0.5)


def test_one_point_is_a_dot() -> None:
    svg = lines([Series("a", [(1, 2.0)], "c1")], x_label="x", y_label="y", title="t")
    assert len(list(ElementTree.fromstring(svg).iter("circle"))) == 1
