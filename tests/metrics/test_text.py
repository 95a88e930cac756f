"""Corpus metrics of text against NLTK and rouge-score (the single scores: tests/science)."""

from __future__ import annotations

import math
import random
import warnings

import pytest
from nltk.translate.bleu_score import corpus_bleu
from rouge_score.rouge_scorer import RougeScorer

from scireasoner.metrics import (
    BLEU_2,
    BLEU_4,
    METEOR,
    ROUGE_1,
    ROUGE_2,
    ROUGE_L,
    TOKEN_F1,
    Metric,
)
from scireasoner.science.overlap import words
from scireasoner.types import Fault, Outcome

_LINE = "the molecule is a member of acids an ester derived from ethanol plant role"
VOCABULARY = _LINE.split()


def data(seed: int, n: int = 50) -> list[Outcome]:
    rng = random.Random(seed)
    judged = []
    for i in range(n):
        target = rng.choices(VOCABULARY, k=rng.randint(1, 25))
        value = [w if rng.random() < 0.7 else rng.choice(VOCABULARY) for w in target]
        missing = rng.random() < 0.1
        fault = Fault.NO_ANSWER if missing else None
        judged.append(
            Outcome(f"{i}", None if missing else " ".join(value), " ".join(target), 0, False, fault)
        )
    return judged


@pytest.mark.parametrize("seed", range(8))
def test_metrics_of_text_agree_with_the_references(seed: int) -> None:
    judged = data(seed)
    pairs = [(words(o.value or ""), words(o.target)) for o in judged]
    for metric, order in ((BLEU_2, 2), (BLEU_4, 4)):
        # NLTK counts one n-gram of every order for texts that have none.
        long = [o for o, (a, _) in zip(judged, pairs, strict=True) if len(a) >= order]
        texts = [(words(o.value), words(o.target)) for o in long]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = corpus_bleu(
                [[b] for _, b in texts], [a for a, _ in texts], weights=(1 / order,) * order
            )
        assert metric.compute(long) == pytest.approx(expected, abs=1e-12)
    oracle = RougeScorer(["rouge1", "rouge2", "rougeL"])
    scores = [oracle.score(o.target, o.value or "") for o in judged]
    for metric, key in ((ROUGE_1, "rouge1"), (ROUGE_2, "rouge2"), (ROUGE_L, "rougeL")):
        n = 2 if metric is ROUGE_2 else 1
        # rouge-score gives 0 to equal texts that are too short.
        short = [max(map(len, pair)) < n and pair[0] == pair[1] for pair in pairs]
        means = [1.0 if s else r[key].fmeasure for s, r in zip(short, scores, strict=True)]
        assert metric.compute(judged) == pytest.approx(sum(means) / len(means), abs=1e-12)
    assert TOKEN_F1.compute(judged) == ROUGE_1.compute(judged)


def test_bleu_without_any_match_is_zero_and_finite_in_every_resample() -> None:
    judged = [Outcome(f"{i}", "x y z", "a b c", 0, False, None) for i in range(3)]
    judged.append(Outcome("3", "a b q", "a b c", 0, False, None))
    for metric in (BLEU_2, BLEU_4):
        estimate = metric(judged)
        assert 0 <= estimate.low <= estimate.value <= estimate.high < 1
    assert BLEU_4.compute(judged[:3]) == 0


def test_a_right_answer_loses_its_one_chunk_in_meteor() -> None:
    right = Outcome("a", "an ester of acids", "an ester of acids", 1, True, None)
    assert METEOR.compute([right]) == pytest.approx(1 - 0.5 / 64)
    assert not math.isfinite(METEOR.best)


@pytest.mark.parametrize(
    "metric",
    [BLEU_2, BLEU_4, ROUGE_1, ROUGE_2, ROUGE_L, TOKEN_F1],
    ids=lambda m: m.name if isinstance(m, Metric) else None,
)
@pytest.mark.parametrize(
    "texts", [["kinase"], ["kinase", "zinc finger", "a b c d e"], ["α"], ["a b"]]
)
def test_short_right_answers_are_perfect(metric: Metric, texts: list[str]) -> None:
    right = [Outcome(text, text, text, 1, True, None) for text in texts]
    if metric in (BLEU_2, BLEU_4) and texts == ["α"]:
        assert metric.compute(right) == 0  # a corpus without any word
    else:
        assert metric.compute(right) == pytest.approx(1.0)


@pytest.mark.parametrize(
    "metric",
    [BLEU_2, BLEU_4, ROUGE_1, ROUGE_2, ROUGE_L, TOKEN_F1],
    ids=lambda m: m.name if isinstance(m, Metric) else None,
)
@pytest.mark.parametrize(
    ("value", "target"),
    [
        ("kinase", "lyase"),
        ("lyase of zinc", "kinase"),
        ("", "kinase"),
        ("α", "β"),
        ("...", "kinase"),
    ],
)
def test_short_wrong_answers_are_nothing(metric: Metric, value: str, target: str) -> None:
    assert metric.compute([Outcome("s", value, target, 0, False, None)]) == 0


def test_a_short_answer_to_a_long_target_is_no_match_of_higher_orders() -> None:
    judged = [Outcome("s", "zinc", "zinc finger domain", 0, False, None)]
    assert BLEU_4.compute(judged) < 1e-70
    assert ROUGE_2.compute(judged) == 0
    assert TOKEN_F1.compute(judged) == pytest.approx(0.5)
