"""Mol-Instructions, biomolecular text: relations, entities, questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeAlias

from scireasoner.published.base import Evaluator, Item, Row
from scireasoner.published.cleaning import (
    ANCHOR,
    answer_only,
    enclosed,
    finite,
    first,
    mean,
    without_stops,
)

Similarity: TypeAlias = Callable[[Sequence[str], Sequence[str]], Sequence[float]]
"""BERTScore F1 of answers and golds: roberta-large without idf and without rescaling.

The anchor takes layer 17 (the default of ``bert_score``), upstream layer 14.
"""

_SOURCE = f"{ANCHOR}/Mol_Instructions/biotext.py"
_LABEL = re.compile(r"(?:Response:|Answer:)\s*", re.IGNORECASE)
_OPINION = re.compile(r"(?:I would say that|I would like to say that)\s*", re.IGNORECASE)
_MAYBE = ("maybe", "may be", "might")


def _without_start(text: str, pattern: re.Pattern[str]) -> str:
    found = pattern.match(text)
    return text[found.end() :] if found else text


def cleaned(text: str) -> str:
    """Return the answer without stop tokens, thoughts and the openings "Answer:" and the like."""
    text = _without_start(without_stops(text), _LABEL)
    return _without_start(answer_only(text), _OPINION).strip()


def _f1(gold: set[str], said: set[str]) -> float:
    both = len(gold & said)
    precision = both / len(said) if said else 0.0
    recall = both / len(gold) if gold else 0.0
    return 2 * (precision * recall) / (precision + recall) if both else 0.0


def _relations(text: str) -> set[str]:
    return set(enclosed(text, "(", ")"))


def _relation_row(item: Item) -> Row:
    """Return the F1 of the pairs; a pair ends at its first closing parenthesis."""
    gold, said = cleaned(item.gold).lower(), cleaned(first(item)).lower()
    return (_f1(_relations(gold), _relations(said) or _relations(f"({said})")),)


def _entity_row(item: Item) -> Row:
    gold, said = (cleaned(text).lower().split(", ") for text in (item.gold, first(item)))
    return (_f1(set(gold), set(said)),)


def _mean_f1(rows: Sequence[Row]) -> Mapping[str, float | None]:
    return {"f1": mean([float(row[0] or 0) for row in rows])}


def _truth(text: str) -> str | None:
    """Return the first of yes, no and maybe that the text holds, be it inside a word."""
    if "yes" in text:
        return "yes"
    if "no" in text:
        return "no"
    return "maybe" if any(word in text for word in _MAYBE) else None


def _truth_row(item: Item) -> Row:
    gold = cleaned(item.gold).lower().split(",")[0].strip()
    said = _truth(cleaned(first(item)).lower())
    return (float(gold == (said or "other")), float(said is None))


def _truths(rows: Sequence[Row]) -> Mapping[str, float | None]:
    right = mean([float(row[0] or 0) for row in rows])
    return {
        "accuracy": None if right is None else right * 100,
        "other_answers": sum(float(row[1] or 0) for row in rows),
    }


def _choice_row(item: Item) -> Row:
    """Return whether the letters agree; None if the gold holds no letter in parentheses."""
    gold = cleaned(item.gold)
    if "(" not in gold:
        return (None,)
    said = cleaned(first(item))
    for letter in "ABCD":
        if f"({letter}" in said or f"{letter})" in said or f" {letter} " in said:
            said = letter
            break
    return (float(gold.split("(")[1].split(")")[0] == said),)


def _choices(rows: Sequence[Row]) -> Mapping[str, float | None]:
    if any(row[0] is None for row in rows):  # the released code stops at such a gold
        return {"accuracy": None}
    right = mean([float(row[0] or 0) for row in rows])
    return {"accuracy": None if right is None else right * 100}


def _open_row(item: Item, keep: bool) -> Row:
    return (cleaned(first(item)), cleaned(item.gold)) if keep else ()


def _open(rows: Sequence[Row], similarity: Similarity | None) -> Mapping[str, float | None]:
    if similarity is None or not rows:
        return {"bert_score": None}
    said, gold = ([str(text) for text in column] for column in zip(*rows, strict=True))
    return {"bert_score": finite(mean(list(similarity(said, gold))))}


def open_question(similarity: Similarity | None = None) -> Evaluator:
    """Return the evaluator of open questions; without BERTScore it gives None."""
    row = partial(_open_row, keep=similarity is not None)
    finish = partial(_open, similarity=similarity)
    return Evaluator("biotext open question", "bert_score", row, finish, f"{_SOURCE}:279-288")


RELATIONS = Evaluator("biotext relations", "f1", _relation_row, _mean_f1, f"{_SOURCE}:47-78")
ENTITIES = Evaluator("biotext entities", "f1", _entity_row, _mean_f1, f"{_SOURCE}:36-45, 80-90")
TRUTH = Evaluator("biotext truth", "accuracy", _truth_row, _truths, f"{_SOURCE}:93-124")
CHOICE = Evaluator("biotext choice", "accuracy", _choice_row, _choices, f"{_SOURCE}:157-175")
OPEN_QUESTION = open_question()
