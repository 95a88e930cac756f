"""A recipe that runs every stage in seconds, one finished run of it, and processes to kill."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from scireasoner import cli
from scireasoner.stages import STAGES

HERE = Path(__file__).resolve().parent
# Processes of ours import what they run by name.
sys.path.insert(0, str(HERE))

RECIPE = HERE / "micro.toml"
NAMES = [stage.name for stage in STAGES]
# What a clock decides, and hashes of files that hold such values.
_CLOCK = {"seconds", "step_time", "files", "train_runtime", "started", "finished", "date", "when"}


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def spawn() -> Callable[..., int]:
    """Run a function of ``child`` in a process of its own; return its exit code.

    The processes fork from one that has imported ours, torch and TRL once.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["scireasoner.stages", "trl.trainer.grpo_trainer"])

    def run(name: str, *arguments: Any) -> int:
        import child

        process = context.Process(target=getattr(child, name), args=arguments)
        process.start()
        process.join(120)
        assert process.exitcode is not None, f"{name} still runs after two minutes"
        return process.exitcode

    return run


@dataclass(frozen=True)
class Finished:
    """A run that nothing disturbed: its folder, and how many writes each stage made."""

    runs: Path
    writes: dict[str, int]

    @property
    def folder(self) -> Path:
        return self.runs / "micro-seed0"


@pytest.fixture(scope="session")
def finished(spawn: Callable[..., int], tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """Every stage of the micro recipe, run once in a process of its own."""
    runs = tmp_path_factory.mktemp("runs")
    log = tmp_path_factory.mktemp("log") / "writes.json"
    assert spawn("run_counting", RECIPE, runs, log) == 0
    return Finished(runs, json.loads(log.read_text()))


@pytest.fixture
def copy(finished: Finished, tmp_path: Path) -> Callable[..., Path]:
    """Copy the finished run, without a stage and the later ones if one is named."""

    def make(before: str | None = None) -> Path:
        runs = tmp_path / "runs"
        shutil.copytree(finished.runs, runs)
        for name in NAMES[NAMES.index(before) :] if before else ():
            shutil.rmtree(runs / "micro-seed0" / name, ignore_errors=True)
        return runs

    return make


@dataclass(frozen=True)
class Told:
    """What the command said, and its exit code."""

    code: int
    text: str

    @property
    def done_before(self) -> list[str]:
        """The stages that were not run again."""
        return [n for n in NAMES if f"] {n}: done before" in self.text]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Told]:
    """Run the command on a recipe in this process."""

    def call(runs: Path, recipe: Path = RECIPE, **options: Any) -> Told:
        capsys.readouterr()
        flags = [f"--{name}={value}" for name, value in options.items()]
        code = cli.main(["run", str(recipe), "--runs", str(runs), *flags])
        return Told(code, capsys.readouterr().err)

    return call


@pytest.fixture
def contents() -> Callable[..., dict[str, str]]:
    """Hash every file of a run, without times and without the run's own place."""

    def read(folder: Path, *stages: str) -> dict[str, str]:
        return {
            str(path.relative_to(folder)): _digest(path)
            for stage in stages or NAMES
            for path in sorted((folder / stage).rglob("*"))
            if path.is_file()
        }

    return read


# A completions file names the model's folder; the report tells how long the stages took.
_PLACE = re.compile(rb"/[^\s\"]*/micro-seed\d")
_SECONDS = re.compile(rb"(?:\d+ (?:h|min) )?\d+ (?:min|s)\b|width:[\d.]+%")


def _digest(path: Path) -> str:
    content = _PLACE.sub(b"", path.read_bytes())
    if path.suffix == ".html":
        content = _SECONDS.sub(b"", content)
    if path.suffix in {".json", ".jsonl"}:
        lines = content.splitlines() if path.suffix == ".jsonl" else [content]
        plain = [_without_times(json.loads(line)) for line in lines]
        content = json.dumps(plain, sort_keys=True).encode()
    return hashlib.sha256(content).hexdigest()


def _without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_times(v) for k, v in value.items() if k not in _CLOCK}
    return [_without_times(v) for v in value] if isinstance(value, list) else value


@pytest.fixture
def edited(tmp_path: Path) -> Callable[..., Path]:
    """Return the micro recipe with some text replaced; it keeps its name."""

    def make(*changes: tuple[str, str]) -> Path:
        text = RECIPE.read_text()
        for old, new in changes:
            assert text.count(old) == 1, f"{old!r} is not in the recipe once"
            text = text.replace(old, new)
        folder = tmp_path / "edited"
        folder.mkdir(exist_ok=True)
        (folder / RECIPE.name).write_text(text)
        return folder / RECIPE.name

    return make
