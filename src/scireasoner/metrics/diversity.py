"""How different the designs of one task are from each other.

A row holds the design itself, packed into whole numbers that a double holds exactly, so that rows
still come from single outcomes. All rows together become distances: of at most 500 designs, chosen
by the hash of their prompts, which is blind to what was answered.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from scireasoner.metrics.metric import Metric
from scireasoner.metrics.rows import CODE_BITS, code, table
from scireasoner.science import fingerprints
from scireasoner.types import Outcome

if TYPE_CHECKING:
    from scireasoner.metrics.resampling import Columns

MAX_PICKS = 500
MAX_LETTERS = 1_000
"""Of a sequence, only so many letters are compared."""

_LETTER_BITS = 5
_PER_NUMBER = CODE_BITS // _LETTER_BITS
_SEQUENCE_WIDTH = -(-MAX_LETTERS // _PER_NUMBER)
_MOLECULE_WIDTH = -(-fingerprints.BITS // CODE_BITS)
_NOTHING = -1.0


def _packed_bits(smiles: str) -> list[float]:
    bits = fingerprints.bits(smiles)
    if bits is None:
        return [_NOTHING] * _MOLECULE_WIDTH
    whole, mask = int.from_bytes(bits), (1 << CODE_BITS) - 1
    return [float(whole >> (CODE_BITS * i) & mask) for i in range(_MOLECULE_WIDTH)]


def _packed_letters(sequence: str) -> list[float]:
    """Pack ten letters a number, A as 1; capitals only."""
    numbers = []
    for start in range(0, MAX_LETTERS, _PER_NUMBER):
        packed = 0
        for i, letter in enumerate(sequence[start : min(start + _PER_NUMBER, MAX_LETTERS)]):
            packed |= (ord(letter) - 64 & 31) << (_LETTER_BITS * i)
        numbers.append(float(packed))
    return numbers


def _letters(numbers: Sequence[float]) -> str:
    found = []
    for number in numbers:
        packed = int(number)
        while packed:
            found.append(chr(64 + (packed & 31)))
            packed >>= _LETTER_BITS
    return "".join(found)


def _tanimoto_distances(packed: Columns) -> Columns:
    import numpy as np

    whole = packed.astype(np.uint64)
    bits = (whole[:, :, None] >> np.arange(CODE_BITS, dtype=np.uint64)) & np.uint64(1)
    flat = bits.reshape(len(packed), -1).astype(np.float64)
    shared = flat @ flat.T
    ones = flat.sum(axis=1)
    either = ones[:, None] + ones[None, :] - shared
    return 1.0 - np.divide(shared, either, out=np.ones_like(shared), where=either > 0)


def _sequence_distances(packed: Columns) -> Columns:
    from rapidfuzz.distance import LCSseq
    from rapidfuzz.process import cdist

    texts = [_letters(row) for row in packed.tolist()]
    apart: Columns = cdist(texts, texts, scorer=LCSseq.normalized_distance, dtype=float)
    return apart


def _distances(rows: Columns, measure: Callable[[Columns], Columns]) -> Columns:
    """Return (number, distances to all picks) of each pick; a fault has no distance to any."""
    import numpy as np

    _, first = np.unique(rows[:, 0], return_index=True)  # sorted by hash
    picks = rows[first[:MAX_PICKS]]
    valid = picks[:, 1] != _NOTHING
    apart = np.zeros((len(picks), len(picks)))
    if valid.any():
        apart[np.ix_(valid, valid)] = measure(picks[valid, 1:])
    np.fill_diagonal(apart, 0.0)
    return np.hstack([np.arange(len(picks), dtype=np.float64)[:, None], apart])


def _mean_distance(rows: Columns, weights: Columns) -> Columns:
    """Return the mean distance of two different picks, in each resample."""
    import numpy as np

    present = rows[:, 0].astype(np.int64)
    apart = rows[:, 1:][:, present]
    summed = np.einsum("ij,ij->i", weights @ apart, weights)
    pairs = weights.sum(axis=1) ** 2 - (weights**2).sum(axis=1)
    return np.divide(summed, pairs, out=np.zeros_like(pairs), where=pairs > 0)


def _diversity(
    name: str,
    width: int,
    pack: Callable[[str], list[float]],
    measure: Callable[[Columns], Columns],
) -> Metric:
    def row(outcome: Outcome) -> list[float]:
        packed = pack(outcome.value) if outcome.fault is None else [_NOTHING] * width
        return [code((outcome.sample_id, outcome.draw)), *packed]

    return Metric(
        name,
        "higher",
        "share",
        "differs from nothing",
        table(row, width + 1),
        statistic=_mean_distance,
        prepare=lambda rows: _distances(rows, measure),
        best=math.nan,
    )


MOLECULE_DIVERSITY = _diversity(
    "molecule diversity", _MOLECULE_WIDTH, _packed_bits, _tanimoto_distances
)
"""1 - mean Tanimoto similarity (Morgan bits, radius 2) of all pairs of up to 500 designs."""

SEQUENCE_DIVERSITY = _diversity(
    "sequence diversity", _SEQUENCE_WIDTH, _packed_letters, _sequence_distances
)
"""1 - mean identity of all pairs of up to 500 designed sequences.

Identity is the longest common subsequence over the longer length, of the first 1,000 letters.
"""

DIVERSITY = MOLECULE_DIVERSITY
