"""ROUGE-Lsum, which only a released evaluator asks for: union of subsequences, line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from scireasoner.science.overlap import rouge_lcs, words


def rouge_lsum(candidate: str, reference: str) -> float:
    """Return the F1 in [0, 1] of the words in the union LCS, where each line is a sentence.

    As ``rougeLsum`` of rouge-score 0.1.2, without a stemmer (Lin 2004, W04-1013, section 3.2).
    """
    said, gold = ([words(line) for line in text.split("\n")] for text in (candidate, reference))
    said, gold = ([line for line in lines if line] for lines in (said, gold))
    if not said or not gold:
        return 0.0
    if len(said) == len(gold) == 1:
        return rouge_lcs(said[0], gold[0])[2]
    # A word counts as often as both texts have it.
    left = Counter(word for line in said for word in line)
    left &= Counter(word for line in gold for word in line)
    hits = 0
    for line in gold:
        union = set().union(*(_subsequence(line, other) for other in said))
        for place in sorted(union):
            if left[line[place]] > 0:
                left[line[place]] -= 1
                hits += 1
    precision = hits / sum(map(len, said))
    recall = hits / sum(map(len, gold))
    return 2 * precision * recall / (precision + recall) if hits else 0.0


def _subsequence(reference: Sequence[str], candidate: Sequence[str]) -> set[int]:
    """Return the places in ``reference`` of a longest common subsequence.

    Of several, the one that rouge-score finds by walking back from the end. The table is one
    integer a row: bit j is 0 where the length grows at word j (doi:10.1007/978-3-540-27801-6_11).
    """
    places: dict[str, int] = {}
    for j, word in enumerate(candidate):
        places[word] = places.get(word, 0) | 1 << j
    full = (1 << len(candidate)) - 1
    rows = [full]
    for word in reference:
        row = rows[-1]
        step = row & places.get(word, 0)
        rows.append(((row + step) | (row - step)) & full)

    def length(i: int, j: int) -> int:
        return j - (rows[i] & ((1 << j) - 1)).bit_count()

    found = set()
    i, j = len(reference), len(candidate)
    while i and j:
        if reference[i - 1] == candidate[j - 1]:
            i, j = i - 1, j - 1
            found.add(i)
        elif length(i, j - 1) > length(i - 1, j):
            j -= 1
        else:
            i -= 1
    return found
