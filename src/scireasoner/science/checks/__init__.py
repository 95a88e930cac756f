"""Physical constraints as named checks, shared by rewards, answers and serving.

A check looks at one thing that must hold for one object (the valence of a molecule, the element
balance of an equation, the volume per atom of a crystal) and returns pass, fail or not applicable
with a sentence. Text comes from a model: no text can crash or hang a check, because length and
characters are looked at before any library sees it.

``NOT_APPLICABLE`` is no pass: it says that the constraint has no meaning for the object (an alloy
has no charges to balance), that an earlier check already failed, or which tool is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from scireasoner.errors import InputError, nearest
from scireasoner.science.checks import (
    crystals,
    formulas,
    materials,
    molecules,
    names,
    numbers,
    reactions,
    rna,
    sequences,
    text,
)
from scireasoner.science.checks.base import Kind, Request, skipped
from scireasoner.types import Check, Verdict

__all__ = ["KINDS", "Kind", "Request", "checks_of", "failures", "holds"]

_ALL = (
    molecules.SMILES,
    names.IUPAC,
    formulas.FORMULA,
    reactions.EQUATION,
    reactions.REACTION,
    sequences.PROTEIN,
    sequences.DNA,
    rna.RNA,
    rna.STRUCTURE,
    materials.MATERIAL,
    crystals.CRYSTAL,
    numbers.NUMBER,
    text.TEXT,
    text.ENTITIES,
)

KINDS: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in _ALL})
"""Every kind of object that can be checked, by its name; notations have theirs."""


def checks_of(kind: str, text: str, **asked: object) -> tuple[Check, ...]:
    """Return every check that applies to one object, in the fixed order of its kind.

    Parameters
    ----------
    kind : a name in `KINDS`, e.g. ``"smiles"`` or ``"protein"``.
    text : the object in its notation, without tags.
    asked : what is requested of it, by the keys of ``KINDS[kind].requests``; None asks nothing.

    Raises
    ------
    InputError : if the kind or a request is unknown, or a request cannot be read. Whatever
        ``text`` holds is a verdict, never an exception.

    Examples
    --------
    ``checks_of("smiles", "CN(C)(C)(C)C")`` fails ``valence``: "nitrogen (atom 2) has 5 bonds, at
    most 3 are possible (4 with a charge)".
    """
    found = KINDS.get(kind)
    if found is None:
        raise InputError(
            f"{kind!r} cannot be checked{nearest(kind, KINDS)}: use {', '.join(KINDS)}"
        )
    wanted = {key: value for key, value in asked.items() if value is not None}
    for key in wanted:
        if key not in found.requests:
            known = ", ".join(found.requests) or "nothing"
            raise InputError(
                f"{key!r} cannot be asked of a {kind}{nearest(key, found.requests)}: use {known}"
            )
    made = tuple(found.look(text.strip(), wanted))
    names = [*found.order, *_asked_names(found, wanted)]
    return (*made, *_unreached(made, names))


def holds(checks: Iterable[Check]) -> bool:
    """Whether no check failed."""
    return not failures(checks)


def failures(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Return the checks that failed."""
    return tuple(check for check in checks if check.verdict is Verdict.FAIL)


def _asked_names(kind: Kind, wanted: Mapping[str, object]) -> list[str]:
    asked = [request for key, request in kind.requests.items() if wanted.get(key)]
    return [name for request in asked for name in request.checks]


def _unreached(made: tuple[Check, ...], names: Iterable[str]) -> Iterable[Check]:
    """Yield the checks that were not made, because of what failed before."""
    done = {check.name for check in made}
    why = next((check.name for check in made if check.verdict is Verdict.FAIL), "an earlier check")
    for name in dict.fromkeys(names):
        if name not in done:
            yield skipped(name, f"not looked at: {why} failed")
