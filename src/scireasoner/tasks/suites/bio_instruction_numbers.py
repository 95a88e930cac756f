"""The numeric tasks of Biology-Instructions.

A ``scale`` is the median absolute deviation of the training golds where a public set has them (a
test compares them); those marked "declared" are ours.
"""

from __future__ import annotations

from scireasoner.answers import Number, Numbers
from scireasoner.metrics import (
    ACCURACY,
    PEARSON,
    PEARSON_SQUARED,
    R2,
    SIRNA_MIXED,
    SPEARMAN,
    mae,
)
from scireasoner.published import bio_numbers
from scireasoner.published.base import Evaluator
from scireasoner.tasks.release import Status
from scireasoner.tasks.suites import bio_instruction_data as sets
from scireasoner.tasks.suites.bio_data import NUMERIC, several
from scireasoner.tasks.suites.collection import DNA, PROTEIN, RNA, Kind, Row
from scireasoner.types import Domain, Family

_CORRELATION = "-100..100"
_SQUARED = "0..100 (squared Pearson correlation)"


def _ranked(unit: str | None, low: float, high: float) -> Kind:
    metrics = (SPEARMAN, mae(unit, low, high), ACCURACY)
    return NUMERIC.kind(bio_numbers.SPEARMAN, _CORRELATION, *metrics)


def _linear(evaluator: Evaluator, low: float, high: float) -> Kind:
    metrics = (PEARSON_SQUARED, R2, SPEARMAN, mae(None, low, high), ACCURACY)
    return NUMERIC.kind(evaluator, _SQUARED, *metrics)


def _alike(
    names: tuple[str, ...], low: float, high: float, scale: float, tolerance: float
) -> Numbers:
    """Return an answer of several pure numbers with the same range and scale."""
    n = len(names)
    return Numbers(names, (None,) * n, (low,) * n, (high,) * n, (scale,) * n, (tolerance,) * n)


_PROMOTERS = several("hk", "dev")
_STATES = several("ON", "OFF", "ON_OFF")
_ENHANCER = _PROMOTERS.kind(bio_numbers.ENHANCER, _CORRELATION, PEARSON, ACCURACY)
_SWITCH = _STATES.kind(bio_numbers.SWITCHES, _SQUARED, PEARSON_SQUARED, ACCURACY)
_SIRNA = NUMERIC.kind(
    bio_numbers.MIXED, "0..100", SIRNA_MIXED, mae("%", 0, 200), SPEARMAN, ACCURACY
)
_CUT = {**DNA, "cells": "text"}
_SILENCED = {"sirna": "sirna", "rna": "rna"}

NUMBER_TABLE = (
    Row(
        name="bio_enhancer_activity",
        released="enhancer_activity",
        family=Family.PREDICTION,
        domain=Domain.DNA,
        kind=_ENHANCER,
        answer=_alike(("HK", "Dev"), low=-10, high=20, scale=1.0, tolerance=0.5),  # declared
        prompt="How active is {dna} as an enhancer in Drosophila S2 cells, with a housekeeping "
        "promoter (HK) and with a developmental one (Dev), in log2 of RNA over input?",
        inputs=DNA,
        tables=(),
        size=41186,
        examples=_PROMOTERS.shown(DNA, ("1.2; 0.4", "-0.3; 2.1", "0; -0.7")),
        underlying="DeepSTARR (doi:10.1038/s41588-022-01048-5)",
    ),
    Row(
        name="bio_apa_isoform",
        released="Isoform",
        family=Family.PREDICTION,
        domain=Domain.RNA,
        kind=_linear(bio_numbers.ISOFORM, 0, 1),
        answer=Number(None, low=0, high=1, scale=0.2, tolerance=0.1),  # declared
        prompt="Which share (0 to 1) of the transcripts ends at the proximal poly(A) site in the "
        "3' UTR {rna}?",
        inputs=RNA,
        tables=(),
        size=49755,
        examples=NUMERIC.shown(RNA, ("0.93", "0.05", "0.5")),
        underlying="APARENT (doi:10.1016/j.cell.2019.04.046)",
    ),
    Row(
        name="bio_mean_ribosome_loading",
        released="MeanRibosomeLoading",
        family=Family.PREDICTION,
        domain=Domain.RNA,
        kind=_linear(bio_numbers.R2, 0, 15),
        answer=Number(None, low=0, high=15, scale=1.29, tolerance=0.5),
        prompt="How many ribosomes on average sit on an mRNA with the 5' UTR {rna} in human "
        "cells (polysome profiling)?",
        inputs=RNA,
        tables=(sets.ribosome_load(),),
        size=7600,
        examples=NUMERIC.shown(RNA, ("7.12", "4.5", "5.9")),
        underlying=sets.RIBOSOME_LOAD.source,
    ),
    Row(
        name="bio_programmable_rna_switch",
        released="ProgrammableRNASwitches",
        family=Family.PREDICTION,
        domain=Domain.RNA,
        kind=_SWITCH,
        answer=_alike(
            ("ON", "OFF", "ON/OFF"), low=-2, high=2, scale=0.2, tolerance=0.1
        ),  # declared
        prompt="How well does the toehold switch {rna} work? Give its normalised signal with the "
        "trigger (ON, 0 to 1) and without (OFF, 0 to 1), and how far they are apart (ON/OFF).",
        inputs=RNA,
        tables=(),
        size=9154,
        examples=_STATES.shown(RNA, ("0.81; 0.12; 0.69", "0.2; 0.15; 0.05", "0.5; 0.6; -0.1")),
        underlying="toehold switches (doi:10.1038/s41467-020-18677-1)",
    ),
    Row(
        name="bio_crispr_on_target",
        released="CRISPROnTarget",
        family=Family.PREDICTION,
        domain=Domain.RNA,
        kind=_ranked(None, 0, 1),
        answer=Number(None, low=0, high=1, scale=0.0956, tolerance=0.1),
        prompt="How efficiently (0 to 1) does Cas9 knock out a gene of the human cell line {cells} "
        "at the target {dna} (protospacer and PAM)?",
        inputs=_CUT,
        tables=(sets.guides(),),
        size=416,
        examples=NUMERIC.shown(
            _CUT,
            ("0.21", "0.64", "0.08"),
            texts={
                "dna": (
                    "GGGTGGGGGGAGTTTGCTCCTGG",
                    "GAGTCCGAGCAGAAGAAGAAGGG",
                    "GTCACCTCCAATGACTAGGGTGG",
                ),
                "cells": ("HCT116", "HeLa", "HEK293T"),
            },
        ),
        underlying=sets.CRISPR.source,
    ),
    Row(
        name="bio_sirna_efficiency",
        released="sirnaEfficiency",
        family=Family.PREDICTION,
        domain=Domain.RNA,
        kind=_SIRNA,
        answer=Number("%", low=0, high=200, scale=16.7, tolerance=10),
        prompt="How much of the mRNA {rna} is left after treatment with the siRNA {sirna}?",
        inputs=_SILENCED,
        tables=(sets.sirnas(),),
        size=6688,
        examples=NUMERIC.shown(_SILENCED, ("28.5", "71", "100")),
        underlying="chemically modified siRNAs",
    ),
    Row(
        name="bio_fluorescence",
        released="Fluorescence",
        family=Family.PREDICTION,
        domain=Domain.PROTEIN,
        kind=_ranked(None, 0, 6),
        answer=Number(None, low=0, high=6, scale=0.152, tolerance=0.3),
        prompt="How bright is the variant {protein} of green fluorescent protein (log10 of the "
        "fluorescence; 3.72 for the wild type)?",
        inputs=PROTEIN,
        tables=(sets.fluorescence(),),
        size=27217,
        examples=NUMERIC.shown(PROTEIN, ("3.72", "1.3", "3.41")),
        underlying="TAPE (arXiv:1906.08230), variants of avGFP (doi:10.1038/nature17995)",
        status=Status.PAPER,
    ),
    Row(
        name="bio_stability",
        released="Stability",
        family=Family.PREDICTION,
        domain=Domain.PROTEIN,
        kind=_ranked(None, -10, 10),
        answer=Number(None, low=-10, high=10, scale=0.5, tolerance=0.5),  # declared
        prompt="How stable is the small protein {protein} against proteolysis (log10 of EC50 over "
        "that of the unfolded state)?",
        inputs=PROTEIN,
        tables=(),
        size=None,
        examples=NUMERIC.shown(PROTEIN, ("1.24", "-0.1", "0.62")),
        underlying="TAPE (arXiv:1906.08230), designed proteins (doi:10.1126/science.aan0693)",
        status=Status.PAPER,
    ),
    Row(
        name="bio_thermostability",
        released="Thermostability",
        family=Family.PREDICTION,
        domain=Domain.PROTEIN,
        kind=_ranked("C", 0, 130),
        answer=Number("C", low=0, high=130, scale=18.65, tolerance=5),
        prompt="At which temperature does the protein {protein} melt?",
        inputs=PROTEIN,
        tables=(sets.melting(),),
        size=1336,
        examples=NUMERIC.shown(PROTEIN, ("52.4", "47", "61.8")),
        underlying="FLIP, Meltome atlas (doi:10.1038/s41592-020-0801-4)",
        status=Status.PAPER,
    ),
)
