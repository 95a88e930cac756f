"""The public sets behind the interactions of PEER."""

from __future__ import annotations

from scireasoner.tasks.release import Record
from scireasoner.tasks.suites.bio_data import POLAR, adapter, polar
from scireasoner.tasks.tables import DataSet, Join, Table

HUMAN = DataSet(
    "bio/protein_ppi_human",
    "SHS27k of STRING (arXiv:2105.06709, doi:10.1093/nar/gkac1000) and the human pairs of "
    "D-SCRIPT (doi:10.1016/j.cels.2021.08.010)",
    "MIT (repositories); CC BY 4.0 (STRING)",
    ships=True,
    note="STRING pairs that bind, not the pairs of PEER; most negatives are random pairs that "
    "nobody measured; split by protein",
)
YEAST = DataSet(
    "bio/protein_ppi_yeast",
    "Guo et al. (doi:10.1093/nar/gkn159) as in PIPR (doi:10.1093/bioinformatics/btz328)",
    "Apache-2.0 (repository); CC BY-ND 3.0 (DIP)",
    ships=False,
    note="the pairs that PEER draws on, split by pair and not by sequence identity: train may "
    "hold rows of the published test set",
)

_PAIR = tuple(
    Join(f"protein_{place}", f"protein_{place}_id", "proteins.jsonl.gz", "protein_id", "sequence")
    for place in "ab"
)
_ROWS = {"protein_a": "protein_a", "protein_b": "protein_b"}


def human() -> Table:
    """Return the human pairs; STRING's pairs that only act on each other are left out."""
    return POLAR.table(HUMAN, adapter(_ROWS, polar("label"), where=_binds), *_PAIR)


def _binds(record: Record) -> bool:
    if record["label_source"] != "string_action":
        return True
    return "binding" in (record.get("interaction_types") or ())


def yeast() -> Table:
    """Return the yeast pairs."""
    return POLAR.table(YEAST, adapter(_ROWS, polar("label")), *_PAIR)
