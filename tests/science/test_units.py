from __future__ import annotations

import pytest

from scireasoner.science import units


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        (25, "°C", "K", 298.15),
        (25, "C", "K", 298.15),
        (25, "℃", "K", 298.15),
        (25, "º C", "K", 298.15),
        (25, "degrees C", "K", 298.15),
        (1, "g/cc", "g/cm3", 1),
        (1, "grams per cubic centimeter", "g/cm3", 1),
        (1, "g\\,cm^{-3}", "g/cm3", 1),
        (1, "g/cm}^3", "g/cm3", 1),
        (1, "kJ}\\cdot\\text{mol}^{-1}", "kJ/mol", 1),
        (1, "g}/\\text{cm}^3", "g/cm3", 1),
        (1, "electron volts", "eV", 1),
        (1, "gigapascals", "GPa", 1),
        (0, "K", "°C", -273.15),
        (77, "°F", "°C", 25),
        (77, "degF", "degC", 25),
        (1, "kcal/mol", "kJ/mol", 4.184),
        (25, "meV/atom", "eV/atom", 0.025),
        (1, "eV per atom", "eV/atom", 1),
        (1, "nm3/atom", "Å3/atom", 1000),
        (0.2, "m_e", "m_e", 0.2),
        (1, "kJ mol-1", "J/mol", 1000),
        (1, "kJ·mol⁻¹", "J/mol", 1000),
        (1, "J/(mol K)", "cal/mol/K", 1 / 4.184),
        (1, "J/mol K", "J mol^-1 K^-1", 1),
        (1, "J/(g·°C)", "J/g/K", 1),
        (1, "g/cm3", "kg/m^3", 1000),
        (1, "mg/mL", "g per L", 1),
        (1, "mM", "mol/L", 1e-3),
        (1, "µM", "nM", 1000),
        (1, "μM", "nM", 1000),
        (1, "Å", "nm", 0.1),
        (50, "%", "", 0.5),
        (1, "eV", "meV", 1000),
        (1, "atm", "kPa", 101.325),
        (1, "hours", "min", 60),
        (1, "kDa", "Da", 1000),
        (180.16, "g/mol", "Da", 180.16),
        (1.5, "kDa", "g mol^-1", 1500),
        (1, "kDa", "kg", 1.66053906660e-24),
        (3, "D", "debye", 3),
    ],
)
def test_conversion(value: float, unit: str, to: str, expected: float) -> None:
    assert units.convert(value, unit, to) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("unit", "to"),
    [("g", "mol"), ("g", "g/mol"), ("eV", "eV/atom"), ("atom", ""), ("K", "kJ/mol"), ("°C", "kJ"), ("foo", "foo"), ("m/s", "m"), ("", "K"),
     ("9**9**9**9", "m"), ("m**(9**9**9)", "m"), ("m^99", "m"), ("m" * 10_000, "m"),
     ("__import__('os')", "m"), ("g/", "g"), ("K\x00", "K"), ("m^9 m^9", "m^18")],
)  # fmt: skip
def test_wrong_dimension_or_unknown_unit_gives_none(unit: str, to: str) -> None:
    assert units.convert(1.0, unit, to) is None


@pytest.mark.parametrize("value", [float("inf"), float("nan"), 1e308])
def test_only_finite_values_come_back(value: float) -> None:
    assert units.convert(value, "km", "fm") is None


def test_every_spelling_is_known_to_pint() -> None:
    for spelling in units._table():
        powers = units.parse_unit(spelling)
        assert powers is not None, spelling
        container = units._container(powers)
        assert units._registry().convert(1.0, container, container) == 1.0, spelling


@pytest.mark.parametrize(
    ("text", "unit"),
    [("g/mol, at", "g/mol"), ("K.", "K"), ("kinetic", ""), ("mol of gas", "mol"), ("in all", ""),
     ("meters long", "meters"), ("g / L", "g / L")],
)  # fmt: skip
def test_unit_at_the_start_of_a_text(text: str, unit: str) -> None:
    assert text[: units.unit_at(text, 0)] == unit
