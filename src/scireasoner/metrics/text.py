"""Metrics of free text against one reference. A fault is an empty answer.

Two texts that are too short to share an n-gram score 1 if they are the same, so that a right answer
is a perfect one; the reference packages give 0 there.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from scireasoner.metrics.metric import Metric
from scireasoner.metrics.rows import per_answer, table
from scireasoner.science import overlap, wordnet
from scireasoner.science.meteor import meteor_score
from scireasoner.types import Outcome

if TYPE_CHECKING:
    from scireasoner.metrics.resampling import Columns

    Overlap = Callable[[Sequence[str], Sequence[str]], tuple[float, float, float]]

_EMPTY = "is an empty text"


def _f1(name: str, shared: Overlap, n: int = 1) -> Metric:
    """Return the mean F1 of what two texts share, of texts of ``n`` words and more."""

    def score(value: str, target: str) -> float:
        a, b = overlap.words(value), overlap.words(target)
        if max(len(a), len(b)) < n:
            return float(a == b if a or b else value == target)
        return shared(a, b)[2]

    return Metric(name, "higher", "share", _EMPTY, per_answer(score))


ROUGE_1 = _f1("ROUGE-1", lambda a, b: overlap.rouge_n(a, b, 1))
"""Mean F1 of single words (rouge-score, no stemmer)."""

ROUGE_2 = _f1("ROUGE-2", lambda a, b: overlap.rouge_n(a, b, 2), n=2)
"""Mean F1 of pairs of words (rouge-score, no stemmer)."""

ROUGE_L = _f1("ROUGE-L", overlap.rouge_lcs)
"""Mean F1 of the longest common subsequence of words (rouge-score, no stemmer)."""

TOKEN_F1 = _f1("token F1", lambda a, b: overlap.rouge_n(a, b, 1))
"""Mean F1 of the words as bags (SQuAD, arXiv 1606.05250)."""

METEOR = Metric(
    "METEOR", "higher", "share", _EMPTY, per_answer(meteor_score), best=math.nan,
    lacking=wordnet.lacking,
)  # fmt: skip
"""Mean METEOR with stems and WordNet 3.0 synonyms, as NLTK, on the words of ROUGE.

A right answer scores almost 1: its one chunk of n words costs 0.5 / n**3.
"""


def _ngrams(words: Sequence[str], order: int) -> list[int]:
    """Count the n-grams of each order, 1 to ``order``."""
    return [max(0, len(words) - n) for n in range(order)]


def _bleu(order: int) -> Metric:
    def row(outcome: Outcome) -> tuple[int, ...]:
        """Return the matches and both texts' n-grams of each order."""
        value = overlap.words(outcome.value) if outcome.fault is None else []
        target = overlap.words(outcome.target)
        matches = overlap.bleu_counts(value, target, order)[:order]
        return (*matches, *_ngrams(value, order), *_ngrams(target, order))

    def statistic(rows: Columns, weights: Columns) -> Columns:
        import numpy as np

        matches, written, wanted = np.split(weights @ rows, 3, axis=1)
        # The least positive double stands for "no match", as in `overlap.corpus_bleu`; an order
        # that no text is long enough for does not count.
        shares = np.where(matches > 0, matches / np.maximum(written, 1), sys.float_info.min)
        counts = written + wanted > 0
        logs = np.where(counts, np.log(shares), 0.0).sum(axis=1) / np.maximum(counts.sum(axis=1), 1)
        brevity = np.minimum(0.0, 1 - wanted[:, 0] / np.maximum(written[:, 0], 1))
        return np.where(matches[:, 0] > 0, np.exp(brevity + logs), 0.0)

    return Metric(
        f"BLEU-{order}", "higher", "share", _EMPTY, table(row, 3 * order), statistic=statistic
    )


BLEU_2 = _bleu(2)
"""Corpus BLEU of single words and pairs, on the words of ROUGE, without smoothing.

Texts shorter than an n-gram have none of it (NLTK counts one; see `overlap.corpus_bleu`).
"""

BLEU_4 = _bleu(4)
"""Corpus BLEU of up to four words; as `BLEU_2`."""
