"""Reading a shared prompt once gives what reading it for every rollout gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import GenerationConfig
from trl.trainer.utils import add_fused_lm_head

from scireasoner.models.checkpoint import load_model
from scireasoner.training.shared_prompts import generate, log_probabilities

PROMPTS = [[5, 9, 7], [30, 31, 32, 33, 34, 35, 36], [8, 8]]


@pytest.fixture
def model(checkpoint: Path) -> Any:
    found = load_model(checkpoint, "float64")
    add_fused_lm_head(found, temperature=0.7, outputs=("log_probs", "entropy"))
    return found


def padded(rows: list[list[int]], side: str) -> tuple[torch.Tensor, torch.Tensor]:
    width = max(map(len, rows))
    ids, mask = (torch.zeros(len(rows), width, dtype=torch.long) for _ in range(2))
    for place, row in enumerate(rows):
        span = slice(width - len(row), width) if side == "left" else slice(0, len(row))
        ids[place, span] = torch.tensor(row)
        mask[place, span] = 1
    return ids, mask


@pytest.mark.parametrize("temperature", [1.0, 1.7])
def test_the_same_samples(temperature: float, model: Any) -> None:
    config = GenerationConfig(
        max_new_tokens=6, do_sample=True, temperature=temperature, top_k=0, pad_token_id=0,
        eos_token_id=[3],
    )  # fmt: skip
    each = [prompt for prompt in PROMPTS for _ in range(4)]
    ids, mask = padded(each, "left")
    torch.manual_seed(0)
    plain = model.generate(input_ids=ids, attention_mask=mask, generation_config=config)
    torch.manual_seed(0)
    shared = generate(model, PROMPTS, 4, config)
    assert torch.equal(shared, plain[:, ids.size(1) :])
    assert len({tuple(row) for row in shared.tolist()}) > 6


# answers of each row, by the place of their prompt: rows of a prompt need not be neighbours
ROWS = {
    "several of a prompt": [(0, [40, 41, 42]), (0, [43]), (1, [44, 45]), (1, [46, 47, 48, 49])],
    "not in order": [(1, [40, 41]), (0, [42]), (2, [43, 44, 45]), (0, [46, 47]), (1, [48])],
    "all alike": [(2, [40, 41, 42])] * 3,
    "one token each": [(0, [40]), (1, [41]), (0, [42])],
    "one row": [(1, [40, 41, 42])],
    "some are masked whole": [(0, []), (0, [40, 41]), (1, [])],
}


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
def test_the_same_log_probabilities_entropies_and_gradients(rows: Any, model: Any) -> None:
    prompts, seen = padded([PROMPTS[p] for p, _ in rows], "left")
    answers, lives = padded([own + [7] * (6 - len(own)) for _, own in rows], "right")
    for place, (_, own) in enumerate(rows):
        lives[place, len(own) :] = 0  # padding that is no zero
    ids, mask = torch.cat([prompts, answers], 1), torch.cat([seen, lives], 1)
    weights = torch.linspace(-1, 1, lives.numel(), dtype=torch.float64).view(lives.shape)

    labels = ids.masked_fill(mask == 0, -100)
    labels[:, : prompts.size(1)] = -100
    plain = model(input_ids=ids, attention_mask=mask, labels=labels, fused_lm_head=True)
    parameters = list(model.parameters())
    expected = [part[:, -6:] * lives for part in (plain.log_probs, plain.entropy)]
    wanted = torch.autograd.grad((expected[0] * weights).sum(), parameters)

    found = log_probabilities(model, ids, mask, 6, 0.7)
    for one, other in zip(found, expected, strict=True):
        assert one.shape == (len(rows), 6)
        torch.testing.assert_close(one, other, atol=1e-6, rtol=1e-6)
    for one, other in zip(
        torch.autograd.grad((found[0] * weights).sum(), parameters), wanted, strict=True
    ):
        # TRL's head works in float32, and gradients are of the order of 10 here.
        torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-5)
    assert max(float(gradient.abs().max()) for gradient in wanted) > 1e-3


def test_a_batch_without_any_answer_has_no_gradient(model: Any) -> None:
    ids, mask = padded(PROMPTS, "left")
    ids, mask = torch.cat([ids, ids[:, :2]], 1), torch.cat([mask, torch.zeros(3, 2).long()], 1)
    logps, _ = log_probabilities(model, ids, mask, 2, 1.0)
    logps.sum().backward()
    assert not logps.any()
    assert all(p.grad is None or not p.grad.any() for p in model.parameters())
