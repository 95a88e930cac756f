"""Numbers: the strings that published parsers misread, units, ranges, and the score."""

from __future__ import annotations

import math

import pytest

from scireasoner.answers import Number
from scireasoner.errors import TaskError
from scireasoner.types import Fault

PLAIN = Number(None, -1000, 2000, 1, 0.1)
KELVIN = Number("K", 0, 2000, 20, 5)
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
    ],
)
def test_numbers_are_read_as_a_scientist_reads_them(text: str, value: float) -> None:
    assert PLAIN.parse(text) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("mRNA12 gives 0.53", Fault.NOT_A_NUMBER),  # a sentence is not an answer
        ("It is soluble.", Fault.NOT_A_NUMBER),
        ("<NUMBER>nan</NUMBER>", Fault.NOT_A_NUMBER),
        ("<NUMBER>inf</NUMBER>", Fault.NOT_A_NUMBER),
        ("<NUMBER>> 300</NUMBER>", Fault.NOT_A_NUMBER),  # a bound is not a value
        ("<NUMBER>3 to 5</NUMBER>", Fault.TWO_ANSWERS),
        ("<NUMBER>3</NUMBER> or <NUMBER>4</NUMBER>", Fault.TWO_ANSWERS),
        ("<NUMBER>2001</NUMBER>", Fault.OUT_OF_RANGE),
        ("<NUMBER>3 K</NUMBER>", Fault.WRONG_UNIT),
        ("<NUMBER></NUMBER>", Fault.NO_ANSWER),
        ("<NUMBER>3", Fault.NOT_A_NUMBER),  # never closed
        ("<NUMBER>unknown</NUMBER>", Fault.REFUSED),
    ],
)
def test_what_is_no_number_is_a_fault(text: str, fault: Fault) -> None:
    assert PLAIN.parse(text) is fault


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
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
