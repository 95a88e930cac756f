"""What an answer kind must be able to do."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from scireasoner.types import Fault, RewardGroup


@runtime_checkable
class Answer(Protocol):
    """How an answer is asked for, written, read and compared.

    ``T`` below is the kind's own parsed type (a float, a canonical SMILES, a set of names ...).
    """

    @property
    def kind(self) -> str:
        """The short name of the kind, e.g. ``"number"``."""
        ...

    @property
    def group(self) -> RewardGroup:
        """The reward group that the kind belongs to."""
        ...

    @property
    def rule(self) -> str:
        """What makes an answer correct, in words."""
        ...

    def asks(self) -> str:
        """Return the sentence that tells a model how to write the answer (tag, unit, labels)."""
        ...

    def write(self, raw: str) -> str:
        """Return a right answer (raw text of the data) as a model should write it, tagged."""
        ...

    def parse(self, text: str) -> Any | Fault:
        """Read a model's answer text (the thought is already removed)."""
        ...

    def read_gold(self, raw: str | None) -> Any | Fault:
        """Read the raw gold; ``Fault.BAD_GOLD`` if it cannot be read."""
        ...

    def compare(self, value: Any, target: Any) -> tuple[float, bool]:
        """Return the soft score in [0, 1] (1 = perfect) and the hard verdict."""
        ...
