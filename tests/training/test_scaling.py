"""The running deviation of a task's rewards, by hand."""

from __future__ import annotations

import math

import pytest

from scireasoner.training.scaling import TaskScale

SPREAD = ("a", [0.0, 1.0])  # squares 0.5 over 1
NARROW = ("b", [0.2, 0.2, 0.5])  # squares 0.06 over 2


def test_sums_are_of_groups_and_in_the_order_of_the_tasks() -> None:
    scale = TaskScale(["b", "a", "b", "c"])
    sums = scale.sums([SPREAD, NARROW, SPREAD, ("a", [0.7]), ("c", [])])
    assert [pytest.approx(own) for own in sums] == [[0.06, 2], [1.0, 2], [0, 0]]


def test_the_first_batch_counts_whole_and_later_ones_a_tenth() -> None:
    scale = TaskScale(["a", "b"])
    assert scale.divisor("a") == 1
    scale.update(scale.sums([SPREAD]))
    assert scale.divisor("a") == pytest.approx(math.sqrt(0.5), abs=2e-4)
    assert scale.divisor("b") == 1  # not seen yet
    scale.update(scale.sums([("a", [0.3, 0.3])]))
    assert scale.variance["a"] == pytest.approx(0.45)


def test_several_processes_add_their_sums() -> None:
    apart, whole = TaskScale(["a", "b"]), TaskScale(["a", "b"])
    parts = [apart.sums([SPREAD]), apart.sums([NARROW, SPREAD])]
    apart.update([[x + y for x, y in zip(*own, strict=True)] for own in zip(*parts, strict=True)])
    whole.update(whole.sums([SPREAD, NARROW, SPREAD]))
    assert apart.variance == whole.variance


def test_it_goes_on_where_it_was_saved() -> None:
    first, second = TaskScale(["a"]), TaskScale(["a"])
    first.update(first.sums([SPREAD]))
    second.restore(first.variance)
    for scale in (first, second):
        scale.update(scale.sums([("a", [0.1, 0.9, 0.4])]))
    assert first.variance == second.variance
