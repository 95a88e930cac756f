"""What a derivation is: steps that tools made, in words that vary, and the answer they reach."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from random import Random


class Voice:
    """Chooses wordings and orders, fixed by a key (a sample's id) and a seed."""

    def __init__(self, key: str, seed: int = 0) -> None:
        digest = hashlib.sha256(f"{seed}:{key}".encode()).digest()
        self._random = Random(int.from_bytes(digest[:8], "big"))

    def say(self, *wordings: str) -> str:
        """Return one of several wordings."""
        return self._random.choice(wordings)

    def order(self, items: Iterable[str]) -> list[str]:
        """Return items in a free order."""
        found = list(items)
        self._random.shuffle(found)
        return found

    def below(self, number: int) -> int:
        """Return a whole number from 0 to below ``number``."""
        return self._random.randrange(number)


@dataclass(frozen=True, slots=True)
class Derived:
    """The steps, and the raw answer that they reach (None where they describe, not answer)."""

    text: str
    value: str | None = None


Write = Callable[[Mapping[str, str], Voice], Derived | None]


@dataclass(frozen=True)
class Derivation:
    """A way to an answer that a tool can go step by step.

    Parameters
    ----------
    name : how it is called.
    needs : the inputs that it reads; ``answer`` is the known right answer, where the way back
        from it is the derivation.
    what : one line that says what is derived.
    source : where the rule or the values come from.
    write : makes the steps; None where the rule does not reach, or not with these inputs.
    error : the error that the source states, for an estimate; empty for what is exact.
    tasks : the tasks whose worked solutions it writes.
    """

    name: str
    needs: tuple[str, ...]
    what: str
    source: str
    write: Write
    error: str = ""
    tasks: tuple[str, ...] = ()


def exact(number: float, decimals: int) -> Decimal:
    """Return a number as it will be written, so that later steps compute with what is read."""
    return Decimal(repr(float(number))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def shown(number: Decimal, decimals: int) -> str:
    """Write an exact number with so many decimals, without a negative zero."""
    rounded = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return str(rounded if rounded else abs(rounded))


def signed_sum(terms: Iterable[str]) -> str:
    """Join terms by plus and minus signs: ``a - b + c`` from ``a``, ``-b``, ``c``."""
    text = ""
    for term in terms:
        bare = term.removeprefix("-")
        negative = bare != term
        text += (("-" if negative else "") if not text else (" - " if negative else " + ")) + bare
    return text
