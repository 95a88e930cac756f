"""A task: how it is asked, read, judged and rewarded. Everything follows from its answer kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from scireasoner.answers.base import Answer
from scireasoner.errors import TaskError
from scireasoner.metrics import ACCURACY, Metric
from scireasoner.notation.tags import NOTATIONS
from scireasoner.prompts.reply import compose, read
from scireasoner.rewards.soften import DEFAULTS, Soften, reward
from scireasoner.types import (
    Completion,
    Domain,
    Family,
    Fault,
    Message,
    Mode,
    Outcome,
    Prompt,
    Sample,
    Split,
)

BOTH = (Mode.INSTANT, Mode.THINK)


class Source(Protocol):
    """Where a task's rows come from."""

    def load(self, task: str, split: Split) -> Sequence[Sample]:
        """Return the rows of a split in a fixed order; DataError if they cannot be had."""
        ...


@dataclass(frozen=True)
class Task:
    """A question family with one answer kind.

    Parameters
    ----------
    name : unique identifier, lower case with underscores.
    suite, family, domain : where it belongs.
    prompt : the question; ``{name}`` marks each input.
    inputs : input name -> notation name; values are wrapped in that notation's tag.
    answer : how the answer is asked for, read and compared.
    data : where the rows come from.
    source, licence : citation and terms of the data.
    metrics : first is the one reported; ``ACCURACY`` if none is given.
    soften : the reward map g; None takes the default of the answer's reward group.
    worked : makes a worked solution (the thought of a right answer) by scientific tools.
    temperature : decoding temperature of an evaluation; above 0 only where variety is the task.
    max_tokens : generation limits for instant and thinking answers.
    """

    name: str
    suite: str
    family: Family
    domain: Domain
    prompt: str
    inputs: Mapping[str, str]
    answer: Answer
    data: Source
    source: str
    licence: str
    metrics: tuple[Metric, ...] = (ACCURACY,)
    soften: Soften | None = None
    worked: Callable[[Sample], str | None] | None = None
    modes: tuple[Mode, ...] = BOTH
    temperature: float = 0.0
    max_tokens: tuple[int, int] = (64, 320)
    version: int = 1

    @property
    def g(self) -> Soften:
        """The reward map in force."""
        return self.soften or DEFAULTS[self.answer.group]

    def limit(self, mode: Mode | None) -> int:
        """Return the generation limit in tokens for a mode."""
        return self.max_tokens[0] if mode is Mode.INSTANT else self.max_tokens[1]

    def samples(self, split: Split, limit: int | None = None) -> Sequence[Sample]:
        """Return the rows of a split; ``limit`` takes the first ones of the fixed order."""
        rows = self.data.load(self.name, split)
        return rows if limit is None else rows[:limit]

    def question(self, inputs: Mapping[str, str]) -> str:
        """Return the question text: every input wrapped, then how to answer."""
        missing = [name for name in self.inputs if name not in inputs]
        if missing:
            raise TaskError(f"task {self.name!r} needs the input {missing[0]!r}; give it a value")
        wrapped = {name: NOTATIONS[kind].wrap(inputs[name]) for name, kind in self.inputs.items()}
        return f"{self.prompt.format(**wrapped)} {self.answer.asks()}"

    def render(self, sample: Sample, mode: Mode | None) -> Prompt:
        """Return the prompt of a sample in a mode."""
        messages = (Message("user", self.question(sample.inputs)),)
        return Prompt(self.name, sample.id, messages, mode)

    def solution(self, sample: Sample, mode: Mode) -> str | None:
        """Return what a perfect model would write, or None where that is not known.

        In thinking mode this needs a worked solution.
        """
        if sample.example is None:
            return None
        answer = self.answer.write(sample.example)
        if mode is Mode.INSTANT:
            return compose(None, answer)
        thought = self.worked(sample) if self.worked else None
        return None if thought is None else compose(thought, answer)

    def judge(self, sample: Sample, completion: Completion, mode: Mode | None) -> Outcome:
        """Read and judge a completion: the one judge of evaluation, rewards and harvest."""

        def fault(kind: Fault, target: object = None) -> Outcome:
            return Outcome(sample.id, None, target, 0.0, False, kind, completion.tokens)

        target = self.answer.read_gold(sample.gold)
        if isinstance(target, Fault):
            return fault(target)
        reply = read(completion.text, mode, completion.finish)
        if reply.fault is not None:
            return fault(reply.fault, target)
        value = self.answer.parse(reply.answer)
        if isinstance(value, Fault):
            return fault(value, target)
        score, correct = self.answer.compare(value, target)
        return Outcome(sample.id, value, target, score, correct, None, completion.tokens)

    def reward(self, outcome: Outcome) -> float | None:
        """Return R = g(m) in [0, 1]; None where our own tools failed."""
        return reward(outcome, self.g)
