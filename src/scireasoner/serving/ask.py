"""A question in, a checked answer out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from scireasoner.errors import InputError
from scireasoner.models.backend import Backend, Sampling
from scireasoner.prompts.reply import read
from scireasoner.serving.facts import Fact, facts
from scireasoner.serving.understand import Understood, understand
from scireasoner.serving.verifying import passes
from scireasoner.tasks.consensus import Consensus, agreed
from scireasoner.tasks.task import Task
from scireasoner.types import Fault, Message, Mode, Prompt

MODES = ("auto", "instant", "think")
_VOTE = 0.7  # the temperature of the draws that vote
_LIMITS = {Mode.INSTANT: 256, Mode.THINK: 1_024, None: 1_024}


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer and what is known about it.

    Parameters
    ----------
    question : as it was asked.
    task : the name of the task it was recognised as; None if of none.
    mode : the mode it was asked in; None if the model chose.
    thought : what the model wrote before the answer; None if it did not think.
    answer : the answer's text.
    facts : what tools found about the answer.
    fault : why there is no readable answer; None if there is one.
    tokens : generated tokens, thought included; of all draws where there were several.
    drawn, passed, agreed : of a verified answer: how many answers were drawn, how many of them
        could be read and failed no check, and how many of these say the same as this one.
    """

    question: str
    task: str | None
    mode: Mode | None
    thought: str | None
    answer: str
    facts: tuple[Fact, ...]
    fault: Fault | None
    tokens: int
    drawn: int = 1
    passed: int = 0
    agreed: int = 0

    @property
    def verified(self) -> bool:
        """Whether tools found something, and nothing that speaks against the answer."""
        return self.fault is None and bool(self.facts) and all(fact.holds for fact in self.facts)


def ask(
    question: str,
    *,
    backend: Backend,
    mode: str = "auto",
    modes_table: Mapping[str, Mode] | None = None,
    seed: int = 0,
    max_thinking: int = 0,
    verify: int = 0,
) -> Answered:
    """Ask a model one question.

    A question worded as a registered task is asked in that task's own form, in the mode that
    the table of measured modes gives for it, and its answer is checked; any other question is
    asked as it stands.

    Parameters
    ----------
    question : plain text; entities bare or in their tags.
    backend : the model, e.g. ``open_backend("hf:path")``.
    mode : ``"auto"``, ``"instant"`` or ``"think"``; ``auto`` reads the table.
    modes_table : task name -> mode, as the mode decision wrote it; without one the model chooses.
    seed : fixes sampling.
    max_thinking : tokens of a thought at most; it is closed there and the model answers. 0: none.
    verify : draw so many answers, drop those that fail a check, and give what most of the rest
        say; the likeliest text is one of them. 0 or 1: the likeliest text alone. A question of no
        known task has no checks and is asked once.

    Raises
    ------
    InputError : if the question holds an entity that is not valid, or the mode is unknown.
    """
    understood = understand(question)
    chosen = choose_mode(understood, mode, modes_table)
    prompt = Prompt(_task_name(understood) or "", "question", _messages(understood), chosen)
    task = understood.task
    sampling = Sampling(
        temperature=0.0 if task is None else task.temperature,
        max_tokens=_limit(task, chosen, max_thinking),
        seed=seed,
        max_thinking=max_thinking,
    )
    found = _asked(understood, prompt, sampling, backend, verify)
    completion = found.completion
    reply = read(completion.text, chosen, completion.finish)
    return Answered(
        question=question,
        task=_task_name(understood),
        mode=chosen,
        thought=reply.thought or None,
        answer=reply.answer,
        facts=() if reply.fault else facts(understood, reply.answer),
        fault=reply.fault or _unreadable(understood, reply.answer),
        tokens=completion.tokens,
        drawn=found.draws,
        passed=found.passed,
        agreed=found.agreed,
    )


def _asked(
    understood: Understood, prompt: Prompt, sampling: Sampling, backend: Backend, verify: int
) -> Consensus:
    """Return the likeliest text, or what most of several draws that pass the checks say."""
    completion = backend.generate([prompt], sampling)[0][0]
    task = understood.task
    if task is None or verify < 2:
        return Consensus(completion, 1, 0, 0)
    more = replace(sampling, temperature=task.temperature or _VOTE, logprobs=True)
    draws = [completion, *backend.generate([prompt], more, verify - 1)[0]]
    return agreed(task, prompt.mode, draws, partial(passes, task, understood.inputs))


def _limit(task: Task | None, mode: Mode | None, max_thinking: int) -> int:
    """Return how many tokens may be written: a budget leaves those of an instant answer."""
    limits = _LIMITS if task is None else {m: task.limit(m) for m in (*Mode, None)}
    if max_thinking and mode is not Mode.INSTANT:
        return max_thinking + limits[Mode.INSTANT]
    return limits[mode]


def choose_mode(understood: Understood, mode: str, table: Mapping[str, Mode] | None) -> Mode | None:
    """Return the mode to ask in; None leaves the choice to the model."""
    if mode not in MODES:
        raise InputError(f"the mode {mode!r} is unknown: choose one of {', '.join(MODES)}")
    if mode != "auto":
        return Mode(mode)
    if table is None:
        return None
    # Without evidence for thinking, a model that was measured answers at once.
    return table.get(_task_name(understood) or "", Mode.INSTANT)


def _messages(understood: Understood) -> tuple[Message, ...]:
    task = understood.task
    text = understood.question.strip() if task is None else task.question(understood.inputs)
    return (Message("user", text),)


def _task_name(understood: Understood) -> str | None:
    return None if understood.task is None else understood.task.name


def _unreadable(understood: Understood, answer: str) -> Fault | None:
    if understood.task is None:
        return None
    value = understood.task.answer.parse(answer)
    return value if isinstance(value, Fault) else None
