"""Sums, products, percentages and conversions of units: ``2 * 12.011 + 6 * 1.008 = 30.070``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from scireasoner.science import units
from scireasoner.science.claims.base import Claim, Scene
from scireasoner.science.claims.expressions import (
    FUNCTIONS,
    MOST_TOKENS,
    Token,
    Unclear,
    equalities,
    step_of,
    value_of,
    with_powers_joined,
)


@dataclass(frozen=True, slots=True)
class _Side:
    value: Fraction
    tokens: list[Token]

    @property
    def literal(self) -> Token | None:
        """The only number of a side without operators (signs and brackets aside)."""
        numbers = [t for t in self.tokens if t.kind == "number"]
        plain = all(t.kind == "number" or t.text in ("+", "-", "(", ")") for t in self.tokens)
        return numbers[0] if plain and len(numbers) == 1 else None

    @property
    def has_powers(self) -> bool:
        """Whether a number is written with a power of ten, as constants of nature are."""
        raised = zip(self.tokens, self.tokens[1:], strict=False)
        return any(a.text == "10" and b.text in ("^", "**") for a, b in raised) or any(
            t.kind == "number" and "e" in t.text.lower() for t in self.tokens
        )

    @property
    def slack(self) -> Fraction:
        """How far off, as a share, the decimals of its numbers leave a product."""
        numbers = [t for t in self.tokens if t.kind == "number" and "." in t.text and t.unit != "%"]
        sizes = [(step_of(t) / 2, abs(Fraction(t.text.replace(",", "")))) for t in numbers]
        return sum((half / size for half, size in sizes if size), Fraction(0))

    @property
    def scientific_step(self) -> Fraction | None:
        """One unit of the last place of a number written as ``6.0 * 10^-5``."""
        found = _SCIENTIFIC.fullmatch("".join(t.text for t in self.tokens))
        if found is None:
            return None
        return Fraction(10) ** (int(found.group(2)) - len(found.group(1)))


_SCIENTIFIC = re.compile(r"[-+]?[0-9]{1,15}\.([0-9]{1,15})\*10(?:\^|\*\*)\(?([-+]?[0-9]{1,2})\)?")


def read(scene: Scene) -> Iterator[Claim]:
    """Yield each equality of two expressions of numbers."""
    for tokens in equalities(scene.text):
        yield from _read(scene, tokens)


def _read(scene: Scene, tokens: list[Token]) -> Iterator[Claim]:
    for at, token in enumerate(tokens):
        if token.kind != "equal" or scene.is_taken(token.start):
            continue
        left, right = _leftwards(tokens, at, scene.text), _rightwards(tokens, at, scene.text)
        if left is None or right is None:
            continue
        found = _compare(left, right, token.text != "=")
        if found is not None:
            yield scene.claim(left[0].start, right[-1].end, "arithmetic", *found)


_INNER = ("number", "op")


def _leftwards(tokens: list[Token], at: int, text: str) -> list[Token] | None:
    """Return the expression that ends before an equality sign."""
    stop = at
    if stop and tokens[stop - 1].kind == "word":
        # "2 rings = ..." and "6 H2O = ...": a thing that is counted.
        stop -= 1
        if (
            not stop
            or tokens[stop - 1].kind != "number"
            or tokens[stop - 1].end == tokens[stop].start
        ):
            return None  # "2pq" is a product
    start = stop
    while start and stop - start < MOST_TOKENS:
        token = tokens[start - 1]
        after = tokens[start] if start < stop else None
        function = token.text in FUNCTIONS and after is not None and after.text == "("
        if token.kind not in _INNER and not function:
            break
        if token.kind == "number" and after is not None and after.kind == "number":
            if _parts(token, after):
                return None
            break
        start -= 1
    chosen = tokens[start:stop]
    return _trimmed(chosen, tokens[start - 1] if start else None, text)


def _parts(token: Token, after: Token) -> bool:
    """Whether two numbers may be the parts of one: ``1 000`` with its thin blank."""
    whole = after.text.partition(".")[0]
    return after.start - token.end == 1 and token.text.isdigit() and len(whole) == 3


def _trimmed(chosen: list[Token], before: Token | None, text: str) -> list[Token] | None:
    """Drop what cannot begin an expression; None if an operand stands outside of it."""
    while chosen and chosen[0].text == ")":
        chosen = chosen[1:]
    depth = 0
    for token in reversed(chosen):
        depth += (token.text == ")") - (token.text == "(")
        if depth < 0:
            # An opened bracket that is not closed before the sign: the sum stands inside it.
            return _trimmed(chosen[chosen.index(token) + 1 :], token, text)
    if not chosen:
        return None
    first = chosen[0]
    if first.text in FUNCTIONS and before is not None and _factor(before, first):
        return None
    if first.text == "(" and before is not None and before.kind == "word":
        # "IC(50) = 3": the bracket belongs to a name.
        return None if before.end == first.start else chosen
    if first.kind == "op" and first.text != "(":
        signed = first.text in "-+" and len(chosen) > 1 and chosen[1].start == first.end
        attached = before is not None and before.end == first.start
        named = before is not None and before.kind == "word" and not signed
        if not signed or attached or named:
            return None
    return chosen


def _factor(before: Token, first: Token) -> bool:
    """Whether a name or a raised number before a function is multiplied by it: ``c sin(120°)``."""
    named = before.kind == "word" and (len(before.text) == 1 or not before.text.isalpha())
    return before.kind == "raised" or named or before.end == first.start


def _rightwards(tokens: list[Token], at: int, text: str) -> list[Token] | None:
    """Return the expression that begins after an equality sign."""
    end = at + 1
    depth = 0
    while end < len(tokens) and end - at < MOST_TOKENS:
        token = tokens[end]
        function = token.text in FUNCTIONS and text[token.end : token.end + 1] == "("
        if token.kind not in _INNER and not function:
            break
        if token.kind == "number" and tokens[end - 1].kind == "number":
            if _parts(tokens[end - 1], token):
                return None
            break
        if token.kind == "raised":
            return None  # of a unit, or of what is no number
        if token.text == ")" and depth == 0:
            break
        depth += (token.text == "(") - (token.text == ")")
        if token.text == "(" and tokens[end - 1].kind == "number":
            break  # "= 24.02 (two carbons)"
        end += 1
    chosen = tokens[at + 1 : end]
    if not chosen:
        return None
    if chosen[-1].kind == "op" and chosen[-1].text != ")":
        dash = chosen[-1].text == "-" and len(chosen) > 1
        following = tokens[end] if end < len(tokens) else None
        # A dash between clauses ends the sum; another operator has an operand we cannot read.
        if dash and (following is None or following.start > chosen[-1].end):
            return None if following and following.kind in ("number",) else chosen[:-1]
        return None
    return chosen


def _compare(left: list[Token], right: list[Token], about: bool) -> tuple[bool | None, str] | None:
    try:
        first, second = _Side(value_of(left), left), _Side(value_of(right), right)
    except (Unclear, ZeroDivisionError, OverflowError, ValueError):
        return None
    one, other = first.literal, second.literal
    if one is not None and other is not None:
        return _converted(one, first.value, other, second.value)
    shown = other or one
    difference = abs(first.value - second.value)
    if shown is None:
        return _of_expressions(first, second, about)
    step = step_of(shown)
    allowed = step if about else step / 2
    computed = second.value if shown is one else first.value
    stated = first.value if shown is one else second.value
    if difference == allowed and abs(stated) < abs(computed):
        return None, f"it is {_written(computed)}"  # 7 / 2 = 3 is a mistake, or a half cut off
    if difference <= allowed:
        return True, ""
    hundred = any(t.text == "100" for t in left + right) and shown.unit == "%"
    if hundred and abs(computed - 100 * stated) <= 100 * allowed:
        return True, ""
    if about and difference <= abs(computed) / 100:
        return None, f"about {_written(computed)}"
    if _mixed(left + right):
        return None, "units are mixed"
    return _unless_rounded(shown, second if shown is one else first, computed, stated)


def _unless_rounded(
    shown: Token, side: _Side, computed: Fraction, stated: Fraction
) -> tuple[bool | None, str]:
    """Judge a result that is off: perhaps in a larger unit, or of constants that are rounded."""
    why = f"it is {_written(computed)}"
    half = step_of(shown) / 2
    if shown.unit == "%" and abs(computed - 100 * stated) <= 100 * half:
        return None, f"{why}, of percent perhaps"
    bare = not any(t.unit for t in side.tokens)
    if shown.unit and bare and any(abs(computed * f - stated) <= half for f in _PREFIXES):
        return None, f"{why} without the unit's prefix"
    if computed != (meant := _as_written(side)) and abs(meant - stated) <= half:
        return None, f"{why} from left to right"
    # Constants are written shorter than they are used: 6.022e23 with five digits of a result.
    if side.has_powers and abs(computed - stated) <= abs(computed) * side.slack + half:
        return None, f"{why} with constants as rounded here"
    return False, why


def _as_written(side: _Side) -> Fraction:
    """Return the value with ``5.0 * 10^2`` read as one number, also after a stroke."""
    try:
        return value_of(with_powers_joined(side.tokens))
    except (Unclear, ZeroDivisionError, OverflowError, ValueError):
        return Fraction(-1)


_PREFIXES = tuple(Fraction(10) ** power for power in (-12, -9, -6, -3, 3, 6, 9, 12))


def _of_expressions(first: _Side, second: _Side, about: bool) -> tuple[bool | None, str]:
    difference, size = abs(first.value - second.value), abs(first.value) + abs(second.value)
    steps = [step for side in (first, second) if (step := side.scientific_step) is not None]
    allowed = steps[0] / (1 if about else 2) if len(steps) == 1 else Fraction(0)
    if difference <= max(allowed, size / 10**9):
        return True, ""
    why = f"{_written(first.value)} is not {_written(second.value)}"
    rounded = any("." in t.text for t in first.tokens + second.tokens)
    if (rounded or about) and difference <= size / 200:
        return None, why
    return (None, "units are mixed") if _mixed(first.tokens + second.tokens) else (False, why)


def _converted(
    one: Token, first: Fraction, other: Token, second: Fraction
) -> tuple[bool | None, str] | None:
    """Compare two quantities with their units; None where they have none."""
    if not one.unit or not other.unit or one.unit == other.unit:
        return None
    if "%" in (one.unit, other.unit) or "°" in (one.unit, other.unit):
        return None
    value = units.convert(float(first), one.unit, other.unit)
    if value is None:
        return None
    step = float(step_of(other)) / 2
    if abs(value - float(second)) <= step * (1 + 1e-6) + 1e-9 * abs(value):
        return True, ""
    # A conversion is often written with fewer digits of its factor.
    if abs(value - float(second)) <= abs(value) / 500:
        return None, f"about {value:.6g} {other.unit}"
    return False, f"it is {value:.6g} {other.unit}"


def _mixed(tokens: list[Token]) -> bool:
    """Whether quantities of several units meet, which are not followed here."""
    found = {t.unit for t in tokens if t.unit and t.unit not in "%°"}
    return len(found) > 1


def _written(value: Fraction) -> str:
    return f"{float(value):.10g}"
