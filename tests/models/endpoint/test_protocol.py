from __future__ import annotations

from email.utils import formatdate
from typing import Any

import pytest

from misbehaving import chat
from scireasoner.models.endpoint.protocol import asked_to_wait, read_completion

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
        ({"prompt_tokens": -9, "completion_tokens": "4"}, 3, None),
        ({"prompt_tokens": True, "completion_tokens": None}, 3, None),
        (None, 3, None),
    ],
)
def test_tokens_are_the_endpoints_or_counted_in_words(
    usage: Any, tokens: int, tokens_in: int | None
) -> None:
    completion, read = read_completion({**chat("one two three"), "usage": usage})
    assert (completion.tokens, read) == (tokens, tokens_in)


def test_half_a_character_can_be_written_down() -> None:
    completion, _ = read_completion(chat("broken \ud800 end"))
    assert completion.text.encode() == b"broken ? end"
