"""Finding sequences that are nearly equal."""

from __future__ import annotations

import random

import numpy as np
import pytest

from scireasoner.data.near import BANDS, THRESHOLD, alike, identity, sketch
from scireasoner.data.objects import Kind
from scireasoner.science import proteins
from scireasoner.science.nucleotides import reverse_complement

LETTERS = {
    Kind.PROTEIN: "ACDEFGHIKLMNPQRSTVWY",
    Kind.DNA: "ACGT",
    Kind.RNA: "ACGU",
    Kind.TEXT: "abcdefghijklmnopqrstuvwxyz    ",
}


def drawn(kind: Kind, n: int, length: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    return ["".join(rng.choices(LETTERS[kind], k=length)) for _ in range(n)]


def changed(text: str, share: float, kind: Kind, rng: random.Random) -> str:
    """Replace a share of the letters by others, spread at random."""
    letters = list(text)
    for at in rng.sample(range(len(text)), int(share * len(text))):
        letters[at] = rng.choice([c for c in LETTERS[kind] if c != letters[at]])
    return "".join(letters)


def pairs(wanted: list[str], known: list[str], kind: Kind) -> set[tuple[int, int]]:
    first, second = (np.stack([sketch(text, kind) for text in side]) for side in (wanted, known))
    found = alike(first, second, (wanted.__getitem__, known.__getitem__), kind)
    return {(int(i), int(j)) for i, j in found}


@pytest.mark.parametrize("kind", list(LETTERS))
@pytest.mark.parametrize(("length", "share"), [(300, 0.05), (300, 0.10), (60, 0.05), (1000, 0.08)])
def test_alike_sequences_are_found_and_others_are_not(
    kind: Kind, length: int, share: float
) -> None:
    rng = random.Random(1)
    known = drawn(kind, 120, length, seed=2)
    wanted = [changed(text, share, kind, rng) for text in known[:60]] + drawn(kind, 60, length, 3)
    found = pairs(wanted, known, kind)
    right = {(i, i) for i in range(60) if identity(wanted[i], known[i], kind) >= THRESHOLD}
    assert len(right) == 60
    # At exactly the threshold the module promises 0.98 of nucleotides, 1.00 of proteins.
    assert len(found & right) >= (57 if share == 0.10 else 60)
    assert found <= right


def test_every_pair_that_is_told_reaches_the_threshold() -> None:
    rng = random.Random(4)
    known = drawn(Kind.PROTEIN, 40, 200, seed=5)
    wanted = [changed(text, rng.uniform(0.05, 0.3), Kind.PROTEIN, rng) for text in known]
    found = pairs(wanted, known, Kind.PROTEIN)
    # The identity that the rest of the package uses is the witness.
    witness = {
        (i, j)
        for i, a in enumerate(wanted)
        for j, b in enumerate(known)
        if proteins.identity(a, b) >= THRESHOLD
    }
    assert found == witness
    assert 5 < len(witness) < 35


def test_the_other_strand_of_dna_is_found_and_of_rna_is_not() -> None:
    rng = random.Random(6)
    known = drawn(Kind.DNA, 30, 200, seed=7)
    turned = [reverse_complement(changed(text, 0.04, Kind.DNA, rng)) for text in known]
    assert pairs(turned, known, Kind.DNA) == {(i, i) for i in range(30)}
    assert (sketch(known[0], Kind.DNA) == sketch(reverse_complement(known[0]), Kind.DNA)).all()
    rna = [text.replace("T", "U") for text in known]
    assert pairs([text.replace("T", "U") for text in turned], rna, Kind.RNA) == set()


def test_a_large_family_of_alike_sequences_is_not_compared_in_full() -> None:
    rng = random.Random(8)
    (parent,) = drawn(Kind.PROTEIN, 1, 238, seed=9)
    known = [changed(parent, 0.01, Kind.PROTEIN, rng) for _ in range(600)]
    wanted = [changed(parent, 0.01, Kind.PROTEIN, rng) for _ in range(20)]
    found = pairs(wanted, known, Kind.PROTEIN)
    assert {i for i, _ in found} == set(range(20))
    assert len(found) <= 20 * 4 * BANDS


@pytest.mark.parametrize("text", ["A", "ACG", "ACGTACGTACGTACGTACGT"])
def test_short_sequences_have_sketches(text: str) -> None:
    assert sketch(text, Kind.DNA).shape == (BANDS,)


def test_nothing_is_like_nothing() -> None:
    empty = np.empty((0, BANDS), dtype=np.uint32)
    assert alike(empty, empty, ("".__getitem__, "".__getitem__), Kind.RNA).shape == (0, 2)
