"""Physical units: a whitelist grammar in front of pint.

Model text never reaches pint's own parser, which evaluates powers such as ``9**9**9**9``. Only
known symbols with exponents of at most 9 pass, as a mapping from pint names to exponents.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

MAX_LENGTH = 60
MAX_EXPONENT = 9
MAX_FACTORS = 8

_PREFIXES = {
    "f": "femto", "p": "pico", "n": "nano", "u": "micro", "m": "milli", "c": "centi",
    "d": "deci", "h": "hecto", "k": "kilo", "M": "mega", "G": "giga", "T": "tera",
}  # fmt: skip
# symbol -> (pint name, prefixes that may stand before it)
_SYMBOLS: Mapping[str, tuple[str, str]] = {
    "g": ("gram", "fpnumk"), "mol": ("mole", "fpnumk"), "M": ("molar", "pnum"),
    "L": ("liter", "pnumcd"), "l": ("liter", "pnumcd"), "m": ("meter", "fpnumcdk"),
    "s": ("second", "fpnum"), "J": ("joule", "mkMG"), "cal": ("calorie", "k"),
    "eV": ("electron_volt", "mkMG"), "Pa": ("pascal", "mhkMG"), "bar": ("bar", "mk"),
    "Hz": ("hertz", "kMGT"), "Da": ("dalton", "k"), "V": ("volt", "numk"),
    "A": ("ampere", "fpnum"), "N": ("newton", "pnumk"), "W": ("watt", "numkM"),
    "T": ("tesla", "um"), "S": ("siemens", "num"), "K": ("kelvin", "um"),
    "\\AA": ("angstrom", ""),
    "Å": ("angstrom", ""), "D": ("debye", ""), "u": ("dalton", ""), "amu": ("dalton", ""),
    "Ω": ("ohm", "mkM"), "atm": ("atmosphere", ""), "torr": ("torr", ""), "Torr": ("torr", ""),
    "mmHg": ("millimeter_Hg", ""), "psi": ("psi", ""), "min": ("minute", ""), "h": ("hour", ""),
    "hr": ("hour", ""), "d": ("day", ""), "Ha": ("hartree", ""), "Eh": ("hartree", ""),
    "E_h": ("hartree", ""),
    "%": ("percent", ""), "ppm": ("ppm", ""), "°C": ("degree_Celsius", ""),
    "°F": ("degree_Fahrenheit", ""), "C": ("degree_Celsius", ""), "F": ("degree_Fahrenheit", ""),
    "degC": ("degree_Celsius", ""), "degF": ("degree_Fahrenheit", ""),
    "℃": ("degree_Celsius", ""), "℉": ("degree_Fahrenheit", ""), "cc": ("milliliter", ""),
    "m_e": ("electron_mass", ""),
}  # fmt: skip
_WORDS: Mapping[str, str] = {
    "gram": "gram", "kilogram": "kilogram", "milligram": "milligram", "microgram": "microgram",
    "mole": "mole", "millimole": "millimole", "molar": "molar", "liter": "liter",
    "litre": "liter", "milliliter": "milliliter", "millilitre": "milliliter", "meter": "meter",
    "metre": "meter", "centimeter": "centimeter", "millimeter": "millimeter",
    "micrometer": "micrometer", "nanometer": "nanometer", "nanometre": "nanometer",
    "picometer": "picometer", "angstrom": "angstrom", "ångström": "angstrom",
    "second": "second", "minute": "minute", "hour": "hour", "day": "day", "joule": "joule",
    "kilojoule": "kilojoule", "calorie": "calorie", "kilocalorie": "kilocalorie",
    "electronvolt": "electron_volt", "electron volt": "electron_volt", "hartree": "hartree",
    "kelvin": "kelvin", "celsius": "degree_Celsius", "fahrenheit": "degree_Fahrenheit",
    "pascal": "pascal",
    "kilopascal": "kilopascal", "megapascal": "megapascal", "gigapascal": "gigapascal",
    "cubic centimeter": "milliliter", "cubic centimetre": "milliliter",
    "atmosphere": "atmosphere", "dalton": "dalton",
    "kilodalton": "kilodalton", "debye": "debye", "percent": "percent", "hertz": "hertz",
    "volt": "volt",
}  # fmt: skip
_MOLAR = {"dalton": "gram", "kilodalton": "kilogram"}
_OFFSETS = {
    "degree_Celsius": "delta_degree_Celsius",
    "degree_Fahrenheit": "delta_degree_Fahrenheit",
}
# Superscripts, minus signs, micro signs, the angstrom and ohm signs, dots, odd blanks, and the
# ordinal and ring that are typed for a degree sign.
_PLAIN = str.maketrans(
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺\u2212\u2013\u00b5\u03bc\u212b\u22c5\u2219\u00d7\u2126\u00a0\u202f\u2009\u00ba\u02da",
    "0123456789-+--uuÅ···Ω   °°",
)


@cache
def _table() -> Mapping[str, str]:
    """Every accepted spelling of a factor -> pint name."""
    table: dict[str, str] = {}
    for symbol, (name, prefixes) in _SYMBOLS.items():
        table[symbol] = name
        for prefix in prefixes:
            table.setdefault(prefix + symbol, _PREFIXES[prefix] + name)
    for word, name in _WORDS.items():
        table.update({word: name, word + "s": name, word.capitalize(): name})
    for degrees in ("degrees ", "degree ", "deg ", "° "):
        table.update({degrees + "C": "degree_Celsius", degrees + "Celsius": "degree_Celsius",
                      degrees + "F": "degree_Fahrenheit",
                      degrees + "Fahrenheit": "degree_Fahrenheit"})  # fmt: skip
    return table


@cache
def _factor() -> re.Pattern[str]:
    r"""One factor with its exponent: ``cm^-1``, ``mol-1``, ``s**2``, ``\text{cm}^3``."""
    spellings = "|".join(re.escape(word) for word in sorted(_table(), key=len, reverse=True))
    # A letter or digit right after a symbol means it is the head of some other word. After a blank
    # only a sign makes an exponent ("kJ mol -1" has one, "2 h 30 min" has not); a digit in the next
    # line, or with decimals, is another number.
    power = r"(?:(?:\}?\^|\*\*) ?|(?! [0-9]) ?)\{?([+-]?[0-9])\}?(?!\.[0-9])"
    return re.compile(rf"({spellings})(?:{power}|(?![A-Za-z0-9]))(?![A-Za-z0-9^])")


# Only below the slash or as atom^-1: "eV/atom" is a unit, "5 atoms" is a count.
_ATOM = re.compile(r"(atom)()(?![A-Za-z0-9^])")
_EACH_ATOM = re.compile(r"(atom)\}?\^?\{?(-1)\}?(?![A-Za-z0-9^.])")
_BLANK, _UPRIGHT = r"(?:\s|~|\\[,;: ])", r"\\(?:text|mathrm|rm)\s?\{"
_SEPARATOR = re.compile(
    rf"\}}?\s*([/·*]|\\cdot|\bper\b)\s*(?:{_UPRIGHT})?|\}}?{_BLANK}+{_UPRIGHT}|{_BLANK}+"
)


def _scan(text: str) -> tuple[dict[str, int], int] | None:
    """Read the longest unit at the start of normalised text: exponents by name, and its length.

    All that follows a slash is below it: ``J/mol K`` means J/(mol K), as chemists write it.
    """
    powers: dict[str, int] = {}
    sign, at, end, bracket = 1, 0, 0, False
    for _ in range(MAX_FACTORS):
        atom = _ATOM if sign < 0 else _EACH_ATOM
        found = _factor().match(text, at) or (atom.match(text, at) if powers or sign < 0 else None)
        if found is None:
            break
        name = _table().get(found.group(1), found.group(1))
        powers[name] = powers.get(name, 0) + sign * int(found.group(2) or 1)
        at = end = found.end()
        if bracket and text[at : at + 1] == ")":
            at = end = at + 1
            break
        separator = _SEPARATOR.match(text, at)
        if separator is None:
            break
        at = separator.end()
        if separator.group(1) in ("/", "per"):
            sign = -1
            if text[at : at + 1] == "(" and not bracket:
                bracket, at = True, at + 1
    if not powers or any(abs(power) > MAX_EXPONENT for power in powers.values()):
        return None
    return powers, end


@lru_cache(maxsize=2_048)
def parse_unit(text: str) -> Mapping[str, int] | None:
    """Read a unit such as ``g/mol``, ``kJ mol-1`` or ``°C``.

    ``C`` and ``F`` are degrees of temperature. The empty text is dimensionless.

    Returns
    -------
    Exponents by pint's unit name, or None if the text is not a known unit.
    """
    plain = text.strip().translate(_PLAIN)
    if not plain:
        return {}
    if len(plain) > MAX_LENGTH:
        return None
    scanned = _scan(plain)
    return scanned[0] if scanned is not None and scanned[1] == len(plain) else None


def unit_at(text: str, start: int) -> int:
    """Return where the unit that begins at ``start`` ends; ``start`` itself if there is none."""
    scanned = _scan(text[start : start + MAX_LENGTH].translate(_PLAIN))
    return start if scanned is None else start + scanned[1]


@cache
def _registry() -> Any:
    """Make pint's registry."""
    import pint

    registry = pint.UnitRegistry()
    registry.define("atom = [atom]")  # so that eV/atom is no eV
    return registry


def _container(powers: Mapping[str, int]) -> object:
    """Turn exponents by name into pint's container; in products a degree is an interval."""
    from pint.util import UnitsContainer

    if len(powers) > 1 or any(power != 1 for power in powers.values()):
        powers = {_OFFSETS.get(name, name): power for name, power in powers.items()}
    return UnitsContainer(powers)


def _molar(powers: Mapping[str, int]) -> dict[str, int]:
    """Write each dalton as a gram per mole."""
    found: dict[str, int] = {}
    for name, power in powers.items():
        found[_MOLAR.get(name, name)] = found.get(_MOLAR.get(name, name), 0) + power
        if name in _MOLAR:
            found["mole"] = found.get("mole", 0) - power
    return found


def convert(value: float, unit: str, to: str) -> float | None:
    """Convert ``value`` from ``unit`` to ``to``; None for another dimension or an unknown unit.

    A mass in Da is also a molar mass in g/mol, as chemists use them.

    Examples
    --------
    ``convert(25, "°C", "K")`` is 298.15.
    """
    if unit == to and parse_unit(unit) is not None:
        return value
    source, target = parse_unit(unit), parse_unit(to)
    if source is None or target is None or not math.isfinite(value):
        return None
    result = _converted(value, source, target)
    if result is None and not _MOLAR.keys().isdisjoint([*source, *target]):
        result = _converted(value, _molar(source), _molar(target))
    return result if result is not None and math.isfinite(result) else None


def _converted(value: float, source: Mapping[str, int], target: Mapping[str, int]) -> float | None:
    """Convert by pint; None for another dimension."""
    import pint

    try:
        return float(_registry().convert(value, _container(source), _container(target)))
    except pint.DimensionalityError:
        return None
