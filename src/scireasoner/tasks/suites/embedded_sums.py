"""Tasks of the embedded suite that are sums over many parts: where a small model must think.

Every ``scale`` is the median absolute deviation of the training golds (a test compares them).
"""

from __future__ import annotations

from scireasoner.answers import Formula, Number
from scireasoner.metrics import ACCURACY, SCORE, SPEARMAN, mae
from scireasoner.tasks.registry import register
from scireasoner.tasks.suites.embedded import COMPUTED, MIT, PUBCHEM, embedded_task
from scireasoner.tasks.worked import masses
from scireasoner.types import Domain, Family

_NOMINAL = "mass numbers of the most abundant isotopes (doi:10.1351/PAC-REC-06-04-06) in RDKit"
_PEPTIDES = "peptides drawn as in Swiss-Prot, their atoms by RDKit"

register(
    embedded_task(
        name="peptide_formula",
        family=Family.TRANSLATION,
        domain=Domain.PROTEIN,
        prompt="What is the molecular formula of the linear peptide {protein}?",
        inputs={"protein": "protein"},
        answer=Formula(),
        metrics=(ACCURACY, SCORE),
        worked=masses.grow_peptide,
        source=_PEPTIDES,
        licence=COMPUTED,
    )
)

register(
    embedded_task(
        name="nominal_mass",
        family=Family.PREDICTION,
        domain=Domain.MOLECULE,
        prompt="What is the nominal mass of {formula}?",
        inputs={"formula": "formula"},
        answer=Number("Da", low=1, high=3000, scale=30, tolerance=0.4),
        metrics=(ACCURACY, mae("Da", 1, 3000), SPEARMAN),
        worked=masses.weigh_formula,
        source=f"{_NOMINAL}; formulas of: {PUBCHEM}",
        licence=MIT,
    )
)

register(
    embedded_task(
        name="peptide_mass",
        family=Family.PREDICTION,
        domain=Domain.PROTEIN,
        prompt="What is the nominal mass of the linear peptide {protein}?",
        inputs={"protein": "protein"},
        answer=Number("Da", low=75, high=5000, scale=102, tolerance=0.4),
        metrics=(ACCURACY, mae("Da", 75, 5000), SPEARMAN),
        worked=masses.weigh_peptide,
        source=f"{_NOMINAL}; {_PEPTIDES}",
        licence=COMPUTED,
    )
)
