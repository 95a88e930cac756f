"""USPTO-50K: reactants by canonical SMILES, ranked over the beams that can be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial

from scireasoner.published.base import Evaluator, Item, Row
from scireasoner.published.cleaning import ANCHOR, without_thoughts
from scireasoner.published.rows import last_block, numbers, percent, within
from scireasoner.published.structures import shared, unmapped

_REPORTED = (1, 3, 5, 10)
_INVALID, _MATCH, _LARGEST, _BEAMS = range(4)
"""What a row holds: beam 1 invalid, ranks of the match and of the largest fragment's, beams."""


def _read(text: str) -> str:
    return last_block(without_thoughts(text), "<SMILES>", "</SMILES>").strip()


@lru_cache(maxsize=8_192)
def _forms(smiles: str) -> tuple[str, str]:
    """Return the canonical text and that of the first of its largest fragments."""
    whole = unmapped(smiles)
    if "." not in whole:
        return whole, whole
    sizes = [(part, shared(part)) for part in whole.split(".")]
    known = [(part, mol.GetNumAtoms()) for part, mol in sizes if mol is not None]
    return whole, unmapped(max(known, key=lambda item: item[1])[0]) if known else ""


def _row(item: Item, beams: int) -> Row:
    gold = _forms(_read(item.gold))
    answers = [_forms(_read(text)) for text in item.predictions]
    if not gold[0]:
        # Such a gold stays in the denominators, and its beams are not looked at.
        return (0, None, None, len(answers))
    last: dict[tuple[str, str], int] = {}
    for place, form in enumerate(answers):
        if form[0]:
            # A repeated answer keeps the rank of its last beam.
            last[form] = place
    ranked = sorted(last, key=lambda form: last[form])
    whole = [form[0] == gold[0] for form in ranked]
    largest = [bool(form[1]) and form[1] == gold[1] for form in ranked]
    return (
        int(not answers or not answers[0][0]),
        whole.index(True) + 1 if any(whole) else None,
        largest.index(True) + 1 if any(largest) else None,
        len(answers),
    )


def _finish(rows: Sequence[Row], beams: int) -> Mapping[str, float | None]:
    tops = [k for k in _REPORTED if k <= beams]
    if not rows or any(row[_BEAMS] != beams for row in rows):
        return {f"Top-{k} Accuracy": None for k in tops}
    found: dict[str, float | None] = {}
    for k in tops:
        found[f"Top-{k} Accuracy"] = percent(within(rows, _MATCH, k), len(rows))
        found[f"Top-{k} MaxFrag Accuracy"] = percent(within(rows, _LARGEST, k), len(rows))
    found["Invalid SMILES Rate (at beam 1)"] = percent(sum(numbers(rows, _INVALID)), len(rows))
    return found


def uspto50k(beams: int = 3) -> Evaluator:
    """Return the evaluator of so many answers an item; with fewer or more it gives nothing.

    Top-1 is the first readable beam. The paper prints the numbers as shares.
    """
    return Evaluator(
        "uspto50k" if beams == 3 else f"uspto50k beams {beams}",
        "Top-1 Accuracy",
        partial(_row, beams=beams),
        partial(_finish, beams=beams),
        f"{ANCHOR}/LLM4Chem/retrosynthesis_evaluator.py:48-345",
    )


USPTO50K = uspto50k()
"""Three beams, as the paper."""

USPTO50K_UPSTREAM = uspto50k(beams=1)
"""One answer, as the later merge asks for."""
