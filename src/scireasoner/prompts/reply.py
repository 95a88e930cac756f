"""Modes, and the only file that knows the think tags.

A thinking reply is ``<think>``, the thought, ``</think>``, then the answer. An unclosed block is
no answer: nothing inside a thought is ever read as one.
"""

from __future__ import annotations

from scireasoner.types import Fault, Mode, Reply

THINK_OPEN = "<think>"
THINK_CLOSE = "</think>"
UNREAD = "unread"
"""The ``finish`` of a completion whose question was too long to be asked."""

# What the chat template puts before the model writes. An instant answer begins after an empty
# thought (the convention of Qwen3's template); a thinking one begins inside an open thought.
PREFIX: dict[Mode | None, str] = {
    Mode.INSTANT: f"{THINK_OPEN}\n\n{THINK_CLOSE}\n\n",
    Mode.THINK: f"{THINK_OPEN}\n",
    None: "",
}


def compose(thought: str | None, answer: str) -> str:
    """Return what a model writes after the mode's prefix: the inverse of :func:`read`."""
    if thought is None:
        return answer
    return f"{thought}\n{THINK_CLOSE}\n\n{answer}"


def opened(text: str, mode: Mode | None) -> str:
    """Return a begun reply with its mode's prefix, for whoever does not render the prompt."""
    prefix = PREFIX[mode]
    return text if text.lstrip().startswith(THINK_OPEN) else prefix + text


def closing(text: str, mode: Mode | None) -> str | None:
    """Return what ends the thought that ``text`` is still inside of; None where it is in none.

    After it a model can only answer: how thinking is cut off at a budget.
    """
    inside = mode is Mode.THINK or text.lstrip().startswith(THINK_OPEN)
    if not inside or THINK_CLOSE in text:
        return None
    return f"{THINK_CLOSE}\n\n" if text.endswith("\n") else f"\n{THINK_CLOSE}\n\n"


def read(text: str, mode: Mode | None, finish: str = "stop") -> Reply:
    """Split a completion into thought and answer.

    Parameters
    ----------
    text : what the model wrote after the prompt (the mode's prefix belongs to the prompt, but a
        repeated opening tag is accepted).
    mode : the mode the prompt was rendered in; None if the model chose.
    finish : ``"length"`` if the text was cut at the token limit, ``"unread"`` if the question was
        too long to be asked.

    Returns
    -------
    A reply; its fault is ``OPEN_THOUGHT`` (not closed), ``TRUNCATED`` (closed, or no thought, but
    cut), ``NO_ANSWER`` (nothing after the thought) or ``NO_ROOM`` (not asked). Linear in the length
    of the text.
    """
    if finish == UNREAD:
        return Reply("", None, Fault.NO_ROOM)
    head = text.lstrip()
    opened = mode is Mode.THINK or head.startswith(THINK_OPEN)
    # The last closing tag counts: whatever stands before it was still thought.
    end = text.rfind(THINK_CLOSE)
    if end >= 0:
        thought = _inside(text[:end])
        answer = text[end + len(THINK_CLOSE) :]
    elif opened:
        return Reply("", _inside(text), Fault.OPEN_THOUGHT)
    else:
        thought, answer = None, text
    if THINK_OPEN in answer:
        return Reply("", thought, Fault.OPEN_THOUGHT)
    answer = answer.strip()
    if finish == "length":
        return Reply(answer, thought, Fault.TRUNCATED)
    if not answer:
        return Reply("", thought, Fault.NO_ANSWER)
    return Reply(answer, thought)


def _inside(text: str) -> str:
    head = text.lstrip()
    return (head[len(THINK_OPEN) :] if head.startswith(THINK_OPEN) else text).strip()
