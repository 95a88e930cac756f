"""Sequences that are nearly equal: MinHash proposes pairs, an alignment decides.

Method: k-mers of a sequence are hashed, 128 minima of the hashes (MinHash,
doi:10.1109/SEQUEN.1997.666900) are cut into 64 bands of two, and two sequences that share a band
are a candidate pair. The pair counts if its identity (longest common subsequence over the longer
length, by rapidfuzz) reaches ``THRESHOLD``. A sequence of 300 letters whose differences are spread
evenly at exactly the threshold is proposed with a probability of 0.98 (DNA, RNA), 1.00 (protein);
more alike ones nearly always. A piece of a longer sequence is not searched for here: of DNA,
``windows`` finds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from scireasoner.data.objects import Kind
from scireasoner.science.nucleotides import other_strand

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

THRESHOLD = 0.9
BANDS = 64
MAX_LETTERS = 4_000
"""Of a longer sequence or text the beginning is compared."""
SHORTEST_TEXT = 50
"""Shorter texts (a name, a formula) are compared as they are."""

_K = {Kind.PROTEIN: 5, Kind.DNA: 9, Kind.RNA: 9, Kind.TEXT: 9}
_SHORT, _K_SHORT = 60, {Kind.PROTEIN: 3, Kind.DNA: 5, Kind.RNA: 5, Kind.TEXT: 5}
_PER_BAND = 4
_BLOCK = 20_000
_BASE = 0x9E3779B97F4A7C15
_MIX = 0xD6E8FEB86659FD93
_COMPLEMENT = bytes.maketrans(b"ACGT", b"TGCA")


def sketch(text: str, kind: Kind) -> NDArray[np.uint32]:
    """Return the ``BANDS`` band keys of a sequence; equal keys mean alike sequences.

    Both strands of a DNA have the same sketch.
    """
    import numpy as np

    letters = text[:MAX_LETTERS].encode()
    k = (_K if len(letters) >= _SHORT else _K_SHORT)[kind]
    codes = _codes(letters, min(k, len(letters)))
    if kind is Kind.DNA:
        other = _codes(letters.translate(_COMPLEMENT)[::-1], min(k, len(letters)))
        codes = np.minimum(codes, other[::-1])
    factors, shifts = _permutations()
    # Rows are permutations: the minimum runs along contiguous memory.
    minima = (codes[None, :] * factors[:, None] + shifts[:, None]).min(axis=1)
    first, second = minima[0::2].astype(np.uint64), minima[1::2].astype(np.uint64)
    mixed = (first << np.uint64(32) | second) * np.uint64(_MIX)
    return (mixed >> np.uint64(32)).astype(np.uint32)


def _codes(letters: bytes, k: int) -> NDArray[np.uint32]:
    """Return a 32-bit hash of every k-mer."""
    import numpy as np

    values = np.frombuffer(letters, dtype=np.uint8).astype(np.uint64) + np.uint64(1)
    n = len(values) - k + 1
    codes = np.zeros(n, dtype=np.uint64)
    for i in range(k):
        codes = codes * np.uint64(_BASE) + values[i : i + n]
    codes ^= codes >> np.uint64(29)
    codes *= np.uint64(_MIX)
    return (codes >> np.uint64(32)).astype(np.uint32)


@cache
def _permutations() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    import numpy as np

    random = np.random.default_rng(0)
    factors = random.integers(0, 2**31, 2 * BANDS, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return factors, random.integers(0, 2**32, 2 * BANDS, dtype=np.uint32)


def identity(a: str, b: str, kind: Kind) -> float:
    """Return longest common subsequence / longer length in [0, 1]; of DNA the better strand."""
    return float(_identities([a], [b], kind, 0.0)[0])


def _identities(
    a: Sequence[str], b: Sequence[str], kind: Kind, cutoff: float
) -> NDArray[np.float64]:
    """Return the identity of each pair; below ``cutoff`` it may be given as 0."""
    import numpy as np
    from rapidfuzz.distance import LCSseq
    from rapidfuzz.process import cpdist

    def scores(left: Sequence[str], right: Sequence[str]) -> NDArray[np.float64]:
        found: Any = cpdist(
            left,
            right,
            scorer=LCSseq.normalized_similarity,
            score_cutoff=cutoff,
            dtype=np.float64,
        )
        return np.asarray(found, dtype=np.float64)

    best = scores(a, b)
    rest = np.flatnonzero(best < THRESHOLD)
    if kind is Kind.DNA and len(rest):
        turned = [other_strand(b[i]) for i in rest.tolist()]
        best[rest] = np.maximum(best[rest], scores([a[i] for i in rest.tolist()], turned))
    return best


def alike(
    wanted: NDArray[np.uint32],
    known: NDArray[np.uint32],
    texts: tuple[Callable[[int], str], Callable[[int], str]],
    kind: Kind,
    tick: Callable[..., None] = lambda *_: None,
) -> NDArray[np.int64]:
    """Return pairs (wanted, known) of sequences whose identity is at least ``THRESHOLD``.

    Of each sequence at most four partners a band are looked at: what is found is certain, what
    is not found in a very large family of alike sequences may exist.

    Parameters
    ----------
    wanted, known : sketches, one a row.
    texts : give the sequence of a row of either.

    Returns
    -------
    Shape (pairs, 2), each pair once.
    """
    import numpy as np

    found: list[NDArray[np.int64]] = []
    tried: NDArray[np.int64] = np.empty(0, dtype=np.int64)
    for band in range(BANDS):
        pairs = np.setdiff1d(_candidates(wanted[:, band], known[:, band], band), tried)
        tried = np.union1d(tried, pairs)
        for block in _blocks(pairs):
            left, right = np.divmod(block, len(known))
            a = [texts[0](int(i))[:MAX_LETTERS] for i in left]
            b = [texts[1](int(i))[:MAX_LETTERS] for i in right]
            good = _identities(a, b, kind, THRESHOLD) >= THRESHOLD
            found.append(np.stack([left[good], right[good]], axis=1))
        tick(1)
    return np.concatenate(found) if found else np.empty((0, 2), dtype=np.int64)


def _candidates(
    wanted: NDArray[np.uint32], known: NDArray[np.uint32], turn: int
) -> NDArray[np.int64]:
    """Return pairs with equal band keys as ``wanted * len(known) + known``."""
    import numpy as np

    order = np.argsort(known, kind="stable")
    low = np.searchsorted(known[order], wanted, side="left")
    size = np.searchsorted(known[order], wanted, side="right") - low
    rows = np.flatnonzero(size)
    pairs = []
    for i in range(_PER_BAND):
        chosen = rows[size[rows] > i]
        # Another part of a large group is looked at in every band.
        at = low[chosen] + (turn * _PER_BAND + i) % size[chosen]
        pairs.append(chosen.astype(np.int64) * len(known) + order[at])
    return np.unique(np.concatenate(pairs)) if pairs else np.empty(0, dtype=np.int64)


def _blocks(pairs: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    for start in range(0, len(pairs), _BLOCK):
        yield pairs[start : start + _BLOCK]
