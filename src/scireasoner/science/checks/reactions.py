"""Checks of reactions: equations in formulas, and reactions in SMILES."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import reduce
from math import gcd

from scireasoner.science import formulas, molecules, reactions
from scireasoner.science.checks.base import (
    Check,
    Found,
    Request,
    define,
    failed,
    passed,
    quoted,
    unknown,
)

_MASS = "conservation of mass"
_CHARGE = "conservation of charge"
_MAX_SPECIES = 20

_Side = dict[str, int]


def _total(side: Mapping[str, int]) -> _Side:
    total: _Side = {}
    for species, coefficient in side.items():
        for key, number in (reactions.atoms_of(species) or {}).items():
            total[key] = total.get(key, 0) + coefficient * number
    return total


def _atoms(smiles: str) -> _Side | None:
    """Count the atoms of molecules joined by dots; None if one of them is not valid."""
    total: _Side = {}
    parts = smiles.strip().split(".")
    if len(parts) > _MAX_SPECIES:
        return None
    for part in parts:
        counts = molecules.formula(part)
        if counts is None:
            return None
        for key, number in counts.items():
            total[key] = total.get(key, 0) + number
    return total


def _sides(text: str, agents: bool = False) -> tuple[_Side, _Side] | None:
    """Count both sides of an equation or of a reaction SMILES; None if it is neither.

    Agents, between the two ``>``, count on the left only if ``agents`` says so.
    """
    if text.count(">") == 2:
        left, middle, right = text.split(">")
        before = _atoms(f"{left}.{middle}" if agents and middle else left)
        after = _atoms(right)
        return None if before is None or after is None else (before, after)
    parsed = reactions.parse_equation(text)
    return None if parsed is None else (_total(parsed[0]), _total(parsed[1]))


def _malformed(text: str) -> Found:
    return failed(f"not a reaction equation: {quoted(text)}")


@define(
    "equation grammar",
    "equation",
    "two sides of formulas with whole coefficients, or a reaction SMILES",
    "IUPAC symbols",
    most=reactions.MAX_LENGTH,
)
def equation_grammar(text: str, request: Request) -> Found:
    """Read a reaction."""
    return _malformed(text) if _sides(text) is None else passed("the equation can be read")


@define(
    "element balance",
    "equation",
    "every element has as many atoms on both sides",
    _MASS,
    most=reactions.MAX_LENGTH,
)
def element_balance(text: str, request: Request) -> Found:
    """Compare the atoms of both sides."""
    sides = _sides(text)
    if sides is None:
        return _malformed(text)
    keys = sorted((sides[0].keys() | sides[1].keys()) - {formulas.CHARGE})
    excess = {key: sides[1].get(key, 0) - sides[0].get(key, 0) for key in keys}
    listed = ", ".join(f"{key} {number:+d}" for key, number in excess.items() if number)
    return failed(f"not balanced: {listed} (right minus left)") if listed else passed("balanced")


@define(
    "charge balance",
    "equation",
    "both sides have the same charge",
    _CHARGE,
    most=reactions.MAX_LENGTH,
)
def charge_balance(text: str, request: Request) -> Found:
    """Compare the charges of both sides."""
    sides = _sides(text)
    if sides is None:
        return _malformed(text)
    left, right = (side.get(formulas.CHARGE, 0) for side in sides)
    if left == right:
        return passed(f"the charge is {left:+d} on both sides" if left else "both sides neutral")
    return failed(f"the charge is {left:+d} on the left and {right:+d} on the right")


@define(
    "same species",
    "equation",
    "exactly the species of the question, on their sides",
    "the request",
    asks="equation",
    most=reactions.MAX_LENGTH,
)
def same_species(text: str, request: Request) -> Found:
    """Compare the species by their counts, whatever order their formulas are written in."""
    wanted = reactions.parse_equation(request.equation or "")
    if wanted is None:
        return unknown("not checked: the equation of the question cannot be read")
    came = reactions.parse_equation(text)
    if came is None:
        return _malformed(text)
    for where, ours, theirs in zip(("left", "right"), came, wanted, strict=True):
        have, want = _species(ours), _species(theirs)
        if have - want:
            return failed(f"{min(have - want)} on the {where} is not in the question")
        if want - have:
            return failed(f"{min(want - have)} is missing on the {where}")
    return passed("the species of the question")


def _species(side: Mapping[str, int]) -> set[str]:
    return {formulas.hill(formulas.parse(name) or {}) for name in side}


@define(
    "smallest coefficients",
    "equation",
    "the coefficients have no common divisor",
    "convention",
    most=reactions.MAX_LENGTH,
)
def smallest_coefficients(text: str, request: Request) -> Found:
    """Look for a common divisor."""
    if text.count(">") == 2:
        return unknown("not checked: a reaction SMILES has no coefficients")
    parsed = reactions.parse_equation(text)
    if parsed is None:
        return _malformed(text)
    divisor = reduce(gcd, (number for side in parsed for number in side.values()))
    if divisor > 1:
        return failed(f"every coefficient can be divided by {divisor}")
    return passed("the coefficients are the smallest whole ones")


@define(
    "no element created",
    "equation smiles",
    "the products have only elements of the reactants (by-products may be left out)",
    _MASS,
    most=molecules.MAX_LENGTH,
)
def no_element_created(text: str, request: Request) -> Found:
    """Look for elements of the product that nothing brings: a reaction, or a product alone."""
    if ">" in text or " " in text:
        sides = _sides(text, agents=True)
        if sides is None:
            return _malformed(text)
        before, after = sides
    elif request.reactants is None:
        return unknown("not checked: the request gives no reactants")
    else:
        known, made = _atoms(request.reactants), _atoms(text)
        if known is None:
            return unknown("not checked: the reactants are not all valid SMILES")
        if made is None:
            return failed(f"the product is not valid SMILES: {quoted(text)}")
        before, after = known, made
    created = sorted(after.keys() - before.keys() - {formulas.CHARGE})
    if created:
        return failed(f"the product has {', '.join(created)}, which no reactant has")
    return passed("every element of the product comes from a reactant")


@define(
    "reagents and multiplicity",
    "smiles",
    "exactly the wanted molecules, each as often as it is wanted",
    "canonical SMILES of RDKit, doi:10.5281/zenodo.591637",
    asks="molecules",
    most=molecules.MAX_LENGTH,
)
def reagents(text: str, request: Request) -> Found:
    """Compare two sets of molecules, counting repetitions."""
    wanted = _set(request.molecules or "")
    if wanted is None:
        return unknown("not checked: the wanted molecules are not all valid SMILES")
    came = _set(text)
    if came is None:
        return failed("the molecules are not all valid SMILES")
    if came == wanted:
        return passed(f"the wanted molecules, {wanted.total()} in all")
    missing, extra = sorted((wanted - came).elements()), sorted((came - wanted).elements())
    parts = [
        f"{word}: {', '.join(quoted(name) for name in names[:3])}"
        for word, names in (("missing", missing), ("not wanted", extra))
        if names
    ]
    return failed("; ".join(parts))


def _set(smiles: str) -> Counter[str] | None:
    parts = [molecules.canonical(part) for part in smiles.strip().split(".")]
    if len(parts) > _MAX_SPECIES or not all(parts):
        return None
    return Counter(part for part in parts if part)


CHECKS: tuple[Check, ...] = (
    equation_grammar,
    element_balance,
    charge_balance,
    same_species,
    smallest_coefficients,
    no_element_created,
    reagents,
)
