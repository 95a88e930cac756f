"""Endpoints that misbehave in every way we know, and then recover, or do not."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from misbehaving import (
    Act,
    Endpoint,
    broken,
    busy,
    chat,
    drop,
    half,
    hollow,
    html,
    reset,
    say,
    send,
)
from scireasoner.errors import BackendError
from scireasoner.models.backend import Sampling
from scireasoner.models.endpoint.client import Client
from scireasoner.models.endpoint.limiter import Limiter
from scireasoner.models.endpoint.protocol import Asked, Miss
from scireasoner.models.endpoint.purse import Purse
from scireasoner.types import Message, Mode, Prompt


def ask(text: str) -> tuple[Prompt, int]:
    return Prompt("a_task", text, (Message("user", text),), Mode.THINK), 0


def client(endpoint: Endpoint, **options: Any) -> Client:
    options = {"wait_s": 0.001, "attempts": 3, "timeout_s": 20.0, **options}
    return Client(endpoint.url, "m", **options)


def hang(endpoint: Endpoint) -> Act:
    return endpoint.hang


def drip(endpoint: Endpoint) -> Act:
    return endpoint.drip


def drip_the_head(endpoint: Endpoint) -> Act:
    return endpoint.drip_the_head


def always(act: Act) -> Any:
    return lambda endpoint: act


LOUD = send(200, {"choices": [{"message": {"content": 5}}]})
NOT_ZIPPED = send(200, "no gzip at all", content_encoding="gzip")
BEHAVIOURS = [
    ("silence", hang, Miss.TIMED_OUT, "no answer within 0.2 s"),
    ("slow drip", drip, Miss.TIMED_OUT, "no answer within 0.2 s"),
    ("slow drip of headers", drip_the_head, Miss.TIMED_OUT, "no answer within 0.2 s"),
    ("429 with Retry-After", always(busy), Miss.BUSY, "429: slow down"),
    ("503", always(broken), Miss.BROKEN, "503: not now"),
    ("HTML", always(html), Miss.NONSENSE, "Welcome to the proxy"),
    ("half JSON", always(half), Miss.NONSENSE, "does not answer as OpenAI's chat protocol"),
    ("no choices", always(hollow), Miss.NONSENSE, "does not answer as OpenAI's chat protocol"),
    ("a number for a text", always(LOUD), Miss.NONSENSE, "does not answer as"),
    ("deep JSON", always(send(200, "[" * 100_000)), Miss.NONSENSE, "does not answer as"),
    ("broken gzip", always(NOT_ZIPPED), Miss.LOST, "DecodingError"),
    ("dropped connection", always(drop), Miss.LOST, "RemoteProtocolError"),
    ("reset connection", always(reset), Miss.LOST, "Error"),
]
NAMES = [row[0] for row in BEHAVIOURS]


@pytest.mark.parametrize(("name", "make", "miss", "words"), BEHAVIOURS, ids=NAMES)
def test_a_lasting_misbehaviour_is_named_and_costs_one_question(
    name: str, make: Any, miss: Miss, words: str, endpoint: Endpoint
) -> None:
    act = make(endpoint)
    endpoint.behave = lambda payload, number: (
        act if payload["messages"][0]["content"] == "bad" else say("ok")
    )
    timeout = 0.2 if miss is Miss.TIMED_OUT else 20.0
    asking = client(endpoint, attempts=2, timeout_s=timeout)
    found = asking.ask([ask("a"), ask("bad"), ask("c")], Sampling())
    bad = found[1]
    assert bad is not None
    assert (bad.completion, bad.miss, bad.attempts) == (None, miss, 2)
    assert words in bad.detail
    assert [one.completion.text for one in found if one and one.completion] == ["ok", "ok"]
    assert endpoint.asked == {"a": 1, "bad": 2, "c": 1}


@pytest.mark.parametrize(("name", "make", "miss", "words"), BEHAVIOURS, ids=NAMES)
def test_after_a_passing_misbehaviour_the_answer_comes(
    name: str, make: Any, miss: Miss, words: str, endpoint: Endpoint
) -> None:
    act = make(endpoint)
    endpoint.behave = lambda payload, number: act if number < 3 else say("ok")
    timeout = 0.2 if miss is Miss.TIMED_OUT else 20.0
    (found,) = client(endpoint, timeout_s=timeout).ask([ask("q")], Sampling())
    assert found is not None
    assert found.completion is not None
    assert (found.completion.text, found.attempts, found.tokens_in) == ("ok", 3, 11)


@pytest.mark.parametrize("status", [401, 402, 403, 404])
def test_what_no_question_would_escape_ends_the_call(status: int, endpoint: Endpoint) -> None:
    endpoint.behave = lambda payload, number: send(status, "no")
    asking = client(endpoint, concurrency=2, key_name="MY_KEY")
    with pytest.raises(BackendError, match=f"refused the request with {status}") as told:
        asking.ask([ask(str(n)) for n in range(50)], Sampling())
    assert ("MY_KEY" in str(told.value)) == (status in (401, 403))
    assert len(endpoint.seen) <= 4


def test_a_refused_question_is_not_asked_again(endpoint: Endpoint) -> None:
    endpoint.behave = lambda payload, number: send(400, "maximum context length is 8192 tokens")
    (found,) = client(endpoint).ask([ask("q")], Sampling())
    assert found is not None
    assert found.miss is Miss.TOO_LONG
    assert "maximum context length" in found.detail
    assert len(endpoint.seen) == 1


def test_a_question_that_is_too_long_says_nothing_of_parameters(endpoint: Endpoint) -> None:
    words = "'max_tokens' or 'max_completion_tokens' is too large: this model's maximum context"
    endpoint.behave = lambda payload, number: (
        send(400, f"{words} length is 32 tokens") if number == 1 else say("ok")
    )
    client(endpoint, concurrency=1).ask([ask("long"), ask("short")], Sampling())
    assert [("max_tokens" in payload) for payload in endpoint.seen] == [True, True]


@pytest.mark.parametrize(
    ("finish", "miss", "attempts", "tokens"),
    [
        ("content_filter", Miss.REFUSED, 1, 18),  # withheld, and paid for
        ("error", Miss.BROKEN, 3, 0),
        ("abort", Miss.BROKEN, 3, 0),
        ("insufficient_system_resource", Miss.BROKEN, 3, 0),
        ("tool_calls", None, 1, 18),
        ("length", None, 1, 18),
    ],
)
def test_an_answer_that_ended_badly_is_none(
    finish: str, miss: Miss | None, attempts: int, tokens: int, endpoint: Endpoint
) -> None:
    endpoint.behave = lambda payload, number: say("C9H8", finish=finish)
    asking = client(endpoint)
    (found,) = asking.ask([ask("q")], Sampling())
    assert found is not None
    assert (found.completion is None, found.miss) == (miss is not None, miss)
    assert (found.attempts, asking.purse.tokens) == (attempts, tokens)
    assert miss is None or finish in found.detail


@pytest.mark.parametrize("status", [500, 501, 520, 524, 529, 530])
def test_any_failure_of_a_server_is_passing(status: int, endpoint: Endpoint) -> None:
    endpoint.behave = lambda payload, number: send(status, "x") if number < 3 else say("ok")
    (found,) = client(endpoint).ask([ask("q")], Sampling())
    assert found is not None
    assert found.completion is not None


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (send(429, {"error": {"code": "insufficient_quota"}}), "its quota is used up"),
        (send(301, "", location="https://a.host/v1"), "has moved to https://a.host/v1"),
    ],
)
def test_money_that_is_gone_and_a_new_address_end_the_call(
    act: Act, words: str, endpoint: Endpoint
) -> None:
    endpoint.behave = lambda payload, number: act
    with pytest.raises(BackendError, match=words):
        client(endpoint, concurrency=1).ask([ask(str(n)) for n in range(9)], Sampling())
    assert len(endpoint.seen) == 1


def test_half_a_character_of_a_question_ends_nothing(endpoint: Endpoint) -> None:
    prompt = Prompt("a_task", "1", (Message("user", "a \ud800 b"),), Mode.THINK)
    (found,) = client(endpoint).ask([(prompt, 0)], Sampling())
    assert found is not None
    assert found.completion is not None
    assert endpoint.asked == {"a ? b": 1}


def test_no_further_question_is_begun_once_told_so(endpoint: Endpoint) -> None:
    endpoint.behave = lambda payload, number: broken
    found = client(endpoint, concurrency=1, attempts=1).ask(
        [ask(str(n)) for n in range(9)], Sampling(), lambda place, asked: place < 3
    )
    assert [one is not None for one in found] == [True] * 4 + [False] * 5
    assert len(endpoint.seen) == 4


class Clock:
    """A clock that is moved by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_pause_asked_of_one_holds_for_all(endpoint: Endpoint) -> None:
    clock = Clock()
    limiter = Limiter(clock=clock)
    endpoint.behave = lambda payload, number: send(429, "later", retry_after="37")
    client(endpoint, limiter=limiter, attempts=1).ask([ask("q")], Sampling())
    assert limiter.paused == 37
    clock.now += 36
    assert limiter.reserve(1) == 1


def test_a_purse_is_never_overrun_and_ends_the_call_cleanly(endpoint: Endpoint) -> None:
    """11 tokens in and 7 out: 25 money a question at these prices, 10,027 or so at most."""
    endpoint.behave = lambda payload, number: say("ok", tokens_in=11)
    purse = Purse(price_in=1e6, price_out=2e6, max_cost=300)
    ended: list[Asked] = []

    def done(place: int, asked: Asked) -> bool:
        ended.append(asked)
        return asked.miss is not Miss.SPENT

    found = client(endpoint, purse=purse, concurrency=4).ask(
        [ask(str(n)) for n in range(40)], Sampling(max_tokens=50), done
    )
    answered = [one for one in found if one is not None and one.completion]
    assert len(endpoint.seen) == len(answered)
    assert purse.cost == 25 * len(answered)
    # A question may cost 16 + 2 * 50 at most (its own tokens are estimated): 8 of 25, then 300 - 200
    # is less than that.
    assert len(answered) == 8
    assert any(one.miss is Miss.SPENT for one in ended)


def test_the_key_goes_along(endpoint: Endpoint) -> None:
    client(endpoint, key="secret").ask([ask("q")], Sampling())
    client(endpoint).ask([ask("q")], Sampling())
    assert endpoint.keys == ["Bearer secret", None]


def test_a_key_of_a_file_loses_its_line_end(endpoint: Endpoint) -> None:
    client(endpoint, key="sk-secret\r\n").ask([ask("q")], Sampling())
    assert endpoint.keys == ["Bearer sk-secret"]


@pytest.mark.parametrize("key", ["sk-s\u00e9cret", "sk\nsecret", "sk\0"])
def test_a_key_that_no_header_takes_is_not_shown(key: str, endpoint: Endpoint) -> None:
    with pytest.raises(BackendError, match="the access key in MY_KEY holds") as told:
        client(endpoint, key=key, key_name="MY_KEY").ask([ask("q")], Sampling())
    assert "cret" not in str(told.value)


def test_compressed_answers_are_read(endpoint: Endpoint) -> None:
    import json

    data = gzip.compress(json.dumps(chat("zipped")).encode())

    def zipped(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("content-encoding", "gzip")
        handler.send_header("content-length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    endpoint.behave = lambda payload, number: zipped
    (found,) = client(endpoint).ask([ask("q")], Sampling())
    assert found is not None
    assert found.completion is not None
    assert found.completion.text == "zipped"


def test_an_endless_answer_is_given_up(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scireasoner.models.endpoint.wire.MOST_BYTES", 1_000)
    endpoint.behave = lambda payload, number: say("x" * 2_000)
    (found,) = client(endpoint, attempts=1).ask([ask("q")], Sampling())
    assert found is not None
    assert (found.miss, "more than 1000 bytes" in found.detail) == (Miss.LOST, True)
