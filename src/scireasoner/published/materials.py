"""Generated materials: format, SMACT validity, the elements asked for, novelty."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial

from scireasoner.published.base import Evaluator, Item, Row
from scireasoner.published.cleaning import ANCHOR, UPSTREAM, first
from scireasoner.published.rows import first_block, numbers, percent
from scireasoner.science.formulas import ELEMENTS
from scireasoner.science.materials import smact_valid

_SYMBOLS = r"([A-Z][a-z]?(?: [A-Z][a-z]?)*?)\s*"
_FORMAT = re.compile(rf"{_SYMBOLS}(?:<sg>\s*)?<sg\d+>")
_FORMAT_UNCONDITIONAL = re.compile(rf"{_SYMBOLS}[<⟨]sg[>⟩]\s*[<⟨]sg\d+[>⟩]")
_ELEMENT = re.compile(r"\b[A-Z][a-z]?\b")
_ASKED = re.compile(
    r"(?:composed of|that has|characterized by|with the composition|based on|featuring"
    r"|whose makeup is)\s+([^.。\n]*)",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^>]+>")

_HYDROGENS = frozenset(("H", "D", "T"))
_KNOWN = frozenset(ELEMENTS) | _HYDROGENS
_KNOWN_TO_SMACT = frozenset(ELEMENTS[:103]) | _HYDROGENS

_FORMATTED, _VALID, _HIT, _SAID, _GOLD = range(5)
"""What a row holds: format, SMACT, share of elements, digests of the answer and of the gold."""


def screened(counts: Mapping[str, int]) -> bool | None:
    """Return what ``smact_validity`` of smact 3.0.2 says by default, None where it raises.

    Any single symbol is valid that pymatgen does not refuse, invented ones included; together
    with others those raise. Isotopes of hydrogen are counted as one element, which changed none of
    the verdicts compared; more than 20 elements, or 999 atoms of one, are not valid.
    """
    if any(symbol not in _KNOWN and symbol[0] in _KNOWN for symbol in counts):
        return None
    if len(counts) == 1:
        return True
    if not _KNOWN_TO_SMACT.issuperset(counts):
        return None
    pooled: Counter[str] = Counter()
    for symbol, count in counts.items():
        pooled["H" if symbol in _HYDROGENS else symbol] += count
    return smact_valid(pooled)


def _judged(text: str, layout: re.Pattern[str]) -> tuple[int, int]:
    """Return whether the text has the format, and a composition that SMACT accepts."""
    found = layout.match(text)
    if found is None:
        return 0, 0
    verdict = screened(Counter(found[1].split()))
    return int(verdict is not None), int(verdict is True)


def asked_elements(question: str) -> list[str]:
    """Return the elements behind the first of seven phrases; without one, all short words."""
    found = _ASKED.search(question)
    if found is None:
        return _ELEMENT.findall(question)
    parts = re.split(r"[,\s]+", found[1])
    return [part for part in parts if re.fullmatch(r"[A-Z][a-z]?", part)]


def _without_tags(text: str) -> str:
    # Behind the last ">" there is no tag to seek.
    end = text.rfind(">") + 1
    return _TAG.sub(" ", text[:end]) + text[end:]


def _share(wanted: Sequence[str], found: Sequence[str]) -> float:
    """Return the share of the wanted elements that are found; 0 if none is wanted."""
    return len({*wanted} & {*found}) / len({*wanted}) if wanted else 0.0


def _material(text: str) -> str:
    return first_block(text, "material") or ""


def _digest(text: str) -> str | None:
    data = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=12).hexdigest() if text else None


def _composition_row(item: Item) -> Row:
    text = _material(first(item))
    found = _ELEMENT.findall(_without_tags(text))
    return (
        *_judged(text, _FORMAT),
        _share(asked_elements(item.question), found),
        # Tags within the block are sought once more.
        _digest(_material(text) or text),
        _digest(_material(item.gold)),
    )


def _modulus_row(item: Item) -> Row:
    text = _material(first(item))
    gold = _material(item.gold)
    return (
        *_judged(text, _FORMAT),
        _share(_ELEMENT.findall(gold), _ELEMENT.findall(text)),
        # The block is sought in the block, so that a match needs an empty gold.
        _digest(_material(text)),
        _digest(gold),
    )


def _plain_row(item: Item, layout: re.Pattern[str]) -> Row:
    # There are no golds, so that no element is asked for and nothing matches.
    return (*_judged(_material(first(item)), layout), 0.0, None, "")


def _validity(rows: Sequence[Row], sign: str) -> dict[str, float | None]:
    formatted, valid = sum(numbers(rows, _FORMATTED)), sum(numbers(rows, _VALID))
    return {
        "total_samples": float(len(rows)),
        "format_valid_count": formatted,
        "smact_valid_count": valid,
        f"smact_validity_ratio_in_format_valid{sign}": percent(valid, formatted),
        f"smact_validity_ratio_in_all{sign}": percent(valid, len(rows)),
    }


def _composition_finish(rows: Sequence[Row]) -> Mapping[str, float | None]:
    golds = {row[_GOLD] for row in rows}
    novel = sum(row[_SAID] is not None and row[_SAID] not in golds for row in rows)
    return {
        **_validity(rows, "_%"),
        "average_precision_%": percent(sum(numbers(rows, _HIT)), len(rows)),
        "novel_material_ratio_%": percent(novel, len(rows)),
    }


def _modulus_finish(rows: Sequence[Row]) -> Mapping[str, float | None]:
    same = sum(row[_SAID] == row[_GOLD] for row in rows)
    return {
        **_validity(rows, "_%"),
        "average_precision_%": percent(sum(numbers(rows, _HIT)), len(rows)),
        "exact_match_ratio_%": percent(same, len(rows)),
    }


MATERIAL_COMPOSITION = Evaluator(
    "material composition",
    "smact_validity_ratio_in_all_%",
    _composition_row,
    _composition_finish,
    f"{ANCHOR}/composition_material.py:15-60, 90-200",
)
"""From a composition: "precision" is the share of the elements asked for that are there, and a
novel material is one that is no gold of the same set."""

MATERIAL_MODULUS = Evaluator(
    "material bulk modulus",
    "smact_validity_ratio_in_all_%",
    _modulus_row,
    _modulus_finish,
    f"{ANCHOR}/bulk_modulus_material.py:43-148",
)
"""From a bulk modulus, which is never looked at."""

UNCONDITIONAL_MATERIAL = Evaluator(
    "unconditional material",
    "smact_validity_ratio_in_all_%",
    partial(_plain_row, layout=_FORMAT),
    _modulus_finish,
    f"{ANCHOR}/bulk_modulus_material.py:55-148",
)
"""Any material. The class of the bulk modulus has the same name, is imported later, and judges."""

UNCONDITIONAL_MATERIAL_UPSTREAM = Evaluator(
    "unconditional material upstream",
    "smact_validity_ratio_in_all",
    partial(_plain_row, layout=_FORMAT_UNCONDITIONAL),
    partial(_validity, sign=""),
    f"{UPSTREAM}/datasets/SciReasoner/uncond_material.py:33-67",
)
"""The class that was meant, which asks for ``<sg>`` and takes angle brackets as well."""
