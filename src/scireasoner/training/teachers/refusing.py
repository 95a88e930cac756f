"""What of the right traces is not worth learning from: too long, looping, already there, wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from scireasoner.tasks.task import Task
from scireasoner.training.teachers.config import LimitsConfig
from scireasoner.training.teachers.teaching import Teacher
from scireasoner.types import Completion, Sample

Check = Callable[[Task, Sample, str], str | None]
"""Reads a trace and returns why it is to be refused, None if nothing speaks against it."""

LONG, SHORT = "too long", "too short"
REPEATS, LOOPS = "repeats itself", "loops"
DUPLICATE, NEAR, ENOUGH = "duplicate", "near duplicate", "enough of this question"
WRONG_STEP = "wrong step"

_LONGEST_LOOP_WORDS = 50
_LEAST_LOOP_WORDS = 30
_MARKS = ".,;:!?\"'*`_"
# "Cc" may be a SMILES; "The" is not.
_SHORT_WORD = 2


def repeated_share(words: Sequence[str], n: int) -> float:
    """Return the share in [0, 1] of the n-grams of words that occurred before; 0 for short texts.

    After the repetition filters of arXiv 2112.11446 (table A1).
    """
    count = len(words) - n + 1
    if count < 1:
        return 0.0
    return 1.0 - len({tuple(words[i : i + n]) for i in range(count)}) / count


def longest_loop(words: Sequence[str]) -> int:
    """Return how many times in a row a block of at most 50 words comes, at most.

    Blocks that fill fewer than 30 words in all do not count: sequences and tables repeat symbols.
    """
    most = 1
    for period in range(1, min(_LONGEST_LOOP_WORDS, len(words) // 2) + 1):
        run = 0
        for place in range(period, len(words)):
            run = run + 1 if words[place] == words[place - period] else 0
            if run + period >= _LEAST_LOOP_WORDS:
                most = max(most, 1 + run // period)
    return most


def normalised(text: str) -> str:
    """Return a text without spacing, marks around words, and capitals that begin a word.

    What stands inside a word stays: ``C=C`` is not ``C#C``, 2.5 not 25, and -1 not 1.
    """
    words = (word.strip(_MARKS) for word in text.split())
    plain = (w.lower() if len(w) > _SHORT_WORD and w[1:].islower() else w for w in words)
    return " ".join(word for word in plain if word)


def excess(completion: Completion, limits: LimitsConfig) -> str | None:
    """Return which limit of length or repetition a trace breaks, None if it keeps them all."""
    text = completion.text
    if 0 < limits.max_characters < len(text) or 0 < limits.max_tokens < completion.tokens:
        return LONG
    words = text.split()
    if len(words) < limits.min_words:
        return SHORT
    if limits.max_loops and longest_loop(words) > limits.max_loops:
        return LOOPS
    if limits.ngram and limits.max_repeated:
        share = repeated_share(words, limits.ngram)
        if share > limits.max_repeated:
            return REPEATS
    return None


class Refusals:
    """Decides trace by trace what of one task is kept; knows what was kept before.

    Parameters
    ----------
    check : a reader of steps; what it says against a trace is the reason for refusing it.
    per_sample : traces kept of one question; 0 sets no limit.
    """

    def __init__(self, check: Check | None = None, per_sample: int = 0) -> None:
        self._check = check
        self._per_sample = per_sample
        self._texts: set[tuple[str, str, str]] = set()
        self._near: set[str] = set()
        self._kept: Counter[str] = Counter()

    def note(self, teacher: str, sample: str, text: str) -> None:
        """Remember a trace that was kept."""
        self._texts.add((teacher, sample, text))
        self._near.add(normalised(text))
        self._kept[sample] += 1

    def reason(
        self, task: Task, teacher: Teacher, sample: Sample, completion: Completion
    ) -> tuple[str, str] | None:
        """Return why a right trace is refused, in a word and in detail; None if it is kept."""
        limits = teacher.limits
        broken = excess(completion, limits) or self._known(teacher, sample, completion.text)
        if broken is not None:
            return broken, ""
        found = self._check(task, sample, completion.text) if self._check and limits.steps else None
        return None if found is None else (WRONG_STEP, found)

    def _known(self, teacher: Teacher, sample: Sample, text: str) -> str | None:
        if (teacher.name, sample.id, text) in self._texts:
            return DUPLICATE
        if teacher.limits.near and normalised(text) in self._near:
            return NEAR
        if 0 < self._per_sample <= self._kept[sample.id]:
            return ENOUGH
        return None
