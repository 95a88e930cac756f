"""The one interface between SciReasoner and whatever generates text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from scireasoner.errors import BackendError
from scireasoner.types import Completion, Mode, Prompt


@dataclass(frozen=True, slots=True)
class Sampling:
    """Decoding settings. ``temperature`` 0 is greedy; ``max_tokens`` bounds what is generated.

    ``beams`` above 0 asks for beam search: the answers to a prompt are then the best beams, best
    first, and nothing is drawn.

    ``max_thinking`` above 0 bounds a thought: at so many tokens it is closed by force, and the
    model goes on to answer. ``max_tokens`` bounds all of it, and no budget touches an instant
    answer.

    ``logprobs`` asks for the log-probability of each token, where the backend gives them.
    """

    temperature: float = 0.0
    top_p: float = 1.0
    top_k: int = 0
    max_tokens: int = 256
    seed: int = 0
    beams: int = 0
    max_thinking: int = 0
    logprobs: bool = False

    def bounds(self, mode: Mode | None) -> bool:
        """Return whether a thought in this mode has a budget below all that may be written."""
        return 0 < self.max_thinking < self.max_tokens and mode is not Mode.INSTANT


def refuse_beams(name: str, sampling: Sampling) -> None:
    """Refuse beam search for a backend that does not offer it.

    Raises
    ------
    BackendError : if beams are asked for.
    """
    if sampling.beams:
        raise BackendError(
            f"{name} offers no beam search ({sampling.beams} beams were asked for): draw several "
            "answers with a temperature instead, or load the checkpoint with hf:"
        )


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


@runtime_checkable
class Comparing(Protocol):
    """A backend that can also say how likely it holds each of some given answers to be."""

    def choose(self, prompts: Sequence[Prompt], options: Sequence[str]) -> list[tuple[float, ...]]:
        """Return, for each prompt, the probabilities of the options (they sum to 1)."""
        ...
