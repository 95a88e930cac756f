"""What the answer kinds with a notation share: asking, writing, finding, reading the gold."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Generic, TypeVar

from scireasoner.answers.reading import read_answer
from scireasoner.notation.tags import NOTATIONS, Notation
from scireasoner.types import Fault, RewardGroup

T = TypeVar("T")


class Tagged(ABC, Generic[T]):
    """An answer kind whose answers are written inside one notation's tag.

    A subclass says how one candidate text is read and how a value is compared.
    """

    kind: ClassVar[str]
    group: ClassVar[RewardGroup]
    notation_name: ClassVar[str]

    @property
    def notation(self) -> Notation:
        """The notation of the answer."""
        return NOTATIONS[self.notation_name]

    def asks(self) -> str:
        """Return the sentence that asks for the answer, with its tag."""
        return f"Answer in {self.notation.wrap('')}."

    def write(self, raw: str) -> str:
        """Return the raw right answer inside its tag."""
        return self.notation.wrap(raw)

    def parse(self, text: str) -> T | Fault:
        """Read a model's answer text."""
        return read_answer(text, self.notation, self.read)

    def read_gold(self, raw: str | None) -> T | Fault:
        """Read the raw gold, which is the bare answer itself."""
        value = Fault.BAD_GOLD if raw is None or not raw.strip() else self.read(raw.strip())
        return Fault.BAD_GOLD if isinstance(value, Fault) else value

    @abstractmethod
    def read(self, text: str) -> T | Fault:
        """Read a candidate that is nothing but an answer."""

    @abstractmethod
    def compare(self, value: T, target: T) -> tuple[float, bool]:
        """Return the soft score in [0, 1] and the hard verdict."""
