"""New protein and RNA sequences, for which there is no gold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from scireasoner.answers.sequence import read_protein, read_rna
from scireasoner.answers.tagged import Tagged
from scireasoner.errors import TaskError
from scireasoner.science.sequences import complexity
from scireasoner.types import Fault, RewardGroup

_AMINO_ACIDS, _BASES = 20, 4
# Of 11,066 natural proteins (20 to 1,024 residues) 0.1 % lie below 0.78, of 11,252 RNAs 1 %; a
# unit of 30 residues repeated ten times has 0.56. The limit is the same for both.
_LEAST_COMPLEX = 0.7


@dataclass(frozen=True)
class _NovelSequence(Tagged[str]):
    """What both kinds share: a window of lengths, complexity, novelty.

    Parameters
    ----------
    low, high : residues or bases.
    known : returns the sequences of the training set; None if novelty is not asked for.
    """

    low: int
    high: int
    known: Callable[[], frozenset[str]] | None = None

    group: ClassVar[RewardGroup] = RewardGroup.VERIFIED
    valid_only: ClassVar[float] = 0.3

    def __post_init__(self) -> None:
        """Check the window."""
        if not 1 < self.low <= self.high:
            raise TaskError(
                f"a new sequence of {self.low} to {self.high} was declared; give 1 < low <= high"
            )

    def read_gold(self, raw: str | None) -> None:  # type: ignore[override]
        """Return None: what is asked for has no gold."""
        return

    def compare(self, value: str, target: None) -> tuple[float, bool]:  # type: ignore[override]
        """Return 1 for a plausible new sequence, 0.3 for any other valid one."""
        sized = self.low <= len(value) <= self.high
        if sized and self._complex(value) and not (self.known and value in self.known()):
            return 1.0, True
        return self.valid_only, False

    def _complex(self, sequence: str) -> bool:
        raise NotImplementedError


@dataclass(frozen=True)
class NovelProtein(_NovelSequence):
    """Any new protein: the 20 amino acids, ``low`` to ``high`` residues, not of low complexity.

    Complexity is the entropy of dipeptides relative to its maximum. A valid sequence that is not
    correct scores 0.3. Whether it folds is not judged.
    """

    low: int = 20
    high: int = 1024

    kind: ClassVar[str] = "novel protein"
    rule: ClassVar[str] = "20 amino acids, a plausible length, no low complexity"
    notation_name: ClassVar[str] = "protein"

    def read(self, text: str) -> str | Fault:
        """Return the cleaned sequence."""
        return read_protein(text)

    def _complex(self, sequence: str) -> bool:
        return complexity(sequence, 2, _AMINO_ACIDS) >= _LEAST_COMPLEX


@dataclass(frozen=True)
class NovelRna(_NovelSequence):
    """Any new RNA: A, C, G, U (or T), ``low`` to ``high`` bases, not of low complexity.

    Complexity is the entropy of trinucleotides relative to its maximum. A valid sequence that is
    not correct scores 0.3. Its stability is left to the metrics.
    """

    low: int = 30
    high: int = 1024

    kind: ClassVar[str] = "novel rna"
    rule: ClassVar[str] = "A, C, G and U, a plausible length, no low complexity"
    notation_name: ClassVar[str] = "rna"

    def read(self, text: str) -> str | Fault:
        """Return the cleaned sequence."""
        return read_rna(text)

    def _complex(self, sequence: str) -> bool:
        return complexity(sequence, 3, _BASES) >= _LEAST_COMPLEX
