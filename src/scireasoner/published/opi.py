"""OPI: function text, label lists, and the equality that every other task falls back to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from scireasoner.published.base import Evaluator, Item, Row
from scireasoner.published.cleaning import ANCHOR, first, mean, without_stops
from scireasoner.science.overlap import rouge_l
from scireasoner.science.porter import stem

_SOURCE = f"{ANCHOR}/opi/evaluator.py"
_SEPARATOR = re.compile("[;,\uff0c\uff1b]")  # also full-width


def _read(text: str) -> str:
    return without_stops(text).strip()


def _labels(text: str) -> set[str]:
    return {part for raw in _SEPARATOR.split(_read(text)) if (part := raw.strip())}


def _label_row(item: Item) -> Row:
    """Return precision, recall and F1 of the label sets; nothing for a gold without labels."""
    gold, said = _labels(item.gold), _labels(first(item))
    if not gold:
        return ()
    both = len(gold & said)
    return (both / len(said) if said else 0.0, both / len(gold), 2 * both / (len(gold) + len(said)))


def _label_finish(rows: Sequence[Row]) -> Mapping[str, float | None]:
    import numpy as np

    keys = ("Precision", "Recall", "F1 Score")
    if not rows:
        return dict.fromkeys(keys)
    kept = [row for row in rows if row]
    columns = zip(*kept, strict=True) if kept else ((0.0,),) * len(keys)
    means = [mean([float(value or 0) for value in column]) for column in columns]
    return {key: float(np.round(value or 0.0, 4)) for key, value in zip(keys, means, strict=True)}


def _function_row(item: Item) -> Row:
    return (rouge_l(_read(first(item)), _read(item.gold), stem),)


def _equal_row(item: Item) -> Row:
    said, gold = (without_stops(text).lower().strip() for text in (first(item), item.gold))
    return (float(said == gold),)


def _rounded_mean(rows: Sequence[Row]) -> float | None:
    value = mean([float(row[0] or 0) for row in rows])
    return None if value is None else round(value, 4)


def _function_finish(rows: Sequence[Row]) -> Mapping[str, float | None]:
    return {"ROUGE-L": _rounded_mean(rows)}


def _equal_finish(rows: Sequence[Row]) -> Mapping[str, float | None]:
    return {"Accuracy": _rounded_mean(rows)}


OPI_LABELS = Evaluator("opi labels", "F1 Score", _label_row, _label_finish, f"{_SOURCE}:180-221")
"""Lists of labels, 0..1: names that hold a comma are broken up. Also what EC numbers should get."""

OPI_FUNCTION = Evaluator(
    "opi function", "ROUGE-L", _function_row, _function_finish, f"{_SOURCE}:105-128"
)
"""Mean ROUGE-L F1 with Porter's stemmer, 0..1."""

OPI_EQUAL = Evaluator("opi equal", "Accuracy", _equal_row, _equal_finish, f"{_SOURCE}:243-260")
"""Equality of lower-cased texts, 0..1.

EC numbers, fold types and localisations land here: the configuration cuts the task's name at its
first underscore, so that the evaluator knows none of them.
"""
