"""Rows of tokens, and the order in which a model sees them.

The whole order is planned before training from the seed alone, so a resumed run continues with
the very next batch and two runs of one seed see the same data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np

_CHUNK = 4096  # rows sorted together, at least
_BATCHES = 64  # and enough for so many batches
_JITTER = 12  # tokens
IGNORED = -100  # the label that cross-entropy skips (torch's convention)


@dataclass(frozen=True, slots=True)
class Row:
    """Token ids, and how many leading ones carry no loss (the prompt)."""

    tokens: Sequence[int] | np.ndarray[Any, Any]
    prompt_length: int = 0

    @property
    def answer_length(self) -> int:
        """Number of tokens that carry loss."""
        return len(self.tokens) - self.prompt_length


class Rows(Protocol):
    """Rows whose lengths are known without reading them."""

    def __len__(self) -> int: ...

    def __getitem__(self, place: int, /) -> Row:
        """Return one row."""

    @property
    def lengths(self) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Tokens of the prompt and of the answer at each place."""


def plan(rows: Rows, *, batch_tokens: int, steps: int, seed: int) -> list[list[int]]:
    """Return ``steps`` batches of row indices, each at most ``batch_tokens`` when padded.

    Every epoch is a new permutation; inside it rows of like shape share a batch (less padding),
    and the batches come in random order. A row longer than ``batch_tokens`` is a batch of its own.
    """
    import numpy as np

    if not len(rows):
        return []
    rng = np.random.default_rng(seed)
    prompts, answers = rows.lengths
    batches: list[list[int]] = []
    while len(batches) < steps:
        batches += _epoch(prompts, answers, batch_tokens, rng)
    return batches[:steps]


def _epoch(
    prompts: np.ndarray[Any, Any], answers: np.ndarray[Any, Any], batch_tokens: int, rng: Any
) -> list[list[int]]:
    # Sorting within large chunks of a permutation keeps padding small. The jitter mixes tasks of
    # like length in one batch: batches of a single task made training oscillate (docs/log.md).
    import numpy as np

    order = rng.permutation(len(prompts))
    mean = float((prompts + answers).mean())
    chunk = max(_CHUNK, round(_BATCHES * batch_tokens / mean))
    batches: list[list[int]] = []
    for start in range(0, len(order), chunk):
        part = order[start : start + chunk]
        before, after = prompts[part], answers[part]
        # Coarse answer length first, since answers are aligned.
        jittered = before + rng.uniform(0, _JITTER, len(part))
        sort = np.lexsort((jittered, after // 16))
        batches += _cut(part[sort], before[sort], after[sort], batch_tokens)
    return [batches[i] for i in rng.permutation(len(batches))]


def _cut(
    rows: np.ndarray[Any, Any],
    prompts: np.ndarray[Any, Any],
    answers: np.ndarray[Any, Any],
    batch_tokens: int,
) -> list[list[int]]:
    """Cut sorted rows into batches that hold at most ``batch_tokens`` when padded."""
    batches: list[list[int]] = []
    batch: list[int] = []
    left = right = 0
    shapes = zip(rows.tolist(), prompts.tolist(), answers.tolist(), strict=True)
    for row, prompt, answer in shapes:
        wider = max(left, prompt), max(right, answer)
        if batch and sum(wider) * (len(batch) + 1) > batch_tokens:
            batches.append(batch)
            batch, wider = [], (prompt, answer)
        batch.append(row)
        left, right = wider
    return [*batches, batch]


class Planned:
    """A map-style dataset whose items are whole batches, in the planned order."""

    def __init__(self, rows: Rows, batches: Sequence[Sequence[int]]) -> None:
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
    import numpy as np
    import torch

    rows = [row for item in items for row in item]
    left = max(row.prompt_length for row in rows)
    right = max(row.answer_length for row in rows)
    kept = right + min(left, 1)
    ids = np.full((len(rows), left + right), pad_id, dtype=np.int64)
    mask = np.zeros((len(rows), left + right), dtype=np.int64)
    labels = np.full((len(rows), left + right), IGNORED, dtype=np.int64)
    for i, row in enumerate(rows):
        start, end = left - row.prompt_length, left + row.answer_length
        ids[i, start:end] = row.tokens
        mask[i, start:end] = 1
        labels[i, left:end] = row.tokens[row.prompt_length :]
    return {
        "input_ids": torch.from_numpy(ids),
        "attention_mask": torch.from_numpy(mask),
        "labels": torch.from_numpy(labels[:, left + right - kept :]),
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
        return [Row(self.packed[i]) for i in self.batches[index]]
