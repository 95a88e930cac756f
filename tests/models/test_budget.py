"""A thought is cut at its budget, closed by force, and the model answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from misbehaving import Endpoint, chat, send
from scireasoner.errors import BackendError, InputError
from scireasoner.models.backend import Sampling
from scireasoner.models.budget import thinking_tokens, within_budget
from scireasoner.models.openai_backend import OpenAiBackend
from scireasoner.models.scripted import ScriptedBackend
from scireasoner.models.transformers_backend import TransformersBackend
from scireasoner.prompts import compose, read
from scireasoner.types import Completion, Fault, Message, Mode, Prompt

LONG = compose("one two three four five", "<NUMBER>7</NUMBER>")
SHORT = compose("one two", "<NUMBER>7</NUMBER>")


def ask(text: str = "How many?", mode: Mode | None = Mode.THINK) -> Prompt:
    return Prompt("a_task", text, (Message("user", text),), mode)


# script, mode, budget -> thought, answer
CUT: list[tuple[str, Mode | None, int, str | None, str]] = [
    (LONG, Mode.THINK, 3, "one two three", "<NUMBER>7</NUMBER>"),
    (LONG, Mode.THINK, 1, "one", "<NUMBER>7</NUMBER>"),
    (SHORT, Mode.THINK, 5, "one two", "<NUMBER>7</NUMBER>"),  # ended of itself
    (f"<think>\n{LONG}", None, 3, "one two", "<NUMBER>7</NUMBER>"),  # the tag is a word here
    ("no thought at all, but many words", None, 2, None, "no thought"),  # see below
    ("<NUMBER>7</NUMBER>", Mode.INSTANT, 1, None, "<NUMBER>7</NUMBER>"),
]


@pytest.mark.parametrize(("script", "mode", "budget", "thought", "answer"), CUT)
def test_where_a_thought_is_cut(
    script: str, mode: Mode | None, budget: int, thought: str | None, answer: str
) -> None:
    backend = ScriptedBackend({"How many?": script})
    sampling = Sampling(max_tokens=40, max_thinking=budget)
    ((completion,),) = backend.generate([ask(mode=mode)], sampling)
    reply = read(completion.text, mode, completion.finish)
    assert (reply.thought, reply.fault) == (thought, None)
    assert reply.answer.startswith(answer)


def test_every_generated_token_counts() -> None:
    backend = ScriptedBackend({"How many?": LONG})
    ((completion,),) = backend.generate([ask()], Sampling(max_tokens=40, max_thinking=3))
    assert (completion.tokens, completion.thinking, completion.finish) == (3 + 1, 3, "stop")


def test_without_a_budget_nothing_changes() -> None:
    backend = ScriptedBackend({"How many?": LONG})
    free = backend.generate([ask()], Sampling(max_tokens=40))
    assert free == backend.generate([ask()], Sampling(max_tokens=40, max_thinking=40))
    assert free[0][0].text == LONG


def test_modes_and_draws_keep_their_places() -> None:
    answers = {"a": LONG, "b": "<NUMBER>1</NUMBER>", "c": compose("x", "<NUMBER>2</NUMBER>")}
    prompts = [ask("a"), ask("b", Mode.INSTANT), ask("c")]
    groups = ScriptedBackend(answers).generate(prompts, Sampling(max_tokens=20, max_thinking=2), 3)
    found = [[read(c.text, p.mode).answer for c in g] for p, g in zip(prompts, groups, strict=True)]
    assert found == [[f"<NUMBER>{n}</NUMBER>"] * 3 for n in (7, 1, 2)]


def test_the_answer_has_the_rest_of_the_tokens() -> None:
    wordy = compose("one two three four five", "a b c d e f g h")
    backend = ScriptedBackend({"How many?": wordy})
    ((completion,),) = backend.generate([ask()], Sampling(max_tokens=7, max_thinking=3))
    assert (completion.tokens, completion.finish) == (7, "length")
    assert read(completion.text, Mode.THINK, "length").fault is Fault.TRUNCATED


def test_beams_have_no_budget() -> None:
    with pytest.raises(InputError, match="2 beams and a budget of 3 tokens"):
        within_budget(ScriptedBackend(LONG).generate, [ask()], Sampling(beams=2, max_thinking=3), 1)


def test_a_backend_that_cannot_continue_is_told_of() -> None:
    def generate(prompts: Any, sampling: Sampling, n: int) -> list[list[Completion]]:
        if prompts[0].messages[-1].role == "assistant":
            raise BackendError("refused with 400")
        return [[Completion("one two", 2, "length")] for _ in prompts]

    with pytest.raises(BackendError, match=r"refused with 400; a budget for thoughts needs"):
        within_budget(generate, [ask()], Sampling(max_thinking=2))


# what a server returns after the end that was put -> the answer
AFTERWARDS = ["<NUMBER>7</NUMBER>", "<think>\n<NUMBER>7</NUMBER>"]


@pytest.mark.parametrize("text", AFTERWARDS)
def test_a_server_may_take_the_answer_for_a_thought(text: str) -> None:
    def generate(prompts: Any, sampling: Sampling, n: int) -> list[list[Completion]]:
        begun = prompts[0].messages[-1].role == "assistant"
        return [[Completion(text, 4) if begun else Completion("one two", 2, "length")]]

    ((completion,),) = within_budget(generate, [ask()], Sampling(max_thinking=2))
    assert read(completion.text, Mode.THINK).answer == "<NUMBER>7</NUMBER>"


@pytest.fixture
def backend(tiny: tuple[Any, Any]) -> TransformersBackend:
    model, tokenizer = tiny
    return TransformersBackend("tiny", model=model, tokenizer=tokenizer)


@pytest.mark.parametrize("budget", [1, 5])
def test_a_real_model_goes_on_from_what_it_wrote(backend: TransformersBackend, budget: int) -> None:
    """Greedy: the thought is the beginning of the unbounded one, the answer that of its text."""
    prompts = [ask(text) for text in ("CCO", "a much longer question about benzene")]
    free = backend.generate(prompts, Sampling(max_tokens=budget))
    bounded = backend.generate(prompts, Sampling(max_tokens=12, max_thinking=budget))
    for prompt, (plain,), (cut,) in zip(prompts, free, bounded, strict=True):
        assert (plain.finish, plain.tokens) == ("length", budget)  # the random model never stops
        assert cut.text.startswith(plain.text)
        reply = read(cut.text, Mode.THINK)
        assert reply.thought == plain.text.strip()
        assert (cut.thinking, cut.tokens) == (budget, 12)
        head = cut.text[: cut.text.rindex("</think>\n\n") + len("</think>\n\n")]
        begun = replace(prompt, messages=(*prompt.messages, Message("assistant", head)))
        ((alone,),) = backend.generate([begun], Sampling(max_tokens=12 - budget))
        assert cut.text == head + alone.text


def test_draws_differ_after_the_end_too(backend: TransformersBackend) -> None:
    sampling = Sampling(1.0, max_tokens=12, max_thinking=4, seed=3)
    first = backend.generate([ask("CCO")], sampling, n=4)
    assert first == backend.generate([ask("CCO")], sampling, n=4)
    assert len({c.text for c in first[0]}) > 1


def test_tokens_of_a_thought(tiny: tuple[Any, Any]) -> None:
    tokenizer = tiny[1]
    for text, length in (("ab\n</think>\n\nc", 4), ("ab", None), ("</think>", 1)):
        ids = tokenizer(text, add_special_tokens=False)["input_ids"]
        assert thinking_tokens(tokenizer, ids) == length


def test_a_script_file_has_a_budget_too(tmp_path: Path) -> None:
    in_turn = ScriptedBackend([LONG, SHORT])
    with pytest.raises(BackendError, match="in turn cannot be continued"):
        in_turn.generate([ask()], Sampling(max_tokens=20, max_thinking=2))


@pytest.mark.parametrize("apart", [False, True])
def test_an_endpoint_is_asked_to_continue(endpoint: Endpoint, apart: bool) -> None:
    def behave(payload: dict[str, Any], number: int) -> Any:
        if payload["messages"][-1]["role"] == "assistant":
            return send(200, chat("<NUMBER>7</NUMBER>"))
        if apart:  # the server sets thoughts apart from answers
            return send(200, chat(None, "length", reasoning_content="one two"))
        return send(200, chat("one two", "length"))

    endpoint.behave = behave
    backend = OpenAiBackend(endpoint.url, "a-model", wait_s=0.001, key="")
    ((completion,),) = backend.generate([ask()], Sampling(max_tokens=20, max_thinking=7))
    reply = read(completion.text, Mode.THINK)
    assert (reply.thought, reply.answer, reply.fault) == ("one two", "<NUMBER>7</NUMBER>", None)
    first, second = endpoint.seen
    assert (first["max_tokens"], second["max_tokens"]) == (7, 13)
    assert "continue_final_message" not in first
    assert second["messages"][-1]["content"] == "<think>\none two\n</think>\n\n"
    assert (second["continue_final_message"], second["add_generation_prompt"]) == (True, False)


def test_an_endpoint_that_refuses_to_continue_is_told_of(endpoint: Endpoint) -> None:
    def behave(payload: dict[str, Any], number: int) -> Any:
        if "continue_final_message" in payload:
            return send(400, {"error": "unknown argument continue_final_message"})
        return send(200, chat("one two", "length"))

    endpoint.behave = behave
    backend = OpenAiBackend(endpoint.url, "a-model", wait_s=0.001, key="")
    with pytest.raises(BackendError, match=r"refused.*a budget for thoughts needs a model that"):
        backend.generate([ask()], Sampling(max_tokens=20, max_thinking=7))
