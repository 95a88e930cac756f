"""A run that is stopped and goes on ends bit for bit like one that was not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scireasoner.artifacts import read_jsonl, sha256
from scireasoner.errors import ArtifactError
from scireasoner.tasks.task import Task
from scireasoner.training import rl
from scireasoner.training.dapo_trainer import DapoTrainer
from scireasoner.training.loop import CURVE, FitConfig, last_checkpoint
from scireasoner.training.rl import RlConfig, questions
from scireasoner.training.rollout_log import ASKED, SAMPLES
from scireasoner.training.rollouts import PromptStream
from scireasoner.types import Mode

STEPS, STOP, PROMPTS = 8, 6, 7  # seven questions: an epoch ends within each batch or two

# name, changes of the recipe, accumulation, points of the curve
CASES = [
    ("in parts, points of three steps", {}, 2, 3),
    (
        "steps that share rollouts",
        {"minibatches": 2, "iterations": 2, "scale": "task", "share_prompts": True},
        2,
        1,
    ),
]


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


def curve(out: Path) -> list[dict[str, float]]:
    """Return the curve without what a clock decides."""
    return [
        {name: value for name, value in row.items() if name != "step_time"}
        for row in read_jsonl(out / CURVE)
    ]


@pytest.mark.parametrize(
    ("changes", "accumulation", "log_every"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_stopped_and_gone_on_it_is_the_same_run(
    changes: dict[str, Any],
    accumulation: int,
    log_every: int,
    formula: Task,
    checkpoint: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = config_of(changes, accumulation, log_every)
    whole, again = tmp_path / "whole", tmp_path / "again"
    run(formula, checkpoint, whole, config)

    before = DapoTrainer.training_step

    def step(self: DapoTrainer, *given: Any) -> Any:
        if self.state.global_step == STOP:
            raise Stopped
        return before(self, *given)

    with monkeypatch.context() as patch:
        patch.setattr(DapoTrainer, "training_step", step)
        with pytest.raises(Stopped):
            run(formula, checkpoint, again, config)
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
