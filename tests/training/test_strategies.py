"""What is asked of the engines is what they take: vLLM beside the trainer, FSDP2, no CPU shards."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scireasoner.errors import RecipeError
from scireasoner.jsonl_log import JsonlLog
from scireasoner.training import rl
from scireasoner.training.fit_config import FitConfig
from scireasoner.training.loop import arguments, train
from scireasoner.training.rl_config import RlConfig


def test_rollouts_by_vllm_on_the_same_gpu(tmp_path: Path) -> None:
    config = RlConfig(vllm=True, groups=2, group_size=4, fit=FitConfig(accumulation=2))
    made = rl._arguments(config, tmp_path, 0)
    assert (made.use_vllm, made.vllm_mode) == (True, "colocate")
    assert made.per_device_train_batch_size == 4
    assert (made.epsilon, made.epsilon_high, made.beta) == (0.2, 0.28, 0.0)


def test_fsdp2_is_asked_for_with_whole_checkpoints(tmp_path: Path) -> None:
    made = arguments(FitConfig(strategy="fsdp2"), tmp_path, 0)
    assert made.fsdp_plugin_args["fsdp_version"] == 2
    assert made.fsdp_plugin_args["state_dict_type"] == "FULL_STATE_DICT"
    assert made.average_tokens_across_devices


def test_cpu_processes_are_not_left_unsharded_without_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """accelerate takes FSDP on GPUs only, and would train on as if nothing had been asked."""
    monkeypatch.setenv("WORLD_SIZE", "2")
    trainer: Any = SimpleNamespace(args=SimpleNamespace(fsdp=True), is_fsdp_enabled=False)
    with pytest.raises(RecipeError, match="shards over GPUs only"):
        train(trainer, tmp_path, JsonlLog(tmp_path / "curve.jsonl"))
