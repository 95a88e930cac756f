"""SciReasoner 1.5: four evaluators of 25 tasks (upstream only)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial

from scireasoner.published.base import Evaluator, Item, Row
from scireasoner.published.cleaning import UPSTREAM, finite, first
from scireasoner.published.rows import complete, failed
from scireasoner.published.sr15_reading import labels, number, property_value, verdict

_SOURCE = f"{UPSTREAM}/datasets/SciReasoner1_5.py"
_REGRESSION = ("MAE", "RMSE", "MAD", "MAD/MAE", "Pearson", "Spearman")


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _harmonic(precision: float, recall: float) -> float:
    return _ratio(2 * precision * recall, precision + recall)


def _ranks(values: Sequence[float]) -> list[float]:
    """Return ranks from 1; ties share the mean of their ranks."""
    place: dict[float, list[int]] = {}
    for rank, value in enumerate(sorted(values), 1):
        place.setdefault(value, [rank, rank])[1] = rank
    return [sum(place[value]) / 2 for value in values]


def _pearson(x: Sequence[float], y: Sequence[float]) -> float | None:
    """Return the correlation by the sums of the released code.

    Their order matters: the mean of a constant column need not be its value, and then a number
    comes out where None should.
    """
    if len(x) < 2:
        return None
    x_mean, y_mean = _mean(x), _mean(y)
    dx = [value - x_mean for value in x]
    dy = [value - y_mean for value in y]
    spread_x = math.sqrt(sum([d * d for d in dx]))
    spread_y = math.sqrt(sum([d * d for d in dy]))
    if spread_x == 0.0 or spread_y == 0.0:
        return None
    return sum([a * b for a, b in zip(dx, dy, strict=True)]) / (spread_x * spread_y)


def _errors(rows: Sequence[Row]) -> dict[str, float | None]:
    """Return the released numbers of (gold, answer) rows; unread answers take no part."""
    pairs = [(float(r[0] or 0), float(r[1])) for r in rows if r[1] is not None]
    valid = len(pairs)
    counts: dict[str, float | None] = {
        "total": float(len(rows)),
        "valid": float(valid),
        "valid_rate": _ratio(valid, len(rows)) * 100,
        "invalid_count": float(len(rows) - valid),
    }
    if not pairs:
        return {**counts, **dict.fromkeys(_REGRESSION)}
    y, p = ([pair[i] for pair in pairs] for i in (0, 1))
    errors = [said - true for true, said in pairs]
    centre = _mean(y)
    mae = _mean([abs(error) for error in errors])
    mad = _mean([abs(true - centre) for true in y])
    numbers = {
        "MAE": mae,
        "RMSE": math.sqrt(_mean([error * error for error in errors])),
        "MAD": mad,
        "MAD/MAE": mad / mae if mae else None,
        "Pearson": _pearson(y, p),
        "Spearman": _pearson(_ranks(y), _ranks(p)),
    }
    return {**counts, **{key: finite(value) for key, value in numbers.items()}}


def _material_row(item: Item, key: str) -> Row:
    """Return (gold, answer or None); nothing for a record without the property."""
    gold = property_value(item.gold, key)
    if gold is None:
        return ()
    said = property_value(first(item), key)
    return (gold, said if said is not None and math.isfinite(said) else None)


def _material(rows: Sequence[Row]) -> Mapping[str, float | None]:
    return _errors([row for row in rows if row])


def material(key: str) -> Evaluator:
    """Return the evaluator of one material property.

    Parameters
    ----------
    key : the property's name in the records, e.g. ``"e_form"``; they hold several.
    """
    row = partial(_material_row, key=key)
    return Evaluator(
        f"sr15 material {key}", "MAD/MAE", row, _material, f"{_SOURCE}: SciReasoner15Material"
    )


def _tm_row(item: Item) -> Row:
    try:
        return (float(item.gold), number(first(item)))
    except ValueError:
        return failed("the gold is no number")


def _tm(rows: Sequence[Row]) -> Mapping[str, float | None]:
    if rows and not complete(rows):
        return {"MAE": None}
    outside = sum(row[1] is not None and not 0.0 <= float(row[1]) <= 1.0 for row in rows)
    return {**_errors(rows), "out_of_range_count": float(outside)}


def _process_row(item: Item) -> Row:
    """Return (shared, answered, gold) numbers of labels, and whether the sets are equal."""
    said, gold = labels(first(item)), labels(item.gold)
    return (float(len(said & gold)), float(len(said)), float(len(gold)), float(said == gold))


def _process(rows: Sequence[Row]) -> Mapping[str, float | None]:
    counts = [tuple(float(value or 0) for value in row) for row in rows]
    precisions = [_ratio(both, said) for both, said, _, _ in counts]
    recalls = [_ratio(both, gold) for both, _, gold, _ in counts]
    f1 = _mean([_harmonic(p, r) for p, r in zip(precisions, recalls, strict=True)])
    shared, said, gold, equal = zip(*counts, strict=True) if counts else ((),) * 4
    return {
        "total": float(len(rows)),
        "Precision": _mean(precisions),
        "Recall": _mean(recalls),
        "F1 Score": f1,
        "score": f1 * 100,
        "exact_match": _mean(equal) * 100,
        "avg_correct_attributes": _mean(shared),
        "avg_pred_labels": _mean(said),
        "avg_gold_labels": _mean(gold),
        "empty_prediction_rate": _mean([float(n == 0) for n in said]) * 100,
    }


def _pair_row(item: Item) -> Row:
    """Return (label, score or None, target): the label is in ``label``, the target in ``subtask``.

    Without a label field the gold text is the label.
    """
    label = item.gold if item.label is None else item.label
    try:
        return (float(int(label)), verdict(first(item)), item.subtask or "unknown")
    except ValueError:
        return failed("the label is no whole number")


def _auc(scored: Sequence[tuple[int, float]]) -> float | None:
    """Return the area under the ROC curve by rank sum (doi:10.1148/radiology.143.1.7063747)."""
    positives = sum(label for label, _ in scored)
    negatives = len(scored) - positives
    if not positives or not negatives:
        return None
    ranks = _ranks([score for _, score in scored])
    rank_sum = sum(rank for rank, (label, _) in zip(ranks, scored, strict=True) if label)
    return (rank_sum - positives * (positives + 1) / 2.0) / (positives * negatives)


def _table(pairs: Sequence[tuple[int, int]]) -> tuple[float, float, float]:
    """Return precision, recall and F1 of (label, answer) pairs."""
    both = sum(label & said for label, said in pairs)
    precision = _ratio(both, sum(said for _, said in pairs))
    recall = _ratio(both, sum(label for label, _ in pairs))
    return precision, recall, _harmonic(precision, recall)


def _pairs(rows: Sequence[Row]) -> Mapping[str, float | None]:
    """Return the numbers of the pairs; an unread answer is a no, but not part of the AUC."""
    if rows and not complete(rows):
        return {"AUC": None}
    labelled = [(int(float(row[0] or 0)), row[1], str(row[2])) for row in rows]
    answers = [(label, int(said is not None and float(said) >= 0.5)) for label, said, _ in labelled]
    targets: dict[str, list[tuple[int, int]]] = {}
    for (*_, target), answer in zip(labelled, answers, strict=True):
        targets.setdefault(target, []).append(answer)
    by_target = [_table(pairs) for pairs in targets.values()]
    total = len(rows)
    precision, recall, f1 = _table(answers)
    return {
        "total": float(total),
        "Accuracy": _ratio(sum(label == said for label, said in answers), total) * 100,
        "Precision": precision,
        "Recall": recall,
        "F1 Score": f1,
        "positive_rate": _ratio(sum(said for _, said in answers), total) * 100,
        "gold_positive_rate": _ratio(sum(label for label, _ in answers), total) * 100,
        "AUC": _auc([(label, float(said)) for label, said, _ in labelled if said is not None]),
        "macro_target_f1": _mean([scores[2] for scores in by_target]),
        "macro_target_recall": _mean([scores[1] for scores in by_target]),
        "invalid_count": float(sum(said is None for _, said, _ in labelled)),
    }


TM_SCORE = Evaluator("sr15 tm score", "MAE", _tm_row, _tm, f"{_SOURCE}: SciReasoner15TMScore")
GO_PROCESS = Evaluator(
    "sr15 go process", "score", _process_row, _process, f"{_SOURCE}: SciReasoner15GO"
)
LIGAND_PAIR = Evaluator(
    "sr15 ligand pair", "AUC", _pair_row, _pairs, f"{_SOURCE}: SciReasoner15Dude"
)
