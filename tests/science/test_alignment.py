"""Alignment scores against Biopython, by both of our ways."""

from __future__ import annotations

import random

import pytest
from Bio.Align import PairwiseAligner, substitution_matrices

from scireasoner.science import alignment

LETTERS = "ACDEFGHIKLMNPQRSTVWY"


@pytest.fixture(params=["parasail", "biopython"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "parasail":
        pytest.importorskip("parasail")
    else:
        monkeypatch.setattr(alignment, "_parasail", lambda: None)
    return str(request.param)


@pytest.fixture(scope="module")
def oracle() -> PairwiseAligner:
    aligner = PairwiseAligner(mode="local", open_gap_score=-10, extend_gap_score=-0.5)
    aligner.substitution_matrix = substitution_matrices.load("BLOSUM45")
    return aligner


def pairs(seed: int, n: int) -> list[tuple[str, str]]:
    """Random sequences, and mutants with gaps."""
    rng = random.Random(seed)

    def mutant(sequence: str) -> str:
        kept = [c if rng.random() < 0.7 else rng.choice(["", "AC", "W"]) for c in sequence]
        return "".join(kept) or "M"

    made = []
    for i in range(n):
        first = "".join(rng.choices(LETTERS, k=rng.randint(1, 120)))
        other = "".join(rng.choices(LETTERS, k=rng.randint(1, 150)))
        made.append((first, mutant(first) if i % 2 else other))
    return made


def test_scores_are_those_of_biopython(way: str, oracle: PairwiseAligner) -> None:
    for a, b in pairs(0, 300):
        assert alignment.smith_waterman(a, b) == oracle.score(a, b)
        assert alignment.self_score(a) == oracle.score(a, a)
        expected = oracle.score(a, b) / (oracle.score(a, a) * oracle.score(b, b)) ** 0.5
        assert alignment.normalised_smith_waterman(a, b) == pytest.approx(expected, abs=1e-12)


def test_long_scores_do_not_overflow(way: str) -> None:
    assert alignment.smith_waterman("W" * 9_000, "W" * 3_000) == 45_000


@pytest.mark.parametrize(
    ("a", "b", "score", "identity"),
    [
        ("MKTAYIAK", "MKTAYIAK", 1.0, 1.0),
        ("W", "P", 0.0, 0.0),
        ("MKTAYIAK", "MKTA", None, 0.5),
    ],
)
def test_known_values(a: str, b: str, score: float | None, identity: float) -> None:
    assert alignment.identity(a, b) == identity
    if score is not None:
        assert alignment.normalised_smith_waterman(a, b) == pytest.approx(score, abs=1e-15)


@pytest.mark.parametrize("odd", ["", "mkt", "MXT", "MK T", "MK*", "M" * 10_001])
def test_what_is_no_protein_is_refused(odd: str) -> None:
    for function in (alignment.smith_waterman, alignment.identity):
        with pytest.raises(ValueError, match=r"can|none of the 20"):
            function(odd, "MKT")
        with pytest.raises(ValueError, match=r"can|none of the 20"):
            function("MKT", odd)
