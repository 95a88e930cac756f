"""METEOR (Lavie and Agarwal 2007, W07-0734): words matched as such, by stem and by synonym.

Equal to ``nltk.translate.meteor_score.single_meteor_score`` of NLTK 3.10.4 with WordNet 3.0.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from scireasoner.science import overlap, porter, wordnet

ALPHA, BETA, GAMMA = 0.9, 3.0, 0.5
"""Weight of precision, and steepness and weight of the penalty for scattered matches."""

Words = list[tuple[int, str]]
"""Words that are still open, with their places."""


def _same(candidate: Words, reference: Words, found: dict[int, int]) -> tuple[Words, Words]:
    """Match equal words, from the last one on, each to the last free one of the reference.

    ``found`` (place in the candidate -> place in the reference) is added to.

    Returns
    -------
    The words that are still open.
    """
    free = _places(reference)
    for place, word in reversed(candidate):
        places = free.get(word)
        if places:
            found[place] = places.pop()
    taken = set(found.values())
    return (
        [item for item in candidate if item[0] not in found],
        [item for item in reference if item[0] not in taken],
    )


def _places(words: Words) -> dict[str, list[int]]:
    free: dict[str, list[int]] = {}
    for place, word in words:
        free.setdefault(word, []).append(place)
    return free


def _synonymous(candidate: Words, reference: Words, found: dict[int, int]) -> None:
    """Match synonyms, from the last word on, each to the last free word that is one."""
    free = _places(reference)
    for place, word in reversed(candidate):
        fitting = wordnet.synonyms(word).intersection(free)
        if fitting:
            nearest = max(fitting, key=lambda synonym: free[synonym][-1])
            found[place] = free[nearest].pop()
            if not free[nearest]:
                del free[nearest]


def _stemmed(items: Words) -> Words:
    return [(place, porter.stem(word)) for place, word in items]


def _align(candidate: Sequence[str], reference: Sequence[str]) -> dict[int, int]:
    """Return place in the candidate -> place in the reference of all matched words."""
    found: dict[int, int] = {}
    first, second = _same(list(enumerate(candidate)), list(enumerate(reference)), found)
    if first and second:
        # NLTK goes on with the stems: synonyms are sought for the stem, not for the word.
        first, second = _same(_stemmed(first), _stemmed(second), found)
    if first and second:
        _synonymous(first, second, found)
    return found


def _chunks(found: dict[int, int]) -> int:
    """Count the runs of matches that are neighbours in both texts."""
    pairs = sorted(found.items())
    runs = 1
    for (a, b), (c, d) in pairwise(pairs):
        runs += (c, d) != (a + 1, b + 1)
    return runs


def meteor_tokens(candidate: Sequence[str], reference: Sequence[str]) -> float:
    """Return METEOR of two lists of words, in [0, 1]; their case does not count.

    Only the first `overlap.MAX_WORDS` words are looked at.

    Raises
    ------
    MissingTool : if there is no WordNet on this machine.
    """
    first = [word.lower() for word in candidate[: overlap.MAX_WORDS]]
    second = [word.lower() for word in reference[: overlap.MAX_WORDS]]
    found = _align(first, second)
    if not found:
        return 0.0
    precision, recall = len(found) / len(first), len(found) / len(second)
    mean = precision * recall / (ALPHA * precision + (1 - ALPHA) * recall)
    return (1 - GAMMA * (_chunks(found) / len(found)) ** BETA) * mean


def meteor_score(candidate: str, reference: str) -> float:
    """Return METEOR of two texts, in [0, 1], on the words that ROUGE counts."""
    return meteor_tokens(overlap.words(candidate), overlap.words(reference))
