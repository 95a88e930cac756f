"""The same rewards for every trainer: one core, and adapters to TRL, verl, verifiers and HTTP.

The names below are loaded when they are first used; no process is started before a reward is
asked for.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scireasoner.trainers.core import Rewarder, rewards
    from scireasoner.trainers.questions import trl_rows, verl_rows
    from scireasoner.trainers.rows import Asked, asked
    from scireasoner.trainers.trl_rewards import trl_reward

__all__ = ["Asked", "Rewarder", "asked", "rewards", "trl_reward", "trl_rows", "verl_rows"]

_HOME = {
    "Asked": "rows",
    "Rewarder": "core",
    "asked": "rows",
    "rewards": "core",
    "trl_reward": "trl_rewards",
    "trl_rows": "questions",
    "verl_rows": "questions",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
