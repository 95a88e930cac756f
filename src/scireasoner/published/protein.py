"""Mol-Instructions, proteins: descriptions by ROUGE, designs by local alignment."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from scireasoner.published.base import Evaluator, Item, Row
from scireasoner.published.cleaning import ANCHOR, answer_only, enclosed, first, without_stops
from scireasoner.published.rouge import rouge_lsum
from scireasoner.science.alignment import normalised_smith_waterman
from scireasoner.science.overlap import rouge_lcs, rouge_n, words
from scireasoner.science.sequences import MAX_RESIDUES

if TYPE_CHECKING:
    import numpy as np

_KEYS = ("rouge1", "rouge2", "rougeL", "rougeLsum")
_RESAMPLES = 1000
_CHUNK = 1 << 22  # numbers drawn at once, to bound the memory

_NOT_RESIDUE = re.compile("[^ACDEFGHIKLMNPQRSTVWY]")


def _text(text: str) -> str:
    return answer_only(without_stops(text)).strip()


def _text_row(item: Item) -> Row:
    said, gold = _text(first(item)), _text(item.gold)
    said_words, gold_words = words(said), words(gold)
    return (
        rouge_n(said_words, gold_words, 1)[2],
        rouge_n(said_words, gold_words, 2)[2],
        rouge_lcs(said_words, gold_words)[2],
        rouge_lsum(said, gold),
    )


def _medians(columns: np.ndarray, seed: int = 0) -> list[float]:
    """Return, per column, the median of the means of 1,000 bootstrap resamples.

    The draws are those of ``rouge_score``: one stream of NumPy's legacy generator, column after
    column.
    """
    import numpy as np

    generator = np.random.RandomState(seed)
    items = len(columns)
    at_once = max(1, _CHUNK // items)
    medians = []
    for column in columns.T:
        means: list[float] = []
        while len(means) < _RESAMPLES:
            draws = min(at_once, _RESAMPLES - len(means))
            chosen = generator.randint(0, items, size=(draws, items))
            means.extend(column[chosen].mean(axis=1))
        medians.append(float(np.median(means)))
    return medians


def _text_finish(rows: Sequence[Row]) -> Mapping[str, float | None]:
    import numpy as np

    if not rows:
        return dict.fromkeys(_KEYS)
    medians = _medians(np.array(rows, dtype=np.float64))
    return {key: 100 * value for key, value in zip(_KEYS, medians, strict=True)}


def _sequence(text: str) -> str:
    """Return the residues of the first block; one too long to align is cut."""
    block = next(enclosed(answer_only(text.strip()), "<protein>", "</protein>"), "")
    return _NOT_RESIDUE.sub("", block)[:MAX_RESIDUES]


def _design_row(item: Item) -> Row:
    said, gold = _sequence(first(item)), _sequence(item.gold)
    return (normalised_smith_waterman(said, gold) * 100 if said and gold else 0.0,)


def _design_finish(rows: Sequence[Row]) -> Mapping[str, float | None]:
    scores = [float(row[0] or 0) for row in rows]
    positive = [score for score in scores if score > 0]
    some = bool(scores)
    return {
        "Max SW score": max(scores) if some else None,
        "Min SW score": min(scores) if some else None,
        "Average SW score": sum(scores) / len(scores) if some else None,
        "valid average SW score": (
            (sum(positive) / len(positive) if positive else 0.0) if some else None
        ),
    }


PROTEIN_TEXT = Evaluator(
    "protein text",
    "rougeL",
    _text_row,
    _text_finish,
    f"{ANCHOR}/Mol_Instructions/protein.py:53-74, "
    "openicl/icl_evaluator/hf_metrics/rouge.py (rouge_score 0.1.2, no stemmer, seed 0)",
)
"""F1 of four ROUGE kinds, in percent: the median of bootstrapped means, not the mean."""

PROTEIN_DESIGN = Evaluator(
    "protein design",
    "Max SW score",
    _design_row,
    _design_finish,
    f"{ANCHOR}/Mol_Instructions/protein.py:76-143, normalized_SW_score.py",
)
"""Local alignment (BLOSUM45, gaps -10 / -0.5) over the self-scores' geometric mean, in percent."""
