"""What verl calls, and what it makes of it (with verl itself where it is installed)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scireasoner.errors import TaskError
from scireasoner.trainers import verl_rewards
from scireasoner.trainers.questions import verl_rows
from scireasoner.trainers.verl_rewards import compute_score

GOOD = "<MOLFORMULA>CH4</MOLFORMULA>"

# completion, gold, what verl gets
SCORES: list[tuple[str, str, dict[str, Any]]] = [
    (GOOD, "CH4", {"score": 1.0, "acc": 1.0, "fault": "", "judged": 1.0}),
    ("?", "CH4", {"score": 0.0, "acc": 0.0, "fault": "invalid formula", "judged": 1.0}),
    (GOOD, "words", {"score": 0.0, "acc": 0.0, "fault": "gold cannot be read", "judged": 0.0}),
]


@pytest.mark.parametrize(("text", "gold", "expected"), SCORES)
def test_every_row_has_the_same_keys(text: str, gold: str, expected: dict[str, Any]) -> None:
    found = compute_score("smiles_to_formula", text, gold, {"index": 1, "tools_kwargs": {}})
    assert found == expected


def test_what_was_not_judged_may_be_given_another_number() -> None:
    found = compute_score("smiles_to_formula", GOOD, "words", None, not_judged=0.3)
    assert (found["score"], found["judged"]) == (0.3, 0.0)


def test_an_unknown_task_is_told() -> None:
    with pytest.raises(TaskError, match="did you mean 'smiles_to_formula'"):
        compute_score("smiles_to_formla", GOOD, "CH4")


@pytest.mark.parametrize("empty", [None, "", float("nan")])
def test_the_gold_may_be_found_by_the_rows_id(empty: Any, data_root: Path) -> None:
    row = verl_rows(["smiles_to_formula"], "dev", limit=1)[0]
    gold = row["reward_model"]["ground_truth"]
    known = {"id": row["extra_info"]["id"], "split": "dev", "inputs": empty, "gold": empty}
    text = f"<MOLFORMULA>{gold}</MOLFORMULA>"
    assert compute_score(row["data_source"], text, empty, known)["score"] == 1.0


def test_rows_survive_a_parquet_file(data_root: Path, tmp_path: Path) -> None:
    import pandas as pd

    rows = verl_rows(["smiles_to_formula", "flammable", "uncond_protein"], "dev", limit=2)
    assert len(rows) == 6
    pd.DataFrame(rows).to_parquet(tmp_path / "dev.parquet")
    for row in pd.read_parquet(tmp_path / "dev.parquet").to_dict("records"):
        gold = row["reward_model"]["ground_truth"]
        text = gold or "<protein>MKTAYIAKQRQISFVKSHFSRQ</protein>"
        found = compute_score(row["data_source"], text, gold, row["extra_info"])
        assert (found["judged"], found["acc"]) == (1.0, 1.0)


def test_verl_is_imported_only_for_its_manager() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Nobody'"):
        verl_rewards.Nobody  # noqa: B018


def settings(**manager: Any) -> Any:
    from omegaconf import OmegaConf

    custom = {"path": verl_rewards.path(), "name": "compute_score", "reward_kwargs": {"workers": 0}}
    chosen = {"source": "importlib", "module": {"path": verl_rewards.path()}, **manager}
    return OmegaConf.create(
        {
            "data": {"max_response_length": 18},
            "reward": {"custom_reward_function": custom, "reward_manager": chosen},
        }
    )


class Letters:
    """A tokenizer of letters whose end token is 0."""

    eos_token_id = 0

    def decode(self, ids: Any, skip_special_tokens: bool) -> str:
        assert skip_special_tokens
        return "".join(chr(int(one)) for one in ids if int(one))


def rollout(text: str, ends: bool, gold: str) -> Any:
    """Return a padded rollout as verl holds it."""
    import numpy as np
    import torch
    from verl import DataProto

    ids = [ord(letter) for letter in text] + [0] * ends
    mask = [1] * (3 + len(ids)) + [0] * (20 - len(ids))

    def whole(value: Any) -> Any:
        held = np.empty(1, dtype=object)
        held[0] = value
        return held

    return DataProto.from_dict(
        tensors={
            "prompts": torch.ones(1, 3, dtype=torch.long),
            "responses": torch.tensor([ids + [0] * (20 - len(ids))]),
            "attention_mask": torch.tensor([mask]),
        },
        non_tensors={
            "data_source": whole("smiles_to_formula"),
            "reward_model": whole({"ground_truth": gold}),
            "extra_info": whole({}),
        },
    )


# reward manager, completion, does it end, reward (None: a part, which the judge says), fault
ROLLOUTS: list[tuple[dict[str, Any], str, bool, float | None, str]] = [
    ({"source": "register", "name": "naive"}, "CH4", True, 1.0, ""),
    ({"source": "register", "name": "naive"}, "The formula is CH4", False, 1.0, ""),
    ({"name": "ScienceRewardManager"}, "CH4", True, 1.0, ""),
    ({"name": "ScienceRewardManager"}, "The formula is CH4", False, 0.0, "cut at the token limit"),
    ({"name": "ScienceRewardManager"}, "CH3", True, None, ""),
]


@pytest.mark.parametrize(("manager", "text", "ends", "reward", "fault"), ROLLOUTS)
def test_the_managers_of_verl_itself(
    manager: dict[str, Any], text: str, ends: bool, reward: float | None, fault: str
) -> None:
    pytest.importorskip("verl", reason="verl has its own environment: pip install verl there")
    from verl.trainer.ppo.reward import load_reward_manager

    made = load_reward_manager(settings(**manager), Letters())
    found = made.loop.run_until_complete(made.run_single(rollout(text, ends, "CH4")))
    part = compute_score("smiles_to_formula", text, "CH4")["score"]
    assert found["reward_score"] == pytest.approx(part if reward is None else reward)
    assert reward is not None or 0 < part < 1
    assert found["reward_extra_info"]["fault"] == fault


# tokens of the answer with its end; the penalty begins 8 tokens before the limit of 18
@pytest.mark.parametrize(("spaces", "penalty"), [(0, 0.0), (6, 0.0), (10, -0.5), (13, -0.875)])
def test_our_manager_knows_the_overlong_penalty(spaces: int, penalty: float) -> None:
    pytest.importorskip("verl", reason="verl has its own environment: pip install verl there")
    from omegaconf import OmegaConf
    from verl.trainer.ppo.reward import load_reward_manager

    overlong = {"enable": True, "len": 8, "penalty_factor": 1.0, "log": False}
    config = OmegaConf.merge(
        settings(name="ScienceRewardManager"),
        {"reward": {"reward_kwargs": {"overlong_buffer_cfg": overlong}}},
    )
    made = load_reward_manager(config, Letters())
    long = rollout("CH4" + " " * spaces, True, "CH4")
    found = made.loop.run_until_complete(made.run_single(long))
    assert found["reward_score"] == pytest.approx(1.0 + penalty)
    assert found["reward_extra_info"]["acc"] == 1.0  # the filter of groups reads this one
