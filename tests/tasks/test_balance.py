"""How rows are drawn so that no single gold is common."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from scireasoner.tasks.balance import balanced, resample

# golds, classes count alike, share of the draws that each gold gets
CASES = [
    ("yyyyyyyyyn", True, {"y": 0.5, "n": 0.5}),
    ("aaab", True, {"a": 0.5, "b": 0.5}),
    ("aaaaaabbc", True, {"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}),
    # One gold on half of the rows, sixteen others: the half becomes a tenth.
    ("0" * 16 + "abcdefghijklmnop", False, {"0": 0.1, "a": 0.9 / 16}),
    # Fewer than ten golds cannot all stay below a tenth.
    ("aab", False, {"a": 0.5, "b": 0.5}),
    ("abcdefghijkl", False, {"a": 1 / 12}),
]


@pytest.mark.parametrize(("golds", "equal", "shares"), CASES)
def test_shares_of_golds(golds: str, equal: bool, shares: dict[str, float]) -> None:
    weights = balanced(golds, equal=equal)
    assert sum(weights) == pytest.approx(1.0)
    for gold, share in shares.items():
        got = sum(w for w, g in zip(weights, golds, strict=True) if g == gold)
        assert got == pytest.approx(share)


def test_capping_one_gold_may_push_another_over_the_cap() -> None:
    golds = "a" * 50 + "b" * 9 + "".join(chr(200 + i) for i in range(40))
    weights = balanced(golds)
    for gold in "ab":
        assert sum(w for w, g in zip(weights, golds, strict=True) if g == gold) <= 0.1 + 1e-9


def test_rows_are_drawn_by_weight_rounded_down_or_up() -> None:
    golds = "y" * 90 + "n" * 10
    drawn = resample(balanced(golds, equal=True), 200, random.Random(0))
    count = Counter(golds[place] for place in drawn)
    assert abs(count["y"] - 100) <= 1
    assert all(9 <= n <= 11 for place, n in Counter(drawn).items() if golds[place] == "n")


def test_equal_weights_give_whole_epochs() -> None:
    drawn = resample([0.1] * 10, 25, random.Random(1))
    assert set(Counter(drawn).values()) == {2, 3}
    assert drawn != resample([0.1] * 10, 25, random.Random(2))
    assert drawn == resample([0.1] * 10, 25, random.Random(1))
