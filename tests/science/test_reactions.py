from __future__ import annotations

import pytest

from scireasoner.errors import InputError
from scireasoner.science import reactions


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C3H8 + 5 O2 -> 3 CO2 + 4 H2O", ({"C3H8": 1, "O2": 5}, {"CO2": 3, "H2O": 4})),
        ("2H2+O2=2H2O", ({"H2": 2, "O2": 1}, {"H2O": 2})),
        ("2 H2 + O2 → 2 H2O", ({"H2": 2, "O2": 1}, {"H2O": 2})),
        ("CH4 + 2O₂ ⟶ CO2(g) + 2 H2O(l)", ({"CH4": 1, "O2": 2}, {"CO2": 1, "H2O": 2})),
        ("N2 + 3H2 <=> 2NH3", ({"N2": 1, "H2": 3}, {"NH3": 2})),
        ("N2 + 3H2 \\rightarrow 2NH3", ({"N2": 1, "H2": 3}, {"NH3": 2})),
        ("N2 + 3H2 \\xrightarrow{\\Delta} 2NH3", ({"N2": 1, "H2": 3}, {"NH3": 2})),
        ("N2 + 3H2 \u2014> 2NH3", ({"N2": 1, "H2": 3}, {"NH3": 2})),
        ("N2 + 3H2 ➔ 2NH3", ({"N2": 1, "H2": 3}, {"NH3": 2})),
        ("Fe+3 + 3 OH- -> Fe(OH)3", ({"Fe+3": 1, "OH-": 3}, {"Fe(OH)3": 1})),
        ("Zn + Cu²⁺ → Zn²⁺ + Cu", ({"Zn": 1, "Cu^2+": 1}, {"Zn^2+": 1, "Cu": 1})),
        ("Ba2+ + SO42- -> BaSO4↓", ({"Ba^2+": 1, "SO4^2-": 1}, {"BaSO4": 1})),
        ("Zn -> Zn2+ + 2 e-", ({"Zn": 1}, {"Zn^2+": 1, "e-": 2})),
        ("2 O2- -> O2 + 4 e⁻", ({"O^2-": 2}, {"O2": 1, "e-": 4})),
        ("O2 + e- -> O2-", ({"O2": 1, "e-": 1}, {"O2-": 1})),  # balanced as it stands
        ("I3- + 2 S2O3^2- -> 3 I- + S4O6^2-", ({"I3-": 1, "S2O3^2-": 2}, {"I-": 3, "S4O6^2-": 1})),
        (
            "MnO4- + H+ + Fe2+ -> Mn2+ + Fe3+ + H2O",
            ({"MnO4-": 1, "H+": 1, "Fe^2+": 1}, {"Mn^2+": 1, "Fe^3+": 1, "H2O": 1}),
        ),
        ("2Fe³⁺+2I⁻→2Fe²⁺+I₂", ({"Fe^3+": 2, "I-": 2}, {"Fe^2+": 2, "I2": 1})),
        ("H2 + H2 + O2 -> 2 H2O", ({"H2": 2, "O2": 1}, {"H2O": 2})),
        ("A -> B", None),
        ("H2 + O2", None),
        ("H2 -> O2 -> H2O", None),
        ("0 H2 + O2 -> H2O", None),
        ("-1 H2 + O2 -> H2O", None),
        ("1.5 O2 -> O3", None),
        ("-> H2O", None),
        ("H2 + O2 -> H2O because", None),
        ("H2 + " * 200 + "O2 -> H2O", None),
        ("", None),
    ],
)
def test_equations(text: str, expected: tuple[dict[str, int], dict[str, int]] | None) -> None:
    assert reactions.parse_equation(text) == expected


@pytest.mark.parametrize(
    ("reactants", "products", "expected"),
    [
        ("C3H8 O2", "CO2 H2O", ([1, 5], [3, 4])),
        ("KMnO4 HCl", "KCl MnCl2 H2O Cl2", ([2, 16], [2, 2, 8, 5])),
        ("MnO4- Fe+2 H+", "Mn+2 Fe+3 H2O", ([1, 5, 8], [1, 5, 4])),
        ("K4[Fe(CN)6] KMnO4 H2SO4", "KHSO4 Fe2(SO4)3 MnSO4 HNO3 CO2 H2O",
         ([10, 122, 299], [162, 5, 122, 60, 60, 188])),
        ("H2 O2", "H2O H2O2", None),  # two independent answers
        ("H2", "O2", None),  # no answer
        ("H2O O2", "H2", None),  # a coefficient would be negative
        ("Xx", "Xx", None),
        ("", "H2O", None),
    ],
)  # fmt: skip
def test_balancing(
    reactants: str, products: str, expected: tuple[list[int], list[int]] | None
) -> None:
    assert reactions.balance(reactants.split(), products.split()) == expected


@pytest.mark.parametrize(
    ("text", "difference"),
    [
        ("2 H2 + O2 -> 2 H2O", {}),
        ("H2 + O2 -> H2O", {"O": -1}),
        ("CH4 + O2 -> CO2 + H2O", {"H": -2, "O": 1}),
        ("Fe+2 -> Fe+3", {"charge": 1}),
        ("MnO4- + 8 H+ + 5 Fe2+ -> Mn2+ + 5 Fe3+ + 4 H2O", {}),
        ("MnO4- + 8 H+ + 5 Fe2+ -> Mn2+ + 5 Fe3+ + 5 H2O", {"H": 2, "O": 1}),
        ("Cr2O7^{2-} + 14 H^{+} + 6 e^{-} -> 2 Cr^{3+} + 7 H2O", {}),
    ],
)
def test_imbalance_is_products_minus_reactants(text: str, difference: dict[str, int]) -> None:
    assert reactions.imbalance(text) == difference
    parsed = reactions.parse_equation(text)
    assert parsed is not None
    assert reactions.imbalance(parsed) == difference


def test_imbalance_of_no_equation_says_what_was_expected() -> None:
    with pytest.raises(InputError, match="equation"):
        reactions.imbalance("water")
