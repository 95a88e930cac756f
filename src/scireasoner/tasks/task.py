"""A task: how it is asked, read, judged and rewarded. Everything follows from its answer kind."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from string import Formatter
from typing import Protocol

from scireasoner.answers.base import Answer
from scireasoner.errors import TaskError, nearest
from scireasoner.metrics import ACCURACY, Metric
from scireasoner.notation.tags import NOTATIONS
from scireasoner.prompts.reply import compose, read
from scireasoner.published.base import Item
from scireasoner.rewards.compose import GATE, Composition
from scireasoner.rewards.soften import DEFAULTS, Soften, reward
from scireasoner.tasks.calibration import calibrated
from scireasoner.tasks.release import Release
from scireasoner.tasks.rewarding import Rewarded, least_correct, rewarded
from scireasoner.tasks.rows import Example, Place
from scireasoner.tasks.symmetry import Symmetry
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
QUESTION = "question"
"""The input of a row that brings its whole question along, as the rows of the public hub do."""

_OPEN_ENDED = frozenset({
    "novel molecule", "novel protein", "novel rna", "novel material", "modulus material",
})  # fmt: skip


class Source(Protocol):
    """Where a task's rows come from."""

    def load(self, task: str, split: Split) -> Sequence[Sample]:
        """Return the rows of a split in a fixed order; DataError if they cannot be had."""
        ...

    def places(self, task: str) -> Sequence[Place]:
        """Return where the rows may come from, the first that is present counting."""
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
    soften : the reward map g; None takes the calibrated one, else that of the reward group.
    composition : how the terms of a reward are joined.
    worked : makes a worked solution (the thought of a right answer) by scientific tools.
    temperature : decoding temperature of an evaluation; above 0 only where variety is the task.
    max_tokens : generation limits for instant and thinking answers.
    examples : rows that show the format, for documentation and tests; no data to learn from.
    release : what the paper's released evaluation says of the task, None if it is ours.
    symmetries : what its answer does not depend on, so that a row may be asked in other words.
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
    composition: Composition = GATE
    worked: Callable[[Sample], str | None] | None = None
    modes: tuple[Mode, ...] = BOTH
    temperature: float = 0.0
    max_tokens: tuple[int, int] = (64, 320)
    version: int = 1
    examples: tuple[Example, ...] = ()
    release: Release | None = None
    symmetries: frozenset[Symmetry] = frozenset()

    def __post_init__(self) -> None:
        """Check what the prompt asks about, and that form alone cannot outdo a correct answer."""
        for name, kind in self.inputs.items():
            if kind not in NOTATIONS:
                raise TaskError(
                    f"task {self.name!r}: the input {name!r} has the notation {kind!r}"
                    f"{nearest(kind, NOTATIONS)}; known: {', '.join(NOTATIONS)}"
                )
        asked = {name for _, name, _, _ in Formatter().parse(self.prompt) if name is not None}
        for name in sorted(asked ^ set(self.inputs)):
            where = "prompt but not in its inputs" if name in asked else "inputs but not its prompt"
            raise TaskError(f"task {self.name!r} has {{{name}}} in its {where}: name it in both")
        if self.composition is not GATE:
            self.composition.check_against(self.g(least_correct(self.answer)))

    @property
    def g(self) -> Soften:
        """The reward map in force."""
        found = self.soften or calibrated(self.name, self.answer.kind, self.version)
        return found or DEFAULTS[self.answer.group]

    @property
    def open_ended(self) -> bool:
        """Whether anything valid is right, so that equal answers of a group share one reward."""
        return self.answer.kind in _OPEN_ENDED

    def alike(self, outcome: Outcome) -> Hashable | None:
        """Return what alike answers of a group have in common, where many answers are right.

        Those that have it in common share one reward. None where one answer is right, or for a
        fault.
        """
        if outcome.fault is not None:
            return None
        if self.open_ended:
            value: Hashable = outcome.value
            return value
        common: Callable[[object], Hashable] | None = getattr(self.answer, "alike", None)
        return None if common is None else common(outcome.value)

    @property
    def headline(self) -> Metric:
        """The metric reported first by models that give no probabilities."""
        plain = [metric.substitute or metric for metric in self.metrics]
        return next((m for m in plain if m.lacking is None or m.lacking() is None), plain[0])

    def limit(self, mode: Mode | None) -> int:
        """Return the generation limit in tokens for a mode."""
        return self.max_tokens[0] if mode is Mode.INSTANT else self.max_tokens[1]

    def samples(self, split: Split, limit: int | None = None) -> Sequence[Sample]:
        """Return the rows of a split; ``limit`` takes the first ones of the fixed order."""
        rows = self.data.load(self.name, split)
        return rows if limit is None else rows[:limit]

    def available(self, split: Split) -> bool:
        """Return whether rows of a split can be had on this machine."""
        return any(p.present and split in p.splits for p in self.data.places(self.name))

    def shown(self) -> tuple[Sample, ...]:
        """Return the examples as rows."""
        return tuple(
            Sample(f"{self.name}-example-{n}", e.inputs, e.gold, e.reference, e.meta)
            for n, e in enumerate(self.examples, start=1)
        )

    @property
    def prompt_hash(self) -> str:
        """A short hash of the wording: another wording is another measurement."""
        text = repr([self.version, self.prompt, sorted(self.inputs.items()), self.answer.asks()])
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    def options(self) -> tuple[str, str] | None:
        """The two answers to a question of two classes, the positive one first; else None."""
        pair = getattr(self.answer, "options", None)
        return None if pair is None else (self.answer.write(pair[0]), self.answer.write(pair[1]))

    @property
    def classes(self) -> tuple[str, ...] | None:
        """Every answer that there can be, where they are a few given labels; else None.

        As a model would write them, in the order of the declaration (positive before negative).
        """
        raw: tuple[str, ...] | None = getattr(self.answer, "classes", None)
        return None if raw is None else tuple(self.answer.write(label) for label in raw)

    def question(self, inputs: Mapping[str, str]) -> str:
        """Return the question text: every input wrapped, then how to answer.

        A row that brings its whole question along is asked in exactly those words.
        """
        if QUESTION in inputs and QUESTION not in self.inputs:
            return inputs[QUESTION]
        missing = [name for name in self.inputs if name not in inputs]
        if missing:
            raise TaskError(f"task {self.name!r} needs the input {missing[0]!r}; give it a value")
        wrapped = {name: NOTATIONS[kind].wrap(inputs[name]) for name, kind in self.inputs.items()}
        return f"{self.prompt.format(**wrapped)} {self.answer.asks()}"

    def render(self, sample: Sample, mode: Mode | None, shots: Sequence[Sample] = ()) -> Prompt:
        """Return the prompt of a sample in a mode, after answered examples (few-shot).

        Raises
        ------
        TaskError : if an example has no known answer.
        """
        messages: list[Message] = []
        for shot in shots:
            if shot.example is None:
                raise TaskError(
                    f"row {shot.id!r} of task {self.name!r} has no known answer and cannot be an "
                    "example: ask without examples"
                )
            answered = self.answer.write(shot.example)
            messages += [
                Message("user", self.question(shot.inputs)),
                Message("assistant", answered),
            ]
        messages.append(Message("user", self.question(sample.inputs)))
        return Prompt(self.name, sample.id, tuple(messages), mode)

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

    def judge(
        self, sample: Sample, completion: Completion, mode: Mode | None, draw: int = 0
    ) -> Outcome:
        """Read and judge a completion: the one judge of evaluation, rewards and harvest.

        ``draw`` counts the answers to one prompt, 0 the first.
        """
        outcome = self._judged(sample, completion, mode)
        if draw or completion.probability is not None:
            return replace(outcome, draw=draw, probability=completion.probability)
        return outcome

    def _judged(self, sample: Sample, completion: Completion, mode: Mode | None) -> Outcome:
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

    def published_item(self, sample: Sample, texts: Sequence[str]) -> Item:
        """Return a row and its raw completions as the released evaluator wants them."""
        gold = sample.meta.get("output")
        if gold is None:
            write = self.release.output if self.release and self.release.output else None
            gold = write(sample) if write else (sample.example or "")
        # A row that came with its gold alone has no question to show.
        asked = QUESTION in sample.inputs or all(name in sample.inputs for name in self.inputs)
        return Item(
            tuple(texts),
            gold,
            self.question(sample.inputs) if asked else "",
            sample.meta.get("label"),
            sample.meta.get("subtask", ""),
        )

    def rewarded(
        self, sample: Sample, completion: Completion, mode: Mode | None, draw: int = 0
    ) -> Rewarded:
        """Judge a completion and compose its reward: terms, findings and reason beside it."""
        return rewarded(self, sample, completion, mode, draw)

    def reward(self, outcome: Outcome) -> float | None:
        """Return R = g(m) in [0, 1], without other terms; None where our own tools failed."""
        return reward(outcome, self.g)
