"""ROUGE and BLEU against rouge-score and NLTK on generated sentences."""

from __future__ import annotations

import random
import warnings
from collections.abc import Sequence

import pytest
from nltk.translate.bleu_score import corpus_bleu as nltk_bleu
from rouge_score.rouge_scorer import RougeScorer

from scireasoner.science import overlap, porter

_LINE = (
    "the molecule is a member of acids and an ester derived from cat's Running runs ran ethanol "
    "3-methyl it has role as plant-metabolite α-amino binding BINDS bound 2,4-D conjugated µm"
)
VOCABULARY = _LINE.split()


def sentences(seed: int, n: int, longest: int = 30) -> list[tuple[str, str]]:
    """Pairs of texts, some empty, some nearly equal."""
    rng = random.Random(seed)
    pairs = []
    for _ in range(n):
        reference = rng.choices(VOCABULARY, k=rng.randint(0, longest))
        if rng.random() < 0.5:
            candidate = [w if rng.random() < 0.8 else rng.choice(VOCABULARY) for w in reference]
        else:
            candidate = rng.choices(VOCABULARY, k=rng.randint(0, longest))
        pairs.append((" ".join(candidate), " ".join(reference)))
    return pairs


@pytest.mark.parametrize("stemmer", [None, porter.stem], ids=["plain", "stemmed"])
def test_rouge_is_that_of_rouge_score(stemmer: object) -> None:
    oracle = RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=stemmer is not None)
    for candidate, reference in sentences(0, 400):
        expected = oracle.score(reference, candidate)
        a, b = (overlap.words(t, stemmer) for t in (candidate, reference))  # type: ignore[arg-type]
        assert overlap.rouge_n(a, b, 1) == pytest.approx(expected["rouge1"], abs=1e-12)
        assert overlap.rouge_n(a, b, 2) == pytest.approx(expected["rouge2"], abs=1e-12)
        assert overlap.rouge_lcs(a, b) == pytest.approx(expected["rougeL"], abs=1e-12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3-Methyl, (2R)", ["3", "methyl", "2r"]),
        ("α-amino µm", ["amino", "m"]),
        ("K", ["k"]),  # the Kelvin sign, as lower case
        ("...", []),
        ("", []),
    ],
)
def test_words_are_runs_of_ascii_letters_and_digits(text: str, expected: list[str]) -> None:
    assert overlap.words(text) == expected


@pytest.mark.parametrize("order", [1, 2, 4])
@pytest.mark.parametrize("size", [1, 2, 25])
def test_bleu_is_that_of_nltk(order: int, size: int) -> None:
    for seed in range(40):
        pairs = [(overlap.words(a), overlap.words(b)) for a, b in sentences(seed, size, 12)]
        counts = summed([overlap.bleu_counts(a, b) for a, b in pairs])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # NLTK warns of orders without a match
            expected = nltk_bleu(
                [[b] for _, b in pairs], [a for a, _ in pairs], weights=(1 / order,) * order
            )
        found = overlap.corpus_bleu(counts, order)
        assert found == pytest.approx(expected, abs=1e-12)
        assert (found == 0) == (expected == 0)


def summed(counts: Sequence[tuple[int, ...]]) -> list[int]:
    return [sum(column) for column in zip(*counts, strict=True)]


@pytest.mark.parametrize(
    ("candidate", "reference", "expected"),
    [
        ("a b c d e", "a b c d e", 1.0),
        ("a b c d", "a b c d e f g h", 0.36787944117144233),  # exp(1 - 8/4)
        ("x", "a b", 0.0),
        ("", "a b", 0.0),
        ("", "", 0.0),
    ],
)
def test_known_bleu(candidate: str, reference: str, expected: float) -> None:
    counts = overlap.bleu_counts(candidate.split(), reference.split())
    assert overlap.corpus_bleu(counts) == pytest.approx(expected)


def test_an_order_that_was_not_counted_is_refused() -> None:
    with pytest.raises(ValueError, match="BLEU-4"):
        overlap.corpus_bleu(overlap.bleu_counts(["a"], ["a"], order=2), 4)


def test_an_endless_answer_is_cut() -> None:
    assert len(overlap.words("a b " * 1_000_000)) == overlap.MAX_WORDS
    assert 0 <= overlap.rouge_l("a b c " * 100_000, "c b a " * 100_000) <= 1


def test_token_f1_counts_repeats() -> None:
    assert overlap.token_f1("a a b", "a b b") == pytest.approx(2 / 3)
