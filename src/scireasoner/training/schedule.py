"""How the learning rate rises and falls, in our terms and in the trainer's."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from scireasoner.training.fit_config import FitConfig


def schedule(config: FitConfig) -> Callable[[int], float]:
    """Return step -> learning rate as a share of the peak."""
    warm = _warm_steps(config)

    def share(step: int) -> float:
        if step < warm:
            return (step + 1) / warm
        if config.decay == "constant":
            return 1.0
        done = min(1.0, (step - warm) / max(1, config.steps - warm))
        falling = 1 - done if config.decay == "linear" else 0.5 * (1 + math.cos(math.pi * done))
        return config.final_lr + (1 - config.final_lr) * falling

    return share


def trainer_schedule(config: FitConfig) -> dict[str, Any]:
    """Return :func:`schedule` in the trainer's own terms, for models that it shards itself."""
    name, options = {
        "constant": ("constant_with_warmup", {}),
        "cosine": ("cosine_with_min_lr", {"min_lr_rate": config.final_lr}),
        "linear": ("polynomial", {"lr_end": config.final_lr * config.lr, "power": 1.0}),
    }[config.decay]
    return {
        "lr_scheduler_type": name,
        "lr_scheduler_kwargs": options,
        "warmup_steps": _warm_steps(config),
    }


def _warm_steps(config: FitConfig) -> int:
    return max(1, round(config.warmup * config.steps))
