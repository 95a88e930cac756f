"""What is said to an endpoint, and how its answers are read: pure functions and records."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum
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
RETRIED = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
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
    SPENT = "budget spent"


@dataclass(frozen=True, slots=True)
class Response:
    """What came over the wire."""

    status: int
    headers: Mapping[str, str]
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of one question.

    Parameters
    ----------
    completion : the answer, None if none came.
    miss : why none came.
    detail : the last thing that was heard, in words.
    tokens_in : tokens of the question, as the endpoint counts them, else an estimate.
    attempts : requests that were sent.
    seconds : from the first request to the end, waits included.
    """

    completion: Completion | None
    miss: Miss | None = None
    detail: str = ""
    tokens_in: int = 0
    attempts: int = 0
    seconds: float = 0.0


def payload(
    model: str, prompt: Prompt, sampling: Sampling, draw: int, limit_name: str
) -> dict[str, Any]:
    """Return the body of a request."""
    body: dict[str, Any] = {
        "model": model,
        "messages": [{"role": m.role, "content": m.content} for m in prompt.messages],
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        limit_name: sampling.max_tokens,
        "seed": sampling.seed + draw,
    }
    if sampling.top_k:
        body["top_k"] = sampling.top_k
    if prompt.mode is not None:
        body["chat_template_kwargs"] = {"enable_thinking": prompt.mode is Mode.THINK}
    if prompt.messages[-1].role == "assistant":
        # A begun answer: its turn is left open, and goes on (vLLM, SGLang).
        body["messages"][-1]["content"] = opened(prompt.messages[-1].content, prompt.mode)
        body |= {"add_generation_prompt": False, "continue_final_message": True}
    return body


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
        answer = message.get("content") or ""
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
    # JSON can hold halves of characters, which no file takes.
    text = text.encode("utf-8", "replace").decode()
    tokens = written if _is_count(written) else len(text.split())
    return Completion(text, tokens, finish), read if _is_count(read) else None


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
    }.get(status, "see its own message")
    return f"{url} refused the request with {status} ({said}): {advice}"
