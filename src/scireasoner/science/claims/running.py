"""Counts that run along: atoms of a SMILES, charges of a peptide, energies of loops."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scireasoner.science import formulas
from scireasoner.science.claims.base import NUMBER, Claim, Scene, atoms_of

_STEP = r"[A-Z][a-z]?(?:H[0-9]{0,2})? [A-Z][a-z]?[0-9]{1,3}(?: H[0-9]{1,3})?"
_WALK = re.compile(
    rf"(?<![A-Za-z])({_STEP}(?:, {_STEP}){{0,80}})(?:\. Total ((?:[A-Z][a-z]?[0-9]+ ?)+))?"
)
_ONE = re.compile(r"([A-Z][a-z]?)(?:H([0-9]{0,2}))? ([A-Z][a-z]?)([0-9]{1,3})(?: H([0-9]{1,3}))?")
_PAIR = re.compile(r"([A-Z][a-z]?)([0-9]+)")
_CHARGES = re.compile(
    r"net ([0-9])((?:, [KRDE] [+-]?[0-9]{1,3}){1,400})(?:: (not above|above) ([0-9]))?"
)
_CHARGE = re.compile(r"([KRDE]) ([+-]?[0-9]{1,3})")
_SIGNS = {"K": 1, "R": 1, "D": -1, "E": -1}
_ITEM = rf"[A-Za-z][A-Za-z0-9 ]{{0,30}}? ({NUMBER}) = ({NUMBER})"
_SUM = re.compile(rf"(?:ends|start|starts at|from) ({NUMBER})((?:, {_ITEM}){{1,400}})")
_ITEMS = re.compile(_ITEM)
_ROUNDED = 0.11  # each number of a step is rounded to one decimal on its own


def read(scene: Scene) -> Iterator[Claim]:
    """Yield each step of a running count, and its end."""
    for found in _WALK.finditer(scene.text):
        yield from _walk(scene, found)
    for found in _CHARGES.finditer(scene.text):
        yield from _charges(scene, found)
    for found in _SUM.finditer(scene.text):
        yield from _sums(scene, found)


def _walk(scene: Scene, found: re.Match[str]) -> Iterator[Claim]:
    steps = list(_ONE.finditer(found.group(1)))
    if any(s.group(1) not in formulas.ELEMENTS for s in steps):
        return
    if len(steps) < 2 and found.group(2) is None:
        return
    scene.take(*found.span())
    counts: dict[str, int] = {}
    for step in steps:
        element, hydrogens, counted, number, all_hydrogens = step.groups()
        counts[element] = counts.get(element, 0) + 1
        if hydrogens is not None:
            counts["H"] = counts.get("H", 0) + int(hydrogens or 1)
        stated = {counted: int(number)}
        if all_hydrogens is not None:
            stated["H"] = int(all_hydrogens)
        holds = element == counted and all(counts.get(e) == n for e, n in stated.items())
        if (hydrogens is None) != (all_hydrogens is None) and element != "H":
            holds = False
        start = found.start() + step.start()
        why = "" if holds else f"{element} {counts[element]}, H {counts.get('H', 0)} by now"
        yield scene.claim(start, start + len(step.group()), "running count", holds, why)
        counts.update(stated)
    if found.group(2) is not None:
        total = {e: int(n) for e, n in _PAIR.findall(found.group(2))}
        yield _total(scene, found, counts, total)


def _total(
    scene: Scene, found: re.Match[str], counts: dict[str, int], total: dict[str, int]
) -> Claim:
    span = (found.start(2), found.end(2))
    if counts != total:
        return scene.claim(*span, "total", False, f"the steps give {formulas.hill(counts)}")
    # The atoms are those of the nearest molecule, if there is one.
    for entity in scene.candidates(found.start(), "smiles")[:1]:
        known = atoms_of(entity.text)
        if known is not None:
            known = {e: n for e, n in known.items() if e != formulas.CHARGE}
            why = "" if known == total else f"the molecule is {formulas.hill(known)}"
            return scene.claim(*span, "total", known == total, why)
    return scene.claim(*span, "total", True)


def _charges(scene: Scene, found: re.Match[str]) -> Iterator[Claim]:
    scene.take(*found.span())
    total = 0
    residues = ""
    if found.group(1) != "0":
        yield scene.claim(*found.span(1), "running charge", False, "a sum starts from 0")
    for step in _CHARGE.finditer(found.group(2)):
        total += _SIGNS[step.group(1)]
        residues += step.group(1)
        stated = int(step.group(2))
        start = found.start(2) + step.start()
        why = "" if stated == total else f"it is {total:+d}"
        span = (start, start + len(step.group()))
        yield scene.claim(*span, "running charge", stated == total, why)
        total = stated
    for entity in scene.candidates(found.start(), "protein")[:1]:
        known = "".join(r for r in entity.text.upper() if r in _SIGNS)
        holds = known == residues
        why = "" if holds else f"the charged residues are {known[:60]}"
        yield scene.claim(*found.span(2), "charged residues", holds, why)
    if found.group(3) is not None:
        holds = (found.group(3) == "above") == (total > int(found.group(4)))
        why = "" if holds else f"the sum is {total:+d}"
        yield scene.claim(
            found.start(3), found.end(4), "sign", holds and found.group(4) == "0", why
        )


def _sums(scene: Scene, found: re.Match[str]) -> Iterator[Claim]:
    scene.take(*found.span())
    total = float(found.group(1))
    for step in _ITEMS.finditer(found.group(2)):
        value, stated = float(step.group(1)), float(step.group(2))
        holds = abs(total + value - stated) < _ROUNDED
        start = found.start(2) + step.start()
        why = "" if holds else f"the sum is {total + value:.1f}"
        yield scene.claim(start, start + len(step.group()), "running sum", holds, why)
        total = stated
    yield from _energy(scene, found, total)


def _energy(scene: Scene, found: re.Match[str], total: float) -> Iterator[Claim]:
    """Compare the last sum with the energy of the structure, where RNA and structure are known."""
    rna = scene.candidates(found.start(), "rna")
    folds = scene.candidates(found.start(), "structure")
    if not rna or not folds:
        return
    from scireasoner.science.claims.structures import energy

    known = energy(rna[0].text, folds[0].text)
    if known is None:
        return
    holds = abs(known - total) < _ROUNDED / 2
    why = "" if holds else f"the structure has {known:.1f} kcal/mol"
    yield scene.claim(found.end() - 1, found.end(), "folding energy", holds, why)
