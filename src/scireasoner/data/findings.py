"""The rows of one split: is each sound, does one repeat another, does the other split leak it."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from scireasoner.data.objects import About, Reader, key_of
from scireasoner.errors import SciReasonerError
from scireasoner.tasks.task import Task
from scireasoner.types import Fault, Sample, Split

SHOWN = 5
"""How many ids a problem names."""

_EARNED = 200
# What a row that is not as its adapter or answer kind expects can raise.
BROKEN = (SciReasonerError, ValueError, TypeError, LookupError, ArithmeticError, RecursionError)


class Level(StrEnum):
    """Whether a finding fails the check."""

    ERROR = "error"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding.

    Parameters
    ----------
    kind : ``"load"``, ``"question"``, ``"gold"``, ``"unearned"``, ``"duplicate"``,
        ``"conflict"``, ``"leak"`` or ``"file"``.
    level : whether it fails the check.
    task : the task, or the file.
    split : the split it was found in, None if it is about none.
    count, of : rows concerned, and rows looked at.
    ids : the first rows concerned.
    text : what is wrong, as a sentence.
    """

    kind: str
    level: Level
    task: str
    split: Split | None
    count: int
    of: int
    ids: tuple[str, ...]
    text: str


@dataclass
class _Wrong:
    text: str
    numbers: list[int] = field(default_factory=list)


class Rows:
    """The rows of one split: their keys, and what is wrong with them."""

    def __init__(self, task: Task, split: Split, ids: list[str]) -> None:
        self.task, self.split, self.ids = task, split, ids
        self.questions, self.golds, self.subjects = array("Q"), array("Q"), array("Q")
        # A question may have several right answers in training; they are told apart by these.
        self.references = array("q")
        self.has_subject = bytearray()
        self.wrong: dict[tuple[str, str], _Wrong] = {}
        self.step = max(1, len(ids) // _EARNED)

    def add(self, reader: Reader, number: int, sample: Sample) -> About:
        """Judge one row and keep its keys."""
        try:
            self.task.question(sample.inputs)
        except BROKEN as error:
            self._note("question", "the question cannot be written", number, error)
        gold = self._gold(sample, number)
        try:
            about = reader.about(sample)
        except BROKEN as error:
            self._note("question", "the inputs cannot be compared", number, error)
            about = About(key_of(repr(sorted(sample.inputs.items()))), None, ())
        self.questions.append(about.question)
        self.golds.append(gold)
        self.references.append(hash(sample.reference))
        self.subjects.append(about.subject or 0)
        self.has_subject.append(about.subject is not None)
        return about

    def _gold(self, sample: Sample, number: int) -> int:
        try:
            target = self.task.answer.read_gold(sample.gold)
            if isinstance(target, Fault):
                self._note("gold", f"the gold cannot be read: {target.value}", number)
                return 0
            if number % self.step == 0 and sample.gold is not None:
                self._earned(sample, target, number)
            return hash((type(target).__name__, target)) & (2**64 - 1)
        except BROKEN as error:
            self._note("gold", "reading the gold fails", number, error)
            return 0

    def _earned(self, sample: Sample, target: object, number: int) -> None:
        """Check that the right answer, written as asked, would be judged correct."""
        if sample.example is None:
            return
        value = self.task.answer.parse(self.task.answer.write(sample.example))
        if isinstance(value, Fault):
            self._note("unearned", f"the right answer is refused: {value.value}", number)
        elif not self.task.answer.compare(value, target)[1]:
            self._note("unearned", "the right answer is not judged correct", number)

    def _note(self, kind: str, text: str, number: int, error: BaseException | None = None) -> None:
        name = "" if error is None else f" ({type(error).__name__})"
        detail = "" if error is None else f", first: {short(error)}"
        rows = self.wrong.setdefault((kind, text + name), _Wrong(text + name + detail))
        rows.numbers.append(number)

    def problems(self) -> list[Problem]:
        """Return what is wrong within the split."""
        found = [
            self.problem(kind, Level.ERROR, rows.numbers, rows.text)
            for (kind, _), rows in self.wrong.items()
        ]
        if not self.task.inputs:
            return found  # one prompt, asked many times
        repeated, conflicting = _repeats(self)
        if repeated:
            text = "the question is asked again with the same answer"
            found.append(self.problem("duplicate", Level.NOTE, repeated, text))
        if conflicting:
            text = "the question is asked again with another answer"
            found.append(self.problem("conflict", Level.NOTE, conflicting, text))
        return found

    def problem(self, kind: str, level: Level, numbers: Sequence[int], text: str) -> Problem:
        """Return a finding about some rows of the split."""
        ids = tuple(self.ids[number] for number in numbers[:SHOWN])
        of = len(self.ids)
        return Problem(kind, level, self.task.name, self.split, len(numbers), of, ids, text)


def _repeats(table: Rows) -> tuple[list[int], list[int]]:
    """Return rows that repeat an earlier one, and rows that contradict an earlier one."""
    answers: dict[int, int] = {}
    whole: set[int] = set()
    repeated, conflicting = [], []
    for number, (question, gold) in enumerate(zip(table.questions, table.golds, strict=True)):
        row = hash((question, gold, table.references[number]))
        if answers.setdefault(question, gold) != gold:
            conflicting.append(number)
        elif row in whole:
            repeated.append(number)
        whole.add(row)
    return repeated, conflicting


def leaks(train: Rows, test: Rows, strict: bool) -> list[Problem]:
    """Return rows of ``test`` that the other split gives away.

    The same question, or the same subject where that alone is telling, is an error between test
    rows and the others; between training and development rows it is a note.
    """
    asked = set(train.questions)
    subjects = {s for s, has in zip(train.subjects, train.has_subject, strict=True) if has}
    same, alike = [], []
    for number, question in enumerate(test.questions):
        if question in asked:
            same.append(number)
        elif test.has_subject[number] and test.subjects[number] in subjects:
            alike.append(number)
    level = Level.ERROR if test.split is Split.TEST else Level.NOTE
    found = []
    if same:
        text = f"the same question stands in {train.split}"
        found.append(test.problem("leak", level, same, text))
    if alike:
        text = f"what the question is about stands in {train.split}, in other words"
        worse = level if strict else Level.NOTE
        found.append(test.problem("leak", worse, alike, text))
    return found


def short(error: BaseException) -> str:
    """Return the message of an error on one line, cut to 160 characters."""
    text = " ".join(str(error).split())
    return text if len(text) <= 160 else text[:157] + "..."
