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


def _named(unit: str | None) -> str:
    return unit or "no unit"


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
    value = units.convert(found.value, found.unit or "", wanted)
    if value is None:
        return failed(f"{_named(found.unit)} came, which is no {wanted or 'plain number'}")
    return passed(f"{value:g} {wanted}".strip())


@define("range", "number", "within the physical range", "the request", "low|high", MAX_LENGTH)
def within_range(text: str, request: Request) -> Found:
    """Compare the value, in the wanted unit, with the bounds."""
    found = _one(text)
    if isinstance(found, tuple):
        return found
    value = found.value
    # A bare number is taken to be in the unit that was asked for.
    if request.unit and found.unit:
        if units.parse_unit(request.unit) is None:
            return unknown(f"not checked: the wanted unit {quoted(request.unit)} is not known")
        converted = units.convert(found.value, found.unit, request.unit)
        if converted is None:
            return failed(f"{found.unit} came, which is no {request.unit}")
        value = converted
    unit_said = request.unit if request.unit and request.unit.isprintable() else found.unit
    said = f"{value:g} {unit_said or ''}".strip()
    if request.low is not None and not value >= request.low:
        return failed(f"{said} is below the least possible value, {request.low:g}")
    if request.high is not None and not value <= request.high:
        return failed(f"{said} is above the largest possible value, {request.high:g}")
    return passed(f"{said} is within the range")


CHECKS: tuple[Check, ...] = (number, unit, within_range)
