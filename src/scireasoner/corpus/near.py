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
from scireasoner.corpus.kmers import kmers_of, mixed, word_ngrams_of
from scireasoner.corpus.looking import words_of
from scireasoner.notation.tags import NOTATIONS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from scireasoner.corpus.recipe import DedupConfig

SEQUENCE_NOTATIONS = ("protein", "dna", "rna", "sirna")
FEWEST_SHINGLES = 10
"""A text of fewer is compared exactly only: one word changes too much of it."""
_WORDS = ""  # beside the notations: what is cut into words
_STRANDS = {"protein": False, "dna": True, "rna": False, "sirna": False}


def shingles(
    rows: Sequence[tuple[str, Mapping[str, Any]]], config: DedupConfig
) -> list[NDArray[np.uint64]]:
    """Return hashed shingles of documents, of each shape (shingles,), empty if it has too few.

    A shingle that occurs twice is there twice; their minimum is the same.

    Parameters
    ----------
    rows : of each the text, and its ``spans`` [start, end, notation] and ``salts`` (of its discrete
        objects, of all).
    """
    import numpy as np

    plans = [_plan(text, row, config) for text, row in rows]
    texts: dict[str, list[str]] = {}
    for _, parts in plans:
        for name, text in parts:
            texts.setdefault(name, []).append(text)
    hashes = {name: iter(_hashes(name, of, config)) for name, of in texts.items()}
    found = [np.empty(0, np.uint64)]
    for _, parts in plans:
        own = [next(hashes[name]) for name, _ in parts]
        joined = own[0] if len(own) == 1 else np.concatenate(own)
        found.append(joined if len(joined) >= FEWEST_SHINGLES else joined[:0])
    sizes = [len(own) for own in found]
    salts = np.asarray([0, *(salt for salt, _ in plans)], np.uint64)
    whole = mixed(np.concatenate(found) + np.repeat(salts, sizes))
    return np.split(whole, np.cumsum(sizes)[:-1])[1:]


def _plan(
    text: str, row: Mapping[str, Any], config: DedupConfig
) -> tuple[int, list[tuple[str, str]]]:
    """Return a document's salt and what is cut: (notation or words, text)."""
    spans: Sequence[tuple[int, int, str]] = row["spans"]
    prose = _without(text, spans)
    letters = [
        (name, _inside(text[start:end], name))
        for start, end, name in spans
        if name in SEQUENCE_NOTATIONS
    ]
    if sum(len(sequence) for _, sequence in letters) > len(prose):
        label = key_of(*words_of(prose)) if config.labels == "same" else 0
        return row["salts"][0] ^ label, letters
    return row["salts"][1], [(_WORDS, prose)]


def _hashes(name: str, texts: Sequence[str], config: DedupConfig) -> list[NDArray[np.uint64]]:
    if name == _WORDS:
        return word_ngrams_of(texts, config.words)
    k = config.protein if name == "protein" else config.nucleotides
    return kmers_of(texts, k, strands=_STRANDS[name])


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
