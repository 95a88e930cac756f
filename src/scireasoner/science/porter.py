"""Porter's stemmer (doi:10.1108/eb046814) with the later changes that NLTK made its default.

ROUGE and METEOR are defined with this very variant; other Porter stemmers differ on every
hundredth word. Equal to ``nltk.stem.porter.PorterStemmer().stem``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise

_VOWELS = frozenset("aeiou")
_IRREGULAR = {
    "sky": "sky", "skies": "sky", "dying": "die", "lying": "lie", "tying": "tie", "news": "news",
    "innings": "inning", "inning": "inning", "outings": "outing", "outing": "outing",
    "cannings": "canning", "canning": "canning", "howe": "howe", "proceed": "proceed",
    "exceed": "exceed", "succeed": "succeed",
}  # fmt: skip

# Suffix and what takes its place. The first suffix that fits decides, also if its condition fails.
_STEP_2 = (
    ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"),
    ("bli", "ble"), ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"),
    ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"), ("iveness", "ive"),
    ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"),
    ("fulli", "ful"),
)  # fmt: skip
_STEP_3 = (
    ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""),
    ("ness", ""),
)  # fmt: skip
# Most words have none of these endings: one look at all of them saves the rest.
_ENDS_2 = (*(suffix for suffix, _ in _STEP_2), "logi")
_ENDS_3 = tuple(suffix for suffix, _ in _STEP_3)
_STEP_4 = (
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou",
    "ism", "ate", "iti", "ous", "ive", "ize",
)  # fmt: skip


def _consonants(word: str) -> list[bool]:
    """Tell the consonants; ``y`` is one at the start and after a vowel."""
    flags: list[bool] = []
    for letter in word:
        if letter == "y":
            flags.append(not flags or not flags[-1])
        else:
            flags.append(letter not in _VOWELS)
    return flags


def _measure(stem: str) -> int:
    """Count the vowel-consonant turns, Porter's m."""
    flags = _consonants(stem)
    return sum(after and not before for before, after in pairwise(flags))


def _ends_consonant(word: str) -> bool:
    return _consonants(word)[-1]


def _ends_cvc(word: str) -> bool:
    """Whether it ends consonant, vowel, consonant; NLTK adds stems of a vowel and a consonant."""
    flags = _consonants(word)
    if len(word) >= 3 and flags[-3:] == [True, False, True] and word[-1] not in "wxy":
        return True
    return len(word) == 2 and flags == [False, True]


def _replaced(word: str, rules: Sequence[tuple[str, str]], holds: Callable[[str], bool]) -> str:
    for suffix, new in rules:
        if word.endswith(suffix):
            stem = word[: -len(suffix)]
            return stem + new if holds(stem) else word
    return word


def _plural(word: str) -> str:
    """Step 1a; ``ies`` after one letter is ``ie`` (dies, die)."""
    if word.endswith("ies") and len(word) == 4:
        return word[:-1]
    if not word.endswith("s"):
        return word
    for suffix, new in (("sses", "ss"), ("ies", "i"), ("ss", "ss"), ("s", "")):
        if word.endswith(suffix):
            return word[: -len(suffix)] + new
    return word


def _past(word: str) -> str:
    """Step 1b: ``ed`` and ``ing``."""
    if not word.endswith(("ed", "ing")):
        return word
    if word.endswith("ied"):
        return word[:-1] if len(word) == 4 else word[:-2]
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) > 0 else word
    for suffix in ("ed", "ing"):
        if word.endswith(suffix) and not all(_consonants(word[: -len(suffix)])):
            return _mended(word[: -len(suffix)])
    return word


def _mended(stem: str) -> str:
    """Mend what ``ed`` or ``ing`` was taken from."""
    if stem.endswith(("at", "bl", "iz")):
        return stem + "e"
    if len(stem) >= 2 and stem[-1] == stem[-2] and _ends_consonant(stem):
        return stem if stem[-1] in "lsz" else stem[:-1]
    return stem + "e" if _measure(stem) == 1 and _ends_cvc(stem) else stem


def _step_2(word: str) -> str:
    if not word.endswith(_ENDS_2):
        return word

    def positive(stem: str) -> bool:
        return _measure(stem) > 0

    if word.endswith("alli") and positive(word[:-4]):
        return _step_2(word[:-2])
    found = _replaced(word, _STEP_2, positive)
    if found == word and word.endswith("logi") and positive(word[:-3]):
        return word[:-1]
    return found


def _step_4(word: str) -> str:
    for suffix in _STEP_4:
        if word.endswith(suffix):
            stem = word[: -len(suffix)]
            fits = _measure(stem) > 1 and (suffix != "ion" or stem[-1] in "st")
            return stem if fits else word
    return word


def _step_5(word: str) -> str:
    if word.endswith("e"):
        measure = _measure(word[:-1])
        if measure > 1 or (measure == 1 and not _ends_cvc(word[:-1])):
            word = word[:-1]
    return word[:-1] if word.endswith("ll") and _measure(word[:-1]) > 1 else word


@lru_cache(maxsize=8_192)
def stem(word: str) -> str:
    """Return the stem of a word, in lower case."""
    word = word.lower()
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) <= 2:
        return word
    word = _past(_plural(word))
    if word.endswith("y") and len(word) > 2 and _ends_consonant(word[:-1]):
        word = word[:-1] + "i"
    word = _step_2(word)
    if word.endswith(_ENDS_3):
        word = _replaced(word, _STEP_3, lambda part: _measure(part) > 0)
    return _step_5(_step_4(word) if word.endswith(_STEP_4) else word)
