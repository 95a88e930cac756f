"""Numbers: the strings that published parsers misread, units, ranges, and the score."""

from __future__ import annotations

import math

import pytest

from scireasoner.answers import Number, Numbers
from scireasoner.errors import TaskError
from scireasoner.types import Fault

PLAIN = Number(None, -1000, 2000, 1, 0.1)
KELVIN = Number("K", 0, 2000, 20, 5)
DALTON = Number("Da", 1, 3000, 30, 0.4)
DENSITY = Number("g/cm3", 0, 30, 1, 0.1)
PER_ATOM = Number("eV/atom", -10, 10, 1, 0.1)
VOLUME = Number("Å3", 0, 1e4, 10, 1)
LOG_S = Number("log10(mol/L)", -15, 5, 1, 0.3)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("<NUMBER>.53</NUMBER>", 0.53),
        ("<NUMBER>\u22123.2</NUMBER>", -3.2),
        ("<NUMBER>-7</NUMBER>", -7.0),
        ("<NUMBER>1.2e-05</NUMBER>", 1.2e-5),
        ("<NUMBER> 1.2 \u00d7 10^{-5} </NUMBER>", 1.2e-5),
        ("<NUMBER>1,234</NUMBER>", 1234.0),
        ("<NUMBER>3.2 ± 0.1</NUMBER>", 3.2),
        ("<NUMBER>about 3</NUMBER>", 3.0),
        ("At pH 7.4 the value is <NUMBER>0.53</NUMBER>.", 0.53),
        ("mRNA12 gives <NUMBER>0.53</NUMBER>", 0.53),
        ("<NUMBER>5 %</NUMBER>", 0.05),
        ("3.", 3.0),
        ("<NUMBER>- 3.2</NUMBER>", -3.2),
        ("The value is $- 3.2$.", -3.2),
    ],
)
def test_numbers_are_read_as_a_scientist_reads_them(text: str, value: float) -> None:
    assert PLAIN.parse(text) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Each of the 12 RNAs gives 0.53", Fault.TWO_ANSWERS),
        ("It is soluble.", Fault.NOT_A_NUMBER),
        ("<NUMBER>nan</NUMBER>", Fault.NOT_A_NUMBER),
        ("<NUMBER>inf</NUMBER>", Fault.NOT_A_NUMBER),
        ("<NUMBER>> 300</NUMBER>", Fault.NOT_A_NUMBER),  # a bound is not a value
        ("<NUMBER>$\\leq 300$</NUMBER>", Fault.NOT_A_NUMBER),
        ("<NUMBER>±3</NUMBER>", Fault.NOT_A_NUMBER),
        ("The value is $\\pm 3$", Fault.NOT_A_NUMBER),
        ("<NUMBER>3 to 5</NUMBER>", Fault.TWO_ANSWERS),
        ("<NUMBER>3</NUMBER> or <NUMBER>4</NUMBER>", Fault.TWO_ANSWERS),
        ("<NUMBER>2001</NUMBER>", Fault.OUT_OF_RANGE),
        ("<NUMBER>3 K</NUMBER>", Fault.WRONG_UNIT),
        ("<NUMBER></NUMBER>", Fault.NO_ANSWER),
        ("<NUMBER>3", Fault.NO_ANSWER),  # never closed
        ("<NUMBER>unknown</NUMBER>", Fault.REFUSED),
    ],
)
def test_what_is_no_number_is_a_fault(text: str, fault: Fault) -> None:
    assert PLAIN.parse(text) is fault


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The predicted isoform proportion is 0.53.", 0.53),
        ("mRNA12 gives 0.53", 0.53),  # published: two numbers
        ("The proportion of the 5' UTR isoform is .53", 0.53),  # published: 53
        ("From the 3\u2032 end I predict about 0.7.", 0.7),
        ("The value is \u22121.2", -1.2),  # published: 1.2
        ("The value is \u20111.2", -1.2),
        ("$-1.2\\times10^{-3}$", -1.2e-3),
        ("The answer is $-1.2\\times10^{-3}$.", -1.2e-3),
        ("It is \\(1.2e-05\\).", 1.2e-5),
        ("1,234.5", 1234.5),
        ("The score is 1,234.5, since the sequence is long.", 1234.5),
        ("\\boxed{0.53}", 0.53),
        ("$\\boxed{0.53}$", 0.53),
        ("**0.53**", 0.53),
        ("Prediction: **0.53**", 0.53),
        ("I expect 0.53 (0.53).", 0.53),
        ("At pH 7.4 the value is 1.2", 1.2),  # published: the last number, whatever it is
        ("The value is 1.2 at pH 7.4", 1.2),
        ("With 3 rings and 2 charges, the answer is 1.2.", 1.2),
        ("With 3 rings and 2 charges, I say 1.5.\n\n**Answer:** 1.2", 1.2),
        ("The predicted logS at pH 7.4 is -3.2", -3.2),
        ("at pH 7.4 it becomes 1.2", 1.2),
        ("The logD (pH = 7.4) is 1.2.", 1.2),
        ("I expect 1.2 at 25 °C and 1 atm.", 1.2),
        ("$\\log_{10} S = -3.2$", -3.2),
        ("It is 0.527 (53%).", 0.527),
    ],
)
def test_a_sentence_may_state_one_number(text: str, value: float) -> None:
    assert PLAIN.parse(text) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("at 7.4 it becomes 1.2", Fault.TWO_ANSWERS),
        ("at pH 7.4 it becomes 1.2 or 1.3", Fault.TWO_ANSWERS),
        ("The value is 1.2 or 1.3.", Fault.TWO_ANSWERS),
        ("The value is between 1 and 2.", Fault.TWO_ANSWERS),
        ("The value is 1.2. The value is 1.3.", Fault.TWO_ANSWERS),
        ("The value is 1.2-1.3.", Fault.TWO_ANSWERS),
        ("\\boxed{1} \\boxed{2}", Fault.TWO_ANSWERS),
        ("The value is not 1.2.", Fault.NOT_A_NUMBER),
        ("The value is less than 1.2.", Fault.NOT_A_NUMBER),
        ("The value is above 1.2.", Fault.NOT_A_NUMBER),
        ("The value is minus 1.2.", Fault.NOT_A_NUMBER),  # in words: not read as plus
        ("As table 2 shows.", Fault.NOT_A_NUMBER),
        ("It has 5 rings.", Fault.NOT_A_NUMBER),
        ("It has 0.5 furlongs.", Fault.NOT_A_NUMBER),
        ("It is soluble at pH 7.4.", Fault.NOT_A_NUMBER),
        ("5' to 3'", Fault.NOT_A_NUMBER),
        ("mRNA12", Fault.NOT_A_NUMBER),
        ("I cannot say, 5.", Fault.REFUSED),
        ("The value is 5 K.", Fault.WRONG_UNIT),
        ("The value is 9999.", Fault.OUT_OF_RANGE),
        ("x " * 1500 + "is 5", Fault.NOT_A_NUMBER),
    ],
)
def test_a_sentence_that_states_no_single_number_is_a_fault(text: str, fault: Fault) -> None:
    assert PLAIN.parse(text) is fault


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (LOG_S, "logS is about -3.2 log mol/L", -3.2),
        (LOG_S, "logS is about -3.2 log10 (mol/L).", -3.2),
        (LOG_S, "-3.2 (in log mol/L)", -3.2),
        (LOG_S, "$-3.2\\,\\log_{10}(\\text{mol/L})$", -3.2),
        (VOLUME, "$160.2~\\mathrm{\\AA^3}$", 160.2),
        (LOG_S, "logS is about -3.2 mol/L", Fault.WRONG_UNIT),
        (KELVIN, "The melting point is 25 °C.", 298.15),
        (KELVIN, "It melts at 300 K in air.", 300.0),
        (KELVIN, "<NUMBER>25 ℃</NUMBER>", 298.15),
        (KELVIN, "It melts at $25^\\circ$C.", 298.15),
        (DALTON, "<NUMBER>180.16 g/mol</NUMBER>", 180.16),
        (DENSITY, "The density is 2.2 g/cc.", 2.2),
        (DENSITY, "The density is $2.2\\ \\mathrm{g\\,cm^{-3}}$.", 2.2),
        (DENSITY, "<NUMBER>2.2 \\text{g/cm}^3</NUMBER>", 2.2),
        (DENSITY, "2.2 \\text{ g}/\\text{cm}^3", 2.2),
        (KELVIN, "It melts at 300 K (26.85 °C).", 300.0),
        (KELVIN, "<NUMBER>300 K ± 5 K</NUMBER>", 300.0),
        (KELVIN, "It melts at 300 K (30 °C).", Fault.TWO_ANSWERS),
        (KELVIN, "It melts at 78.4 °C (351.5 K).", 351.55),  # rounded
        (KELVIN, "It melts at 78.4 °C (351.4 K).", Fault.TWO_ANSWERS),
        (KELVIN, "It melts at 351.55 K (351.5 K).", Fault.TWO_ANSWERS),
        (KELVIN, "It melts at 300 K under 101.3 kPa.", 300.0),
        (KELVIN, "It melts at 300 K at 290 K.", Fault.TWO_ANSWERS),
        (KELVIN, "at 25 kPa", Fault.WRONG_UNIT),
        (DENSITY, "The density is 2.2 g/cm³ (2200 kg/m³) at 25 °C.", 2.2),
        (PER_ATOM, "-1.5 eV atom⁻¹", -1.5),
        (PER_ATOM, "-1.5 eV", Fault.WRONG_UNIT),
        (KELVIN, "It melts at $300\\,\\text{K}$", 300.0),
        (KELVIN, "<NUMBER>300", Fault.NO_ANSWER),
        (KELVIN, "300</NUMBER>", 300.0),
        (KELVIN, "<NUMBER>300</NUMBER>", 300.0),
        (KELVIN, "<NUMBER>300 K</NUMBER>", 300.0),
        (KELVIN, "<NUMBER>25 °C</NUMBER>", 298.15),
        (KELVIN, "<NUMBER>25</NUMBER> °C", 298.15),
        (KELVIN, "<NUMBER>25</NUMBER> °C.", 298.15),
        (KELVIN, "<NUMBER>300</NUMBER> in air", 300.0),
        (KELVIN, "<NUMBER>300 kg</NUMBER>", Fault.WRONG_UNIT),
        (KELVIN, "<NUMBER>300</NUMBER> kg", Fault.WRONG_UNIT),
        (KELVIN, "<NUMBER>-5 K</NUMBER>", Fault.OUT_OF_RANGE),
        (LOG_S, "<NUMBER>-3.2 log10(mol/L)</NUMBER>", -3.2),
        (LOG_S, "<NUMBER>-3.2 mol/L</NUMBER>", Fault.WRONG_UNIT),
    ],
)
def test_units_are_converted_or_refused(kind: Number, text: str, value: float | Fault) -> None:
    found = kind.parse(text)
    assert found is value if isinstance(value, Fault) else found == pytest.approx(value)


@pytest.mark.parametrize(
    ("answer", "score", "correct"),
    [(300, 1.0, True), (305, 0.8, True), (320, 0.5, False), (240, 0.25, False)],
)
def test_the_score_halves_at_one_scale(answer: float, score: float, correct: bool) -> None:
    assert KELVIN.compare(answer, 300.0) == (pytest.approx(score), correct)


def test_a_tiny_error_beyond_the_tolerance_still_scores_below_one() -> None:
    strict = Number(None, -1, 1, 1, 0)
    score, correct = strict.compare(math.nextafter(0.5, 1), 0.5)
    assert score < 1
    assert not correct


@pytest.mark.parametrize("gold", ["", "x", "nan", "inf", "3000", None])
def test_golds_are_plain_numbers_in_range(gold: str | None) -> None:
    assert PLAIN.read_gold(gold) is Fault.BAD_GOLD


@pytest.mark.parametrize(
    "declared", [(1, 0, 1, 0), (0, 1, 0, 0), (0, math.inf, 1, 0), (0, 1, 1, -1)]
)
def test_a_wrong_declaration_fails_where_it_is_made(declared: tuple[float, ...]) -> None:
    with pytest.raises(TaskError, match="give finite values"):
        Number("K", *declared)


ENHANCER = Numbers(("HK", "Dev"), (None, None), (-10, -10), (10, 10), (1, 2), (0.1, 0.1))
SWITCH = Numbers(
    ("ON", "OFF", "ON/OFF"), (None,) * 3, (0, 0, -5), (1, 1, 5), (0.2, 0.2, 0.5), (0.1,) * 3
)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (ENHANCER, "HK: 0.5, Dev: -1.2", (0.5, -1.2)),
        (ENHANCER, "Dev: \u22121.2; HK: .5", (0.5, -1.2)),
        (ENHANCER, "0.5, -1.2", (0.5, -1.2)),
        (ENHANCER, "0.5 and -1.2", (0.5, -1.2)),
        (ENHANCER, "0.5 (HK), -1.2 (Dev)", (0.5, -1.2)),
        (ENHANCER, "HK and Dev are 0.5 and -1.2, respectively.", (0.5, -1.2)),
        (ENHANCER, "The HK activity is 0.5 and the Dev activity is -1.2.", (0.5, -1.2)),
        (ENHANCER, "| HK | Dev |\n| 0.5 | -1.2 |", (0.5, -1.2)),
        (ENHANCER, '{"HK": 0.5, "Dev": -1.2}', (0.5, -1.2)),
        (ENHANCER, "\\boxed{HK: 0.5, Dev: -1.2}", (0.5, -1.2)),
        (ENHANCER, "**HK: 0.5, Dev: -1.2**", (0.5, -1.2)),
        (ENHANCER, "HK: 5e-1, Dev: $-1.2\\times10^{0}$", (0.5, -1.2)),
        (ENHANCER, "From 5' to 3': HK 0.5, Dev -1.2", (0.5, -1.2)),
        (ENHANCER, "1. HK: 0.5\n2. Dev: -1.2", (0.5, -1.2)),
        (ENHANCER, "(1) HK: 0.5\n(2) Dev: -1.2", (0.5, -1.2)),
        (ENHANCER, "**1.** HK: 0.5\n**2.** Dev: -1.2", (0.5, -1.2)),
        (ENHANCER, "- HK: 0.5\n- Dev: -1.2", (0.5, -1.2)),
        (ENHANCER, "- 0.5, -1.2", (-0.5, -1.2)),  # a sign, where names would have a bullet
        (ENHANCER, "(1) (2)", (1.0, 2.0)),
        (ENHANCER, "HK: (1)\nDev: (2)", (1.0, 2.0)),
        (ENHANCER, "HK: > 0.5, Dev: -1.2", Fault.NOT_A_NUMBER),  # a bound, as for one number
        (ENHANCER, "HK: 0.5, Dev: less than -1.2", Fault.NOT_A_NUMBER),
        (ENHANCER, "HK: ±0.5, Dev: ±1.2", Fault.NOT_A_NUMBER),
        (ENHANCER, "0.5", Fault.NOT_A_NUMBER),
        (ENHANCER, "HK: 0.5", Fault.NOT_A_NUMBER),
        (ENHANCER, "HK: 0.5, Dev: unknown", Fault.NOT_A_NUMBER),
        (ENHANCER, "0.5, -1.2, 3", Fault.TWO_ANSWERS),
        (ENHANCER, "HK: 0.5, Dev: -1.2, HK: 0.6", Fault.TWO_ANSWERS),
        (ENHANCER, "HK: 0.5, HK: 0.6", Fault.NOT_A_NUMBER),
        (ENHANCER, "0.5 HK: Dev: -1.2", Fault.NOT_A_NUMBER),
        (ENHANCER, "HK: 0.5, Dev: -99", Fault.OUT_OF_RANGE),
        (ENHANCER, "", Fault.NO_ANSWER),
        (SWITCH, "ON: 0.8, OFF: 0.1, ON/OFF: 0.7", (0.8, 0.1, 0.7)),
        (SWITCH, "ON/OFF: 0.7, ON: 0.8, OFF: 0.1", (0.8, 0.1, 0.7)),
        (SWITCH, "Based on its stem: 0.8, 0.1, 0.7", (0.8, 0.1, 0.7)),
        (SWITCH, "0.8 0.1 0.7", (0.8, 0.1, 0.7)),
    ],
)
def test_several_numbers_by_name_or_in_order(
    kind: Numbers, text: str, value: tuple[float, ...] | Fault
) -> None:
    found = kind.parse(text)
    assert found is value if isinstance(value, Fault) else found == pytest.approx(value)


def test_several_numbers_score_by_their_mean() -> None:
    assert ENHANCER.write("0.5;-1.2") == "HK: 0.5, Dev: -1.2"
    assert ENHANCER.read_gold("[0.5, -1.2]") == (0.5, -1.2)
    assert ENHANCER.read_gold("0.5") is Fault.BAD_GOLD
    assert ENHANCER.read_gold("0.5, x") is Fault.BAD_GOLD
    assert ENHANCER.asks() == "Answer as HK: number, Dev: number."
    assert ENHANCER.compare((0.5, -1.2), (0.5, -1.2)) == (1.0, True)
    # errors of one scale each: 1/2 and 1/2; one right and one wrong number is not correct
    assert ENHANCER.compare((1.5, 0.8), (0.5, -1.2)) == (pytest.approx(0.5), False)
    assert ENHANCER.compare((0.5, 0.8), (0.5, -1.2)) == (pytest.approx(0.75), False)


@pytest.mark.parametrize("names", [("HK",), ("HK", "hk"), ("a", "b", "c")])
def test_several_numbers_are_declared_alike(names: tuple[str, ...]) -> None:
    with pytest.raises(TaskError):
        Numbers(names, (None, None), (0, 0), (1, 1), (1, 1), (0, 0))
