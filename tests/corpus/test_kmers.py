"""Hashes of runs: equal runs have equal hashes, whatever stands around them."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest

from scireasoner.corpus.kmers import _BASE, kmers, kmers_of, mixed, word_ngrams, word_ngrams_of
from scireasoner.corpus.recipe import DedupConfig
from scireasoner.corpus.signatures import Signatures

LETTERS = "".join(Random(0).choices("ACGT", k=300))


@pytest.mark.parametrize("k", [1, 2, 3, 5, 8, 13, 16, 31, 300, 999])
def test_a_hash_is_the_polynomial_of_its_letters(k: int) -> None:
    """By Horner's rule in whole numbers, letter by letter."""
    size = min(k, len(LETTERS))
    wanted = []
    for start in range(len(LETTERS) - size + 1):
        code = 0
        for letter in LETTERS[start : start + size].encode():
            code = (code * _BASE + letter) % 2**64
        wanted.append(code)
    assert kmers(LETTERS, k).tolist() == mixed(np.array(wanted, np.uint64)).tolist()


@pytest.mark.parametrize("k", [1, 4, 13])
def test_both_strands_have_the_same_hashes(k: int) -> None:
    other = LETTERS.translate(str.maketrans("ACGT", "TGCA"))[::-1]
    found = kmers(LETTERS, k, strands=True)
    assert found.tolist() == kmers(other, k, strands=True)[::-1].tolist()
    assert found.tolist() == kmers(LETTERS.replace("T", "U"), k, strands=True).tolist()


def test_runs_of_words() -> None:
    found = word_ngrams("The cat saw the cat, saw the CAT.", 3).tolist()
    assert len(found) == 6
    assert found[0] == found[3]
    assert len(set(found)) == 3
    assert word_ngrams("two words", 3).tolist() == []


PARTS = ["", "A", "ACG", LETTERS, LETTERS[:7], LETTERS[50:90], "ACGT"]


@pytest.mark.parametrize("k", [1, 3, 8, 300])
@pytest.mark.parametrize("strands", [False, True])
def test_many_sequences_at_once_have_their_own_hashes(k: int, strands: bool) -> None:
    found = kmers_of(PARTS, k, strands=strands)
    for own, letters in zip(found, PARTS, strict=True):
        assert own.tolist() == kmers(letters, k, strands=strands).tolist()


def test_many_texts_at_once_have_their_own_runs() -> None:
    texts = ["", "one two", "a b c d e", "f", "g h i"]
    found = word_ngrams_of(texts, 3)
    assert [len(own) for own in found] == [0, 0, 3, 0, 1]
    for own, text in zip(found, texts, strict=True):
        assert own.tolist() == word_ngrams(text, 3).tolist()


def test_signatures_are_the_minima_of_each_document(tmp_path: Path) -> None:
    """By whole numbers, one hash and one document at a time; blocks end within documents."""
    step = Signatures(tmp_path, DedupConfig(permutations=12))
    draw = np.random.default_rng(0)
    documents = [draw.integers(0, 2**64, n, dtype=np.uint64) for n in (10, 5_000, 1, 3_100, 90)]
    factors, shifts = (column[:, 0].tolist() for column in step._factors)
    wanted = [
        [
            min((a * x + b) % 2**64 for x in document.tolist()) >> 32
            for a, b in zip(factors, shifts, strict=True)
        ]
        for document in documents
    ]
    assert step.signatures(documents).tolist() == wanted
    assert step.signatures([]).shape == (0, len(factors))
