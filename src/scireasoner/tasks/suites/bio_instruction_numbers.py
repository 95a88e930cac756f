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
    Metric,
    mae,
)
from scireasoner.published import bio_numbers
from scireasoner.published.base import Evaluator
from scireasoner.tasks.release import Status
from scireasoner.tasks.suites import bio_instruction_data as sets
from scireasoner.tasks.suites.bio_data import NUMERIC, Style, several
from scireasoner.tasks.suites.bio_rows import DNA, PROTEIN, RNA, Kind, Line
from scireasoner.types import Domain, Family

_CORRELATION = "-100..100"
_SQUARED = "0..100 (squared Pearson correlation)"


def _kind(evaluator: Evaluator, scale: str, style: Style, *metrics: Metric) -> Kind:
    return Kind(Family.PREDICTION, metrics, evaluator.headline, scale, evaluator, style)


def _ranked(unit: str | None, low: float, high: float) -> Kind:
    metrics = (SPEARMAN, mae(unit, low, high), ACCURACY)
    return _kind(bio_numbers.SPEARMAN, _CORRELATION, NUMERIC, *metrics)


def _linear(evaluator: Evaluator, low: float, high: float) -> Kind:
    metrics = (PEARSON_SQUARED, R2, SPEARMAN, mae(None, low, high), ACCURACY)
    return _kind(evaluator, _SQUARED, NUMERIC, *metrics)


def _alike(
    names: tuple[str, ...], low: float, high: float, scale: float, tolerance: float
) -> Numbers:
    """Return an answer of several pure numbers with the same range and scale."""
    n = len(names)
    return Numbers(names, (None,) * n, (low,) * n, (high,) * n, (scale,) * n, (tolerance,) * n)


_ENHANCER = _kind(bio_numbers.ENHANCER, _CORRELATION, several("hk", "dev"), PEARSON, ACCURACY)
_SWITCH = _kind(
    bio_numbers.SWITCHES, _SQUARED, several("ON", "OFF", "ON_OFF"), PEARSON_SQUARED, ACCURACY
)
_SIRNA = _kind(
    bio_numbers.MIXED, "0..100", NUMERIC, SIRNA_MIXED, mae("%", 0, 200), SPEARMAN, ACCURACY
)

NUMBER_TABLE = (
    Line(
        name="bio_enhancer_activity",
        released="enhancer_activity",
        kind=_ENHANCER,
        domain=Domain.DNA,
        answer=_alike(("HK", "Dev"), low=-10, high=20, scale=1.0, tolerance=0.5),  # declared
        prompt="How active is {dna} as an enhancer in Drosophila S2 cells, with a housekeeping "
        "promoter (HK) and with a developmental one (Dev), in log2 of RNA over input?",
        inputs=DNA,
        source="DeepSTARR (doi:10.1038/s41588-022-01048-5)",
        size=41186,
        golds=("1.2; 0.4", "-0.3; 2.1", "0; -0.7"),
    ),
    Line(
        name="bio_apa_isoform",
        released="Isoform",
        kind=_linear(bio_numbers.ISOFORM, 0, 1),
        domain=Domain.RNA,
        answer=Number(None, low=0, high=1, scale=0.2, tolerance=0.1),  # declared
        prompt="Which share (0 to 1) of the transcripts ends at the proximal poly(A) site in the "
        "3' UTR {rna}?",
        inputs=RNA,
        source="APARENT (doi:10.1016/j.cell.2019.04.046)",
        size=49755,
        golds=("0.93", "0.05", "0.5"),
    ),
    Line(
        name="bio_mean_ribosome_loading",
        released="MeanRibosomeLoading",
        kind=_linear(bio_numbers.R2, 0, 15),
        domain=Domain.RNA,
        answer=Number(None, low=0, high=15, scale=1.29, tolerance=0.5),
        prompt="How many ribosomes on average sit on an mRNA with the 5' UTR {rna} in human "
        "cells (polysome profiling)?",
        inputs=RNA,
        source=sets.RIBOSOME_LOAD.source,
        size=7600,
        tables=(sets.ribosome_load(),),
        golds=("7.12", "4.5", "5.9"),
    ),
    Line(
        name="bio_programmable_rna_switch",
        released="ProgrammableRNASwitches",
        kind=_SWITCH,
        domain=Domain.RNA,
        answer=_alike(
            ("ON", "OFF", "ON/OFF"), low=-2, high=2, scale=0.2, tolerance=0.1
        ),  # declared
        prompt="How well does the toehold switch {rna} work? Give its normalised signal with the "
        "trigger (ON, 0 to 1) and without (OFF, 0 to 1), and how far they are apart (ON/OFF).",
        inputs=RNA,
        source="toehold switches (doi:10.1038/s41467-020-18677-1)",
        size=9154,
        golds=("0.81; 0.12; 0.69", "0.2; 0.15; 0.05", "0.5; 0.6; -0.1"),
    ),
    Line(
        name="bio_crispr_on_target",
        released="CRISPROnTarget",
        kind=_ranked(None, 0, 1),
        domain=Domain.RNA,
        answer=Number(None, low=0, high=1, scale=0.0956, tolerance=0.1),
        prompt="How efficiently (0 to 1) does Cas9 knock out a gene of the human cell line {cells} "
        "at the target {dna} (protospacer and PAM)?",
        inputs={**DNA, "cells": "text"},
        source=sets.CRISPR.source,
        size=416,
        tables=(sets.guides(),),
        golds=("0.21", "0.64", "0.08"),
        texts={
            "dna": (
                "GGGTGGGGGGAGTTTGCTCCTGG",
                "GAGTCCGAGCAGAAGAAGAAGGG",
                "GTCACCTCCAATGACTAGGGTGG",
            ),
            "cells": ("HCT116", "HeLa", "HEK293T"),
        },
    ),
    Line(
        name="bio_sirna_efficiency",
        released="sirnaEfficiency",
        kind=_SIRNA,
        domain=Domain.RNA,
        answer=Number("%", low=0, high=200, scale=16.7, tolerance=10),
        prompt="How much of the mRNA {rna} is left after treatment with the siRNA {sirna}?",
        inputs={"sirna": "sirna", "rna": "rna"},
        source="chemically modified siRNAs",
        size=6688,
        tables=(sets.sirnas(),),
        golds=("28.5", "71", "100"),
    ),
    Line(
        name="bio_fluorescence",
        released="Fluorescence",
        kind=_ranked(None, 0, 6),
        domain=Domain.PROTEIN,
        answer=Number(None, low=0, high=6, scale=0.152, tolerance=0.3),
        prompt="How bright is the variant {protein} of green fluorescent protein (log10 of the "
        "fluorescence; 3.72 for the wild type)?",
        inputs=PROTEIN,
        source="TAPE (arXiv:1906.08230), variants of avGFP (doi:10.1038/nature17995)",
        size=27217,
        tables=(sets.fluorescence(),),
        golds=("3.72", "1.3", "3.41"),
        status=Status.PAPER,
    ),
    Line(
        name="bio_stability",
        released="Stability",
        kind=_ranked(None, -10, 10),
        domain=Domain.PROTEIN,
        answer=Number(None, low=-10, high=10, scale=0.5, tolerance=0.5),  # declared
        prompt="How stable is the small protein {protein} against proteolysis (log10 of EC50 over "
        "that of the unfolded state)?",
        inputs=PROTEIN,
        source="TAPE (arXiv:1906.08230), designed proteins (doi:10.1126/science.aan0693)",
        size=None,
        golds=("1.24", "-0.1", "0.62"),
        status=Status.PAPER,
    ),
    Line(
        name="bio_thermostability",
        released="Thermostability",
        kind=_ranked("C", 0, 130),
        domain=Domain.PROTEIN,
        answer=Number("C", low=0, high=130, scale=18.65, tolerance=5),
        prompt="At which temperature does the protein {protein} melt?",
        inputs=PROTEIN,
        source="FLIP, Meltome atlas (doi:10.1038/s41592-020-0801-4)",
        size=1336,
        tables=(sets.melting(),),
        golds=("52.4", "47", "61.8"),
        status=Status.PAPER,
    ),
)
