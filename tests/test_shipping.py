"""What is given away: an ordinary checkpoint, small, and licensed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from scireasoner.artifacts import Artifact, Manifest, write_json, write_text
from scireasoner.corpus.tokenizer import build_tokenizer
from scireasoner.errors import ArtifactError, DataError, InputError
from scireasoner.models.checkpoint import load_tokenizer
from scireasoner.models.shipped import shipped_model
from scireasoner.models.transformers_backend import TransformersBackend
from scireasoner.shipping import LIMIT, ship
from scireasoner.tasks.registry import get
from scireasoner.training.model import ModelConfig, new_model, save_model
from scireasoner.training.modes import MODES, load_modes

TEXTS = ["What is the formula of the compound? <SMILES>CCO</SMILES> is C2H6O."] * 20


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run whose RL stage has finished with a model of a few thousand parameters."""
    folder = tmp_path_factory.mktemp("run")
    build_tokenizer(TEXTS, 520, folder / "tokenizer")
    tokenizer = load_tokenizer(folder / "tokenizer")
    shape = ModelConfig(hidden=16, layers=1, heads=2, kv_heads=1, head_dim=8, intermediate=16)
    save_model(new_model(shape, tokenizer, 0), tokenizer, folder / "rl" / "model")
    write_json(folder / "modes" / MODES, {"modes": {}, "evidence": []})
    config = {"tasks": ["smiles_to_formula v1", "logp v1"]}
    Artifact(folder / "rl").finish(
        Manifest("rl", 7, config, {}, facts={"seconds": 3.0}), ["model/config.json"]
    )
    return folder


def test_it_loads_with_transformers_alone(run: Path, tmp_path: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    made = ship(run, tmp_path / "small")
    model = AutoModelForCausalLM.from_pretrained(str(tmp_path / "small"))
    assert model.dtype == torch.bfloat16
    ours = load_tokenizer(run / "rl" / "model")
    theirs = AutoTokenizer.from_pretrained(str(tmp_path / "small"))
    assert theirs(TEXTS[0])["input_ids"] == ours(TEXTS[0])["input_ids"]
    assert theirs.chat_template == ours.chat_template
    assert (made.seed, made.facts["spent"]) == (7, {"rl": 3.0})
    Artifact(tmp_path / "small").verify()


def test_the_manifest_names_what_the_model_was_made_from(run: Path, tmp_path: Path) -> None:
    """Not the stages after it, all before it, and of those the very ones that it read."""
    folder = tmp_path / "run"
    shutil.copytree(run, folder)
    config = {"tasks": ["logp v1"]}
    reads = {
        "sft": (),
        "modes": ("sft",),
        "cold_start": ("sft", "modes"),
        "difficulty": ("cold_start",),
        "rl": ("cold_start", "difficulty"),
    }
    keys: dict[str, str] = {}
    for stage, names in reads.items():
        inputs = {name: keys[name] for name in names}
        made = Manifest(stage, 7, config, inputs, facts={"seconds": len(keys) + 1.0})
        keys[stage] = made.key
        Artifact(folder / stage).finish(made, [])
    shutil.copytree(folder / "rl" / "model", folder / "cold_start" / "model")
    shipped = ship(folder, tmp_path / "cold", stage="cold_start")
    assert shipped.inputs == {name: keys[name] for name in ("sft", "modes", "cold_start")}
    assert shipped.facts["spent"] == {"sft": 1.0, "modes": 2.0, "cold_start": 3.0}
    again = Manifest("difficulty", 7, {**config, "rows": 3}, {}, facts={"seconds": 9.0})
    Artifact(folder / "difficulty").finish(again, [])
    shipped = ship(folder, tmp_path / "rl")
    assert shipped.inputs == keys
    assert set(shipped.facts["spent"]) == set(keys) - {"difficulty"}


def test_an_older_one_is_replaced_only_by_a_whole_one(run: Path, tmp_path: Path) -> None:
    out = tmp_path / "small"
    ship(run, out)
    before = Artifact(out).manifest
    with pytest.raises(ArtifactError, match="may take 0"):
        ship(run, out, limit=10)
    assert Artifact(out).manifest == before
    Artifact(out).verify()
    assert [path.name for path in tmp_path.iterdir()] == ["small"]


def _notes(out: Path) -> None:
    write_text(out / "thesis.tex", "years of work")


def _a_run(out: Path) -> None:
    Artifact(out).finish(Manifest("rl", 7, {}, {}), [])


def _broken(out: Path) -> None:
    write_text(out / "manifest.json", "{")


def _file(out: Path) -> None:
    write_text(out, "years of work")


@pytest.mark.parametrize("other", [_notes, _a_run, _broken, _file])
def test_what_is_no_shipped_model_is_left_alone(
    other: Callable[[Path], None], run: Path, tmp_path: Path
) -> None:
    out = tmp_path / "small"
    other(out)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(InputError, match=r"small is a f.*name a new folder"):
        ship(run, out)
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("there", [".", "../small", "../link"])
def test_a_folder_that_one_stands_in_stays(
    there: str, full: bool, run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "small"
    out.mkdir()
    (tmp_path / "link").symlink_to(out)
    if full:
        ship(run, out)
        write_text(out / "old.txt", "of the model before")
        Artifact(out).finish(Artifact(out).manifest, ["config.json", "old.txt"])
        write_text(out / "README.md", "mine")
    monkeypatch.chdir(out)
    ship(run, Path(there))
    Artifact(Path()).verify()
    assert Path("README.md").exists() == full
    assert not Path("old.txt").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "small"]


def test_the_command_says_that_a_card_is_of_the_model_before(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from scireasoner.cli import main

    out = tmp_path / "small"
    told = []
    for _ in range(2):
        assert main(["ship", str(run), "--out", str(out)]) == 0
        told.append(capsys.readouterr().out)
        write_text(out / "README.md", "a card")
    assert "card" not in told[0]
    assert "is of before" in told[1]


@pytest.mark.parametrize("sifted", [False, True])
def test_a_model_that_learnt_what_may_not_be_given_away_is_not_shipped(
    sifted: bool, run: Path, tmp_path: Path
) -> None:
    config = {"tasks": ["logp v1", "smol_bbbp v1"], "licensed": sifted}
    Artifact(run / "sft").finish(Manifest("sft", 7, config, {}), [])
    with pytest.raises(DataError, match="smol_bbbp"):
        ship(run, tmp_path / "small", stage="sft")
    assert list(tmp_path.iterdir()) == []


def test_the_model_in_the_tree_is_whole_small_and_answers() -> None:
    from scireasoner.serving.ask import ask

    folder = shipped_model()
    assert folder is not None
    Artifact(folder).verify()
    assert sum(path.stat().st_size for path in folder.iterdir()) <= LIMIT
    names = Artifact(folder).manifest.config["tasks"]
    assert set(load_modes(folder / MODES)[0]) == set(names)
    assert all(get(name) for name in names)
    answered = ask(
        "What is the molecular formula of CCO?", backend=TransformersBackend(folder), mode="instant"
    )
    assert answered.task == "smiles_to_formula"
    assert answered.answer is not None
