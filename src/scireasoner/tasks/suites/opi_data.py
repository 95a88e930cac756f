"""The public sets behind OPI, their adapters, and how OPI writes its answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from scireasoner.answers import LabelSet
from scireasoner.science.text import normalise_entity
from scireasoner.tasks.release import Record, output_of
from scireasoner.tasks.suites.bio_data import (
    Style,
    adapter,
    ec_numbers,
    joined,
    listed,
    names_style,
)
from scireasoner.tasks.tables import DataSet, Table
from scireasoner.types import Fault

UNIPROT = "UniProt (doi:10.1093/nar/gkac1052)"

TUBERCULOSIS = DataSet(
    "bio/protein_annotation_uniprot_mtb",
    f"{UNIPROT}: proteome of Mycobacterium tuberculosis H37Rv, as in COMBAT-TB "
    "(doi:10.1093/bioinformatics/btz658)",
    "CC BY 4.0",
    ships=True,
    note="one proteome instead of all of Swiss-Prot; an own split by sequence",
)
YEAST = DataSet(
    "bio/protein_function_yeast",
    f"SGD (doi:10.1093/nar/gkr1029), {UNIPROT}",
    "CC BY 4.0; the repositories state none",
    ships=True,
    note="descriptions of yeast proteins in the style of SGD, not of UniProt; an own split",
)
KEYWORDS = DataSet(
    "bio/protein_keywords",
    UNIPROT,
    "CC BY 4.0",
    ships=True,
    note="219 proteins, most of them enzymes; an own split",
)
FOLDS = DataSet(
    "bio/protein_fold",
    "SCOP 1.75 (doi:10.1093/nar/gkm993), DeepSF (doi:10.1093/bioinformatics/btx780), "
    "TAPE (arXiv:1906.08230)",
    "MIT (InstructProtein); the repository of DeepSF states none",
    ships=False,
    note="folds by their SCOP name (a.1), not by OPI's number; test is most of TAPE's test sets, "
    "of which train holds nothing",
    open_part=("homology_level", ("valid", "family")),
)
LOCATIONS = DataSet(
    "bio/protein_localization",
    "DeepLoc (doi:10.1093/bioinformatics/btx431), Light attention (doi:10.1093/bioadv/vbab035)",
    "MIT (repository); UniProt CC BY 4.0",
    ships=True,
    note="train holds a part of DeepLoc's test file: a model trained on it cannot be compared on "
    "the published test set",
)
CANCERS = DataSet(
    "bio/gene_cancer",
    "CancerMine (doi:10.1038/s41592-019-0422-y)",
    "CC0",
    ships=True,
    note="links of the literature with two citations or more, not those of OPI; split by gene",
)
TISSUES = DataSet(
    "bio/gene_tissue_hpa",
    "Human Protein Atlas (doi:10.1126/science.1260419)",
    "CC BY-SA 4.0",
    ships=False,
    note="tissues with RNA at least four times the mean of the others, not all that express the "
    "gene; split by gene",
)

LOCATION_NAMES = (
    "nucleus", "cytoplasm", "extracellular", "mitochondrion", "membrane", "endoplasmic reticulum",
    "plastid", "golgi apparatus", "lysosome/vacuole", "peroxisome",
)  # fmt: skip
"""The ten classes of DeepLoc, the cell membrane by the word that OPI uses."""

_LOCATION_WORDS = {
    "cell membrane": "membrane",
    "plasma membrane": "membrane",
    "cell.membrane": "membrane",
    "endoplasmic.reticulum": "endoplasmic reticulum",
    "golgi.apparatus": "golgi apparatus",
    "golgi": "golgi apparatus",
    "lysosome": "lysosome/vacuole",
    "vacuole": "lysosome/vacuole",
    "mitochondria": "mitochondrion",
}


def fold_location(text: str) -> str:
    """Return the one spelling of a location."""
    plain = normalise_entity(text)
    return _LOCATION_WORDS.get(plain, plain)


@dataclass(frozen=True)
class OneName(LabelSet):
    """A single name of an open list: the folds are too many to be listed."""

    kind: ClassVar[str] = "name"

    def asks(self) -> str:
        """Return the sentence that asks for the name."""
        return f"Answer with the {self.kind_of} only."

    def read(self, text: str) -> tuple[str, ...] | Fault:
        """Read one name; several are a fault."""
        names = super().read(text)
        return Fault.TWO_ANSWERS if isinstance(names, tuple) and len(names) > 1 else names


def as_written(record: Record) -> str | None:
    """Return the output without blanks around it."""
    return (output_of(record) or "").strip() or None


TEXT = Style(as_written, str)
ENZYME = names_style(ec_numbers, ";")
TERMS = names_style(listed(";"), " ; ")
"""Names that may hold commas."""
NAMES = names_style(listed(";,"), ", ")

_PROTEIN = {"protein": "sequence"}


def functions(data: DataSet) -> Table:
    """Return the proteins whose function is described."""
    return TEXT.table(data, adapter(_PROTEIN, "function"))


def go_terms() -> Table:
    """Return the proteins with their GO terms: component, then function, then process."""
    return TERMS.table(TUBERCULOSIS, adapter(_PROTEIN, joined("go_cc", "go_mf", "go_bp")))


def keywords() -> Table:
    """Return the proteins with their UniProt keywords."""
    return TERMS.table(KEYWORDS, adapter(_PROTEIN, joined("keywords")))


def folds() -> Table:
    """Return the protein domains; those of TAPE's family test set are only tested on."""
    return TEXT.table(FOLDS, adapter(_PROTEIN, "fold", where=_unpublished))


def _unpublished(record: Record) -> bool:
    return record["split"] == "test" or record["homology_level"] != "family"


def locations() -> Table:
    """Return the proteins in one location."""
    return TEXT.table(LOCATIONS, adapter(_PROTEIN, _location))


def _location(record: Record) -> str | None:
    name = fold_location(str(record["subcellular_location"]))
    return name if name in LOCATION_NAMES else None


def cancers(column: str) -> Table:
    """Return the genes with their cancers; the column says how a gene is called."""
    return NAMES.table(CANCERS, adapter({"gene": column}, joined("cancermine_cancers")))


def tissues() -> Table:
    """Return the genes with the tissues where they stand out."""
    return NAMES.table(TISSUES, adapter({"gene": "gene_symbol"}, joined("elevated_tissues")))
