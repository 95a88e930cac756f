"""The same numbers as the packages that define them, on seeded cases: no difference is allowed.

A few hundred cases each run always, ten thousand behind the mark ``slow``.
"""

from __future__ import annotations

import math
import random
import shutil
import warnings
from collections.abc import Iterator
from typing import Any

import nltk
import pytest
from Bio.Align import PairwiseAligner, substitution_matrices
from nltk.corpus.reader.wordnet import WordNetCorpusReader
from nltk.metrics.distance import edit_distance
from nltk.translate.bleu_score import corpus_bleu
from nltk.translate.meteor_score import single_meteor_score
from rouge_score.rouge_scorer import RougeScorer

from scireasoner.science import (
    alignment,
    fingerprints,
    formulas,
    materials,
    meteor,
    overlap,
    porter,
    text,
    wordnet,
)

SEED = 20_250_921
RESIDUES = "ACDEFGHIKLMNPQRSTVWY"
_LINE = (
    "the a of is was acid acids running runs ran quick fast rapid big large cat cats molecule "
    "molecules particle role function functions died dies men galore Paris well better best "
    "3-methyl 2,4-D α-amino plant-metabolite derived deriving binds bound binding µm IL-1β (2R)"
)
COMMON = _LINE.split()

every = pytest.mark.parametrize("n", [300, pytest.param(10_000, marks=pytest.mark.slow)])


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """NLTK's own reader over the WordNet that ours found (it needs single-byte line ends)."""
    root = tmp_path_factory.mktemp("nltk")
    folder = root / "corpora" / "wordnet"
    shutil.copytree(wordnet.folder(), folder)
    for file in folder.iterdir():
        file.write_bytes(file.read_bytes().replace(b"\r\n", b"\n"))
    nltk.data.path.insert(0, str(root))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # no multilingual WordNet is asked for
        yield WordNetCorpusReader(str(folder), None)
    nltk.data.path.remove(str(root))


def listed(n: int) -> list[str]:
    """Words of WordNet's index, without those of several parts."""
    names = sorted(
        word for word in wordnet._index("noun") | wordnet._index("verb") if "_" not in word
    )
    return random.Random(SEED).sample(names, n)


def sentences(n: int, seed: int = SEED) -> Iterator[tuple[list[str], list[str]]]:
    """Pairs of word lists: unrelated ones, near copies, shuffles, empty ones."""
    rng = random.Random(seed)
    vocabulary = [*listed(400), *COMMON * 8]
    for _ in range(n):
        reference = rng.choices(vocabulary, k=rng.randint(0, 35))
        way = rng.randrange(4)
        if way == 0:
            candidate = rng.choices(vocabulary, k=rng.randint(0, 35))
        elif way == 1:
            candidate = [changed(word, rng) for word in reference]
        elif way == 2:
            candidate = rng.sample(reference, len(reference))
        else:
            candidate = [word for word in reference if rng.random() < 0.7] * rng.choice((1, 1, 2))
        yield candidate, reference


def changed(word: str, rng: random.Random) -> str:
    """The word, another form of it, another word, or a synonym."""
    ways = [word, word, word.upper(), word + "s", word + "ing", rng.choice(COMMON)]
    return rng.choice([*ways, *sorted(wordnet.synonyms(word))[:3]])


@every
@pytest.mark.parametrize("stemmer", [None, porter.stem], ids=["plain", "stemmed"])
def test_rouge_is_that_of_rouge_score(n: int, stemmer: Any) -> None:
    oracle = RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=stemmer is not None)
    for candidate, reference in sentences(n):
        texts = " ".join(candidate), ", ".join(reference)
        expected = oracle.score(texts[1], texts[0])
        a, b = (overlap.words(each, stemmer) for each in texts)
        assert overlap.rouge_n(a, b, 1) == tuple(expected["rouge1"])
        assert overlap.rouge_n(a, b, 2) == tuple(expected["rouge2"])
        assert overlap.rouge_lcs(a, b) == tuple(expected["rougeL"])
        assert overlap.rouge_l(*texts, stemmer) == expected["rougeL"].fmeasure


@every
def test_meteor_is_that_of_nltk(n: int, reader: Any) -> None:
    seen = set()
    for candidate, reference in sentences(n):
        found = meteor.meteor_tokens(candidate, reference)
        assert found == single_meteor_score(reference, candidate, wordnet=reader)
        seen.add(round(found, 1))
    assert len(seen) > 8, "the draw must reach from no match to all"


@every
@pytest.mark.parametrize("order", [2, 4])
def test_bleu_is_that_of_nltk(n: int, order: int) -> None:
    """Corpora of one pair up to nine."""
    rng = random.Random(order)
    rows = sentences(n)
    left = n
    while left > 0:
        size = min(left, rng.randint(1, 9))
        left -= size
        pairs = [next(rows) for _ in range(size)]
        counts = [overlap.bleu_counts(a, b) for a, b in pairs]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # NLTK warns of orders without a match
            expected = corpus_bleu(
                [[b] for _, b in pairs], [a for a, _ in pairs], weights=(1 / order,) * order
            )
        found = overlap.corpus_bleu([sum(column) for column in zip(*counts, strict=True)], order)
        assert abs(found - expected) <= 1e-12


def strings(n: int, letters: str, longest: int) -> Iterator[tuple[str, str]]:
    """Pairs of strings: unrelated ones, and mutants with substitutions and gaps."""
    rng = random.Random(SEED)
    for place in range(n):
        first = "".join(rng.choices(letters, k=rng.randint(1, longest)))
        if place % 2:
            kept = [c if rng.random() < 0.75 else rng.choice(("", "AC", "W")) for c in first]
            yield first, "".join(kept) or "M"
        else:
            yield first, "".join(rng.choices(letters, k=rng.randint(1, longest)))


@every
@pytest.mark.parametrize("way", ["parasail", "biopython"])
def test_smith_waterman_is_that_of_biopython(
    n: int, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if way == "parasail":
        pytest.importorskip("parasail")
    else:
        monkeypatch.setattr(alignment, "_parasail", lambda: None)
    aligner = PairwiseAligner(mode="local", open_gap_score=-10, extend_gap_score=-0.5)
    aligner.substitution_matrix = substitution_matrices.load("BLOSUM45")
    for a, b in strings(n, RESIDUES, 140):
        score = aligner.score(a, b)
        assert alignment.smith_waterman(a, b) == score
        own = (aligner.score(a, a), aligner.score(b, b))
        assert (alignment.self_score(a), alignment.self_score(b)) == own
        expected = min(1.0, score / math.sqrt(own[0] * own[1]))
        assert alignment.normalised_smith_waterman(a, b) == expected


@every
def test_levenshtein_is_that_of_nltk(n: int) -> None:
    for a, b in strings(n, "CNO()=#123cn[]+-@éα", 24):
        expected = edit_distance(a, b)
        assert fingerprints.levenshtein(a, b) == expected
        assert text.edit_similarity(a, b) == pytest.approx(
            1 - expected / max(len(a), len(b)), abs=1e-15
        )


def compositions(n: int) -> Iterator[dict[str, int]]:
    """Random compositions of one to five elements, half of them with an anion former."""
    rng = random.Random(SEED)
    elements, anions = formulas.ELEMENTS[:103], ("O", "S", "F", "Cl", "N", "P")
    for place in range(n):
        chosen = rng.sample(elements, rng.choice((1, 2, 2, 3, 3, 4)) + place % 2)
        if place % 2:
            chosen[-1] = rng.choice(anions)
        yield {element: rng.choice((1, 1, 2, 3, 4, 6, 12)) for element in chosen}


@every
def test_validity_of_compositions_is_that_of_smact(n: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from smact.screening import smact_validity

    said = []
    for counts in compositions(n):
        formula = "".join(f"{element}{count}" for element, count in counts.items())
        expected = bool(smact_validity(formula, oxidation_states_set="icsd24"))
        assert materials.smact_valid(counts) is expected, formula
        said.append(expected)
    assert 0.2 < sum(said) / n < 0.8, "the draw must test both answers"
