"""Development rows along RL: what is gained, asked when, and without a trace in the training."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scireasoner.artifacts import read_jsonl, sha256
from scireasoner.errors import RecipeError
from scireasoner.tasks.task import Task
from scireasoner.training import rl
from scireasoner.training.dapo_trainer import DapoTrainer
from scireasoner.training.development import DEVELOPMENT, Development, development_questions, gains
from scireasoner.training.fit_config import FitConfig
from scireasoner.training.loop import CURVE
from scireasoner.training.rl_config import RlConfig
from scireasoner.types import Mode, Split

STEPS = 4


def config_of(**changes: Any) -> RlConfig:
    fit = FitConfig(steps=STEPS, save_every=2, lr=1e-2, log_every=3)
    given = {"prompts": 7, "groups": 2, "group_size": 4, "max_tokens": 12, "overlong_cache": 10,
             "gate": "reward", "max_rounds": 2, "fit": fit}  # fmt: skip
    return RlConfig(**given | changes)


@pytest.fixture
def tasks(make_task: Callable[..., Task]) -> list[Task]:
    return [make_task("formula"), make_task("seen")]


def run(tasks: list[Task], checkpoint: Path, out: Path, config: RlConfig) -> dict[str, Any]:
    modes = {task.name: Mode.INSTANT for task in tasks}
    return rl.reinforce(checkpoint, tasks, modes, config, out=out, seed=0, dtype="float32")


@pytest.mark.parametrize(
    ("before", "now", "gain", "surely"),
    [
        ([0.0] * 20, [1.0] * 20, 1.0, True),
        ([0.5, 0.25] * 20, [0.5, 0.25] * 20, 0.0, False),
        ([1.0] * 30, [0.5] * 30, -0.5, True),
        ([0.0, 1.0] * 10, [1.0, 0.0] * 10, 0.0, False),
        ([None, 0.0, 0.0, 0.5], [1.0, None, 0.5, 1.0], 0.5, True),
    ],
    ids=["all learnt", "the same", "half lost", "others right", "tools failed on two"],
)
def test_gains_are_paired(before: Any, now: Any, gain: float, surely: bool) -> None:
    (own,) = gains({"logp": before}, {"logp": now}, seed=0).values()
    assert own["gain"] == pytest.approx(gain)
    assert own["low"] <= own["gain"] <= own["high"]
    assert (own["low"] > 0 or own["high"] < 0) == surely


def test_no_gain_of_a_single_row() -> None:
    assert gains({"logp": [0.0, None]}, {"logp": [1.0, 1.0]}, seed=0) == {}


@pytest.mark.parametrize(
    ("config", "asked"),
    [
        (config_of(dev=3), {"formula": 3, "seen": 3}),
        (config_of(dev=9, weights={"formula": 1.0}, others=0.0), {"formula": 4}),
        (config_of(dev=2, others=0.0, weights={"formula": 1.0}, watched=("seen",)),
         {"formula": 2, "seen": 2}),
        (config_of(), {}),
    ],
)  # fmt: skip
def test_what_is_asked(config: RlConfig, asked: dict[str, int], tasks: list[Task]) -> None:
    found = development_questions(tasks, dict.fromkeys(("formula", "seen"), Mode.INSTANT), config)
    counts = {name: sum(q.task.name == name for q in found) for name in asked}
    assert counts == asked
    held = {row.id for row in tasks[0].samples(Split.DEV)}
    assert {q.sample.id for q in found} <= held


def test_a_task_without_development_rows_is_left_out(
    formula: Task, novel: Task, caplog: pytest.LogCaptureFixture
) -> None:
    modes = {"formula": Mode.INSTANT, "novel": Mode.INSTANT}
    with caplog.at_level("INFO"):
        found = development_questions([formula, novel], modes, config_of(dev=2))
    assert {q.task.name for q in found} == {"formula"}
    assert "novel has no development rows" in caplog.text


def test_asking_leaves_no_trace_in_the_training(
    tasks: list[Task], checkpoint: Path, tmp_path: Path
) -> None:
    plain, watched = tmp_path / "plain", tmp_path / "watched"
    weights = {"formula": 1.0}
    run(tasks, checkpoint, plain, config_of(weights=weights, others=0.0))
    config = config_of(weights=weights, others=0.0, dev=3, dev_every=3, watched=("seen",))
    facts = run(tasks, checkpoint, watched, config)

    weights_of = [sha256(out / "model" / "model.safetensors") for out in (plain, watched)]
    assert weights_of[0] == weights_of[1]
    kept = read_jsonl(watched / DEVELOPMENT)
    assert [row["step"] for row in kept] == [0, 3, STEPS]
    assert {name: len(own) for name, own in kept[0]["shares"].items()} == {"formula": 3, "seen": 3}
    assert facts["development"] == kept[-1]["gains"]
    # Both tasks have the same rows: the same random numbers give the watched one other answers
    # only because it comes later in the batch.
    points = [row for row in read_jsonl(watched / CURVE) if "dev/seen/gain" in row]
    assert [row["step"] for row in points] == [3, STEPS]
    for row, point in zip(kept[1:], points, strict=True):
        for task, own in row["gains"].items():
            assert {name: point[f"dev/{task}/{name}"] for name in own} == own


def test_stopped_and_gone_on_it_asks_the_same(
    tasks: list[Task], checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, again = tmp_path / "whole", tmp_path / "again"
    config = config_of(dev=3, dev_every=1)
    run(tasks, checkpoint, whole, config)
    before = DapoTrainer.training_step

    def step(self: DapoTrainer, *given: Any) -> Any:
        if self.state.global_step == 3:
            raise KeyboardInterrupt
        return before(self, *given)

    with monkeypatch.context() as patch:
        patch.setattr(DapoTrainer, "training_step", step)
        with pytest.raises(KeyboardInterrupt):
            run(tasks, checkpoint, again, config)
    assert [row["step"] for row in read_jsonl(again / DEVELOPMENT)] == [0, 1, 2, 3]
    run(tasks, checkpoint, again, config)
    assert read_jsonl(again / DEVELOPMENT) == read_jsonl(whole / DEVELOPMENT)


@pytest.mark.parametrize("rows", [1, 4, 5, 6, 7])
def test_processes_share_the_rows(
    rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three processes, two questions at once: as many turns in each, and every row once or more."""
    told: dict[int, list[Any]] = {}
    turns: dict[int, int] = {}

    def process(rank: int) -> Development:
        def roll_out(asked: list[int]) -> list[Any]:
            turns[rank] += 1
            assert 1 <= len(asked) <= 2
            right = SimpleNamespace(reward=1.0)
            return [
                SimpleNamespace(judged=[SimpleNamespace(correct=one % 2 == 0, **vars(right))])
                for one in asked
            ]

        trainer: Any = SimpleNamespace(
            stream=SimpleNamespace(rank=rank, world=3), roll_out=roll_out
        )
        asked: Any = list(range(rows))
        return Development(
            trainer, asked, ["logp"] * rows, groups=2, every=1, steps=9, out=tmp_path, seed=0
        )

    def gather(own: list[Any]) -> list[Any]:
        told[rank] = own
        return [pair for rank in sorted(told) for pair in told[rank]]

    monkeypatch.setattr("accelerate.utils.gather_object", gather)
    for rank in (2, 1, 0):
        turns[rank] = 0
        one = process(rank)
        # What others told is there only for the last process, the main one.
        try:
            shares = one._shares()
        except KeyError:
            assert rank
    assert shares == {"logp": [float(n % 2 == 0) for n in range(rows)]}
    assert len(set(turns.values())) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"watched": ("seen",)}, "rl.watched names seen, and rl.dev is 0"),
        ({"dev": -1}, "dev is -1"),
        ({"dev": 2, "dev_every": 0}, "dev_every is 0"),
    ],
)
def test_settings_that_cannot_be(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(RecipeError, match=words):
        config_of(**changes)
