"""PEER: a yes-or-no reader, and a language model that judges whatever the reader finds wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeAlias

from scireasoner.published.base import Evaluator, Item, Row
from scireasoner.published.cleaning import (
    ANCHOR,
    UPSTREAM,
    answer_only,
    first,
    without_stops,
    without_thoughts,
)

Judge: TypeAlias = Callable[[Sequence[tuple[str, str]]], Sequence[str]]
"""Judge of (gold, answer) texts: its verdicts as text, of which "true" and "false" are read."""

_ANSWER = re.compile(r"The answer is\s+(Yes|No)", re.IGNORECASE)

# The lists of the released reader: parts of words count, and a positive one is enough.
_POSITIVE = (
    "will be soluble|will dissolve|is soluble|can be predicted|positive|Yes|correct|valid|accurate"
    "|certainly|indeed|affirmative|highly soluble|easily soluble|dissolves easily|is assured"
    "|be soluble"
)
_NEGATIVE = (
    "will not be soluble|is not soluble|will not dissolve|low solubility|low|cannot be predicted"
    "|negative|No|incorrect|invalid|inaccurate|impossible|not possible|denied|be insoluble"
)
_LISTS = tuple(
    (tuple(words.lower().split("|")), re.compile(words, re.IGNORECASE), value)
    for words, value in ((_POSITIVE, 1), (_NEGATIVE, 0))
)

_NUMBER = re.compile(r"[-+]?\d*\.\d+|\d+")
_STABLE = 1.0  # stability above it is a yes


def read(text: str) -> int | None:
    """Return 1 (yes), 0 (no) or None."""
    text = answer_only(text)
    clause = _ANSWER.search(text)
    if clause:
        return int(clause[1].lower() == "yes")
    plain = text.lower() if text.isascii() else None
    for words, pattern, value in _LISTS:
        # Beyond ASCII, ignoring case is more than lower case: the long s is an s.
        found = any(w in plain for w in words) if plain is not None else pattern.search(text)
        if found:
            return value
    return None


def read_stability(text: str) -> int | None:
    """Return whether the first number is above 1; the sign of a whole number is lost."""
    found = _NUMBER.search(answer_only(text))
    return int(float(found[0]) > _STABLE) if found else None


def _default(text: str) -> str:
    return without_thoughts(without_stops(text))


def _rule_row(item: Item) -> Row:
    """Return (answer,) if it is right, else ()."""
    said, gold = read(_default(first(item))), read(_default(item.gold))
    return (said,) if said is not None and said == gold else ()


def _judged_row(item: Item, keep: bool) -> Row:
    """Return (answer,) if it is right, else (None, gold text, answer text)."""
    row = _rule_row(item)
    if row:
        return row
    texts = (_default(item.gold), _default(first(item))) if keep else ()
    return (None, *texts)


def _stability_row(item: Item) -> Row:
    said, gold = read_stability(first(item)), read_stability(item.gold)
    return (said,) if said is not None and said == gold else ()


def _verdict(text: str) -> tuple[int, int]:
    """Return the pair (prediction, gold) that the released code makes up for a verdict."""
    lowered = text.lower()
    if "true" in lowered:
        return (1, 1)
    return (0, 1) if "false" in lowered else (1, 0)


def _share(part: int, whole: int) -> float:
    return part / whole * 100 if whole else 0.0


def _scores(pairs: Sequence[tuple[int, int]], correct: int, total: int) -> dict[str, float]:
    both = sum(said & gold for said, gold in pairs)
    said_yes, gold_yes = (sum(column) for column in zip(*pairs, strict=True)) if pairs else (0, 0)
    return {
        "accuracy": _share(correct, total),
        "acc_wo_no_answer_invalid": _share(correct, total),  # its two counters never leave 0
        "precision": _share(both, said_yes),
        "recall": _share(both, gold_yes),
        "f1_score": _share(2 * both, said_yes + gold_yes),
    }


_SCORES = tuple(_scores((), 0, 0))


def _judged(rows: Sequence[Row], judge: Judge | None) -> Mapping[str, float | None]:
    right = [(int(row[0]), int(row[0])) for row in rows if row[0] is not None]
    open_rows = [row for row in rows if row[0] is None]
    counts = {"num_all": float(len(rows)), "needs_judge": float(len(open_rows))}
    if not rows or (open_rows and judge is None):
        return {**counts, "num_correct": None, **dict.fromkeys(_SCORES)}
    verdicts = judge([(str(r[1]), str(r[2])) for r in open_rows]) if judge and open_rows else ()
    made_up = [_verdict(text) for text in verdicts]
    correct = len(right) + made_up.count((1, 1))
    scores = _scores([*right, *made_up], correct, len(rows))
    return {**counts, "num_correct": float(correct), **scores}


def judged(judge: Judge | None = None) -> Evaluator:
    """Return the anchor's evaluator, for all four tasks.

    Parameters
    ----------
    judge : decides every item that the reader does not find right. Without it the numbers are
        None as soon as one item needs it; ``needs_judge`` counts them.
    """
    row = partial(_judged_row, keep=judge is not None)
    source = f"{ANCHOR}/PEER/evaluator.py:59-138, 221-448"
    return Evaluator("peer judged", "accuracy", row, partial(_judged, judge=judge), source)


def _rules(rows: Sequence[Row]) -> Mapping[str, float | None]:
    correct = sum(bool(row) for row in rows)
    return {"accuracy": correct / len(rows) * 100 if rows else None}


def _stability(rows: Sequence[Row]) -> Mapping[str, float | None]:
    right = [(int(row[0] or 0), int(row[0] or 0)) for row in rows if row]
    counts = {"num_all": float(len(rows)), "num_correct": float(len(right))}
    scores: Mapping[str, float | None] = dict.fromkeys(_SCORES)
    if rows:
        scores = _scores(right, len(right), len(rows))
    return {**counts, **scores}


JUDGED = judged()
RULES = Evaluator(
    "peer rules",
    "accuracy",
    _rule_row,
    _rules,
    f"{UPSTREAM}/datasets/SciReasoner/PEER.py: PEERRuleEvaluator",
)
"""Upstream's solubility and interaction: its judge runs too, but its verdicts are not read."""

STABILITY = Evaluator(
    "peer stability",
    "accuracy",
    _stability_row,
    _stability,
    f"{UPSTREAM}/datasets/SciReasoner/PEER.py: PEER_postprocess_float_compare, PEER_Evaluator",
)
"""Upstream's stability. Precision and recall are of the right answers alone: 100 or 0."""
