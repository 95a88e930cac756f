"""Counting atoms along a SMILES, read from the RDKit graph."""

from __future__ import annotations

from functools import cache
from types import ModuleType

from scireasoner.notation.tags import NOTATIONS
from scireasoner.types import Sample

_MAX_ATOMS = 60


@cache
def _rdkit() -> ModuleType:
    from rdkit import Chem, rdBase

    rdBase.DisableLog("rdApp.*")
    return Chem


def count_smiles(sample: Sample) -> str | None:
    """Count the atoms of the SMILES in the question."""
    return _count(sample.inputs["smiles"])


def count_name(sample: Sample) -> str | None:
    """Write the named molecule as SMILES, then count its atoms."""
    smiles = sample.meta.get("smiles", "")
    counted = _count(smiles)
    return counted and f"{NOTATIONS['smiles'].wrap(smiles)} {counted}"


def _count(smiles: str) -> str | None:
    """Return one step per heavy atom: the atom with its hydrogens, and the counts so far.

    ``CH3 C1 H3, C C2, O O1`` reads: a carbon with three hydrogens, which makes C 1 and H 3; ...
    """
    molecule = _rdkit().MolFromSmiles(smiles)
    if molecule is None or not 0 < molecule.GetNumAtoms() <= _MAX_ATOMS:
        return None
    counts: dict[str, int] = {}
    steps = []
    for atom in molecule.GetAtoms():
        element, hydrogens = atom.GetSymbol(), atom.GetTotalNumHs()
        counts[element] = counts.get(element, 0) + 1
        step = f"{element}{_hydrogens(hydrogens)} {element}{counts[element]}"
        if hydrogens:
            counts["H"] = counts.get("H", 0) + hydrogens
            step += f" H{counts['H']}"
        steps.append(step)
    total = " ".join(f"{element}{counts[element]}" for element in _hill(counts))
    return f"{', '.join(steps)}. Total {total}"


def _hydrogens(count: int) -> str:
    return "" if count == 0 else "H" if count == 1 else f"H{count}"


def _hill(counts: dict[str, int]) -> list[str]:
    """Return the elements in Hill order: C, H, then the alphabet; the alphabet without carbon."""
    first = [e for e in ("C", "H") if e in counts] if "C" in counts else []
    return [*first, *sorted(set(counts) - set(first))]
