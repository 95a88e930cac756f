"""How Biology-Instructions answers become yes or no: word lists, then a language model.

The lists are those of the released evaluator. Its entries with capitals are left out: they are
looked for in lower-cased text and can never be found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

Classify: TypeAlias = Callable[[Sequence[str]], Sequence[int]]
"""Zero-shot model for answers without a listed word: texts to 1 (positive) or 0.

The released one is facebook/bart-large-mnli: 1 where one of the two ``POSITIVE_HYPOTHESES`` gets
the highest score among all four.
"""

POSITIVE_HYPOTHESES = (
    "Yes,I can positively identify",
    "This protein is expected to dissolve in water",
)
NEGATIVE_HYPOTHESES = (
    "No,My answer is negative",
    "This protein is not expected to dissolve in water",
)

_NEGATIVE = (
    "no|negative|insoluble|does not|unlikely|absence|not found|not detected|not associated"
    "|not inferred|not linked|does not indicate|no evidence|not predicted|absent|not present"
    "|no indicators|not exhibit|are absent|found none|did not reveal|lacks|exhibits no"
    "|insolubility|low solubility|not soluble|not be soluble|does not display regions"
    "|cannot confirm"
)
_POSITIVE = (
    "yes|positive|empirical|plausible|confirms|have detected|are discernible|are supported"
    "|is supported|display|detected the presence|shows evidence|has been identified|shows"
    "|has identified|contains |exhibits evidence|is plausible|contains identifiable"
    "|reveals the presence|include|are present|definitely has|soluble|displays regions"
    "|has a high solubility|dissolves easily|is expected to dissolve|is predicted|is likely"
    "|is expected|will dissolve"
)
_UNKNOWN = "don't know|unknown|unsure|uncertain|not applicable|cannot confirm"


def whole_words(words: str) -> re.Pattern[str]:
    """Return a pattern that finds any of the words, given with ``|`` between them, as a whole."""
    return re.compile(rf"\b(?:{words})\b")


_LISTS = (
    (whole_words(_NEGATIVE), 0),
    (whole_words(_POSITIVE), 1),
    (whole_words(_UNKNOWN), -1),
)


def polarity(text: str) -> int | None:
    """Return 0, 1, -1 ("don't know"), or None if no listed word occurs.

    One negative word anywhere outweighs everything else.
    """
    lowered = text.lower()
    for pattern, value in _LISTS:
        if pattern.search(lowered):
            return value
    return None


def for_model(text: str) -> str:
    """Return the text as the zero-shot model gets it."""
    return text.replace("</s>", "").replace("<pad>", "").strip()
