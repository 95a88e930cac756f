"""Constraints in rewards: what they find, what gates, and what a gold excuses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scireasoner.rewards.compose import Composition, Rule
from scireasoner.science.checks import CHECKS
from scireasoner.tasks import all_tasks, get
from scireasoner.tasks.constraints import CONSTRAINTS, HARD, constraints_of
from scireasoner.types import Completion, Mode, Sample, Verdict

ALKALI = Sample("a", {"elements": "Na Cl"}, "Na Cl", "Na Cl")
WATER = Sample("b", {"equation": "H2 + O2 -> H2O"}, "H2 + O2 -> H2O")
HAIRPIN = Sample("c", {"structure": "((((....))))"}, "((((....))))")
ESTER = Sample("d", {"smiles": "CC(=O)Cl.CCO"}, "CCOC(C)=O")
BACK = Sample("e", {"smiles": "CCOC(C)=O"}, "CC(=O)Cl.CCO")

# task, row, answer, the checks that fail, share of the constraints that hold
FOUND = [
    ("composition", ALKALI, "<material>Na Cl</material>", [], 1.0),
    ("composition", ALKALI, "<material>Na Na Cl</material>", ["charge neutrality", "smact"], 1 / 3),
    ("balance_reaction", WATER, "<equation>2 H2 + O2 -> 2 H2O</equation>", [], 1.0),
    ("balance_reaction", WATER, "<equation>H2 + O2 -> H2O</equation>", ["element balance"], 0.75),
    ("balance_reaction", WATER, "<equation>4 H2 + 2 O2 -> 4 H2O</equation>",
     ["smallest coefficients"], 0.75),
    # as the judge read it, whatever it was typeset in
    ("balance_reaction", WATER, "<equation>2 H_2 + O_2 \\rightarrow 2 H_2O</equation>", [], 1.0),
    ("balance_reaction", WATER, "**2 H2 + O2 -> 2 H2O**", [], 1.0),
    ("balance_reaction", WATER, "The answer is 2 H2 + O2 -> 2 H2O.", [], 1.0),
    ("rna_design", HAIRPIN, "<rna>GGGGAAAACCC</rna>", ["length"], 0.0),
    ("smol_forward_synthesis", ESTER, "<SMILES>CCOC(C)=O</SMILES>", [], 1.0),
    ("smol_forward_synthesis", ESTER, "<SMILES>CCOC(C)=S</SMILES>", ["no element created"], 0.0),
    ("smol_retrosynthesis", BACK, "<SMILES>CC(=O)Cl.CCO</SMILES>", [], 1.0),
    ("smol_retrosynthesis", BACK, "<SMILES>CC.CC</SMILES>", ["no element created"], 0.0),
    ("smiles_to_formula", Sample("f", {"smiles": "C"}, "CH4"), "CH3", [], 1.0),
]  # fmt: skip


@pytest.mark.parametrize(("name", "sample", "text", "failed", "share"), FOUND)
def test_what_the_checks_find(
    name: str, sample: Sample, text: str, failed: list[str], share: float
) -> None:
    task = get(name)
    got = task.rewarded(sample, Completion(text, 5), Mode.INSTANT)
    assert got.fault is None
    assert [one.check for one in got.findings if one.verdict is Verdict.FAIL] == failed
    assert got.terms["constraint"] == pytest.approx(share)
    assert all(check in got.why for check in failed)
    assert got.value == task.reward(got.outcome)


def test_a_task_may_make_a_constraint_hard() -> None:
    wrong = Completion("<material>Na Na Cl</material>", 5)
    soft = get("composition")
    hard = replace(soft, composition=Composition(hard=("charge neutrality",)))
    assert (soft.rewarded(ALKALI, wrong, Mode.INSTANT).value or 0.0) > 0.0
    assert hard.rewarded(ALKALI, wrong, Mode.INSTANT).value == 0.0
    right = Completion("<material>Na Cl</material>", 5)
    assert hard.rewarded(ALKALI, right, Mode.INSTANT).value == 1.0


def test_a_check_that_the_gold_fails_is_not_applied_to_its_row() -> None:
    """The recorded product has an element that no recorded reactant has: nobody is blamed for it."""
    odd = Sample("x", {"smiles": "CCO"}, "CCBr")
    task = replace(get("smol_forward_synthesis"), composition=Composition(Rule.PRODUCT))
    gold = task.rewarded(odd, Completion("<SMILES>CCBr</SMILES>", 5), Mode.INSTANT)
    assert (gold.value, gold.findings) == (1.0, ())
    other = task.rewarded(odd, Completion("<SMILES>CCI</SMILES>", 5), Mode.INSTANT)
    assert other.findings == ()


def test_format_and_length_are_terms() -> None:
    task = replace(get("smol_esol"), composition=Composition(Rule.PRODUCT))
    sample = Sample("x", {"smiles": "CCO"}, "1.1")
    limit = task.limit(Mode.INSTANT)
    bare = task.rewarded(sample, Completion("1.1", 5), Mode.INSTANT)
    assert (bare.terms["format"], bare.value, bare.correct) == (0.0, 0.0, True)
    tagged = task.rewarded(sample, Completion("<NUMBER>1.1</NUMBER>", 5), Mode.INSTANT)
    assert (tagged.terms["format"], tagged.value) == (1.0, 1.0)
    late = task.rewarded(sample, Completion("<NUMBER>1.1</NUMBER>", limit), Mode.INSTANT)
    assert (late.terms["length"], late.value) == (0.0, 0.0)


def test_every_named_check_exists_and_hard_ones_are_applied() -> None:
    for name in {name for task in all_tasks() for name in constraints_of(task)}:
        assert name in CHECKS
    for kind, names in HARD.items():
        assert set(names) <= set(CONSTRAINTS[kind])


def test_our_failure_has_no_reward() -> None:
    bad = Sample("x", {"smiles": "CCO"}, "not a number")
    got = get("smol_esol").rewarded(bad, Completion("1.1", 5), Mode.INSTANT)
    assert (got.value, got.score, got.correct, got.why) == (None, 0.0, False, "gold cannot be read")
