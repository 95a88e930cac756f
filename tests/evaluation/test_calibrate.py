"""Calibration finds the smallest exponent, and farmed answers do not pay."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scireasoner.answers import Boolean, Entities, Equation, Label, Number
from scireasoner.evaluation import farming
from scireasoner.evaluation.audit import COLUMNS, audit_task
from scireasoner.evaluation.calibrate import MOST, calibrate, solve
from scireasoner.evaluation.constants import candidates, scores_of_constants
from scireasoner.evaluation.farming import Field
from scireasoner.evaluation.perturb import perturbed
from scireasoner.rewards.soften import power
from scireasoner.tasks import get
from scireasoner.tasks.balance import aspects
from scireasoner.tasks.rows import Place
from scireasoner.tasks.task import Task
from scireasoner.types import Completion, Domain, Family, Mode, Sample, Split

# scores of farmed answers, least exponent, share, k
SOLVED = [
    ([[0.1, 0.1]], 1.0, 0.2, 1.0),
    ([[0.1, 0.1]], 2.0, 0.2, 2.0),
    ([[0.5, 0.5]], 1.0, 0.25, 2.0),
    ([[0.5, 0.5], [0.7, 0.7]], 1.0, 0.2, math.log(0.2) / math.log(0.7)),
    ([[0.99, 0.9]], 1.0, 0.2, MOST),
    ([[1.0, 0.0]], 1.0, 0.2, 1.0),  # right on half of the rows: no exponent helps
    ([[1.0, 0.0], [0.5, 0.5]], 1.0, 0.25, 2.0),
]


@pytest.mark.parametrize(("scores", "least", "share", "k"), SOLVED)
def test_the_smallest_exponent(
    scores: list[list[float]], least: float, share: float, k: float
) -> None:
    table = [np.array(row) for row in scores]
    found = solve(table, least, share)
    assert found == pytest.approx(k, abs=0.011)
    if least < found < MOST:
        graded = [row for row in table if row.max() < 1.0]
        assert max(float((row**found).mean()) for row in graded) <= share
        assert max(float((row ** (found - 0.03)).mean()) for row in graded) > share


@dataclass(frozen=True)
class Rows:
    rows: Mapping[Split, Sequence[Sample]]

    def load(self, task: str, split: Split) -> Sequence[Sample]:
        return self.rows.get(split, ())

    def places(self, task: str) -> tuple[Place, ...]:
        return (Place("file", "memory", True, tuple(self.rows), "", "", False),)


def make(answer: Any, golds: Sequence[str], **changes: Any) -> Task:
    rows = [Sample(f"row-{i}", {"text": f"question {i}"}, gold) for i, gold in enumerate(golds)]
    third = len(rows) // 3
    data = Rows({Split.TRAIN: tuple(rows[third:]), Split.TEST: tuple(rows[:third])})
    options: dict[str, Any] = {
        "name": "made", "suite": "test", "family": Family.PREDICTION, "domain": Domain.TEXT,
        "prompt": "What of {text}?", "inputs": {"text": "text"}, "answer": answer, "data": data,
        "source": "made for a test", "licence": "CC0-1.0",
    }  # fmt: skip
    return Task(**{**options, **changes})


def gaussian(n: int, seed: int = 0) -> list[str]:
    rng = random.Random(seed)
    return [repr(rng.gauss(0.0, 1.0)) for _ in range(n)]


NUMBER = Number(None, -100.0, 100.0, 0.6745, 0.05)


def test_a_gaussian_number_needs_the_exponent_of_theory() -> None:
    """With the median absolute deviation as scale, the median earns 0.2 at k = 3.31."""
    found = calibrate(make(NUMBER, gaussian(1200)), rows=400)
    assert found is not None
    assert 3.2 < found.k < 4.0  # the search picks the luckiest of many constants
    assert found.reached == pytest.approx(0.2, abs=0.005)
    assert found.mad == pytest.approx(0.6745, abs=0.08)
    assert found.off_scale is None
    wrong = calibrate(make(Number(None, -100.0, 100.0, 5.0, 0.05), gaussian(1200)), rows=400)
    assert wrong is not None
    assert wrong.off_scale == pytest.approx(5.0 / 0.6745, rel=0.15)


def test_too_few_rows_are_no_calibration() -> None:
    assert calibrate(make(NUMBER, gaussian(60))) is None
    assert audit_task(make(NUMBER, gaussian(60))).why.startswith("fewer than")


def test_a_flat_reward_is_red_and_a_calibrated_one_green() -> None:
    golds = gaussian(1200)
    red = audit_task(make(NUMBER, golds, soften=power(1)), rows=300)
    assert red.above["best constant"] > 0.45
    found = calibrate(make(NUMBER, golds))
    assert found is not None
    green = audit_task(make(NUMBER, golds, soften=power(found.k)), rows=300)
    assert green.above == {}
    assert green.gold == 1.0
    assert set(green.farmed) == set(COLUMNS)
    assert green.deviation is not None
    assert green.deviation > 0.2  # the reward still spreads over half right answers


def test_classes_count_alike() -> None:
    """Nine rows of ten say no: a constant earns a half, not nine tenths."""
    golds = ["No"] * 900 + ["Yes"] * 100
    random.Random(0).shuffle(golds)
    found = audit_task(make(Boolean(), golds), rows=200)
    assert found.farmed["best constant"] == pytest.approx(0.5, abs=0.01)
    assert found.above == {}
    three = make(Label(("a", "b", "c")), [*("a" * 600), *("b" * 200), *("c" * 100)])
    data = audit_task(three, rows=150)
    assert data.farmed["every label"] == 0.0


def test_a_common_gold_is_a_tenth_of_the_rows() -> None:
    golds = ["0.0"] * 600 + gaussian(600, seed=3)
    random.Random(1).shuffle(golds)
    found = calibrate(make(NUMBER, golds))
    assert found is not None
    assert found.k < MOST
    assert found.reached <= 0.2


LISTS = [
    f"gene {i % 7}; gene {i % 3}; gene common; gene {100 + i}" for i in range(400)
]  # every gold has one name in common


def test_the_best_constant_list_beats_the_best_gold() -> None:
    task = make(Entities("genes"), LISTS)
    known = task.samples(Split.TRAIN)[:100]
    field = Field(task, known, task.samples(Split.TEST))
    texts = candidates(field)
    means = scores_of_constants(task, texts, field.asked).mean(axis=1)
    golds = [task.answer.write(s.gold or "") for s in known]
    of_golds = scores_of_constants(task, golds, field.asked).mean(axis=1)
    assert means.max() > of_golds.max()
    assert "gene common" in texts[int(means.argmax())]


def test_scores_of_constants_are_those_of_the_judge() -> None:
    task = make(NUMBER, gaussian(30))
    rows = task.samples(Split.TEST)
    texts = ["<NUMBER>0.5</NUMBER>", "no number", "<NUMBER>-1</NUMBER>"]
    table = scores_of_constants(task, texts, rows)
    for text, row in zip(texts, table, strict=True):
        judged = [task.judge(s, Completion(text, 1), Mode.INSTANT).score for s in rows]
        assert row.tolist() == judged


@pytest.mark.parametrize(
    ("answer", "golds"),
    [(NUMBER, gaussian(60)), (Entities("genes"), LISTS[:60]), (Boolean(), ["Yes", "No"] * 30)],
    ids=["number", "entities", "boolean"],
)
def test_every_strategy_gives_a_text_a_row(answer: Any, golds: list[str]) -> None:
    task = make(answer, golds)
    field = Field(task, task.samples(Split.TRAIN), task.samples(Split.TEST))
    for name, strategy in farming.STRATEGIES.items():
        texts = strategy(field)
        assert len(texts) == len(field.asked), name
        assert texts == strategy(field), "the seed fixes everything"
    for way in farming.copies(field):
        assert len(way) == len(field.asked)


def test_changed_golds_lie_between_right_and_wrong() -> None:
    task = make(NUMBER, gaussian(90))
    field = Field(task, task.samples(Split.TRAIN), task.samples(Split.TEST))
    texts = perturbed(field)
    scores = [
        task.judge(sample, Completion(text or "", 1), Mode.INSTANT).score
        for sample, text in zip(field.asked, texts, strict=True)
    ]
    assert min(scores) < 0.6 < 0.9 < max(scores)
    yes = make(Boolean(), ["Yes", "No"] * 30)
    assert set(perturbed(Field(yes, yes.samples(Split.TRAIN), yes.samples(Split.TEST)))) == {None}


def test_a_constant_for_each_thing_that_is_asked_about_is_farming_too() -> None:
    """Three quantities around -1, 0 and 1 with a narrow spread: read off the question, one each."""
    rng = random.Random(5)
    what = [rng.choice((-1.0, 0.0, 1.0)) for _ in range(1200)]
    rows = [
        Sample(
            f"r{i}",
            {"text": f"q {i}", "quantity": {-1.0: "low", 0.0: "mid", 1.0: "high"}[x]},
            repr(rng.gauss(x, 0.05)),
        )
        for i, x in enumerate(what)
    ]
    data = Rows({Split.TRAIN: tuple(rows[400:]), Split.TEST: tuple(rows[:400])})
    number = Number(None, -9.0, 9.0, 0.03, 0.001)
    task = make(number, [], data=data, inputs={"text": "text", "quantity": "text"},
                prompt="What is {quantity} of {text}?", soften=power(1))  # fmt: skip
    assert len(set(aspects(task, rows))) == 3
    found = calibrate(task)
    assert found is not None
    assert found.farmed == "constant by what is asked about"
    assert found.k > 2.5
    assert found.mad == pytest.approx(0.03, abs=0.01)  # from the median of each quantity
    assert audit_task(task).above["best constant"] > 0.4
    assert audit_task(make(number, [], data=data, inputs=task.inputs, prompt=task.prompt,
                           soften=power(found.k))).above == {}  # fmt: skip


def test_changed_equations_keep_their_species() -> None:
    golds = ["H2 + O2 -> H2O", "N2 + H2 -> NH3", "CH4 + O2 -> CO2 + H2O"] * 20
    task = make(Equation(), golds)
    field = Field(task, task.samples(Split.TRAIN), task.samples(Split.TEST))
    outcomes = [
        task.judge(sample, Completion(text or "", 1), Mode.INSTANT)
        for sample, text in zip(field.asked, perturbed(field), strict=True)
    ]
    assert all(outcome.fault is None for outcome in outcomes)
    assert len({round(outcome.score, 3) for outcome in outcomes}) > 3


REAL = ["smol_esol", "smol_bbbp", "smol_forward_synthesis", "molinst_orbital_energy",
        "opi_go_idfilter", "mat_oqmd_band_gap"]  # fmt: skip


@pytest.mark.data
@pytest.mark.parametrize("name", REAL)
def test_shipped_calibrations_are_green_on_real_rows(name: str, shared_data: Path) -> None:
    found = audit_task(get(name))
    assert found.why == ""
    assert found.above == {}
