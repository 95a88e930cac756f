"""The nearest training row of each asked row, in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from scireasoner.science.molecules import FINGERPRINT_BITS, FINGERPRINT_RADIUS, MAX_LENGTH

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

# Trigrams are hashed into this many bins; collisions cost little at a few hundred per text.
BINS = 2_048
_CHUNK = 4_000


def nearest_rows(asked: Sequence[str], known: Sequence[str], *, molecules: bool) -> list[int]:
    """Return the index in ``known`` of each asked text's nearest neighbour.

    Parameters
    ----------
    molecules : compare SMILES by Morgan fingerprints (radius 2, 2,048 bits, Tanimoto); False
        compares character trigram counts by their cosine.

    Returns
    -------
    One index a text; the first among equals. Empty texts take the known rows in turn.
    """
    if not any(asked):
        return [place % len(known) for place in range(len(asked))]
    return _by_fingerprint(asked, known) if molecules else _by_trigrams(asked, known)


def _by_fingerprint(asked: Sequence[str], known: Sequence[str]) -> list[int]:
    import numpy as np
    from rdkit.DataStructs import BulkTanimotoSimilarity

    library = _fingerprints(known)
    found = []
    for bits in _fingerprints(asked):
        found.append(int(np.argmax(BulkTanimotoSimilarity(bits, library))))
    return found


def _fingerprints(smiles: Sequence[str]) -> list[Any]:
    """Return Morgan bits; what is no molecule has none set."""
    from rdkit import Chem, RDLogger
    from rdkit.Chem import rdFingerprintGenerator

    RDLogger.DisableLog("rdApp.*")  # type: ignore[attr-defined,no-untyped-call,unused-ignore]
    generator = rdFingerprintGenerator.GetMorganGenerator(
        radius=FINGERPRINT_RADIUS, fpSize=FINGERPRINT_BITS
    )
    molecules = (Chem.MolFromSmiles(text) if len(text) <= MAX_LENGTH else None for text in smiles)
    return [generator.GetFingerprint(mol or Chem.Mol()) for mol in molecules]


def _by_trigrams(asked: Sequence[str], known: Sequence[str]) -> list[int]:
    import numpy as np

    questions = _trigrams(asked)
    best = np.full(len(asked), -1.0, dtype=np.float32)
    found = np.zeros(len(asked), dtype=np.int64)
    for start in range(0, len(known), _CHUNK):
        likeness = questions @ _trigrams(known[start : start + _CHUNK]).T
        place = likeness.argmax(axis=1)
        value = likeness[np.arange(len(asked)), place]
        # A later row must be nearer beyond rounding: equals keep the first.
        nearer = value > best + 1e-6
        best[nearer] = value[nearer]
        found[nearer] = place[nearer] + start
    return [int(row) for row in found]


def _trigrams(texts: Sequence[str]) -> Matrix:
    """Return unit vectors of hashed trigram counts, shape (texts, BINS)."""
    import numpy as np

    codes, rows = [], []
    for row, text in enumerate(texts):
        # The margins let short texts have trigrams, and mark where a text begins and ends.
        letters = np.frombuffer(f"\x02{text}\x03\x03".encode(), dtype=np.uint8).astype(np.int64)
        code = (letters[:-2] * 65_599 + letters[1:-1] * 257 + letters[2:]) * 2_654_435_761
        codes.append((code >> 16) % BINS)
        rows.append(np.full(len(code), row))
    cells = np.concatenate(rows) * BINS + np.concatenate(codes)
    counts = np.bincount(cells, minlength=len(texts) * BINS).reshape(len(texts), BINS)
    vectors = counts.astype(np.float32)
    lengths = np.sqrt((vectors**2).sum(axis=1, keepdims=True))
    return vectors / np.maximum(lengths, np.float32(1e-9))
