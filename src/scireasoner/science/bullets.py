"""The marks that open the items of a list: dashes and dots, "1.", "(2)", "(a)", "(ii)".

What stands there may also belong to the item: a level of an EC number ("3. 2. 1. 17"), a minus
sign, a genus ("E. coli"), a stereodescriptor ("(S) ..."). So letters count only in brackets and
where they count up from the first, and who reads numbers takes numerals alone for marks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_BLANK = r"[^\S\n]"
_DOT = rf"[-*+•·◦‣▪\u2013\u2014]{_BLANK}+"
_COUNT = r"[0-9]{1,3}|[A-Za-z]|[ivx]{2,5}"
_COUNTED = rf"\((?P<inside>{_COUNT})\)|(?P<closing>{_COUNT})\)|(?P<dotted>[0-9]{{1,3}})\\?\."
# "**1.** x" and "**1. x**": the second keeps its bold.
_MARK = re.compile(
    rf"{_BLANK}*+(?P<dot>{_DOT})?(?:(?P<bold>\*\*)?(?:{_COUNTED})(?P<closed>(?(bold)\*\*))?{_BLANK}+)?"
)
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# "300. -1.2" are two values; no list of numbers is that long.
_MOST_NUMBERS = 99


def unmarked(
    items: Sequence[str], *, numbers: bool = False, before: re.Pattern[str] | None = None
) -> list[str]:
    """Return the items of a list without the marks that open them.

    Parameters
    ----------
    items : the lines of a text, or the pieces between its separators.
    numbers : whether numbers are read from the items: a dash may then be a minus sign, a letter
        a name and a numeral in brackets a value, so only ``1.`` and ``1)`` are marks, and ``(1)``
        where it counts up.
    before : what must follow a numeral or letter for it to be a mark; None if anything may.
    """
    found = [mark for item in items if (mark := _MARK.match(item)) is not None]
    letters = not numbers and _count_up([c for mark in found if (c := _count(mark)).isalpha()])
    bracketed = not numbers or _count_up([c for mark in found if (c := mark["inside"])])
    rest = []
    for item, mark in zip(items, found, strict=True):
        count, end = _count(mark), mark.end()
        if count.isalpha():
            counts = letters
        else:
            counts = count != "" and not (numbers and int(count) > _MOST_NUMBERS)
        counts = counts and (bracketed or not mark["inside"])
        if counts and (before is None or before.match(item, end)):
            rest.append(item[end:] if mark["closed"] else (mark["bold"] or "") + item[end:])
        else:
            rest.append(item if numbers else item[max(mark.end("dot"), 0) :])
    return rest


def without_marks(
    text: str, *, numbers: bool = False, before: re.Pattern[str] | None = None
) -> str:
    """Return a text whose lines are the items of a list without their marks (see `unmarked`)."""
    return "\n".join(unmarked(text.split("\n"), numbers=numbers, before=before))


def _count(mark: re.Match[str]) -> str:
    """Return the numeral or letters of a mark; empty if it has none."""
    return mark["inside"] or mark["closing"] or mark["dotted"] or ""


def _count_up(counts: Sequence[str]) -> bool:
    """Whether two or more marks count up from the first: a, b, c or i, ii or 1, 2."""
    folded = [count.casefold() for count in counts]
    if len(folded) < 2:
        return False
    numerals = [str(n) for n in range(1, len(folded) + 1)]
    return any(folded == list(row[: len(folded)]) for row in (numerals, _LETTERS, _ROMAN))
