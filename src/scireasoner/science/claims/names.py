"""Names and structures: ``<IUPAC>ethanol</IUPAC> is <SMILES>CCO</SMILES>``, read with OPSIN."""

from __future__ import annotations

import re

from scireasoner.errors import MissingTool
from scireasoner.science import formulas, molecules, names
from scireasoner.science.claims.base import ENTITY, ION, Claim, Entity, Scene

_IS = re.compile(
    rf"({ENTITY}) ?(?:is|=|:|has the formula|, formula|, that is,|is named|is called|>) ?"
    rf"({ENTITY}|{ION}(?![A-Za-z0-9]))"
)


def read(scene: Scene) -> list[Claim]:
    """Return what is said of names, all names of the text asked in one batch."""
    if not names.available():
        return []
    pairs: list[tuple[re.Match[str], Entity, Entity | str]] = []
    for found in _IS.finditer(scene.text):
        first, second = scene.at(found.start(1)), scene.at(found.start(2))
        if first is None:
            continue
        if first.kind == "iupac" and (second is None or second.kind in ("smiles", "formula")):
            pairs.append((found, first, second or found.group(2)))
        elif first.kind == "smiles" and second is not None and second.kind == "iupac":
            pairs.append((found, second, first))
    try:
        read_names = names.names_to_smiles([name.text for _, name, _ in pairs])
    except MissingTool:
        return []
    return [
        scene.claim(*found.span(), "name", *_judged(smiles, other))
        for (found, _, other), smiles in zip(pairs, read_names, strict=True)
    ]


def _judged(smiles: str | None, other: Entity | str) -> tuple[bool | None, str]:
    if smiles is None or molecules.canonical(smiles) is None:
        return None, "OPSIN does not know the name"
    if isinstance(other, Entity) and other.kind == "smiles":
        known = molecules.canonical(other.text)
        if known is None:
            return False, "not a molecule"
        holds = known == molecules.canonical(smiles)
        return holds, "" if holds else f"the name is {molecules.canonical(smiles)}"
    stated = formulas.parse(other.text if isinstance(other, Entity) else other)
    counts = molecules.formula(smiles)
    if stated is None or counts is None:
        return None, "not a formula"
    return stated == counts, "" if stated == counts else f"it is {formulas.hill(counts)}"
