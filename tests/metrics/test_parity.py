"""Matthews correlation against scikit-learn, without any difference."""

from __future__ import annotations

import random
import warnings

import pytest
from sklearn.metrics import matthews_corrcoef

from scireasoner.metrics import MCC
from scireasoner.published.cleaning import matthews
from scireasoner.types import Outcome

every = pytest.mark.parametrize("n", [300, pytest.param(10_000, marks=pytest.mark.slow)])


def drawn(rng: random.Random, classes: int) -> tuple[list[int], list[int]]:
    """Golds and predictions, from unrelated to equal; sometimes all of one class."""
    size = rng.choice((1, 2, 5, 20, 60))
    weights = [rng.random() ** 3 for _ in range(classes)]
    golds = rng.choices(range(classes), weights, k=size)
    right = rng.choice((0.0, 0.5, 0.9, 1.0))
    return golds, [g if rng.random() < right else rng.randrange(classes) for g in golds]


@every
def test_mcc_is_that_of_scikit_learn(n: int) -> None:
    rng = random.Random(20_250_921)
    for place in range(n):
        golds, said = drawn(rng, 2 if place % 2 else rng.randint(3, 7))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a single label
            expected = matthews_corrcoef(golds, said)
        judged = [
            Outcome(f"{i}", str(v), str(t), float(v == t), v == t, None)
            for i, (t, v) in enumerate(zip(golds, said, strict=True))
        ]
        assert MCC.compute(judged) == expected, (golds, said)
        if place % 2:
            assert matthews(list(zip(golds, said, strict=True))) == expected, (golds, said)
