"""``scireasoner modes``: the evidence of a run in the terminal."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scireasoner import cli
from scireasoner.artifacts import Artifact, Manifest, write_json
from scireasoner.errors import ArtifactError
from scireasoner.scorecard import find_modes
from scireasoner.training.modes import MODES, ModesConfig, as_rows, decide
from scireasoner.types import Mode, Outcome


def outcomes(right: int, score: float, tokens: int) -> list[Outcome]:
    return [Outcome(f"r{i}", None, None, score, i < right, None, tokens) for i in range(100)]


def a_run(folder: Path, metric: str = "correct", *, evaluated: bool = True) -> Path:
    """Write what the command reads of a run."""
    config = ModesConfig(metric=metric, min_gain=0.01, min_gain_per_100_tokens=0.02)
    decision = decide("balance", outcomes(20, 0.5, 10), outcomes(60, 0.9, 110), config)
    table = {"balance": Mode.THINK, "logp": Mode.INSTANT}
    write_json(folder / "modes" / MODES, {"modes": table, "evidence": as_rows([decision])})
    settings = {"metric": metric, "min_gain": 0.01, "min_gain_per_100_tokens": 0.02}
    Artifact(folder / "modes").finish(Manifest("modes", 0, {"modes": settings}, {}), [])
    if evaluated:
        own = {name: {"compliance": {"followed": share}} for name, share in FOLLOWED.items()}
        write_json(folder / "evaluation" / "scores.json", {"scores": {"rl": own}})
    return folder


FOLLOWED = {"balance": 0.97, "logp": None}


@pytest.mark.parametrize(
    ("metric", "words"), [("correct", "gain in correct answers"), ("score", "the mean soft score")]
)
def test_the_table_and_the_rule(
    metric: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = a_run(tmp_path / "nano-seed3", metric)
    assert cli.main(["modes", str(folder)]) == 0
    shown = capsys.readouterr().out
    for text in ("balance", "0.20", "0.60", "+0.400 (+0.309 to +0.491)", "10 / 110", "think"):
        assert text in shown
    assert "+0.400 (+0.390 to +0.410)" in shown  # the soft score has no spread here
    assert "97%" in shown
    assert "not compared" in shown
    assert words in shown
    assert "above +0.010" in shown


def test_before_the_evaluation_nothing_is_said_of_who_kept_to_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = a_run(tmp_path / "nano-seed3", evaluated=False)
    assert cli.main(["modes", str(folder)]) == 0
    assert "%" not in capsys.readouterr().out.replace("95 %", "")


def test_a_run_is_found_by_folder_name_and_age(tmp_path: Path) -> None:
    older, newer = a_run(tmp_path / "nano-seed0"), a_run(tmp_path / "small-seed0")
    os.utime(older / "modes" / MODES, (1, 1))
    assert find_modes(None, tmp_path) == newer
    assert find_modes("nano", tmp_path) == older
    assert find_modes("nano-seed0", tmp_path) == older
    assert find_modes(str(older), None) == older
    for named in ("nanno", "*", str(tmp_path)):
        with pytest.raises(ArtifactError, match="there is none of that name"):
            find_modes(named, tmp_path)


def test_where_there_is_no_run_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match=r"no run under .* whose modes were decided"):
        find_modes(None, tmp_path)
