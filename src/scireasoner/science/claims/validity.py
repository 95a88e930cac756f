"""A tagged object claims to be one: a molecule, a formula, a sequence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from scireasoner.science import formulas, molecules, nucleotides, proteins
from scireasoner.science.claims.base import Claim, Scene

_READ: Mapping[str, tuple[Callable[[str], object], str]] = MappingProxyType({
    "smiles": (molecules.canonical, "not a SMILES of a molecule"),
    "formula": (formulas.parse, "not a formula"),
    "dna": (nucleotides.clean_dna, "not only A, C, G and T"),
    "rna": (nucleotides.clean_rna, "not only A, C, G and U"),
    "protein": (proteins.clean, "not only the 20 amino acids"),
})  # fmt: skip


def read(scene: Scene) -> Iterator[Claim]:
    """Yield whether each tagged object can be read as what its tag says."""
    for entity in scene.entities:
        if entity.kind in _READ and entity.text:
            reader, why = _READ[entity.kind]
            known = reader(entity.text) is not None
            if not known and (entity.kind != "smiles" or molecules.refusal(entity.text)):
                # Too long, a wildcard, an odd letter: perhaps right, and beyond what is read.
                plain = entity.text.isascii() and entity.kind in ("formula", "protein")
                yield scene.claim(entity.start, entity.end, "valid", False if plain else None, why)
                continue
            said = (known, "" if known else why)
            yield scene.claim(entity.start, entity.end, "valid", *said)
