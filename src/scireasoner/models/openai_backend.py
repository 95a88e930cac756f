"""Any endpoint that speaks OpenAI's chat protocol: vLLM, SGLang, llama.cpp, hosted models."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence

from scireasoner.errors import BackendError
from scireasoner.models.backend import Sampling, refuse_beams
from scireasoner.models.budget import bounded, within_budget
from scireasoner.models.endpoint.client import Client
from scireasoner.models.endpoint.limiter import Limiter
from scireasoner.models.endpoint.protocol import KEY, Asked, Miss
from scireasoner.models.endpoint.purse import Purse
from scireasoner.prompts.reply import UNREAD
from scireasoner.types import Completion, Prompt

__all__ = ["KEY", "OpenAiBackend"]

log = logging.getLogger(__name__)


class OpenAiBackend:
    """Asks an endpoint, several questions at a time.

    The mode goes along as ``chat_template_kwargs.enable_thinking`` (vLLM, SGLang). A thought that
    the server returns apart from the answer is put back before it, for the one reader of
    thoughts. A busy, broken or silent endpoint, and an answer that is none of the protocol, are
    asked again a few times; waits double, with jitter, and obey ``Retry-After``.

    Parameters
    ----------
    url : the endpoint's base, e.g. ``http://localhost:8000/v1``.
    model : the model's name there.
    key : the access key; that of the environment by default, none is fine for a local server.
    key_name : the variable of the environment that holds the key.
    concurrency : requests in flight.
    attempts : tries for each question.
    wait_s : the first wait in seconds.
    timeout_s : for one request, from the connection to the last byte, in seconds.
    requests_per_minute, tokens_per_minute : the pace that is kept; 0 keeps none.
    purse : prices and what may be spent; nothing is counted or limited by default.
    """

    def __init__(
        self,
        url: str,
        model: str,
        *,
        key: str | None = None,
        key_name: str = KEY,
        concurrency: int = 16,
        attempts: int = 5,
        wait_s: float = 0.5,
        timeout_s: float = 600.0,
        requests_per_minute: float = 0.0,
        tokens_per_minute: float = 0.0,
        purse: Purse | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self.model = model
        self.name = f"{model} at {self.url}"
        self._client = Client(
            self.url,
            model,
            key if key is not None else os.environ.get(key_name, ""),
            key_name,
            concurrency,
            attempts,
            wait_s,
            timeout_s,
            Limiter(requests_per_minute, tokens_per_minute),
            purse or Purse(),
        )

    def ask(
        self,
        prompts: Sequence[Prompt],
        sampling: Sampling,
        done: Callable[[int, Asked], bool] = lambda place, asked: True,
    ) -> list[Asked | None]:
        """Return what became of each prompt: a completion, or why none came.

        Parameters
        ----------
        done : told of each prompt as soon as it has ended; False begins no further one, and those
            that were not begun are None.

        Raises
        ------
        BackendError : if no prompt could be answered: the address, key or model is wrong.
        """
        refuse_beams(self.name, sampling)
        return self._client.ask([(prompt, 0) for prompt in prompts], sampling, done)

    def generate(
        self, prompts: Sequence[Prompt], sampling: Sampling, n: int = 1
    ) -> list[list[Completion]]:
        """Return ``n`` completions for each prompt, in the order of the prompts.

        A prompt that is longer than the model reads is not answered: its completions are empty and
        say so (``finish`` ``"unread"``).

        Raises
        ------
        BackendError : if the endpoint cannot be reached, refuses, or answers nonsense.
        """
        refuse_beams(self.name, sampling)
        if bounded(prompts, sampling):
            return within_budget(self.generate, prompts, sampling, n)
        work = [(prompt, draw) for prompt in prompts for draw in range(n)]
        made: list[Completion | None] = [None] * len(work)

        def done(place: int, asked: Asked) -> bool:
            if asked.miss is Miss.TOO_LONG:
                prompt = work[place][0]
                log.warning(
                    "sample %r of %r was not asked: %s",
                    prompt.sample_id, prompt.task, asked.detail,
                )  # fmt: skip
                made[place] = Completion("", 0, UNREAD)
                return True
            if asked.completion is None:
                raise BackendError(self._complaint(asked))
            made[place] = asked.completion
            return True

        self._client.ask(work, sampling, done)
        whole = [completion for completion in made if completion is not None]
        return [whole[start : start + n] for start in range(0, len(whole), n)]

    def _complaint(self, asked: Asked) -> str:
        if asked.miss in {Miss.REFUSED, Miss.NONSENSE}:
            return asked.detail
        if asked.miss is Miss.SPENT:
            return f"{self.url} is not asked any more: {asked.detail}"
        return (
            f"{self.url} did not answer in {asked.attempts} tries ({asked.detail}): check that the "
            "server runs and that the address is right, or ask it less at once"
        )
