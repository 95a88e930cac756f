"""Questions to a named model: through its journal, within its purse, each with its own end."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from scireasoner.errors import BackendError
from scireasoner.models.backend import Backend, Sampling
from scireasoner.models.endpoint.protocol import Asked, Miss, tokens_of
from scireasoner.models.endpoint.purse import Purse
from scireasoner.models.journal import Journal, question_key
from scireasoner.models.load import endpoint_of, open_backend, read_spec
from scireasoner.models.openai_backend import OpenAiBackend
from scireasoner.training.teachers.config import TeacherConfig
from scireasoner.types import Completion, Prompt

_NOTHING = 1e-12
_FEW = 2
"""So many failures never stop a harvest, however small its batches are."""


@dataclass(frozen=True, slots=True)
class Taught:
    """What came of a question to a teacher.

    Parameters
    ----------
    completion : the trace, None if there is none.
    fault : why there is none.
    tokens_in, cost : what the question took; 0 where another question with its words took it.
    """

    completion: Completion | None
    fault: str = ""
    tokens_in: int = 0
    cost: float = 0.0


@dataclass
class Asker:
    """A named model with its journal: asks what is not known yet.

    Parameters
    ----------
    config : the model and its terms.
    path : the journal's file.
    tasks : the names of all tasks in their order; those to come share what may be spent.
    max_failed : share of a batch that may fail.
    """

    config: TeacherConfig
    path: Path
    tasks: Sequence[str]
    max_failed: float = 0.2
    purse: Purse = field(init=False)

    def __post_init__(self) -> None:
        """Set the prices; the journal and the model are opened when they are needed."""
        self.purse = Purse(self.config.price_in, self.config.price_out)

    @cached_property
    def journal(self) -> Journal:
        """The journal, opened when the first question comes."""
        return Journal(self.path)

    @cached_property
    def backend(self) -> Backend:
        """The model, opened when the first question is asked that the journal does not know."""
        config = self.config
        kind, rest = read_spec(config.backend)
        if kind != "openai":
            return open_backend(config.backend)
        return OpenAiBackend(
            *endpoint_of(rest),
            key_name=config.key,
            concurrency=config.concurrency,
            attempts=config.attempts,
            timeout_s=config.timeout_s,
            requests_per_minute=config.requests_per_minute,
            tokens_per_minute=config.tokens_per_minute,
            purse=self.purse,
        )

    @cached_property
    def identity(self) -> str:
        """What stands for the model in a key: an endpoint's may move, a checkpoint's may change."""
        kind, rest = read_spec(self.config.backend)
        if kind == "openai":
            return endpoint_of(rest)[1]
        return f"{kind}:{rest}:{_state_of(Path(rest))}"

    def ask(self, task: str, prompts: Sequence[Prompt], sampling: Sampling) -> list[Taught]:
        """Return what came of each prompt; what the journal knows is not asked again.

        Raises
        ------
        BackendError : if too many questions failed, or none can be answered.
        StorageError : if the journal cannot be written.
        """
        keys = [question_key(self.identity, prompt, sampling) for prompt in prompts]
        first = {key: place for place, key in reversed(list(enumerate(keys)))}
        fresh = [place for key, place in sorted(first.items(), key=lambda item: item[1])
                 if self.journal.answer(key) is None]  # fmt: skip
        failed: dict[int, Asked] = {}
        if fresh:
            self._allow(task)
            failed = self._ask_fresh(task, prompts, keys, fresh, sampling)
        unasked = Asked(None, Miss.SPENT)
        return [
            self._taught(prompt, key, failed.get(first[key], unasked))
            for prompt, key in zip(prompts, keys, strict=True)
        ]

    def _taught(self, prompt: Prompt, key: str, failed: Asked) -> Taught:
        row = self.journal.answer(key)
        if row is None:
            return Taught(None, failed.miss or Miss.SPENT)
        mine = row["sample"] == prompt.sample_id and row["task"] == prompt.task
        completion = Completion(row["text"], row["tokens"], row["finish"])
        return Taught(completion, "", row["tokens_in"] * mine, row["cost"] * mine)

    def _allow(self, task: str) -> None:
        """Let a task spend its share of what the tasks before it left."""
        left = len(self.tasks) - self.tasks.index(task) if task in self.tasks else 1
        cost, tokens = self.journal.spent(but=task)
        all_cost, all_tokens = self.journal.spent()
        config, purse = self.config, self.purse
        purse.cost, purse.tokens = all_cost - cost, all_tokens - tokens
        # A limit of 0 is none, so what is used up becomes the least limit above 0.
        if config.max_cost:
            purse.max_cost = max((config.max_cost - cost) / left, _NOTHING)
        if config.max_total_tokens:
            purse.max_tokens = max((config.max_total_tokens - tokens) // left, 1)

    def _ask_fresh(
        self,
        task: str,
        prompts: Sequence[Prompt],
        keys: Sequence[str],
        fresh: Sequence[int],
        sampling: Sampling,
    ) -> dict[int, Asked]:
        """Ask and write down each answer as it comes; return what failed, by place."""
        failed: dict[int, Asked] = {}
        allowed = max(_FEW, self.max_failed * len(prompts))

        def done(number: int, asked: Asked) -> bool:
            place = fresh[number]
            if asked.miss is Miss.SPENT:
                failed[place] = asked
                return False
            self.journal.add(self._row(task, prompts[place], keys[place], asked))
            if asked.completion is None:
                failed[place] = asked
            return _failures(failed) <= allowed

        asked = [prompts[place] for place in fresh]
        if isinstance(self.backend, OpenAiBackend):
            self.backend.ask(asked, sampling, done)
        else:
            self._generate(asked, sampling, done)
        if _failures(failed) > allowed:
            raise BackendError(self._complaint(failed, len(fresh)))
        return failed

    def _generate(
        self, prompts: Sequence[Prompt], sampling: Sampling, done: Callable[[int, Asked], bool]
    ) -> None:
        """Ask a model in this process; what its purse may not pay for is not asked."""
        count = 0
        for prompt in prompts:
            most = (tokens_of(prompt), sampling.max_tokens)
            if not self.purse.fits(*most):
                break
            self.purse.hold(*most)
            count += 1
        groups = self.backend.generate(prompts[:count], sampling) if count else []
        for number, (prompt, group) in enumerate(zip(prompts, groups, strict=False)):
            tokens_in = tokens_of(prompt)
            self.purse.release(tokens_in, sampling.max_tokens)
            self.purse.pay(tokens_in, group[0].tokens)
            done(number, Asked(group[0], tokens_in=tokens_in, attempts=1))
        if count < len(prompts):
            done(count, Asked(None, Miss.SPENT, "the budget is spent"))

    def _row(self, task: str, prompt: Prompt, key: str, asked: Asked) -> dict[str, Any]:
        row: dict[str, Any] = {
            "key": key,
            "task": task,
            "sample": prompt.sample_id,
            "tokens_in": asked.tokens_in,
            "seconds": round(asked.seconds, 3),
            "attempts": asked.attempts,
        }
        made = asked.completion
        if made is None:
            return {**row, "tokens": 0, "cost": 0.0, "fault": asked.miss, "detail": asked.detail}
        cost = self.purse.price(asked.tokens_in, made.tokens)
        return {
            **row,
            "tokens": made.tokens,
            "cost": cost,
            "text": made.text,
            "finish": made.finish,
        }

    def _complaint(self, failed: dict[int, Asked], asked: int) -> str:
        counts: dict[str, int] = {}
        for one in failed.values():
            if one.miss is not Miss.SPENT and one.miss is not None:
                counts[one.miss] = counts.get(one.miss, 0) + 1
        named = ", ".join(f"{n} x {miss}" for miss, n in counts.items())
        last = next(reversed(failed.values())).detail
        return (
            f"teacher {self.config.name!r} ({self.backend.name}) failed on {_failures(failed)} of "
            f"{asked} questions ({named}; the last: {last}): mend it or ask it more slowly, then "
            "run the same command again; the answers that came are kept and not asked again"
        )


def _failures(failed: dict[int, Asked]) -> int:
    return sum(asked.miss is not Miss.SPENT for asked in failed.values())


def _state_of(path: Path) -> str:
    """Return what changes when a checkpoint's folder or a script is written anew."""
    files = sorted(path.iterdir()) if path.is_dir() else [path] if path.is_file() else []
    stats = [(file.name, file.stat()) for file in files if file.is_file()]
    states = [(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats]
    return hashlib.sha256(repr(states).encode()).hexdigest()[:16]
