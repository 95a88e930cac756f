from __future__ import annotations

from typing import Any

import pytest

from misbehaving import Endpoint, broken, chat, say, send
from scireasoner.errors import BackendError
from scireasoner.models.backend import Sampling
from scireasoner.models.openai_backend import OpenAiBackend
from scireasoner.prompts.reply import read
from scireasoner.types import Fault, Message, Mode, Prompt


def backend(endpoint: Endpoint, **options: Any) -> OpenAiBackend:
    return OpenAiBackend(endpoint.url, "a-model", **{"wait_s": 0.001, "key": "", **options})


def ask(text: str, mode: Mode | None = Mode.THINK) -> Prompt:
    return Prompt("a_task", text, (Message("user", text),), mode)


def test_answers_come_in_order_whatever_the_concurrency(endpoint: Endpoint) -> None:
    endpoint.behave = lambda payload, number: say(payload["messages"][0]["content"])
    prompts = [ask(str(i)) for i in range(40)]
    groups = backend(endpoint, key="secret").generate(prompts, Sampling(0.7, seed=5), n=2)
    assert [[c.text for c in group] for group in groups] == [[str(i)] * 2 for i in range(40)]
    assert groups[0][0].tokens == 7
    assert set(endpoint.keys) == {"Bearer secret"}
    assert {p["seed"] for p in endpoint.seen} == {5, 6}
    assert endpoint.seen[0]["chat_template_kwargs"] == {"enable_thinking": True}


@pytest.mark.parametrize(
    ("body", "mode", "thought", "answer", "fault"),
    [
        (chat("A", reasoning_content="because"), Mode.THINK, "because", "A", None),
        (chat("A", reasoning="because"), None, "because", "A", None),
        (chat("<think>\nso\n</think>\n\nA"), Mode.THINK, "so", "A", None),
        (chat("A"), Mode.INSTANT, None, "A", None),
        (chat(None, "length", reasoning_content="wel"), Mode.THINK, "wel", "", Fault.OPEN_THOUGHT),
        (chat("A", "length"), Mode.INSTANT, None, "A", Fault.TRUNCATED),
    ],
)
def test_thoughts_reach_the_one_reader(
    endpoint: Endpoint,
    body: Any,
    mode: Mode | None,
    thought: str | None,
    answer: str,
    fault: Fault | None,
) -> None:
    endpoint.behave = lambda payload, number: send(200, body)
    ((completion,),) = backend(endpoint).generate([ask("q", mode)], Sampling())
    found = read(completion.text, mode, completion.finish)
    assert (found.thought, found.answer, found.fault) == (thought, answer, fault)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_passing_failures_are_retried(endpoint: Endpoint, status: int) -> None:
    busy = send(status, "busy", retry_after="0")
    endpoint.behave = lambda payload, number: say("ok") if number == 3 else busy
    assert backend(endpoint).generate([ask("q")], Sampling())[0][0].text == "ok"
    assert len(endpoint.seen) == 3


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (401, "no", "set OPENAI_API_KEY"),
        (404, "no model", "no model 'a-model'"),
        (400, "bad prompt", "400 .bad prompt."),
        (503, "busy", "did not answer in 3 tries .503: busy"),
        (200, "<html>", "does not answer as OpenAI's chat protocol does"),
        (200, {"choices": []}, "does not answer as OpenAI's chat protocol does"),
    ],
)
def test_lasting_failures_are_told(
    endpoint: Endpoint, status: int, body: Any, message: str
) -> None:
    endpoint.behave = lambda payload, number: send(status, body)
    with pytest.raises(BackendError, match=message):
        backend(endpoint, attempts=3).generate([ask(str(i)) for i in range(5)], Sampling())


def test_what_an_endpoint_refuses_is_left_out(endpoint: Endpoint) -> None:
    def strict(payload: dict[str, Any], number: int) -> Any:
        if "chat_template_kwargs" in payload:
            return send(400, {"error": "Unknown parameter: 'chat_template_kwargs'"})
        if "max_tokens" in payload:
            return send(400, {"error": "Use 'max_completion_tokens' instead"})
        return say("ok")

    endpoint.behave = strict
    asking = backend(endpoint, concurrency=1)
    assert asking.generate([ask("a"), ask("b")], Sampling(max_tokens=9))[1][0].text == "ok"
    assert len(endpoint.seen) == 4
    assert endpoint.seen[-1]["max_completion_tokens"] == 9


def test_nobody_there() -> None:
    nobody = OpenAiBackend("http://127.0.0.1:9/v1", "m", attempts=2, wait_s=0.001)
    with pytest.raises(BackendError, match=r"did not answer in 2 tries .ConnectError"):
        nobody.generate([ask("q")], Sampling())


def test_a_prompt_that_is_too_long_does_not_end_the_others(endpoint: Endpoint) -> None:
    refused = send(400, {"error": {"code": "context_length_exceeded"}})
    endpoint.behave = lambda payload, number: (
        refused if payload["messages"][0]["content"] == "b" else say("ok")
    )
    found = backend(endpoint).generate([ask(q) for q in "abc"], Sampling())
    assert [(one.text, one.finish) for (one,) in found] == [
        ("ok", "stop"), ("", "unread"), ("ok", "stop"),
    ]  # fmt: skip


def test_what_one_prompt_meets_does_not_end_the_others(endpoint: Endpoint) -> None:
    endpoint.behave = lambda payload, number: (
        broken if payload["messages"][0]["content"] == "b" else say("ok")
    )
    ended: list[tuple[int, bool]] = []

    def done(place: int, asked: Any) -> bool:
        ended.append((place, asked.completion is not None))
        return True

    found = backend(endpoint, attempts=2).ask([ask(q) for q in "abc"], Sampling(), done)
    assert sorted(ended) == [(0, True), (1, False), (2, True)]
    miss = found[1]
    assert miss is not None
    assert (miss.miss, miss.attempts, miss.detail) == ("server error", 2, "503: not now")


async def answer_in_a_loop(endpoint: Endpoint) -> str:
    return backend(endpoint).generate([ask("q")], Sampling())[0][0].text


def test_it_works_inside_a_running_event_loop_as_in_a_notebook(endpoint: Endpoint) -> None:
    import asyncio

    assert asyncio.run(answer_in_a_loop(endpoint)) == "ok"
