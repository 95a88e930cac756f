"""Shared words of two texts: ROUGE (Lin 2004, W04-1013) and BLEU (doi:10.3115/1073083.1073135).

Only the first `MAX_WORDS` words of a text are looked at, so that no answer is slow to judge.
"""

from __future__ import annotations

import math
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence

MAX_WORDS = 20_000
STEMMED_FROM = 4
"""The shortest word that ROUGE stems, in letters."""

_WORD = re.compile(r"[a-z0-9]+")


def words(text: str, stemmer: Callable[[str], str] | None = None) -> list[str]:
    """Return the runs of ASCII letters and digits in lower case, as the package rouge-score does.

    Parameters
    ----------
    stemmer : applied to words of four letters and more, e.g. `scireasoner.science.porter.stem`.
    """
    found = _WORD.findall(text.lower())[:MAX_WORDS]
    if stemmer is None:
        return found
    return [stemmer(word) if len(word) >= STEMMED_FROM else word for word in found]


def _ngrams(tokens: Sequence[str], n: int) -> Counter[tuple[str, ...]]:
    return Counter(zip(*(tokens[i:MAX_WORDS] for i in range(n)), strict=False))


def _shared(a: Counter[tuple[str, ...]], b: Counter[tuple[str, ...]]) -> int:
    small, large = (a, b) if len(a) <= len(b) else (b, a)
    return sum(min(count, large[gram]) for gram, count in small.items() if gram in large)


def _scores(hits: int, candidate: int, reference: int) -> tuple[float, float, float]:
    """Return (precision, recall, F1) of ``hits`` among two totals; 0 where a total is 0."""
    precision = hits / candidate if candidate else 0.0
    recall = hits / reference if reference else 0.0
    both = precision + recall
    return precision, recall, 2 * precision * recall / both if both else 0.0


def rouge_n(
    candidate: Sequence[str], reference: Sequence[str], n: int
) -> tuple[float, float, float]:
    """Return ROUGE-n (precision, recall, F1), each in [0, 1]; 0 for texts shorter than n words."""
    first, second = _ngrams(candidate, n), _ngrams(reference, n)
    return _scores(_shared(first, second), first.total(), second.total())


def rouge_lcs(candidate: Sequence[str], reference: Sequence[str]) -> tuple[float, float, float]:
    """Return ROUGE-L (precision, recall, F1) of the longest common subsequence, in [0, 1]."""
    from rapidfuzz.distance import LCSseq

    first, second = candidate[:MAX_WORDS], reference[:MAX_WORDS]
    return _scores(int(LCSseq.similarity(first, second)), len(first), len(second))


def rouge_l(candidate: str, reference: str, stemmer: Callable[[str], str] | None = None) -> float:
    """Return the ROUGE-L F1 of two texts, in [0, 1] (rouge-score 0.1.2, one reference)."""
    return rouge_lcs(words(candidate, stemmer), words(reference, stemmer))[2]


def token_f1(candidate: str, reference: str) -> float:
    """Return the F1 of the words as bags, in [0, 1] (as for SQuAD, arXiv 1606.05250)."""
    return rouge_n(words(candidate), words(reference), 1)[2]


def bleu_counts(
    candidate: Sequence[str], reference: Sequence[str], order: int = 4
) -> tuple[int, ...]:
    """Return what one pair adds to corpus BLEU.

    Returns
    -------
    The matches of orders 1 to ``order``, then the n-grams of the candidate of each order (at least
    1, as NLTK counts), then the candidate's and the reference's length: 2 * order + 2 numbers.
    """
    first, second = candidate[:MAX_WORDS], reference[:MAX_WORDS]
    matches = [_shared(_ngrams(first, n), _ngrams(second, n)) for n in range(1, order + 1)]
    totals = [max(1, len(first) - n + 1) for n in range(1, order + 1)]
    return (*matches, *totals, len(first), len(second))


def corpus_bleu(counts: Sequence[float], order: int = 4) -> float:
    """Return corpus BLEU in [0, 1] of summed counts, without smoothing.

    Equal to ``nltk.translate.bleu_score.corpus_bleu``: 0 without a shared word, and a number that
    is 0 for every purpose (below 1e-70) without a shared n-gram of a higher order.

    Parameters
    ----------
    counts : the sum of `bleu_counts` over all pairs.
    order : the highest order that is used, at most that of the counts.
    """
    known = (len(counts) - 2) // 2
    if not 1 <= order <= known:
        raise ValueError(f"BLEU-{order} cannot be had from counts of the orders 1 to {known}")
    matches, totals = counts[:order], counts[known : known + order]
    candidate, reference = counts[-2], counts[-1]
    if matches[0] == 0:
        return 0.0
    brevity = 1.0 if candidate > reference else math.exp(1 - reference / candidate)
    # NLTK lets the least positive double stand for "no match" in the geometric mean.
    shares = [m / t if m else sys.float_info.min for m, t in zip(matches, totals, strict=True)]
    return brevity * math.exp(math.fsum(math.log(share) / order for share in shares))
