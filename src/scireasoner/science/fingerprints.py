"""Likeness of two molecules by structural keys, paths and circular neighbourhoods (RDKit).

Every function takes two SMILES and returns the Tanimoto similarity in [0, 1]; 0 if either is no
molecule. Fingerprints are kept by canonical SMILES, so a gold is read once.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from scireasoner.science import molecules

if TYPE_CHECKING:
    from rdkit.Chem import Mol

BITS = 2_048
MAX_LOOPS = 12
MAX_DEGREE = 4
MAX_HUBS = 4
"""Atoms of a molecule that may have more than four neighbours, six at most (SF6, PF6-)."""


def _mol(canonical: str) -> Mol:
    known = molecules.parsed(canonical)
    if known is not None:
        return known
    # The released evaluators also compare what is no molecule to us: wildcards, giants.
    from rdkit import Chem

    return Chem.MolFromSmiles(canonical)


@cache
def _generator(kind: str, radius: int) -> Any:
    from rdkit.Chem import rdFingerprintGenerator

    if kind == "path":
        return rdFingerprintGenerator.GetRDKitFPGenerator(fpSize=BITS)
    return rdFingerprintGenerator.GetMorganGenerator(radius=radius, fpSize=BITS)


@lru_cache(maxsize=8_192)
def tangled(canonical: str) -> bool:
    """Whether paths and keys of the molecule may take seconds to enumerate.

    More bonds than a dozen rings need, or many atoms with more neighbours than carbon has.
    """
    mol = _mol(canonical)
    loops = mol.GetNumBonds() - mol.GetNumAtoms()
    if loops > MAX_LOOPS:
        return True
    degrees = [atom.GetDegree() for atom in mol.GetAtoms()]
    hubs = sum(degree > MAX_DEGREE for degree in degrees)
    return hubs > MAX_HUBS or max(degrees) > MAX_DEGREE + 2


@lru_cache(maxsize=8_192)
def vector(canonical: str, kind: str, radius: int) -> Any:
    """Return a fingerprint of a canonical SMILES, kept by that text.

    Whoever calls this has made sure that the molecule is not too tangled for keys and paths.

    Parameters
    ----------
    kind : ``"keys"`` (MACCS), ``"path"``, ``"bits"`` or ``"counts"`` (Morgan of ``radius``).
    """
    mol = _mol(canonical)
    if kind == "keys":
        from rdkit.Chem.rdMolDescriptors import GetMACCSKeysFingerprint

        return GetMACCSKeysFingerprint(mol)
    generator = _generator(kind, radius)
    if kind == "counts":
        return generator.GetSparseCountFingerprint(mol)
    return generator.GetFingerprint(mol)


@lru_cache(maxsize=8_192)
def _fingerprint(canonical: str, kind: str, radius: int) -> Any:
    """Return a bit or count vector; None if the molecule is too tangled."""
    if kind in ("keys", "path") and tangled(canonical):
        return None
    return vector(canonical, kind, radius)


def _tanimoto(a: str, b: str, kind: str, radius: int = 2) -> float:
    first, second = molecules.canonical(a), molecules.canonical(b)
    if first is None or second is None:
        return 0.0
    if first == second:
        return 1.0
    from rdkit.DataStructs import TanimotoSimilarity

    one, other = _fingerprint(first, kind, radius), _fingerprint(second, kind, radius)
    return 0.0 if one is None or other is None else float(TanimotoSimilarity(one, other))


def maccs(a: str, b: str) -> float:
    """Likeness by the 166 MACCS keys (doi:10.1021/ci010132r); see `rdk` for what is too tangled."""
    return _tanimoto(a, b, "keys")


def rdk(a: str, b: str) -> float:
    """Likeness by RDKit's path fingerprint (1 to 7 bonds, 2,048 bits).

    A molecule whose paths cannot be enumerated in time (`tangled`) is like itself alone.
    """
    return _tanimoto(a, b, "path")


def morgan(a: str, b: str, radius: int = 2, counts: bool = False) -> float:
    """Likeness by Morgan fingerprints (doi:10.1021/ci100050t).

    Parameters
    ----------
    counts : compare how often each neighbourhood occurs (unfolded), not whether (2,048 bits).
    """
    return _tanimoto(a, b, "counts" if counts else "bits", radius)


def bits(smiles: str, radius: int = 2) -> bytes | None:
    """Return the Morgan bits packed into 256 bytes, None if this is no molecule."""
    canonical = molecules.canonical(smiles)
    if canonical is None:
        return None
    from rdkit.DataStructs import BitVectToBinaryText

    return bytes(BitVectToBinaryText(_fingerprint(canonical, "bits", radius)))


def levenshtein(a: str, b: str) -> int:
    """Return the least number of insertions, deletions and substitutions of characters."""
    from rapidfuzz.distance import Levenshtein

    return int(Levenshtein.distance(a, b))
