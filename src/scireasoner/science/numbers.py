r"""Numbers in running text, with the unit that follows.

The grammar knows signs (U+2212 too), thousands separators, ``1e-5``, ``1.2 x 10^-3``, LaTeX's
``\times 10^{-3}``, superscript digits and uncertainties (``1.2 ± 0.3``, read as 1.2; a unit may
stand after either). Digits
inside words (``C3H8``, ``log10``) and the ends of strands (``5'``) are not numbers; ``inf`` and
``nan`` never are.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from scireasoner.science.units import unit_at

MAX_LENGTH = 20_000
"""Longer texts are not read at all: no scientific answer is that long."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One number found in a text.

    Parameters
    ----------
    value : always finite.
    unit : the unit as written, None if no known unit follows.
    start, end : where number and unit stand in the text.
    step : what one more in the last written digit would add, 0.1 for "78.4".
    """

    value: float
    unit: str | None
    start: int
    end: int
    step: float


_DASH = "-\u2212\u2010\u2011\u2012\u2013"
_PLAIN = str.maketrans("\u2212\u2010\u2011\u2012\u2013", "-----")
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_EXPONENT = (
    r"(?:(?:\^|\*\*)\s{0,2}\{?\s{0,2}(?P<NAME>[DASH+]?[0-9]{1,4})\s{0,2}\}?"
    r"|(?P<NAMEs>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4}))"
).replace("DASH", _DASH)
_COMMA = r"(?:,|\{,\}|\\,|[\u202f\u2009\u00a0'])"
_NUMBER = re.compile(
    # A digit right after a letter belongs to a word, also in LaTeX's \log_{10}; after a digit and
    # a dot, to a version.
    rf"(?<!\w)(?<!_\{{)(?<![0-9]\.)(?P<sign>[{_DASH}+]?)"
    r"(?:10" + _EXPONENT.replace("NAME", "bare") + r"|"
    rf"(?P<digits>[0-9]{{1,3}}(?:{_COMMA}[0-9]{{3}}){{1,8}}(?![0-9]|,[0-9])|[0-9]{{1,40}}(?![0-9]))"
    r"(?P<decimals>\.[0-9]{0,40}(?![0-9]))?"
    r"|(?P<only>\.[0-9]{1,40}(?![0-9])))"
    rf"(?:\([0-9]{{1,3}}\))?"
    rf"(?:[eE](?P<e>[{_DASH}+]?[0-9]{{1,4}})(?![0-9])|"
    r"\s{0,2}(?:[xX×·*⋅]|\\times|\\cdot)\s{0,2}10" + _EXPONENT.replace("NAME", "ten") + r")?"
)
# A minus sign may stand a blank before its number; a dash between words or numbers is none.
_LOOSE_MINUS = re.compile(
    rf"(?:(?P<head>\A)|[=:(\[{{$~≈|,;]|\b(?:is|are|was|be|of|about|approximately|approx|sim))"
    rf"[ \t]{{0,3}}(?P<dash>[{_DASH}])[ \t\u00a0\u202f\u2009]{{1,3}}\Z"
)
_SPREAD = r"(?:±|\+/?-|\\pm)\s{0,2}[0-9]{1,20}(?:\.[0-9]{1,20})?"
_UNCERTAINTY = re.compile(rf"\s{{0,2}}(?:{_SPREAD}|\(\s?{_SPREAD}\s?\))")
# What may stand between a number and its unit: blanks, LaTeX blanks, the head of \text{...}.
_LATEX_TEXT = r"\\(?:text|mathrm|rm)\s?\{"
_GAP = re.compile(rf"(?:[ \u00a0\u202f\u2009~$]|\\[,;: ]|{_LATEX_TEXT}|-(?=[A-Za-z])){{0,6}}")
_LATEX_DEGREE = re.compile(
    rf"(?:\^\s?\{{?\s?\\circ\s?\}}?|\\degree)\s?\$?\s?(?:{_LATEX_TEXT})?\s?([CF])(?![A-Za-z])"
)


def read_numbers(text: str) -> list[Reading]:
    """Find every finite number in ``text``, in order; nothing if it is longer than 20,000."""
    if len(text) > MAX_LENGTH:
        return []
    readings: list[Reading] = []
    at = 0
    while (found := _NUMBER.search(text, at)) is not None:
        at = found.end()
        if _end_of_strand(text, found):
            continue
        value, step = _value(found)
        start = found.start()
        # In "3-5" and "sample-5" the dash joins words: it is no sign.
        if found["sign"] and start and (text[start - 1].isalnum() or text[start - 1] in ")]%°"):
            start, value = start + 1, abs(value)
        elif not found["sign"] and (dash := _loose_minus(text, start)) is not None:
            start, value = dash, -value
        spread = _UNCERTAINTY.match(text, at)
        if spread is not None:
            at = spread.end()
        unit, end = _unit(text, at)
        if unit is None and (text[at : at + 1].isalnum() or _version(text, at)):
            continue
        at = end = _past_uncertainty(text, unit, end)
        if math.isfinite(value):
            readings.append(Reading(value, unit, start, end, step))
    return readings


def _end_of_strand(text: str, found: re.Match[str]) -> bool:
    """Whether this is the 5' or the 3' end of a nucleic acid, not a number in quotes."""
    prime = text[found.end() : found.end() + 1]
    quoted = text[found.start() - 1 : found.start()] == prime
    return found.group() in ("3", "5") and prime in ("'", "\u2032", "\u2019") and not quoted


def _loose_minus(text: str, start: int) -> int | None:
    """Return where a minus sign stands a blank before the number at ``start``, None if nowhere."""
    found = _LOOSE_MINUS.search(text, max(0, start - 24), start)
    # The dash that opens one of several lines is a bullet.
    if found is None or (found["head"] is not None and "\n" in text.strip()):
        return None
    return found.start("dash")


def _version(text: str, at: int) -> bool:
    """Whether the digits go on as a version or a date: ``1.2.3``."""
    return text[at : at + 1] == "." and text[at + 1 : at + 2].isdigit()


def _value(found: re.Match[str]) -> tuple[float, float]:
    """Turn a match into a number and the step of its last digit.

    An exponent beyond doubles gives infinity, which is dropped.
    """
    sign = -1.0 if found["sign"] and found["sign"] != "+" else 1.0
    bare = found["bare"] or found["bares"]
    if bare is not None:
        mantissa, decimals, exponent = "1", "", bare
    else:
        digits = re.sub(r"[^0-9]", "", found["digits"] or "0")
        decimals = found["decimals"] or found["only"] or ""
        mantissa = digits + decimals
        exponent = found["e"] or found["ten"] or found["tens"] or "0"
    exponent = exponent.translate(_PLAIN).translate(_SUPERSCRIPT)
    power = int(exponent)
    step = float(f"1e{power - max(len(decimals) - 1, 0)}")
    return sign * float(f"{mantissa}e{power}"), step


def _past_uncertainty(text: str, unit: str | None, at: int) -> int:
    """Return where an uncertainty after a unit, in the same unit, ends: ``1.2 eV ± 0.1 eV``."""
    spread = _UNCERTAINTY.match(text, at) if unit is not None else None
    if spread is None:
        return at
    own, end = _unit(text, spread.end())
    return end if own in (None, unit) else at


def _unit(text: str, at: int) -> tuple[str | None, int]:
    """Read the unit after a number that ends at ``at``: the unit and where it ends."""
    gap = _GAP.match(text, at)
    start = gap.end() if gap else at
    degree = _LATEX_DEGREE.match(text, start)
    if degree is not None:
        return f"°{degree.group(1)}", degree.end()
    end = unit_at(text, start)
    return (text[start:end], end) if end > start else (None, at)
