"""What the checks share: verdicts, requests and how they are read, sentences about counts."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from scireasoner.errors import InputError
from scireasoner.science.formulas import CHARGE
from scireasoner.types import Check, Verdict

Asked: TypeAlias = Mapping[str, object]
"""What was requested of an object, by the keys of its kind's requests."""

_SHOWN = 40
_MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Request:
    """Something that may be asked of an object.

    Parameters
    ----------
    checks : the names of the checks that look at it.
    meaning : what its value is, for people.
    """

    checks: tuple[str, ...]
    meaning: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A notation and its checks.

    Parameters
    ----------
    order : the checks that are always made, in order.
    requests : what may be asked for beyond that.
    look : makes the checks of one text; it ends at the first that leaves nothing more to see.
    telling : the checks whose success is worth telling in a short report.
    """

    name: str
    order: tuple[str, ...]
    requests: Mapping[str, Request]
    look: Callable[[str, Asked], Iterator[Check]]
    telling: frozenset[str] = field(default_factory=frozenset)


def passed(name: str, sentence: str) -> Check:
    """Return a check that holds."""
    return Check(name, Verdict.PASS, sentence)


def failed(name: str, sentence: str) -> Check:
    """Return a check that does not hold."""
    return Check(name, Verdict.FAIL, sentence)


def skipped(name: str, sentence: str) -> Check:
    """Return a check that does not apply, and why."""
    return Check(name, Verdict.NOT_APPLICABLE, sentence)


def judged(name: str, holds: bool, good: str, bad: str) -> Check:
    """Return a check that holds or not, with the sentence of either case."""
    return passed(name, good) if holds else failed(name, bad)


def short(text: str) -> str:
    """Return a text in quotes for a sentence: printable, and cut after 40 characters."""
    cut = text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
    return repr(cut) if cut.isprintable() else ascii(cut)


def foreign(text: str, allowed: Callable[[str], bool]) -> str | None:
    """Return where the first character that is not allowed stands, in words; None if all are."""
    for position, character in enumerate(text, start=1):
        if not allowed(character):
            return f"{short(character)} at position {position:,}"
    return None


def guard(
    text: str, most: int, what: str, allowed: Callable[[str], bool], expected: str
) -> Iterator[Check]:
    """Make the first two checks of any kind, of the length and of the characters.

    Parameters
    ----------
    most : characters that are looked at; longer texts can hang or crash tools.
    what : how a sentence calls the object.
    expected : which characters are allowed, in words.
    """
    if not text:
        yield failed("length", f"there is no {what}: the text is empty")
        return
    if len(text) > most:
        yield failed("length", f"{len(text):,} characters; a {what} of at most {most:,} is read")
        return
    yield passed("length", f"{len(text):,} characters, at most {most:,} are read")
    wrong = foreign(text, allowed)
    if wrong is None:
        yield passed("characters", f"only characters of a {what}")
    else:
        yield failed("characters", f"{wrong} does not belong in a {what}: {expected}")


def through(checks: Iterable[Check]) -> tuple[list[Check], bool]:
    """Return the checks, and whether none of them failed."""
    made = list(checks)
    return made, all(check.verdict is not Verdict.FAIL for check in made)


def a_text(asked: Asked, key: str) -> str | None:
    """Return a requested text, None if it is not asked for; InputError for anything else."""
    value = asked.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{key!r} was asked as {short(str(value))}: give a text")
    return value.strip()


def texts(asked: Asked, key: str) -> tuple[str, ...]:
    """Return one or several requested texts, none if nothing is asked for."""
    value = asked.get(key)
    if value is None:
        return ()
    several = [value] if isinstance(value, str) else value
    if (
        not isinstance(several, list | tuple | set | frozenset)
        or not several
        or not all(isinstance(item, str) and item.strip() for item in several)
    ):
        raise InputError(f"{key!r} was asked as {short(str(value))}: give a text or several")
    return tuple(item.strip() for item in several)


def number(asked: Asked, key: str) -> float | None:
    """Return a requested finite number, None if it is not asked for."""
    value = asked.get(key)
    if value is None:
        return None
    found = _float(value)
    if found is None:
        raise InputError(f"{key!r} was asked as {short(str(value))}: give a number")
    return found


def window(asked: Asked, key: str) -> tuple[float, float] | None:
    """Return a requested range (lowest, highest), both allowed; a single number is both.

    Given as ``[10, 50]``, ``"10:50"`` or ``"10:"``.
    """
    value = asked.get(key)
    if value is None:
        return None
    parts = value.split(":") if isinstance(value, str) else value
    ends = list(parts) if isinstance(parts, list | tuple) else [parts]
    if len(ends) == 1:
        ends = ends * 2
    if len(ends) == 2:
        low = -math.inf if ends[0] in (None, "") else _float(ends[0])
        high = math.inf if ends[1] in (None, "") else _float(ends[1])
        if low is not None and high is not None and low <= high:
            return low, high
    raise InputError(
        f"{key!r} was asked as {short(str(value))}: give a number or a range such as 10:50"
    )


def _float(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def flag(asked: Asked, key: str) -> bool:
    """Return whether something is asked for with yes or no."""
    value = asked.get(key, False)
    named = {"true": True, "yes": True, "false": False, "no": False}
    if isinstance(value, str) and value.lower() in named:
        return named[value.lower()]
    if not isinstance(value, bool):
        raise InputError(f"{key!r} was asked as {short(str(value))}: give true or false")
    return value


def in_window(name: str, value: float, wanted: tuple[float, float], unit: str) -> Check:
    """Check that a value lies in a requested range; ``unit`` ends its sentence."""
    low, high = wanted
    if low == high:
        asked = f"{low:,g}"
    elif math.isinf(high):
        asked = f"at least {low:,g}"
    else:
        asked = f"at most {high:,g}" if math.isinf(low) else f"{low:,g} to {high:,g}"
    found = f"{value:,.10g}{unit}"
    return judged(name, low <= value <= high, f"{found}, {asked} asked", f"{found}, not {asked}")


def spell(counts: Mapping[str, int]) -> str:
    """Write counts for a sentence: ``2 C, 1 O``; the charge last."""
    atoms = [f"{n:,} {element}" for element, n in sorted(counts.items()) if element != CHARGE]
    charge = counts.get(CHARGE, 0)
    return ", ".join([*atoms, *([f"charge {charge:+d}"] if charge else [])]) or "nothing"


def listed(items: Iterable[str]) -> str:
    """Join at most four items for a sentence, and say how many more there are."""
    every = list(items)
    more = f" and {len(every) - _MOST_NAMED:,} more" if len(every) > _MOST_NAMED else ""
    return ", ".join(every[:_MOST_NAMED]) + more


def elements_agree(
    found: Iterable[str], wanted: Iterable[str], tolerated: Iterable[str] = ()
) -> Check:
    """Check that the requested elements are all there and no others."""
    have, need = set(found), set(wanted)
    missing, extra = sorted(need - have), sorted(have - need - set(tolerated))
    faults = [f"{', '.join(missing)} missing"] if missing else []
    faults += [f"{', '.join(extra)} not asked for"] if extra else []
    return judged(
        "elements",
        not faults,
        f"exactly the requested elements: {', '.join(sorted(need))}",
        f"not the requested elements: {'; '.join(faults)}",
    )


def nothing_created(before: Mapping[str, int], after: Mapping[str, int]) -> Check:
    """Check that products have no more atoms of any element than what they are made from.

    Hydrogen is left out: reaction data sets do not write the water, hydride or hydrogen gas that
    it comes from. By-products need not be written either, so atoms may be missing afterwards.
    """
    name = "no element created"
    more = {
        element: (before.get(element, 0), count)
        for element, count in sorted(after.items())
        if element not in (CHARGE, "H") and count > before.get(element, 0)
    }
    told = listed(f"{element} {n:,} before, {m:,} after" for element, (n, m) in more.items())
    return judged(
        name, not more, "every atom of the products was there before", f"from nothing: {told}"
    )
