"""A recipe's RL stage for verl: rows, rewards, settings and the launch file agree with the recipe."""

from __future__ import annotations

import importlib.util
import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from scireasoner import cli
from scireasoner.artifacts import write_jsonl
from scireasoner.errors import InputError
from scireasoner.exporting import Cluster, as_yaml, chat_template, export_verl, settings, told
from scireasoner.prompts import render
from scireasoner.recipe import Recipe
from scireasoner.run import Run
from scireasoner.settings import ENVIRONMENT, use_data_root
from scireasoner.tasks.registry import get
from scireasoner.training.difficulty import ROWS, DifficultyConfig
from scireasoner.training.fit_config import FitConfig
from scireasoner.training.rl_config import RlConfig
from scireasoner.types import Mode, Split

TASKS = ("smiles_to_formula", "restriction_site", "unconditional_molecule")
MODES = {TASKS[0]: "instant", TASKS[1]: "think", TASKS[2]: "instant"}
RL = RlConfig(
    prompts=30,
    groups=4,
    group_size=6,
    max_tokens=96,
    overlong_cache=16,
    fit=FitConfig(steps=100, warmup=0.2, lr=1e-6, decay="constant"),
)


@pytest.fixture
def run(small_root: Path, tmp_path: Path) -> Run:
    folder = tmp_path / "runs" / "toy-seed0"
    (folder / "modes").mkdir(parents=True)
    (folder / "data").symlink_to(small_root)
    (folder / "modes" / "modes.json").write_text(json.dumps({"modes": MODES, "evidence": []}))
    return Run(Recipe("toy", tasks=TASKS, rl=RL), folder)


@pytest.fixture
def exported(run: Run, tmp_path: Path) -> Path:
    out = tmp_path / "verl"
    assert export_verl(run, out, Cluster(nodes=2, gpus=4), dev=5) == {"train": 30, "val": 15}
    return out


def rows(path: Path) -> list[dict[str, Any]]:
    import pandas as pd

    table: list[dict[str, Any]] = pd.read_parquet(path).to_dict("records")
    return table


def test_prompts_come_out_as_the_package_renders_them(exported: Path, run: Run) -> None:
    """The template reads the mode of each row; verl knows one setting for all of them."""
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(chat_template())
    seen = set()
    for name, split in (("train", Split.TRAIN), ("val", Split.DEV)):
        for row in rows(exported / f"{name}.parquet"):
            info, task = row["extra_info"], get(row["data_source"])
            with use_data_root(run.path("data")):
                found = {sample.id: sample for sample in task.samples(split)}[info["id"]]
            mode = Mode(info["mode"])
            seen.add(mode)
            ours = render(task.render(found, mode))
            assert template.render(messages=list(row["prompt"]), add_generation_prompt=True) == ours
            assert mode.value == MODES[task.name]
    assert seen == {Mode.INSTANT, Mode.THINK}


def test_training_asks_what_the_difficulty_filter_chose(run: Run, tmp_path: Path) -> None:
    with use_data_root(run.path("data")):
        kept = [sample.id for sample in get(TASKS[0]).samples(Split.TRAIN, 3)]
    run.path("difficulty").mkdir()
    write_jsonl(run.path("difficulty") / ROWS, [{"task": TASKS[0], "sample": one} for one in kept])
    export_verl(run, tmp_path / "verl", Cluster(), dev=5)
    asked: dict[str, set[str]] = {}
    for row in rows(tmp_path / "verl" / "train.parquet"):
        asked.setdefault(row["data_source"], set()).add(row["extra_info"]["id"])
    assert asked[TASKS[0]] == set(kept)
    assert len(asked[TASKS[1]]) > 3  # was not rolled out, and stays as it is


@pytest.mark.parametrize("filtered", [False, True])
def test_it_is_told_whether_the_difficulty_filter_chose(filtered: bool, run: Run) -> None:
    assert "the recipe has no difficulty stage" in told(run)[0]
    run = replace(run, recipe=replace(run.recipe, difficulty=DifficultyConfig(rows=50)))
    if filtered:
        write_jsonl(run.path("difficulty") / ROWS, [])
    (rows, start) = told(run)
    assert ("the difficulty stage chose" in rows) is filtered
    assert ("has not run: run it with --stage difficulty" in rows) is not filtered
    assert "is not there: run --stage cold_start" in start
    assert told(run, "hub/model") == [rows]


def test_the_command_tells_it(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recipe = tmp_path / "toy.toml"
    recipe.write_text(f"tasks = {list(TASKS)}\n[rl]\nprompts = 9\n[difficulty]\nrows = 9\n")
    out = tmp_path / "out"
    command = ["export", "verl", str(recipe), "--out", str(out), "--runs", str(run.folder.parent)]
    assert cli.main(command) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("9 training and ")
    assert "the difficulty stage of the recipe has not run" in shown


@pytest.fixture
def reward(exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The reward file as verl's processes load it: by path, where nothing names the run's data."""
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "elsewhere"))
    spec = importlib.util.spec_from_file_location("reward", exported / "reward.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with use_data_root(tmp_path / "elsewhere"):  # what the file chooses ends with the test
        spec.loader.exec_module(module)
        yield module


# the task, an answer to its rows ({}: the gold); the last is judged beside the training rows
@pytest.mark.parametrize(
    ("task", "text"),
    [(TASKS[0], "<MOLFORMULA>{}</MOLFORMULA>"), (TASKS[2], "<SMILES>CCOCCN</SMILES>")],
)
def test_the_reward_file_judges_a_row(task: str, text: str, exported: Path, reward: Any) -> None:
    row = next(r for r in rows(exported / "val.parquet") if r["data_source"] == task)
    gold = row["reward_model"]["ground_truth"]
    found = reward.compute_score(task, text.format(gold), gold, row["extra_info"])
    assert (found["fault"], found["judged"]) == ("", 1.0)
    assert found["score"] == 1.0 or not gold


SETTINGS = [
    ("data.train_batch_size", 4 * 8),
    ("data.max_response_length", 96),
    ("algorithm.filter_groups.metric", "acc"),
    ("actor_rollout_ref.actor.ppo_mini_batch_size", 4 * 8),
    ("actor_rollout_ref.actor.clip_ratio_low", 0.2),
    ("actor_rollout_ref.actor.clip_ratio_high", 0.28),
    ("actor_rollout_ref.actor.loss_agg_mode", "token-mean"),
    ("actor_rollout_ref.actor.use_kl_loss", False),
    ("actor_rollout_ref.actor.optim.lr_warmup_steps", 19),  # the twentieth step has the full rate
    ("actor_rollout_ref.rollout.n", 6),
    ("reward.reward_kwargs.overlong_buffer_cfg.len", 16),
    ("trainer.nnodes", 2),
]


@pytest.mark.parametrize(("name", "value"), SETTINGS)
def test_the_settings_are_the_recipes(name: str, value: Any, exported: Path) -> None:
    found: Any = yaml.safe_load((exported / "dapo.yaml").read_text())
    for part in name.split("."):
        found = found[part]
    assert found == value


def test_gates_and_mini_batches(run: Run) -> None:
    def made(**changes: Any) -> dict[str, Any]:
        recipe = replace(run.recipe, rl=replace(RL, **changes))
        return settings(replace(run, recipe=recipe), "model", Cluster(gpus=1))

    assert made(gate="reward")["algorithm"]["filter_groups"]["metric"] == "reward"
    assert not made(gate="none")["algorithm"]["filter_groups"]["enable"]
    many = made(minibatches=16, fit=replace(RL.fit, save_every=16))
    assert many["data"]["train_batch_size"] == 64
    assert many["actor_rollout_ref"]["actor"]["ppo_mini_batch_size"] == 4


def flat(table: Mapping[str, Any], before: str = "") -> Iterator[str]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}"


def test_verl_knows_every_key_and_reads_the_rows(exported: Path, checkpoint_of: Path) -> None:
    """Runs where verl is installed (0.9.1); hydra composes our file over verl's own."""
    verl = pytest.importorskip("verl")
    hydra = pytest.importorskip("hydra")
    from omegaconf import OmegaConf

    base_folder = Path(verl.__file__).parent / "trainer" / "config"
    with hydra.initialize_config_dir(str(base_folder), version_base=None):
        base = hydra.compose("ppo_trainer")
    with hydra.initialize_config_dir(str(exported), version_base=None):
        ours = hydra.compose("dapo", [f"data.train_files={exported}/train.parquet"])
    written = yaml.safe_load((exported / "dapo.yaml").read_text())
    for outside in ("hydra", "defaults"):
        del written[outside]
    del written["reward"]["reward_kwargs"]  # no part of the schema: read by the managers
    known = set(flat(OmegaConf.to_container(base)))
    assert [name for name in flat(written) if name not in known] == []
    from verl.utils.config import omega_conf_to_dataclass
    from verl.utils.dataset.rl_dataset import RLHFDataset

    assert omega_conf_to_dataclass(ours.actor_rollout_ref.actor).clip_ratio_high == 0.28
    assert omega_conf_to_dataclass(ours.algorithm).filter_groups.metric == "acc"
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(checkpoint_of)
    tokenizer.chat_template = ours.actor_rollout_ref.model.custom_chat_template
    assert len(RLHFDataset(ours.data.train_files, tokenizer, ours.data)) == 30


@pytest.fixture
def checkpoint_of(tmp_path: Path) -> Path:
    from scireasoner.corpus.tokenizer import build_tokenizer

    build_tokenizer(["What is the molecular formula of CCO?"] * 3, 544, tmp_path / "tokenizer")
    return tmp_path / "tokenizer"


def test_the_launch_file_is_a_shell_script(exported: Path) -> None:
    script = exported / "launch.sh"
    assert subprocess.run(["sh", "-n", str(script)], check=False).returncode == 0
    text = script.read_text()
    for words in ("2 node(s) of 4 GPUs", "verl.trainer.main_ppo", "ray job submit", '"$@"'):
        assert words in text


def test_mistakes_are_told(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InputError, match="the engine is 'hf'; use one of vllm, sglang"):
        Cluster(engine="hf")
    command = ["export", "verl", "nano", "--out", str(tmp_path), "--runs", str(tmp_path / "none")]
    assert cli.main(command) == 3
    assert "modes.json is missing: mend the path, or run its stage" in capsys.readouterr().err


def test_yaml_reads_back_what_was_written() -> None:
    table = {"a": {"b": 1, "c": ["x", "_y_"]}, "d": "two\nlines: {{ 'q' }}", "e": None, "f": 1e-06}
    assert yaml.safe_load(as_yaml(table)) == table
