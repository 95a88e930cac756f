"""The interval of a released number, on an evaluator made for the test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from scireasoner.published.base import Evaluator, Item, Row


def finish(rows: Sequence[Row]) -> Mapping[str, float | None]:
    values = [float(row[0] or 0.0) for row in rows]
    spread = max(values) - min(values)
    return {"mean": sum(values) / len(values), "spread": spread or None, "none": None}


def evaluator(headline: str) -> Evaluator:
    return Evaluator("made", headline, lambda item: (float(item.gold),), finish, "a test")


@pytest.mark.parametrize(
    ("headline", "values", "low", "high"),
    [
        ("mean", [3.0] * 20, 3.0, 3.0),
        # 0.5 with a standard error of 0.05: 0.402 to 0.598 by the normal law
        ("mean", [0.0, 1.0] * 50, 0.40, 0.60),
    ],
)
def test_the_interval_covers_the_headline(
    headline: str, values: list[float], low: float, high: float
) -> None:
    own = evaluator(headline)
    found = own.interval([own.row(Item(("",), str(v))) for v in values])
    assert found is not None
    assert found == pytest.approx((low, high), abs=0.03)
    assert found == own.interval([(v,) for v in values])


@pytest.mark.parametrize(
    ("headline", "values"),
    # No number at all, and a number that a third of the resamples lack.
    [("none", [1.0, 2.0]), ("spread", [1.0, 2.0])],
)
def test_no_interval_where_the_number_fails(headline: str, values: list[float]) -> None:
    assert evaluator(headline).interval([(v,) for v in values]) is None
