"""One answer out of several draws: what passes checks and most draws agree on, or the middle."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from scireasoner.prompts.reply import compose, read
from scireasoner.tasks.task import Task
from scireasoner.types import Completion, Fault, Mode

NUMBERS = frozenset({"number", "numbers", "property value"})
"""Answer kinds whose values have a middle."""

Passes = Callable[[str], bool]
Middle = Literal["median", "mean"]


@dataclass(frozen=True, slots=True)
class Consensus:
    """The answer that was chosen among several.

    Parameters
    ----------
    completion : as a model would have written it; its tokens are those of all draws.
    draws : how many there were.
    passed : how many could be read and failed no check.
    agreed : how many of these say the same.
    """

    completion: Completion
    draws: int
    passed: int
    agreed: int


@dataclass(frozen=True, slots=True)
class _Draw:
    place: int
    completion: Completion
    thought: str | None
    answer: str
    value: Any

    @property
    def likely(self) -> float:
        """The mean log-probability of its tokens; minus infinity where it is not known."""
        logs = self.completion.logprobs
        return sum(logs) / len(logs) if logs else float("-inf")


def has_middle(task: Task) -> bool:
    """Whether draws are summed up by a middle: numbers, but where right ones alone are counted.

    There the most frequent one is right most often (arXiv 2203.11171), and the middle of two sums
    that went wrong differently is neither.
    """
    return task.answer.kind in NUMBERS and task.headline.name != "accuracy"


def agreed(
    task: Task, mode: Mode | None, completions: Sequence[Completion], passes: Passes
) -> Consensus:
    """Return what most of the draws that pass the checks say.

    Answers count as the same by the value that the answer kind reads, such as a canonical SMILES.
    A tie goes to the draw whose tokens are likelier, then to the earlier one. Of numbers with an
    error the median is taken, and where anything valid is right, the first draw that passes. If
    none passes, those that can be read vote; if none can be read, the first draw stands.

    Parameters
    ----------
    passes : whether an answer's text fails no check; asked once for equal answers.
    """
    readable = _readable(task, mode, completions)
    verdicts: dict[Hashable, bool] = {}
    for draw in readable:
        key = _key(draw.value)
        if key not in verdicts:
            verdicts[key] = passes(draw.answer)
    good = [draw for draw in readable if verdicts[_key(draw.value)]]
    tokens = sum(completion.tokens for completion in completions)
    pool = good or readable
    if not pool:
        return Consensus(replace(completions[0], tokens=tokens), len(completions), 0, 0)
    if has_middle(task):
        chosen, same = _middle(task, mode, pool, "median")
    else:
        chosen, same = _voted(task, pool)
    return Consensus(replace(chosen, tokens=tokens), len(completions), len(good), same)


def middle(
    task: Task, mode: Mode | None, completions: Sequence[Completion], how: Middle
) -> Consensus:
    """Return the median or the mean of the numbers that the draws say.

    The draws are a sample of the model's own distribution: its median has the smallest expected
    absolute error, its mean the smallest squared one. Numbers with names have theirs each.
    """
    readable = _readable(task, mode, completions)
    tokens = sum(completion.tokens for completion in completions)
    if not readable:
        return Consensus(replace(completions[0], tokens=tokens), len(completions), 0, 0)
    chosen, same = _middle(task, mode, readable, how)
    return Consensus(replace(chosen, tokens=tokens), len(completions), len(readable), same)


def _readable(task: Task, mode: Mode | None, completions: Sequence[Completion]) -> list[_Draw]:
    replies = [read(c.text, mode, c.finish) for c in completions]
    # Some kinds read many answers at once far quicker (OPSIN).
    warm = getattr(task.answer, "warm", None)
    if warm is not None:
        warm([reply.answer for reply in replies])
    found = []
    for place, (completion, reply) in enumerate(zip(completions, replies, strict=True)):
        value = reply.fault or task.answer.parse(reply.answer)
        if not isinstance(value, Fault):
            found.append(_Draw(place, completion, reply.thought, reply.answer, value))
    return found


def _key(value: Any) -> Hashable:
    return value if isinstance(value, Hashable) else repr(value)


def _voted(task: Task, pool: Sequence[_Draw]) -> tuple[Completion, int]:
    groups: dict[Hashable, list[_Draw]] = {}
    for draw in pool:
        groups.setdefault(_key(draw.value), []).append(draw)

    def likeliest(group: Sequence[_Draw]) -> _Draw:
        return max(group, key=lambda draw: (draw.likely, -draw.place))

    if task.open_ended:
        first = pool[0]
        return first.completion, len(groups[_key(first.value)])
    best = max(groups.values(), key=lambda g: (len(g), likeliest(g).likely, -g[0].place))
    return likeliest(best).completion, len(best)


def _middle(
    task: Task, mode: Mode | None, pool: Sequence[_Draw], how: Middle
) -> tuple[Completion, int]:
    import numpy as np

    values = np.array([np.atleast_1d(draw.value) for draw in pool], dtype=np.float64)
    found = np.median(values, 0) if how == "median" else values.mean(0)
    answer = task.answer.write(", ".join(f"{number:.10g}" for number in found))
    # The thought that is shown is that of the draw nearest to the middle.
    spread = values.std(0)
    away = np.abs(values - found) / np.where(spread > 0, spread, 1.0)
    nearest = pool[int(away.sum(1).argmin())]
    text = compose(nearest.thought, answer) if mode is not Mode.INSTANT else answer
    same = int((values == found).all(1).sum())
    return Completion(text, nearest.completion.tokens), same
