"""Requested elements, and charge-neutral compositions of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import combinations, product
from random import Random

from scireasoner.science import materials
from scireasoner.tasks.embedded.compounds import Tables
from scireasoner.tasks.rows import Caps, Row

MAX_ATOMS = 11
# The usual states of common elements; every composition is checked again against the ICSD states
# that the answer kind uses.
CATIONS: Mapping[str, tuple[int, ...]] = {
    "Li": (1,), "Na": (1,), "K": (1,), "Rb": (1,), "Cs": (1,), "Cu": (1, 2), "Ag": (1,),
    "Mg": (2,), "Ca": (2,), "Sr": (2,), "Ba": (2,), "Zn": (2,), "Cd": (2,), "Mn": (2, 3, 4),
    "Fe": (2, 3), "Co": (2, 3), "Ni": (2,), "Pb": (2, 4), "Sn": (2, 4), "Al": (3,), "Ga": (3,),
    "In": (3,), "Sc": (3,), "Y": (3,), "La": (3,), "Ce": (3, 4), "Cr": (3,), "Bi": (3,),
    "Ti": (4, 3), "Zr": (4,), "Hf": (4,), "V": (5, 4, 3), "Nb": (5,), "Ta": (5,), "Mo": (6, 4),
    "W": (6,), "Si": (4,), "Ge": (4,), "B": (3,), "P": (5,),
}  # fmt: skip
ANIONS: Mapping[str, int] = {
    "O": -2, "F": -1, "Cl": -1, "Br": -1, "I": -1, "S": -2, "Se": -2, "Te": -2, "N": -3,
}  # fmt: skip


def composition(tables: Tables, rng: Random, caps: Caps) -> Iterator[Row]:
    """Yield two- and three-element requests with their smallest neutral composition.

    Requests that are a right answer themselves (Na Cl) are left out: repeating must not pay.
    """
    for elements in _requests():
        once = dict.fromkeys(elements, 1)
        if materials.charge_neutral(once) and materials.smact_valid(once):
            continue
        counts = smallest(elements)
        if counts is not None:
            asked = " ".join(elements)
            entity = " ".join(sorted(elements))
            yield Row({"elements": asked}, asked, (entity,), materials.to_tokens(counts))


def _requests() -> Iterator[tuple[str, ...]]:
    for anion in ANIONS:
        for cation in CATIONS:
            yield cation, anion
        for pair in combinations(CATIONS, 2):
            yield *pair, anion
    for cation in CATIONS:
        for others in combinations(ANIONS, 2):
            yield cation, *others


def states(element: str) -> tuple[int, ...]:
    """Return the usual oxidation states of an element of these tables, usual first."""
    return CATIONS[element] if element in CATIONS else (ANIONS[element],)


def smallest(elements: tuple[str, ...]) -> dict[str, int] | None:
    """Return the neutral composition with the fewest atoms that SMACT also accepts."""
    for chosen in product(*(states(element) for element in elements)):
        for counts in _multiplicities(len(elements)):
            if sum(n * q for n, q in zip(counts, chosen, strict=True)) == 0:
                found = dict(zip(elements, counts, strict=True))
                if materials.smact_valid(found):
                    return found
    return None


@cache
def _multiplicities(kinds: int) -> tuple[tuple[int, ...], ...]:
    """Return all counts of ``kinds`` elements with at most MAX_ATOMS atoms, fewest first."""
    every = product(range(1, MAX_ATOMS), repeat=kinds)
    return tuple(sorted((c for c in every if sum(c) <= MAX_ATOMS), key=lambda c: (sum(c), c)))
