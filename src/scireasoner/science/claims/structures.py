"""Secondary structures: balanced brackets, pairs by position, energies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from scireasoner.science import nucleotides
from scireasoner.science.claims.base import COUNT, Claim, Scene, number_of

_PAIR = re.compile(r"(?<![\w.-])([0-9]{1,4})-([0-9]{1,4}) ([ACGU])([ACGU])\b")
_PAIRS = re.compile(rf"(?<![\w.])({COUNT}) (?:base )?pairs?\b")
_LENGTH = re.compile(r"\blength ([0-9]{1,5})\b")
_GOOD = frozenset({"AU", "UA", "GC", "CG", "GU", "UG"})


def read(scene: Scene) -> Iterator[Claim]:
    """Yield what is said about dot-bracket structures."""
    for entity in scene.entities:
        if entity.kind == "structure":
            holds = nucleotides.pairs(entity.text) is not None
            why = "" if holds else "the brackets do not balance"
            yield scene.claim(entity.start, entity.end, "bracket balance", holds, why)
    known = {e.text for e in scene.candidates(0, "structure")}
    if not known:
        return
    for found in _PAIR.finditer(scene.text):
        yield _pair(scene, found)
    for found in _PAIRS.finditer(scene.text):
        stated = number_of(found.group(1))

        def test(text: str, stated: int = stated) -> tuple[bool | None, str]:
            pairs = nucleotides.pairs(text)
            if pairs is None:
                return None, "no structure"
            return len(pairs) == stated, f"it has {len(pairs)} pairs"

        claim = scene.about(found, "pairs", ("structure",), test)
        if claim is not None:
            yield claim
    for found in _LENGTH.finditer(scene.text):
        lengths = {len(text) for text in known}
        holds = int(found.group(1)) in lengths
        why = "" if holds else f"it is {min(lengths)}"
        yield scene.claim(*found.span(), "length", holds, why)


def _pair(scene: Scene, found: re.Match[str]) -> Claim:
    """``2-6 CG``: the positions pair in the structure, with these bases of the RNA."""
    first, second = int(found.group(1)), int(found.group(2))
    bases = found.group(3) + found.group(4)
    if bases not in _GOOD:
        return scene.claim(*found.span(), "pair", False, f"{bases} do not pair")
    folds = [nucleotides.pairs(e.text) for e in scene.candidates(found.start(), "structure")]
    if not any((first - 1, second - 1) in pairs for pairs in folds if pairs is not None):
        return scene.claim(*found.span(), "pair", False, "these positions do not pair")
    for entity in scene.candidates(found.start(), "rna")[:1]:
        rna = nucleotides.clean_rna(entity.text)
        if rna is None or not 0 < first <= second <= len(rna):
            return scene.claim(*found.span(), "pair", None, "no such positions")
        there = rna[first - 1] + rna[second - 1]
        return scene.claim(*found.span(), "pair", there == bases, f"there stand {there}")
    return scene.claim(*found.span(), "pair", True)


@lru_cache(maxsize=1_024)
def energy(rna: str, structure: str) -> float | None:
    """Return the energy of a structure of an RNA in kcal/mol; None where it cannot be had."""
    sequence = nucleotides.clean_rna(rna)
    if sequence is None or len(sequence) != len(structure) or len(sequence) > 500:
        return None
    if nucleotides.pairs(structure) is None:
        return None
    try:
        import RNA as vienna  # noqa: N811 (the package is named RNA, as our alphabet is)
    except ImportError:
        return None
    return float(vienna.fold_compound(sequence).eval_structure(structure))
