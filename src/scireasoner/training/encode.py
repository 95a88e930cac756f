"""From dialogues to rows of tokens with the loss on the answer alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import groupby
from typing import TYPE_CHECKING

from scireasoner.cores import spread
from scireasoner.corpus.piece_encoder import PieceEncoder
from scireasoner.progress import bar
from scireasoner.prompts import TURN_END, render
from scireasoner.training.mixture import Part
from scireasoner.training.token_rows import TokenRows, gather, joined, merged
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
    encoder = PieceEncoder(tokenizer.backend_tokenizer)
    return _encoded(tokenizer, encoder, dialogues, max_length)[0]


def encode_parts(
    tokenizer: PreTrainedTokenizerBase, parts: Sequence[Part], max_length: int, label: str
) -> TokenRows:
    """Return the rows of all parts in their order, encoded on all cores, with a bar.

    They are those of ``encode_dialogues``: pairs of two tasks are never equal.
    """
    encoder = PieceEncoder(tokenizer.backend_tokenizer)
    several = Counter(part.task for part in parts)

    def encoded(part: Part) -> tuple[TokenRows, list[bytes]]:
        rows, pairs = _encoded(tokenizer, encoder, part.pairs(), max_length)
        return rows, list(map(_digest, pairs)) if several[part.task] > 1 else []

    with bar(label, sum(part.rows for part in parts), "rows") as tick:
        made = spread(
            encoded,
            parts,
            cost=lambda part: part.rows * part.weight,
            done=lambda part: tick(part.rows),
        )
        tasks = groupby(zip(parts, made, strict=True), key=lambda pair: pair[0].task)
        return joined([merged([found for _, found in group]) for _, group in tasks])


def _encoded(
    tokenizer: PreTrainedTokenizerBase,
    encoder: PieceEncoder,
    dialogues: Iterable[tuple[Prompt, str]],
    max_length: int,
) -> tuple[TokenRows, Iterable[tuple[Prompt, str]]]:
    """Return the rows, and the distinct pairs in the order of theirs."""
    distinct: dict[tuple[Prompt, str], int] = {}
    order = [distinct.setdefault(pair, len(distinct)) for pair in dialogues]
    rows = _rows(tokenizer, encoder, list(distinct), max_length)
    return gather(rows, order, len(tokenizer)), distinct


def _digest(pair: tuple[Prompt, str]) -> bytes:
    return blake2b(repr(pair).encode(), digest_size=16).digest()


def _rows(
    tokenizer: PreTrainedTokenizerBase,
    encoder: PieceEncoder,
    pairs: Sequence[tuple[Prompt, str]],
    max_length: int,
) -> Iterator[tuple[list[int], int]]:
    for start in range(0, len(pairs), _PART):
        part = pairs[start : start + _PART]
        prompts = encoder.encode([render(p, tokenizer.chat_template) for p, _ in part])
        answers = encoder.encode([answer + TURN_END for _, answer in part])
        for prompt, answer in zip(prompts, answers, strict=True):
            yield (prompt + answer)[:max_length], min(len(prompt), max_length)
