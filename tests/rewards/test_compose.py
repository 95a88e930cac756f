"""How the terms of a reward are joined, and what a sum may not be."""

from __future__ import annotations

import itertools

import pytest

from scireasoner.errors import TaskError
from scireasoner.rewards.compose import Composition, Rule, length_term

RIGHT = {"correctness": 1.0, "constraint": 1.0, "format": 1.0, "length": 1.0}
SUM = Composition(Rule.SUM, weights={"correctness": 0.9, "format": 0.06, "constraint": 0.04})
PRODUCT = Composition(Rule.PRODUCT)
GATE = Composition()

# rule, changed terms, broken hard constraints, reward
CASES = [
    (GATE, {}, (), 1.0),
    (PRODUCT, {}, (), 1.0),
    (SUM, {}, (), 1.0),
    (GATE, {"correctness": 0.4, "constraint": 0.5, "format": 0.0}, (), 0.4),
    (GATE, {"correctness": 0.4}, ("valence",), 0.0),
    (Composition(hard=("charge",)), {"correctness": 0.4}, ("valence",), 0.4),
    (Composition(hard=("charge",)), {"correctness": 0.4}, ("charge", "valence"), 0.0),
    (PRODUCT, {"correctness": 0.4, "constraint": 0.5}, (), 0.2),
    (PRODUCT, {"format": 0.0}, (), 0.0),
    (Composition(Rule.PRODUCT, ("correctness", "length")), {"format": 0.0, "length": 0.5}, (), 0.5),
    (SUM, {"correctness": 0.0}, (), 0.1),  # form alone: the cap
    (SUM, {"correctness": 0.5, "constraint": 0.5}, (), 0.45 + 0.06 + 0.02),
    (SUM, {"correctness": 0.0, "format": 0.0, "constraint": 0.0}, (), 0.0),
]


@pytest.mark.parametrize(("rule", "changed", "broken", "reward"), CASES)
def test_terms_are_joined(
    rule: Composition, changed: dict[str, float], broken: tuple[str, ...], reward: float
) -> None:
    assert rule.join({**RIGHT, **changed}, broken) == pytest.approx(reward)


@pytest.mark.parametrize("rule", [GATE, PRODUCT, SUM], ids=lambda c: c.rule.value)
def test_every_rule_grows_with_correctness(rule: Composition) -> None:
    values = [rule.join({**RIGHT, "correctness": i / 20}) for i in range(21)]
    assert all(b > a for a, b in itertools.pairwise(values))


# what is declared, what the message says
WRONG = [
    ({"rule": Rule.SUM, "weights": {"correctness": 0.5, "format": 0.5}}, "could earn 0.5"),
    ({"rule": Rule.SUM, "weights": {"correctness": 0.8, "format": 0.1}}, "add up to 1"),
    ({"rule": Rule.SUM, "weights": {"correctness": 1.5, "format": -0.5}}, "add up to 1"),
    ({"rule": Rule.SUM, "weights": {}}, "add up to 1"),
    ({"rule": Rule.SUM, "weights": {"correctness": 0.5, "style": 0.5}}, "composed of"),
    ({"rule": Rule.SUM, "weights": {"correctness": 0.5, "format": 0.5}, "cap": 0.5}, "with cap"),
    ({"rule": Rule.SUM, "weights": {"format": 1.0}}, "could earn 1"),
    ({"rule": Rule.PRODUCT, "terms": ("format",)}, "correctness always"),
    ({"weights": {"correctness": 1.0}}, "no weights"),
]


@pytest.mark.parametrize(("declared", "message"), WRONG)
def test_a_composition_that_can_be_farmed_is_refused(
    declared: dict[str, object], message: str
) -> None:
    with pytest.raises(TaskError, match=message):
        Composition(**declared)  # type: ignore[arg-type]


def test_form_alone_never_beats_the_least_correct_answer() -> None:
    SUM.check_against(0.2)
    with pytest.raises(TaskError, match=r"form alone 0\.1"):
        SUM.check_against(0.11)
    GATE.check_against(0.01)


@pytest.mark.parametrize(
    ("tokens", "term"), [(0, 1.0), (80, 1.0), (90, 0.5), (100, 0.0), (500, 0.0)]
)
def test_the_length_term_is_soft(tokens: int, term: float) -> None:
    assert length_term(tokens, 100) == pytest.approx(term)
