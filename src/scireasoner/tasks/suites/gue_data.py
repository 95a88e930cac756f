"""The public sets of GUE, for its eleven tasks and those of Biology-Instructions."""

from __future__ import annotations

from collections.abc import Callable

from scireasoner.tasks.release import Record
from scireasoner.tasks.suites.bio_data import POLAR, adapter, polar
from scireasoner.tasks.symmetry import Symmetry
from scireasoner.tasks.tables import DataSet, Table

GUE = "GUE of DNABERT-2 (arXiv:2306.15006)"
LICENCE = "Apache-2.0 (repositories of GUE); EPDnew, ENCODE and the yeast ChIP-chip data are open"
_SAMPLED = "official splits of GUE, sub-sampled: not the whole published test set"
EPD = "promoters of EPDnew (doi:10.1093/nar/gks1233)"
ENCODE = "ENCODE ChIP-seq (doi:10.1038/nature11247)"
CHIP_CHIP = "yeast ChIP-chip (doi:10.1016/j.cell.2005.06.026)"

EITHER_STRAND = frozenset({Symmetry.STRAND, Symmetry.FRAME})
"""A factor or a histone mark sits on both strands, and windows of GUE begin at no special base."""
ONE_STRAND = frozenset({Symmetry.FRAME})
"""A promoter has a direction. Two bases of its window more or less do not unmake it."""

CORE_PROMOTER = DataSet(
    "bio/gue_core_promoter", f"{GUE}; {EPD}", LICENCE, ships=True, note=_SAMPLED, sampled=True
)
PROMOTER = DataSet(
    "bio/gue_promoter_300",
    f"{GUE}; {EPD}",
    LICENCE,
    ships=True,
    note=f"{_SAMPLED}; but for TATA promoters the official dev file serves as train",
    sampled=True,
)
HUMAN_FACTORS = DataSet(
    "bio/gue_tf_human", f"{GUE}; {ENCODE}", LICENCE, ships=True, note=_SAMPLED, sampled=True
)
MOUSE_FACTORS = DataSet(
    "bio/gue_tf_mouse",
    f"{GUE}; {ENCODE}",
    LICENCE,
    ships=True,
    note=f"{_SAMPLED}; train of tf-m-1 is its official dev file",
    sampled=True,
)
YEAST_MARKS = DataSet(
    "bio/gue_emp_yeast",
    f"{GUE}; {CHIP_CHIP}",
    LICENCE,
    ships=True,
    note=f"{_SAMPLED}; the official dev files serve as train; as in GUE, the window of a test "
    "row may be in train with another mark",
    sampled=True,
)

_DNA = {"dna": "sequence"}
_YES = polar("label")


def one_set(data: DataSet, name: str) -> Table:
    """Return the rows of one set of GUE, by its name there."""
    return POLAR.table(data, adapter(_DNA, _YES, where=_named(name)))


def pooled(data: DataSet) -> Table:
    """Return the rows of the TATA and TATA-less sets; their union has its own, crossing split."""
    return POLAR.table(data, adapter(_DNA, _YES, where=_not_union, part="task"))


def factors(data: DataSet) -> Table:
    """Return the rows of all transcription factors, each with its set's name as an input."""
    inputs = {**_DNA, "set": "task"}
    return POLAR.table(data, adapter(inputs, _YES, part="task"))


def marks() -> Table:
    """Return the rows of all histone marks, each with its mark as an input."""
    rows = adapter({"dna": "sequence", "mark": _mark}, _YES, part="task")
    return POLAR.table(YEAST_MARKS, rows)


def _mark(record: Record) -> str:
    return str(record["task"]).removeprefix("emp-")


def _named(name: str) -> Callable[[Record], bool]:
    return lambda record: record["task"] == name


def _not_union(record: Record) -> bool:
    return not str(record["task"]).endswith("_all")
