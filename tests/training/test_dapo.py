"""DAPO (arXiv 2503.14476) as the trainer computes it, against the paper's formulas in numpy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from trl import GRPOTrainer

from scireasoner.tasks.task import Task
from scireasoner.training import rl
from scireasoner.training.fit_config import FitConfig
from scireasoner.training.rl import questions
from scireasoner.training.rl_config import RlConfig
from scireasoner.training.rollouts import Answers, Judged
from scireasoner.types import Mode

Array = NDArray[np.float64]
LOW, HIGH = 0.2, 0.28


def trainer_of(task: Task, checkpoint: Path, out: Path, **changes: Any) -> Any:
    """Return the trainer as the RL stage sets it up: groups of 4, 2 groups a step."""
    fit = FitConfig(steps=2, lr=1e-2, warmup=0.0)
    config = RlConfig(
        **{"prompts": 12, "groups": 2, "group_size": 4, "max_tokens": 8, "overlong_cache": 2}
        | changes,
        fit=fit,
    )
    asked = questions([task], {task.name: Mode.INSTANT}, config, seed=0)
    trainer = rl._trainer(checkpoint, asked, config, out, 0, "float32")
    trainer.current_gradient_accumulation_steps = 1
    trainer.model.train()
    return trainer


# --- the loss ----------------------------------------------------------------------------------


def reference(new: Array, old: Array, advantages: Array, mask: Array) -> tuple[float, Array]:
    """Return the loss and its gradient by the new log-probabilities; DAPO, eqs. 8 and 12.

    J = 1 / sum |o_i| * sum_i sum_t min(r A, clip(r, 1 - low, 1 + high) A), loss = -J.
    The gradient of r by log p is r; it is cut off where the clipped branch is the smaller one.
    """
    tokens = mask.sum()
    loss, gradient = 0.0, np.zeros_like(new)
    for i, t in zip(*np.nonzero(mask), strict=True):
        ratio, advantage = np.exp(new[i, t] - old[i, t]), advantages[i]
        clipped = min(max(ratio, 1 - LOW), 1 + HIGH)
        loss -= min(ratio * advantage, clipped * advantage) / tokens
        if ratio * advantage <= clipped * advantage:
            gradient[i, t] = -ratio * advantage / tokens
    return loss, gradient


def log_probabilities(model: Any, prompts: torch.Tensor, answers: torch.Tensor) -> torch.Tensor:
    """Return log p of each answer token, plainly: one row after the other, no padding tricks."""
    rows = []
    for prompt, answer in zip(prompts, answers, strict=True):
        logits = model(input_ids=torch.cat([prompt, answer])[None]).logits[0]
        rows.append(
            torch.stack(
                [
                    torch.log_softmax(logits[len(prompt) + t - 1], -1)[token]
                    for t, token in enumerate(answer)
                ]
            )
        )
    return torch.stack(rows)


@pytest.fixture
def trainer(formula: Task, checkpoint: Path, tmp_path: Path) -> Any:
    return trainer_of(formula, checkpoint, tmp_path)


def test_loss_and_gradient_of_a_fixed_batch(trainer: Any) -> None:
    """Ratios on both sides of both clips, advantages of both signs, rows of unequal length."""
    model = trainer.model.double()
    random = torch.Generator().manual_seed(0)
    prompts = torch.randint(1, 400, (4, 5), generator=random)
    answers = torch.randint(1, 400, (4, 6), generator=random)
    mask = torch.tensor([[1] * 6, [1] * 4 + [0] * 2, [1] * 1 + [0] * 5, [1] * 5 + [0]])
    advantages = torch.tensor([1.2, -0.7, 0.9, -1.4], dtype=torch.float64)
    new = log_probabilities(model, prompts, answers)
    # log ratios from -0.6 to 0.6, well across log 0.8 = -0.22 and log 1.28 = 0.25
    shift = torch.linspace(-0.6, 0.6, 24, dtype=torch.float64)[
        torch.randperm(24, generator=random)
    ].view(4, 6)
    old = new.detach() - shift
    expected, gradient = reference(
        new.detach().numpy(), old.numpy(), advantages.numpy(), mask.numpy().astype(float)
    )
    parameters = [p for p in model.parameters() if p.requires_grad]
    wanted = torch.autograd.grad(new, parameters, torch.from_numpy(gradient))
    loss = trainer._compute_loss(
        model,
        {
            "prompt_ids": prompts,
            "prompt_mask": torch.ones_like(prompts),
            "completion_ids": answers,
            "completion_mask": mask,
            "advantages": advantages,
            "old_per_token_logps": old,
            "num_items_in_batch": mask.sum(),
        },
    )
    assert loss.item() == pytest.approx(expected, abs=1e-6)
    found = torch.autograd.grad(loss, parameters)
    for mine, theirs in zip(wanted, found, strict=True):
        torch.testing.assert_close(theirs, mine, atol=1e-6, rtol=1e-6)
    assert max(float(g.abs().max()) for g in found) > 1e-3


# ratio, advantage, loss of the one token, its gradient by log p
ONE_TOKEN = [
    (1.0, 1.0, -1.0, -1.0),
    (1.25, 1.0, -1.25, -1.25),  # above 1.2 and below 1.28: the raised clip lets it pass
    (1.4, 1.0, -1.28, 0.0),  # clipped: no more push upwards
    (1.4, -1.0, 1.4, 1.4),  # a bad token that has become likelier is pushed down in full
    (0.7, 1.0, -0.7, -0.7),
    (0.7, -1.0, 0.8, 0.0),  # clipped: no more push downwards
    (0.85, -1.0, 0.85, 0.85),
    (2.0, 0.0, 0.0, 0.0),
]


@pytest.mark.parametrize(("ratio", "advantage", "loss", "slope"), ONE_TOKEN)
def test_the_reference_itself_by_hand(
    ratio: float, advantage: float, loss: float, slope: float
) -> None:
    new, old = np.array([[np.log(ratio)]]), np.zeros((1, 1))
    value, gradient = reference(new, old, np.array([advantage]), np.ones((1, 1)))
    assert value == pytest.approx(loss)
    assert gradient[0, 0] == pytest.approx(slope)


def test_the_recipe_sets_dapos_numbers(trainer: Any) -> None:
    assert (trainer.epsilon_low, trainer.epsilon_high) == (LOW, HIGH)
    assert (trainer.beta, trainer.loss_type, trainer.scale_rewards) == (0.0, "dapo", "group")
    assert trainer.importance_sampling_level == "token"


# --- advantages and dynamic sampling -----------------------------------------------------------


class Script:
    """Stands for generation and for the judge: group after group as written down."""

    def __init__(self, trainer: Any, groups: Sequence[Sequence[tuple[bool, float | None]]]) -> None:
        self.groups = list(groups)
        self.asked: list[int] = []
        self.tokenizer = trainer.processing_class

    def generate(self, prompt_ids: list[list[int]], *args: Any) -> tuple[Any, None]:
        """Return an answer of its own length for each prompt; ids tell them apart."""
        eos = self.tokenizer.eos_token_id
        start = 10 * len(self.asked)
        return [[20 + start + i] * (1 + i % 3) + [eos] for i in range(len(prompt_ids))], None

    def judge(self, groups: Sequence[Answers]) -> list[list[Judged]]:
        return [self.judge_one(group) for group in groups]

    def judge_one(self, group: Answers) -> list[Judged]:
        self.asked.append(group.index)
        assert all(group.finished)
        written = self.groups.pop(0)
        return [Judged("formula", r or 0.0, r, correct, None) for correct, r in written]


@pytest.fixture
def scripted(
    formula: Task, checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[Any, Script]]:
    def make(groups: Sequence[Any], **changes: Any) -> tuple[Any, Script]:
        trainer = trainer_of(formula, checkpoint, tmp_path, **changes)
        script = Script(trainer, groups)
        monkeypatch.setattr(GRPOTrainer, "_generate_single_turn", script.generate)
        trainer.judge = script.judge
        return trainer, script

    return make


def batch(trainer: Any) -> dict[str, Any]:
    """Return what the trainer makes of a step's worth of rows."""
    rows = [trainer.train_dataset[0]] * 8
    output: dict[str, Any] = trainer._generate_and_score_completions(rows)
    return output


GOOD, BAD = (True, 1.0), (False, 0.0)
MIXED_A = [GOOD, BAD, (False, 0.4), BAD]
MIXED_B = [(True, 0.9), GOOD, BAD, (False, -0.5)]
ALL_GOOD, ALL_BAD = [GOOD] * 4, [BAD] * 4
SPREAD = [(False, 0.1), (False, 0.5), (False, 0.3), (False, 0.2)]  # nothing right


def standardised(group: Sequence[tuple[bool, float | None]]) -> list[float]:
    """Return (R - mean) / std over a group; TRL adds 1e-4 to the sample deviation."""
    known = np.array([r for _, r in group if r is not None])
    return [0.0 if r is None else (r - known.mean()) / (known.std(ddof=1) + 1e-4) for _, r in group]


def test_advantages_are_standardised_in_each_group(scripted: Any) -> None:
    trainer, _ = scripted([MIXED_A, MIXED_B])
    output = batch(trainer)
    expected = standardised(MIXED_A) + standardised(MIXED_B)
    np.testing.assert_allclose(output["advantages"].numpy(), expected, atol=1e-6)


def test_a_rollout_that_our_tools_failed_on_is_out_of_baseline_and_gradient(scripted: Any) -> None:
    failed = [GOOD, BAD, (False, None), BAD]
    trainer, _ = scripted([failed, MIXED_B])
    advantages = batch(trainer)["advantages"].numpy()
    np.testing.assert_allclose(advantages[:4], standardised(failed), atol=1e-6)
    assert advantages[2] == 0


# what the judge says of each group in turn -> rounds asked, groups asked, groups that are used
SAMPLING = [
    ("both teach", [MIXED_A, MIXED_B], 3, 1, 2, [0, 1]),
    ("one is asked anew", [ALL_BAD, MIXED_A, MIXED_B], 3, 2, 3, [1, 2]),
    ("a wrong spread is no verdict", [SPREAD, MIXED_A, MIXED_B], 3, 2, 3, [1, 2]),
    ("all right teaches nothing", [MIXED_A, ALL_GOOD, ALL_BAD, MIXED_B], 3, 3, 4, [0, 3]),
    ("rounds are bounded", [MIXED_A, ALL_GOOD, ALL_BAD, SPREAD], 3, 3, 4, [0]),
    ("one round", [ALL_BAD, MIXED_B], 1, 1, 2, [1]),
    ("nothing teaches", [ALL_BAD, ALL_GOOD] * 2, 2, 2, 4, []),
]


@pytest.mark.parametrize(
    ("groups", "most", "rounds", "asked", "used"),
    [row[1:] for row in SAMPLING],
    ids=[row[0] for row in SAMPLING],
)
def test_dynamic_sampling(
    groups: list[Any], most: int, rounds: int, asked: int, used: list[int], scripted: Any
) -> None:
    trainer, script = scripted(groups, max_rounds=most)
    output = batch(trainer)
    metrics = trainer._metrics["train"]
    assert metrics["dapo/rounds"] == [rounds]
    assert len(script.asked) == asked == trainer.stream.cursor
    # The batch begins with the groups that teach ...
    n = 4 * len(used)
    expected = [a for i in used for a in standardised(groups[i])]
    np.testing.assert_allclose(output["advantages"][:n].numpy(), expected, atol=1e-6)
    # ... and what pads it has neither loss nor tokens.
    assert not output["advantages"][n:].any()
    assert not output["completion_mask"][n:].any()
    assert output["completion_mask"][:n].any(dim=1).all()
    assert output["num_items_in_batch"] == output["completion_mask"].sum()
    assert len(output["completion_ids"]) == 8


@pytest.mark.parametrize("gate", ["reward", "none"])
def test_other_gates_take_groups_without_a_verdict(gate: str, scripted: Any) -> None:
    trainer, _ = scripted([SPREAD, MIXED_A], gate=gate)
    assert batch(trainer)["completion_mask"].any(dim=1).all()
    assert trainer._metrics["train"]["dapo/rounds"] == [1]


def test_a_batch_of_padding_alone_moves_nothing(scripted: Any) -> None:
    """No group teaches: the loss is 0, not 0 / 0, and every gradient is 0."""
    trainer, _ = scripted([ALL_BAD, ALL_GOOD], max_rounds=1)
    output = batch(trainer)
    loss = trainer._compute_loss(trainer.model, output)
    loss.backward()
    assert loss.item() == 0
    assert all(p.grad is None or not p.grad.any() for p in trainer.model.parameters())


def test_padding_changes_neither_loss_nor_gradient(scripted: Any) -> None:
    """A batch of one teaching group and padding is that group alone: token-level mean over it."""
    trainer, _ = scripted([MIXED_A, ALL_BAD], max_rounds=1)
    output = batch(trainer)
    alone = {
        name: value[:4] if torch.is_tensor(value) and value.dim() else value
        for name, value in output.items()
    }
    parameters = list(trainer.model.parameters())
    padded, plain = (
        torch.autograd.grad(trainer._compute_loss(trainer.model, inputs), parameters)
        for inputs in (output, alone)
    )
    for a, b in zip(padded, plain, strict=True):
        torch.testing.assert_close(a, b, atol=1e-7, rtol=1e-5)
    assert any(bool(g.any()) for g in plain)


def test_what_is_logged_counts_all_rollouts_kept_or_not(scripted: Any) -> None:
    trainer, _ = scripted([ALL_BAD, MIXED_A, ALL_GOOD], max_rounds=2)
    batch(trainer)
    metrics = {name: values[-1] for name, values in trainer._metrics["train"].items()}
    assert metrics["rollout/correct"] == pytest.approx(5 / 12)
    assert metrics["rollout/score"] == pytest.approx((1.4 + 4) / 12)
    assert metrics["task/formula/correct"] == pytest.approx(5 / 12)
    assert metrics["dapo/kept"] == pytest.approx(1 / 3)


def test_two_steps_train_and_leave_the_prompts_counted(scripted: Any) -> None:
    trainer, script = scripted([MIXED_A, MIXED_B, ALL_BAD, MIXED_B, MIXED_A])
    before = [p.detach().clone() for p in trainer.model.parameters()]
    trainer.train()
    assert trainer.state.global_step == 2
    assert trainer.stream.cursor == len(script.asked) == 5
    assert any(
        not torch.equal(a, b) for a, b in zip(before, trainer.model.parameters(), strict=True)
    )


def test_a_run_tells_no_one_that_it_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    from trl.trainer import base_trainer

    from scireasoner.training.dapo_trainer import DapoTrainer

    def told(**_: Any) -> None:
        raise AssertionError("something was sent")

    monkeypatch.setattr(base_trainer, "send_telemetry", told)
    trainer: Any = SimpleNamespace(accelerator=SimpleNamespace(is_main_process=True))
    DapoTrainer._send_telemetry(trainer)
