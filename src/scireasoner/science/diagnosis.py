"""What is wrong with a molecule, atom by atom, and whether it has a substructure (RDKit)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from scireasoner.science import molecules
from scireasoner.science.fingerprints import tangled

MAX_PATTERN = 200
MAX_PATTERN_ATOMS = 40
MAX_PATTERN_DEPTH = 20
MAX_RECURSIONS = 3

_BONDS = re.compile(r", ([0-9]+), is greater")


@dataclass(frozen=True, slots=True)
class Problem:
    """One chemistry problem of a SMILES that is well formed.

    Parameters
    ----------
    kind : ``"valence"``, ``"ring"`` (a ring without an alternating pattern of bonds) or
        ``"lone"`` (an aromatic atom outside every ring).
    atoms : their places in the SMILES, counted from 1.
    element : the name of the first atom's element, e.g. ``"carbon"``.
    bonds, allowed : the valence found and the largest one allowed; 0 where that is not known.
    """

    kind: str
    atoms: tuple[int, ...]
    element: str
    bonds: int = 0
    allowed: int = 0


_KINDS = {
    "AtomValenceException": "valence",
    "KekulizeException": "ring",
    "AtomKekulizeException": "lone",
}


def problems(smiles: str) -> tuple[Problem, ...] | None:
    """Return what RDKit objects to in a molecule; None if the SMILES itself cannot be read."""
    mol = molecules.unsanitised(smiles)
    if mol is None:
        return None
    from rdkit import Chem

    return tuple(_problem(mol, problem) for problem in Chem.DetectChemistryProblems(mol))


def atom_count(smiles: str) -> int:
    """Count the atoms that are written out; 0 if the SMILES cannot be read."""
    mol = molecules.unsanitised(smiles)
    return 0 if mol is None else int(mol.GetNumAtoms())


def _problem(mol: Any, problem: Any) -> Problem:
    from rdkit.Chem import GetPeriodicTable

    table = GetPeriodicTable()
    kind = _KINDS.get(problem.GetType(), "other")
    places = problem.GetAtomIndices() if kind == "ring" else (problem.GetAtomIdx(),)
    atom = mol.GetAtomWithIdx(next(iter(places)))
    number = atom.GetAtomicNum()
    bonds = _BONDS.search(problem.Message())
    # A charge changes what is allowed; then no number is named.
    allowed = 0 if atom.GetFormalCharge() or not number else max(table.GetValenceList(number))
    return Problem(
        kind,
        tuple(place + 1 for place in places),
        str(table.GetElementName(number)).lower() if number else "wildcard",
        int(bonds.group(1)) if bonds else 0,
        max(allowed, 0),
    )


@lru_cache(maxsize=256)
def _pattern(smarts: str) -> Any:
    """Parse a small SMARTS; None if it is wrong or too large."""
    text = smarts.strip()
    if not 0 < len(text) <= MAX_PATTERN or not text.isascii() or not text.isprintable():
        return None
    depth = deepest = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    if deepest > MAX_PATTERN_DEPTH or text.count("$(") > MAX_RECURSIONS or " " in text:
        return None
    from rdkit import Chem, rdBase

    rdBase.DisableLog("rdApp.*")
    pattern = Chem.MolFromSmarts(text)
    if pattern is None or not 0 < pattern.GetNumAtoms() <= MAX_PATTERN_ATOMS:
        return None
    return pattern


def readable_pattern(smarts: str) -> bool:
    """Whether a SMARTS is well formed and small enough to be searched for."""
    return _pattern(smarts) is not None


def has_substructure(smiles: str, smarts: str) -> bool | None:
    """Whether a molecule has a substructure; None if it is too tangled for a quick search.

    Raises
    ------
    ValueError : if the SMILES is no molecule or the SMARTS not readable.
    """
    form, pattern = molecules.canonical(smiles), _pattern(smarts)
    if form is None or pattern is None:
        raise ValueError(f"no molecule or no pattern: {smiles[:60]!r}, {smarts[:60]!r}")
    if tangled(form):
        return None
    from rdkit import Chem

    return bool(Chem.MolFromSmiles(form).HasSubstructMatch(pattern))
