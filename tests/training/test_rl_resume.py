"""A run that is stopped and goes on ends bit for bit like one that was not."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scireasoner.artifacts import read_jsonl, sha256
from scireasoner.errors import ArtifactError, StorageError
from scireasoner.tasks.task import Task
from scireasoner.training import rl
from scireasoner.training.dapo_trainer import DapoTrainer
from scireasoner.training.fit_config import FitConfig
from scireasoner.training.loop import CURVE, last_checkpoint
from scireasoner.training.rl import questions
from scireasoner.training.rl_config import RlConfig
from scireasoner.training.rollout_log import ASKED, SAMPLES, RolloutLog
from scireasoner.training.rollouts import PromptStream
from scireasoner.types import Mode

STEPS, STOP, PROMPTS = 8, 6, 7  # seven questions: an epoch ends within each batch or two


class Stopped(Exception):
    """The power went off."""


def config_of(changes: dict[str, Any], accumulation: int, log_every: int) -> RlConfig:
    fit = FitConfig(
        steps=STEPS, save_every=4, lr=1e-2, accumulation=accumulation, log_every=log_every
    )
    # Lengths differ, hence rewards do; an untrained model is never right.
    return RlConfig(
        prompts=PROMPTS, groups=2, group_size=4, max_tokens=12, overlong_cache=10, gate="reward",
        max_rounds=2, sample_every=2, fit=fit, **changes,
    )  # fmt: skip


def run(task: Task, checkpoint: Path, out: Path, config: RlConfig) -> None:
    rl.reinforce(
        checkpoint, [task], {task.name: Mode.INSTANT}, config, out=out, seed=0, dtype="float32"
    )


def power_off(patch: pytest.MonkeyPatch) -> type[Exception]:
    """Stop the run in the middle of its sixth step."""
    before = DapoTrainer.training_step

    def step(self: DapoTrainer, *given: Any) -> Any:
        if self.state.global_step == STOP:
            raise Stopped
        return before(self, *given)

    patch.setattr(DapoTrainer, "training_step", step)
    return Stopped


def disk_full(patch: pytest.MonkeyPatch) -> type[Exception]:
    """Refuse what is written from the questions of the seventh step on."""
    before, full = os.fsync, False

    def ask(self: RolloutLog, step: int, *given: Any) -> None:
        nonlocal full
        full = full or step > STOP
        asked(self, step, *given)

    def fsync(place: int) -> None:
        if full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        before(place)

    asked = RolloutLog.ask
    patch.setattr(RolloutLog, "ask", ask)
    patch.setattr(os, "fsync", fsync)
    return StorageError


def curve(out: Path) -> list[dict[str, float]]:
    """Return the curve without what a clock decides."""
    return [
        {name: value for name, value in row.items() if name != "step_time"}
        for row in read_jsonl(out / CURVE)
    ]


SHARED = {"minibatches": 2, "iterations": 2, "scale": "task", "share_prompts": True}
# name, changes of the recipe, accumulation, steps of a point of the curve, what goes wrong
CASES = [
    ("in parts, points of three steps", {}, 2, 3, power_off),
    ("steps that share rollouts", SHARED, 2, 1, power_off),
    ("a full disk", {}, 1, 1, disk_full),
]


@pytest.mark.parametrize(
    ("changes", "accumulation", "log_every", "fails"),
    [c[1:] for c in CASES],
    ids=[c[0] for c in CASES],
)
def test_stopped_and_gone_on_it_is_the_same_run(
    changes: dict[str, Any],
    accumulation: int,
    log_every: int,
    fails: Callable[[pytest.MonkeyPatch], type[Exception]],
    formula: Task,
    checkpoint: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = config_of(changes, accumulation, log_every)
    whole, again = tmp_path / "whole", tmp_path / "again"
    run(formula, checkpoint, whole, config)

    with monkeypatch.context() as patch, pytest.raises(fails(patch)) as raised:
        run(formula, checkpoint, again, config)
    if raised.type is StorageError:
        assert "no space left while writing" in str(raised.value)
    stopped_at = last_checkpoint(again)
    assert stopped_at is not None
    assert stopped_at.name == "checkpoint-4"
    assert max(row["step"] for row in read_jsonl(again / ASKED)) > 4
    run(formula, checkpoint, again, config)

    assert curve(again) == curve(whole)
    for name in (ASKED, SAMPLES):
        assert read_jsonl(again / name) == read_jsonl(whole / name)
    for name in ("model.safetensors", "config.json"):
        assert sha256(again / "model" / name) == sha256(whole / "model" / name)

    # No question was lost or asked twice: together they are the stream from its beginning.
    asked = [one for row in read_jsonl(again / ASKED) for one in row["asked"]]
    mixture = questions([formula], {"formula": Mode.INSTANT}, config, seed=0)
    rows = [{"id": f"formula/{q.sample.id}"} for q in mixture]
    stream = [row["id"] for row in PromptStream(rows, seed=0).draw(len(asked))]
    assert asked == stream
    assert len(asked) > PROMPTS


def test_another_number_of_processes_cannot_go_on(
    formula: Task, checkpoint: Path, tmp_path: Path
) -> None:
    config = config_of({}, 1, 1)
    asked = questions([formula], {"formula": Mode.INSTANT}, config, seed=0)
    trainer = rl._trainer(checkpoint, asked, config, tmp_path, 0, "float32")
    folder = tmp_path / "checkpoint-4"
    folder.mkdir()
    (folder / "stream.json").write_text('{"cursors": [3, 4], "variance": {}}')
    with pytest.raises(ArtifactError, match="written by 2 processes and 1 go on: start as many"):
        rl.resume(trainer, folder)
