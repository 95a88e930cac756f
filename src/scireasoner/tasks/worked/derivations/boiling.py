"""The normal boiling point by Joback's groups (doi:10.1080/00986448708960487)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from scireasoner.science import molecules
from scireasoner.tasks.worked.derivations.base import Derivation, Derived, Voice, shown

JOBACK_ERROR = "a mean error of 12.9 K over 438 compounds"
# group -> (SMARTS of its atoms, the first its centre; K), the most special first.
_GROUPS: tuple[tuple[str, str, str], ...] = (
    ("COOH", "[CX3](=[OX1])[OX2H1]", "169.09"),
    ("COO", "[CX3;!R](=[OX1])[OX2;!R]", "81.10"),
    ("NO2", "[N+](=O)[O-]", "152.54"),
    ("CN", "[CX2]#[NX1]", "125.66"),
    ("CHO", "[CX3H1]=[OX1]", "72.24"),
    ("ring CO", "[CX3;R]=[OX1]", "94.97"),
    ("CO", "[CX3;!R]=[OX1]", "76.75"),
    ("phenol OH", "[OX2H1;$(O-c)]", "76.34"),
    ("OH", "[OX2H1]", "92.88"),
    ("ring O", "[OX2,oX2;R]", "31.22"),
    ("O", "[OX2;!R]", "22.42"),
    ("NH2", "[NX3H2]", "73.23"),
    ("ring NH", "[NX3H1,nX3H1;R]", "52.82"),
    ("NH", "[NX3H1;!R]", "50.17"),
    ("N", "[NX3H0;!R]", "11.74"),
    ("ring N=", "[NX2,nX2;R]", "57.55"),
    ("SH", "[SX2H1]", "63.56"),
    ("ring S", "[SX2,sX2;R]", "52.10"),
    ("S", "[SX2;!R]", "68.78"),
    ("F", "[F]", "-0.03"),
    ("Cl", "[Cl]", "38.13"),
    ("Br", "[Br]", "66.86"),
    ("I", "[I]", "93.84"),
    ("CH3", "[CX4H3]", "23.58"),
    ("ring CH2", "[CX4H2;R]", "27.15"),
    ("CH2", "[CX4H2;!R]", "22.88"),
    ("ring CH", "[CX4H1;R]", "21.78"),
    ("CH", "[CX4H1;!R]", "21.74"),
    ("ring C", "[CX4H0;R]", "21.32"),
    ("C", "[CX4H0;!R]", "18.25"),
    ("ring =CH", "[cH1,$([CX3H1;R]=[C;R])]", "26.73"),
    ("ring =C", "[cH0,$([CX3H0;R]=[C;R])]", "31.01"),
    ("=CH2", "[CX3H2]=C", "18.18"),
    ("=CH", "[CX3H1;!R]=C", "24.96"),
    ("=C", "[CX3H0;!R]=C", "24.14"),
    ("#CH", "[CX2H1]#C", "9.20"),
    ("#C", "[CX2H0]#C", "27.38"),
)
_ONE_ATOM = frozenset({"=CH2", "=CH", "=C", "#CH", "#C"})
"""Groups whose pattern names a neighbour that is a group of its own."""


@cache
def _compiled() -> tuple[tuple[str, Any, Decimal], ...]:
    from rdkit import Chem

    return tuple((name, Chem.MolFromSmarts(smarts), Decimal(k)) for name, smarts, k in _GROUPS)


def groups_of(smiles: str) -> dict[str, int] | None:
    """Count Joback's groups; None where an atom belongs to none of them."""
    counts = molecules.formula(smiles)
    if counts is None or "." in smiles:
        return None
    from rdkit import Chem

    mol = Chem.MolFromSmiles(smiles.strip())
    left = {atom.GetIdx() for atom in mol.GetAtoms()}
    found: dict[str, int] = {}
    for name, pattern, _ in _compiled():
        for match in mol.GetSubstructMatches(pattern):
            atoms = set(match[:1]) if name in _ONE_ATOM else set(match)
            if atoms <= left:
                left -= atoms
                found[name] = found.get(name, 0) + 1
    return found if found and not left else None


def boiling(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Add Joback's increments."""
    groups = groups_of(inputs["smiles"])
    if groups is None:
        return None
    values = {name: k for name, _, k in _compiled()}
    order = voice.order(groups)
    steps = [f"group {name}: {groups[name]} * {values[name]} = {groups[name] * values[name]}"
             for name in order]  # fmt: skip
    parts = [groups[name] * values[name] for name in order]
    total = Decimal("198.2") + sum(parts, Decimal(0))
    terms = " + ".join(["198.2", *(str(part) for part in parts)]).replace("+ -", "- ")
    celsius = total - Decimal("273.15")
    head = voice.say("Joback's groups and their increments in K.", "Sum Joback's increments.",
                     "Boiling point by groups (Joback).", "Each group adds its share.")  # fmt: skip
    end = voice.say("Estimate", "Boiling point", "In kelvin", "Sum")
    error = voice.say(f"Stated error: {JOBACK_ERROR}.", f"The method has {JOBACK_ERROR}.")
    text = (
        f"{head} {'; '.join(steps)}. {end}: {terms} = {total} K. {total} - 273.15 = {celsius}. "
        f"{error}"
    )
    return Derived(text, shown(celsius, 1))


DERIVATIONS = (
    Derivation(
        "boiling point by Joback",
        ("smiles",),
        "198.2 K and an increment for every group",
        "doi:10.1080/00986448708960487",
        boiling,
        JOBACK_ERROR,
    ),
)
