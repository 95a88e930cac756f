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
from scireasoner.tasks.suites.collection import DNA, PROTEIN, RNA, Collection, Kind, Row
from scireasoner.types import Domain, Family

_COLLECTION = Collection(
    suite="bio_instruction",
    benchmark="bio_instruction",
    repo=sets.REPO,
    source="Biology-Instructions (arXiv:2412.19191)",
    licence="not stated by the hub page",
    alias="SciReasoner-bio_instruction-",
)


def _class(evaluator: Evaluator, style: Style, *metrics: Metric) -> Kind:
    scale = "-100..100" if evaluator.headline == "MCC" else "0..100"
    return style.kind(evaluator, scale, *metrics)


_BINARY = _class(bio.MCC, POLAR, MCC, BALANCED_ACCURACY, ACCURACY)
_SOLUBLE = _class(bio.ACCURACY, POLAR, ACCURACY, BALANCED_ACCURACY, MCC)

_BINDING = {"antibody": "protein", "antigen": "protein"}
_CONTACT = {"enhancer": "dna", "promoter": "dna", "cells": "text"}
_MARKED = {**DNA, "mark": "text"}
_FACTOR = {**DNA, "set": "text"}

_BINARY_TABLE = (
    Row(
        name="bio_antibody_antigen",
        released="antibody_antigen",
        family=Family.CLASSIFICATION,
        domain=Domain.PROTEIN,
        kind=_BINARY,
        answer=Boolean(),
        prompt="Does the antibody {antibody} (heavy chain, then light chain) neutralise the virus "
        "with the surface protein {antigen}?",
        inputs=_BINDING,
        tables=(sets.antibodies(),),
        size=3301,
        examples=POLAR.shown(_BINDING),
        underlying=sets.ANTIBODIES.source,
    ),
    Row(
        name="bio_rna_protein_interaction",
        released="rna_protein_interaction",
        family=Family.CLASSIFICATION,
        domain=Domain.RNA,
        kind=_BINARY,
        answer=Boolean(),
        prompt="Does the non-coding RNA {rna} interact with the protein {protein}?",
        inputs={**RNA, **PROTEIN},
        tables=(sets.rna_proteins(),),
        size=4164,
        examples=POLAR.shown({**RNA, **PROTEIN}),
        underlying=sets.RNA_PROTEIN.source,
    ),
    Row(
        name="bio_epigenetic_marks",
        released="emp",
        family=Family.CLASSIFICATION,
        domain=Domain.DNA,
        kind=_BINARY,
        answer=Boolean(),
        prompt="Is the yeast DNA {dna} enriched in {mark} by ChIP? (H3 and H4 are the histones, "
        "the others their methylations and acetylations.)",
        inputs=_MARKED,
        tables=(gue.marks(),),
        size=28741,
        examples=POLAR.shown(_MARKED, texts={"mark": ("H3K4me3", "H4ac", "H3")}),
        underlying=gue.CHIP_CHIP,
        symmetries=gue.EITHER_STRAND,
    ),
    Row(
        name="bio_tf_binding_mouse",
        released="tf_m",
        family=Family.CLASSIFICATION,
        domain=Domain.DNA,
        kind=_BINARY,
        answer=Boolean(),
        prompt="Does the transcription factor of the mouse ChIP-seq set {set} of GUE bind to "
        "{dna}?",
        inputs=_FACTOR,
        tables=(gue.factors(gue.MOUSE_FACTORS),),
        size=10005,
        examples=POLAR.shown(_FACTOR, texts={"set": ("tf-m-0", "tf-m-1", "tf-m-2")}),
        underlying=gue.ENCODE,
        symmetries=gue.EITHER_STRAND,
    ),
    Row(
        name="bio_promoter_enhancer",
        released="promoter_enhancer_interaction",
        family=Family.CLASSIFICATION,
        domain=Domain.DNA,
        kind=_BINARY,
        answer=Boolean(),
        prompt="Do the enhancer {enhancer} and the promoter {promoter} interact in the human cell "
        "line {cells}?",
        inputs=_CONTACT,
        tables=(),
        size=1762,
        examples=POLAR.shown(
            _CONTACT,
            texts={"cells": ("K562", "GM12878", "HeLa-S3")},
        ),
        underlying="TargetFinder (doi:10.1038/ng.3539)",
    ),
    Row(
        name="bio_core_promoter",
        released="cpd",
        family=Family.CLASSIFICATION,
        domain=Domain.DNA,
        kind=_BINARY,
        answer=Boolean(),
        prompt="Is the human DNA {dna} a core promoter (34 bp before to 35 bp after the start)?",
        inputs=DNA,
        tables=(gue.pooled(gue.CORE_PROMOTER),),
        size=None,
        examples=POLAR.shown(DNA),
        underlying=gue.EPD,
        symmetries=gue.ONE_STRAND,
    ),
    Row(
        name="bio_promoter_300",
        released="pd",
        family=Family.CLASSIFICATION,
        domain=Domain.DNA,
        kind=_BINARY,
        answer=Boolean(),
        prompt="Is the human DNA {dna} a promoter (249 bp before to 50 bp after the start)?",
        inputs=DNA,
        tables=(gue.pooled(gue.PROMOTER),),
        size=None,
        examples=POLAR.shown(DNA),
        underlying=gue.EPD,
        symmetries=gue.ONE_STRAND,
    ),
    Row(
        name="bio_tf_binding_human",
        released="tf_h",
        family=Family.CLASSIFICATION,
        domain=Domain.DNA,
        kind=_BINARY,
        answer=Boolean(),
        prompt="Does the transcription factor of the human ChIP-seq set {set} of GUE bind to "
        "{dna}?",
        inputs=_FACTOR,
        tables=(gue.factors(gue.HUMAN_FACTORS),),
        size=None,
        examples=POLAR.shown(_FACTOR, texts={"set": ("tf-h-0", "tf-h-1", "tf-h-2")}),
        underlying=gue.ENCODE,
        symmetries=gue.EITHER_STRAND,
    ),
    Row(
        name="bio_solubility",
        released="Solubility",
        family=Family.CLASSIFICATION,
        domain=Domain.PROTEIN,
        kind=_SOLUBLE,
        answer=Boolean(),
        prompt="Is the protein {protein} soluble when it is expressed in E. coli?",
        inputs=PROTEIN,
        tables=(sets.soluble(),),
        size=2001,
        examples=POLAR.shown(PROTEIN),
        underlying="DeepSol (doi:10.1093/bioinformatics/bty166)",
        status=Status.PAPER,
    ),
)

_CLASS_TABLE = (
    Row(
        name="bio_rna_modification",
        released="Modification",
        family=Family.CLASSIFICATION,
        domain=Domain.RNA,
        kind=_class(bio.MODIFICATION, sets.MODIFICATION_STYLE, SET_F1, ACCURACY),
        answer=LabelSet(
            "modifications", ";,", labels=sets.MODIFICATIONS, fold=sets.fold_modification
        ),
        prompt="How is the base in the middle of the RNA {rna} modified?",
        inputs=RNA,
        tables=(sets.modified(),),
        size=1200,
        examples=sets.MODIFICATION_STYLE.shown(RNA, ("m6A", "none", "Am; m6Am")),
        underlying="MultiRM (doi:10.1038/s41467-021-24313-3)",
    ),
    Row(
        name="bio_enzyme_commission",
        released="FunctionEC",
        family=Family.CLASSIFICATION,
        domain=Domain.PROTEIN,
        kind=_class(sets.FMAX_OF_HUB, sets.ENZYME_STYLE, FMAX, SET_F1, ACCURACY),
        answer=EcNumbers(),
        prompt="Which EC numbers does the enzyme {protein} have?",
        inputs=PROTEIN,
        tables=(sets.enzymes(sets.ENZYME_STYLE),),
        size=1919,
        examples=sets.ENZYME_STYLE.shown(PROTEIN, ("3.2.1.17", "2.7.11.1", "1.1.1.1; 1.1.1.284")),
        underlying="DeepFRI (doi:10.1038/s41467-021-23303-9)",
        status=Status.PAPER,
    ),
    Row(
        name="bio_noncoding_rna_family",
        released="NoncodingRNAFamily",
        family=Family.CLASSIFICATION,
        domain=Domain.RNA,
        kind=_class(bio.FAMILY, sets.FAMILY_STYLE, ACCURACY, MACRO_F1),
        answer=Label(sets.RNA_FAMILIES),
        prompt="Which class of non-coding RNA is {rna}?",
        inputs=RNA,
        tables=(sets.rna_families(),),
        size=2600,
        examples=sets.FAMILY_STYLE.shown(RNA, ("tRNA", "riboswitch", "miRNA")),
        underlying=sets.RNA_FAMILY.source,
        status=Status.PAPER,
    ),
)

for _row in (*_BINARY_TABLE, *_CLASS_TABLE, *NUMBER_TABLE):
    _COLLECTION.add(_row)
