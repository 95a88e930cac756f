"""Beam search, and how likely a model holds given answers to be."""

from __future__ import annotations

import math
from typing import Any

import pytest

from scireasoner.errors import BackendError, InputError
from scireasoner.models import choosing, transformers_backend
from scireasoner.models.backend import Comparing, Sampling, refuse_beams
from scireasoner.models.choosing import chances
from scireasoner.models.transformers_backend import TransformersBackend
from scireasoner.prompts.chat import render
from scireasoner.types import Message, Mode, Prompt

PROMPTS = [
    Prompt("t", text, (Message("user", text),), Mode.INSTANT)
    for text in ("is CCO toxic?", "x", "a longer question about benzene")
]
OPTIONS = ("Yes", "No", "maybe")


@pytest.fixture
def backend(tiny: tuple[Any, Any]) -> TransformersBackend:
    model, tokenizer = tiny
    return TransformersBackend("tiny", model=model, tokenizer=tokenizer)


def log_probability(backend: TransformersBackend, prompt: Prompt, text: str) -> float:
    """The chain rule, one token after the other, without any batch."""
    import torch

    head = backend.tokenizer(render(prompt), add_special_tokens=False)["input_ids"]
    tail = backend.tokenizer(text, add_special_tokens=False)["input_ids"]
    total = 0.0
    for place, token in enumerate(tail):
        ids = torch.tensor([[*head, *tail[:place]]])
        with torch.inference_mode():
            logits = backend.model(ids).logits[0, -1].float()
        total += float(logits.log_softmax(-1)[token])
    return total


def test_a_backend_says_whether_it_can_compare(backend: TransformersBackend) -> None:
    assert isinstance(backend, Comparing)
    assert not isinstance(object(), Comparing)


ENDED = "<|im_end|>"


@pytest.mark.parametrize("batch_tokens", [10, 100, 24_000])
@pytest.mark.parametrize("passes", [True, False], ids=["lean", "library"])
@pytest.mark.parametrize(
    ("options", "spelled"),
    [
        (OPTIONS, OPTIONS),
        (("a", "b"), ("a", "b")),
        (("<SMILES>a</SMILES>", "<SMILES>b</SMILES>"), None),
        (("class 1", "class 10", "class 100", "class 2"),
         ("class 1" + ENDED, "class 10" + ENDED, "class 100", "class 2")),
        (("ab", "ac", "ba", "bb", "b"), ("ab", "ac", "ba", "bb", "b" + ENDED)),
    ],
)  # fmt: skip
def test_chances_follow_from_the_chain_rule(
    options: tuple[str, ...],
    spelled: tuple[str, ...] | None,
    passes: bool,
    batch_tokens: int,
    backend: TransformersBackend,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not passes:
        monkeypatch.setattr(transformers_backend, "lean", lambda model: None)
    monkeypatch.setattr(choosing, "_NODES", 3)
    backend.batch_tokens = batch_tokens
    found = backend.choose(PROMPTS, options)
    for prompt, shares in zip(PROMPTS, found, strict=True):
        logs = [log_probability(backend, prompt, option) for option in spelled or options]
        weights = [math.exp(value) for value in logs]
        assert shares == pytest.approx([w / sum(weights) for w in weights], rel=1e-4)
    assert backend.choose([], options) == []


def test_padding_moves_no_learnt_position(tiny: tuple[Any, Any]) -> None:
    """GPT-2 adds a vector of each position: a shorter prompt is as likely beside a longer one."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    tokenizer = tiny[1]
    torch.manual_seed(0)
    shape = GPT2Config(vocab_size=len(tokenizer), n_positions=256, n_embd=32, n_layer=2, n_head=2)
    model = GPT2LMHeadModel(shape).eval()
    model.transformer.wpe.weight.data *= 50  # as drawn, positions hardly count
    backend = TransformersBackend("gpt2", model=model, tokenizer=tokenizer)
    for prompt, shares in zip(PROMPTS, backend.choose(PROMPTS, OPTIONS), strict=True):
        weights = [math.exp(log_probability(backend, prompt, option)) for option in OPTIONS]
        assert shares == pytest.approx([w / sum(weights) for w in weights], rel=1e-3)


def test_one_option_cannot_be_compared(tiny: tuple[Any, Any]) -> None:
    with pytest.raises(InputError, match="at least two"):
        chances(*tiny, ["x"], ["Yes"], 100)
    with pytest.raises(InputError, match="all different"):
        chances(*tiny, ["x"], ["Yes", "Yes"], 100)


def test_beams_are_those_of_the_library_whatever_the_batch(backend: TransformersBackend) -> None:
    import torch

    groups = backend.generate(PROMPTS, Sampling(max_tokens=4, beams=4), n=3)
    for prompt, group in zip(PROMPTS, groups, strict=True):
        ids = backend.tokenizer(render(prompt), add_special_tokens=False)["input_ids"]
        made = backend.model.generate(
            input_ids=torch.tensor([ids]),
            attention_mask=torch.ones(1, len(ids), dtype=torch.long),
            num_beams=4,
            num_return_sequences=3,
            max_new_tokens=4,
            do_sample=False,
        )
        expected = backend.tokenizer.batch_decode(made[:, len(ids) :], skip_special_tokens=True)
        assert [c.text for c in group] == expected
        assert len({tuple(row) for row in made.tolist()}) == 3
    alone = [backend.generate([p], Sampling(max_tokens=4, beams=4), n=3)[0] for p in PROMPTS]
    assert groups == alone


def test_beams_must_be_enough_and_offered(backend: TransformersBackend) -> None:
    with pytest.raises(InputError, match="use more beams"):
        backend.generate(PROMPTS, Sampling(max_tokens=4, beams=2), n=3)
    with pytest.raises(BackendError, match="no beam search"):
        refuse_beams("an endpoint", Sampling(beams=2))
