"""The same rows give the same rewards through every adapter, for any number of workers."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from scireasoner.trainers import verl_rewards
from scireasoner.trainers.core import Rewarder, rewards
from scireasoner.trainers.rows import text_of
from scireasoner.trainers.service import Limits, respond
from scireasoner.trainers.trl_rewards import trl_reward
from scireasoner.trainers.verifiers_env import reward_of

Row = dict[str, Any]
Values = list[float | None]


def core(rows: list[Row], pool: Rewarder) -> Values:
    return [found.value for found in rewards(rows)]


def core_with_workers(rows: list[Row], pool: Rewarder) -> Values:
    from scireasoner.trainers.rows import asked

    pool._cache.clear()
    return [found.value for found in pool([asked(row) for row in rows])]


def service(rows: list[Row], pool: Rewarder) -> Values:
    return [row["value"] for row in respond(json.dumps(rows).encode(), Rewarder(), Limits())]


def columns(rows: list[Row]) -> dict[str, list[Any]]:
    names = dict.fromkeys(name for row in rows for name in row if name != "completion")
    return {name: [row.get(name) for row in rows] for name in names}


def trl(rows: list[Row], pool: Rewarder) -> Values:
    texts = [row["completion"] for row in rows]
    prompts = [f"question {n}" for n in range(len(rows))]
    return trl_reward()(prompts=prompts, completions=texts, **columns(rows))


def trl_chat(rows: list[Row], pool: Rewarder) -> Values:
    chats = [[{"role": "assistant", "content": row["completion"]}] for row in rows]
    prompts = [[{"role": "user", "content": f"question {n}"}] for n in range(len(rows))]
    ids = [[1] * 5] * len(rows)
    reward = trl_reward(rewarder=pool)
    return reward(
        prompts=prompts, completions=chats, completion_ids=ids, trainer_state=None, **columns(rows)
    )


def verl(rows: list[Row], pool: Rewarder) -> Values:
    # As verl does it: the file is run anew, under a name of verl's own.
    spec = importlib.util.spec_from_file_location("custom_module_1", verl_rewards.path())
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    values: Values = []
    for row in rows:
        known = ("task", "gold", "completion")
        extra = {name: value for name, value in row.items() if name not in known}
        found = module.compute_score(
            data_source=row["task"],
            solution_str=row["completion"],
            ground_truth=row["gold"],
            extra_info={**extra, "num_turns": None, "rollout_reward_scores": {}, "index": 3},
        )
        values.append(found["score"] if found["judged"] else None)
    return values


def verifiers(rows: list[Row], pool: Rewarder) -> Values:
    values: Values = []
    for row in rows:
        said = SimpleNamespace(content=text_of(row["completion"]), reasoning_content=None)
        trace = SimpleNamespace(
            assistant_messages=[said],
            is_truncated=row.get("finish") == "length",
            num_output_tokens=5,
        )
        rest = {name: value for name, value in row.items() if name not in {"completion", "finish"}}
        values.append(reward_of(json.dumps(rest), trace, Rewarder()).value)
    return values


ADAPTERS: list[Callable[[list[Row], Rewarder], Values]] = [
    core, core_with_workers, service, trl, trl_chat, verl, verifiers,
]  # fmt: skip


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.__name__)
def test_every_adapter_gives_the_same(
    adapter: Callable[[list[Row], Rewarder], Values], rows: list[Row], two_workers: Rewarder
) -> None:
    from scireasoner.tasks.registry import get
    from scireasoner.types import Completion, Mode, Sample

    expected = []
    for row in rows:
        task = get(row["task"])
        sample = Sample("x", row.get("inputs", {}), row["gold"])
        mode = Mode(row["mode"]) if "mode" in row else None
        written = Completion(row["completion"], 0, row.get("finish", "stop"))
        expected.append(task.rewarded(sample, written, mode).value)
    assert adapter(rows, two_workers) == expected
    assert None in expected
    assert {0.0, 1.0} < {value for value in expected if value is not None}
