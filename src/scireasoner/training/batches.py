"""Rows of tokens, and the order in which a model sees them.

The whole order is planned before training from the seed alone, so a resumed run continues with
the very next batch and two runs of one seed see the same data.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    pass

_CHUNK = 4096
_JITTER = 12  # tokens
IGNORED = -100  # the label that cross-entropy skips (torch's convention)


@dataclass(frozen=True, slots=True)
class Row:
    """Token ids, and how many leading ones carry no loss (the prompt)."""

    tokens: tuple[int, ...]
    prompt_length: int = 0

    @property
    def answer_length(self) -> int:
        """Number of tokens that carry loss."""
        return len(self.tokens) - self.prompt_length


def plan(rows: Sequence[Row], *, batch_tokens: int, steps: int, seed: int) -> list[list[int]]:
    """Return ``steps`` batches of row indices, each at most ``batch_tokens`` when padded.

    Every epoch is a new permutation; inside it rows of like shape share a batch (less padding),
    and the batches come in random order. A row longer than ``batch_tokens`` is a batch of its own.
    """
    if not rows:
        return []
    rng = random.Random(seed)
    batches: list[list[int]] = []
    while len(batches) < steps:
        batches += _epoch(rows, batch_tokens, rng)
    return batches[:steps]


def _epoch(rows: Sequence[Row], batch_tokens: int, rng: random.Random) -> list[list[int]]:
    # Sorting within large chunks of a permutation keeps padding small. The jitter mixes tasks of
    # like length in one batch: batches of a single task made training oscillate (docs/log.md).
    order = list(range(len(rows)))
    rng.shuffle(order)
    batches: list[list[int]] = []
    for start in range(0, len(order), _CHUNK):
        batch: list[int] = []
        width = (0, 0)
        part = order[start : start + _CHUNK]
        keys = {i: _shape(rows[i], rng.uniform(0, _JITTER)) for i in part}
        for index in sorted(part, key=keys.__getitem__):
            row = rows[index]
            wider = (max(width[0], row.prompt_length), max(width[1], row.answer_length))
            if batch and sum(wider) * (len(batch) + 1) > batch_tokens:
                batches.append(batch)
                batch = []
                wider = (row.prompt_length, row.answer_length)
            batch.append(index)
            width = wider
        batches.append(batch)
    rng.shuffle(batches)
    return batches


def _shape(row: Row, jitter: float) -> tuple[int, float]:
    """Return what rows are sorted by: coarse answer length first, since answers are aligned."""
    return row.answer_length // 16, row.prompt_length + jitter


class Planned:
    """A map-style dataset whose items are whole batches, in the planned order."""

    def __init__(self, rows: Sequence[Row], batches: Sequence[Sequence[int]]) -> None:
        self.rows = rows
        self.batches = batches

    def __len__(self) -> int:
        return len(self.batches)

    def __getitem__(self, index: int) -> list[Row]:
        return [self.rows[i] for i in self.batches[index]]


def collate(items: Sequence[Sequence[Row]], pad_id: int) -> dict[str, Any]:
    """Return the tensors of a batch.

    Prompts are padded on the left and answers on the right, so that all answers begin at one
    column: the model then computes logits for ``logits_to_keep`` columns only (the last prompt
    token and the answers), which is what ``labels`` of shape (rows, logits_to_keep) covers.
    ``input_ids`` and ``attention_mask`` have shape (rows, longest prompt + longest answer).
    """
    import torch

    rows = [row for item in items for row in item]
    left = max(row.prompt_length for row in rows)
    right = max(row.answer_length for row in rows)
    kept = right + min(left, 1)
    ids = torch.full((len(rows), left + right), pad_id, dtype=torch.long)
    mask = torch.zeros((len(rows), left + right), dtype=torch.long)
    labels = torch.full((len(rows), left + right), IGNORED, dtype=torch.long)
    for i, row in enumerate(rows):
        tokens = torch.tensor(row.tokens, dtype=torch.long)
        start = left - row.prompt_length
        ids[i, start : start + len(tokens)] = tokens
        mask[i, start : start + len(tokens)] = 1
        labels[i, left : left + row.answer_length] = tokens[row.prompt_length :]
    return {
        "input_ids": ids,
        "attention_mask": mask,
        "labels": labels[:, -kept:],
        "logits_to_keep": kept,
        "use_cache": False,
    }


class Blocks:
    """Packed blocks of equal length as batches: (blocks, length) token ids with loss on all."""

    def __init__(self, packed: Any, batches: Sequence[Sequence[int]]) -> None:
        self.packed = packed
        self.batches = batches

    def __len__(self) -> int:
        return len(self.batches)

    def __getitem__(self, index: int) -> list[Row]:
        return [Row(tuple(int(t) for t in self.packed[i])) for i in self.batches[index]]
