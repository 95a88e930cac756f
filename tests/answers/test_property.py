"""Properties of materials as pseudo-JSON."""

from __future__ import annotations

import pytest

from scireasoner.answers import PropertyLabel, PropertyValue
from scireasoner.errors import TaskError
from scireasoner.types import Fault

GAP = PropertyValue("band_gap", "eV", low=0, high=20, scale=1, tolerance=0.1)
DIRECT = PropertyLabel("is_gap_direct", ("True", "False"))
KIND = PropertyLabel("Direct_or_indirect", ("Direct", "Indirect"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{band_gap : 1.2}", 1.2),
        ("{band_gap: 1.2}", 1.2),
        ('{"band_gap": 1.2}', 1.2),
        ("{'band_gap': '1.2 eV'}", 1.2),
        ('```json\n{"band_gap": 1.2}\n```', 1.2),
        ("```\n{band_gap : 1.2}\n```", 1.2),
        ("The answer is {band_gap : 1.2}.", 1.2),
        ("{band_gap : 1.2 eV}", 1.2),
        ("{band_gap : 1200 meV}", 1.2),
        ("{Band gap : 1.2}", 1.2),
        ("{band_gap = 1.2}", 1.2),
        ("{band_gap : 1.2 \\times 10^{0}}", 1.2),
        ("{band_gap : 1.2, formula : NaCl}", 1.2),
        ("{band_gap : 1.2} so {band_gap : 1.20}", 1.2),
        ("band_gap : 1.2", 1.2),
        ("band_gap = 1.2 eV", 1.2),
        ("The band gap: 1.2 eV", 1.2),
        ("1.2", 1.2),  # published: nothing
        ("1.2 eV", 1.2),
        ("The band gap is 1.2 eV.", 1.2),
        ("\\boxed{1.2}", 1.2),
        ("\\boxed{band_gap : 1.2}", 1.2),
        ("\\boxed{\\{band\\_gap : 1.2\\}}", 1.2),
        ("**{band_gap : 1.2}**", 1.2),
        ("{1.2}", 1.2),
        ("{indirect_band_gap : 1.2}", Fault.WRONG_PROPERTY),  # published: 1.2
        ("{indirect band gap : 1.2}", Fault.WRONG_PROPERTY),
        ("indirect_band_gap : 1.2", Fault.WRONG_PROPERTY),
        ("The indirect band gap: 1.2", Fault.WRONG_PROPERTY),
        ("{volume : 1.2}", Fault.WRONG_PROPERTY),
        ("{band_gap : 1.2, band_gap : 1.3}", Fault.TWO_ANSWERS),
        ("{band_gap : 1.2} {band_gap : 1.3}", Fault.TWO_ANSWERS),
        ("{band_gap : 1.2", Fault.NOT_A_NUMBER),  # cut off
        ("{band_gap : }", Fault.NOT_A_NUMBER),
        ("{band_gap : value}", Fault.NOT_A_NUMBER),
        ("{band_gap : nan}", Fault.NOT_A_NUMBER),
        ("{band_gap : -1}", Fault.OUT_OF_RANGE),
        ("{band_gap : 1.2 K}", Fault.WRONG_UNIT),
        ("{}", Fault.NOT_A_NUMBER),
        ("I cannot say.", Fault.REFUSED),
        ("{" * 500 + "}" * 500, Fault.NOT_A_NUMBER),
        ("", Fault.NO_ANSWER),
    ],
)
def test_values(text: str, value: float | Fault) -> None:
    found = GAP.parse(text)
    assert found is value if isinstance(value, Fault) else found == pytest.approx(value)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (DIRECT, "{is_gap_direct : True}", "True"),
        (DIRECT, '{"is_gap_direct": false}', "False"),
        (DIRECT, "true", "True"),
        (DIRECT, "is_gap_direct: FALSE", "False"),
        (DIRECT, "{is_gap_direct : True}, {is_gap_direct : False}", Fault.TWO_ANSWERS),
        (DIRECT, "{is_stable : True}", Fault.WRONG_PROPERTY),
        (DIRECT, "{is_gap_direct : Maybe}", Fault.UNKNOWN_LABEL),
        (DIRECT, "{is_gap_direct : True or False}", Fault.TWO_ANSWERS),
        (DIRECT, "untrue", Fault.UNKNOWN_LABEL),
        (KIND, "{Direct_or_indirect : Indirect}", "Indirect"),
        (KIND, "indirect", "Indirect"),
        (KIND, "{Direct_or_indirect_HSE : Direct}", Fault.WRONG_PROPERTY),
    ],
)
def test_labels(kind: PropertyLabel, text: str, value: str | Fault) -> None:
    assert kind.parse(text) == value


def test_both_ask_for_the_published_form() -> None:
    assert GAP.asks() == "Answer as {band_gap : value}, the value in eV."
    assert GAP.write("1.2") == "{band_gap : 1.2}"
    assert DIRECT.asks() == "Answer as {is_gap_direct : value}, one of: True, False."
    assert DIRECT.write("true") == "{is_gap_direct : True}"
    assert GAP.read_gold("1.2") == 1.2
    assert GAP.read_gold("{band_gap : 1.2}") is Fault.BAD_GOLD
    assert GAP.compare(1.2, 2.2) == (pytest.approx(0.5), False)
    assert DIRECT.compare("True", "False") == (0.0, False)


@pytest.mark.parametrize("key", ["", "1", "a:b", " a"])
def test_keys_are_words(key: str) -> None:
    with pytest.raises(TaskError):
        PropertyValue(key)


@pytest.mark.parametrize(
    "key",
    ["GGA-PBE-based_energy_per_atom", "p-Seebeck", "surface_area_m2g", "Bandgap", "SOC", "lcd"],
)
def test_the_published_keys_are_read(key: str) -> None:
    kind = PropertyValue(key)
    assert kind.parse(kind.write("-0.25")) == -0.25
