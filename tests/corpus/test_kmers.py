"""Hashes of runs: equal runs have equal hashes, whatever stands around them."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from scireasoner.corpus.kmers import _BASE, kmers, mixed, word_ngrams

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
