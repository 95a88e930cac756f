"""GUE: yes or no from one sentence, in two Matthews correlations."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from scireasoner.prompts.reply import THINK_CLOSE, THINK_OPEN
from scireasoner.published.base import Evaluator, Item, Row
from scireasoner.published.cleaning import ANCHOR, first, matthews, without_thoughts

_CLAUSE = re.compile(r"\bThe prediction result is\s+(positive|negative)\b", re.IGNORECASE)

# The lists of the released evaluator.
_NEGATIVE = "negative|no|absence|not|cannot|fails|absent|lacks"
_POSITIVE = (
    "positive|positively|presence|detected|identified|identifiable|found|yes|located|detectable"
    "|observable|evident|absolutely|affirmative|can|affirm|confirm|confirms|reveals|existence"
    "|certainly|consistent|recognizable|shows core|shows promoter|shows characteristic"
    "|evidenced by|seeing characteristic patterns|includes|contains sequences|exhibits clear"
    "|contains transcription|exhibits sequences|clearly contains|recognized|exhibits features"
    "|contains regulatory|shows clear|displays|definitely has|exhibits patterns|clear evidence"
    "|contains a|yep|contains sites|shows sequences"
)
_LISTS = tuple(
    (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), value)
    for words, value in ((_NEGATIVE, 0), (_POSITIVE, 1))
)


def read(text: str) -> int | None:
    """Return 1 (positive), 0 (negative) or None (neither).

    The clause "The prediction result is ..." counts first, then any negative word, then any
    positive one. A thought that is not closed leaves nothing.
    """
    text = text.strip()
    if THINK_OPEN in text:
        text = without_thoughts(text) if THINK_CLOSE in text else ""
    clause = _CLAUSE.search(text)
    if clause:
        return int(clause[1].lower() == "positive")
    for pattern, value in _LISTS:
        if pattern.search(text):
            return value
    return None


def _row(item: Item) -> Row:
    # The loader appends the label to the gold sentence, which then passes the same reader.
    gold = f"{item.gold} The prediction result is {item.label or ''}."
    return (read(gold), read(first(item)))


def _finish(rows: Sequence[Row]) -> Mapping[str, float | None]:
    pairs = [(int(gold == 1), int(said == 1)) for gold, said in rows]
    clear = [(int(gold), int(said)) for gold, said in rows if gold is not None and said is not None]
    everything = matthews(pairs)
    return {
        "matthews_correlation_all": None if everything is None else everything * 100,
        "matthews_correlation_filtered": (matthews(clear) or 0.0) * 100 if rows else None,
        "non_pos_neg_count": float(len(rows) - len(clear)),
        "total_count": float(len(rows)),
    }


GUE = Evaluator("gue", "matthews_correlation_all", _row, _finish, f"{ANCHOR}/GUE.py:43-192")
"""Whatever is not positive counts as negative in ``_all``, and is left out of ``_filtered``."""
