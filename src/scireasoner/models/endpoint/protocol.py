"""What is said to an endpoint, and how its answers are read: pure functions and records."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeGuard

from scireasoner.models.backend import Sampling
from scireasoner.prompts.reply import THINK_OPEN, compose, opened
from scireasoner.types import Completion, Mode, Prompt

KEY = "OPENAI_API_KEY"
LONGEST_PAUSE_S = 600.0
# Parameters that some endpoints refuse; a refusal that names one is answered by leaving it out.
OPTIONAL = ("chat_template_kwargs", "top_k", "seed")
# Refusals that no other question would escape: the key, the model, the money.
LASTING = frozenset({401, 402, 403, 404, 405})
_PASSING = frozenset({408, 409, 425, 429})
# How endpoints say that a question is longer than the model reads: OpenAI, vLLM, llama.cpp.
_TOO_LONG = re.compile(
    r"context_length_exceeded|exceed_context_size|(?:maximum|max) (?:context|model) length"
    r"|context (?:window|length|size)|prompt is too long",
    re.IGNORECASE,
)
# Characters a token, on the low side: chemistry is cut finer than prose.
_CHARACTERS_PER_TOKEN = 3


class Miss(StrEnum):
    """Why a question got no completion. Counted beside the judge's faults, never as a wrong one."""

    TIMED_OUT = "timed out"
    LOST = "connection lost"
    BUSY = "too many requests"
    BROKEN = "server error"
    NONSENSE = "not a chat answer"
    REFUSED = "question refused"
    TOO_LONG = "question too long"
    SPENT = "budget spent"


# Ends of an answer that is none: withheld by a filter, or broken off by the server (OpenRouter,
# SGLang and vLLM, DeepSeek).
_BROKEN_OFF: Mapping[str, Miss] = MappingProxyType({
    "content_filter": Miss.REFUSED, "error": Miss.BROKEN, "abort": Miss.BROKEN,
    "insufficient_system_resource": Miss.BROKEN,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Response:
    """What came over the wire."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def lasting(self) -> bool:
        """Whether no other question would escape it: the key, the model, the money, the place."""
        # OpenAI tells of money that is used up as of too many requests.
        spent = self.status == 429 and "insufficient_quota" in self.text
        return self.status in LASTING or 300 <= self.status < 400 or spent

    @property
    def passing(self) -> bool:
        """Whether another try may mend it; behind a proxy such as Cloudflare it is 520 to 530."""
        return self.status in _PASSING or self.status >= 500

    @property
    def too_long(self) -> bool:
        """Whether the question, with the room for its answer, is longer than the model reads."""
        return self.status in {400, 413, 422} and _TOO_LONG.search(self.text) is not None


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of one question.

    Parameters
    ----------
    completion : the answer, None if none came.
    miss : why none came.
    detail : the last thing that was heard, in words.
    tokens_in : tokens of the question, as the endpoint counts them, else an estimate.
    tokens_out : tokens of an answer that was paid for and is none: a filter withheld it.
    attempts : requests that were sent.
    seconds : from the first request to the end, waits included.
    """

    completion: Completion | None
    miss: Miss | None = None
    detail: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    attempts: int = 0
    seconds: float = 0.0


def payload(
    model: str, prompt: Prompt, sampling: Sampling, draw: int, limit_name: str
) -> dict[str, Any]:
    """Return the body of a request."""
    body: dict[str, Any] = {
        "model": model,
        "messages": [{"role": m.role, "content": _whole(m.content)} for m in prompt.messages],
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        limit_name: sampling.max_tokens,
        "seed": sampling.seed + draw,
    }
    if sampling.top_k:
        body["top_k"] = sampling.top_k
    elif sampling.temperature > 0:
        # Left out, vLLM takes the checkpoint's own (20 for Qwen3), llama.cpp 40: -1 is none.
        body["top_k"] = -1
    if prompt.mode is not None:
        body["chat_template_kwargs"] = {"enable_thinking": prompt.mode is Mode.THINK}
    if prompt.messages[-1].role == "assistant":
        # A begun answer: its turn is left open, and goes on (vLLM, SGLang).
        body["messages"][-1]["content"] = _whole(opened(prompt.messages[-1].content, prompt.mode))
        body |= {"add_generation_prompt": False, "continue_final_message": True}
    return body


def _whole(text: str) -> str:
    """Return a text without halves of characters, which JSON can hold and no file or wire."""
    return text.encode("utf-8", "replace").decode()


def tokens_of(prompt: Prompt) -> int:
    """Return about how many tokens a question has, before an endpoint has counted them."""
    characters = sum(len(m.content) for m in prompt.messages)
    return characters // _CHARACTERS_PER_TOKEN + 16


def read_completion(body: Any) -> tuple[Completion, int | None]:
    """Return the completion of a chat answer, and the tokens of the question if it names them.

    A thought that the server returns apart from the answer is put back before it, for the one
    reader of thoughts.

    Raises
    ------
    ValueError : if the answer is not one of OpenAI's chat protocol.
    """
    try:
        choice = body["choices"][0]
        message = choice["message"]
        thought = message.get("reasoning_content") or message.get("reasoning") or ""
        answer = message.get("content") or message.get("refusal") or ""
        if isinstance(answer, list):
            thought, answer = _parts(answer)
        finish = "length" if choice.get("finish_reason") == "length" else "stop"
        usage = body.get("usage") or {}
        written, read = usage.get("completion_tokens"), usage.get("prompt_tokens")
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error
    if not isinstance(thought, str) or not isinstance(answer, str):
        raise ValueError("the message is no text")
    text = answer
    if thought:
        text = compose(thought, answer) if answer else f"{THINK_OPEN}\n{thought}"
    text = _whole(text)
    # A sequence of a thousand residues is one word, and not one token.
    guess = max(len(text.split()), len(text) // _CHARACTERS_PER_TOKEN)
    tokens = written if _is_count(written) else guess
    return Completion(text, tokens, finish), read if _is_count(read) else None


def _parts(content: list[dict[str, Any]]) -> tuple[str, str]:
    """Return thought and answer of a content in parts, as Mistral's reasoning models write it."""
    thoughts: list[str] = []
    answers: list[str] = []
    for part in content:
        thinks = part["type"] == "thinking"
        said = part["thinking"] if thinks else [part] if part["type"] == "text" else []
        (thoughts if thinks else answers).extend(piece["text"] for piece in said)
    return "".join(thoughts), "".join(answers)


def broken_off(body: Any) -> Miss | None:
    """Return why an answer that `read_completion` reads is none, by its end; None if it is one."""
    finish = body["choices"][0].get("finish_reason")
    return _BROKEN_OFF.get(finish) if isinstance(finish, str) else None


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def asked_to_wait(headers: Mapping[str, str], now: float | None = None) -> float:
    """Return the seconds that ``Retry-After`` asks for (a number or a date); 0 if it names none."""
    text = headers.get("retry-after", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        try:
            when = parsedate_to_datetime(text)
        except ValueError:
            return 0.0
        seconds = when.timestamp() - (time.time() if now is None else now)
    # "nan" compares as false with everything.
    return min(seconds, LONGEST_PAUSE_S) if seconds > 0 else 0.0


def excerpt(text: str) -> str:
    """Return the beginning of a text on one line."""
    return " ".join(text[:2_000].split())[:200]


def explain(url: str, model: str, response: Response, key_name: str = KEY) -> str:
    """Return why an endpoint refused a request, and what to do."""
    status, said = response.status, excerpt(response.text)
    advice = {
        401: f"it does not accept the access key; set {key_name}",
        402: "it wants to be paid first",
        403: f"it does not accept the access key; set {key_name}",
        404: f"it has no such address, or no model {model!r}; look at {url}/models",
        429: "its quota is used up",
    }.get(status, "see its own message")
    if 300 <= status < 400:
        advice = f"it has moved to {response.headers.get('location', 'another address')}"
    return f"{url} refused the request with {status} ({said}): {advice}"
