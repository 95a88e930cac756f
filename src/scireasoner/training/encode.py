"""From dialogues to rows of tokens with the loss on the answer alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scireasoner.prompts import TURN_END, render
from scireasoner.training.batches import Row
from scireasoner.types import Prompt

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


def encode_dialogues(
    tokenizer: PreTrainedTokenizerBase,
    dialogues: Sequence[tuple[Prompt, str]],
    max_length: int,
) -> list[Row]:
    """Return a row for each (prompt, what the model should write).

    The prompt, with the mode's prefix (an empty or an opened thought), carries no loss; the
    answer and the end of the turn do. Rows longer than ``max_length`` tokens are cut on the
    right, as in the paper.
    """
    prompts = [render(prompt, tokenizer.chat_template) for prompt, _ in dialogues]
    answers = [answer + TURN_END for _, answer in dialogues]
    prompt_ids = _encode(tokenizer, prompts)
    answer_ids = _encode(tokenizer, answers)
    return [
        Row(tuple((p + a)[:max_length]), min(len(p), max_length))
        for p, a in zip(prompt_ids, answer_ids, strict=True)
    ]


def _encode(tokenizer: PreTrainedTokenizerBase, texts: Sequence[str]) -> list[list[int]]:
    if not texts:
        return []
    ids: list[list[int]] = tokenizer(list(texts), add_special_tokens=False)["input_ids"]
    return ids
