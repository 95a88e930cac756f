"""SMolInstruct's properties: numbers by RMSE, yes or no by accuracy."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from scireasoner.published.base import Evaluator, Item, Row
from scireasoner.published.cleaning import finite, first, matthews, without_thoughts
from scireasoner.published.rows import complete, failed, outside, percent
from scireasoner.published.smol import SOURCE, tagged

_WORD = re.compile(r"\b(?:yes|true|no|false)\b", re.IGNORECASE)
_NUMBER = re.compile(r"-?\d*\.\d+|-?\d+")

NO_ANSWER, INVALID, SCORED = "no_answer", "invalid", "scored"


def _read_number(text: str) -> str:
    """Return the tagged text, else the last number outside SMILES."""
    text = without_thoughts(text)
    found = tagged(text, "NUMBER")
    return found or next(reversed(_NUMBER.findall(outside(text, "<SMILES>", "</SMILES>"))), "")


def _read_boolean(text: str) -> str:
    """Return the tagged text, else the last of four words as Yes or No."""
    text = without_thoughts(text)
    found = tagged(text, "BOOLEAN")
    if found:
        return found
    word = next(reversed(_WORD.findall(text)), None)
    if word is None:
        return ""
    return "Yes" if word.lower() in ("yes", "true") else "No"


def _number_row(item: Item) -> Row:
    text = _read_number(first(item))
    if not text:
        return (NO_ANSWER,)
    try:
        value = float(text)
    except ValueError:
        return (INVALID,)
    try:
        return (SCORED, value, float(_read_number(item.gold)))
    except ValueError:
        return failed("the gold is no number")


def _number_finish(rows: Sequence[Row]) -> Mapping[str, float | None]:
    if not complete(rows):
        return {"RMSE": None}
    gaps = [float(row[1] or 0) - float(row[2] or 0) for row in rows if row[0] == SCORED]
    square = sum(gap * gap for gap in gaps) / len(gaps) if gaps else math.nan
    return {
        "num_all": float(len(rows)),
        "num_no_answer": float(sum(row[0] == NO_ANSWER for row in rows)),
        "num_invalid": float(sum(row[0] == INVALID for row in rows)),
        "RMSE": finite(math.sqrt(square)),
    }


def _boolean_row(item: Item) -> Row:
    text = _read_boolean(first(item)).strip().lower()
    if not text:
        return (NO_ANSWER,)
    if text not in ("yes", "no"):
        return (INVALID,)
    gold = _read_boolean(item.gold).strip().lower()
    return (SCORED, int(gold == "yes"), int(text == "yes"))


def _boolean_finish(rows: Sequence[Row]) -> Mapping[str, float | None]:
    pairs = [(int(row[1] or 0), int(row[2] or 0)) for row in rows if row[0] == SCORED]
    golds = sum(gold for gold, _ in pairs)
    if not 0 < golds < len(pairs):
        # The area under the curve needs both classes; without it the released code stops.
        return {"accuracy": None}
    said = sum(answer for _, answer in pairs)
    hits = sum(gold & answer for gold, answer in pairs)
    correct = sum(gold == answer for gold, answer in pairs)
    recall = hits / golds
    specificity = (correct - hits) / (len(pairs) - golds)
    return {
        "num_all": float(len(rows)),
        "num_no_answer": float(sum(row[0] == NO_ANSWER for row in rows)),
        "num_invalid": float(sum(row[0] == INVALID for row in rows)),
        "num_correct": float(correct),
        # Of hard labels, which is the balanced accuracy.
        "roc_auc_score": (recall + specificity) / 2,
        "precision": hits / said if said else 0.0,
        "recall": recall,
        "f1_score": 2 * hits / (golds + said),
        "mcc": matthews(pairs),
        "accuracy": round(percent(correct, len(rows)), 2),
    }


SMOL_NUMBER = Evaluator("smol number", "RMSE", _number_row, _number_finish, SOURCE)
"""ESOL, lipophilicity: RMSE over the answers that are numbers, however few."""

SMOL_BOOLEAN = Evaluator("smol boolean", "accuracy", _boolean_row, _boolean_finish, SOURCE)
"""BBBP, ClinTox, HIV, SIDER: accuracy in percent over all, the rest over yes and no alone."""
