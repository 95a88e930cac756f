"""A crystal in words: composition, lattice, symmetry, density, and what was measured.

Each fact has several sentences; which one is used, and in what order, follows from the record's id.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from scireasoner.corpus.notations import material
from scireasoner.corpus.wordings import draw
from scireasoner.science import materials
from scireasoner.science.crystals import Crystal

SYSTEMS = (
    (2, "triclinic"),
    (15, "monoclinic"),
    (74, "orthorhombic"),
    (142, "tetragonal"),
    (167, "trigonal"),
    (194, "hexagonal"),
    (230, "cubic"),
)
"""Last space-group number of each crystal system (International Tables A)."""

_NAMED: Sequence[str] = (
    "{formula}: {tokens}",
    "The material {tokens} has the formula {formula}.",
    "{formula} is written as {tokens}.",
    "{tokens} is {formula}.",
    "Material: {tokens} ({formula})",
    "Consider {formula}, {tokens}.",
)
_SENTENCES: Mapping[str, Sequence[str]] = MappingProxyType({
    "composition": (
        "It is made of {value}.",
        "The elements are {value}.",
        "Its cell holds {value}.",
        "Per unit cell there are {value}.",
        "Composition of the cell: {value}.",
    ),
    "symmetry": (
        "It crystallises in the space group {value}.",
        "Space group: {value}.",
        "The symmetry is that of space group {value}.",
        "The structure belongs to space group {value}.",
        "It has the space group {value}.",
    ),
    "system": (
        "The crystal system is {value}.",
        "It is {value}.",
        "The lattice is {value}.",
        "Crystal system: {value}.",
    ),
    "lattice": (
        "The lattice parameters are {value}.",
        "Cell: {value}.",
        "Its unit cell measures {value}.",
        "The cell has {value}.",
        "Lattice: {value}.",
    ),
    "volume": (
        "The cell volume is {value}.",
        "Volume: {value}.",
        "The unit cell takes up {value}.",
        "It fills a cell of {value}.",
    ),
    "density": (
        "The density is {value}.",
        "Density: {value}.",
        "It has a density of {value}.",
        "Its mass per volume is {value}.",
    ),
    "measured": (
        "The {name} is {value}.",
        "{name}: {value}.",
        "It has {name} {value}.",
        "Its {name} is {value}.",
        "For the {name}, {value} is given.",
    ),
})  # fmt: skip


def crystal_system(spacegroup: int) -> str:
    """Return the crystal system of a space group of 1 to 230."""
    return next(name for last, name in SYSTEMS if spacegroup <= last)


def crystal_prose(
    crystal: Crystal,
    key: str,
    *,
    formula: str = "",
    spacegroup: int | None = None,
    symbol: str = "",
    measured: Mapping[str, str] | None = None,
    seed: int = 0,
) -> str:
    """Return a crystal as tagged tokens and a few sentences.

    Parameters
    ----------
    crystal : its volume must be above 0.
    key : id of the record; with ``seed`` it chooses sentences and their order.
    formula : as it is to be written; the reduced formula by default.
    spacegroup, symbol : number and Hermann-Mauguin symbol where they are known.
    measured : property -> value with its unit.

    Raises
    ------
    InputError : if the formula is beyond what the material notation holds.
    """
    told = _cell(crystal) | _symmetry(spacegroup, symbol)
    return _told(crystal.counts, told, key, formula, spacegroup, measured, seed)


def composition_prose(
    counts: Mapping[str, int],
    key: str,
    *,
    formula: str = "",
    spacegroup: int | None = None,
    symbol: str = "",
    measured: Mapping[str, str] | None = None,
    seed: int = 0,
) -> str:
    """Return a material of which no structure is given; as :func:`crystal_prose` otherwise."""
    told = _symmetry(spacegroup, symbol)
    return _told(counts, told, key, formula, spacegroup, measured, seed)


def _told(
    counts: Mapping[str, int],
    told: Mapping[str, str],
    key: str,
    formula: str,
    spacegroup: int | None,
    measured: Mapping[str, str] | None,
    seed: int,
) -> str:
    lines = [(name, "", value) for name, value in told.items()]
    lines += [("measured", name, value) for name, value in (measured or {}).items()]
    random.Random(f"{seed}:{key}").shuffle(lines)
    named = _NAMED[draw("crystal", key, len(_NAMED), seed)]
    written = formula or _formula(materials.reduced(counts))
    first = named.format(formula=written, tokens=material(counts, spacegroup))
    return " ".join([first, *(_sentence(*line, key, seed) for line in lines)])


def _sentence(fact: str, name: str, value: str, key: str, seed: int) -> str:
    sentences = _SENTENCES[fact]
    text = sentences[draw(f"{fact}{name}", key, len(sentences), seed)].format(
        name=name, value=value
    )
    return text[0].upper() + text[1:]


def _symmetry(spacegroup: int | None, symbol: str) -> dict[str, str]:
    if spacegroup is None:
        return {"symmetry": symbol} if symbol else {}
    named = f"{symbol} (no. {spacegroup})" if symbol else f"number {spacegroup}"
    return {"symmetry": named, "system": crystal_system(spacegroup)}


def _cell(crystal: Crystal) -> dict[str, str]:
    counts = crystal.counts
    a, b, c = crystal.lengths
    alpha, beta, gamma = crystal.angles
    atoms = ", ".join(f"{n} {element}" for element, n in counts.items())
    return {
        "composition": atoms + (" atoms" if sum(counts.values()) > 1 else " atom"),
        "lattice": f"a = {a:.3f} Å, b = {b:.3f} Å, c = {c:.3f} Å, "
        f"α = {alpha:.2f}°, β = {beta:.2f}°, γ = {gamma:.2f}°",
        "volume": f"{crystal.volume:.2f} Å3",
        "density": f"{crystal.density:.3f} g/cm3",
    }


def _formula(counts: Mapping[str, int]) -> str:
    return "".join(f"{element}{n if n > 1 else ''}" for element, n in counts.items())
