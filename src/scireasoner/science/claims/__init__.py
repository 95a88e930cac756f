"""What a text claims and what of it holds: arithmetic, molecules, sequences, materials.

``find("2 * 12.011 = 24.022")`` returns a claim that holds. A reader says None where it cannot tell,
and never raises on what a text holds. Tagged spans come from the floor that reads tags.
"""

from __future__ import annotations

from collections.abc import Sequence

from scireasoner.science.claims import (
    arithmetic,
    balance,
    codons,
    masses,
    materials,
    names,
    properties,
    running,
    sequences,
    structures,
    validity,
)
from scireasoner.science.claims.base import Claim, Entity, Reader, Scene

__all__ = ["Claim", "Entity", "find"]

# Plain arithmetic comes last: it leaves alone what another reader has understood.
_READERS: tuple[Reader, ...] = (
    validity.read,
    running.read,
    masses.read,
    balance.read,
    properties.read,
    codons.read,
    sequences.read,
    structures.read,
    materials.read,
    arithmetic.read,
)


def find(
    text: str,
    entities: Sequence[Entity] = (),
    given: Sequence[Entity] = (),
    with_names: bool = False,
) -> tuple[Claim, ...]:
    """Find the claims of a text and say which hold, in the order of the text.

    Parameters
    ----------
    text : of any origin; what follows the first 50,000 characters is not read.
    entities : the tagged objects in it, with their positions.
    given : the objects of the question, which a statement without a subject may be about.
    with_names : whether names are compared with structures (OPSIN, where it is installed).
    """
    scene = Scene(text, entities, given)
    found = [claim for reader in _READERS for claim in reader(scene)]
    if with_names:
        found += names.read(scene)
    return tuple(sorted(dict.fromkeys(found), key=lambda claim: (claim.start, claim.end)))
