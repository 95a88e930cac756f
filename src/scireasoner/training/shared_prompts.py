"""Prompts that rollouts share are read once, in generation and in the loss.

The rollouts of a group begin with the same prompt. Its keys and values are computed once and used
by every rollout; gradients flow back through them and add up there (arXiv 2506.05433 does the same
with one attention call). Nothing is approximated: where answers are short beside their prompts,
as with molecules and sequences, most of the work falls away.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor


def generate(model: Any, prompts: Sequence[Sequence[int]], size: int, config: Any) -> Tensor:
    """Return ``size`` sampled continuations of each prompt, of shape (prompts * size, tokens).

    Parameters
    ----------
    prompts : token ids, each of two tokens at least.
    config : a ``GenerationConfig``; continuations are padded as it says.
    """
    width = max(map(len, prompts))
    ids = torch.full((len(prompts), width), config.pad_token_id, dtype=torch.long)
    mask = torch.zeros_like(ids)
    for place, prompt in enumerate(prompts):
        ids[place, width - len(prompt) :] = torch.tensor(prompt)
        mask[place, width - len(prompt) :] = 1
    ids, mask = ids.to(model.device), mask.to(model.device)
    with torch.no_grad():
        # The last token stays for ``generate``, which needs one to begin with.
        cache = _read(model, ids[:, :-1], mask[:, :-1]).past_key_values
        cache.batch_repeat_interleave(size)
        written: Tensor = model.generate(
            input_ids=ids.repeat_interleave(size, 0),
            attention_mask=mask.repeat_interleave(size, 0),
            past_key_values=cache,
            generation_config=config,
        )
    return written[:, width:]


def log_probabilities(
    model: Any, ids: Tensor, mask: Tensor, kept: int, temperature: float
) -> tuple[Tensor, Tensor]:
    """Return log-probabilities and entropies of the last ``kept`` tokens, of shape (rows, kept).

    Entries of masked tokens are 0.

    Parameters
    ----------
    model : with TRL's fused head, which divides logits by ``temperature`` itself.
    ids, mask : prompts padded on the left and answers padded on the right, (rows, tokens).
    """
    split = ids.size(1) - kept
    left = int(mask[:, :split].any(0).int().argmax())
    alive = mask[:, split:].any(0)
    right = max(1, int(alive.nonzero().max()) + 1 if alive.any() else 1)
    prompts, seen = ids[:, left:split], mask[:, left:split]
    answers, lives = ids[:, split : split + right], mask[:, split : split + right]
    _, place = torch.unique(torch.cat([prompts * seen, seen], dim=1), dim=0, return_inverse=True)
    one_of = torch.zeros(int(place.max()) + 1, dtype=torch.long, device=ids.device)
    one_of[place] = torch.arange(len(ids), device=ids.device)  # any of the alike rows
    read = _read(model, prompts[one_of], seen[one_of])
    first, spread = _scored(read.logits[:, -1][place] / temperature, answers[:, 0])
    logps, entropies = [first[:, None]], [spread[:, None]]
    if right > 1:
        read.past_key_values.batch_select_indices(place)
        positions = seen.sum(1, keepdim=True) + torch.arange(right - 1, device=ids.device)
        rest = model(
            input_ids=answers[:, :-1],
            attention_mask=torch.cat([seen, lives[:, :-1]], dim=1),
            position_ids=positions,
            past_key_values=read.past_key_values,
            shift_labels=answers[:, 1:].masked_fill(lives[:, 1:] == 0, -100),
            fused_lm_head=True,
        )
        logps.append(rest.log_probs)
        entropies.append(rest.entropy)
    short = (0, kept - right)
    whole = (torch.nn.functional.pad(torch.cat(part, dim=1), short) for part in (logps, entropies))
    alive_mask = mask[:, split:].bool()
    logp, entropy = (torch.where(alive_mask, part, 0.0) for part in whole)
    return logp, entropy


def _read(model: Any, ids: Tensor, mask: Tensor) -> Any:
    positions = (mask.cumsum(-1) - 1).clamp(min=0)
    return model(
        input_ids=ids,
        attention_mask=mask,
        position_ids=positions,
        use_cache=True,
        logits_to_keep=1,
    )


def _scored(logits: Tensor, tokens: Tensor) -> tuple[Tensor, Tensor]:
    """Return the log-probability of a token and the entropy in each row of logits."""
    logits = logits.float() if logits.element_size() < 4 else logits
    logp = torch.log_softmax(logits, dim=-1)
    entropy = -(logp.exp() * logp).sum(-1)
    # As TRL's fused head: float32, whatever the model is.
    return logp.gather(-1, tokens[:, None])[:, 0].float(), entropy.float()
