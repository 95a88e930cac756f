"""One of a few labels, or the letter of an option."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from scireasoner.answers.polarity import denies, negated
from scireasoner.answers.reading import unwrap
from scireasoner.answers.tagged import Tagged
from scireasoner.errors import TaskError
from scireasoner.science.text import normalise_entity
from scireasoner.types import Fault, RewardGroup

_MAX_LABEL_CHARS = 300
_MAX_CHARS = 4_000
_BETWEEN_LABELS = re.compile(r"\s*[,;/|\n]\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+")
_CLAUSE = re.compile(r"[,.;:!\n()\u2013\u2014]")
# What may follow a leading word without a comma: "Yes because", "No it does not".
_JUSTIFIES = re.compile(r"\s+(?:because|since|as|it|this|that|these|they|the|there|we)\b")


@lru_cache(maxsize=1_024)
def _by_name(labels: tuple[str, ...]) -> Mapping[str, str]:
    """Return the declared labels by their normalised names."""
    return {normalise_entity(label): label for label in labels}


def _named(label: str, text: str) -> bool:
    """Whether a text names a label as a word of its own."""
    return re.search(rf"(?<!\w){re.escape(label)}(?!\w)", text) is not None


@dataclass(frozen=True)
class Label(Tagged[str]):
    """One of a few given labels, compared whole and without case.

    Parameters
    ----------
    labels : as they are asked for and written.
    leading : whether a label that opens the text, a justification after it, is an answer.
    """

    labels: tuple[str, ...]
    leading: bool = False

    kind: ClassVar[str] = "label"
    rule: ClassVar[str] = "the same label"
    group: ClassVar[RewardGroup] = RewardGroup.MATCHING
    notation_name: ClassVar[str] = "text"

    def __post_init__(self) -> None:
        """Check that the labels can be told apart."""
        distinct = {normalise_entity(label) for label in self.labels}
        if len(distinct) != len(self.labels) or len(distinct) < 2 or "" in distinct:
            raise TaskError(
                f"labels {self.labels} were declared; give two or more non-empty ones that "
                "differ in more than case and spaces"
            )

    @property
    def classes(self) -> tuple[str, ...]:
        """Every answer as a raw text."""
        return self.labels

    def asks(self) -> str:
        """Return the sentence that lists the labels."""
        first = "Begin your answer" if self.leading else "Answer"
        return f"{first} with one of: {', '.join(self.labels)}."

    def write(self, raw: str) -> str:
        """Return the label as it was declared."""
        gold = self.read_gold(raw)
        return raw.strip() if isinstance(gold, Fault) else gold

    def parse(self, text: str) -> str | Fault:
        """Read a label; a label that sounds like a refusal ("unknown") is still a label."""
        exact = self.read(unwrap(text)) if len(text) <= _MAX_CHARS else Fault.UNKNOWN_LABEL
        return super().parse(text) if exact is Fault.UNKNOWN_LABEL else exact

    def read(self, text: str) -> str | Fault:
        """Read text that is one label, also in brackets: "(B)"."""
        if (label := self._known(text)) is not None:
            return label
        if len(text) <= _MAX_LABEL_CHARS:
            parts = [self._known(part) for part in _BETWEEN_LABELS.split(text.strip())]
            if len(parts) > 1 and None not in parts:
                return Fault.TWO_ANSWERS if len(set(parts)) > 1 else str(parts[0])
        return self._leading(text) if self.leading else self._stated(text)

    def compare(self, value: str, target: str) -> tuple[float, bool]:
        """Return 1 or 0."""
        return float(value == target), value == target

    def _known(self, text: str) -> str | None:
        if len(text) > _MAX_LABEL_CHARS:
            return None
        known = _by_name(self.labels)
        plain = normalise_entity(text)
        return known.get(plain, known.get(plain.strip("()[]. ")))

    def _stated(self, text: str) -> str | Fault:
        """Read the label that one clause ends with: "Family: tRNA", "The enzyme is EcoRI"."""
        found = _STATED.fullmatch(text) if len(text) <= _MAX_LABEL_CHARS else None
        label = self._known(found["label"]) if found else None
        if found is None or label is None:
            return Fault.UNKNOWN_LABEL
        around = normalise_entity(f"{found['before']} {text[found.end('label') :]}")
        other = any(_named(name, around) for name in _by_name(self.labels))
        return Fault.UNKNOWN_LABEL if other or denies(around) else label

    def _leading(self, text: str) -> str | Fault:
        """Read the label that opens a text; a clause that is another label contradicts it."""
        clauses = [clause for clause in _CLAUSE.split(text[:_MAX_CHARS]) if clause.strip(" *_\"'")]
        if _QUESTION.match(text):
            return Fault.UNKNOWN_LABEL
        ends = [_LAST_SAID.sub("", clause) for clause in clauses]
        said = [label for clause in ends if (label := self._known(clause)) is not None]
        first = self._known(clauses[0]) if clauses else None
        if first is None:
            opening = text.lstrip(" *_\"'")
            for label in self.labels:
                size = len(label)
                same = normalise_entity(opening[:size]) == normalise_entity(label)
                if same and _JUSTIFIES.match(opening.lstrip()[size:].lstrip("*_\"'")):
                    first = label
        if first is None:
            return Fault.UNKNOWN_LABEL
        return Fault.TWO_ANSWERS if {first, *said} != {first} else first


# A label after "is" or a colon, perhaps explained in brackets.
_STATED = re.compile(
    r"(?P<before>(?:[^.;:!?,\n]{0,120}(?:\b(?:is|be|as)\b|[:=]))?)[\s*_`]{0,4}(?:\b(?:an?|the)\s)?"
    r"(?P<label>[^:=()]+?)[\s*_`]{0,4}(?:\([^()]{0,60}\))?[\s.*_`]{0,4}",
    re.IGNORECASE,
)

# "or no", "it is yes": a last word that says another label.
_LAST_SAID = re.compile(
    r"\A\s*(?:.{0,80}\b(?:is|be|or|and|because|since)\s+)?", re.IGNORECASE | re.DOTALL
)
_QUESTION = re.compile(r"[^.!\n]{0,300}\?")

_LETTERS_ALONE = re.compile(r"\W{0,4}(?:[A-Za-z]\b\W{0,4}){2,26}")
_ANYTHING_BUT = re.compile(r"\b(?:anything|all|everything)\s+but\W{1,3}\Z", re.IGNORECASE)

# A letter marked as an option: in brackets, after "option", before the option's own text.
_LETTER = r"[\(\[]?\s?\**([A-Za-z])\**\s?[\)\]]?"
_SAID = re.compile(
    rf"\b(?:answer|choice|option|letter|solution)\b(?:\s+(?:is|would\s+be|must\s+be)|\s*[:=])?"
    rf"(?:\s+(?:option|choice|letter))?[\s:*]{{1,6}}{_LETTER}"
    r"(?=\s*[.,;:!)\]*\n\u2013\u2014]|\s+-\s|\s*\Z|\s+(?:because|since|as|which|is|and|or|with)\b)",
    re.IGNORECASE,
)
_BRACKETED = re.compile(
    r"(?<![A-Za-z0-9\)\]])(?:\(\s?([A-Za-z])\s?\)|\[\s?([A-Za-z])\s?\])(?![A-Za-z0-9-])"
)
_RIGHT = (
    r"\)?\**\s+is\s+(?:correct|right|the\s+(?:correct|right|best)\s+(?:answer|option|choice))\b"
    r"(?![^.\n]{0,80}\?)"
)
_CALLED_RIGHT = re.compile(rf"(?<![A-Za-z0-9-])([A-Z])(?={_RIGHT})")
_OPENING = re.compile(
    r"(?:\A|\n)[\s*]{0,4}\(?([A-Z])\**(?:[\).:,;]{1,2}\**(?=\s|\Z)|(?=\s+(?:because|since|as)\b)"
    r"|(?=\)?\s+[-\u2013\u2014]\s)"
    rf"|(?={_RIGHT}))"
)
_WRONG_AFTER = re.compile(
    # "(A) and (B) are wrong"
    r"(?:\s*(?:,\s*(?:and\s|or\s)?|and\s|or\s)\s*\(?[A-Z]\b\)?){0,6}\W{0,4}"
    r"(?:(?:is|are|was|would\s+be|seems|looks)\s+(?:clearly\s+|also\s+)?"
    r"(?:wrong|incorrect|false|not|out|ruled|excluded|unlikely|impossible"
    r"|(?:[a-z]+\s+){1,3}but\s+(?:wrong|incorrect|false|not)\b)"
    r"|cannot|can['’]t|can\s+(?:not|be\s+(?:excluded|ruled))|does\s+not|doesn['’]t|fails?)\b"
    r"|[\s*_`\"')\]]{0,4}\?",
    re.IGNORECASE,
)
_WRONG_BEFORE = re.compile(
    r"\b(?:except|exclud\w+|eliminat\w+|rul\w+\s+out|than|instead\s+of|reject\w*|doubt\w*"
    r"|unlikely)\W{1,3}"
    r"(?:option\s|choice\s)?\W{0,2}\Z",
    re.IGNORECASE,
)
_BREAK = re.compile(r"[.;:,!?\n]|\b(?:but|so|thus|therefore|hence|rather)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Choice(Tagged[str]):
    """The letter of one of the options of a question.

    A letter counts where it is marked as an option: alone, in brackets, before the option's own
    text, after "the answer is" or "option". Never a capital inside a sentence ("Vitamin A").

    Parameters
    ----------
    letters : the letters of the options, in order.
    """

    letters: str = "ABCD"

    kind: ClassVar[str] = "choice"
    rule: ClassVar[str] = "the letter of the right option"
    group: ClassVar[RewardGroup] = RewardGroup.MATCHING
    notation_name: ClassVar[str] = "text"

    def __post_init__(self) -> None:
        """Check the letters."""
        plain = self.letters.isascii() and self.letters.isalpha() and self.letters.isupper()
        if len(set(self.letters)) != len(self.letters) or len(self.letters) < 2 or not plain:
            raise TaskError(
                f"options {self.letters!r} were declared; give two or more different capitals"
            )

    @property
    def classes(self) -> tuple[str, ...]:
        """Every answer as a raw text."""
        return tuple(self.letters)

    def asks(self) -> str:
        """Return the sentence that asks for the letter."""
        return f'Answer with "The final answer is (X).", X one of: {", ".join(self.letters)}.'

    def write(self, raw: str) -> str:
        """Return the sentence that states the letter."""
        gold = self.read_gold(raw)
        return raw.strip() if isinstance(gold, Fault) else f"The final answer is ({gold})."

    def read(self, text: str) -> str | Fault:
        """Return the capital letter of the option."""
        if len(text) > _MAX_CHARS:
            return Fault.UNKNOWN_LABEL
        bare = [part.strip("()[]{}.:* \t") for part in _BETWEEN_LABELS.split(text.strip())]
        if all(len(part) == 1 for part in bare):
            return self._one(bare)
        if _LETTERS_ALONE.fullmatch(text) and "\n" not in text:  # "A. B. C."
            return self._one(re.findall("[A-Za-z]", text))
        if said := _letters(_SAID, text):
            # What opens the text was stated too; two or more openings only repeat the options.
            opening = _letters(_OPENING, text)
            return self._one([*said, *opening] if len(opening) == 1 else said)
        for pattern in (_BRACKETED, _OPENING):  # "(S)" of a stereocentre is no option
            if marked := [c for c in _letters(pattern, text) if c.upper() in self.letters]:
                # Another letter that is called right too is another answer.
                right = [c for c in _letters(_CALLED_RIGHT, text) if c in self.letters]
                return self._one([*marked, *right])
        return Fault.UNKNOWN_LABEL

    def compare(self, value: str, target: str) -> tuple[float, bool]:
        """Return 1 or 0."""
        return float(value == target), value == target

    def _one(self, letters: list[str]) -> str | Fault:
        said = {letter.upper() for letter in letters}
        if not said.issubset(self.letters):
            return Fault.UNKNOWN_LABEL
        return Fault.TWO_ANSWERS if len(said) > 1 else said.pop()


def _letters(pattern: re.Pattern[str], text: str) -> list[str]:
    found = [match for match in pattern.finditer(text) if not _rejected(text, match)]
    return [letter for match in found for letter in match.groups() if letter]


def _rejected(text: str, found: re.Match[str]) -> bool:
    """Whether the letter is named as a wrong one: "(A) is wrong", "not (A)"."""
    before = text[max(0, found.start() - 80) : found.start()]
    clause = _BREAK.split(before)[-1]
    wrong = _WRONG_AFTER.match(text, found.end()) or _WRONG_BEFORE.search(clause)
    wrong = wrong or _ANYTHING_BUT.search(before)
    return bool(wrong) or negated(clause)
