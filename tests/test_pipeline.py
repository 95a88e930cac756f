"""Which model answers by default, and which mistakes of a recipe are found before it runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from scireasoner import stages
from scireasoner.artifacts import write_json, write_text
from scireasoner.errors import ArtifactError, DataError, RecipeError, SciReasonerError
from scireasoner.models import shipped
from scireasoner.pipeline import check, default_model
from scireasoner.recipe import Recipe, load_recipe
from scireasoner.recipes import shipped as recipes_that_ship
from scireasoner.run import Run
from scireasoner.settings import ENVIRONMENT
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


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the recipes below name, seen from the folder that one stands in."""
    write_json(tmp_path / "checkpoints" / "mine" / "config.json", {})
    write_text(tmp_path / "weights.safetensors", "")
    (tmp_path / "empty").mkdir()
    write_json(tmp_path / "zero2.json", {"zero_optimization": {"stage": 2}})
    write_text(tmp_path / "zero2.yaml", "zero_optimization:")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def checked(text: str) -> None:
    """Write a recipe where one stands, read it and check it."""
    Path("mine.toml").write_text(f"tasks = ['logp', 'dna_to_protein']\n{text}", encoding="utf-8")
    check(load_recipe("mine.toml"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[model]\nbase = 'checkpoints/mine/config'", "no folder (seen from "),
        ("[model]\nbase = './checkpoint'", "model.base is './checkpoint', no folder"),
        ("[model]\nbase = '~/checkpoints/mine'", "no name that the hub can have"),
        ("[model]\nbase = 'Qwen/Qwen3--Base'", "no name that the hub can have"),
        ("[model]\nbase = 'weights.safetensors'", "is 'weights.safetensors', a file: give"),
        ("[model]\nbase = 'empty'", "is 'empty', a folder without config.json: give"),
        ("[sft.fit]\nstrategy = 'fsdp'", "sft.fit.strategy is 'fsdp'; did you mean 'fsdp2'?"),
        ("[pretrain.fit]\nstrategy = 'zero3.json'", "pretrain.fit.strategy is 'zero3.json'"),
        ("[modes.fit]\nstrategy = 'empty'", "modes.fit.strategy is 'empty'; there is no such file"),
        ("[cold_start.fit]\nstrategy = 'zero2.yaml'", "cold_start.fit.strategy is 'zero2.yaml', wh"),
        ("[rl.fit]\nstrategy = 'zero'", "rl.fit.strategy is 'zero'"),
        ("[corpus.weights]\nmolecul = 2", "domain 'molecul'; did you mean 'molecule'?"),
        ("[corpus.weights]\nrna = 2", "documents are of dna, molecule, general"),
        ("[corpus]\ngeneral_characters = 0\nweights = {general = 2}", "are of dna, molecule"),
        ("[corpus.weights]\ndna = -1", "corpus.weights.dna is -1.0; it must not be negative"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("files")
def test_what_a_late_stage_would_refuse_is_refused_before_anything_runs(
    text: str, words: str
) -> None:
    with pytest.raises(RecipeError) as caught:
        checked(text)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "[model]\nbase = 'checkpoints/mine'",
        "[model]\nbase = './checkpoints/../checkpoints/mine/'",
        "[model]\nbase = '{}/checkpoints/mine'",
        "[model]\nbase = 'Qwen/Qwen3-1.7B-Base'",
        "[model]\nbase = 'gpt2'",
        "[sft.fit]\nstrategy = 'zero2.json'",
        "[rl.fit]\nstrategy = '{}/zero2.json'",
        "[pretrain.fit]\nstrategy = 'fsdp2'",
        "[corpus.weights]\nmolecule = 2\ndna = 0\ngeneral = 0.5",
    ],
)
def test_what_runs_passes(text: str, files: Path) -> None:
    checked(text.replace("{}", str(files)))


@pytest.mark.parametrize("name", sorted(recipes_that_ship()))
def test_recipes_that_ship_pass_from_any_folder(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    check(load_recipe(name))


def test_rows_that_are_missing_are_told_before_any_are_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "empty"))
    built: list[Path] = []
    monkeypatch.setattr(stages, "build_embedded", lambda out, caps: built.append(out))
    run = Run(Recipe("mine", tasks=("embedded", "smol_hiv")), tmp_path / "mine-seed0")
    with pytest.raises(DataError, match="task 'smol_hiv' has no train rows on this machine"):
        stages.data(run, run.path("data"))
    assert built == []
