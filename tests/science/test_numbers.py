from __future__ import annotations

import math

import pytest

from scireasoner.science.numbers import read_numbers


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("42", 42.0, None),
        ("-5", -5.0, None),
        ("+5", 5.0, None),
        ("−77.1 °C", -77.1, "°C"),
        ("–3.5", -3.5, None),
        (".5", 0.5, None),
        ("-.5e3", -500.0, None),
        ("5.", 5.0, None),
        ("1e-5", 1e-5, None),
        ("1E+05", 1e5, None),
        ("1,234.5 g/mol", 1234.5, "g/mol"),
        ("1,234,567", 1234567.0, None),
        ("1{,}234 K", 1234.0, "K"),
        ("1.2 x 10^-3 mol/L", 1.2e-3, "mol/L"),
        ("1.2×10^{−3}", 1.2e-3, None),
        ("3 \\times 10^{5} K", 3e5, "K"),
        ("6.02×10²³", 6.02e23, None),
        ("2*10**3", 2000.0, None),
        ("10^-5", 1e-5, None),
        ("10⁻⁵ M", 1e-5, "M"),
        ("1.2 ± 0.3 kcal/mol", 1.2, "kcal/mol"),
        ("1.2 kcal/mol ± 0.3 kcal/mol", 1.2, "kcal/mol"),
        ("1.2 eV (± 0.3)", 1.2, "eV"),
        ("300K", 300.0, "K"),
        ("12%", 12.0, "%"),
        ("$-3.2\\,\\text{kJ/mol}$", -3.2, "kJ/mol"),
        ("25 ^\\circ C", 25.0, "°C"),
        ("$25^\\circ$C", 25.0, "°C"),
        ("25 \\degree C", 25.0, "°C"),
        ("25 ℃", 25.0, "℃"),
        ("$2.2\\ \\mathrm{g\\,cm^{-3}}$", 2.2, "g\\,cm^{-3}"),
        ("2.2 \\text{ g/cm}^3", 2.2, "g/cm}^3"),
        ("25 degrees Celsius", 25.0, "degrees Celsius"),
        ("about 37.5 mg/mL.", 37.5, "mg/mL"),
        ("logP = -2.5", -2.5, None),
        ("C3H8 has 11 atoms", 11.0, None),
        ("log10 is 2", 2.0, None),
        ("1H-NMR: 7.2", 7.2, None),
        ("sample A-12: 3", 12.0, None),
        ("2 kJ mol-1", 2.0, "kJ mol-1"),
        ("2 kJ mol -1", 2.0, "kJ mol -1"),
        ("5 m^ 2", 5.0, "m^ 2"),
        ("2 h 30 min", 2.0, "h"),  # after a blank, a number of its own
        ("2 h 3 min", 2.0, "h"),
        ("1.1 eV 2 samples", 1.1, "eV"),
        ("3 in", 3.0, None),
    ],
)
def test_first_number_and_its_unit(text: str, value: float, unit: str | None) -> None:
    first = read_numbers(text)[0]
    assert first.value == pytest.approx(value, rel=1e-12)
    assert first.unit == unit


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("3-5", [3, 5]),
        ("3 – 5 K", [3, 5]),
        ("1, 2, 3", [1, 2, 3]),
        ("1,234,5", [1, 234, 5]),
        ("1.5 and -2.5", [1.5, -2.5]),
        ("1.2.3", []),
        ("from the 5' to the 3' end", []),
        ("3\u2032-UTR, 5\u2019 cap: 7", [7]),
        ("'5' and '0.5'", [5, 0.5]),  # quoted numbers are numbers
        ("5'000", [5000]),
        ("1.2 eV 1.9 eV", [1.2, 1.9]),  # the 1 is no exponent
        ("1.2 eV\n2 eV", [1.2, 2]),
        ("1.2 eV ± 0.1 eV", [1.2]),
        ("1.2 (± 0.1) or 1.2+-0.1", [1.2, 1.2]),
        ("5 eV ± 3 K", [5, 3]),  # no uncertainty of it
        ("- 1.5", [-1.5]),  # a blank after the sign
        ("E = − 1.5 eV", [-1.5]),
        ("a: - 1.5, b: - 2.5", [-1.5, -2.5]),
        ("it is - 1.5", [-1.5]),
        ("3 - 5", [3, 5]),
        ("the gap - 1.5 eV", [1.5]),
        ("- 1.5\n- 2.5", [1.5, 2.5]),  # bullets
        ("values:\n- 1.5\n- 2.5", [1.5, 2.5]),
        ("\u20111.5", [-1.5]),  # a hyphen that does not break is a sign as well
        ("\uff111.37", []),  # digits of other scripts do not end before ASCII ones
        ("\u20821.37 1.37\u00b2", []),
        ("inf nan Infinity 1e999 -1e999", []),
        ("1e-9999", [0]),
        ("C3H8", []),
        ("", []),
        ("9" * 5_000, []),
        ("1 " * 20_000, []),
    ],
)
def test_all_numbers(text: str, values: list[float]) -> None:
    assert [reading.value for reading in read_numbers(text)] == pytest.approx(values)


def test_positions_point_at_number_and_unit() -> None:
    text = "The melting point is -12.5 °C (260.65 K)."
    assert [text[r.start : r.end] for r in read_numbers(text)] == ["-12.5 °C", "260.65 K"]


@pytest.mark.parametrize(
    "text", ["1" + ",111" * 4_000, "1e" * 9_000, "10^" * 6_000, "-" * 19_000 + "1", "1 ± " * 4_000,
             "1" + "0" * 18_000, "1." * 9_000, "1" + " " * 19_000, "1\\text{" * 2_000]
)  # fmt: skip
def test_hostile_text_gives_finite_numbers(text: str) -> None:
    assert all(math.isfinite(reading.value) for reading in read_numbers(text))
