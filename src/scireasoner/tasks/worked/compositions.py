"""Oxidation states that sum to zero."""

from __future__ import annotations

from itertools import product

from scireasoner.science import materials
from scireasoner.tasks.embedded.composition_rows import ANIONS, CATIONS, states
from scireasoner.types import Sample


def oxidation_states(sample: Sample) -> str | None:
    """State each element's usual oxidation state and the sum: ``Na +1, Cl -1: 1*1 - 1*1 = 0``."""
    found = materials.from_tokens(sample.example or "")
    if found is None:
        return None
    counts = found[0]
    if any(element not in CATIONS and element not in ANIONS for element in counts):
        return None
    for chosen in product(*(states(element) for element in counts)):
        if sum(n * q for n, q in zip(counts.values(), chosen, strict=True)) == 0:
            stated = ", ".join(f"{e} {q:+d}" for e, q in zip(counts, chosen, strict=True))
            return f"{stated}: {_terms(list(counts.values()), chosen)} = 0"
    return None


def _terms(counts: list[int], chosen: tuple[int, ...]) -> str:
    text = ""
    for count, charge in zip(counts, chosen, strict=True):
        sign = ("-" if charge < 0 else "") if not text else (" - " if charge < 0 else " + ")
        text += f"{sign}{count}*{abs(charge)}"
    return text
