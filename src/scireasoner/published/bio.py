"""Biology-Instructions, answers that are classes: yes or no, RNA family, modifications, enzymes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial

from scireasoner.prompts.reply import THINK_CLOSE
from scireasoner.published.base import Evaluator, Item, Row
from scireasoner.published.bio_numbers import SUMMARY, percent
from scireasoner.published.cleaning import ANCHOR, UPSTREAM, after_last, finite, first, matthews
from scireasoner.published.fmax import f1_max
from scireasoner.published.polarity import Classify, for_model, polarity

_SOURCE = f"{ANCHOR}/bio_instruction/bio_instrcution.py"
_NEEDS_NLI = "needs_nli"

# Longest first: a name may hold another one.
_FAMILIES = (
    "Intron_gpII",
    "Intron_gpI",
    "riboswitch",
    "5_8S_rRNA",
    "ribozyme",
    "HACA-box",
    "5S_rRNA",
    "CD-box",
    "leader",
    "scaRNA",
    "miRNA",
    "tRNA",
    "IRES",
)
_MODIFICATIONS = "AtoI,m6Am,m1A,m5C,m5U,m6A,m7G,Psi,Am,Cm,Gm,Um,none".split(",")  # noqa: SIM905
_NONE = _MODIFICATIONS[-1:]
_MODIFICATION_WORDS = tuple(re.compile(rf"\b{name}\b") for name in _MODIFICATIONS)
# Only the start of a run of digits can start a match; saying so keeps the search linear.
_EC = re.compile(r"(?<!\d)\d+\.\d+\.\d+\.-?\d*")


def _percent(share: float | None) -> float | None:
    """Return a plain float times 100, to three decimals as Python rounds."""
    return None if share is None else round(share * 100, 3)


def _answer(item: Item) -> str:
    return after_last(after_last(first(item), SUMMARY), THINK_CLOSE)


def waiting(rows: Sequence[Row]) -> list[int]:
    """Return the positions of the rows that only the zero-shot model can decide."""
    return [i for i, row in enumerate(rows) if row and row[1] is None]


def _decided(rows: Sequence[Row], classify: Classify | None) -> tuple[list[Row], int]:
    """Return the labelled rows, with the model's verdict where they wait for it and it is given.

    The number says how many rows waited.
    """
    kept = list(rows)
    open_rows = waiting(kept)
    if open_rows and classify is not None:
        verdicts = classify([str(kept[i][2]) for i in open_rows])
        for i, verdict in zip(open_rows, verdicts, strict=True):
            kept[i] = (kept[i][0], verdict)
    return [row for row in kept if row], len(open_rows)


def _binary_row(item: Item, keep: bool) -> Row:
    """Return (gold, answer), or (gold, None, text) for an answer without a listed word."""
    if item.label is None:
        return ()
    gold = int(item.label == "positive")
    text = _answer(item)
    value = polarity(text)
    if value is None and text.strip():
        return (gold, None, for_model(text) if keep else None)
    # No answer, and "don't know", are taken for the opposite of the gold.
    return (gold, 1 - gold if value is None or value < 0 else value)


def _binary(rows: Sequence[Row], key: str, classify: Classify | None) -> Mapping[str, float | None]:
    decided, waited = _decided(rows, classify)
    value = None
    if not waited or classify is not None:
        pairs = [(int(row[0] or 0), int(row[1] or 0)) for row in decided]
        if key == "MCC":
            value = percent(matthews(pairs))
        elif pairs:
            value = _percent(sum(gold == said for gold, said in pairs) / len(pairs))
    return {key: value, _NEEDS_NLI: float(waited)}


def binary(key: str, classify: Classify | None = None) -> Evaluator:
    """Return the evaluator of yes-or-no answers.

    Parameters
    ----------
    key : ``"MCC"`` or ``"Acc"``.
    classify : the zero-shot model. Without it the number is None as soon as one answer needs it;
        ``needs_nli`` counts these, :func:`waiting` names them.
    """
    row = partial(_binary_row, keep=classify is not None)
    finish = partial(_binary, key=key, classify=classify)
    return Evaluator(f"bio binary {key.lower()}", key, row, finish, f"{_SOURCE}:142-190, 704-781")


def _family_row(item: Item) -> Row:
    if item.label is None:
        return ()
    text = after_last(first(item), THINK_CLOSE)
    family = next((name for name in _FAMILIES if name in text), None)
    return (float(family == item.label),)


def _family(rows: Sequence[Row]) -> Mapping[str, float | None]:
    right = [row[0] for row in rows if row]
    return {"Acc": _percent(right.count(1.0) / len(right)) if right else None}


def _bits(names: Sequence[str]) -> int:
    return sum(1 << i for i, name in enumerate(_MODIFICATIONS) if name in names)


def _modification_row(item: Item, keep: bool, skip_blank: bool) -> Row:
    """Return the sets of gold and answer as bit masks; (gold, None, text) if undecided."""
    if item.label is None:
        return ()
    gold = _bits(item.label.split(","))
    text = _answer(item)
    if skip_blank and not text.strip():
        return (gold, 0)
    found = sum(1 << i for i, word in enumerate(_MODIFICATION_WORDS) if word.search(text))
    if not found:
        value = polarity(text)
        if value is None:
            return (gold, None, for_model(text) if keep else None)
        found = _bits(_NONE) if value == 0 else 0
    return (gold, found)


def _modification(rows: Sequence[Row], classify: Classify | None) -> Mapping[str, float | None]:
    """Return the mean area under the curve of hard answers: balanced accuracy by class."""
    if classify is not None:
        verdict = classify

        def model(texts: Sequence[str]) -> list[int]:
            return [0 if positive else _bits(_NONE) for positive in verdict(texts)]

        decided, waited = _decided(rows, model)
    else:
        decided, waited = _decided(rows, None)
    value = None
    if not waited or classify is not None:
        pairs = [(int(row[0] or 0), int(row[1] or 0)) for row in decided]
        value = percent(_mean_auc(pairs))
    return {"AUC": value, _NEEDS_NLI: float(waited)}


def _mean_auc(pairs: Sequence[tuple[int, int]]) -> float | None:
    """Return the mean over the classes; None if one class is in no gold, or in every gold."""
    areas = []
    for i in range(len(_MODIFICATIONS)):
        positive = [said >> i & 1 for gold, said in pairs if gold >> i & 1]
        negative = [said >> i & 1 for gold, said in pairs if not gold >> i & 1]
        if not positive or not negative:
            return None
        recall = sum(positive) / len(positive)
        areas.append((recall + 1 - sum(negative) / len(negative)) / 2)
    return sum(areas) / len(areas)


def modification(classify: Classify | None = None, skip_blank: bool = False) -> Evaluator:
    """Return the evaluator of RNA modifications.

    Parameters
    ----------
    classify : as for :func:`binary`.
    skip_blank : take a blank answer for no class, as upstream does, instead of asking the model.
    """
    row = partial(_modification_row, keep=classify is not None, skip_blank=skip_blank)
    source = f"{UPSTREAM}/datasets/SciReasoner/bio_instruction.py" if skip_blank else _SOURCE
    name = f"bio modification auc{' upstream' if skip_blank else ''}"
    finish = partial(_modification, classify=classify)
    return Evaluator(name, "AUC", row, finish, f"{source}: compute_AUC_for_Modification_task")


def _enzyme_row(item: Item) -> Row:
    if item.label is None:
        return ()
    text = after_last(after_last(first(item), THINK_CLOSE), SUMMARY)
    return (" ".join(_EC.findall(item.label)), " ".join(_EC.findall(text)))


def _enzyme(rows: Sequence[Row], labels: tuple[str, ...]) -> Mapping[str, float | None]:
    known: dict[str, int] = {}
    for i, label in enumerate(labels):
        known.setdefault(label, i)
    pairs = [
        tuple({known[ec] for ec in str(part).split() if ec in known} for part in row)
        for row in rows
        if row
    ]
    value = f1_max([(said, gold) for gold, said in pairs], len(labels))
    return {"Fmax": finite(_percent(value))}


def enzyme(labels: Sequence[str]) -> Evaluator:
    """Return the evaluator of enzyme numbers.

    Parameters
    ----------
    labels : the known EC numbers in the order of the hub's ``ec_labels.json``; others count
        neither for nor against an answer.
    """
    finish = partial(_enzyme, labels=tuple(labels))
    return Evaluator("bio enzyme fmax", "Fmax", _enzyme_row, finish, f"{_SOURCE}:969-1093")


MCC = binary("MCC")
ACCURACY = binary("Acc")
FAMILY = Evaluator("bio family accuracy", "Acc", _family_row, _family, f"{_SOURCE}:809-857")
"""Share of items whose longest named RNA family is the label."""
MODIFICATION = modification()
MODIFICATION_UPSTREAM = modification(skip_blank=True)
