"""The lean passes beside the library: the same greedy tokens, the same distribution."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from scireasoner.models import transformers_backend
from scireasoner.models.backend import Sampling
from scireasoner.models.decoding import drawn, write
from scireasoner.models.lean import Lean, lean
from scireasoner.models.prefill import Prefill, shared
from scireasoner.models.transformers_backend import TransformersBackend
from scireasoner.types import Message, Mode, Prompt

QUESTIONS = (
    "CCO",
    "a much longer question about benzene and what it dissolves",
    "x",
    "what is the formula of CC(=O)O?",
    "what is the formula of C?",
    "NaCl",
    "what is the formula of CC(=O)Oc1ccccc1C(=O)O, and of caffeine beside it?",
)


def asked(mode: Mode | None) -> list[Prompt]:
    return [Prompt("t", text, (Message("user", text),), mode) for text in QUESTIONS]


@pytest.fixture
def sharp(tiny: tuple[Any, Any]) -> Any:
    """The tiny model with larger weights: its answers differ, and no two tokens are near a tie."""
    import copy

    import torch

    model = copy.deepcopy(tiny[0]).eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            weight.mul_(4.0 if "norm" not in name else 1.3)
    return model


@pytest.fixture
def backend(sharp: Any, tiny: tuple[Any, Any]) -> TransformersBackend:
    return TransformersBackend("sharp", model=sharp, tokenizer=tiny[1])


def by_the_library(
    backend: TransformersBackend, prompts: Sequence[Prompt], sampling: Sampling, n: int = 1
) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transformers_backend, "lean", lambda model: None)
        return backend.generate(prompts, sampling, n)


@pytest.mark.parametrize("mode", [Mode.INSTANT, Mode.THINK, None])
@pytest.mark.parametrize("batch_tokens", [1, 250, 24_000])
def test_greedy_answers_are_those_of_the_library(
    mode: Mode | None, batch_tokens: int, backend: TransformersBackend
) -> None:
    assert lean(backend.model) is not None
    expected = by_the_library(backend, asked(mode), Sampling(max_tokens=24))
    backend.batch_tokens = batch_tokens
    found = backend.generate(asked(mode), Sampling(max_tokens=24))
    assert found == expected
    assert len({group[0].text for group in found}) == len(QUESTIONS)


def test_rows_that_stop_make_place_for_others(backend: TransformersBackend) -> None:
    """Every letter that the model likes to write ends a turn, so rows leave at all times."""
    free = backend.generate(asked(Mode.INSTANT), Sampling(max_tokens=24))
    ids = [backend.tokenizer(g[0].text, add_special_tokens=False)["input_ids"] for g in free]
    common = [token for token, _ in Counter(t for row in ids for t in row[3:]).most_common(4)]
    backend._stops = (*backend._stops, *common)
    expected = by_the_library(backend, asked(Mode.INSTANT), Sampling(max_tokens=24))
    assert {c.finish for (c,) in expected} >= {"stop"}
    assert len({c.tokens for (c,) in expected}) > 2
    for batch_tokens in (150, 300, 24_000):
        backend.batch_tokens = batch_tokens
        assert backend.generate(asked(Mode.INSTANT), Sampling(max_tokens=24)) == expected


@pytest.mark.parametrize(
    "sampling",
    [
        Sampling(1.0, max_tokens=1),
        Sampling(0.6, top_k=5, max_tokens=1),
        Sampling(1.3, top_p=0.7, max_tokens=1),
    ],
)
def test_draws_come_from_the_distribution_of_the_library(
    sampling: Sampling, tiny: tuple[Any, Any]
) -> None:
    """The share of each first token lies within five standard errors of its probability."""
    import torch
    from transformers.generation.logits_process import (
        LogitsProcessorList,
        TemperatureLogitsWarper,
        TopKLogitsWarper,
        TopPLogitsWarper,
    )

    torch.manual_seed(1)
    logits = torch.randn(1, 40) * 2
    warpers = LogitsProcessorList([TemperatureLogitsWarper(sampling.temperature)])
    if sampling.top_k:
        warpers.append(TopKLogitsWarper(sampling.top_k))
    if sampling.top_p < 1:
        warpers.append(TopPLogitsWarper(sampling.top_p))
    expected = warpers(None, logits.clone()).softmax(-1)[0]
    draws = 20_000
    numbers = (torch.arange(draws)[:, None] + 0.5) / draws
    found = drawn(logits.expand(draws, -1), sampling, numbers.float()).bincount(minlength=40)
    assert (found / draws - expected).abs().max() < 2e-4
    edge = torch.tensor([[1 - 2.0**-24], [0.0]])
    assert (expected[drawn(logits.expand(2, -1), sampling, edge)] > 0).all()


def test_an_answer_does_not_depend_on_what_else_is_in_the_batch(
    backend: TransformersBackend,
) -> None:
    sampling = Sampling(1.0, max_tokens=12, seed=3)
    together = backend.generate(asked(None), sampling, n=4)
    backend.batch_tokens = 200
    assert backend.generate(asked(None), sampling, n=4) == together
    assert all(len({c.text for c in group}) > 1 for group in together)
    alone = backend.generate(asked(None)[:1], sampling, n=4)
    assert alone == together[:1]


def test_log_probabilities_are_the_models_own(backend: TransformersBackend) -> None:
    import torch

    passes = Lean(backend.model)
    prompts = [[5, 9, 20, 33], [7, 8, 9, 10, 11, 12]]
    sampling = Sampling(0.8, top_k=4, max_tokens=5, logprobs=True)
    for group, head in zip(write(passes, prompts, sampling, (), draws=3), prompts, strict=True):
        for row in group:
            with torch.inference_mode():
                ids = torch.tensor([[*head, *row.ids]])
                spread = backend.model(ids).logits[0, len(head) - 1 : -1].log_softmax(-1)
            expected = spread.gather(1, torch.tensor(row.ids)[:, None])[:, 0].tolist()
            assert row.logprobs == pytest.approx(expected, abs=1e-4)
    (completion,) = backend.generate(asked(None)[:1], sampling)[0]
    assert completion.logprobs is not None
    assert len(completion.logprobs) == completion.tokens


def test_weights_that_changed_are_read_anew(backend: TransformersBackend) -> None:
    import torch

    before = backend.generate(asked(None), Sampling(max_tokens=8))
    with torch.no_grad():
        backend.model.model.layers[0].mlp.down_proj.weight.mul_(-1)
    after = backend.generate(asked(None), Sampling(max_tokens=8))
    assert after != before
    assert after == by_the_library(backend, asked(None), Sampling(max_tokens=8))


def odd(change: str, model: Any) -> Any:
    import torch

    if change == "half precision":
        return model.bfloat16()
    if change == "an adapter":
        model.model.layers[1].self_attn.o_proj = torch.nn.Sequential(torch.nn.Identity())
    elif change == "a bias":
        model.config.attention_bias = True
    elif change == "a sliding window":
        model.config.layer_types = ["sliding_attention", "full_attention"]
    return model


@pytest.mark.parametrize("change", ["half precision", "an adapter", "a bias", "a sliding window"])
def test_other_models_are_left_to_the_library(change: str, sharp: Any) -> None:
    assert lean(sharp) is not None
    assert lean(odd(change, sharp)) is None


@pytest.mark.parametrize(
    ("rows", "common"),
    [([], 0), ([[1, 2]], 2), ([[1, 2, 3], [1, 2]], 2), ([[1, 2], [2, 2]], 0), ([[], [1]], 0)],
)
def test_what_rows_have_in_common(rows: list[list[int]], common: int) -> None:
    assert shared(rows) == common


def test_a_common_beginning_is_read_once_and_changes_nothing(backend: TransformersBackend) -> None:
    import torch

    passes = Lean(backend.model)
    prompts = [[1, 2, 3, 4, 5, 6, *tail] for tail in ([7], [8, 9], [7, 7, 7], [9] * 20, [5])]
    prefill = Prefill(passes, prompts, tokens=12)
    assert prefill.start == 6
    parts = list(prefill.parts([3, 2, 1, 0, 4]))
    assert len(parts) > 1
    for part in parts:
        for place, number in enumerate(part.prompts):
            with torch.inference_mode():
                expected = backend.model(torch.tensor([prompts[number]])).logits[0, -1]
                found = passes.logits(part.state[place])
            assert torch.allclose(found, expected, atol=1e-4)
    assert Prefill(passes, [[1, 2], [3, 4]]).start == 0
