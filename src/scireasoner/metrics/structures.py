"""Likeness of an answered molecule or protein to its target. A fault is like nothing."""

from __future__ import annotations

from scireasoner.metrics.metric import Metric
from scireasoner.metrics.rows import column, per_answer
from scireasoner.science import alignment, fingerprints
from scireasoner.types import Outcome

_UNLIKE = "is like nothing"

MACCS_SIMILARITY = Metric(
    "MACCS similarity", "higher", "share", _UNLIKE, per_answer(fingerprints.maccs)
)
"""Mean Tanimoto similarity of MACCS keys of two SMILES."""

RDK_SIMILARITY = Metric("RDK similarity", "higher", "share", _UNLIKE, per_answer(fingerprints.rdk))
"""Mean Tanimoto similarity of RDKit's path fingerprints of two SMILES."""

MORGAN_SIMILARITY = Metric(
    "Morgan similarity", "higher", "share", _UNLIKE, per_answer(fingerprints.morgan)
)
"""Mean Tanimoto similarity of Morgan bits (radius 2, 2,048) of two SMILES."""


def _edits(outcome: Outcome) -> float:
    value = outcome.value if outcome.fault is None else ""
    return float(fingerprints.levenshtein(value, outcome.target))


LEVENSHTEIN = Metric(
    "Levenshtein distance",
    "lower",
    "edits",
    "costs the length of its target",
    column(_edits),
    best=0.0,
    worst=None,
)
"""Mean edit distance of two canonical SMILES, in characters."""


def _aligned(value: str, target: str) -> float:
    alignment.check(target)
    try:
        return alignment.normalised_smith_waterman(value, target)
    except ValueError:
        return 0.0


SMITH_WATERMAN = Metric("Smith-Waterman", "higher", "share", _UNLIKE, per_answer(_aligned))
"""Mean local alignment score (BLOSUM45, gaps 10 and 0.5) over the geometric mean of self scores."""
