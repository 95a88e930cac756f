"""Masses and formulas that grow piece by piece; what is quoted keeps the tokens of its notation."""

from __future__ import annotations

from collections.abc import Iterable

from scireasoner.notation.tags import NOTATIONS
from scireasoner.science import formulas, masses
from scireasoner.types import Sample


def weigh_formula(sample: Sample) -> str | None:
    """Add up a formula element by element: ``C2 +24: 24, H6 +6: 30, O +16: 46``, in tags."""
    counts = formulas.parse(sample.inputs["formula"])
    if not counts or formulas.CHARGE in counts:
        return None
    pieces = ((formulas.hill({e: n}), masses.nominal({e: n})) for e, n in counts.items())
    return _weighed((NOTATIONS["formula"].wrap(piece), mass) for piece, mass in pieces)


def weigh_peptide(sample: Sample) -> str | None:
    """Add up a water and the residues: ``H2O +18: 18, G +57: 75``, in tags."""
    water = NOTATIONS["formula"].wrap(formulas.hill(masses.WATER)), masses.nominal(masses.WATER)
    residues = (
        (NOTATIONS["protein"].wrap(letter), masses.nominal(masses.residue(letter)))
        for letter in sample.inputs["protein"]
    )
    return _weighed([water, *residues])


def _weighed(pieces: Iterable[tuple[str, int]]) -> str:
    total, steps = 0, []
    for piece, mass in pieces:
        total += mass
        steps.append(f"{piece} +{mass}: {total}")
    return ", ".join(steps)


def grow_peptide(sample: Sample) -> str | None:
    """Write each residue with the formula of the chain so far: ``G C2H5NO2, A C5H10N2O3``."""
    total, steps = dict(masses.WATER), []
    for letter in sample.inputs["protein"]:
        total = masses.add(total, masses.residue(letter))
        formula = NOTATIONS["formula"].wrap(formulas.hill(total))
        steps.append(f"{NOTATIONS['protein'].wrap(letter)} {formula}")
    return ", ".join(steps)
