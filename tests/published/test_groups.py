"""Group points against configs/summarizers/scireasoner*.py of open-compass/opencompass@a5acc4b."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from scireasoner.published.groups import members, summary, summary_15


def test_members_are_the_released_ones(golden: Callable[[str], Any]) -> None:
    ours = {name: sorted(map(list, own)) for name, own in members().items()}
    assert ours == golden("groups")["members"]


@pytest.mark.parametrize("case", range(6))
def test_points_are_the_released_ones(case: int, golden: Callable[[str], Any]) -> None:
    expected = golden("groups")["cases"][case]
    assert summary(expected["values"]) == pytest.approx(expected["summary"], abs=1e-6)
    assert summary_15(expected["values"]) == pytest.approx(expected["summary_15"], abs=1e-6)


def test_no_result_at_all_earns_points() -> None:
    assert summary({})["SmolInstruct"] == pytest.approx(200 / 15)
    assert summary({})["Mol_Instructions"] == pytest.approx(100 / 17)
    assert summary({})["GUE"] == 0.0
    assert set(summary_15({}).values()) == {None}


def test_protein_relations_earn_nothing() -> None:
    full = {"molinst_chemical_protein_relation": {"f1": 1.0}}
    assert summary(full)["Mol_Instructions"] == summary({})["Mol_Instructions"]
