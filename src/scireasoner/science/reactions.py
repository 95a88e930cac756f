"""Reaction equations: read, balance exactly, and measure what does not balance."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import gcd, lcm

from scireasoner.errors import InputError
from scireasoner.science import formulas

MAX_LENGTH = 500
MAX_SPECIES = 20

Side = Mapping[str, int]

_ARROW = re.compile(
    r"\s*(?:<?[-=\u2013\u2014]{1,3}>|[\u2013\u2014]{0,2}[→⟶⇌⇒⟹↔➔➝➞]|={1,2}"
    r"|\\(?:long)?rightarrow|\\xrightarrow\{[^{}]{0,40}\}|\\to\b)\s*"
)
_SPACED_PLUS = re.compile(r"\s\+\s")
_TIGHT_PLUS = re.compile(r"\+(?=\s*[0-9]{0,4}\s*[A-Z(\[])")
_SPECIES = re.compile(r"([0-9]{0,4})\s*[*·]?\s*(\S.*)", re.DOTALL)
_STATE = re.compile(r"\s*(?:\((?:s|l|g|aq)\)|[↑↓])\Z")
_ELECTRON = re.compile(r"e(?:\^?-|\^\{-\})")
_MOST_IONS = 5  # species with two readings; all combinations are tried
_PLAIN = str.maketrans("₀₁₂₃₄₅₆₇₈₉⁺⁻\u2212", "0123456789+--")


def parse_equation(text: str) -> tuple[dict[str, int], dict[str, int]] | None:
    """Read ``C3H8 + 5 O2 -> 3 CO2 + 4 H2O`` (also with ``=``, ``→`` or ``2H2``).

    Returns
    -------
    Coefficients by species on the left and on the right, in order; species keep their spelling
    (subscripts become digits, ``²⁺`` becomes ``^2+``, states such as ``(aq)`` or ``↓`` are
    dropped), but that ``Fe2+`` is ``Fe^2+`` where only so it balances, or can be balanced. An
    electron is ``e-``. None if malformed.
    """
    if len(text) > MAX_LENGTH:
        return None
    sides = _ARROW.split(formulas.plain_charges(text.strip()).translate(_PLAIN))
    if len(sides) != 2:
        return None
    left, right = _side(sides[0]), _side(sides[1])
    return None if left is None or right is None else _settled(left, right)


def atoms_of(species: str) -> dict[str, int] | None:
    """Return elements and charge of a species as in `formulas.parse`; ``e-`` is an electron."""
    return {formulas.CHARGE: -1} if _ELECTRON.fullmatch(species) else formulas.parse(species)


def _settled(left: dict[str, int], right: dict[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """Read ``Fe2+`` as ``Fe^2+`` where only so the equation balances, or can be balanced.

    Each such species may be meant either way: a right equation has a reading that balances.
    """
    ways = {s: way for s in (*left, *right) if (way := formulas.ion(s)) and formulas.parse(way)}
    if not 0 < len(ways) <= _MOST_IONS or not imbalance((left, right)):
        return left, right
    readings = []
    for chosen in product((True, False), repeat=len(ways)):
        meant = {s: way for (s, way), take in zip(ways.items(), chosen, strict=True) if take}
        readings.append((_respelled(left, meant), _respelled(right, meant)))
    for reading in readings:
        if not imbalance(reading):
            return reading
    found = () if balance(list(left), list(right)) else readings
    return next((one for one in found if balance(list(one[0]), list(one[1]))), (left, right))


def _respelled(side: Mapping[str, int], meant: Mapping[str, str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for species, coefficient in side.items():
        name = meant.get(species, species)
        found[name] = found.get(name, 0) + coefficient
    return found


def _side(text: str) -> dict[str, int] | None:
    """Read one side of an equation."""
    plus = _SPACED_PLUS if _SPACED_PLUS.search(text) else _TIGHT_PLUS
    parts = plus.split(text)
    if len(parts) > MAX_SPECIES:
        return None
    counts: dict[str, int] = {}
    for part in parts:
        found = _SPECIES.fullmatch(part.strip())
        if found is None:
            return None
        coefficient = int(found.group(1) or 1)
        species = _STATE.sub("", found.group(2)).strip()
        if coefficient < 1 or atoms_of(species) is None:
            return None
        counts[species] = counts.get(species, 0) + coefficient
    return counts


def _matrix(reactants: Sequence[str], products: Sequence[str]) -> list[list[Fraction]] | None:
    """Rows: elements and charge; columns: species, products negative."""
    columns = [atoms_of(species) for species in (*reactants, *products)]
    compositions = [counts for counts in columns if counts is not None]
    if len(compositions) != len(columns):
        return None
    signs = [1] * len(reactants) + [-1] * len(products)
    keys = dict.fromkeys(key for counts in compositions for key in counts)
    return [
        [Fraction(sign * c.get(key, 0)) for sign, c in zip(signs, compositions, strict=True)]
        for key in keys
    ]


def _eliminate(rows: list[list[Fraction]]) -> list[int]:
    """Bring ``rows`` to reduced echelon form in place; return the pivot columns."""
    pivots: list[int] = []
    for column in range(len(rows[0])):
        top = len(pivots)
        pivot = next((r for r in range(top, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[top], rows[pivot] = rows[pivot], rows[top]
        head = rows[top][column]
        rows[top] = [entry / head for entry in rows[top]]
        for other in range(len(rows)):
            factor = rows[other][column]
            if other != top and factor:
                rows[other] = [x - factor * y for x, y in zip(rows[other], rows[top], strict=True)]
        pivots.append(column)
    return pivots


def balance(
    reactants: Sequence[str], products: Sequence[str]
) -> tuple[list[int], list[int]] | None:
    """Find the smallest whole coefficients that balance elements and charge, exactly.

    Returns
    -------
    Coefficients of the reactants and of the products; None if a formula is wrong, nothing
    balances, the answer is not unique, or a coefficient would not be positive.
    """
    size = len(reactants) + len(products)
    if not reactants or not products or size > MAX_SPECIES:
        return None
    rows = _matrix(reactants, products)
    if rows is None:
        return None
    pivots = _eliminate(rows)
    free = [column for column in range(size) if column not in pivots]
    if len(free) != 1:
        return None
    solution = [Fraction(0)] * size
    solution[free[0]] = Fraction(1)
    for row, pivot in enumerate(pivots):
        solution[pivot] = -rows[row][free[0]]
    if any(entry <= 0 for entry in solution):
        return None
    scale = lcm(*(entry.denominator for entry in solution))
    whole = [int(entry * scale) for entry in solution]
    divisor = gcd(*whole)
    whole = [entry // divisor for entry in whole]
    return whole[: len(reactants)], whole[len(reactants) :]


def imbalance(equation: str | tuple[Side, Side]) -> dict[str, int]:
    """Return products minus reactants by element (and ``charge``); empty if it balances.

    Parameters
    ----------
    equation : text, or what `parse_equation` returned for it.
    """
    parsed = parse_equation(equation) if isinstance(equation, str) else equation
    if parsed is None:
        raise InputError(f"{str(equation)[:80]!r} is not an equation such as '2 H2 + O2 -> 2 H2O'")
    difference: dict[str, int] = {}
    for sign, side in zip((-1, 1), parsed, strict=True):
        for species, coefficient in side.items():
            for key, count in (atoms_of(species) or {}).items():
                difference[key] = difference.get(key, 0) + sign * coefficient * count
    return {key: value for key, value in difference.items() if value}
