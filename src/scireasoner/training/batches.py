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
    import torch

IGNORED = -100  # the label that cross-entropy skips (torch's convention)


@dataclass(frozen=True, slots=True)
class Row:
    """Token ids, and how many leading ones carry no loss (the prompt)."""

    tokens: tuple[int, ...]
    prompt_length: int = 0


def plan(lengths: Sequence[int], *, batch_tokens: int, steps: int, seed: int) -> list[list[int]]:
    """Return ``steps`` batches of row indices, each at most ``batch_tokens`` when padded.

    Every epoch is a new permutation; inside it rows of like length share a batch (less padding),
    and the batches come in random order.
    """
    if not lengths:
        return []
    rng = random.Random(seed)
    batches: list[list[int]] = []
    while len(batches) < steps:
        batches += _epoch(lengths, batch_tokens, rng)
    return batches[:steps]


def _epoch(lengths: Sequence[int], batch_tokens: int, rng: random.Random) -> list[list[int]]:
    # Sorting within large chunks of a permutation keeps batches random and padding small.
    order = list(range(len(lengths)))
    rng.shuffle(order)
    batches: list[list[int]] = []
    chunk = 4096
    for start in range(0, len(order), chunk):
        batch: list[int] = []
        for index in sorted(order[start : start + chunk], key=lambda i: lengths[i]):
            # Sorted: the newest row is the longest, so it sets the padded width.
            if batch and lengths[index] * (len(batch) + 1) > batch_tokens:
                batches.append(batch)
                batch = []
            batch.append(index)
        if batch:
            batches.append(batch)
    rng.shuffle(batches)
    return batches


class Planned:
    """A map-style dataset whose items are whole batches, in the planned order."""

    def __init__(self, rows: Sequence[Row], batches: Sequence[Sequence[int]]) -> None:
        self.rows = rows
        self.batches = batches

    def __len__(self) -> int:
        return len(self.batches)

    def __getitem__(self, index: int) -> list[Row]:
        return [self.rows[i] for i in self.batches[index]]


def collate(items: Sequence[Sequence[Row]], pad_id: int) -> dict[str, torch.Tensor]:
    """Return ``input_ids``, ``attention_mask``, ``labels`` of shape (rows, longest row)."""
    import torch

    rows = [row for item in items for row in item]
    width = max(len(row.tokens) for row in rows)
    ids = torch.full((len(rows), width), pad_id, dtype=torch.long)
    mask = torch.zeros((len(rows), width), dtype=torch.long)
    labels = torch.full((len(rows), width), IGNORED, dtype=torch.long)
    for i, row in enumerate(rows):
        tokens = torch.tensor(row.tokens, dtype=torch.long)
        ids[i, : len(tokens)] = tokens
        mask[i, : len(tokens)] = 1
        labels[i, row.prompt_length : len(tokens)] = tokens[row.prompt_length :]
    return {"input_ids": ids, "attention_mask": mask, "labels": labels}


class Blocks:
    """Packed blocks of equal length as batches: (blocks, length) token ids with loss on all."""

    def __init__(self, packed: Any, batches: Sequence[Sequence[int]]) -> None:
        self.packed = packed
        self.batches = batches

    def __len__(self) -> int:
        return len(self.batches)

    def __getitem__(self, index: int) -> list[Row]:
        return [Row(tuple(int(t) for t in self.packed[i])) for i in self.batches[index]]
