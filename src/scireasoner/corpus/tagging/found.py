"""What tagging finds, what it is asked to look for, and what reviewers decided."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from scireasoner.artifacts import read_jsonl
from scireasoner.errors import InputError, nearest
from scireasoner.notation.tags import NOTATIONS

# The order settles ties of length: what is more specific comes first.
FINDABLE = ("selfies", "smiles", "iupac", "formula", "sirna", "rna", "dna", "protein")
"""The notations that are looked for in prose."""

TAG, LEAVE = "tag", "leave"
ANY_CONTEXT = "*"


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of text that may be written in a notation.

    Parameters
    ----------
    start, end : character offsets.
    notation : its name in ``NOTATIONS``.
    text : the piece itself, without outer white space.
    confidence : in [0, 1]; the logistic of a sum of weights.
    reason : the clues with their weights, the largest first.
    context : the class of its place, by which a decision can be limited (`context.kind`).
    """

    start: int
    end: int
    notation: str
    text: str
    confidence: float
    reason: str
    context: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A valid piece with its clues: (what was seen, its weight in logits)."""

    start: int
    end: int
    notation: str
    clues: tuple[tuple[str, float], ...]

    @property
    def score(self) -> float:
        """The sum of the weights, in logits."""
        return sum(weight for _, weight in self.clues)

    @property
    def confidence(self) -> float:
        """The logistic of the score."""
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, self.score))))

    @property
    def reason(self) -> str:
        """The clues in words, the heaviest first."""
        ranked = sorted(self.clues, key=lambda clue: -abs(clue[1]))
        return "; ".join(f"{name} {weight:+.1f}" for name, weight in ranked)


@dataclass(frozen=True, slots=True)
class Decisions:
    """What reviewers decided; it overrides every rule.

    Parameters
    ----------
    verdicts : (text, notation, context class or ``"*"``) -> ``"tag"`` or ``"leave"``.
    """

    verdicts: Mapping[tuple[str, str, str], str] = field(
        default_factory=lambda: MappingProxyType({})
    )

    def verdict(self, text: str, notation: str, context: str) -> str | None:
        """Return the decision on a text in a context, the narrower one first."""
        narrow = self.verdicts.get((text, notation, context))
        return narrow or self.verdicts.get((text, notation, ANY_CONTEXT))

    @classmethod
    def read(cls, path: Path) -> Decisions:
        """Read a review file whose rows were given a ``verdict``; rows without one are skipped.

        Each row of the JSON lines has ``text``, ``notation``, ``context`` (left out: any) and
        ``verdict`` (``tag`` or ``leave``).

        Raises
        ------
        DataError : if the file is missing or no JSON lines.
        InputError : if a row has an unknown notation or verdict, or two rows disagree.
        """
        return cls.of(read_jsonl(path), str(path))

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, object]], name: str = "decisions") -> Decisions:
        """Take decisions from rows; see `read`."""
        verdicts: dict[tuple[str, str, str], str] = {}
        for number, row in enumerate(rows, start=1):
            verdict = row.get("verdict") or ""
            if not verdict:
                continue
            text, notation = row.get("text"), row.get("notation")
            context = row.get("context") or ANY_CONTEXT
            where = f"{name}, row {number}"
            if not (isinstance(text, str) and isinstance(context, str)):
                raise InputError(f"{where}: 'text' and 'context' must be texts")
            if notation not in FINDABLE:
                raise InputError(
                    f"{where}: the notation {notation!r} is not one of {', '.join(FINDABLE)}"
                    f"{nearest(str(notation), FINDABLE)}"
                )
            if verdict not in (TAG, LEAVE):
                raise InputError(f"{where}: the verdict {verdict!r} is neither 'tag' nor 'leave'")
            key = (text, str(notation), context)
            if verdicts.setdefault(key, str(verdict)) != verdict:
                raise InputError(f"{where}: {text!r} was decided otherwise before: keep one row")
        return cls(MappingProxyType(verdicts))


@dataclass(frozen=True, slots=True)
class Options:
    """What is looked for, and where.

    Parameters
    ----------
    notations : names out of `FINDABLE`.
    thoughts, code : also look inside thoughts and inside code fences.
    opsin : let OPSIN (Java) read each name; what it cannot read loses confidence.
    decisions : of reviewers.
    """

    notations: tuple[str, ...] = FINDABLE
    thoughts: bool = False
    code: bool = False
    opsin: bool = False
    decisions: Decisions = field(default_factory=Decisions)

    def __post_init__(self) -> None:
        for name in self.notations:
            if name not in FINDABLE or name not in NOTATIONS:
                raise InputError(
                    f"{name!r} is not looked for in prose; these are: {', '.join(FINDABLE)}"
                    f"{nearest(name, FINDABLE)}"
                )
