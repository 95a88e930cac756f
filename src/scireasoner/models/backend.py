"""The one interface between SciReasoner and whatever generates text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from scireasoner.types import Completion, Prompt


@dataclass(frozen=True, slots=True)
class Sampling:
    """Decoding settings. ``temperature`` 0 is greedy; ``max_tokens`` bounds what is generated."""

    temperature: float = 0.0
    top_p: float = 1.0
    top_k: int = 0
    max_tokens: int = 256
    seed: int = 0


class Backend(Protocol):
    """Generates completions. Same prompts, same sampling, same completions on one machine."""

    @property
    def name(self) -> str:
        """What is shown in reports, e.g. the checkpoint's name."""
        ...

    def generate(
        self, prompts: Sequence[Prompt], sampling: Sampling, n: int = 1
    ) -> list[list[Completion]]:
        """Return ``n`` completions for each prompt, in the order of the prompts."""
        ...
