"""Measuring from the command line: tasks by pattern or file, modes, the table, the JSON file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from scireasoner import cli, measuring
from scireasoner.errors import InputError, TaskError
from scireasoner.models.backend import Sampling
from scireasoner.tasks.registry import all_tasks
from scireasoner.types import Completion, Mode, Prompt, Split


class Knowing:
    """A backend that knows two things, and remembers the modes it was asked in."""

    name = "knowing"

    def __init__(self) -> None:
        self.modes: dict[str, Mode | None] = {}

    def generate(
        self, prompts: Sequence[Prompt], sampling: Sampling, n: int = 1
    ) -> list[list[Completion]]:
        self.modes.update({prompt.task: prompt.mode for prompt in prompts})
        return [[Completion("none", 3)] * n for _ in prompts]


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch, data_root: Path, tmp_path: Path) -> Knowing:
    """Put the small rows and a known model in the place of the real ones."""
    knowing = Knowing()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(measuring, "open_backend", lambda spec: knowing)
    return knowing


def test_patterns_choose_tasks_in_the_order_of_the_registry() -> None:
    assert [t.name for t in measuring.tasks_of(["rna_*", "logp"])] == [
        "logp",
        "rna_folding_energy",
        "rna_design",
    ]
    assert measuring.tasks_of([]) == all_tasks()
    with pytest.raises(TaskError, match="logq"):
        measuring.tasks_of(["logq"])


@pytest.mark.parametrize(
    ("content", "words"), [(None, "no file"), ("x = 1\n", "registers no task")]
)
def test_a_file_must_register_a_task(content: str | None, words: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    if content is not None:
        path.write_text(content)
    with pytest.raises(InputError, match=words):
        measuring.tasks_of([str(path)])


def test_a_constant_answer_scores_its_share(backend: Knowing) -> None:
    (row,) = measuring.measure(["restriction_site"], model="scripted:x", mode="instant", limit=10)
    task = measuring.tasks_of(["restriction_site"])[0]
    golds = [sample.gold for sample in task.samples(Split.TEST, 10)]
    assert row.estimate.value == pytest.approx(golds.count("none") / len(golds))
    assert row.estimate.n == len(golds)
    assert row.metric == task.metrics[0].name


@pytest.mark.parametrize(
    ("mode", "asked"),
    [
        ("instant", {"logp": Mode.INSTANT, "protein_charge": Mode.INSTANT}),
        ("think", {"logp": Mode.THINK, "protein_charge": Mode.THINK}),
        ("auto", {"logp": Mode.INSTANT, "protein_charge": Mode.THINK}),
    ],
)
def test_auto_asks_each_task_in_its_measured_mode(
    mode: str, asked: Mapping[str, Mode], backend: Knowing, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = {"logp": Mode.INSTANT, "protein_charge": Mode.THINK}
    monkeypatch.setattr(measuring, "default_model", lambda runs: ("hf:x", table))
    measuring.measure(["logp", "protein_charge"], mode=mode, limit=3)
    assert backend.modes == asked


def test_the_command_prints_and_writes_the_scores(
    backend: Knowing, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "scores.json"
    options = ["--model", "scripted:x", "--mode", "instant", "--limit", "5", "--out", str(out)]
    assert cli.main(["eval", "restriction_site", "logp", *options]) == 0
    shown = capsys.readouterr().out
    assert "restriction_site" in shown
    written = json.loads(out.read_text())
    assert [row["task"] for row in written["scores"]] == ["logp", "restriction_site"]
    assert written["scores"][0]["estimate"]["answered"] == 0.0
    assert written["scores"][0]["compliance"]["followed"] == 1.0
    assert "kept to the mode" in shown


@pytest.mark.parametrize("options", [[], ["--decode", "plain"], ["--verify", "4"]])
def test_draws_without_a_use_are_refused(
    options: list[str], backend: Knowing, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["eval", "logp", "--model", "scripted:x", "--draws", "3", *options]) == 2
    assert "--draws N belongs to --decode" in capsys.readouterr().err
    assert not backend.modes


@pytest.mark.parametrize(("option", "place"), [("--out", "folder"), ("--predictions", "file")])
def test_a_place_that_cannot_be_written_is_told_before_a_model_is_asked(
    option: str, place: str, backend: Knowing, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    options = ["--model", "scripted:x", "--limit", "2", option, str(tmp_path / place)]
    assert cli.main(["eval", "logp", *options]) == 4
    assert "is not writable" in capsys.readouterr().err
    assert not backend.modes


def test_rows_that_the_model_has_seen_are_left_out_and_counted(
    backend: Knowing, tmp_path: Path
) -> None:
    rows = measuring.tasks_of(["logp"])[0].samples(Split.TEST, 5)
    seen, out = tmp_path / "seen.txt", tmp_path / "scores.json"
    seen.write_text(f"{rows[1].id}\n{rows[3].id}\nanother-row\n")
    options = ["--model", "scripted:x", "--mode", "instant", "--limit", "5", "--out", str(out)]
    assert cli.main(["eval", "logp", "--without", str(seen), *options]) == 0
    (score,) = json.loads(out.read_text())["scores"]
    assert (score["estimate"]["n"], score["left_out"]) == (3, 2)
    with pytest.raises(InputError, match=r"no file .*ids of the rows to leave out"):
        measuring.measure(["logp"], model="scripted:x", mode="instant", without=tmp_path / "no")


def test_a_budget_for_thoughts_arrives(
    backend: Knowing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[Sampling] = []
    generate = backend.generate

    def noting(prompts: Any, sampling: Sampling, n: int = 1) -> Any:
        asked.append(sampling)
        return generate(prompts, sampling, n)

    monkeypatch.setattr(backend, "generate", noting)
    options = ["--model", "scripted:x", "--limit", "2", "--max-thinking", "40"]
    for mode in ("think", "instant"):
        assert cli.main(["eval", "logp", "--mode", mode, *options]) == 0
    thinking, instant = asked
    assert (thinking.max_thinking, instant.max_thinking) == (40, 40)
    assert thinking.max_tokens == 40 + instant.max_tokens  # as many as an instant answer may have
