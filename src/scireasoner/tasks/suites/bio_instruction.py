"""Biology-Instructions (arXiv:2412.19191): fifteen tasks of the release, six of the paper."""

from __future__ import annotations

from scireasoner.answers import Boolean, EcNumbers, Label, LabelSet
from scireasoner.metrics import (
    ACCURACY,
    BALANCED_ACCURACY,
    FMAX,
    MACRO_F1,
    MCC,
    SET_F1,
    Metric,
)
from scireasoner.published import bio
from scireasoner.published.base import Evaluator
from scireasoner.tasks.release import Status
from scireasoner.tasks.suites import bio_instruction_data as sets
from scireasoner.tasks.suites import gue_data as gue
from scireasoner.tasks.suites.bio_data import POLAR, Style
from scireasoner.tasks.suites.bio_instruction_numbers import NUMBER_TABLE
from scireasoner.tasks.suites.bio_rows import DNA, PROTEIN, RNA, Collection, Kind, Line
from scireasoner.types import Domain, Family

_COLLECTION = Collection(
    suite="bio_instruction",
    benchmark="bio_instruction",
    repo=sets.REPO,
    prefix="SciReasoner-bio_instruction-",
    source="Biology-Instructions (arXiv:2412.19191)",
    licence="not stated by the hub page",
)


def _class(evaluator: Evaluator, style: Style, *metrics: Metric) -> Kind:
    scale = "-100..100" if evaluator.headline == "MCC" else "0..100"
    return Kind(Family.CLASSIFICATION, metrics, evaluator.headline, scale, evaluator, style)


_BINARY = _class(bio.MCC, POLAR, MCC, BALANCED_ACCURACY, ACCURACY)
_SOLUBLE = _class(bio.ACCURACY, POLAR, ACCURACY, BALANCED_ACCURACY, MCC)

_BINARY_TABLE = (
    Line(
        name="bio_antibody_antigen",
        released="antibody_antigen",
        kind=_BINARY,
        domain=Domain.PROTEIN,
        answer=Boolean(),
        prompt="Does the antibody {antibody} (heavy chain, then light chain) neutralise the virus "
        "with the surface protein {antigen}?",
        inputs={"antibody": "protein", "antigen": "protein"},
        source=sets.ANTIBODIES.source,
        size=3301,
        tables=(sets.antibodies(),),
    ),
    Line(
        name="bio_rna_protein_interaction",
        released="rna_protein_interaction",
        kind=_BINARY,
        domain=Domain.RNA,
        answer=Boolean(),
        prompt="Does the non-coding RNA {rna} interact with the protein {protein}?",
        inputs={**RNA, **PROTEIN},
        source=sets.RNA_PROTEIN.source,
        size=4164,
        tables=(sets.rna_proteins(),),
    ),
    Line(
        name="bio_epigenetic_marks",
        released="emp",
        kind=_BINARY,
        domain=Domain.DNA,
        answer=Boolean(),
        prompt="Is the yeast DNA {dna} enriched in {mark} by ChIP? (H3 and H4 are the histones, "
        "the others their methylations and acetylations.)",
        inputs={**DNA, "mark": "text"},
        source=gue.CHIP_CHIP,
        size=28741,
        tables=(gue.marks(),),
        texts={"mark": ("H3K4me3", "H4ac", "H3")},
    ),
    Line(
        name="bio_tf_binding_mouse",
        released="tf_m",
        kind=_BINARY,
        domain=Domain.DNA,
        answer=Boolean(),
        prompt="Does the transcription factor of the mouse ChIP-seq set {set} of GUE bind to "
        "{dna}?",
        inputs={**DNA, "set": "text"},
        source=gue.ENCODE,
        size=10005,
        tables=(gue.factors(gue.MOUSE_FACTORS),),
        texts={"set": ("tf-m-0", "tf-m-1", "tf-m-2")},
    ),
    Line(
        name="bio_promoter_enhancer",
        released="promoter_enhancer_interaction",
        kind=_BINARY,
        domain=Domain.DNA,
        answer=Boolean(),
        prompt="Do the enhancer {enhancer} and the promoter {promoter} interact in the human cell "
        "line {cells}?",
        inputs={"enhancer": "dna", "promoter": "dna", "cells": "text"},
        source="TargetFinder (doi:10.1038/ng.3539)",
        size=1762,
        texts={"cells": ("K562", "GM12878", "HeLa-S3")},
    ),
    Line(
        name="bio_core_promoter",
        released="cpd",
        kind=_BINARY,
        domain=Domain.DNA,
        answer=Boolean(),
        prompt="Is the human DNA {dna} a core promoter (34 bp before to 35 bp after the start)?",
        inputs=DNA,
        source=gue.EPD,
        size=None,
        tables=(gue.pooled(gue.CORE_PROMOTER),),
    ),
    Line(
        name="bio_promoter_300",
        released="pd",
        kind=_BINARY,
        domain=Domain.DNA,
        answer=Boolean(),
        prompt="Is the human DNA {dna} a promoter (249 bp before to 50 bp after the start)?",
        inputs=DNA,
        source=gue.EPD,
        size=None,
        tables=(gue.pooled(gue.PROMOTER),),
    ),
    Line(
        name="bio_tf_binding_human",
        released="tf_h",
        kind=_BINARY,
        domain=Domain.DNA,
        answer=Boolean(),
        prompt="Does the transcription factor of the human ChIP-seq set {set} of GUE bind to "
        "{dna}?",
        inputs={**DNA, "set": "text"},
        source=gue.ENCODE,
        size=None,
        tables=(gue.factors(gue.HUMAN_FACTORS),),
        texts={"set": ("tf-h-0", "tf-h-1", "tf-h-2")},
    ),
    Line(
        name="bio_solubility",
        released="Solubility",
        kind=_SOLUBLE,
        domain=Domain.PROTEIN,
        answer=Boolean(),
        prompt="Is the protein {protein} soluble when it is expressed in E. coli?",
        inputs=PROTEIN,
        source="DeepSol (doi:10.1093/bioinformatics/bty166)",
        size=2001,
        tables=(sets.soluble(),),
        status=Status.PAPER,
    ),
)

_CLASS_TABLE = (
    Line(
        name="bio_rna_modification",
        released="Modification",
        kind=_class(bio.MODIFICATION, sets.MODIFICATION_STYLE, SET_F1, ACCURACY),
        domain=Domain.RNA,
        answer=LabelSet("modifications", ";,", labels=sets.MODIFICATIONS),
        prompt="How is the base in the middle of the RNA {rna} modified?",
        inputs=RNA,
        source="MultiRM (doi:10.1038/s41467-021-24313-3)",
        size=1200,
        tables=(sets.modified(),),
        golds=("m6A", "none", "Am; m6Am"),
    ),
    Line(
        name="bio_enzyme_commission",
        released="FunctionEC",
        kind=_class(sets.FMAX_OF_HUB, sets.ENZYME_STYLE, FMAX, SET_F1, ACCURACY),
        domain=Domain.PROTEIN,
        answer=EcNumbers(),
        prompt="Which EC numbers does the enzyme {protein} have?",
        inputs=PROTEIN,
        source="DeepFRI (doi:10.1038/s41467-021-23303-9)",
        size=1919,
        tables=(sets.enzymes(sets.ENZYME_STYLE),),
        golds=("3.2.1.17", "2.7.11.1", "1.1.1.1; 1.1.1.284"),
        status=Status.PAPER,
    ),
    Line(
        name="bio_noncoding_rna_family",
        released="NoncodingRNAFamily",
        kind=_class(bio.FAMILY, sets.FAMILY_STYLE, ACCURACY, MACRO_F1),
        domain=Domain.RNA,
        answer=Label(sets.RNA_FAMILIES),
        prompt="Which class of non-coding RNA is {rna}?",
        inputs=RNA,
        source=sets.RNA_FAMILY.source,
        size=2600,
        tables=(sets.rna_families(),),
        golds=("tRNA", "riboswitch", "miRNA"),
        status=Status.PAPER,
    ),
)

for _line in (*_BINARY_TABLE, *_CLASS_TABLE, *NUMBER_TABLE):
    _COLLECTION.add(_line)
