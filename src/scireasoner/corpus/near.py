"""What of a document is compared to find near duplicates, and how closely.

Two rules keep facts: a near duplicate says nearly the same *about the same things*. Shingles of
prose are hashed together with the canonical keys of the objects in it, so texts made from one
template about two molecules share none. Shingles of a sequence are its k-mers, hashed together
with the prose around it, so one sequence with two annotations stays twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scireasoner.corpus.entities import key_of
from scireasoner.corpus.kmers import kmers, mixed, word_ngrams
from scireasoner.corpus.looking import words_of
from scireasoner.notation.tags import NOTATIONS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from scireasoner.corpus.recipe import DedupConfig

SEQUENCE_NOTATIONS = ("protein", "dna", "rna", "sirna")
FEWEST_SHINGLES = 10
"""A text of fewer is compared exactly only: one word changes too much of it."""
_STRANDS = {"protein": False, "dna": True, "rna": False, "sirna": False}


def shingles(text: str, row: Mapping[str, Any], config: DedupConfig) -> NDArray[np.uint64]:
    """Return hashed shingles of a document, shape (shingles,), empty if it has too few.

    A shingle that occurs twice is there twice; their minimum is the same.

    Parameters
    ----------
    row : its ``spans`` [start, end, notation] and ``salts`` (of its discrete objects, of all).
    """
    import numpy as np

    spans: Sequence[tuple[int, int, str]] = row["spans"]
    prose = _without(text, spans)
    letters = [
        (name, _inside(text[start:end], name))
        for start, end, name in spans
        if name in SEQUENCE_NOTATIONS
    ]
    if sum(len(sequence) for _, sequence in letters) > len(prose):
        label = key_of(*words_of(prose)) if config.labels == "same" else 0
        salt = row["salts"][0] ^ label
        found = [
            kmers(
                sequence,
                config.protein if name == "protein" else config.nucleotides,
                strands=_STRANDS[name],
            )
            for name, sequence in letters
        ]
        hashes = np.concatenate(found)
    else:
        salt = row["salts"][1]
        hashes = word_ngrams(prose, config.words)
    return mixed(hashes, salt) if len(hashes) >= FEWEST_SHINGLES else np.empty(0, np.uint64)


def _inside(text: str, notation: str) -> str:
    kind = NOTATIONS[notation]
    inner = text.removeprefix(kind.opening).removesuffix(kind.closing)
    return "".join(inner.split()).upper()


def _without(text: str, spans: Sequence[tuple[int, int, str]]) -> str:
    parts, at = [], 0
    for start, end, _ in spans:
        parts.append(text[at:start])
        at = end
    return " ".join([*parts, text[at:]])


def bands(threshold: float, permutations: int) -> tuple[int, int]:
    """Return (bands, rows) of the search for pairs above a Jaccard similarity.

    A pair of similarity s is found with probability 1 - (1 - s^rows)^bands; of all divisions of
    the permutations the one is taken whose expected errors, the area below that curve left of the
    threshold and above it right of it, are least (Leskovec et al., Mining of Massive Datasets,
    section 3.4). Errors weigh the same.
    """

    def wrong(count: int, rows: int) -> float:
        steps = 200
        total = 0.0
        for i in range(steps):
            s = (i + 0.5) / steps
            found = 1 - (1 - s**rows) ** count
            total += found if s < threshold else 1 - found
        return total / steps

    choices = [
        (count, rows)
        for rows in range(1, permutations + 1)
        for count in {permutations // rows}
        if count
    ]
    return min(choices, key=lambda choice: wrong(*choice))
