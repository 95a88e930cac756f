"""Mol-Instructions, molecules: structures through SELFIES, orbital energies as numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from types import ModuleType

from scireasoner.errors import MissingTool
from scireasoner.published.base import Evaluator, Item, Row
from scireasoner.published.cleaning import (
    ANCHOR,
    answer_only,
    enclosed,
    first,
    mean,
    without_stops,
)
from scireasoner.published.rows import complete, failed, numbers
from scireasoner.published.structures import flat, likeness, same_inchi, shared
from scireasoner.science.overlap import bleu_counts, corpus_bleu

INSTALL = "pip install selfies==2.2.0"
SCALE = 1_000
"""The released mean error is in thousandths of a Hartree."""

_SPACED = re.compile(r"(?<=\d) +(?=\d)|(?<=\.) +(?=\d)")
_NUMBER = re.compile(r"[-+]?\d*\.\d+|\d+")
_VALID, _LIKE, _SAME, _DISTANCE, _BLEU = 0, 1, 4, 5, 6
"""What a row holds: validity, three similarities, match, distance, the counts of BLEU."""


@cache
def _selfies() -> ModuleType:
    try:
        import selfies
    except ImportError:
        raise MissingTool("selfies", "the released BLEU of molecules", INSTALL) from None
    module: ModuleType = selfies
    return module


def _lacking() -> str | None:
    try:
        _selfies()
    except MissingTool as error:
        return str(error)
    return None


@lru_cache(maxsize=8_192)
def _encoded(smiles: str) -> str | None:
    """Return the SELFIES (arXiv 1905.13741), None where there are none."""
    selfies = _selfies()
    try:
        return str(selfies.encoder(smiles))
    except (selfies.EncoderError, LookupError, ValueError, RecursionError):
        return None


def _clean(text: str) -> str:
    return answer_only(without_stops(text))


def _read(text: str) -> str | None:
    """Return the canonical SMILES of the first block on one line, without stereo."""
    found = next(enclosed(_clean(text), "<SMILES>", "</SMILES>"), None)
    return None if found is None else flat(found.strip())


def _row(item: Item) -> Row:
    said, gold = _read(first(item)), _read(item.gold)
    if said is None:
        return (0,)
    if gold is None:
        return failed("the gold cannot be read: a debugger opens")
    valid = shared(said) is not None
    if valid and shared(gold) is None:
        return failed("the gold cannot be read again")
    like = likeness(gold, said) if valid else (None, None, None)
    said_code, gold_code = _encoded(said), _encoded(gold)
    if said_code is None or gold_code is None:
        return (int(valid), *like)
    from rapidfuzz.distance import Levenshtein

    return (
        int(valid),
        *like,
        int(said == gold or (valid and same_inchi(said, gold))),
        int(Levenshtein.distance(said, gold)),
        *bleu_counts(said_code, gold_code),
    )


def _finish(rows: Sequence[Row]) -> Mapping[str, float | None]:
    encoded = [row for row in rows if len(row) > _BLEU]
    if not complete(rows) or not encoded:
        # With nothing to count, the released code stops at the share of matches.
        return {"exact_match_score": None}
    columns = range(_BLEU, len(encoded[0]))
    like = [mean(numbers([row for row in rows if len(row) > 1], _LIKE + i)) for i in range(3)]
    return {
        "exact_match_score": mean(numbers(encoded, _SAME)),
        "bleu_self_scores": corpus_bleu([sum(numbers(encoded, column)) for column in columns]),
        "levenshtein_score_smi": mean(numbers(encoded, _DISTANCE)),
        "rdk_sims_score": like[1],
        "maccs_sims_score": like[0],
        "morgan_sims_score": like[2],
        "validity_score": mean(numbers(rows, _VALID)),
    }


MOLINST_SMILES = Evaluator(
    "molinst smiles",
    "exact_match_score",
    _row,
    _finish,
    f"{ANCHOR}/Mol_Instructions/molecule.py:70-112, 129-270",
    _lacking,
)
"""Design, forward reaction, retrosynthesis, reagents.

Everything but the validity is over the answers that RDKit, or SELFIES, can read.
"""


def _energy(text: str) -> float:
    """Return the first number; 0 without one. The sign of a whole number is lost."""
    found = _NUMBER.search(_SPACED.sub("", _clean(text)))
    return float(found[0]) if found else 0.0


def _energy_row(item: Item) -> Row:
    return (abs(_energy(first(item)) - _energy(item.gold)),)


def _energy_finish(rows: Sequence[Row]) -> Mapping[str, float | None]:
    error = mean(numbers(rows, 0))
    return {"mae": None if error is None else error * SCALE}


MOLINST_ENERGY = Evaluator(
    "molinst orbital energy",
    "mae",
    _energy_row,
    _energy_finish,
    f"{ANCHOR}/Mol_Instructions/molecule.py:82-91, 123-127",
)
"""Mean absolute error in mHartree; no number in an answer means 0."""
