"""The learning-rate schedule, wrong settings, and which checkpoints count."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from scireasoner.errors import RecipeError
from scireasoner.training.fit_config import FitConfig
from scireasoner.training.loop import (
    last_checkpoint,
    planned_batches,
)
from scireasoner.training.schedule import schedule, trainer_schedule

# steps 100, warm-up 10 %, final rate 0.2: (decay, step, share of the peak)
VALUES = [
    ("linear", 0, 0.1),
    ("linear", 4, 0.5),
    ("linear", 9, 1.0),
    ("linear", 10, 1.0),
    ("linear", 55, 0.6),  # half of the way from 1 to 0.2
    ("linear", 100, 0.2),
    ("linear", 500, 0.2),
    ("cosine", 55, 0.6),
    ("cosine", 10 + 90 // 3, 0.2 + 0.8 * 0.5 * (1 + math.cos(math.pi / 3))),
    ("cosine", 100, 0.2),
    ("constant", 4, 0.5),
    ("constant", 10, 1.0),
    ("constant", 100, 1.0),
]


@pytest.mark.parametrize(("decay", "step", "expected"), VALUES)
def test_schedule(decay: str, step: int, expected: float) -> None:
    config = FitConfig(steps=100, warmup=0.1, final_lr=0.2, decay=decay)
    assert schedule(config)(step) == pytest.approx(expected)


@pytest.mark.parametrize("decay", ["linear", "cosine", "constant"])
def test_a_sharded_model_gets_the_same_schedule_from_the_trainer(decay: str) -> None:
    """What transformers builds for FSDP2 and DeepSpeed runs follows ours to within a step."""
    import torch
    from transformers import get_scheduler

    config = FitConfig(steps=100, warmup=0.1, final_lr=0.2, decay=decay, lr=0.5)
    named = trainer_schedule(config)
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=config.lr)
    theirs = get_scheduler(
        named["lr_scheduler_type"],
        optimizer,
        num_warmup_steps=named["warmup_steps"],
        num_training_steps=config.steps,
        scheduler_specific_kwargs=named["lr_scheduler_kwargs"],
    )
    for step in range(1, 100):
        optimizer.step()
        theirs.step()
        ours = config.lr * schedule(config)(step)
        one_step = 0.11 * config.lr if step <= 10 else 0.02 * config.lr
        assert optimizer.param_groups[0]["lr"] == pytest.approx(ours, abs=one_step), step


@pytest.mark.parametrize(("world", "batches"), [("", 30), ("1", 30), ("4", 120)])
def test_every_process_of_a_job_gets_batches_of_its_own(
    world: str, batches: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    if world:
        monkeypatch.setenv("WORLD_SIZE", world)
    assert planned_batches(FitConfig(steps=10, accumulation=3)) == batches


def test_annealing_ends_near_nothing() -> None:
    """The cold start: the rate only falls after the warm-up."""
    share = schedule(FitConfig(steps=50, warmup=0.0, final_lr=0.02))
    values = [share(step) for step in range(51)]
    assert values == sorted(values, reverse=True)
    assert values[-1] == pytest.approx(0.02)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"optimizer": "sgd"}, "optimizer is 'sgd'; use 'muon' or 'adamw'"),
        ({"decay": "step"}, "decay is 'step'"),
        ({"optimizer": "muon", "strategy": "fsdp2"}, "Muon runs unsharded only"),
        ({"compile": True, "strategy": "fsdp2"}, "compiled blocks run unsharded only"),
    ],
)
def test_wrong_settings(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(RecipeError, match=words):
        FitConfig(**settings)


def test_only_whole_checkpoints_count_and_the_newest_wins(tmp_path: Path) -> None:
    assert last_checkpoint(tmp_path) is None
    for step, whole in ((9, True), (10, True), (100, False)):
        folder = tmp_path / f"checkpoint-{step}"
        folder.mkdir()
        if whole:
            (folder / "complete").write_text("")
    assert last_checkpoint(tmp_path) == tmp_path / "checkpoint-10"
