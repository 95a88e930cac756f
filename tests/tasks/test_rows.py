"""Splits, order, caps."""

from __future__ import annotations

import pytest

from scireasoner.tasks.rows import Caps, Row, arrange, split_of
from scireasoner.types import Split

MANY = [Row({"x": str(n)}, str(n), (f"entity {n}",)) for n in range(5000)]


@pytest.mark.parametrize(
    ("entity", "split"),
    # Fixed for ever: a change here would move test compounds into training sets.
    [("CCO", "train"), ("c1ccccc1", "train"), ("CC(C)=O", "train"), ("CCCCC", "train")],
)
def test_the_split_of_an_entity_never_changes(entity: str, split: str) -> None:
    assert split_of(entity) == split


def test_shares_are_90_4_6() -> None:
    found = [split_of(f"entity {n}") for n in range(20_000)]
    for split, share in ((Split.TRAIN, 0.90), (Split.DEV, 0.04), (Split.TEST, 0.06)):
        assert found.count(split) / len(found) == pytest.approx(share, abs=0.01)


def test_order_does_not_depend_on_the_order_of_the_rows_but_on_the_seed() -> None:
    caps = Caps(100, 20, 20)
    first = arrange("t", MANY, caps, 0)
    assert arrange("t", reversed(MANY), caps, 0) == first
    assert arrange("t", MANY, caps, 1) != first
    assert [len(first[split]) for split in Split] == [100, 20, 20]


def test_rows_with_entities_of_two_splits_are_left_out() -> None:
    train = next(f"e{n}" for n in range(99) if split_of(f"e{n}") is Split.TRAIN)
    test = next(f"e{n}" for n in range(99) if split_of(f"e{n}") is Split.TEST)
    found = arrange("t", [Row({"x": "1"}, "1", (train, test))], Caps(), 0)
    assert not any(found.values())


def test_training_keeps_two_answers_to_one_question_and_test_asks_once() -> None:
    rows = [
        Row({"x": name}, name, (name,), reference)
        for name in ("e0", *(f"e{n}" for n in range(1, 60)))
        for reference in ("a", "b")
    ]
    found = arrange("t", rows, Caps(), 0)
    assert len(found[Split.TRAIN]) % 2 == 0
    assert len({s.inputs["x"] for s in found[Split.TRAIN]}) == len(found[Split.TRAIN]) / 2
    assert len({s.inputs["x"] for s in found[Split.TEST]}) == len(found[Split.TEST]) > 0
