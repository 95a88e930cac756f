from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from scireasoner.errors import BackendError
from scireasoner.models.backend import Sampling
from scireasoner.models.openai_backend import OpenAiBackend
from scireasoner.prompts.reply import read
from scireasoner.types import Fault, Message, Mode, Prompt

Answerer = Callable[[dict[str, Any], int], tuple[int, dict[str, str], Any]]


class Endpoint:
    """A local server; ``answer(payload, number of the request)`` -> status, headers, body."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.answer: Answerer = lambda payload, number: (200, {}, reply("ok"))
        lock = threading.Lock()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                payload = json.loads(self.rfile.read(int(self.headers["content-length"])))
                with lock:
                    endpoint.seen.append(payload)
                    endpoint.keys.append(self.headers.get("authorization"))
                    number = len(endpoint.seen)
                status, headers, body = endpoint.answer(payload, number)
                data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in {**headers, "content-length": str(len(data))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/v1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def backend(self, **options: Any) -> OpenAiBackend:
        return OpenAiBackend(self.url, "a-model", **{"wait_s": 0.001, "key": "", **options})


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    made = Endpoint()
    yield made
    made.server.shutdown()
    made.server.server_close()


def reply(text: str | None, finish: str = "stop", **message: str) -> dict[str, Any]:
    return {
        "choices": [{"message": {"content": text, **message}, "finish_reason": finish}],
        "usage": {"completion_tokens": 7},
    }


def ask(text: str, mode: Mode | None = Mode.THINK) -> Prompt:
    return Prompt("a_task", text, (Message("user", text),), mode)


def test_answers_come_in_order_whatever_the_concurrency(endpoint: Endpoint) -> None:
    endpoint.answer = lambda payload, number: (200, {}, reply(payload["messages"][0]["content"]))
    prompts = [ask(str(i)) for i in range(40)]
    groups = endpoint.backend(key="secret").generate(prompts, Sampling(0.7, seed=5), n=2)
    assert [[c.text for c in group] for group in groups] == [[str(i)] * 2 for i in range(40)]
    assert groups[0][0].tokens == 7
    assert set(endpoint.keys) == {"Bearer secret"}
    assert {p["seed"] for p in endpoint.seen} == {5, 6}
    assert endpoint.seen[0]["chat_template_kwargs"] == {"enable_thinking": True}


@pytest.mark.parametrize(
    ("body", "mode", "thought", "answer", "fault"),
    [
        (reply("A", reasoning_content="because"), Mode.THINK, "because", "A", None),
        (reply("A", reasoning="because"), None, "because", "A", None),
        (reply("<think>\nso\n</think>\n\nA"), Mode.THINK, "so", "A", None),
        (reply("A"), Mode.INSTANT, None, "A", None),
        (reply(None, "length", reasoning_content="wel"), Mode.THINK, "wel", "", Fault.OPEN_THOUGHT),
        (reply("A", "length"), Mode.INSTANT, None, "A", Fault.TRUNCATED),
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
    endpoint.answer = lambda payload, number: (200, {}, body)
    ((completion,),) = endpoint.backend().generate([ask("q", mode)], Sampling())
    found = read(completion.text, mode, completion.finish)
    assert (found.thought, found.answer, found.fault) == (thought, answer, fault)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_passing_failures_are_retried(endpoint: Endpoint, status: int) -> None:
    endpoint.answer = lambda payload, number: (
        (200, {}, reply("ok")) if number == 3 else (status, {"Retry-After": "0"}, "busy")
    )
    assert endpoint.backend().generate([ask("q")], Sampling())[0][0].text == "ok"
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
    endpoint.answer = lambda payload, number: (status, {}, body)
    with pytest.raises(BackendError, match=message):
        endpoint.backend(attempts=3).generate([ask(str(i)) for i in range(5)], Sampling())


def test_what_an_endpoint_refuses_is_left_out(endpoint: Endpoint) -> None:
    def strict(payload: dict[str, Any], number: int) -> tuple[int, dict[str, str], Any]:
        if "chat_template_kwargs" in payload:
            return 400, {}, {"error": "Unknown parameter: 'chat_template_kwargs'"}
        if "max_tokens" in payload:
            return 400, {}, {"error": "Use 'max_completion_tokens' instead"}
        return 200, {}, reply("ok")

    endpoint.answer = strict
    backend = endpoint.backend(concurrency=1)
    assert backend.generate([ask("a"), ask("b")], Sampling(max_tokens=9))[1][0].text == "ok"
    assert len(endpoint.seen) == 4
    assert endpoint.seen[-1]["max_completion_tokens"] == 9


def test_nobody_there() -> None:
    backend = OpenAiBackend("http://127.0.0.1:9/v1", "m", attempts=2, wait_s=0.001)
    with pytest.raises(BackendError, match=r"did not answer in 2 tries .ConnectError"):
        backend.generate([ask("q")], Sampling())
