"""Expressions of numbers: tokens with their units, and their exact value."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction

from scireasoner.science import units

MOST_TOKENS = 400
_MOST_NESTED = 30
_LARGEST = 10**40
_MOST_BITS = 4_096  # of a power, exact: powers of powers of decimals would grow without end
_PATTERN = re.compile(
    r"(?P<number>(?<![\w.])(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]{1,15})(?:\.[0-9]{1,15})?"
    r"(?:[eE][-+]?[0-9]{1,2}(?![0-9]))?(?![0-9]))"
    r"|(?P<raised>[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})|(?P<word>[^\W\d_]\w*)|(?P<equal>=|≈|≃|~)|(?P<op>\*\*|[-+*/^()])"
    r"|(?P<degree>°(?![CF]))|(?P<percent>%)|(?P<blank>[ \t]+)|(?P<other>.)",
    re.DOTALL,
)
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_STOP = re.compile(r"[.;:!?,]\s+|\n{2,}")
_EQUAL = re.compile("[=≈≃~]")
FUNCTIONS = {
    "sqrt": math.sqrt, "ln": math.log, "log10": math.log10, "exp": math.exp,
    "cos": math.cos, "sin": math.sin,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of an expression; a number takes the unit after it along."""

    kind: str
    text: str
    start: int
    end: int
    unit: str = ""


class Unclear(Exception):
    """The tokens are no expression that is followed here."""


def equalities(text: str) -> list[list[Token]]:
    """Return the tokens of each sentence with an equality sign."""
    found: list[list[Token]] = []
    start = 0
    for end in [*(stop.end() for stop in _STOP.finditer(text)), len(text)]:
        if _EQUAL.search(text, start, end):
            found.append(tokens_of(text, start, end))
        start = end
    return found


def tokens_of(text: str, start: int, end: int) -> list[Token]:
    """Cut a piece of a text into tokens; a number takes the unit after it along."""
    found: list[Token] = []
    at = start
    while at < end:
        match = _PATTERN.match(text, at)
        if match is None:
            break
        kind, at = match.lastgroup or "other", match.end()
        if kind == "number":
            unit, at = _unit(text, at)
            found.append(Token(kind, match.group(), match.start(), at, unit))
        elif kind == "raised" and found and found[-1].end == match.start() and _is_base(found[-1]):
            found += _power(match)
        elif kind != "blank":
            found.append(Token(kind, match.group(), match.start(), at))
    return found


def _is_base(token: Token) -> bool:
    """Whether what is raised after a token is its power: after ``m`` it is part of a unit."""
    return (token.kind == "number" and not token.unit) or token.text == ")"


def _power(raised: re.Match[str]) -> list[Token]:
    """Return ``10⁻³``'s tail as the tokens of ``^(-3)``, all at its place."""
    exponent = raised.group().translate(_LOWERED)
    digits = exponent.lstrip("+-")
    pieces = [("op", "^"), ("op", "("), ("number", digits), ("op", ")")]
    if exponent.startswith("-"):
        pieces.insert(2, ("op", "-"))
    start, end = raised.span()
    return [Token(kind, text, start, end) for kind, text in pieces]


def _unit(text: str, at: int) -> tuple[str, int]:
    """Read a percent sign, a degree, or a unit after a number."""
    gap = 1 if text[at : at + 1] == " " else 0
    following = text[at + gap : at + gap + 1]
    if following == "%":
        return "%", at + gap + 1
    if following == "°" and text[at + gap + 1 : at + gap + 2] not in ("C", "F"):
        return "°", at + gap + 1
    if not (following.isalpha() or following == "°"):
        return "", at
    end = units.unit_at(text, at + gap)
    return (text[at + gap : end], end) if end > at + gap else ("", at)


def step_of(token: Token) -> Fraction:
    """Return one unit of the last place of a number as written."""
    mantissa, _, power = token.text.lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    step = Fraction(10) ** (int(power or 0) - decimals)
    return step / 100 if token.unit == "%" else step


class _Parser:
    """Precedence climbing over tokens; powers are small and whole."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens, self._at, self._nested = tokens, 0, 0

    def whole(self) -> Fraction:
        value = self._sum()
        if self._at != len(self._tokens):
            raise Unclear
        return value

    def _peek(self) -> str:
        return self._tokens[self._at].text if self._at < len(self._tokens) else ""

    def _next(self) -> Token:
        if self._at >= len(self._tokens):
            raise Unclear
        self._at += 1
        return self._tokens[self._at - 1]

    def _sum(self) -> Fraction:
        value = self._product()
        while self._peek() in ("+", "-"):
            sign = 1 if self._next().text == "+" else -1
            value += sign * self._product()
        return value

    def _product(self) -> Fraction:
        value = self._signed()
        while self._peek() in ("*", "/"):
            value = value * self._signed() if self._next().text == "*" else value / self._signed()
            if abs(value) > _LARGEST:
                raise Unclear
        return value

    def _signed(self) -> Fraction:
        if self._peek() in ("+", "-") and self._peek():
            sign = -1 if self._next().text == "-" else 1
            return sign * self._power()
        return self._power()

    def _power(self) -> Fraction:
        base = self._atom()
        if self._peek() not in ("^", "**") or not self._peek():
            return base
        self._next()
        exponent = self._signed()
        bits = max(base.numerator.bit_length(), base.denominator.bit_length())
        if abs(exponent) > 30 or abs(base) > 10**9 or bits * abs(exponent) > _MOST_BITS:
            raise Unclear
        if exponent.denominator == 1:
            return base ** int(exponent)
        if base <= 0:
            raise Unclear
        return Fraction(float(base) ** float(exponent))

    def _atom(self) -> Fraction:
        token = self._next()
        if token.kind == "number":
            value = Fraction(token.text.replace(",", ""))
            return value / 100 if token.unit == "%" else value
        if token.text == "(":
            return self._closed()
        if token.text in FUNCTIONS and self._next().text == "(":
            inner = self._tokens[self._at] if self._at < len(self._tokens) else None
            value = self._closed()
            argument = float(value)
            if token.text in ("cos", "sin"):
                if inner is None or inner.unit != "°":
                    raise Unclear
                argument = math.radians(argument)
            return Fraction(FUNCTIONS[token.text](argument))
        raise Unclear

    def _closed(self) -> Fraction:
        self._nested += 1
        if self._nested > _MOST_NESTED:
            raise Unclear
        value = self._sum()
        if self._next().text != ")":
            raise Unclear
        self._nested -= 1
        return value


def value_of(tokens: list[Token]) -> Fraction:
    """Return the exact value of an expression; Unclear if it is none that is followed here."""
    value = _Parser(tokens).whole()
    if abs(value) > _LARGEST:
        raise Unclear
    return value


def with_powers_joined(tokens: list[Token]) -> list[Token]:
    """Return the tokens with brackets around each number times a power of ten."""
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        size = _size_of_power(tokens[at:])
        if size:
            first, last = tokens[at], tokens[at + size - 1]
            found.append(Token("op", "(", first.start, first.start))
            found += tokens[at : at + size]
            found.append(Token("op", ")", last.end, last.end))
        else:
            found.append(tokens[at])
        at += size or 1
    return found


def _size_of_power(tokens: list[Token]) -> int:
    """Return how many tokens ``5.0 * 10 ^ (-2)`` at the beginning has; 0 if none stands there."""
    texts = [token.text for token in tokens[:9]]
    if len(texts) < 5 or tokens[0].kind != "number" or texts[1:3] != ["*", "10"]:
        return 0
    if texts[3] not in ("^", "**"):
        return 0
    rest = texts[4:]
    if rest[0] == "(":
        return 5 + rest.index(")") if ")" in rest else 0
    return 6 if rest[0] in ("+", "-") and len(rest) > 1 else 5
