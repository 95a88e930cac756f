"""What protein, DNA and RNA sequences share: reading them as one run of letters."""

from __future__ import annotations

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
    sequence = "".join(blocks).upper()
    if not 0 < len(sequence) <= MAX_RESIDUES or not alphabet.issuperset(sequence):
        return None
    return sequence
