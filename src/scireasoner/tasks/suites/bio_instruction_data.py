"""The public sets behind Biology-Instructions that no other suite uses, and their adapters."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from scireasoner.published import bio
from scireasoner.published.base import Row
from scireasoner.science.text import normalise_entity
from scireasoner.settings import locate
from scireasoner.tasks.release import Record
from scireasoner.tasks.suites.bio_data import (
    LIST,
    NUMERIC,
    POLAR,
    Style,
    adapter,
    ec_numbers,
    joined,
    known_names,
    names_style,
    polar,
)
from scireasoner.tasks.tables import DataSet, Join, Table

REPO = "SciReason/bio_instruction"

RNA_FAMILIES = (
    "5S_rRNA", "5_8S_rRNA", "tRNA", "ribozyme", "CD-box", "miRNA", "Intron_gpI", "Intron_gpII",
    "HACA-box", "riboswitch", "IRES", "leader", "scaRNA",
)  # fmt: skip
MODIFICATIONS = (
    "Am", "Cm", "Gm", "Um", "m1A", "m5C", "m5U", "m6A", "m6Am", "m7G", "Psi", "AtoI",
)  # fmt: skip
_SYMBOLS = {"ψ": "psi", "a-to-i": "atoi"}


def fold_modification(text: str) -> str:
    """Return the one spelling of a modification, of its usual symbol too."""
    plain = normalise_entity(text)
    return _SYMBOLS.get(plain, plain)


ENZYME_STYLE = names_style(ec_numbers, ",", labelled=True)
FAMILY_STYLE = names_style(known_names(RNA_FAMILIES), LIST, labelled=True)
MODIFICATION_STYLE = names_style(known_names((*MODIFICATIONS, "none")), ",", labelled=True)

ANTIBODIES = DataSet(
    "bio/antibody_antigen_neutralization",
    "DeepAAI (doi:10.1038/s42256-022-00553-w); CATNAP (doi:10.1093/nar/gkv404), "
    "CoV-AbDab (doi:10.1093/bioinformatics/btaa739)",
    "AGPL-3.0 (repository); CATNAP and CoV-AbDab are open",
    ships=False,
    note="HIV and SARS-CoV-2, sub-sampled; the test antibodies against HIV are not in train",
)
RNA_PROTEIN = DataSet(
    "bio/rna_protein_interaction",
    "RPI369 and RPI2241 (doi:10.1186/1471-2105-12-489) as in RPITER (doi:10.3390/ijms20051070)",
    "MIT (repository)",
    ships=True,
    note="an own split by pair; a molecule of a test pair may be in train with another partner; "
    "RPI488 and RPI1807 are left out, as their negatives are positives of RPI2241",
)
RIBOSOME_LOAD = DataSet(
    "bio/rna_mean_ribosome_load",
    "polysome profiling of 5' UTRs (doi:10.1038/s41587-019-0164-5, GSE114002)",
    "open (GEO); of the repositories one states none and one is GPL-3.0",
    ships=False,
    note="train and dev are 50-mers, test also has the lengths 25 to 100 of the published test "
    "set; RNA with modified bases is left out",
)
CRISPR = DataSet(
    "bio/crispr_on_target",
    "DeepCRISPR (doi:10.1186/s13059-018-1459-4)",
    "Apache-2.0 (repository)",
    ships=True,
    note="an own split by target; train may hold rows of the published test set",
)
SIRNA = DataSet(
    "bio/sirna_efficacy",
    "Huesken 2005 (doi:10.1038/nbt1118) and smaller sets, as collected for GNN4siRNA",
    "not stated (published measurements)",
    ships=False,
    note="unmodified siRNA, split by target mRNA; the mRNA left is 100 % less the normalised "
    "inhibition, at least 0; the mRNA is shown around the site only",
)
MODIFIED = DataSet(
    "bio/rna_modification",
    "m5C sites (AnacletoLAB/RNA_m5C_predict), pseudouridine sites (doi:10.1038/mtna.2016.37)",
    "not stated (published benchmarks)",
    ships=False,
    note="two of the twelve modifications (m5C and Psi) and none; sites of human, mouse and yeast",
)
FLUORESCENCE = DataSet(
    "bio/protein_fluorescence_gfp",
    "variants of avGFP (doi:10.1038/nature17995), as in nn4dms (doi:10.1073/pnas.2104878118)",
    "MIT (repository)",
    ships=True,
    note="split by the rule of TAPE (test: four and more mutations), sub-sampled",
    sampled=True,
)
MELTING = DataSet(
    "bio/protein_melting_temperature",
    "ProThermDB (doi:10.1093/nar/gkaa1035)",
    "free for academic use (ProThermDB); the repository states none",
    ships=False,
    note="345 proteins of any organism, not the human cells of the published set; an own split",
)
RNA_FAMILY = DataSet(
    "bio/ncrna_family",
    "nRC (doi:10.1186/s13040-017-0148-2), Rfam (doi:10.1093/nar/gkaa1047)",
    "CC0 (Rfam); the repository states none",
    ships=False,
    note="the usual split of 13 classes less doubles: 2,271 of 2,600 test rows",
    sampled=True,
)
# Also of other suites.
SOLUBILITY = DataSet(
    "bio/protein_solubility",
    "PLM_Sol (doi:10.1093/bib/bbae404) and the test set of DeepSoluE "
    "(doi:10.1186/s12915-023-01510-8)",
    "MIT (PLM_Sol); the repository of DeepSoluE states none",
    ships=False,
    note="not the proteins of DeepSol, which the published sets use; some may be the same",
    open_part=("source", ("PLM_Sol",)),
)
ENZYMES = DataSet(
    "bio/protein_ec_clean",
    "CLEAN (doi:10.1126/science.adf2465), UniProt (doi:10.1093/nar/gkac1052)",
    "research use only (repository); CC BY 4.0 (UniProt)",
    ships=False,
    note="train is split10 of CLEAN, test is New-392 less five sequences",
)
NEW_392 = replace(ENZYMES, sampled=True)

_ANTIGEN = Join("antigen", "antigen_id", "antigens.jsonl.gz", "antigen_id", "sequence")
_CHAINS = ("heavy_or_single_chain", "light_chain")
_ANTIBODY = tuple(
    Join(chain, "antibody_id", "antibodies.jsonl.gz", "antibody_id", chain) for chain in _CHAINS
)
_RNA = Join("rna", "rna_id", "rnas.jsonl.gz", "rna_id", "sequence")
_PROTEIN = Join("protein", "protein_id", "proteins.jsonl.gz", "protein_id", "sequence")
_YES = polar("label")


def _antibody(record: Record) -> str:
    """Return both chains with an X between them, as the published set has them."""
    return "X".join(chain for name in _CHAINS if (chain := record.get(name)))


def antibodies() -> Table:
    """Return the antibody-antigen pairs."""
    rows = adapter({"antibody": _antibody, "antigen": "antigen"}, _YES)
    return POLAR.table(ANTIBODIES, rows, *_ANTIBODY, _ANTIGEN)


def rna_proteins() -> Table:
    """Return the pairs of RNA and protein."""
    rows = adapter({"rna": "rna", "protein": "protein"}, _YES, where=_consistent)
    return POLAR.table(RNA_PROTEIN, rows, _RNA, _PROTEIN)


def _consistent(record: Record) -> bool:
    return record["dataset"] in {"RPI369", "RPI2241"}


def ribosome_load() -> Table:
    """Return the 5' UTRs without modified bases; those of varying length only for the test."""
    rows = adapter({"rna": "sequence"}, "mean_ribosome_load", where=_plain_utr)
    return NUMERIC.table(RIBOSOME_LOAD, rows)


def _plain_utr(record: Record) -> bool:
    library = record["library"]
    if library == "varying_length_25_100":
        # These are rows of the published test set.
        return bool(record["split"] == "test")
    return not str(library).endswith("pseudouridine")


def sirnas() -> Table:
    """Return the siRNAs with their target site; letters apart, as modified ones are written."""
    rows = adapter({"sirna": _spaced, "rna": "target_context_sequence"}, _remaining)
    return NUMERIC.table(SIRNA, rows)


def _spaced(record: Record) -> str:
    return " ".join(str(record["sirna_sequence"]))


def _remaining(record: Record) -> str:
    return f"{max(0.0, 100 * (1 - float(record['efficacy']))):.1f}"


def modified() -> Table:
    """Return the RNA windows around a modified or unmodified base."""
    return MODIFICATION_STYLE.table(MODIFIED, adapter({"rna": "sequence"}, "modification"))


def melting() -> Table:
    """Return the proteins with their melting temperature to 0.1 degrees."""
    rows = adapter({"protein": "sequence"}, _melting_point)
    return NUMERIC.table(MELTING, rows)


def _melting_point(record: Record) -> str:
    return f"{float(record['melting_temperature_c']):.1f}"


def rna_families() -> Table:
    """Return the non-coding RNAs."""
    return FAMILY_STYLE.table(RNA_FAMILY, adapter({"rna": "sequence"}, "rna_family"))


def guides() -> Table:
    """Return the targets of Cas9 in four human cell lines."""
    rows = adapter({"dna": "sequence", "cells": _cells}, "efficacy")
    return NUMERIC.table(CRISPR, rows)


def _cells(record: Record) -> str:
    return _CELLS[record["cell_line"]]


_CELLS = {"hct116": "HCT116", "hela": "HeLa", "hek293t": "HEK293T", "hl60": "HL-60"}


def fluorescence() -> Table:
    """Return the variants of avGFP."""
    rows = adapter({"protein": "mutant_sequence"}, "log10_fluorescence")
    return NUMERIC.table(FLUORESCENCE, rows)


def soluble() -> Table:
    """Return the proteins expressed in E. coli."""
    return POLAR.table(SOLUBILITY, adapter({"protein": "sequence"}, _YES))


def enzymes(style: Style, data: DataSet = ENZYMES) -> Table:
    """Return the enzymes with all their EC numbers."""
    return style.table(data, adapter({"protein": "sequence"}, joined("ec_number")))


def _fmax(rows: Sequence[Row]) -> Mapping[str, float | None]:
    """Return the released Fmax; None without the hub's list of known EC numbers."""
    path = locate(f"{REPO}/ec_labels.json")
    if path is None:
        return {"Fmax": None}
    return bio.enzyme(json.loads(path.read_text(encoding="utf-8"))).finish(rows)


FMAX_OF_HUB = replace(bio.enzyme(()), finish=_fmax)
