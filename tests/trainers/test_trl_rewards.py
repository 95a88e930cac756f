"""TRL's own trainer asks our reward function."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scireasoner.errors import InputError, JudgeError
from scireasoner.trainers.questions import trl_rows
from scireasoner.trainers.trl_rewards import trl_reward
from scireasoner.types import Mode

GOOD, BAD = "<MOLFORMULA>CH4</MOLFORMULA>", "<MOLFORMULA>C2</MOLFORMULA>"
EOS = 7


def ask(completions: list[Any], ids: Any = None, **options: Any) -> list[float | None]:
    columns = options.pop("columns", {"gold": ["CH4"] * len(completions)})
    reward = trl_reward("smiles_to_formula", **options)
    return reward(["q"] * len(completions), completions, ids, **columns)


# token ids, known end tokens: is the completion whole
ENDS: list[tuple[list[int], Any, bool]] = [
    ([1, 2, EOS], EOS, True),
    ([1, 2], EOS, False),
    ([], EOS, False),
    ([1, 8], [EOS, 8], True),
    ([1, 2], None, True),  # not known: nothing counts as cut
]


@pytest.mark.parametrize(("ids", "ends", "whole"), ENDS)
def test_a_completion_without_its_end_token_was_cut(ids: list[int], ends: Any, whole: bool) -> None:
    assert ask([GOOD], [ids], eos_token_id=ends) == [1.0 if whole else 0.0]


def test_a_task_must_be_named() -> None:
    with pytest.raises(InputError, match=r"no column 'task'.*trl_reward\(task="):
        trl_reward()(["q"], [GOOD], gold=["CH4"])


def test_metrics_and_faults_are_logged() -> None:
    metrics: dict[str, float] = {}
    extra: dict[str, list[Any]] = {}
    columns = {"gold": ["CH4", "CH4", "CH4", "words"], "anything": [1, 2, 3, 4]}
    reward = trl_reward("smiles_to_formula")
    reward(
        ["q"] * 4, [GOOD, BAD, "I do not know.", GOOD],
        log_metric=metrics.__setitem__, log_extra=extra.__setitem__, **columns,
    )  # fmt: skip
    assert metrics == {
        "scireasoner/correct": 0.25, "scireasoner/fault": 0.5, "scireasoner/not_judged": 0.25,
    }  # fmt: skip
    assert extra == {"fault": ["", "", "refused", "gold cannot be read"]}


def test_training_stops_when_our_tools_fail() -> None:
    with pytest.raises(JudgeError, match="200 of 200"):
        ask([GOOD] * 200, columns={"gold": ["words"] * 200})


PROTEIN = "<protein>MKTAYIAKQRQISFVKSHFSRQ</protein>"

# prompts, size of a group, how many share each reward
GROUPS: list[tuple[list[str], int | None, list[int]]] = [
    (["q"] * 4, None, [4] * 4),
    (["q"] * 4, 2, [2] * 4),
    (["q", "q", "r", "r"], None, [2] * 4),
    (["q", "r", "q", "r"], None, [1] * 4),
]


@pytest.mark.parametrize(("prompts", "size", "share"), GROUPS)
def test_groups(prompts: list[str], size: int | None, share: list[int]) -> None:
    one = trl_reward("uncond_protein")(["q"], [PROTEIN])[0]
    found = trl_reward("uncond_protein", num_generations=size)(prompts, [PROTEIN] * 4)
    assert one
    assert found == pytest.approx([one / n for n in share])


def test_rows_of_a_data_set_carry_all_that_a_reward_needs(data_root: Path) -> None:
    from datasets import Dataset

    from scireasoner.tasks.registry import get

    made = trl_rows(["smiles_to_formula", "iupac_to_smiles"], "dev", limit=2, mode=Mode.INSTANT)
    rows = Dataset.from_list(made)
    columns = {name: rows[name] for name in rows.column_names if name != "prompt"}
    texts = [
        get(row["task"]).solution(get(row["task"]).samples("dev")[n % 2], Mode.INSTANT)
        for n, row in enumerate(made)
    ]
    prompts = list(rows["prompt"])
    assert trl_reward()(prompts, texts, **{k: list(v) for k, v in columns.items()}) == [1.0] * 4
    assert "<SMILES>" in prompts[0][0]["content"]


@pytest.mark.slow
@pytest.mark.parametrize("workers", [0, 1])
def test_a_step_of_the_real_trainer(workers: int, data_root: Path, tmp_path: Path) -> None:
    import torch
    from datasets import Dataset
    from trl import GRPOConfig, GRPOTrainer

    from scireasoner.corpus.tokenizer import build_tokenizer
    from scireasoner.models.checkpoint import load_tokenizer
    from scireasoner.training.model import ModelConfig, new_model

    torch.set_num_threads(1)
    rows = trl_rows(["smiles_to_formula", "flammable"], limit=4)
    build_tokenizer([row["prompt"][0]["content"] for row in rows] * 20, 544, tmp_path)
    tokenizer = load_tokenizer(tmp_path)
    tokenizer.padding_side = "left"
    shape = ModelConfig(hidden=32, layers=1, heads=2, kv_heads=1, head_dim=16, intermediate=64)
    reward = trl_reward(eos_token_id=tokenizer.eos_token_id, num_generations=2, workers=workers)
    trainer = GRPOTrainer(
        model=new_model(shape, tokenizer, seed=0),
        reward_funcs=reward,
        train_dataset=Dataset.from_list(rows),
        processing_class=tokenizer,
        args=GRPOConfig(
            output_dir=str(tmp_path / "out"), max_steps=1, per_device_train_batch_size=4,
            num_generations=2, max_completion_length=8, use_cpu=True, report_to=[], bf16=False,
            logging_steps=1, save_strategy="no", disable_tqdm=True,
        ),
    )  # fmt: skip
    trainer.train()
    (logged,) = [line for line in trainer.state.log_history if "reward" in line]
    assert logged["rewards/scireasoner/mean"] == pytest.approx(logged["reward"])
    assert 0.0 <= logged["reward"] <= 1.0
    assert {"scireasoner/correct", "scireasoner/fault"} <= set(logged)
    assert reward.rewarder.counts.rows == 4
    # What the trainer's own accounting makes of our numbers, one of them missing.
    good = rows[0]["gold"]
    inputs = [rows[0], rows[0], {**rows[0], "gold": "words"}, rows[0]]
    texts = [f"<MOLFORMULA>{good}</MOLFORMULA>", "?", "CH4", good]
    chats = [[{"role": "assistant", "content": text}] for text in texts]
    table = trainer._calculate_rewards(
        inputs, [row["prompt"] for row in inputs], chats, [[5, tokenizer.eos_token_id]] * 4
    )
    assert table[0, 0] == 1.0
    assert table[1, 0] == 0.0
    assert torch.isnan(table[2, 0])
    reward.rewarder.close()
