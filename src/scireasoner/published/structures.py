"""Molecules as the released evaluators of chemistry see them: their own canonical forms (RDKit).

The texts go to RDKit as they are, wildcards, titles and salts included: our stricter
`scireasoner.science.molecules` would give other numbers. A text over `MAX_LENGTH` characters or
`MAX_DEPTH` open branches, or one that is not Unicode, can kill RDKit: it counts as unreadable.
"""

from __future__ import annotations

from functools import cache, lru_cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

from scireasoner.science import molecules
from scireasoner.science.fingerprints import vector

if TYPE_CHECKING:
    from rdkit.Chem import Atom, Mol

MAX_LENGTH = 5_000
MAX_TITLED = 200_000
MAX_DEPTH = 1_000
MAX_LOOPS = 40
MAX_DEGREE = 6
MAX_INCHI_ATOMS = 500
"""Larger molecules are too near the limit of InChI, 1,023 atoms with all hydrogens."""
MAX_HUBS = 4
"""Atoms that may have more than `MAX_DEGREE` neighbours before paths are no longer counted."""

# What RDKit raises on a molecule that it could parse but cannot write, besides returning None.
_RDKIT_ERRORS = (ValueError, RuntimeError)


@cache
def chem() -> ModuleType:
    """Import RDKit's Chem on first use, its log off (it triples the cost of bad input)."""
    from rdkit import Chem, rdBase

    rdBase.DisableLog("rdApp.*")
    return Chem


def _safe(smiles: str) -> bool:
    """Whether what stands before the first space, where a title begins, is short and shallow."""
    head = next(iter(smiles.split(maxsplit=1)), "")
    if len(head) > MAX_LENGTH or len(smiles) > MAX_TITLED:
        return False
    if head.count("(") <= MAX_DEPTH:
        return True
    depth = deepest = 0
    for character in head:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    return deepest <= MAX_DEPTH


def molecule(smiles: str, sanitize: bool = True) -> Mol | None:
    """Parse; None if RDKit cannot. The empty text is the empty molecule."""
    if not _safe(smiles):
        return None
    try:
        mol: Mol | None = chem().MolFromSmiles(smiles, sanitize=sanitize)
    except UnicodeEncodeError:
        return None
    return mol


def shared(smiles: str) -> Mol | None:
    """Parse once for all callers, who must not change the result."""
    # Our own reader drops atom maps, and refuses some of what the released code reads.
    known = None if ":" in smiles else molecules.parsed(smiles)
    return _apart(smiles) if known is None else known


@lru_cache(maxsize=256)
def _apart(smiles: str) -> Mol | None:
    return molecule(smiles)


@lru_cache(maxsize=8_192)
def inchi(smiles: str) -> str:
    """Return the InChI; empty where there is none, which then equals every other failure."""
    mol = shared(smiles)
    return "" if mol is None else str(chem().MolToInchi(mol))


@lru_cache(maxsize=8_192)
def _composition(smiles: str) -> str | None:
    """Return the molecular formula with its charge; None where an InChI may fail or be empty."""
    mol = shared(smiles)
    if mol is None or "*" in smiles or not 0 < mol.GetNumAtoms() <= MAX_INCHI_ATOMS:
        return None
    from rdkit.Chem.rdMolDescriptors import CalcMolFormula

    return str(CalcMolFormula(mol))


def same_inchi(a: str, b: str) -> bool:
    """Whether two texts have the same InChI; one that cannot be had equals every other such one.

    An InChI fixes the formula (mobile hydrogens and charge have layers of their own), so it is
    made only where the formulas are the same.
    """
    if a == b:
        return True
    first, second = _composition(a), _composition(b)
    if first is not None and second is not None and first != second:
        return False
    return inchi(a) == inchi(b)


# What our own reader takes, it reads as the released code does, atom maps dropped: then its
# canonical forms, which the strict scores need too, are made once for both.


@lru_cache(maxsize=8_192)
def flat(smiles: str) -> str | None:
    """Return the canonical SMILES without stereo and isotopes; None if unreadable."""
    known = None if ":" in smiles else molecules.skeleton(smiles)
    if known is not None:
        return known
    mol = molecule(smiles)
    return None if mol is None else str(chem().MolToSmiles(mol, isomericSmiles=False))


@lru_cache(maxsize=8_192)
def unmapped(smiles: str) -> str:
    """Return the canonical SMILES without atom maps; empty if unreadable or unwritable."""
    known = molecules.canonical(smiles)
    if known is not None:
        return known
    mol = molecule(smiles)
    if mol is None:
        return ""
    if ":" in smiles:
        _drop_maps(mol)
    try:
        return str(chem().MolToSmiles(mol, isomericSmiles=True))
    except _RDKIT_ERRORS:
        return ""


def _drop_maps(mol: Mol) -> None:
    for atom in mol.GetAtoms():
        atom.SetAtomMapNum(0)


def kekulised(smiles: str) -> str | None:
    """Return the form that SMolInstruct's evaluator compares: fragments sorted, Kekulé, stereo.

    Returns
    -------
    The first unreadable fragment as it is, where there is one; None where a fragment is empty or
    cannot be written again.
    """
    forms = []
    for fragment in smiles.split("."):
        form = _fragment(fragment) if fragment else None
        if form is None:
            return None
        settled, readable = form
        if not readable:
            return settled
        forms.append(settled)
    return ".".join(sorted(forms))


@lru_cache(maxsize=8_192)
def _fragment(smiles: str) -> tuple[str, bool] | None:
    """Return the form of one fragment and whether RDKit could read it; None if it fails later."""
    text = molecules.canonical(smiles)
    try:
        if text is None:
            mol = molecule(smiles)
            if mol is None:
                return smiles, False
            if ":" in smiles:
                _drop_maps(mol)
            text = str(chem().MolToSmiles(mol))
        form = _settled(text)
    except _RDKIT_ERRORS:
        return None
    return None if form is None else (form, True)


def _settled(text: str) -> str | None:
    """Read and write again until the text stays (twice at most), rebuild, write as Kekulé."""
    write, stable = chem().MolToSmiles, None
    for _ in range(2):
        again = shared(text)
        if again is None:
            return None
        before, text = text, str(write(again))
        if text == before:
            stable = again
            break
    rebuilt = _rebuilt(text)
    last = stable if stable is not None and rebuilt == text else shared(rebuilt)
    return None if last is None else str(write(last, kekuleSmiles=True))


def _rebuilt(smiles: str) -> str:
    """Write the molecule from element, charge, bonds and chirality alone.

    Isotopes go, radicals gain hydrogen, and atoms with a double bond and three neighbours lose
    their chirality. Only atoms in brackets can change; without them the text stays.
    """
    if "[" not in smiles and "/" not in smiles and "\\" not in smiles:
        return smiles
    chemistry = chem()
    mol = chemistry.MolFromSmiles(smiles.replace(" ", ""), sanitize=False)
    mol.UpdatePropertyCache()
    for atom in mol.GetAtoms():
        if atom.GetNoImplicit():
            _plain(atom, chemistry)
    flags = chemistry.SanitizeFlags
    chemistry.SanitizeMol(
        mol,
        sanitizeOps=flags.SANITIZE_SETAROMATICITY
        | flags.SANITIZE_PROPERTIES
        | flags.SANITIZE_ADJUSTHS,
        catchErrors=True,
    )
    chemistry.AssignStereochemistry(mol, cleanIt=False, force=True, flagPossibleStereoCenters=True)
    return str(chemistry.MolToSmiles(mol, isomericSmiles=True))


def _plain(atom: Atom, chemistry: Any) -> None:
    atom.SetIsotope(0)
    if not atom.GetIsAromatic():
        atom.SetNumExplicitHs(0)
    atom.SetNoImplicit(False)
    degree = atom.GetDegree()
    single = chemistry.BondType.SINGLE
    if degree < 3 or (degree == 3 and any(b.GetBondType() != single for b in atom.GetBonds())):
        atom.SetChiralTag(chemistry.ChiralType.CHI_UNSPECIFIED)


_KINDS = ("keys", "path", "counts")
_RADIUS = 2


@lru_cache(maxsize=8_192)
def _described(smiles: str) -> str | None:
    """Return the canonical SMILES that fingerprints are kept by; None if there are too many paths.

    A fingerprint does not depend on the spelling, so the strict scores' ones serve here too.
    """
    mol = shared(smiles)
    return None if mol is None or _tangled(mol) else str(chem().MolToSmiles(mol))


def _tangled(mol: Mol) -> bool:
    """Whether keys and paths may take more than a few seconds and all memory."""
    if mol.GetNumBonds() - mol.GetNumAtoms() > MAX_LOOPS:
        return True
    return sum(atom.GetDegree() > MAX_DEGREE for atom in mol.GetAtoms()) > MAX_HUBS


def likeness(a: str, b: str) -> tuple[float, float, float]:
    """Return Tanimoto by MACCS keys, RDKit paths and counted Morgan neighbourhoods of radius 2.

    Both texts must be readable. A molecule that is too tangled to be described is like nothing.
    """
    first, second = _described(a), _described(b)
    if first is None or second is None:
        return 0.0, 0.0, 0.0
    if first == second and _bonded(a):
        return 1.0, 1.0, 1.0
    from rdkit.DataStructs import TanimotoSimilarity

    keys, paths, counts = (
        float(TanimotoSimilarity(vector(first, kind, _RADIUS), vector(second, kind, _RADIUS)))
        for kind in _KINDS
    )
    return keys, paths, counts


def _bonded(smiles: str) -> bool:
    """Whether there is a bond: without one there are no paths, and RDKit says 0 of two nothings."""
    mol = shared(smiles)
    return mol is not None and mol.GetNumBonds() > 0
