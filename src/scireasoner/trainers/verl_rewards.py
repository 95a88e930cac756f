"""Rewards for verl: its custom reward function, and a reward manager.

verl loads this file by its path (``reward.custom_reward_function.path``), so it imports only by
full names and holds no class that needs to be found in its module.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from scireasoner.rewards.soften import soft_overlong
from scireasoner.tasks.rewarding import Rewarded
from scireasoner.trainers.core import shared
from scireasoner.trainers.rows import FIELDS, asked

__all__ = ["compute_score", "path"]

MANAGER, REGISTERED = "ScienceRewardManager", "scireasoner"


def compute_score(
    data_source: str,
    solution_str: str,
    ground_truth: Any,
    extra_info: Mapping[str, Any] | None = None,
    *,
    workers: int = 0,
    not_judged: float = 0.0,
    **others: Any,
) -> dict[str, Any]:
    """Return the reward of one completion as verl wants it.

    Parameters
    ----------
    data_source : the task's name.
    solution_str : the completion.
    ground_truth : the gold; empty for tasks that have none, or where ``extra_info`` names the row.
    extra_info : the other fields of a row (``id`` and ``split``, or ``inputs``), as
        :func:`~scireasoner.trainers.questions.verl_rows` writes them; the rest is verl's.
    workers : processes that judge, shared by all calls of this process (``reward_kwargs``).
    not_judged : ``score`` where our own tools failed: verl knows no missing reward.

    Returns
    -------
    ``score`` in [0, 1], ``acc`` (1 if correct), ``fault`` and ``judged`` (0 where our own tools
    failed), the same keys for every row.
    """
    del others
    row = {
        name: value
        for name, value in (extra_info or {}).items()
        if name in FIELDS and name not in {"completion", "group"} and not _empty(value)
    }
    if not _empty(ground_truth):
        row["gold"] = ground_truth
    row |= {"task": data_source, "completion": solution_str}
    (reward,) = shared(workers)([asked(row, f"the row of {data_source}")])
    return record(reward, not_judged)


def record(reward: Rewarded, not_judged: float = 0.0) -> dict[str, Any]:
    """Return a reward as verl's dictionary."""
    return {
        "score": not_judged if reward.value is None else reward.value,
        "acc": float(reward.correct),
        "fault": reward.fault.value if reward.fault else "",
        "judged": float(reward.value is not None),
    }


def _empty(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def path() -> str:
    """Return the path of this file, for ``reward.custom_reward_function.path``."""
    return __file__


def __getattr__(name: str) -> Any:
    # verl asks for the manager by name; only then is verl imported.
    if name == MANAGER:
        return _manager()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _manager() -> type[Any]:
    """Return our reward manager, registered with verl as ``scireasoner``."""
    import numpy as np
    from verl.experimental.reward_loop.reward_manager.naive import NaiveRewardManager
    from verl.experimental.reward_loop.reward_manager.registry import REWARD_MANAGER, register

    # Each loading by path runs this file anew.
    if REGISTERED in REWARD_MANAGER:
        known: type[Any] = REWARD_MANAGER[REGISTERED]
        return known

    class ScienceRewardManager(NaiveRewardManager):
        """verl's naive manager, with what it leaves out: tokens, answers that were cut.

        ``reward.reward_kwargs.overlong_buffer_cfg`` sets DAPO's soft penalty, as for verl's own.
        """

        def __init__(self, config: Any, tokenizer: Any, **rest: Any) -> None:
            # Without a custom function verl hands over its own, which knows no task of ours.
            if not (config.reward.get("custom_reward_function") or {}).get("path"):
                rest["compute_score"] = compute_score
            super().__init__(config, tokenizer, **rest)

        async def run_single(self, data: Any) -> dict[str, Any]:
            """Return the reward of the last sequence of a trajectory."""
            last = data[-1:]
            item = last[0]
            length = item.batch["responses"].shape[-1]
            tokens = int(item.batch["attention_mask"][-length:].sum())
            end = int(item.batch["responses"][tokens - 1]) if tokens else None
            info = dict(item.non_tensor_batch.get("extra_info") or {})
            info["tokens"] = tokens
            limit = self.config.data.get("max_response_length")
            cut = limit is not None and tokens >= limit and end != self.tokenizer.eos_token_id
            info["finish"] = "length" if cut else "stop"
            held = np.empty(1, dtype=object)
            held[0] = info
            last.non_tensor_batch["extra_info"] = held
            found: dict[str, Any] = await super().run_single(last)
            long = (self.config.reward.get("reward_kwargs") or {}).get("overlong_buffer_cfg")
            if long and long.enable and limit is not None:
                penalty = soft_overlong(tokens, int(limit), int(long.len))
                found["reward_score"] += long.penalty_factor * penalty
            return found

    register(REGISTERED)(ScienceRewardManager)
    return ScienceRewardManager
