"""The rule of a group where many answers are right: a constant answer must not pay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence


def shares(answers: Sequence[Hashable | None]) -> list[tuple[int, bool]]:
    """Return for each answer of a group how many share its reward, and whether it is the first.

    Where many answers to a question are right, alike answers of one group share one reward, and
    only the first of them counts as correct: a model that says one valid thing for ever would
    else be right every time.

    Parameters
    ----------
    answers : what makes the answers of one group alike, in order; None where an answer has a
        fault, or where one answer is right.
    """
    count = Counter(answer for answer in answers if answer is not None)
    seen: set[Hashable] = set()
    found = []
    for answer in answers:
        found.append((count[answer] if answer is not None else 1, answer not in seen))
        if answer is not None:
            seen.add(answer)
    return found
