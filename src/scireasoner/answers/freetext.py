"""Free text, judged by its overlap with a reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from scireasoner.answers.reading import declines, miss, read_answer
from scireasoner.errors import TaskError
from scireasoner.notation.tags import NOTATIONS
from scireasoner.science.text import normalise_entity
from scireasoner.types import Fault, RewardGroup

Measure = Literal["rouge_l", "meteor", "token_f1"]
_MEASURES: tuple[Measure, ...] = ("rouge_l", "meteor", "token_f1")


@dataclass(frozen=True)
class FreeText:
    """A description or an explanation; the value is the text itself.

    Parameters
    ----------
    measure : the score, in [0, 1]: ``"rouge_l"`` (F of the longest common subsequence,
        aclanthology.org/W04-1013), ``"meteor"`` (aclanthology.org/W05-0909) or ``"token_f1"``
        (F1 of the words as multisets).
    max_chars : longer answers are a fault.
    threshold : the score from which an answer counts as correct; equal texts always do.
    prefix : a template's first words ("The molecule is"), which earn nothing.
    """

    measure: Measure = "rouge_l"
    max_chars: int = 4_000
    threshold: float = 0.9
    prefix: str | None = None

    kind: ClassVar[str] = "free text"
    group: ClassVar[RewardGroup] = RewardGroup.MATCHING

    def __post_init__(self) -> None:
        """Check the measure and the limits."""
        if self.measure not in _MEASURES or self.max_chars < 1 or not 0 < self.threshold <= 1:
            raise TaskError(
                f"a free text was declared with {self.measure!r}, {self.max_chars} characters, "
                f"threshold {self.threshold}; give one of {', '.join(_MEASURES)}, at least 1 "
                "character and a threshold in (0, 1]"
            )

    @property
    def rule(self) -> str:
        """What makes an answer correct, in words."""
        return f"the same text, or {self.measure} of {self.threshold:g} or more"

    def asks(self) -> str:
        """Return the sentence that asks for the text."""
        begin = f' beginning "{self.prefix}"' if self.prefix else ""
        return f"Answer in plain English{begin}."

    def write(self, raw: str) -> str:
        """Return the text."""
        return raw.strip()

    def parse(self, text: str) -> str | Fault:
        """Read a model's answer text."""
        return read_answer(text, NOTATIONS["text"], self.read, marks=False, refused=declines)

    def read(self, text: str) -> str | Fault:
        """Return the text on one line, without the template's first words."""
        if len(text) > self.max_chars:
            return Fault.TOO_LONG
        plain = " ".join(text.split())
        prefix = (self.prefix or "").strip()
        if prefix and plain.casefold().startswith(prefix.casefold()):
            plain = plain[len(prefix) :].lstrip(" ,:")
        return plain if any(c.isalnum() for c in plain) else Fault.NO_ANSWER

    def read_gold(self, raw: str | None) -> str | Fault:
        """Return the reference, without the template's first words."""
        gold = Fault.BAD_GOLD if raw is None else self.read(raw)
        return Fault.BAD_GOLD if isinstance(gold, Fault) else gold

    def compare(self, value: str, target: str) -> tuple[float, bool]:
        """Return 1 for equal texts (case, blanks, quotes aside), else the measure."""
        if normalise_entity(value) == normalise_entity(target):
            return 1.0, True
        score = min(max(_overlap(self.measure, value, target), 0.0), 1.0)
        return (score, True) if score >= self.threshold else (miss(score), False)


def _overlap(measure: Measure, value: str, target: str) -> float:
    if measure == "meteor":
        from scireasoner.science.meteor import meteor_score

        return meteor_score(value, target)
    from scireasoner.science.overlap import rouge_l, token_f1

    return rouge_l(value, target) if measure == "rouge_l" else token_f1(value, target)
