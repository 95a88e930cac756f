"""PEER (arXiv:2206.02096): solubility and stability of proteins, and pairs that interact."""

from __future__ import annotations

from scireasoner.answers import Boolean, Number
from scireasoner.metrics import (
    ACCURACY,
    BALANCED_ACCURACY,
    MCC,
    SPEARMAN,
    accuracy_above,
    mae,
)
from scireasoner.published import peer
from scireasoner.tasks.suites import peer_data
from scireasoner.tasks.suites.bio_data import NUMERIC, POLAR
from scireasoner.tasks.suites.bio_instruction_data import soluble
from scireasoner.tasks.suites.collection import PROTEIN, Collection, Row
from scireasoner.types import Domain, Family

_COLLECTION = Collection(
    suite="peer",
    benchmark="PEER",
    repo="SciReason/PEER-test",
    source="PEER (arXiv:2206.02096)",
    licence="not stated by the hub page",
    alias="SciReasoner-PEER_",
)
# A number above it is a yes in the released evaluation.
_STABLE = 1.0


# The evaluators of the later merge: the first ones ask a language model, and then the number
# depends on it.
_BINARY = POLAR.kind(peer.RULES, "0..100", ACCURACY, BALANCED_ACCURACY, MCC)
_STABILITY = NUMERIC.kind(
    peer.STABILITY, "0..100", accuracy_above(_STABLE), SPEARMAN, mae(None, -10, 10), ACCURACY
)

_PAIR = {"protein_a": "protein", "protein_b": "protein"}

_TABLE = (
    Row(
        name="peer_solubility",
        released="solubility",
        family=Family.CLASSIFICATION,
        domain=Domain.PROTEIN,
        kind=_BINARY,
        answer=Boolean(),
        prompt="Is the protein {protein} soluble when it is expressed in E. coli?",
        inputs=PROTEIN,
        tables=(soluble(),),
        size=None,
        examples=POLAR.shown(PROTEIN),
        underlying="DeepSol (doi:10.1093/bioinformatics/bty166)",
    ),
    Row(
        name="peer_stability",
        released="stability",
        family=Family.CLASSIFICATION,
        domain=Domain.PROTEIN,
        kind=_STABILITY,
        answer=Number(None, low=-10, high=10, scale=0.5, tolerance=0.5),  # declared
        prompt="How stable is the small protein {protein} against proteolysis (log10 of EC50 over "
        "that of the unfolded state)?",
        inputs=PROTEIN,
        tables=(),
        size=None,
        examples=NUMERIC.shown(PROTEIN, ("1.24", "-0.1", "0.62")),
        underlying="designed proteins (doi:10.1126/science.aan0693)",
    ),
    Row(
        name="peer_human_ppi",
        released="human_ppi",
        family=Family.CLASSIFICATION,
        domain=Domain.PROTEIN,
        kind=_BINARY,
        answer=Boolean(),
        prompt="Do the human proteins {protein_a} and {protein_b} bind each other?",
        inputs=_PAIR,
        tables=(peer_data.human(),),
        size=237,
        examples=POLAR.shown(_PAIR),
        underlying="human interactions (doi:10.1021/pr100618t)",
    ),
    Row(
        name="peer_yeast_ppi",
        released="yeast_ppi",
        family=Family.CLASSIFICATION,
        domain=Domain.PROTEIN,
        kind=_BINARY,
        answer=Boolean(),
        prompt="Do the yeast proteins {protein_a} and {protein_b} bind each other?",
        inputs=_PAIR,
        tables=(peer_data.yeast(),),
        size=394,
        examples=POLAR.shown(_PAIR),
        underlying="yeast interactions (doi:10.1093/nar/gkn159)",
    ),
)

for _row in _TABLE:
    _COLLECTION.add(_row)
