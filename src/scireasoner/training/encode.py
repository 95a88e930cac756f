"""From dialogues to rows of tokens with the loss on the answer alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from scireasoner.corpus.piece_encoder import PieceEncoder
from scireasoner.prompts import TURN_END, render
from scireasoner.training.token_rows import TokenRows, gather
from scireasoner.types import Prompt

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_PART = 4096  # dialogues rendered at once


def encode_dialogues(
    tokenizer: PreTrainedTokenizerBase,
    dialogues: Iterable[tuple[Prompt, str]],
    max_length: int,
) -> TokenRows:
    """Return a row for each (prompt, what the model should write); equal ones are encoded once.

    The prompt, with the mode's prefix (an empty or an opened thought), carries no loss; the
    answer and the end of the turn do. Rows longer than ``max_length`` tokens are cut on the
    right, as in the paper; one of whose answer nothing is left is left out.
    """
    distinct: dict[tuple[Prompt, str], int] = {}
    order = [distinct.setdefault(pair, len(distinct)) for pair in dialogues]
    return gather(_rows(tokenizer, list(distinct), max_length), order, len(tokenizer))


def _rows(
    tokenizer: PreTrainedTokenizerBase, pairs: Sequence[tuple[Prompt, str]], max_length: int
) -> Iterator[tuple[list[int], int]]:
    encoder = PieceEncoder(tokenizer.backend_tokenizer)
    for start in range(0, len(pairs), _PART):
        part = pairs[start : start + _PART]
        prompts = encoder.encode([render(p, tokenizer.chat_template) for p, _ in part])
        answers = encoder.encode([answer + TURN_END for _, answer in part])
        for prompt, answer in zip(prompts, answers, strict=True):
            yield (prompt + answer)[:max_length], min(len(prompt), max_length)
