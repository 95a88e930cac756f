"""SMolInstruct: structures, formulas and names, by the best of the first k answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from scireasoner.published.base import Evaluator, Item, Row
from scireasoner.published.cleaning import ANCHOR, mean, without_thoughts
from scireasoner.published.rows import complete, failed, numbers, percent, within
from scireasoner.published.structures import kekulised, likeness, same_inchi, shared

SOURCE = f"{ANCHOR}/LLM4Chem/evaluator.py:53-189, utils/metrics.py"

# The released pattern of the last resort, which also takes "Do" from "Done"; a part in brackets
# is read at once or not at all.
_FORMULA_LIKE = re.compile(
    r"[\[(]?[A-Z][a-z]?\d*(?:\([A-Za-z0-9]++\)\d*)?[\])]?"
    r"(?:[A-Z][a-z]?\d*|\([^)]++\)\d*|\[[^\]]++\]\d*)*"
    r"(?:[+-]{1,2})?(?:·\d*[A-Z][a-z]?\d*)*"
)
_FORMULA = re.compile(r"(?:[A-Za-z]\d*)+(?:[+-]\d*)*$")
_ATOMS = re.compile(r"([A-Z][a-z]?)(\d+)?")
_CHARGE = re.compile(r"([+-])(\d*)")
MAX_SYMBOLS = 950
"""The released reader of formulas calls itself once a symbol, which Python stops about there."""


def tagged(text: str, name: str) -> str:
    """Return what stands between the first opening and the first closing tag; empty if none."""
    left, right = f"<{name}>", f"</{name}>"
    start, end = text.find(left), text.find(right)
    return "" if start < 0 or end < 0 else text[start + len(left) : end].strip()


def _read_smiles(text: str) -> str:
    return tagged(without_thoughts(text), "SMILES").replace(";", ".")


def _read_formula(text: str) -> str:
    text = without_thoughts(text)
    found = tagged(text, "MOLFORMULA")
    return found or next(reversed(_FORMULA_LIKE.findall(text)), "")


def _read_name(text: str) -> str:
    return tagged(without_thoughts(text), "IUPAC")


def formula_counts(text: str) -> dict[str, int]:
    """Count the atoms of the leading symbols; the first sign anywhere is the charge.

    Raises
    ------
    ValueError : for anything but letters, digits and signs, and for what Python cannot count.
    """
    if _FORMULA.match(text) is None:
        raise ValueError(f"{text[:40]!r} is not a formula")
    counts: dict[str, int] = {}
    place = symbols = 0
    while (atom := _ATOMS.match(text, place)) is not None:
        counts[atom[1]] = counts.get(atom[1], 0) + int(atom[2] or 1)
        place = atom.end()
        symbols += 1
    if symbols > MAX_SYMBOLS:
        raise ValueError("more symbols than Python may call functions")
    charge = _CHARGE.search(text)
    if charge is not None:
        counts[charge[1]] = int(charge[2] or 1)
    return counts


def _rank(truths: Sequence[bool]) -> int | None:
    """Return the rank, from 1, of the first true one."""
    return truths.index(True) + 1 if True in truths else None


# Rows of ranks: the number of answers, then the rank from 1 of the first answer that is there,
# that is not invalid, that matches, ... None where no answer does.


def _within(parts: set[str], others: set[str]) -> bool:
    """Whether every fragment of the first is, by its InChI, one of the second."""
    return all(any(same_inchi(part, other) for other in others) for part in parts)


def _matches(form: str | None, gold: str) -> bool:
    """Whether the sets of the fragments' InChIs are equal; unreadable ones are all alike."""
    if form is None or not form.strip():
        return False
    if form == gold:
        return True
    parts, others = set(form.split(".")), set(gold.split("."))
    return _within(parts, others) and _within(others, parts)


def _overlaps(form: str | None, gold: str) -> bool:
    if form is None:
        return False
    others = set(gold.split("."))
    return any(same_inchi(part, other) for part in set(form.split(".")) for other in others)


def _smiles_row(item: Item) -> Row:
    answers = [_read_smiles(text) for text in item.predictions]
    gold = kekulised(_read_smiles(item.gold).strip())
    if gold is None or not answers:
        return failed("the gold has an empty or unwritable fragment, or there is no answer")
    forms = [kekulised(text) if text else None for text in answers]
    best = forms[0]
    like: tuple[float | None, ...] = (None, None, None)
    if best is not None and best.strip() and shared(best) is not None:
        if shared(gold) is None:
            return failed("the gold cannot be read")
        like = likeness(gold, best)
    return (
        len(answers),
        _rank([bool(text) for text in answers]),
        _rank([not text or form is not None for text, form in zip(answers, forms, strict=True)]),
        _rank([_matches(form, gold) for form in forms]),
        _rank([_overlaps(form, gold) for form in forms]),
        *like,
    )


def _formula_row(item: Item) -> Row:
    answers = [_read_formula(text) for text in item.predictions]
    gold = _read_formula(item.gold).strip()
    valid, matched = [], []
    for text in answers:
        counts: dict[str, int] | None = None
        try:
            counts = formula_counts(text) if text else None
            valid.append(True)
        except ValueError:
            valid.append(False)
        if counts is None:
            matched.append(False)
            continue
        try:
            matched.append(counts == formula_counts(gold))
        except ValueError:
            return failed("the gold is no formula")
    if not gold or not answers:
        return failed("no gold, or no answer")
    return (len(answers), _rank([bool(a) for a in answers]), _rank(valid), _rank(matched))


def _name_row(item: Item) -> Row:
    answers = [_read_name(text) for text in item.predictions]
    gold = _read_name(item.gold).strip()
    if not gold or not answers:
        return failed("no gold, or no answer")
    parts = sorted(gold.split(";"))
    matched = [sorted(text.split(";")) == parts for text in answers]
    return (len(answers), _rank([bool(a) for a in answers]), None, _rank(matched))


def _counts(rows: Sequence[Row], names: Mapping[str, int]) -> dict[str, float | None]:
    """Count, for every k up to the number of answers, what the first k of them hold."""
    total, answers = len(rows), int(rows[0][0] or 0)
    found: dict[str, float | None] = {"num_all": float(total)}
    for k in range(1, answers + 1):
        for name, column in names.items():
            hits = within(rows, column, k)
            missing = name in ("no_answer", "invalid", "formula_invalid")
            found[f"num_t{k}_{name}"] = float(total - hits if missing else hits)
    return found


def _finish(
    rows: Sequence[Row], names: Mapping[str, int], match: str, tops: tuple[int, ...]
) -> Mapping[str, float | None]:
    """Return the counts, and the share of ``match`` in percent with two decimals.

    Nothing where one item has more answers than another: the released code stops there.
    """
    if not complete(rows) or any(row[0] != rows[0][0] for row in rows):
        return {f"top1_{match}": None}
    found = _counts(rows, names)
    if len(rows[0]) > 5:
        for column, name in enumerate(("maccs", "rdk", "morgan"), start=5):
            found[f"t1_{name}_fps"] = mean(numbers(rows, column))
    for top in tops:
        hits = found.get(f"num_t{top}_{match}")
        if hits is not None:
            found[f"top{top}_{match}"] = round(percent(hits, len(rows)), 2)
    return found


def _evaluator(
    name: str,
    row: Callable[[Item], Row],
    names: Mapping[str, int],
    match: str,
    tops: tuple[int, ...] = (1, 5),
) -> Evaluator:
    finish = partial(_finish, names=names, match=match, tops=tops)
    return Evaluator(name, f"top1_{match}", row, finish, SOURCE)


_STRUCTURE = {"no_answer": 1, "invalid": 2, "exact_match": 3}

SMOL_SMILES = _evaluator("smol smiles", _smiles_row, _STRUCTURE, "exact_match")
"""Forward synthesis, molecule generation, IUPAC to SMILES: equal sets of InChIs."""

SMOL_RETROSYNTHESIS = _evaluator(
    "smol retrosynthesis",
    _smiles_row,
    # The released code writes the count of the intersections under both names.
    {**_STRUCTURE, "subset": 4, "intersection": 4},
    "exact_match",
)
"""As `SMOL_SMILES`, and whether any reactant is among the gold's."""

SMOL_FORMULA = _evaluator(
    "smol formula",
    _formula_row,
    {"no_answer": 1, "ele_match": 3, "formula_invalid": 2},
    "ele_match",
    tops=(1,),
)
"""IUPAC or SMILES to formula: equal counts of the leading atoms."""

SMOL_IUPAC = _evaluator("smol iupac", _name_row, {"no_answer": 1, "split_match": 3}, "split_match")
"""SMILES to IUPAC: the same parts between semicolons, in any order, letter by letter."""
