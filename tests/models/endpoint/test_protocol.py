from __future__ import annotations

from email.utils import formatdate
from typing import Any

import pytest

from misbehaving import chat
from scireasoner.models.backend import Sampling
from scireasoner.models.endpoint.protocol import asked_to_wait, payload, read_completion
from scireasoner.types import Message, Prompt

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", 0),
        ("3", 3),
        (" 2.5 ", 2.5),
        ("-4", 0),
        ("nan", 0),
        ("inf", 600),
        ("86400", 600),
        ("soon", 0),
        (formatdate(NOW + 90, usegmt=True), 90),
        (formatdate(NOW - 90, usegmt=True), 0),
    ],
)
def test_retry_after(text: str, seconds: float) -> None:
    assert asked_to_wait({"retry-after": text}, now=NOW) == pytest.approx(seconds)
    assert asked_to_wait({}) == 0


NONSENSE: list[Any] = [
    None,
    [],
    5,
    {},
    {"choices": []},
    {"choices": {}},
    {"choices": [None]},
    {"choices": [{}]},
    {"choices": [{"message": None}]},
    {"choices": [{"message": {"content": ["a"]}}]},
    {"choices": [{"message": {"content": [{"text": "a"}]}}]},
    {"choices": [{"message": {"content": [{"type": "thinking", "thinking": "a"}]}}]},
    {"choices": [{"message": {"content": "a"}}], "usage": [1]},
    {"error": {"message": "overloaded"}},
]


@pytest.mark.parametrize("body", NONSENSE, ids=str)
def test_what_is_no_chat_answer(body: Any) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_completion(body)


@pytest.mark.parametrize(
    ("usage", "tokens", "tokens_in"),
    [
        ({"prompt_tokens": 9, "completion_tokens": 4}, 4, 9),
        ({"prompt_tokens": -9, "completion_tokens": "4"}, 4, None),
        ({"prompt_tokens": True, "completion_tokens": None}, 4, None),
        (None, 4, None),
    ],
)
def test_tokens_are_the_endpoints_or_guessed(
    usage: Any, tokens: int, tokens_in: int | None
) -> None:
    completion, read = read_completion({**chat("one two three"), "usage": usage})
    assert (completion.tokens, read) == (tokens, tokens_in)


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"content": None, "refusal": "I cannot"}, "I cannot"),
        ({"content": [{"type": "text", "text": "4"}, {"type": "text", "text": "2"}]}, "42"),
        ({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "6 * 7"}]},
                      {"type": "text", "text": "42"}]}, "6 * 7\n</think>\n\n42"),
        ({"content": [{"type": "image_url", "image_url": {}}]}, ""),
    ],
)  # fmt: skip
def test_where_the_text_of_a_message_may_stand(message: Any, text: str) -> None:
    completion, _ = read_completion({"choices": [{"message": message}]})
    assert completion.text == text


@pytest.mark.parametrize(("temperature", "top_k", "sent"), [(0, 0, None), (1, 0, -1), (1, 20, 20)])
def test_no_top_k_is_said_where_an_endpoint_has_its_own(
    temperature: float, top_k: int, sent: int | None
) -> None:
    prompt = Prompt("t", "1", (Message("user", "q"),), None)
    body = payload("m", prompt, Sampling(temperature, top_k=top_k), 0, "max_tokens")
    assert body.get("top_k") == sent


def test_a_sequence_is_more_than_one_token() -> None:
    completion, _ = read_completion({**chat("M" * 900), "usage": None})
    assert completion.tokens == 300


def test_half_a_character_can_be_written_down() -> None:
    completion, _ = read_completion(chat("broken \ud800 end"))
    assert completion.text.encode() == b"broken ? end"
