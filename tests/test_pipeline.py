"""Which model answers by default."""

from __future__ import annotations

from pathlib import Path

import pytest

from scireasoner.artifacts import write_json
from scireasoner.errors import ArtifactError, SciReasonerError
from scireasoner.models import shipped
from scireasoner.pipeline import check, default_model
from scireasoner.recipe import Recipe
from scireasoner.training.harvest import HarvestConfig
from scireasoner.training.modes import MODES
from scireasoner.types import Mode

TABLE = {"modes": {"logp": "think"}, "evidence": []}


def shipping(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the model in ``folder`` be the one that ships."""
    write_json(folder / "small" / "config.json", {})
    write_json(folder / "small" / MODES, TABLE)
    monkeypatch.setattr(shipped, "_WEIGHTS", folder)
    return folder / "small"


def a_run(folder: Path) -> Path:
    """Write what a finished run is known by."""
    write_json(folder / "nano-seed0" / "rl" / "manifest.json", {})
    write_json(folder / "nano-seed0" / "rl" / "model" / MODES, TABLE)
    return folder / "nano-seed0" / "rl" / "model"


def test_without_a_run_the_model_that_ships(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    model = shipping(tmp_path / "weights", monkeypatch)
    assert default_model() == (f"hf:{model}", {"logp": Mode.THINK})


def test_a_run_that_was_trained_here_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shipping(tmp_path / "weights", monkeypatch)
    a_run(tmp_path / "runs")
    assert default_model()[0] == "hf:runs/nano-seed0/rl/model"


def test_a_folder_of_runs_that_was_named_must_hold_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipping(tmp_path / "weights", monkeypatch)
    with pytest.raises(ArtifactError, match="no finished model under"):
        default_model(tmp_path / "elsewhere")


def test_nothing_at_all_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(shipped, "_WEIGHTS", tmp_path)
    with pytest.raises(ArtifactError, match="scireasoner run nano"):
        default_model()


@pytest.mark.parametrize(
    ("names", "words"),
    [(("logpp",), "logpp"), (("rna_design",), "which is not a task of this recipe")],
)
def test_tasks_to_harvest_are_looked_up_before_anything_runs(
    names: tuple[str, ...], words: str
) -> None:
    recipe = Recipe("mine", tasks=("logp",), harvest=HarvestConfig(tasks=names))
    with pytest.raises(SciReasonerError, match=words):
        check(recipe)
