"""Golden numbers of the released evaluators.

Each file of ``tests/golden`` names the released code and its commit, and holds items of our own
making with the numbers that that code gave for them (scikit-learn 1.5.0, scipy 1.15.3).
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from scireasoner.published.base import Evaluator, Item

GOLDEN = Path(__file__).resolve().parents[1] / "golden"


@cache
def _read(name: str) -> Any:
    return json.loads(gzip.decompress((GOLDEN / f"{name}.json.gz").read_bytes()))


@pytest.fixture
def golden() -> Callable[[str], Any]:
    """Return the content of a golden file by its name."""
    return _read


@pytest.fixture
def agrees() -> Callable[[str, str, Evaluator], int]:
    """Return a check that an evaluator gives the released numbers; it returns how many."""

    def check(file: str, name: str, evaluator: Evaluator) -> int:
        data = _read(file)
        compared = 0
        for case in data["cases"]:
            if case["evaluator"] != name:
                continue
            kind, which = case["items"]
            items = [
                Item((p,), gold, "", label, sub)
                for p, gold, label, sub in data["items"][kind][which]
            ]
            numbers = evaluator(items)
            # The released code stopped: there is no number.
            expected = case["numbers"] or {evaluator.headline: None}
            shared = {key: numbers[key] for key in expected}
            assert shared == pytest.approx(expected, abs=1e-6), which
            compared += len(expected)
        return compared

    return check


@pytest.fixture
def reproduces() -> Callable[[str, str, Evaluator], int]:
    """As ``agrees``, for golden items of [answers, gold, question]; returns how many numbers."""

    def check(file: str, name: str, evaluator: Evaluator) -> int:
        compared = 0
        for case in _read(file)["cases"]:
            if case["evaluator"] != name:
                continue
            numbers = evaluator(Item(tuple(p), gold, q) for p, gold, q in case["items"])
            # The released code stopped: there is no number.
            expected = case["numbers"] or {evaluator.headline: None}
            shared = {key: numbers.get(key) for key in expected}
            assert shared == pytest.approx(expected, abs=1e-6), case["case"]
            compared += len(expected)
        return compared

    return check
