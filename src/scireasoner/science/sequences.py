"""What protein, DNA and RNA sequences share: reading them as one run of letters."""

from __future__ import annotations

import math
import re
from collections import Counter

MAX_RESIDUES = 10_000
MIN_BLOCK = 5
# One letter at a time: "M K V L A".
_SINGLE = re.compile(rf"[A-Za-z](?: [A-Za-z]){{{MIN_BLOCK - 1},}}")


def letters(text: str, alphabet: frozenset[str], most: int = MAX_RESIDUES) -> str | None:
    """Return the sequence in capitals if it has only letters of ``alphabet``, else None.

    Line breaks are allowed, and blanks between blocks of one length (``ACGTACGTAC GTAC``), also
    with positions before or after each line, as databases print them, and between single letters.
    Blanks elsewhere are not: ``a cat`` is English, not DNA. None too if there are more than
    ``most`` letters.
    """
    if len(text) > 2 * most:
        return None
    if any(character.isdigit() for character in text):
        text = _without_positions(text)
    elif _SINGLE.fullmatch(text.strip()):
        text = text.replace(" ", "")
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
    if not 0 < len(sequence) <= most:
        return None
    return sequence


def _without_positions(text: str) -> str:
    """Take off the positions before (``61 ACGT``) or after the lines; as it was if one is wrong."""
    lines: list[str] = []
    count = 0
    for line in text.split("\n"):
        words = line.split()
        first = words.pop(0) if words and words[0].isdecimal() else ""
        last = words.pop() if len(words) > 1 and words[-1].isdecimal() else ""
        begins, count = count + 1, count + sum(map(len, words))
        if first not in ("", str(begins)) or last not in ("", str(count)):
            return text
        lines.append(" ".join(words))
    return "\n".join(lines)


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
