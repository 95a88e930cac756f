"""Hashes of the k-mers of sequences and of the word n-grams of prose, as numpy arrays."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, chain
from typing import TYPE_CHECKING

from scireasoner.corpus.looking import word_hashes, words_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BASE = 0x9E3779B97F4A7C15
_MIX = 0xD6E8FEB86659FD93
_COMPLEMENT = bytes.maketrans(b"ACGT", b"TGCA")
_DNA = bytes.maketrans(b"U", b"T")


def mixed(values: NDArray[np.uint64], salt: int = 0) -> NDArray[np.uint64]:
    """Return 64-bit values scattered by a bijection (the finaliser of SplitMix64)."""
    import numpy as np

    with np.errstate(over="ignore"):
        x = values.astype(np.uint64) + np.uint64(salt & (2**64 - 1))
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return x ^ (x >> np.uint64(31))


def kmers(letters: str, k: int, *, strands: bool = False) -> NDArray[np.uint64]:
    """Return a hash of every k-mer of a sequence, in order; shape (max(1, length - k + 1),).

    Parameters
    ----------
    strands : read U as T, and give a k-mer and its reverse complement one hash.
    """
    return _hashed(letters, max(1, min(k, len(letters))), strands)


def kmers_of(
    sequences: Sequence[str], k: int, *, strands: bool = False
) -> list[NDArray[np.uint64]]:
    """Return what ``kmers`` does of each of many sequences, in one go over all their letters."""
    long = [letters for letters in sequences if len(letters) >= k]
    found = iter(_windows(_hashed("".join(long), k, strands), list(map(len, long)), k))
    return [
        next(found) if len(letters) >= k else kmers(letters, k, strands=strands)
        for letters in sequences
    ]


def _hashed(letters: str, k: int, strands: bool) -> NDArray[np.uint64]:
    import numpy as np

    raw = letters.encode("ascii", "replace")
    if not strands:
        return mixed(_rolled(np.frombuffer(raw, np.uint8).astype(np.uint64), k))
    raw = raw.translate(_DNA)
    other = raw.translate(_COMPLEMENT)[::-1]
    forward = mixed(_rolled(np.frombuffer(raw, np.uint8).astype(np.uint64), k))
    backward = mixed(_rolled(np.frombuffer(other, np.uint8).astype(np.uint64), k))
    return np.minimum(forward, backward[::-1])


def word_ngrams(text: str, n: int) -> NDArray[np.uint64]:
    """Return a hash of every run of ``n`` words; empty if the text has fewer."""
    return word_ngrams_of([text], n)[0]


def word_ngrams_of(texts: Sequence[str], n: int) -> list[NDArray[np.uint64]]:
    """Return a hash of every run of ``n`` words of each text, in one go over all words."""
    words = [words_of(text) for text in texts]
    values = word_hashes(list(chain.from_iterable(words)))
    return _windows(mixed(_rolled(values, n)), list(map(len, words)), n)


def _windows(codes: NDArray[np.uint64], sizes: list[int], k: int) -> list[NDArray[np.uint64]]:
    """Cut the codes of all runs of a joined text into those of its parts; runs across are left."""
    ends = accumulate(sizes)
    return [
        codes[end - size : max(end - size, end - k + 1)]
        for end, size in zip(ends, sizes, strict=True)
    ]


def _rolled(values: NDArray[np.uint64], k: int) -> NDArray[np.uint64]:
    """Return the polynomial in `_BASE`, modulo 2^64, of every run of ``k`` values.

    A run is two shorter ones, so runs of 1, 2, 4 ... values make any ``k`` in about 2 log2(k)
    steps.
    """
    import numpy as np

    n = max(0, len(values) - k + 1)
    codes: NDArray[np.uint64] | None = None
    power, done = values, 0  # of runs of ``size`` values, and how many of k are in ``codes``
    size = 1
    with np.errstate(over="ignore"):
        while True:
            if k & size:
                piece = power[done : done + n]
                codes = piece if codes is None else codes * _raised(size) + piece
                done += size
            if 2 * size > k:
                return values[:0] if codes is None else codes
            power = power[:-size] * _raised(size) + power[size:]
            size *= 2


def _raised(exponent: int) -> np.uint64:
    import numpy as np

    return np.uint64(pow(_BASE, exponent, 1 << 64))
