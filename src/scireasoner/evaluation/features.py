"""What a classical model sees of a row: fingerprints, k-mer counts, composition statistics.

The features that a user of scikit-learn would try first, each computed here from its definition:
counts of Morgan environments (doi:10.1021/ci100050t), counts of k-mers and, where all sequences
are of one length, the letter at each place, and for materials the element fractions with weighted
statistics of elemental properties (as in doi:10.1038/npjcompumats.2016.28; values of smact).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

from scireasoner.science.formulas import ELEMENTS, parse
from scireasoner.science.molecules import FINGERPRINT_BITS, FINGERPRINT_RADIUS, MAX_LENGTH

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

MORGAN, KMERS, COMPOSITION, CATEGORY, NUMBERS, WORDS = (
    "Morgan fingerprint counts", "k-mer counts", "composition statistics", "categories",
    "numbers of the text", "n-grams of the text",
)  # fmt: skip

_SEQUENCES = {"protein": ("ACDEFGHIKLMNPQRSTVWY", 2), "dna": ("ACGT", 4), "rna": ("ACGU", 4),
              "sirna": ("ACGU", 4)}  # fmt: skip
# Longer sequences of one length are compared with their consensus instead: one column a place.
_SPELT_OUT = 110
_CATEGORIES = 60
_HASHED = 1_024
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_PROPERTIES = ("number", "mass", "pauling_eneg", "ionpot", "e_affinity", "covalent_radius",
               "dipol", "num_valence", "mendeleev", "melting_t")  # fmt: skip


def features(
    notations: Mapping[str, str],
    known: Sequence[Mapping[str, str]],
    asked: Sequence[Mapping[str, str]],
) -> tuple[Matrix, Matrix, str]:
    """Return the features of known and asked rows, and what they are in words.

    Parameters
    ----------
    notations : input name -> notation, as a task declares them.
    known, asked : the inputs of the rows. Categories and places are learnt from the known ones.

    Returns
    -------
    Two matrices of the same columns, (known, columns) and (asked, columns).
    """
    import numpy as np

    blocks, names = [], []
    for name, notation in notations.items():
        texts = [row[name] for row in known], [row[name] for row in asked]
        word, (a, b) = _block(notation, *texts)
        blocks.append((a, b))
        names.append(word)
    left, right = (np.hstack(side) for side in zip(*blocks, strict=True))
    varies = left.max(axis=0) > left.min(axis=0)
    return left[:, varies], right[:, varies], ", ".join(dict.fromkeys(names))


def _block(
    notation: str, known: Sequence[str], asked: Sequence[str]
) -> tuple[str, tuple[Matrix, Matrix]]:
    if notation == "smiles":
        return MORGAN, (morgan(known), morgan(asked))
    if notation in _SEQUENCES:
        alphabet, k = _SEQUENCES[notation]
        tidy = [[t.replace(" ", "").upper() for t in side] for side in (known, asked)]
        return KMERS, _sequences(tidy[0], tidy[1], alphabet, k)
    if notation == "formula":
        return COMPOSITION, (composition(known), composition(asked))
    if len(set(known)) <= min(_CATEGORIES, len(known) // 4):
        return CATEGORY, _categories(known, asked)
    forms = {_NUMBER.sub("#", text) for text in known}
    if len(forms) <= _CATEGORIES and any("#" in form for form in forms):
        width = max(len(_NUMBER.findall(text)) for text in known)
        return NUMBERS, (_numbers(known, width), _numbers(asked, width))
    return WORDS, _words(known, asked)


def morgan(smiles: Sequence[str]) -> Matrix:
    """Return counts of Morgan environments, (molecules, 2,048); what is no molecule has none."""
    import numpy as np
    from rdkit import Chem, RDLogger
    from rdkit.Chem import rdFingerprintGenerator

    RDLogger.DisableLog("rdApp.*")  # type: ignore[attr-defined,no-untyped-call,unused-ignore]
    generator = rdFingerprintGenerator.GetMorganGenerator(
        radius=FINGERPRINT_RADIUS, fpSize=FINGERPRINT_BITS
    )
    found = np.zeros((len(smiles), FINGERPRINT_BITS), dtype=np.float32)
    for row, text in enumerate(smiles):
        molecule = Chem.MolFromSmiles(text) if len(text) <= MAX_LENGTH else None
        if molecule is not None:
            found[row] = generator.GetCountFingerprintAsNumPy(molecule)
    return found


def kmers(sequences: Sequence[str], alphabet: str, longest: int) -> Matrix:
    """Return the share of each k-mer for k from 1 to ``longest``, and the length as last column."""
    import numpy as np

    size = len(alphabet)
    codes = np.full(256, -1, dtype=np.int64)
    codes[np.frombuffer(alphabet.encode(), dtype=np.uint8)] = np.arange(size)
    starts = np.cumsum([0, *(size**k for k in range(1, longest + 1))])
    found = np.zeros((len(sequences), int(starts[-1]) + 1), dtype=np.float32)
    for row, text in enumerate(sequences):
        letters = codes[np.frombuffer(text.encode("ascii", "replace"), dtype=np.uint8)]
        for k in range(1, longest + 1):
            if len(letters) < k:
                break
            windows = np.lib.stride_tricks.sliding_window_view(letters, k)
            whole = windows[(windows >= 0).all(axis=1)]
            places = whole @ size ** np.arange(k - 1, -1, -1)
            counts = np.bincount(places, minlength=size**k)
            found[row, starts[k - 1] : starts[k]] = counts / max(1, len(places))
        found[row, -1] = len(text)
    return found


def kmer_names(alphabet: str, longest: int) -> list[str]:
    """Return the k-mer of each column of :func:`kmers`, without the last one."""
    return ["".join(k) for n in range(1, longest + 1) for k in product(alphabet, repeat=n)]


def _sequences(
    known: Sequence[str], asked: Sequence[str], alphabet: str, longest: int
) -> tuple[Matrix, Matrix]:
    import numpy as np

    sides = [kmers(known, alphabet, longest), kmers(asked, alphabet, longest)]
    lengths = np.bincount([len(text) for text in known])
    common = int(lengths.argmax())
    if lengths[common] < 0.9 * len(known):
        return sides[0], sides[1]
    placed = _placed(known, asked, common, alphabet)
    return np.hstack([sides[0], placed[0]]), np.hstack([sides[1], placed[1]])


def _placed(
    known: Sequence[str], asked: Sequence[str], length: int, alphabet: str
) -> tuple[Matrix, Matrix]:
    """Return which letter stands at each place, or where a long sequence leaves the consensus."""
    import numpy as np

    tables = [
        np.array([list(text[:length].ljust(length, "-")) for text in side])
        for side in (known, asked)
    ]
    if length <= _SPELT_OUT:
        spelt = [
            np.stack([t == letter for letter in alphabet], axis=2).reshape(len(t), -1)
            for t in tables
        ]
        return spelt[0].astype(np.float32), spelt[1].astype(np.float32)
    counts = np.stack([(tables[0] == letter).sum(axis=0) for letter in alphabet])
    consensus = np.array(list(alphabet))[counts.argmax(axis=0)]
    return (tables[0] != consensus).astype(np.float32), (tables[1] != consensus).astype(np.float32)


def composition(formulas: Sequence[str]) -> Matrix:
    """Return element fractions and statistics of elemental properties, one row a formula.

    Of each property the weighted mean, the weighted mean deviation, least, largest and range; an
    element without a value does not count. What is no formula has zeros.
    """
    import numpy as np

    table = _elemental()
    place = {symbol: n for n, symbol in enumerate(ELEMENTS)}
    found = np.zeros((len(formulas), len(ELEMENTS) + 1 + 5 * len(_PROPERTIES)), dtype=np.float32)
    for row, text in enumerate(formulas):
        counts = {e: n for e, n in (parse(text) or {}).items() if e in place}
        if not counts:
            continue
        at = np.array([place[element] for element in counts])
        share = np.array(list(counts.values()), dtype=np.float64)
        share /= share.sum()
        found[row, at] = share
        found[row, len(ELEMENTS)] = len(at)
        found[row, len(ELEMENTS) + 1 :] = _statistics(table[at], share)
    return found


def _statistics(values: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (5 x properties,): mean, mean deviation, least, largest, range of (elements, ...)."""
    import numpy as np

    known = ~np.isnan(values)
    weights = np.where(known, share[:, None], 0.0)
    total = np.maximum(weights.sum(axis=0), 1e-9)
    plain = np.where(known, values, 0.0)
    mean = (weights * plain).sum(axis=0) / total
    deviation = (weights * np.abs(plain - mean)).sum(axis=0) / total
    low = np.where(known, values, np.inf).min(axis=0)
    high = np.where(known, values, -np.inf).max(axis=0)
    low, high = (np.where(np.isfinite(side), side, 0.0) for side in (low, high))
    return np.concatenate([mean, deviation, low, high, high - low])


@cache
def _elemental() -> NDArray[np.float64]:
    """Return the properties of every element, (elements, properties); NaN where not known."""
    import numpy as np
    from smact import Element

    found = np.full((len(ELEMENTS), len(_PROPERTIES)), np.nan)
    for row, symbol in enumerate(ELEMENTS[:103]):  # the package knows no later ones
        element = Element(symbol)
        for column, name in enumerate(_PROPERTIES):
            value = getattr(element, name)
            found[row, column] = np.nan if value is None else float(value)
    return found


def _categories(known: Sequence[str], asked: Sequence[str]) -> tuple[Matrix, Matrix]:
    import numpy as np

    place = {text: n for n, text in enumerate(sorted(set(known)))}

    def spread(texts: Sequence[str]) -> Matrix:
        table = np.zeros((len(texts), len(place)), dtype=np.float32)
        for row, text in enumerate(texts):
            if text in place:
                table[row, place[text]] = 1.0
        return table

    return spread(known), spread(asked)


def _numbers(texts: Sequence[str], width: int) -> Matrix:
    import numpy as np

    found = np.zeros((len(texts), width), dtype=np.float32)
    for row, text in enumerate(texts):
        values = [float(number) for number in _NUMBER.findall(text)[:width]]
        found[row, : len(values)] = values
    return found


def _words(known: Sequence[str], asked: Sequence[str]) -> tuple[Matrix, Matrix]:
    """Return hashed counts of words, or of letters where a text has few words."""
    import numpy as np
    from sklearn.feature_extraction.text import HashingVectorizer

    many = np.median([len(text.split()) for text in known]) >= 5
    options = {"analyzer": "word"} if many else {"analyzer": "char_wb", "ngram_range": (1, 3)}
    made = HashingVectorizer(n_features=_HASHED, alternate_sign=False, **options)
    sides = [made.transform(list(side)).toarray().astype(np.float32) for side in (known, asked)]
    return sides[0], sides[1]
