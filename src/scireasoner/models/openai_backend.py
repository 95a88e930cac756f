"""Any endpoint that speaks OpenAI's chat protocol: vLLM, SGLang, llama.cpp, hosted models."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from scireasoner.errors import BackendError
from scireasoner.models.backend import Sampling, refuse_beams
from scireasoner.prompts.reply import THINK_OPEN, compose
from scireasoner.types import Completion, Mode, Prompt

if TYPE_CHECKING:
    import httpx

KEY = "OPENAI_API_KEY"
# Parameters that some endpoints refuse; a refusal that names one is answered by leaving it out.
_OPTIONAL = ("chat_template_kwargs", "top_k", "seed")
_RETRIED = frozenset({408, 409, 429, 500, 502, 503, 504})
_LONGEST_WAIT_S = 60.0


class OpenAiBackend:
    """Asks an endpoint, several questions at a time.

    The mode goes along as ``chat_template_kwargs.enable_thinking`` (vLLM, SGLang). A thought that
    the server returns apart from the answer is put back before it, for the one reader of
    thoughts.

    Parameters
    ----------
    url : the endpoint's base, e.g. ``http://localhost:8000/v1``.
    model : the model's name there.
    key : the access key; ``$OPENAI_API_KEY`` by default, none is fine for a local server.
    concurrency : requests in flight.
    attempts : tries for each request; waits double, with jitter, and obey ``Retry-After``.
    wait_s : the first wait in seconds.
    timeout_s : for one answer, in seconds.
    """

    def __init__(
        self,
        url: str,
        model: str,
        *,
        key: str | None = None,
        concurrency: int = 16,
        attempts: int = 5,
        wait_s: float = 0.5,
        timeout_s: float = 600.0,
    ) -> None:
        self.url = url.rstrip("/")
        self.model = model
        self.name = f"{model} at {self.url}"
        self.key = key if key is not None else os.environ.get(KEY, "")
        self.concurrency = concurrency
        self.attempts = attempts
        self.wait_s = wait_s
        self.timeout_s = timeout_s
        self._refused: set[str] = set()
        self._limit = "max_tokens"

    def generate(
        self, prompts: Sequence[Prompt], sampling: Sampling, n: int = 1
    ) -> list[list[Completion]]:
        """Return ``n`` completions for each prompt, in the order of the prompts.

        Raises
        ------
        BackendError : if the endpoint cannot be reached, refuses, or answers nonsense.
        """
        import httpx

        refuse_beams(self.name, sampling)
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        timeout = httpx.Timeout(self.timeout_s, connect=15.0)
        work = [(prompt, draw) for prompt in prompts for draw in range(n)]
        with (
            httpx.Client(headers=headers, timeout=timeout) as client,
            ThreadPoolExecutor(max(1, self.concurrency)) as pool,
        ):
            futures = [pool.submit(self._one, client, p, sampling, draw) for p, draw in work]
            try:
                made = [future.result() for future in futures]
            except BaseException:
                # One clear failure ends the call; what has not begun is not asked any more.
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return [made[start : start + n] for start in range(0, len(made), n)]

    def _one(
        self, client: httpx.Client, prompt: Prompt, sampling: Sampling, draw: int
    ) -> Completion:
        jitter = random.Random(f"{prompt.sample_id}:{draw}")
        wait, reason = self.wait_s, ""
        for attempt in range(self.attempts):
            if attempt:
                time.sleep(min(wait * jitter.uniform(0.5, 1.5), _LONGEST_WAIT_S))
                wait *= 2
            response, reason = self._post(client, prompt, sampling, draw)
            if response is None:
                continue
            if response.status_code in _RETRIED:
                reason = f"{response.status_code}: {_excerpt(response.text)}"
                wait = max(wait, _asked_to_wait(response.headers))
                continue
            return self._read(response)
        raise BackendError(
            f"{self.url} did not answer in {self.attempts} tries ({reason}): check that the server "
            "runs and that the address is right, or ask it less at once"
        )

    def _post(
        self, client: httpx.Client, prompt: Prompt, sampling: Sampling, draw: int
    ) -> tuple[httpx.Response | None, str]:
        """Return the response, or None and why none came."""
        import httpx

        try:
            while True:
                payload = self._payload(prompt, sampling, draw)
                response = client.post(f"{self.url}/chat/completions", json=payload)
                if response.status_code not in {400, 422} or not self._learns(response, payload):
                    return response, ""
        except httpx.TransportError as error:
            return None, f"{type(error).__name__}: {error}"
        except httpx.InvalidURL as error:
            raise BackendError(f"{self.url} is not an address: {error}") from error

    def _payload(self, prompt: Prompt, sampling: Sampling, draw: int) -> dict[str, Any]:
        payload: dict[str, Any] = {
            "model": self.model,
            "messages": [{"role": m.role, "content": m.content} for m in prompt.messages],
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            self._limit: sampling.max_tokens,
            "seed": sampling.seed + draw,
        }
        if sampling.top_k:
            payload["top_k"] = sampling.top_k
        if prompt.mode is not None:
            payload["chat_template_kwargs"] = {"enable_thinking": prompt.mode is Mode.THINK}
        return {name: value for name, value in payload.items() if name not in self._refused}

    def _learns(self, response: httpx.Response, payload: Mapping[str, Any]) -> bool:
        """Note what the endpoint refuses; return whether the request can be mended."""
        if "max_completion_tokens" in response.text and "max_tokens" in payload:
            self._limit = "max_completion_tokens"
            return True
        named = [name for name in _OPTIONAL if name in payload and name in response.text]
        self._refused.update(named)
        return bool(named)

    def _read(self, response: httpx.Response) -> Completion:
        if response.status_code != 200:
            raise BackendError(_explain(self.url, self.model, response))
        try:
            body = response.json()
            choice = body["choices"][0]
            message = choice["message"]
            thought = message.get("reasoning_content") or message.get("reasoning") or ""
            answer = message.get("content") or ""
            finish = "length" if choice.get("finish_reason") == "length" else "stop"
            tokens = (body.get("usage") or {}).get("completion_tokens")
        except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            raise BackendError(
                f"{self.url} does not answer as OpenAI's chat protocol does "
                f"({_excerpt(response.text)}): check that the address ends in /v1"
            ) from error
        text = answer
        if thought:
            text = compose(thought, answer) if answer else f"{THINK_OPEN}\n{thought}"
        return Completion(text, tokens if isinstance(tokens, int) else len(text.split()), finish)


def _excerpt(text: str) -> str:
    return " ".join(text.split())[:200]


def _asked_to_wait(headers: Mapping[str, str]) -> float:
    """Return the seconds that ``Retry-After`` asks for; 0 if it names none (or a date)."""
    text = headers.get("retry-after", "")
    return min(float(text), _LONGEST_WAIT_S) if text.isdecimal() else 0.0


def _explain(url: str, model: str, response: httpx.Response) -> str:
    status, said = response.status_code, _excerpt(response.text)
    advice = {
        401: f"it does not accept the access key; set {KEY}",
        403: f"it does not accept the access key; set {KEY}",
        404: f"it has no such address, or no model {model!r}; look at {url}/models",
    }.get(status, "see its own message")
    return f"{url} refused the request with {status} ({said}): {advice}"
