"""Atoms on both sides: reaction equations, sums of formulas, and formulas of structures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial

from scireasoner.science import formulas, molecules, reactions, units
from scireasoner.science.claims.base import (
    ENTITY,
    FORMULA,
    ION,
    RAISED,
    Claim,
    Entity,
    Scene,
    atoms_of,
    no_element,
)

_TERM = (
    rf"(?:[0-9]{{1,4}}(?:/[0-9]{{1,2}})? ?\*? ?)?(?:{ENTITY}|{FORMULA})(?![A-Za-z0-9\ue001])"
    r"(?: ?\((?:s|l|g|aq)\)| ?[↑↓])?"
)
_SIDE = rf"(?>{_TERM})(?: [+-] (?>{_TERM})){{0,12}}+"
_EQUATION = re.compile(
    rf"(?<![A-Za-z0-9*/.°\ue001])({_SIDE})\s?(-{{1,2}}>|=>|>|=|\bgives\b|\bgive\b)\s?({_SIDE})"
)
_MORE = (" + ", " - ")
_GOES_ON = re.compile(rf"[+\-^\[({{{RAISED}⁺⁻]| [+-] (?=\S)")
_PART = re.compile(
    rf"(?:^| ([+-]) )(?:([0-9]{{1,4}})(?:/([0-9]{{1,2}}))? ?\*? ?)?({ENTITY}|{FORMULA})"
)
_HAS_FORMULA = re.compile(
    rf"({ENTITY})\s?(?:is|=|:|,|has|has the|of)?\s?"
    rf"(?:the |molecular |its |with )*(?:formula|composition)?\s?(?:is|=|:|of)?\s?"
    rf"({ENTITY}|{ION})(?![A-Za-z0-9\ue001*(\[]|[.][A-Z0-9])"
)
_FORMULA_IS = re.compile(
    rf"\b(?:(?<!mpirical )(?<!implest )(?<!eneral )formula|Total|[Ii]n all|[Aa]ltogether)"
    rf"(?: of (?:it|the molecule|{ENTITY}))?\s?"
    rf"(?:is|=|:|,)?\s?({ION})(?![A-Za-z0-9\[(*]|[.][A-Z0-9])"
)
_BARE = re.compile(
    rf"(?<!\S)([A-Za-z0-9@+\-\[\]()=#/\\.]{{2,80}}) is ({ION})(?![A-Za-z0-9*(\[]|[.][A-Z0-9])"
)
_SHARE = re.compile(
    r"(?<![A-Za-z0-9])([A-Z][a-z]?) ([0-9/ +-]{1,20}?(?: = [0-9]{1,4})?): "
    rf"([0-9]{{1,4}})(?:/([0-9]))? ({FORMULA})(?![A-Za-z0-9])"
)
_STRUCTURES = ("smiles", "formula", "material")

Counts = dict[str, Fraction]


def read(scene: Scene) -> Iterator[Claim]:
    """Yield equations and sums of formulas, then formulas of structures."""
    at = 0
    while (found := _EQUATION.search(scene.text, at)) is not None:
        # The right side may be the left one of the next step: a = b = c.
        at = max(found.start(3), found.start() + 1)
        yield from _equation(scene, found)
    for entity in scene.entities:
        if entity.kind == "equation":
            yield scene.claim(entity.start, entity.end, "balance", *_written(entity.text))
    yield from _formulas(scene)
    for found in _SHARE.finditer(scene.text):
        claim = _share(scene, found)
        if claim is not None:
            yield claim


def counts_of(entity: Entity) -> dict[str, int] | None:
    """Return the atoms of a tagged molecule, formula or composition."""
    if entity.kind == "smiles":
        return atoms_of(entity.text)
    if entity.kind in ("formula", "material"):
        found = formulas.parse(entity.text)
        if found is None and entity.kind == "material":
            from scireasoner.science import materials

            tokens = materials.from_tokens(entity.text)
            return tokens[0] if tokens else None
        return found
    return None


def _side(scene: Scene, start: int, text: str) -> tuple[Counts, bool, bool] | None:
    """Sum a side: the atoms, whether a coefficient was written, and whether a structure was."""
    total: Counts = {}
    coefficients = structures = False
    for part in _PART.finditer(text):
        sign, top, bottom, what = part.groups()
        entity = scene.at(start + part.start(4))
        counts = counts_of(entity) if entity else formulas.parse(what)
        if counts is None or (bottom and not int(bottom)):
            return None
        coefficients = coefficients or top is not None
        structures = structures or (entity is not None and entity.kind == "smiles")
        times = Fraction(int(top or 1), int(bottom or 1)) * (-1 if sign == "-" else 1)
        for element, count in counts.items():
            total[element] = total.get(element, Fraction(0)) + times * count
    return total, coefficients, structures


def _equation(scene: Scene, found: re.Match[str]) -> Iterator[Claim]:
    left = _side(scene, found.start(1), found.group(1))
    right = _side(scene, found.start(3), found.group(3))
    if left is None or right is None:
        odd = no_element(found.group()) if left or right else None
        if odd is not None and " " in found.group(1) + found.group(3):
            yield scene.claim(*found.span(), "balance", False, f"{odd} is no element")
        return
    before, after = scene.text[: found.start()].rstrip(" "), scene.text[found.end() :]
    if before[-1:] in ("+", "-") or _GOES_ON.match(after):
        return  # a term with a charge, or an electron, stands outside
    arrow = found.group(2) != "="
    terms = found.group(1).count(" ") + found.group(3).count(" ")
    if not terms or _quantities(found.group(1), found.group(3)):
        # One thing on each side is no sum: the formula of a structure, read below, or a conversion.
        return
    scene.take(*found.span())
    if not arrow and " " not in found.group(3).strip():
        scene.result = (found.end(), {e: int(n) for e, n in right[0].items()})
    difference = _difference(left[0], right[0])
    if not difference:
        yield scene.claim(*found.span(), "balance", True)
        return
    why = "right minus left: " + ", ".join(f"{e} {_short(n)}" for e, n in difference.items())
    # Who writes what else comes out means the atoms to balance; who adds reagents need not.
    whole = " " in found.group(3) and found.group(1).count(" ") <= 2
    left_out = arrow and (left[2] or right[2]) and not whole
    if left_out and all(n < 0 for n in difference.values()):
        yield scene.claim(*found.span(), "balance", None, f"something is left out ({why})")
    elif arrow and _mass_numbers(found.group(1)) == _mass_numbers(found.group(3)) > 0:
        yield scene.claim(*found.span(), "balance", None, "perhaps of nuclei")
    elif arrow and not (left[1] or right[1]):
        yield scene.claim(*found.span(), "balance", None, f"no coefficients ({why})")
    elif not re.search(rf"[0-9]|{ENTITY}", found.group()):
        # "H = U + PV" is of quantities.
        yield scene.claim(*found.span(), "balance", None, f"perhaps not of elements ({why})")
    else:
        yield scene.claim(*found.span(), "balance", False, why)


def _quantities(left: str, right: str) -> bool:
    """Whether two quantities in units that look like elements are compared: ``300 K = 27 C``."""
    one, other = (side.strip("0123456789. ") for side in (left, right))
    return one != other and units.convert(1.0, one, other) is not None


def _mass_numbers(side: str) -> int:
    """Sum what stands before the symbols if each is one atom: ``238U``; 0 if one is not."""
    terms = [re.fullmatch(r"([0-9]{1,3})([A-Z][a-z]?)", term) for term in re.split(" [+-] ", side)]
    atoms = [int(term[1]) for term in terms if term and term[2] in formulas.ELEMENTS]
    return sum(atoms) if len(atoms) == len(terms) else 0


def _difference(left: Mapping[str, Fraction], right: Mapping[str, Fraction]) -> Counts:
    keys = dict.fromkeys([*left, *right])
    found = {k: right.get(k, Fraction(0)) - left.get(k, Fraction(0)) for k in keys}
    return {key: value for key, value in found.items() if value}


def _short(value: Fraction) -> str:
    return f"{'+' if value > 0 else ''}{value}"


def _written(text: str) -> tuple[bool | None, str]:
    """Judge a tagged equation; without coefficients it may be the one that is to be balanced."""
    parsed = reactions.parse_equation(text)
    if parsed is None:
        return None, "not an equation of formulas"
    off = reactions.imbalance(parsed)
    if not off:
        return True, ""
    why = "right minus left: " + ", ".join(f"{e} {n:+d}" for e, n in off.items())
    plain = all(n == 1 for side in parsed for n in side.values())
    return (None if plain else False), why


def _formulas(scene: Scene) -> Iterator[Claim]:
    for found in _HAS_FORMULA.finditer(scene.text):
        first, second = scene.at(found.start(1)), scene.at(found.start(2))
        counts = counts_of(first) if first and first.kind == "smiles" else None
        others = _readings(second or found.group(2))
        if second is not None and second.kind not in ("formula", "smiles"):
            continue
        gap = found.group()[len(found.group(1)) : found.start(2) - found.start()].strip()
        if counts is None or not others or gap in ("", ",", "of") or scene.is_taken(found.end()):
            continue
        if scene.text[found.end() : found.end() + 3] in _MORE:
            continue
        if second is not None and second.kind == "smiles":
            yield _same(scene, found, first, second)
            continue
        yield scene.claim(*found.span(), "formula", *_equal(counts, *others))
    for found in _FORMULA_IS.finditer(scene.text):
        others = _readings(found.group(1))
        if not others or scene.is_taken(found.start(1)):
            continue
        if scene.text[found.end() : found.end() + 3] in _MORE:
            continue
        claim = scene.about(found, "formula", ("smiles",), partial(_of_smiles, others=others))
        if claim is None and scene.result is not None and scene.result[0] <= found.start():
            # No structure is known: at least it must be what the last sum came to.
            claim = scene.claim(*found.span(), "formula", *_equal(scene.result[1], *others))
        if claim is not None:
            yield claim
    for found in _BARE.finditer(scene.text):
        counts, others = atoms_of(found.group(1)), _readings(found.group(2))
        # "CO is ..." may be a formula itself; only letters of chains are taken for a SMILES then.
        chain = set(found.group(1)) <= set("CNOPSFI") or formulas.parse(found.group(1)) is None
        if found.group(1) == "CCC" and len(found.group(2)) == 1:
            continue  # a codon and its residue, proline
        if counts is not None and others and chain:
            yield scene.claim(*found.span(), "formula", *_equal(counts, *others))


def _readings(said: Entity | str) -> list[Mapping[str, int]]:
    """Return the atoms of a formula in each way in which it is written: ``Fe2+`` has two."""
    if not isinstance(said, str) and said.kind != "formula":
        known = counts_of(said)
        return [] if known is None else [known]
    text = said if isinstance(said, str) else said.text
    found = [formulas.parse(way) for way in (text, formulas.ion(text)) if way is not None]
    return [counts for counts in found if counts is not None]


def _same(scene: Scene, found: re.Match[str], first: Entity | None, second: Entity) -> Claim:
    one = molecules.canonical(first.text) if first else None
    two = molecules.canonical(second.text)
    if one is None or two is None:
        return scene.claim(*found.span(), "same molecule", None, "not two molecules")
    return scene.claim(*found.span(), "same molecule", one == two, "" if one == two else one)


def _of_smiles(smiles: str, others: Sequence[Mapping[str, int]]) -> tuple[bool | None, str]:
    counts = atoms_of(smiles)
    return (None, "no molecule") if counts is None else _equal(counts, *others)


def _equal(counts: Mapping[str, int], *others: Mapping[str, int]) -> tuple[bool | None, str]:
    own = {k: v for k, v in counts.items() if v}
    same = any(own == {k: v for k, v in other.items() if v} for other in others)
    return same, "" if same else f"it is {formulas.hill(counts)}"


def _share(scene: Scene, found: re.Match[str]) -> Claim | None:
    """``H 6: 3 H2O``: as many atoms of the element as that much of a species holds."""
    element, text, top, bottom, species = found.groups()
    counts = formulas.parse(species)
    if element not in formulas.ELEMENTS or counts is None or bottom == "0":
        return None
    numbers = re.findall(r"([+-]?) ?([0-9]{1,4})", text.partition(" = ")[0])
    if "/" in text or not numbers:
        return None
    atoms = sum(-int(n) if sign == "-" else int(n) for sign, n in numbers)
    needed = Fraction(int(top), int(bottom or 1)) * counts.get(element, 0)
    why = "" if needed == atoms else f"that much {species} holds {needed} {element}"
    return scene.claim(*found.span(), "atoms of a species", needed == atoms, why)
