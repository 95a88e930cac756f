"""Yes or no, as a word or as a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from scireasoner.answers.cues import ANSWERS
from scireasoner.answers.polarity import polarity
from scireasoner.answers.reading import MAX_TEXT, read_answer
from scireasoner.answers.tagged import Tagged
from scireasoner.errors import TaskError
from scireasoner.notation.tags import NOTATIONS, Notation
from scireasoner.science.text import normalise_entity
from scireasoner.types import Fault, RewardGroup

# "I cannot detect a motif" and "it is unable to bind" are findings, not refusals.
_SEEK = r"(find|detect|identify|observe|locate)\b(?!\s+(?:the\s|an?\s)?(?:answer|sequence|data))"
_FOUND_NOTHING = re.compile(
    r"\b(?:i|we)\s+(?:can\s?not|can['’]t|could\s+not|couldn['’]t|do\s+not|don['’]t|did\s+not"
    rf"|didn['’]t)\s+{_SEEK}",
    re.IGNORECASE,
)
_UNABLE = re.compile(
    rf"\b(?:am|is|was|were|are)\s+unable\s+to\s+(?:{_SEEK}|(bind|interact|dissolve)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Boolean(Tagged[bool]):
    """Yes or no: a word, or sentences that assert or deny (see ``answers.polarity``).

    Parameters
    ----------
    yes, no : the words that are asked for and written.
    tag : name of the notation of the answer; ``"text"`` asks for the bare word.
    """

    yes: str = "Yes"
    no: str = "No"
    tag: str = "boolean"

    kind: ClassVar[str] = "boolean"
    rule: ClassVar[str] = "the same of yes and no"
    group: ClassVar[RewardGroup] = RewardGroup.MATCHING

    def __post_init__(self) -> None:
        """Check the words and the tag."""
        words = {normalise_entity(self.yes), normalise_entity(self.no)}
        if len(words) < 2 or "" in words or self.tag not in NOTATIONS:
            raise TaskError(
                f"a yes or no was declared as {self.yes!r}, {self.no!r} in notation {self.tag!r}; "
                f"give two different words and one of: {', '.join(NOTATIONS)}"
            )

    @property
    def notation(self) -> Notation:
        """The notation of the answer."""
        return NOTATIONS[self.tag]

    @property
    def options(self) -> tuple[str, str]:
        """The two answers as raw texts, the positive one first."""
        return self.yes, self.no

    @property
    def classes(self) -> tuple[str, ...]:
        """Every answer as a raw text."""
        return self.options

    def asks(self) -> str:
        """Return the sentence that asks for yes or no."""
        inside = f" in {self.notation.wrap('')}" if self.notation.tag else ""
        return f"Answer {self.yes} or {self.no}{inside}."

    def write(self, raw: str) -> str:
        """Return the word for yes or no, inside the tag."""
        return self.notation.wrap(self.yes if self.read_gold(raw) is True else self.no)

    def parse(self, text: str) -> bool | Fault:
        """Read a model's answer text."""
        if len(text) > MAX_TEXT:
            return Fault.TOO_LONG
        plain = _FOUND_NOTHING.sub(r"it does not \1", _UNABLE.sub(r"does not \1\2", text))
        # The grammar weighs every clause itself: bold words get no second chance.
        return read_answer(plain, self.notation, self.read, marks=False)

    def read(self, text: str) -> bool | Fault:
        """Read a word or sentences; what explains a word may not contradict it."""
        word = self._words.get(normalise_entity(text))
        return polarity(text, self._words) if word is None else word

    def read_gold(self, raw: str | None) -> bool | Fault:
        """Read yes, no, true, false, positive, negative, 1, 0 or the declared words."""
        gold = {"1": True, "0": False, **self._words}.get(normalise_entity(raw or ""))
        return Fault.BAD_GOLD if gold is None else gold

    def compare(self, value: bool, target: bool) -> tuple[float, bool]:
        """Return 1 or 0."""
        return float(value == target), value == target

    @property
    def _words(self) -> Mapping[str, bool]:
        return _known(self.yes, self.no)


@lru_cache(maxsize=256)
def _known(yes: str, no: str) -> Mapping[str, bool]:
    """Return every word that is an answer by itself."""
    return {**ANSWERS, normalise_entity(yes): True, normalise_entity(no): False}
