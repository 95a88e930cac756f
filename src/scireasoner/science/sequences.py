"""What protein, DNA and RNA sequences share: reading them as one run of letters."""

from __future__ import annotations

import math
from collections import Counter

MAX_RESIDUES = 10_000
MIN_BLOCK = 5


def letters(text: str, alphabet: frozenset[str]) -> str | None:
    """Return the sequence in capitals if it has only letters of ``alphabet``, else None.

    Line breaks are allowed, and blanks between blocks of one length (``ACGTACGTAC GTAC``).
    Blanks elsewhere are not: ``a cat`` is English, not DNA.
    """
    if len(text) > 2 * MAX_RESIDUES:
        return None
    blocks = text.split()
    if " " in text.strip() and any(
        len(block) != len(blocks[0]) or len(block) < MIN_BLOCK for block in blocks[:-1]
    ):
        return None
    bare = "".join(blocks)
    sequence = bare.upper()
    # Outside of ASCII capitals may be letters of the alphabet: those of a sharp s are SS.
    if not bare.isascii() or not alphabet.issuperset(sequence):
        return None
    if not 0 < len(sequence) <= MAX_RESIDUES:
        return None
    return sequence


def complexity(sequence: str, k: int, alphabet: int) -> float:
    """Return how evenly a sequence uses its k-mers, in [0, 1]; 0 for one letter repeated.

    The Shannon entropy of the overlapping k-mers, over the largest that the length and an
    alphabet of ``alphabet`` letters allow.
    """
    counts = Counter(sequence[i : i + k] for i in range(len(sequence) - k + 1))
    total = counts.total()
    if total < 2:
        return 0.0
    entropy = -sum(n / total * math.log2(n / total) for n in counts.values())
    return max(entropy, 0.0) / math.log2(min(alphabet**k, total))
