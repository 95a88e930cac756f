"""Reading many prompts with the lean passes: what they have in common is read once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

    from scireasoner.models.lean import Lean

READ_TOKENS = 1_600
"""Padded prompt tokens in one pass: more of them leave the processor's cache."""

_WORTH_SHARING = 4  # tokens, and prompts


@dataclass(frozen=True, slots=True)
class Part:
    """Prompts that were read together.

    Parameters
    ----------
    prompts : their numbers.
    lengths : (prompts,) their tokens.
    state : (prompts, hidden) of their last tokens.
    kept : by layer, their keys and values, as `Lean.read` returns them.
    """

    prompts: tuple[int, ...]
    lengths: torch.Tensor
    state: torch.Tensor
    kept: list[torch.Tensor]


class Prefill:
    """Reads prompts. The questions of one task begin alike; that beginning is read once.

    Parameters
    ----------
    lean : the passes.
    prompts : token ids of all prompts that will be read.
    tokens : padded tokens in one pass at most.
    """

    def __init__(
        self, lean: Lean, prompts: Sequence[Sequence[int]], tokens: int = READ_TOKENS
    ) -> None:
        import torch

        self.lean = lean
        self.prompts = prompts
        self.tokens = min(tokens, READ_TOKENS)
        # Something must be left of every prompt, for its last token to be looked at.
        common = shared([prompt[:-1] for prompt in prompts])
        self.start = common if min(common, len(prompts)) >= _WORTH_SHARING else 0
        self._prefix: list[torch.Tensor] = []
        if self.start:
            ids = torch.tensor([list(prompts[0][: self.start])])
            self._prefix = lean.read(ids, torch.tensor([self.start]))[1]

    def parts(self, wanted: Sequence[int]) -> Iterator[Part]:
        """Read the wanted prompts, which come with the longest first."""
        import torch

        while wanted:
            size = max(1, self.tokens // (len(self.prompts[wanted[0]]) - self.start))
            part, wanted = tuple(wanted[:size]), wanted[size:]
            rest = [self.prompts[p][self.start :] for p in part]
            lengths = torch.tensor([len(ids) for ids in rest])
            ids = torch.zeros(len(part), int(lengths.max()), dtype=torch.long)
            for row, tokens in zip(ids, rest, strict=True):
                row[: len(tokens)] = torch.tensor(tokens)
            state, kept = self.lean.read(ids, lengths, self._prefix)
            yield Part(part, lengths + self.start, state, kept)


def shared(rows: Sequence[Sequence[int]]) -> int:
    """Return how many tokens all rows have in common at their beginning."""
    ordered = [tuple(row) for row in rows]
    first, last = min(ordered, default=()), max(ordered, default=())
    length = min(len(first), len(last))
    return next((n for n in range(length) if first[n] != last[n]), length)
