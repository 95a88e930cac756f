"""Chemical formulas as element counts: parse, write in Hill order, compare."""

from __future__ import annotations

import re
from collections.abc import Mapping

ELEMENTS: tuple[str, ...] = tuple(
    (  # noqa: SIM905 (the periodic table reads better in lines)
        "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As "
        "Se Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu "
        "Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np "
        "Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og"
    ).split()
)
"""The 118 IUPAC element symbols by atomic number."""

CHARGE = "charge"
"""The key under which a nonzero net charge (units of e) stands beside the element counts."""

MAX_LENGTH = 300
MAX_COUNT = 100_000
MAX_DEPTH = 20

_KNOWN = frozenset(ELEMENTS)
# Isotopes of hydrogen have letters of their own; as a composition they are hydrogen.
_ISOTOPES = {"D": "H", "T": "H"}
_ISOTOPE = re.compile(r"[DT](?![a-z])")
_TOKEN = re.compile(r"(?P<element>[A-Z][a-z]?)|(?P<open>[(\[{])|(?P<close>[)\]}])")
_SIMPLE = re.compile(r"(?:[A-Z][a-z]?[0-9]{0,6}+)+")
_COUNTED = re.compile(r"([A-Z][a-z]?)([0-9]*)")
_DIGITS = re.compile(r"[0-9]{1,6}")
_CHARGE = re.compile(r"(?:\^\{?(?:([0-9]{0,2})([+-])|([+-])([0-9]{1,2}))\}?|([+-])([0-9]{0,2}))$")
# A number after the one pair of square brackets is the size of the charge: [Fe(CN)6]4-.
_COMPLEX_ION = re.compile(r"(\[[^\[\]]*\])([0-9]{1,2}[+-])")
# The number after one symbol, or the last digit of several, may be the size of the charge.
_ION = re.compile(r"([A-Z][a-z]?|[A-Z(\[].*[0-9])([1-9])([+-])")
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_RAISED_CHARGE = re.compile(rf"([{_RAISED}]{{1,2}}[⁺⁻]|[⁺⁻][{_RAISED}]{{1,2}})")
_CLOSES = {"(": ")", "[": "]", "{": "}"}
_PLAIN = str.maketrans("₀₁₂₃₄₅₆₇₈₉₊₋⁺⁻\u2212·•⋅∙", "0123456789+-+--....")
_LOWERED = str.maketrans(f"{_RAISED}⁺⁻", "0123456789+-")


def parse(text: str) -> dict[str, int] | None:
    """Read a formula such as ``Ca(OH)2``, ``CuSO4.5H2O`` or ``C2H3O2-``.

    Brackets nest; a trailing charge is written as ``+``, ``-2``, ``^2-`` or ``²⁻``, after one pair
    of square brackets also as ``[SO4]2-``. Deuterium and tritium (D, T) count as hydrogen.

    Returns
    -------
    Counts by element (and ``"charge"`` if nonzero), or None if the text is not a formula.
    """
    body = plain_charges(text.strip()).translate(_PLAIN)
    if not body or len(body) > MAX_LENGTH or not body.isascii():
        return None
    if _SIMPLE.fullmatch(body):
        return _parse_simple(body)
    body, charge = _split_charge(body)
    total: dict[str, int] = {}
    for part in body.split("."):
        lead = _DIGITS.match(part)
        times = int(lead.group()) if lead else 1
        counts = _parse_part(part[lead.end() :] if lead else part)
        # A leading multiplier belongs to the parts of a hydrate; "2H2O" alone is no formula.
        if counts is None or times == 0 or (lead and "." not in body):
            return None
        for element, count in counts.items():
            total[element] = total.get(element, 0) + times * count
    if sum(total.values()) > MAX_COUNT:
        return None
    if charge:
        total[CHARGE] = charge
    return total


def names_isotope(text: str) -> bool:
    """Whether a formula names deuterium or tritium, which do not weigh what hydrogen weighs."""
    return _ISOTOPE.search(text) is not None


def plain_charges(text: str) -> str:
    """Return a text with raised charges that have a size, ``Fe²⁺``, as ``Fe^2+``."""
    if text.isascii():
        return text
    return _RAISED_CHARGE.sub(lambda found: f"^{found.group().translate(_LOWERED)}", text)


def ion(text: str) -> str | None:
    """Return ``Fe2+`` as ``Fe^2+`` and ``SO42-`` as ``SO4^2-``: the other way to read them.

    Alone they are Fe2 with one charge, as toolkits write it; chemists mean the size of the charge.
    None where the number before the sign can only be one of atoms (``NH4+``).
    """
    found = _ION.fullmatch(text.strip().translate(_PLAIN))
    return None if found is None else f"{found[1]}^{found[2]}{found[3]}"


def _parse_simple(body: str) -> dict[str, int] | None:
    """Count the elements of a formula that has neither brackets nor dots nor a charge."""
    total: dict[str, int] = {}
    for symbol, digits in _COUNTED.findall(body):
        element, times = _ISOTOPES.get(symbol, symbol), int(digits or 1)
        if element not in _KNOWN or not 0 < times <= MAX_COUNT:
            return None
        total[element] = total.get(element, 0) + times
    return total if sum(total.values()) <= MAX_COUNT else None


def _split_charge(body: str) -> tuple[str, int]:
    """Split a trailing charge from a formula."""
    body = _COMPLEX_ION.sub(r"\1^\2", body) if _COMPLEX_ION.fullmatch(body) else body
    found = _CHARGE.search(body)
    if found is None:
        return body, 0
    before, after_it, sign_first, size_last, plain, plain_size = found.groups()
    size = before or size_last or plain_size or "1"
    sign = after_it or sign_first or plain
    return body[: found.start()], int(size) if sign == "+" else -int(size)


def _parse_part(part: str) -> dict[str, int] | None:
    """Count the elements of one formula without dots and charge, with a stack, not recursion."""
    stack: list[dict[str, int]] = [{}]
    closers: list[str] = []
    at = 0
    while at < len(part):
        token = _TOKEN.match(part, at)
        if token is None:
            return None
        at = token.end()
        if token.lastgroup == "open":
            stack.append({})
            closers.append(_CLOSES[token.group()])
            if len(stack) > MAX_DEPTH:
                return None
            continue
        if token.lastgroup == "close":
            if not closers or closers.pop() != token.group():
                return None
            group = stack.pop()
        else:
            element = _ISOTOPES.get(token.group(), token.group())
            if element not in _KNOWN:
                return None
            group = {element: 1}
        digits = _DIGITS.match(part, at)
        times = int(digits.group()) if digits else 1
        at = digits.end() if digits else at
        if not group or not 0 < times <= MAX_COUNT:
            return None
        for element, count in group.items():
            stack[-1][element] = stack[-1].get(element, 0) + times * count
    return stack[0] if not closers and stack[0] else None


def hill(counts: Mapping[str, int]) -> str:
    """Write counts in Hill order (C, H, then alphabetical; doi:10.1021/ja02046a005).

    A charge follows as ``+``, ``-`` or ``-2``, as RDKit writes it.
    """
    elements = sorted(element for element in counts if element != CHARGE and counts[element])
    if "C" in elements:
        elements.sort(key=lambda element: (element != "C", element != "H", element))
    text = "".join(f"{e}{counts[e]}" if counts[e] != 1 else e for e in elements)
    charge = counts.get(CHARGE, 0)
    if charge:
        text += ("+" if charge > 0 else "-") + (str(abs(charge)) if abs(charge) > 1 else "")
    return text


def overlap(a: Mapping[str, int], b: Mapping[str, int]) -> float:
    """Return 1 - (L1 distance of the counts) / (atoms of both), in [0, 1]; 1 means equal.

    A charge counts like an element.
    """
    keys = sorted(a.keys() | b.keys())
    total = sum(abs(a.get(key, 0)) + abs(b.get(key, 0)) for key in keys)
    if total == 0:
        return 1.0
    return 1.0 - sum(abs(a.get(key, 0) - b.get(key, 0)) for key in keys) / total
