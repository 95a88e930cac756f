from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from scireasoner.errors import BackendError
from scireasoner.models.backend import Sampling
from scireasoner.models.load import open_backend
from scireasoner.types import Message, Mode, Prompt


@pytest.fixture
def engine(tiny: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """A stand-in for the vllm package that records what it is asked."""
    asked: list[Any] = []

    class Engine:
        def __init__(self, model: str) -> None:
            if model == "bad":
                raise ValueError("no such model")
            room = SimpleNamespace(max_model_len=400)
            self.llm_engine = SimpleNamespace(model_config=room)

        def get_tokenizer(self) -> Any:
            return tiny[1]

        def generate(self, prompts: Any, settings: Any, use_tqdm: bool) -> list[Any]:
            asked.extend(zip(prompts, settings, strict=True))
            output = SimpleNamespace(text="A", token_ids=[1, 2], finish_reason="length")
            return [SimpleNamespace(outputs=[output] * settings[0].n) for _ in prompts]

    fake = SimpleNamespace(LLM=Engine, SamplingParams=lambda **kw: SimpleNamespace(**kw))
    monkeypatch.setitem(sys.modules, "vllm", fake)
    return asked


def test_prompts_settings_and_completions(engine: list[Any], tiny: tuple[Any, Any]) -> None:
    prompts = [Prompt("t", s, (Message("user", "CCO"),), Mode.THINK) for s in ("a", "b")]
    groups = open_backend("vllm:some/model").generate(prompts, Sampling(0.5, seed=3), n=2)
    assert [[(c.text, c.tokens, c.finish) for c in g] for g in groups] == [
        [("A", 2, "length")] * 2
    ] * 2
    (first, first_settings), (_, second_settings) = engine
    assert tiny[1].decode(first["prompt_token_ids"]).endswith("assistant\n<think>\n")
    assert first_settings.top_k == -1
    assert first_settings.seed != second_settings.seed


def test_a_prompt_that_is_too_long_is_not_asked(engine: list[Any]) -> None:
    prompts = [Prompt("t", s, (Message("user", s),), None) for s in ("C", "C" * 400, "O")]
    groups = open_backend("vllm:some/model").generate(prompts, Sampling(max_tokens=99), n=2)
    assert [[c.finish for c in group] for group in groups] == [
        ["length"] * 2, ["unread"] * 2, ["length"] * 2,
    ]  # fmt: skip
    assert len(engine) == 2


def test_a_model_that_vllm_cannot_load(engine: list[Any]) -> None:
    with pytest.raises(BackendError, match=r"vLLM cannot load bad .no such model"):
        open_backend("vllm:bad")


def test_a_budget_goes_on_from_what_was_written(engine: list[Any], tiny: tuple[Any, Any]) -> None:
    prompt = Prompt("t", "a", (Message("user", "CCO"),), Mode.THINK)
    backend = open_backend("vllm:some/model")
    (group,) = backend.generate([prompt], Sampling(0.5, max_tokens=9, max_thinking=2), n=2)
    assert [(c.text, c.tokens, c.thinking) for c in group] == [("A\n</think>\n\nA", 4, 2)] * 2
    (_, first), *rest = engine
    assert (first.max_tokens, first.n) == (2, 2)
    assert [(settings.max_tokens, settings.n) for _, settings in rest] == [(7, 1)] * 2
    for asked, _ in rest:
        text = tiny[1].decode(asked["prompt_token_ids"])
        assert text.endswith("assistant\n<think>\nA\n</think>\n\n")
