"""Whole optimiser steps of the trainer, against DAPO's formulas computed row by row.

The reference knows nothing of batches: it reads each answer alone, in the order in which the
trainer used them, and moves a second model with plain gradient descent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from trl import GRPOTrainer

from scireasoner.models.checkpoint import load_model
from scireasoner.tasks.task import Task
from scireasoner.training import rl
from scireasoner.training.fit_config import FitConfig
from scireasoner.training.rl import questions
from scireasoner.training.rl_config import RlConfig
from scireasoner.training.rollouts import Answers, Judged
from scireasoner.types import Mode

LOW, HIGH, RATE, G = 0.2, 0.28, 0.6, 4


@dataclass(frozen=True)
class Rollout:
    """A scripted answer: its verdict and reward, and how many tokens it has before its end."""

    correct: bool
    reward: float | None
    length: int
    cut: bool = False

    @property
    def tokens(self) -> int:
        return self.length + (not self.cut)


def group(*rollouts: tuple[Any, ...]) -> list[Rollout]:
    return [Rollout(*one) for one in rollouts]


# Lengths differ much, so that a mean over answers or over micro-batches is another number.
TEACH = [
    group((True, 1.0, 2), (False, 0.0, 9), (False, 0.4, 3), (False, 0.0, 1)),
    group((True, 0.9, 7), (True, 1.0, 1), (False, 0.0, 2), (False, -0.5, 12, True)),
    group((False, 0.1, 1), (True, 0.2, 2), (False, 0.1, 3), (False, 0.1, 4)),
    group((True, 1.0, 12, True), (False, 0.0, 12, True), (True, 0.7, 1), (False, None, 5)),
]
DEAD = [group(*[(False, 0.0, 6)] * 4), group(*[(True, 1.0, 3)] * 4)]


class Script:
    """Stands for generation and judge, group after group; tells answers apart by their tokens."""

    def __init__(self, trainer: Any, groups: Sequence[Sequence[Rollout]]) -> None:
        self.left = list(groups)
        self.waiting: list[list[Rollout]] = []
        self.reward: dict[tuple[int, ...], tuple[float | None, Sequence[Rollout]]] = {}
        self.eos = trainer.processing_class.eos_token_id
        self.random = np.random.default_rng(0)

    def answers(self, rollouts: Sequence[Rollout]) -> list[list[int]]:
        found = []
        for one in rollouts:
            ids = self.random.integers(20, 400, one.length).tolist()
            ids += [] if one.cut else [self.eos]
            found.append(ids)
            self.reward[tuple(ids)] = (one.reward, rollouts)
        return found

    def generate(self, prompt_ids: Sequence[Any], *_: Any) -> tuple[Any, None]:
        taken = [list(self.left.pop(0)) for _ in range(len(prompt_ids) // G)]
        self.waiting += taken
        return [ids for rollouts in taken for ids in self.answers(rollouts)], None

    def judge(self, groups: Sequence[Answers]) -> list[list[Judged]]:
        taken, self.waiting = self.waiting, []
        assert len(taken) == len(groups)
        return [
            [Judged("formula", o.reward or 0.0, o.reward, o.correct, None) for o in own]
            for own in taken
        ]


def advantage(script: Script, ids: tuple[int, ...], scale: str, divisor: float) -> float:
    """Return (R - mean) / deviation by the paper, over the group's known rewards."""
    reward, rollouts = script.reward[ids]
    known = np.array([one.reward for one in rollouts if one.reward is not None])
    if reward is None:
        return 0.0
    by = {"group": known.std(ddof=1) + 1e-4, "none": 1.0, "task": divisor + 1e-4}[scale]
    return float((reward - known.mean()) / by)


def log_p(model: Any, prompt: Sequence[int], answer: Sequence[int]) -> torch.Tensor:
    """Return log p of each token of one answer, without padding."""
    logits = model(input_ids=torch.tensor([[*prompt, *answer]])).logits[0]
    logp = torch.log_softmax(logits[len(prompt) - 1 : -1], -1)
    return logp[torch.arange(len(answer)), torch.tensor(answer)]


Row = tuple[tuple[int, ...], tuple[int, ...]]  # prompt and answer, without padding


def record(trainer: Any, monkeypatch: pytest.MonkeyPatch) -> list[list[Row]]:
    """Return a list that fills with the rows of each micro-batch that have a loss."""
    seen: list[list[Row]] = []
    before = GRPOTrainer._compute_loss

    def spy(self: Any, model: Any, inputs: Mapping[str, Any]) -> Any:
        rows = []
        for i in range(len(inputs["completion_ids"])):
            prompt = inputs["prompt_ids"][i][inputs["prompt_mask"][i].bool()]
            answer = inputs["completion_ids"][i][inputs["completion_mask"][i].bool()]
            if len(answer):
                rows.append((tuple(prompt.tolist()), tuple(answer.tolist())))
        seen.append(rows)
        return before(self, model, inputs)

    monkeypatch.setattr(GRPOTrainer, "_compute_loss", spy)
    return seen


def reference_step(
    model: Any, rows: Sequence[Row], old: Mapping[Row, np.ndarray], weigh: Callable[[Row], float]
) -> float:
    """Move the model by one step of DAPO's token-level clipped loss; return the largest ratio."""
    tokens = sum(len(answer) for _, answer in rows)
    model.zero_grad()
    largest = 1.0
    for row in rows:
        new = log_p(model, *row)
        ratio = np.exp(new.detach().numpy() - old[row])
        largest = max(largest, float(ratio.max()))
        a = weigh(row)
        passes = ratio * a <= np.clip(ratio, 1 - LOW, 1 + HIGH) * a
        slope = np.where(passes, -ratio * a, 0.0) / tokens
        new.backward(torch.from_numpy(slope))
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.grad is not None:
                parameter -= RATE * parameter.grad
    return largest


def apart(one: Any, other: Any) -> float:
    """Return the largest difference between parameters."""
    pairs = zip(one.parameters(), other.parameters(), strict=True)
    return max(float((a - b).detach().abs().max()) for a, b in pairs)


# name, changes of the recipe, accumulation, the groups that come, those that are used
CASES = [
    ("one step", {}, 1, TEACH[:2], 2),
    ("a step in two parts", {}, 2, TEACH[:2], 2),
    ("in eight parts of a row", {}, 8, TEACH[:2], 2),
    ("half a batch teaches", {"max_rounds": 1}, 2, [DEAD[0], TEACH[0]], 1),
    ("overlong filtering", {"mask_truncated": True}, 2, TEACH[1::2], 2),
    ("two passes", {"iterations": 2}, 1, TEACH[:2], 2),
    ("three passes in parts", {"iterations": 3}, 2, TEACH[:2], 2),
    ("two steps of a batch", {"minibatches": 2}, 1, TEACH, 4),
    ("and twice, in parts", {"minibatches": 2, "iterations": 2}, 2, TEACH, 4),
    ("no scale", {"scale": "none"}, 2, TEACH[:2], 2),
    ("scale of the task", {"scale": "task"}, 2, TEACH[:2], 2),
    ("shared prompts", {"share_prompts": True, "minibatches": 2}, 2, TEACH, 4),
    (
        "all at once",
        {"share_prompts": True, "minibatches": 2, "iterations": 2, "mask_truncated": True,
         "scale": "task"},
        2, TEACH, 4,
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "accumulation", "groups", "used"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_parameters_after_the_steps_of_a_batch(
    changes: dict[str, Any],
    accumulation: int,
    groups: list[list[Rollout]],
    used: int,
    formula: Task,
    checkpoint: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def descent(parameters: Any, lr: float, **_: Any) -> torch.optim.SGD:
        return torch.optim.SGD(parameters, lr=lr)

    monkeypatch.setattr(torch.optim, "AdamW", descent)
    steps = changes.get("minibatches", 1) * changes.get("iterations", 1)
    fit = FitConfig(
        steps=steps, lr=RATE, warmup=0.0, decay="constant", max_grad_norm=0.0, log_every=1,
        accumulation=accumulation, save_every=steps * 10,
    )  # fmt: skip
    config = RlConfig(
        **{"prompts": 12, "groups": 2, "group_size": G, "max_tokens": 13, "overlong_cache": 2}
        | {"gate": "reward"}
        | changes,
        fit=fit,
    )
    asked = questions([formula], {"formula": Mode.INSTANT}, config, seed=0)
    trainer = rl._trainer(checkpoint, asked, config, tmp_path, 0, "float64")
    script = Script(trainer, groups)
    monkeypatch.setattr(GRPOTrainer, "_generate_single_turn", script.generate)
    monkeypatch.setattr(
        type(trainer), "_generated", lambda self, prompts: script.generate([*prompts] * G)[0]
    )
    trainer.judge = script.judge
    micro = record(trainer, monkeypatch)
    trainer.train()

    assert len(micro) == steps * accumulation
    taken = [
        [row for part in micro[i : i + accumulation] for row in part]
        for i in range(0, len(micro), accumulation)
    ]
    # Nothing is lost or used twice in one pass.
    filtered = changes.get("mask_truncated", False)
    teaching = [g for g in groups if g not in DEAD]
    lengths = sorted(o.tokens for g in teaching for o in g if not (filtered and o.cut))
    one_pass = taken[: changes.get("minibatches", 1)]
    assert sorted(len(answer) for rows in one_pass for _, answer in rows) == lengths

    model = load_model(checkpoint, "float64")
    old = {row: log_p(model, *row).detach().numpy() for rows in taken for row in rows}
    deviations = np.array([
        (o.reward - np.mean([p.reward for p in g if p.reward is not None])) ** 2
        for g in teaching for o in g if o.reward is not None
    ])  # fmt: skip
    freedom = len(deviations) - len(teaching)
    divisor = float(np.sqrt(deviations.sum() / freedom))
    scale = changes.get("scale", "group")
    largest = [
        reference_step(model, rows, old, lambda row: advantage(script, row[1], scale, divisor))
        for rows in taken
    ]
    assert apart(trainer.model, model) < 1e-6
    start = load_model(checkpoint, "float64")
    assert apart(model, start) > 1e-3
    assert (max(largest) > 1 + HIGH) == (steps > 1)  # the clip is at work where it can be
    points = [row for row in trainer.state.log_history if "ratio/max" in row]
    assert [row["ratio/max"] for row in points] == pytest.approx(largest, abs=1e-5)
    assert [row["dapo/staleness"] for row in points] == list(range(steps))
