"""What every metric promises: its bounds, its rows, its behaviour at the edges."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from scireasoner import metrics
from scireasoner.metrics import Metric, paired_difference
from scireasoner.types import Fault, Outcome

LABELS = ("a", "b", "c", "a", "b")
YES = (True, False, True, False, False)
NUMBERS = (1.0, -2.0, 3.0, 5.0, 40.0)
SMILES = ("CCO", "c1ccccc1O", "CC(=O)O", "CCN(CC)CC", "C1CCCCC1")
PROTEINS = ("MKTAYIAKQR", "GSHMLEDPVE", "MSTNPKPQRK", "WWHKLMMAAR", "ACDEFGHIKL")
STRANDS = ("GGGGAAAACCCC", "GGGCUUCGGCCC", "GCGCUUUUGCGC", "GGCCAAAAGGCC", "GGGGUUUUCCCCA")
COMPOSITIONS = ("Na Cl", "Ti O O", "Ca F F", "K Br <sg225>", "Mg O")
ELEMENTS = ("Cl Na", "O Ti", "Ca F", "Br K", "Mg O")
SETS = (("kinase", "membrane"), ("heart",), (), ("liver", "lung", "brain"), ("dna binding",))
FULL_SETS = (("kinase", "membrane"), ("heart",), ("x",), ("liver", "lung"), ("dna binding",))
TEXTS = (
    "the molecule is a plant metabolite", "an ester of acetic acid and ethanol",
    "catalyses the transfer of a phosphate group", "binds to the ribosome of bacteria",
    "a member of the class of phenols",
)  # fmt: skip
OUTPUTS = ((1.0, 5.0), (2.0, 3.0), (4.0, 1.0), (3.0, 0.0), (9.0, 2.0))


@dataclass(frozen=True)
class Case:
    """A metric, right answers and what they are judged against."""

    metric: Metric
    values: Sequence[Any]
    targets: Sequence[Any]

    @property
    def right(self) -> list[Outcome]:
        return [
            Outcome(f"s{i}", v, t, 1.0, True, None, probability=float(t in (True, "b")))
            for i, (v, t) in enumerate(zip(self.values, self.targets, strict=True))
        ]

    @property
    def faults(self) -> list[Outcome]:
        return [fault(outcome) for outcome in self.right]


def fault(outcome: Outcome) -> Outcome:
    return replace(
        outcome, value=None, score=0.0, correct=False, fault=Fault.NO_ANSWER, probability=None
    )


def same(metric: Metric, values: Sequence[Any]) -> Case:
    """Answers are judged against answers of their own kind."""
    return Case(metric, values, values)


CASES = (
    *(same(m, LABELS) for m in (
        metrics.ACCURACY, metrics.SCORE, metrics.ANSWERED, metrics.VALIDITY, metrics.SUCCESS_RATE,
        metrics.BALANCED_ACCURACY, metrics.MACRO_F1, metrics.MCC, metrics.EXACT_MATCH,
        metrics.ELEMENT_MATCH, metrics.top_k_accuracy(1), metrics.top_k_accuracy(5),
    )),
    same(metrics.ROC_AUC, YES),
    Case(metrics.roc_auc("b"), LABELS, ("b", "b", "a", "a", "b")),
    *(same(m, NUMBERS) for m in (
        metrics.mae("K", -50, 50), metrics.rmse(None, -50, 50), metrics.SPEARMAN, metrics.PEARSON,
        metrics.PEARSON_SQUARED, metrics.MAD_OVER_MAE, metrics.R2, metrics.SIRNA_MIXED,
        metrics.accuracy_above(1),
    )),
    same(metrics.PEARSON, OUTPUTS),
    same(metrics.PEARSON_SQUARED, OUTPUTS),
    *(same(m, SETS) for m in (
        metrics.SET_F1, metrics.SET_PRECISION, metrics.SET_RECALL, metrics.ENTITY_F1,
        metrics.MICRO_F1,
    )),
    same(metrics.FMAX, FULL_SETS),
    *(same(m, TEXTS) for m in (
        metrics.BLEU_2, metrics.BLEU_4, metrics.ROUGE_1, metrics.ROUGE_2, metrics.ROUGE_L,
        metrics.METEOR, metrics.TOKEN_F1,
    )),
    *(same(m, SMILES) for m in (
        metrics.MACCS_SIMILARITY, metrics.RDK_SIMILARITY, metrics.MORGAN_SIMILARITY,
        metrics.LEVENSHTEIN, metrics.UNIQUENESS,
    )),
    same(metrics.SMITH_WATERMAN, PROTEINS),
    Case(metrics.SEQUENCE_DIVERSITY, PROTEINS, [None] * 5),
    Case(metrics.MOLECULE_DIVERSITY, SMILES, [None] * 5),
    Case(metrics.novelty(lambda: {"CCO", "CCC"}, "a list"), SMILES, [None] * 5),
    Case(metrics.SMACT_VALIDITY, COMPOSITIONS, ELEMENTS),
    Case(metrics.ELEMENT_RECALL, COMPOSITIONS, ELEMENTS),
    Case(metrics.MFE, STRANDS, [None] * 5),
    Case(metrics.MFE_PER_NT, STRANDS, [None] * 5),
)  # fmt: skip
OPTIONAL = {metrics.BERTSCORE, metrics.PLDDT}
"""Need a model; see test_learned.py."""

each_case = pytest.mark.parametrize(
    "case", CASES, ids=[f"{c.metric.name}-{type(c.values[0]).__name__}" for c in CASES]
)


def test_every_exported_metric_is_here() -> None:
    exported = {
        getattr(metrics, name)
        for name in metrics.__all__
        if isinstance(getattr(metrics, name), Metric)
    }
    assert exported - OPTIONAL <= {case.metric for case in CASES}


def test_names_are_told_apart() -> None:
    names = [case.metric.name for case in CASES if case.values is not OUTPUTS]
    assert [n for n in names if names.count(n) > 1] == ["ROC AUC", "ROC AUC"]


@each_case
def test_all_right_is_best_and_all_faults_are_worst(case: Case) -> None:
    metric = case.metric
    best, worst = metric.compute(case.right), metric.compute(case.faults)
    if math.isfinite(metric.best):
        assert best == pytest.approx(metric.best)
    if metric.worst is not None:
        assert worst == pytest.approx(metric.worst)
    assert math.isfinite(best)
    assert math.isfinite(worst)
    assert best > worst if metric.direction == "higher" else best < worst


@each_case
def test_a_fault_in_place_of_a_right_answer_never_pays(case: Case) -> None:
    right = case.right
    best = case.metric.compute(right)
    for i in range(len(right)):
        value = case.metric.compute([*right[:i], fault(right[i]), *right[i + 1 :]])
        gain = value - best if case.metric.direction == "higher" else best - value
        assert gain <= 1e-12, i


@each_case
def test_rows_come_from_single_outcomes(case: Case) -> None:
    outcomes = [*case.right, *case.faults]
    whole = case.metric.columns(outcomes)
    assert whole.dtype == np.float64
    assert len(whole) == len(outcomes)
    pieces = [case.metric.columns([outcome]) for outcome in outcomes]
    assert np.array_equal(whole, np.vstack(pieces), equal_nan=True)


def edges(case: Case) -> dict[str, list[Outcome]]:
    right, faults = case.right, case.faults
    return {
        "one row": right[:1],
        "one fault": faults[:1],
        "two rows": right[:2],
        "one right": [*right[:1], *faults[1:]],
        "ties": [replace(right[0], sample_id=f"t{i}") for i in range(4)],
        "wrong ties": [
            replace(right[0], sample_id=f"t{i}", target=right[1].target, correct=False)
            for i in range(4)
        ],
        "faults": faults,
        "many faults": [replace(faults[0], sample_id=f"t{i}") for i in range(4)],
    }


@each_case
def test_edges_give_finite_numbers_in_their_interval(case: Case) -> None:
    metric = case.metric
    for name, outcomes in edges(case).items():
        estimate = metric(outcomes)
        numbers = (estimate.value, estimate.low, estimate.high)
        assert all(map(math.isfinite, numbers)), (name, numbers)
        assert estimate.low <= estimate.value <= estimate.high, (name, numbers)
        if metric.scale == "share":
            assert min(numbers) >= -1e-12, (name, numbers)
            assert max(numbers) <= 1 + 1e-12, (name, numbers)


@each_case
def test_estimates_are_seeded_and_leave_our_failures_out(case: Case) -> None:
    outcomes = [*case.right[:3], *case.faults[3:]]
    ours = Outcome("ours", None, None, 0.0, False, Fault.BAD_GOLD)
    estimate = case.metric(outcomes)
    assert case.metric([*outcomes, ours]) == estimate
    assert estimate.answered == pytest.approx(0.6)
    assert estimate.n == 5


@each_case
def test_a_model_is_as_good_as_itself(case: Case) -> None:
    mixed = [*case.right[:3], *case.faults[3:]]
    difference = paired_difference(mixed, mixed, case.metric)
    assert (difference.value, difference.low, difference.high) == (0, 0, 0)
    better = paired_difference(case.right, case.faults, case.metric)
    assert better.low <= better.value <= better.high
    assert better.value > 0 if case.metric.direction == "higher" else better.value < 0


@pytest.mark.parametrize(
    "case",
    # A design drawn twice is one design: test_generation.py.
    [case for case in CASES if "diversity" not in case.metric.name],
    ids=lambda case: case.metric.name,
)
def test_a_weight_is_a_repeated_row(case: Case) -> None:
    """Resampling by weights is drawing rows, whatever the statistic does with them."""
    rows = case.metric.prepared(case.metric.columns([*case.right[:4], *case.faults[4:]]))
    weights = np.random.default_rng(0).multinomial(len(rows), [1 / len(rows)] * len(rows), 20)
    values = case.metric.values(rows, weights.astype(float))
    repeated = [case.metric.value(np.repeat(rows, w, axis=0)) for w in weights]
    assert values == pytest.approx(repeated, abs=1e-12)


@each_case
def test_every_metric_says_what_it_is(case: Case) -> None:
    metric = case.metric
    assert metric.direction in ("higher", "lower")
    assert metric.name
    assert metric.scale
    assert metric.on_fault
    assert metric.lacking is None or metric.lacking() is None


def test_rows_are_the_same_in_another_process() -> None:
    program = (
        "from scireasoner.metrics.rows import code;"
        "print(code('kinase'), code(('a', 'b')), code(True), code(None), code(frozenset('xyz')))"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(runs) == 1


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        (1, 1.0, True),
        (True, 1, True),
        (0.0, -0.0, True),
        ("1", 1, False),
        (("a", "b"), ("a,b",), False),
        (("a",), "a", False),
        (None, "None", False),
        (frozenset("ab"), frozenset("ba"), True),
    ],
)
def test_codes_are_equal_where_values_are(a: Any, b: Any, equal: bool) -> None:
    from scireasoner.metrics.rows import code

    assert (code(a) == code(b)) is equal
    assert code(a) == int(code(a)) < 2**52
