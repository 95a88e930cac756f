"""Questions to an endpoint, many in flight, each with its own end: a completion or a named miss."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scireasoner.errors import BackendError
from scireasoner.models.backend import Sampling
from scireasoner.models.endpoint.limiter import Limiter
from scireasoner.models.endpoint.protocol import (
    KEY,
    OPTIONAL,
    Asked,
    Miss,
    Response,
    asked_to_wait,
    broken_off,
    excerpt,
    explain,
    payload,
    read_completion,
    tokens_of,
)
from scireasoner.models.endpoint.purse import Purse
from scireasoner.models.endpoint.wire import finish, post
from scireasoner.types import Prompt

if TYPE_CHECKING:
    import ssl

    import httpx

_CONNECT_S = 15.0
_LONGEST_WAIT_S = 60.0
# Tokens of an answer before one was seen.
_FIRST_GUESS = 1_000

Question = tuple[Prompt, int]
"""A prompt, and which of its answers is asked for, 0 the first."""


@dataclass
class Client:
    """Asks one endpoint.

    Parameters
    ----------
    url : the endpoint's base, e.g. ``http://localhost:8000/v1``.
    model : the model's name there.
    key : the access key; an empty one is not sent.
    key_name : where the key comes from, for messages.
    concurrency : requests in flight.
    attempts : tries for each question.
    wait_s : the first wait between tries, in seconds; it doubles, with jitter.
    timeout_s : seconds for one request, from the connection to the last byte.
    limiter, purse : the pace and the money; they outlive a call.
    """

    url: str
    model: str
    key: str = ""
    key_name: str = KEY
    concurrency: int = 16
    attempts: int = 5
    wait_s: float = 0.5
    timeout_s: float = 600.0
    limiter: Limiter = field(default_factory=Limiter)
    purse: Purse = field(default_factory=Purse)
    _refused: set[str] = field(default_factory=set)
    _limit_name: str = "max_tokens"
    _answers: int = 0
    _written: int = 0

    def ask(
        self,
        questions: Sequence[Question],
        sampling: Sampling,
        done: Callable[[int, Asked], bool] = lambda place, asked: True,
    ) -> list[Asked | None]:
        """Return what became of each question, in their order.

        Parameters
        ----------
        done : told of each question as soon as it has ended; if it returns False, no further
            question is begun, and those that were not are None.

        Raises
        ------
        BackendError : if no question could be answered: the address, key or model is wrong.
        """
        return finish(self._ask(questions, sampling, done))

    async def _ask(
        self,
        questions: Sequence[Question],
        sampling: Sampling,
        done: Callable[[int, Asked], bool],
    ) -> list[Asked | None]:
        import httpx

        async with httpx.AsyncClient(
            headers=self._headers,
            # A request has one limit, from end to end: a slow drip trips no limit for each read.
            timeout=httpx.Timeout(None, connect=_CONNECT_S),
            limits=httpx.Limits(max_connections=max(1, self.concurrency)),
            verify=self._certificates,
        ) as http:
            call = _Call(self, http, sampling)
            return await call.all(questions, done)

    @property
    def _headers(self) -> dict[str, str]:
        """The key, without the line end that a file leaves behind it; it is never shown."""
        key = self.key.strip()
        if not (key.isascii() and key.isprintable()):
            raise BackendError(
                f"the access key in {self.key_name} holds characters that no key has: copy it anew"
            )
        return {"Authorization": f"Bearer {key}"} if key else {}

    @cached_property
    def _certificates(self) -> ssl.SSLContext | bool:
        """What vouches for the endpoint: read once, for it takes longer than a request."""
        import httpx

        return httpx.create_ssl_context() if self.url.startswith("https:") else False

    def expected(self, prompt: Prompt, sampling: Sampling) -> int:
        """Return about how many tokens a question and its answer have, from those before."""
        mean = self._written / self._answers if self._answers else _FIRST_GUESS
        return tokens_of(prompt) + min(sampling.max_tokens, round(mean))

    def note(self, asked: Asked, reserved: int) -> None:
        """Learn from an answer how long answers are."""
        if asked.completion is not None:
            self._answers += 1
            self._written += asked.completion.tokens
            self.limiter.correct(reserved, asked.tokens_in + asked.completion.tokens)

    def body(self, question: Question, sampling: Sampling) -> dict[str, Any]:
        """Return a request without what the endpoint was found to refuse."""
        made = payload(self.model, question[0], sampling, question[1], self._limit_name)
        return {name: value for name, value in made.items() if name not in self._refused}

    def learns(self, response: Response, body: dict[str, Any]) -> bool:
        """Note what the endpoint refuses; return whether the request can be mended."""
        if response.too_long:
            return False  # names parameters too, as what would have to be smaller
        if "max_completion_tokens" in response.text and "max_tokens" in body:
            self._limit_name = "max_completion_tokens"
            return True
        named = [name for name in OPTIONAL if name in body and name in response.text]
        self._refused.update(named)
        return bool(named)

    def understood(self, response: Response) -> tuple[Asked, bool]:
        """Return what a response says, and whether another try may mend it."""
        status, said = response.status, excerpt(response.text)
        if response.lasting:
            raise BackendError(explain(self.url, self.model, response, self.key_name))
        if response.passing:
            pause = asked_to_wait(response.headers)
            if pause:
                self.limiter.pause(pause)
            miss = {408: Miss.TIMED_OUT, 429: Miss.BUSY}.get(status, Miss.BROKEN)
            return Asked(None, miss, f"{status}: {said}"), True
        if status != 200:
            told = explain(self.url, self.model, response, self.key_name)
            return Asked(None, Miss.TOO_LONG if response.too_long else Miss.REFUSED, told), False
        try:
            body = json.loads(response.text)
            completion, tokens = read_completion(body)
        except (ValueError, RecursionError):
            told = (
                f"{self.url} does not answer as OpenAI's chat protocol does ({said}): check that "
                "the address ends in /v1"
            )
            return Asked(None, Miss.NONSENSE, told), True
        ended = broken_off(body)
        if ended is not None:
            told = f"the answer ended with {body['choices'][0]['finish_reason']!r}"
            again = ended is Miss.BROKEN
            paid = (0, 0) if again else (tokens or 0, completion.tokens)
            return Asked(None, ended, told, *paid), again
        return Asked(completion, tokens_in=tokens or 0), False


@dataclass
class _Call:
    """One call of the client: its connections, and whether it still goes on."""

    client: Client
    http: httpx.AsyncClient
    sampling: Sampling
    settled: asyncio.Condition = field(default_factory=asyncio.Condition)
    going: bool = True

    async def all(
        self, questions: Sequence[Question], done: Callable[[int, Asked], bool]
    ) -> list[Asked | None]:
        found: list[Asked | None] = [None] * len(questions)
        left = iter(enumerate(questions))

        async def work() -> None:
            while self.going and (item := next(left, None)) is not None:
                place, question = item
                found[place] = asked = await self.paid(question)
                self.going = done(place, asked) and self.going

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(max(1, self.client.concurrency), len(questions))):
                    group.create_task(work())
        except BaseExceptionGroup as errors:
            # One clear failure ends the call; what is in flight is given up.
            first = errors.exceptions[0]
            raise first from first.__cause__
        return found

    async def paid(self, question: Question) -> Asked:
        """Ask if the purse allows it, waiting for the answers that may give something back."""
        purse = self.client.purse
        most = (tokens_of(question[0]), self.sampling.max_tokens)
        async with self.settled:
            while not purse.fits(*most):
                if purse.idle:
                    return Asked(None, Miss.SPENT, "the budget is spent")
                await self.settled.wait()
            purse.hold(*most)
        try:
            asked = await self.tried(question)
            if asked.completion is not None:
                purse.pay(asked.tokens_in, asked.completion.tokens)
            elif asked.tokens_out:
                purse.pay(asked.tokens_in, asked.tokens_out)
            return asked
        finally:
            purse.release(*most)
            async with self.settled:
                self.settled.notify_all()

    async def tried(self, question: Question) -> Asked:
        """Ask until an answer comes, the tries are used up, or the call is to end."""
        jitter = random.Random(f"{question[0].sample_id}:{question[1]}")
        begin, wait, attempts = time.monotonic(), self.client.wait_s, 0
        while True:
            attempts += 1
            asked, again = await self.once(question, jitter)
            if not again or attempts >= self.client.attempts or not self.going:
                return replace(asked, attempts=attempts, seconds=time.monotonic() - begin)
            await asyncio.sleep(min(wait * jitter.uniform(0.5, 1.5), _LONGEST_WAIT_S))
            wait *= 2

    async def once(self, question: Question, jitter: random.Random) -> tuple[Asked, bool]:
        """Send one request; return what came of it, and whether another try may mend it."""
        import httpx

        client = self.client
        reserved = client.expected(question[0], self.sampling)
        await asyncio.sleep(client.limiter.reserve(reserved))
        while (pause := client.limiter.paused) > 0:
            # Not all at the same moment once it is over.
            await asyncio.sleep(pause * jitter.uniform(1.0, 1.1))
        try:
            response = await self.sent(question)
        except TimeoutError:
            return Asked(None, Miss.TIMED_OUT, f"no answer within {client.timeout_s:g} s"), True
        except httpx.TimeoutException as error:
            return Asked(None, Miss.TIMED_OUT, f"{type(error).__name__}: {error}"), True
        except (httpx.TransportError, httpx.DecodingError) as error:
            return Asked(None, Miss.LOST, f"{type(error).__name__}: {error}"), True
        except httpx.InvalidURL as error:
            raise BackendError(f"{client.url} is not an address: {error}") from error
        asked, again = client.understood(response)
        if asked.completion is not None and not asked.tokens_in:
            asked = replace(asked, tokens_in=tokens_of(question[0]))
        client.note(asked, reserved)
        return asked, again

    async def sent(self, question: Question) -> Response:
        client = self.client
        while True:
            body = client.body(question, self.sampling)
            async with asyncio.timeout(client.timeout_s):
                response = await post(self.http, f"{client.url}/chat/completions", body)
            if response.status not in {400, 422} or not client.learns(response, body):
                return response
