"""What TensorBoard shows of a run of RL is what the run's own curve holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scireasoner.artifacts import read_jsonl
from scireasoner.tasks.task import Task
from scireasoner.training import rl
from scireasoner.training.fit_config import FitConfig
from scireasoner.training.loop import CURVE
from scireasoner.training.rl_config import RlConfig
from scireasoner.training.tracking import use_trackers
from scireasoner.types import Mode

SHOWN = ("rollout/score", "rollout/correct", "rollout/length", "dapo/kept", "rollout/fault")
STEPS = 3


def curve_of(task: Task, checkpoint: Path, out: Path) -> list[dict[str, Any]]:
    """Train and report; return the points of the run's own curve."""
    config = RlConfig(
        prompts=4, groups=2, group_size=4, max_tokens=12, overlong_cache=10, gate="reward",
        fit=FitConfig(steps=STEPS, save_every=STEPS, log_every=1),
    )  # fmt: skip
    with use_trackers(["tensorboard"]):
        rl.reinforce(
            checkpoint, [task], {task.name: Mode.INSTANT}, config, out=out, seed=0, dtype="float32"
        )
    points = [row for row in read_jsonl(out / CURVE) if "rollout/score" in row]
    assert len(points) == STEPS
    return points


def test_tensorboard_shows_the_curve(
    formula: Task, checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("tensorboard", reason="needs tensorboard: pip install tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    monkeypatch.setenv("TENSORBOARD_LOGGING_DIR", "")
    points = curve_of(formula, checkpoint, tmp_path / "run" / "rl")
    events = EventAccumulator(str(tmp_path / "run" / "tracking" / "rl"))
    events.Reload()
    for name in SHOWN:
        shown = [event.value for event in events.Scalars(f"train/{name}")]
        assert shown == pytest.approx([row[name] for row in points]), name
