"""PEER (arXiv:2206.02096): solubility and stability of proteins, and pairs that interact."""

from __future__ import annotations

from scireasoner.answers import Boolean, Number
from scireasoner.metrics import (
    ACCURACY,
    BALANCED_ACCURACY,
    MCC,
    SPEARMAN,
    Metric,
    accuracy_above,
    mae,
)
from scireasoner.published import peer
from scireasoner.published.base import Evaluator
from scireasoner.tasks.suites import peer_data
from scireasoner.tasks.suites.bio_data import NUMERIC, POLAR, Style
from scireasoner.tasks.suites.bio_instruction_data import soluble
from scireasoner.tasks.suites.bio_rows import PROTEIN, Collection, Kind, Line
from scireasoner.types import Domain, Family

_COLLECTION = Collection(
    suite="peer",
    benchmark="PEER",
    repo="SciReason/PEER-test",
    prefix="SciReasoner-PEER_",
    source="PEER (arXiv:2206.02096)",
    licence="not stated by the hub page",
)
# A number above it is a yes in the released evaluation.
_STABLE = 1.0


def _kind(evaluator: Evaluator, style: Style, *metrics: Metric) -> Kind:
    return Kind(Family.CLASSIFICATION, metrics, "accuracy", "0..100", evaluator, style)


# The evaluators of the later merge: the first ones ask a language model, and then the number
# depends on it.
_BINARY = _kind(peer.RULES, POLAR, ACCURACY, BALANCED_ACCURACY, MCC)
_STABILITY = _kind(
    peer.STABILITY, NUMERIC, accuracy_above(_STABLE), SPEARMAN, mae(None, -10, 10), ACCURACY
)

_PAIR = {"protein_a": "protein", "protein_b": "protein"}

_TABLE = (
    Line(
        name="peer_solubility",
        released="solubility",
        kind=_BINARY,
        domain=Domain.PROTEIN,
        answer=Boolean(),
        prompt="Is the protein {protein} soluble when it is expressed in E. coli?",
        inputs=PROTEIN,
        source="DeepSol (doi:10.1093/bioinformatics/bty166)",
        size=None,
        tables=(soluble(),),
    ),
    Line(
        name="peer_stability",
        released="stability",
        kind=_STABILITY,
        domain=Domain.PROTEIN,
        answer=Number(None, low=-10, high=10, scale=0.5, tolerance=0.5),  # declared
        prompt="How stable is the small protein {protein} against proteolysis (log10 of EC50 over "
        "that of the unfolded state)?",
        inputs=PROTEIN,
        source="designed proteins (doi:10.1126/science.aan0693)",
        size=None,
        golds=("1.24", "-0.1", "0.62"),
    ),
    Line(
        name="peer_human_ppi",
        released="human_ppi",
        kind=_BINARY,
        domain=Domain.PROTEIN,
        answer=Boolean(),
        prompt="Do the human proteins {protein_a} and {protein_b} bind each other?",
        inputs=_PAIR,
        source="human interactions (doi:10.1021/pr100618t)",
        size=237,
        tables=(peer_data.human(),),
    ),
    Line(
        name="peer_yeast_ppi",
        released="yeast_ppi",
        kind=_BINARY,
        domain=Domain.PROTEIN,
        answer=Boolean(),
        prompt="Do the yeast proteins {protein_a} and {protein_b} bind each other?",
        inputs=_PAIR,
        source="yeast interactions (doi:10.1093/nar/gkn159)",
        size=394,
        tables=(peer_data.yeast(),),
    ),
)

for _line in _TABLE:
    _COLLECTION.add(_line)
