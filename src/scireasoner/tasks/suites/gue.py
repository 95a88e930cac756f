"""GUE: eleven yes-or-no questions about human DNA (arXiv:2306.15006)."""

from __future__ import annotations

from scireasoner.answers import Boolean
from scireasoner.metrics import ACCURACY, BALANCED_ACCURACY, MCC
from scireasoner.published.gue import GUE as GUE_EVALUATOR
from scireasoner.tasks.suites.bio_data import POLAR
from scireasoner.tasks.suites.collection import DNA, Collection, Row
from scireasoner.tasks.suites.gue_data import (
    CORE_PROMOTER,
    EITHER_STRAND,
    ENCODE,
    EPD,
    GUE,
    HUMAN_FACTORS,
    LICENCE,
    ONE_STRAND,
    PROMOTER,
    one_set,
)
from scireasoner.tasks.tables import DataSet
from scireasoner.types import Domain, Family

_COLLECTION = Collection(
    suite="gue",
    benchmark="GUE",
    repo="SciReason/GUE-test",
    source=GUE,
    licence=LICENCE,
    alias="SciReasoner-Gue_",
)
_KIND = POLAR.kind(GUE_EVALUATOR, "-100..100", MCC, BALANCED_ACCURACY, ACCURACY, decoding="greedy")

_CORE = "Is the human DNA {{dna}} a core promoter (34 bp before to 35 bp after the start){}?"
_WHOLE = "Is the human DNA {{dna}} a promoter (249 bp before to 50 bp after the start){}?"
_BINDS = "Does the transcription factor of the human ChIP-seq set {} of GUE bind to {{dna}}?"
_TATA = " with a TATA box"
_TATA_LESS = " without a TATA box"

# name, released name, set, question
_TABLE: tuple[tuple[str, str, DataSet, str], ...] = (
    ("core_promoter_all", "cpd-prom_core_all", CORE_PROMOTER, _CORE.format("")),
    ("core_promoter_notata", "cpd-prom_core_notata", CORE_PROMOTER, _CORE.format(_TATA_LESS)),
    ("core_promoter_tata", "cpd-prom_core_tata", CORE_PROMOTER, _CORE.format(_TATA)),
    ("promoter_300_all", "pd-prom_300_all", PROMOTER, _WHOLE.format("")),
    ("promoter_300_notata", "pd-prom_300_notata", PROMOTER, _WHOLE.format(_TATA_LESS)),
    ("promoter_300_tata", "pd-prom_300_tata", PROMOTER, _WHOLE.format(_TATA)),
    ("tf_human_0", "tf-h-0", HUMAN_FACTORS, _BINDS.format("tf-h-0")),
    ("tf_human_1", "tf-h-1", HUMAN_FACTORS, _BINDS.format("tf-h-1")),
    ("tf_human_2", "tf-h-2", HUMAN_FACTORS, _BINDS.format("tf-h-2")),
    ("tf_human_3", "tf-h-3", HUMAN_FACTORS, _BINDS.format("tf-h-3")),
    ("tf_human_4", "tf-h-4", HUMAN_FACTORS, _BINDS.format("tf-h-4")),
)

for _name, _released, _data, _question in _TABLE:
    _COLLECTION.add(
        Row(
            name=f"gue_{_name}",
            released=_released,
            family=Family.CLASSIFICATION,
            domain=Domain.DNA,
            kind=_KIND,
            answer=Boolean(),
            prompt=_question,
            inputs=DNA,
            tables=(one_set(_data, _released),),
            size=None,
            examples=POLAR.shown(DNA),
            underlying=ENCODE if _data is HUMAN_FACTORS else EPD,
            symmetries=EITHER_STRAND if _data is HUMAN_FACTORS else ONE_STRAND,
        )
    )
