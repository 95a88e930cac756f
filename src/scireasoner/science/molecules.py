"""Molecules as SMILES: validity, canonical form, formula, similarity, drawing (RDKit).

Every text passes `_guarded` before RDKit sees it: some short strings crash or hang RDKit's C++
(a 40,000-character branch is a segmentation fault), and whitespace hides trailing text.
"""

from __future__ import annotations

from functools import cache, lru_cache
from random import Random
from types import ModuleType
from typing import TYPE_CHECKING, Any

from scireasoner.errors import InputError
from scireasoner.science.formulas import CHARGE

if TYPE_CHECKING:
    from rdkit.Chem import Mol
    from rdkit.DataStructs import ExplicitBitVect

MAX_LENGTH = 1_000
MAX_HEAVY_ATOMS = 300
MAX_DEPTH = 100
MAX_DRAWN_ATOMS = 200
_MARKS = {
    " ": "blanks stand inside it",
    ">": "it is a reaction, not one molecule",
    "|": "an extension follows it",
    "*": "it has a wildcard atom",
}

FINGERPRINT_RADIUS = 2
FINGERPRINT_BITS = 2_048


@cache
def _rdkit() -> ModuleType:
    """Import RDKit's Chem on first use, with its log off (it triples the cost of bad input)."""
    from rdkit import Chem, rdBase

    rdBase.DisableLog("rdApp.*")
    return Chem


def refusal(smiles: str) -> str | None:
    """Say why a text is not given to RDKit at all; None if it is safe to give."""
    text = smiles.strip()
    if not text:
        return "it is empty"
    if len(text) > MAX_LENGTH:
        return f"it has more than {MAX_LENGTH:,} characters"
    if not text.isascii() or not text.isprintable():
        return "it has characters that no SMILES has"
    # Blanks start a title, ">" a reaction, "|" an extension, "*" a wildcard: not one molecule.
    for mark, meaning in _MARKS.items():
        if mark in text:
            return meaning
    if text.count("(") <= MAX_DEPTH:
        return None
    depth = deepest = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    return f"its brackets nest deeper than {MAX_DEPTH}" if deepest > MAX_DEPTH else None


def _guarded(smiles: str) -> str | None:
    """Return the stripped text if it is safe to give to RDKit."""
    return smiles.strip() if refusal(smiles) is None else None


def unsanitised(smiles: str) -> Mol | None:
    """Parse the grammar alone, so that wrong valences can be named; None if that fails.

    Callers must not compare, write or fingerprint the result: it may be no molecule.
    """
    text = _guarded(smiles)
    if text is None:
        return None
    mol: Mol | None = _rdkit().MolFromSmiles(text, sanitize=False)
    return mol if mol is not None and mol.GetNumAtoms() else None


# A molecule takes RDKit 37 kB, a thousand times its text: few are kept, for all who ask.
@lru_cache(maxsize=1_024)
def parsed(smiles: str) -> Mol | None:
    """Parse and sanitise; None if not one plausible molecule. Callers must not change the result.

    Wildcard atoms and molecules of more than `MAX_HEAVY_ATOMS` are refused; atom maps are dropped.
    """
    text = _guarded(smiles)
    if text is None:
        return None
    mol: Mol | None = _rdkit().MolFromSmiles(text)
    if mol is None or not 0 < mol.GetNumAtoms() <= MAX_HEAVY_ATOMS:
        return None
    # Only these marks can bring an atom map or "[#0]"; the loop costs half of a parse.
    if ":" in text or "#0" in text:
        for atom in mol.GetAtoms():
            if atom.GetAtomicNum() == 0:
                return None
            atom.SetAtomMapNum(0)
        # Maps tell equal neighbours apart: without them, some marked centres are none.
        _rdkit().AssignStereochemistry(mol, cleanIt=True, force=True)
    return mol


@lru_cache(maxsize=8_192)
def canonical(smiles: str) -> str | None:
    """Return the canonical isomeric SMILES of RDKit, or None if ``smiles`` is no molecule."""
    mol = parsed(smiles)
    return None if mol is None else str(_rdkit().MolToSmiles(mol))


@lru_cache(maxsize=4_096)
def skeleton(smiles: str) -> str | None:
    """Return the canonical SMILES without stereo and isotopes: the entity that splits go by."""
    mol = parsed(smiles)
    return None if mol is None else str(_rdkit().MolToSmiles(mol, isomericSmiles=False))


@lru_cache(maxsize=4_096)
def parent(smiles: str) -> str:
    """Return a canonical SMILES without isotope labels, hydrogens in place of unpaired electrons.

    Who looks for new molecules compares these: a label or a radical alone makes no new one. Any
    other text comes back as it is.
    """
    # Only an atom in brackets can have a label or an unpaired electron.
    mol = parsed(smiles) if "[" in smiles else None
    if mol is None:
        return smiles
    chem = _rdkit()
    plain = chem.RWMol(mol)
    changed = False
    for atom in plain.GetAtoms():
        unpaired = atom.GetNumRadicalElectrons()
        changed = changed or bool(unpaired or atom.GetIsotope())
        atom.SetIsotope(0)
        atom.SetNumRadicalElectrons(0)
        atom.SetNumExplicitHs(atom.GetNumExplicitHs() + unpaired)
    # Read again: deuterium is then a hydrogen like others, and some marked centres are none.
    return (canonical(str(chem.MolToSmiles(plain))) or smiles) if changed else smiles


def formula(smiles: str) -> dict[str, int] | None:
    """Count the atoms by element, hydrogens included; a nonzero charge stands under ``charge``."""
    mol = parsed(smiles)
    if mol is None:
        return None
    counts: dict[str, int] = {}
    for atom in mol.GetAtoms():
        counts[atom.GetSymbol()] = counts.get(atom.GetSymbol(), 0) + 1
        hydrogens = atom.GetTotalNumHs()
        if hydrogens:
            counts["H"] = counts.get("H", 0) + hydrogens
    charge = int(_rdkit().GetFormalCharge(mol))
    if charge:
        counts[CHARGE] = charge
    return counts


def heavy_atoms(smiles: str) -> int:
    """Count the atoms other than hydrogen; 0 if ``smiles`` is no molecule."""
    mol = parsed(smiles)
    return 0 if mol is None else int(mol.GetNumHeavyAtoms())


@lru_cache(maxsize=8_192)
def _fingerprint(smiles: str) -> ExplicitBitVect:
    """Morgan bit fingerprint (ECFP4-like, doi:10.1021/ci100050t) of a valid SMILES."""
    mol = parsed(smiles)
    bits: ExplicitBitVect = _morgan().GetFingerprint(mol)
    return bits


@cache
def _morgan() -> Any:
    """Make the fingerprint generator."""
    from rdkit.Chem import rdFingerprintGenerator

    return rdFingerprintGenerator.GetMorganGenerator(
        radius=FINGERPRINT_RADIUS, fpSize=FINGERPRINT_BITS
    )


def similarity(a: str, b: str) -> float:
    """Tanimoto similarity in [0, 1] of Morgan bits (radius 2, 2,048); 0 if either is invalid."""
    first, second = canonical(a), canonical(b)
    if first is None or second is None:
        return 0.0
    if first == second:
        return 1.0
    from rdkit.DataStructs import TanimotoSimilarity

    return float(TanimotoSimilarity(_fingerprint(a), _fingerprint(b)))


def randomise(smiles: str, seed: int) -> str:
    """Return another SMILES of the same molecule, fixed by ``seed``.

    The result is checked to have the same canonical form; the canonical form itself comes back
    in the rare case that no random order survives that check.
    """
    mol, target = parsed(smiles), canonical(smiles)
    if mol is None or target is None:
        raise InputError(f"{smiles[:80]!r} is not a SMILES string of one molecule: check it")
    random, chem = Random(seed), _rdkit()
    for _ in range(5):
        order = list(range(mol.GetNumAtoms()))
        random.shuffle(order)
        text = str(chem.MolToSmiles(chem.RenumberAtoms(mol, order), canonical=False))
        if canonical(text) == target:
            return text
    return target


def svg(smiles: str, width: int, height: int) -> str | None:
    """Draw the molecule as SVG text of ``width`` x ``height`` pixels; None if it cannot be drawn.

    Molecules of more than `MAX_DRAWN_ATOMS` heavy atoms are not drawn (layout is superlinear).
    """
    mol = parsed(smiles)
    if mol is None or mol.GetNumAtoms() > MAX_DRAWN_ATOMS:
        return None
    from rdkit.Chem.Draw import rdMolDraw2D

    drawer = rdMolDraw2D.MolDraw2DSVG(width, height)
    rdMolDraw2D.PrepareAndDrawMolecule(drawer, _rdkit().Mol(mol))
    drawer.FinishDrawing()
    return str(drawer.GetDrawingText())


def _mol_weight(mol: Mol) -> float:
    """Average mass in g/mol, isotopes at their own mass."""
    hydrogen = float(_rdkit().GetPeriodicTable().GetAtomicWeight(1))
    return sum(atom.GetMass() + hydrogen * atom.GetTotalNumHs() for atom in mol.GetAtoms())


def descriptors(smiles: str) -> dict[str, float]:
    """Return simple descriptors by name; an empty mapping if ``smiles`` is no molecule.

    ``mol_weight`` in g/mol, ``tpsa`` in square angstrom, ``logp`` is Crippen's
    (doi:10.1021/ci990307l), the others are counts; ``aromatic_proportion`` is aromatic atoms over
    heavy atoms, as in the ESOL solubility model (doi:10.1021/ci034243x).
    """
    mol = parsed(smiles)
    if mol is None:
        return {}
    from rdkit.Chem import rdMolDescriptors

    aromatic = sum(atom.GetIsAromatic() for atom in mol.GetAtoms())
    heavy = mol.GetNumHeavyAtoms()
    return {
        "mol_weight": _mol_weight(mol),
        "logp": float(rdMolDescriptors.CalcCrippenDescriptors(mol)[0]),
        "tpsa": float(rdMolDescriptors.CalcTPSA(mol)),
        "heavy_atoms": float(heavy),
        "rings": float(rdMolDescriptors.CalcNumRings(mol)),
        "aromatic_rings": float(rdMolDescriptors.CalcNumAromaticRings(mol)),
        "aromatic_atoms": float(aromatic),
        "aromatic_proportion": aromatic / heavy if heavy else 0.0,
        "rotatable_bonds": float(rdMolDescriptors.CalcNumRotatableBonds(mol)),
        "h_donors": float(rdMolDescriptors.CalcNumHBD(mol)),
        "h_acceptors": float(rdMolDescriptors.CalcNumHBA(mol)),
        "stereocentres": float(rdMolDescriptors.CalcNumAtomStereoCenters(mol)),
        "charge": float(_rdkit().GetFormalCharge(mol)),
    }
