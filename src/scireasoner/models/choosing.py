"""How likely a causal model holds each of some given answers to be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scireasoner.errors import InputError


def chances(
    model: Any,
    tokenizer: Any,
    prompts: Sequence[str],
    options: Sequence[str],
    batch_tokens: int,
) -> list[tuple[float, ...]]:
    """Return the probability of each option after each prompt, normalised over the options.

    The log-probability of an option is the sum over its tokens, the end of the turn not counted;
    options of one form (one tag, one word) can be compared so.

    Parameters
    ----------
    model, tokenizer : as ``transformers`` loads them.
    prompts : rendered texts after which the model writes.
    options : at least two answers as a model would write them.
    batch_tokens : padded tokens in one forward pass at most.

    Raises
    ------
    InputError : if there are fewer than two options.
    """
    if len(options) < 2:
        raise InputError(f"{len(options)} options came; at least two are needed to compare")
    encoded = tokenizer(list(prompts), add_special_tokens=False)["input_ids"]
    tails = tokenizer(list(options), add_special_tokens=False)["input_ids"]
    rows = [(p, o) for p in range(len(prompts)) for o in range(len(options))]
    rows.sort(key=lambda row: -len(encoded[row[0]]))
    totals: dict[tuple[int, int], float] = {}
    while rows:
        width = len(encoded[rows[0][0]]) + max(map(len, tails))
        size = max(1, batch_tokens // width)
        batch, rows = rows[:size], rows[size:]
        pairs = [(encoded[p], tails[o]) for p, o in batch]
        totals.update(zip(batch, _log_probabilities(model, pairs), strict=True))
    return [_shares([totals[p, o] for o in range(len(options))]) for p in range(len(prompts))]


def _log_probabilities(model: Any, pairs: Sequence[tuple[list[int], list[int]]]) -> list[float]:
    """Return the summed log-probability of each tail after its head; one forward pass."""
    import torch

    width = max(len(head) + len(tail) for head, tail in pairs)
    ids = torch.zeros((len(pairs), width), dtype=torch.long)
    mask = torch.zeros_like(ids)
    for place, (head, tail) in enumerate(pairs):
        row = [*head, *tail]
        ids[place, width - len(row) :] = torch.tensor(row)
        mask[place, width - len(row) :] = 1
    longest = max(len(tail) for _, tail in pairs)
    with torch.inference_mode():
        logits = model(
            input_ids=ids.to(model.device),
            attention_mask=mask.to(model.device),
            logits_to_keep=longest + 1,
        ).logits
        spread = logits[:, :-1].float().log_softmax(-1).cpu()
    found = []
    for place, (_, tail) in enumerate(pairs):
        chosen = torch.tensor(tail)
        steps = spread[place, longest - len(tail) :]
        found.append(float(steps.gather(1, chosen[:, None]).sum()))
    return found


def _shares(logs: Sequence[float]) -> tuple[float, ...]:
    import math

    top = max(logs)
    weights = [math.exp(value - top) for value in logs]
    return tuple(weight / sum(weights) for weight in weights)
