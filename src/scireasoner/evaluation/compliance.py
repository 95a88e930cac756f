"""Whether replies followed the mode they were asked in, and how long they thought."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from scireasoner.prompts.reply import UNREAD, read
from scireasoner.types import Completion, Fault, Mode, Reply

OPEN = "thought not closed"
EMPTY = "empty thought"
UNASKED = "thought unasked"
MISSING = "no answer after the thought"


@dataclass(frozen=True)
class Compliance:
    """How a task's replies kept to the mode they were asked in.

    Parameters
    ----------
    mode : what was asked; None if the model chose.
    n : replies.
    followed : share in [0, 1] that did as asked: a thought, closed, and an answer after it; or
        an answer with no thought. None where the model chose: nothing was asked.
    thought : share in [0, 1] with a thought that is not empty.
    mean, p95 : tokens of the thoughts that are not empty: the mean, and what 95 % do not exceed;
        None if there is none. An unclosed one counts as far as it was written.
    faults : what went wrong, by name, in how many replies.
    """

    mode: Mode | None
    n: int
    followed: float | None
    thought: float
    mean: float | None
    p95: float | None
    faults: Mapping[str, int] = field(default_factory=dict)


def compliance(completions: Sequence[Completion], mode: Mode | None) -> Compliance:
    """Return how replies that were asked for in a mode kept to it; one not made does not count."""
    asked = [completion for completion in completions if completion.finish != UNREAD]
    n = len(asked)
    faults: Counter[str] = Counter()
    lengths = []
    for completion in asked:
        reply = read(completion.text, mode, completion.finish)
        if reply.thought:
            lengths.append(_length(completion, reply))
        fault = _fault(reply, mode)
        if fault is not None:
            faults[fault] += 1
    return Compliance(
        mode=mode,
        n=n,
        followed=None if mode is None or not n else 1 - sum(faults.values()) / n,
        thought=len(lengths) / n if n else 0.0,
        mean=sum(lengths) / len(lengths) if lengths else None,
        p95=_quantile(lengths, 0.95),
        faults=dict(faults.most_common()),
    )


def _fault(reply: Reply, mode: Mode | None) -> str | None:
    """Return what a reply did against its mode; how it answered is no matter of the mode."""
    if reply.fault is Fault.OPEN_THOUGHT:
        return OPEN
    if mode is Mode.INSTANT:
        return UNASKED if reply.thought else None
    if mode is Mode.THINK and not reply.thought:
        return EMPTY
    if reply.thought is not None and reply.fault is Fault.NO_ANSWER:
        return MISSING
    return None


def _length(completion: Completion, reply: Reply) -> float:
    """Return the tokens of a thought; by its share of the text where the backend did not count."""
    if completion.thinking is not None:
        return completion.thinking
    if reply.fault is Fault.OPEN_THOUGHT:
        return completion.tokens
    written = len(reply.thought or "") + len(reply.answer)
    return completion.tokens * len(reply.thought or "") / max(1, written)


def _quantile(values: Sequence[float], share: float) -> float | None:
    """Return the smallest value that the share of the values does not exceed."""
    if not values:
        return None
    place = -(-len(values) * round(100 * share) // 100) - 1
    return sorted(values)[place]
