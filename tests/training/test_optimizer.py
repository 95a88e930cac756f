"""Muon for hidden matrices only; two optimisers that step, save and load as one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from scireasoner.models.checkpoint import load_model
from scireasoner.training.fit_config import FitConfig
from scireasoner.training.optimizer import muon_with_adamw
from scireasoner.training.schedule import schedule


def names(model: torch.nn.Module, part: torch.optim.Optimizer) -> set[str]:
    own = {id(p) for group in part.param_groups for p in group["params"]}
    return {name for name, p in model.named_parameters() if id(p) in own}


@pytest.fixture
def model(checkpoint: Path) -> Any:
    return load_model(checkpoint)


def pair(model: Any) -> Any:
    return muon_with_adamw(model, muon_lr=0.02, adamw_lr=0.003, weight_decay=0.0)


def step(model: Any, optimizer: torch.optim.Optimizer, seed: int) -> None:
    ids = torch.randint(0, 400, (2, 12), generator=torch.Generator().manual_seed(seed))
    model(input_ids=ids, labels=ids).loss.backward()
    optimizer.step()
    optimizer.zero_grad()


def weights(model: Any) -> dict[str, torch.Tensor]:
    return {name: p.detach().clone() for name, p in model.named_parameters()}


def test_muon_gets_the_matrices_inside_the_blocks_and_adamw_the_rest(model: Any) -> None:
    muon, adamw = pair(model).parts
    every = {name for name, _ in model.named_parameters()}
    inside = {
        f"model.layers.0.{name}.weight"
        for name in (
            "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj",
            "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj",
        )
    }  # fmt: skip
    assert names(model, muon) == inside
    assert names(model, adamw) == every - inside
    assert "model.embed_tokens.weight" in names(model, adamw)


def test_an_untied_head_goes_to_adamw() -> None:
    class Untied(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lm_head = torch.nn.Linear(4, 9, bias=False)
            self.inner = torch.nn.Linear(4, 4, bias=False)

    untied = Untied()
    muon, adamw = pair(untied).parts
    assert names(untied, muon) == {"inner.weight"}
    assert names(untied, adamw) == {"lm_head.weight"}


def test_one_step_moves_every_weight(model: Any) -> None:
    before = weights(model)
    step(model, pair(model), 0)
    same = [name for name, value in weights(model).items() if torch.equal(value, before[name])]
    assert same == []


def test_the_schedule_reaches_both_parts(model: Any) -> None:
    optimizer = pair(model)
    config = FitConfig(steps=10, warmup=0.2, final_lr=0.0)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, schedule(config))
    for after in range(6):
        share = schedule(config)(after)
        rates = [group["lr"] for part in optimizer.parts for group in part.param_groups]
        assert rates == pytest.approx([0.02 * share, 0.003 * share])
        step(model, optimizer, after)
        scheduler.step()


def test_a_rate_of_zero_moves_nothing(model: Any) -> None:
    """The rate that the schedule sets is the one that the steps use."""
    optimizer = pair(model)
    torch.optim.lr_scheduler.LambdaLR(optimizer, lambda _: 0.0)
    before = weights(model)
    step(model, optimizer, 0)
    assert all(torch.equal(value, before[name]) for name, value in weights(model).items())


def test_the_schedule_reaches_the_parts_after_loading_too(model: Any) -> None:
    optimizer = pair(model)
    optimizer.load_state_dict(pair(model).state_dict())
    torch.optim.lr_scheduler.LambdaLR(optimizer, lambda _: 0.0)
    before = weights(model)
    step(model, optimizer, 0)
    assert all(torch.equal(value, before[name]) for name, value in weights(model).items())


def test_saved_and_loaded_it_goes_on_alike(checkpoint: Path, tmp_path: Path) -> None:
    """Momentum and rates travel: two steps, save, load, two steps = four steps."""
    straight, first = load_model(checkpoint), load_model(checkpoint)
    whole, part = pair(straight), pair(first)
    for seed in range(4):
        step(straight, whole, seed)
    for seed in range(2):
        step(first, part, seed)
    torch.save(part.state_dict(), tmp_path / "optimizer.pt")
    second = load_model(checkpoint)
    second.load_state_dict(first.state_dict())
    resumed = pair(second)
    resumed.load_state_dict(torch.load(tmp_path / "optimizer.pt"))
    scheduler = torch.optim.lr_scheduler.LambdaLR(resumed, lambda _: 1.0)
    for seed in range(2, 4):
        step(second, resumed, seed)
        scheduler.step()
    expected = weights(straight)
    assert all(torch.equal(value, expected[name]) for name, value in weights(second).items())
