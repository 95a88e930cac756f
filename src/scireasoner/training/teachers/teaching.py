"""Who writes traces: tools, the run's own model, and models named in the recipe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from scireasoner.models.backend import Backend, Sampling
from scireasoner.prompts.reply import THINK_CLOSE, THINK_OPEN, compose, read
from scireasoner.tasks.task import Task
from scireasoner.training.teachers.asking import Asker, Taught
from scireasoner.training.teachers.config import NO_LIMITS, PROBE, TOOLS, LimitsConfig
from scireasoner.types import Completion, Message, Mode, Prompt, Sample

NO_SOLUTION = "no worked solution"
_INSTRUCTION = (
    f"First think step by step between {THINK_OPEN} and {THINK_CLOSE}. Then give the answer alone."
)


class Teacher(Protocol):
    """Whoever writes traces."""

    @property
    def name(self) -> str:
        """The teacher's name in the log: ``tools``, ``model`` or one of the recipe."""
        ...

    @property
    def limits(self) -> LimitsConfig:
        """What of its right traces is refused."""
        ...

    def solve(self, task: Task, samples: Sequence[Sample], seed: int) -> Sequence[Taught]:
        """Return one thinking completion for each sample, or why there is none."""
        ...


@dataclass(frozen=True)
class ToolTeacher:
    """Worked solutions made by scientific tools: no network, always checkable."""

    name: str = TOOLS
    limits: LimitsConfig = NO_LIMITS

    def solve(self, task: Task, samples: Sequence[Sample], seed: int) -> Sequence[Taught]:
        """Return the worked solution of each sample."""
        texts = [task.solution(sample, Mode.THINK) for sample in samples]
        return [
            Taught(None, NO_SOLUTION) if text is None else Taught(Completion(text, tokens=0))
            for text in texts
        ]


@dataclass(frozen=True)
class ModelTeacher:
    """A model's own samples, in thinking mode.

    Parameters
    ----------
    open : returns the model; called when the first question is asked.
    """

    open: Callable[[], Backend]
    temperature: float
    max_tokens: int
    name: str = PROBE
    limits: LimitsConfig = NO_LIMITS

    @cached_property
    def _backend(self) -> Backend:
        return self.open()

    def solve(self, task: Task, samples: Sequence[Sample], seed: int) -> Sequence[Taught]:
        """Return one sampled completion for each sample."""
        prompts: list[Prompt] = [task.render(sample, Mode.THINK) for sample in samples]
        limit = min(self.max_tokens, task.limit(Mode.THINK))
        sampling = Sampling(temperature=self.temperature, max_tokens=limit, seed=seed)
        return [Taught(group[0]) for group in self._backend.generate(prompts, sampling)]


@dataclass(frozen=True)
class NamedTeacher:
    """A model of the recipe, asked through its journal.

    Its seed is the run's, whatever the batch: a question has one key, however it is batched.
    """

    asker: Asker
    seed: int

    @property
    def name(self) -> str:
        """Its name in the recipe."""
        return self.asker.config.name

    @property
    def limits(self) -> LimitsConfig:
        """Its limits in the recipe."""
        return self.asker.config.limits

    def solve(self, task: Task, samples: Sequence[Sample], seed: int) -> Sequence[Taught]:
        """Return one sampled completion for each sample, or why there is none."""
        config = self.asker.config
        sampling = Sampling(
            config.temperature, config.top_p, max_tokens=config.max_tokens, seed=self.seed
        )
        prompts = [self._prompt(task, sample) for sample in samples]
        return [_tidied(taught) for taught in self.asker.ask(task.name, prompts, sampling)]

    def _prompt(self, task: Task, sample: Sample) -> Prompt:
        prompt = task.render(sample, Mode.THINK)
        if not self.asker.config.instruct:
            return prompt
        last = prompt.messages[-1]
        asked = Message(last.role, f"{last.content}\n\n{_INSTRUCTION}")
        return replace(prompt, messages=(*prompt.messages[:-1], asked))


def _tidied(taught: Taught) -> Taught:
    """Write a whole reply as a student should: a repeated opening tag and stray blanks go."""
    made = taught.completion
    if made is None:
        return taught
    reply = read(made.text, Mode.THINK, made.finish)
    if reply.fault is not None or not reply.thought:
        return taught
    return replace(taught, completion=replace(made, text=compose(reply.thought, reply.answer)))
