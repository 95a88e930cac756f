"""A budget for thoughts: cut at so many tokens, closed by force, then the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from scireasoner.errors import BackendError, InputError
from scireasoner.models.backend import Sampling
from scireasoner.prompts.reply import THINK_CLOSE, closing, read
from scireasoner.types import Completion, Fault, Message, Prompt

Generate = Callable[[Sequence[Prompt], Sampling, int], list[list[Completion]]]


def bounded(prompts: Sequence[Prompt], sampling: Sampling) -> bool:
    """Return whether a thought of any prompt has a budget: :func:`within_budget` then applies."""
    return any(sampling.bounds(prompt.mode) for prompt in prompts)


def within_budget(
    generate: Generate, prompts: Sequence[Prompt], sampling: Sampling, n: int = 1
) -> list[list[Completion]]:
    """Return ``n`` completions for each prompt, no thought longer than ``max_thinking`` tokens.

    Two calls of ``generate``: the first writes up to the budget. What is still inside a thought
    then gets its end, and everything that was cut goes on up to ``max_tokens`` in all. A prompt
    whose last message is the assistant's is a begun answer; a backend continues it.
    ``tokens`` counts what the model generated in both calls, not the end that was put.

    Parameters
    ----------
    generate : of a backend, called with no budget.

    Raises
    ------
    InputError : if beams are asked for: they would be cut at different places.
    BackendError : if the backend cannot continue a begun answer.
    """
    if sampling.beams:
        raise InputError(
            f"{sampling.beams} beams and a budget of {sampling.max_thinking} tokens for thoughts "
            "were asked for: use one or the other"
        )
    free = replace(sampling, max_thinking=0)
    made: list[list[Completion]] = [[] for _ in prompts]
    for bounds in (True, False):
        places = [i for i, prompt in enumerate(prompts) if sampling.bounds(prompt.mode) is bounds]
        first = replace(free, max_tokens=sampling.max_thinking) if bounds else free
        if places:
            groups = generate([prompts[i] for i in places], first, n)
            made = _placed(made, places, groups)
    work = [
        (i, draw)
        for i, group in enumerate(made)
        for draw, completion in enumerate(group)
        if sampling.bounds(prompts[i].mode) and completion.finish == "length"
    ]
    if not work:
        return made
    begun = [_begun(prompts[i], made[i][draw]) for i, draw in work]
    rest = replace(free, max_tokens=sampling.max_tokens - sampling.max_thinking)
    try:
        ends = generate([prompt for prompt, _ in begun], rest, 1)
    except BackendError as error:
        raise BackendError(
            f"{error}; a budget for thoughts needs a model that continues a begun answer: an "
            "endpoint of vLLM or SGLang, or the checkpoint itself with hf: or vllm:"
        ) from error
    for (i, draw), (_, forced), (end,) in zip(work, begun, ends, strict=True):
        made[i][draw] = _joined(made[i][draw], forced, end)
    return made


def _placed(
    made: list[list[Completion]], places: Sequence[int], groups: Sequence[Sequence[Completion]]
) -> list[list[Completion]]:
    found = dict(zip(places, groups, strict=True))
    return [list(found.get(i, group)) for i, group in enumerate(made)]


def _begun(prompt: Prompt, completion: Completion) -> tuple[Prompt, str | None]:
    """Return the prompt with what was written so far, and the end that was put to its thought."""
    forced = closing(completion.text, prompt.mode)
    written = Message("assistant", completion.text + (forced or ""))
    return replace(prompt, messages=(*prompt.messages, written)), forced


def _joined(first: Completion, forced: str | None, end: Completion) -> Completion:
    text = end.text
    if forced is not None:
        # A server that sets thoughts apart takes what follows for one: but it was closed.
        reply = read(text, None)
        if reply.fault is Fault.OPEN_THOUGHT and reply.thought is not None:
            text = reply.thought
    thinking = first.thinking if forced is None else first.tokens
    if thinking is None and end.thinking is not None:
        thinking = first.tokens + end.thinking
    return Completion(
        first.text + (forced or "") + text,
        first.tokens + end.tokens,
        end.finish,
        thinking=thinking,
    )


def thinking_tokens(tokenizer: Any, ids: Sequence[int]) -> int | None:
    """Return how many of the tokens there are up to and with the end of the thought.

    None where no thought was closed, or the tokenizer has no token of its own for the end.
    """
    close = tokenizer(THINK_CLOSE, add_special_tokens=False)["input_ids"]
    if len(close) != 1 or close[0] not in ids:
        return None
    return len(ids) - list(ids)[::-1].index(close[0])
