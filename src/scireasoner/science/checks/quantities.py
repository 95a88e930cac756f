"""Checks of numbers with units."""

from __future__ import annotations

from scireasoner.science import units
from scireasoner.science.checks.base import (
    Check,
    Found,
    Request,
    define,
    failed,
    passed,
    quoted,
    unknown,
)
from scireasoner.science.numbers import MAX_LENGTH, Reading, read_numbers

_PINT = "pint, behind a whitelist of units"


def _one(text: str) -> Reading | Found:
    """Read the only number of a text."""
    found = read_numbers(text)
    values = {(reading.value, reading.unit) for reading in found}
    if not values:
        return failed(f"no finite number in {quoted(text)}")
    if len(values) > 1:
        return failed(f"{len(values)} different numbers came, one is expected")
    return found[0]


def _unknown_unit(text: str, found: Reading) -> str:
    """Return what follows the only number of a text where no known unit does."""
    return "" if found.unit else text[found.end :].strip(" .")


def _spelt(unit: str | None) -> str:
    """Return a unit on one line; tabs and odd blanks may stand inside it."""
    plain = " ".join((unit or "").split())[: units.MAX_LENGTH]
    return plain if plain.isprintable() else ascii(plain)


@define("number", "number", "exactly one finite number", "the reader of numbers", most=MAX_LENGTH)
def number(text: str, request: Request) -> Found:
    """Read one number."""
    found = _one(text)
    return found if isinstance(found, tuple) else passed(f"the number {found.value:g}")


@define("unit", "number", "a known unit of the wanted dimension", _PINT, "unit", MAX_LENGTH)
def unit(text: str, request: Request) -> Found:
    """Convert the value to the wanted unit."""
    wanted = request.unit or ""
    if units.parse_unit(wanted) is None:
        return unknown(f"not checked: the wanted unit {quoted(wanted)} is not known")
    found = _one(text)
    if isinstance(found, tuple):
        return found
    if found.unit is None and units.parse_unit(wanted):
        if tail := _unknown_unit(text, found):
            return failed(f"{quoted(tail)} is no known unit, {_spelt(wanted)} is wanted")
        # Most tasks ask for the bare number and name the unit themselves.
        return unknown(f"no unit came: the number is taken to be in {_spelt(wanted)}")
    value = units.convert(found.value, found.unit or "", wanted)
    if value is None:
        return failed(f"{_spelt(found.unit)} came, which is no {_spelt(wanted) or 'plain number'}")
    return passed(f"{value:g} {_spelt(wanted)}".strip())


@define("range", "number", "within the physical range", "the request", "low|high", MAX_LENGTH)
def within_range(text: str, request: Request) -> Found:
    """Compare the value, in the wanted unit, with the bounds."""
    found = _one(text)
    if isinstance(found, tuple):
        return found
    value = found.value
    tail = _unknown_unit(text, found)
    if request.unit and tail not in ("", request.unit):
        return unknown(f"not checked: {quoted(tail)} is no known unit")
    # A bare number is taken to be in the unit that was asked for.
    if request.unit and found.unit:
        if units.parse_unit(request.unit) is None:
            return unknown(f"not checked: the wanted unit {quoted(request.unit)} is not known")
        converted = units.convert(found.value, found.unit, request.unit)
        if converted is None:
            return failed(f"{_spelt(found.unit)} came, which is no {_spelt(request.unit)}")
        value = converted
    unit_said = _spelt(request.unit or found.unit)
    said = f"{value:g} {unit_said}".strip()
    if request.low is not None and not value >= request.low:
        return failed(f"{said} is below the least possible value, {request.low:g}")
    if request.high is not None and not value <= request.high:
        return failed(f"{said} is above the largest possible value, {request.high:g}")
    return passed(f"{said} is within the range")


CHECKS: tuple[Check, ...] = (number, unit, within_range)
