"""Other ways to write a question that leave its answer as it is.

Training sees them as augmentation, and decoding may ask all of them and take the mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from scireasoner.errors import InputError

_FRAMES = 3


class Symmetry(StrEnum):
    """What a question does not depend on."""

    STRAND = "strand"
    """Its DNA may be read on the other strand, as where a factor binds either."""
    FRAME = "frame"
    """Its DNA is a window that may as well begin up to two bases later, so that its codons are
    others (docs/decisions/0007-dna-in-codons.md)."""


def variants(
    inputs: Mapping[str, str], notations: Mapping[str, str], symmetries: frozenset[Symmetry]
) -> tuple[dict[str, str], ...]:
    """Return the inputs of a question in every way that keeps the answer, as they are first.

    Parameters
    ----------
    inputs : input name -> text.
    notations : input name -> notation, as of a task.
    symmetries : what the question does not depend on; they apply to every DNA of it at once.
        DNA with letters other than A, C, G, T is not turned.
    """
    names = [name for name in inputs if notations.get(name) == "dna"]
    written = [dict(inputs)]
    if not names:
        return tuple(written)
    if Symmetry.STRAND in symmetries:
        written += _turned(inputs, names)
    if Symmetry.FRAME in symmetries:
        written = [
            row | {name: row[name][start:] for name in names}
            for start in range(_FRAMES)
            for row in written
        ]
    return tuple(written)


def _turned(inputs: Mapping[str, str], names: list[str]) -> list[dict[str, str]]:
    from scireasoner.science.nucleotides import reverse_complement

    try:
        return [dict(inputs) | {name: reverse_complement(inputs[name]) for name in names}]
    except InputError:
        return []
