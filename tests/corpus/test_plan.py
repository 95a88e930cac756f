"""What a corpus takes is worked out by the printed formulas from rates that can be replaced."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scireasoner.cli import main
from scireasoner.corpus.plan import Cluster, cluster_of, load_rates, plan
from scireasoner.errors import ArtifactError, InputError

RATES: dict[str, Any] = {
    "machine": "test",
    "date": "2026-01-01",
    "tokens_per_core_second": {"protein": 100_000, "general": 50_000},
    "bytes_per_token": {"protein": 10.0, "general": 20.0},
    "efficiency": 0.5,
}


def test_the_formulas() -> None:
    cluster = Cluster("mine", 100, core_hour=0.1, tb_month=73.0)
    found = plan({"protein": 36e9, "general": 18e9}, cluster, RATES)
    assert found.core_hours == pytest.approx(100 + 100)
    assert found.hours == pytest.approx(200 / (100 * 0.5))
    assert found.terabytes == pytest.approx(0.36 + 0.36)
    assert found.cost == pytest.approx(4 * 100 * 0.1 + 0.72 * 73 * 4 / 730)


def test_a_domain_that_was_not_measured_counts_as_the_slowest() -> None:
    share = plan({"dna": 1e9}, Cluster("mine", 1), RATES).shares[0]
    assert (share.measured_as, share.rate) == ("general", 50_000)


def test_the_rates_that_come_with_the_package_are_whole() -> None:
    rates = load_rates()
    assert {"protein", "dna", "rna", "chemistry", "general"} <= set(rates["tokens_per_core_second"])
    assert rates["tokens_per_core_second"].keys() == rates["bytes_per_token"].keys()
    assert min(rates["tokens_per_core_second"].values()) > 0
    assert 0 < rates["efficiency"] <= 1


def test_wrong_names_and_files_are_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no cluster 'nod'; did you mean 'node'"):
        cluster_of("nod")
    (tmp_path / "rates.json").write_text('{"machine": "x"}')
    with pytest.raises(ArtifactError, match="lacks 'date'"):
        load_rates(tmp_path / "rates.json")


def test_the_shipped_8b_recipe_plans_206_billion_tokens(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "rates.json").write_text(json.dumps(RATES))
    options = ["--cores", "1000", "--core-hour", "0.1", "--rates", str(tmp_path / "rates.json")]
    assert main(["corpus", "plan", "8b", *options]) == 0
    out = capsys.readouterr().out
    assert "206.0 B tokens on node (1,000 cores" in out
    assert "core-hours = sum over domains" in out
    assert "as general" in out


def test_a_recipe_without_a_plan_says_what_to_add(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["corpus", "plan", "nano"]) == 2
    assert "[corpus.plan]" in capsys.readouterr().err
