"""Public chemistry sets, and how the records of the released chemistry tasks are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from scireasoner.notation.tags import NOTATIONS, find_spans, strip_tags
from scireasoner.science.names import MAX_LENGTH
from scireasoner.tasks.release import Record, output_of
from scireasoner.tasks.rows import Example
from scireasoner.tasks.tables import DataSet
from scireasoner.types import Sample

_SMILES_TAGGED = re.compile(r"<SMILES>[^<]*</SMILES>")
_NUMBER = re.compile(r"(?<![A-Za-z\d.])[-+\u2212]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_POLARITY = re.compile(r"\b(?:yes|true|no|false)\b", re.IGNORECASE)
_FORMULA = re.compile(r"(?<![A-Za-z\d])(?:[A-Z][a-z]?\d*)+(?:[+-]\d*)?(?![A-Za-z\d])")

_LONGEST_SMILES = 600

PATENTS = "reactions of US patents (doi:10.6084/m9.figshare.5104873)"
PUBCHEM = "PubChem (doi:10.1093/nar/gkac956)"
DESCRIPTIONS = "ChEBI (doi:10.1093/nar/gkv1031) and PubChem (doi:10.1093/nar/gkac956)"


def _moleculenet(name: str, underlying: str, licence: str, ships: bool, note: str = "") -> DataSet:
    return DataSet(
        folder="chemistry/moleculenet",
        file=f"{name}.csv.gz",
        source=f"MoleculeNet (doi:10.1039/C7SC02664A); {underlying}",
        licence=licence,
        ships=ships,
        note=f"scaffold split 80/10/10, not the split of SMolInstruct{note}",
    )


ESOL = _moleculenet("esol", "ESOL (doi:10.1021/ci034243x)", "not stated (supporting data)", False)
LIPOPHILICITY = _moleculenet("lipophilicity", "AstraZeneca logD in ChEMBL", "CC BY-SA 3.0", False)
BBBP = _moleculenet("bbbp", "BBBP (doi:10.1021/ci300124c)", "not stated", False)
CLINTOX = _moleculenet(
    "clintox", "ClinTox (doi:10.1016/j.chembiol.2016.07.023)", "not stated", False
)
HIV = _moleculenet(
    "hiv",
    "NCI DTP AIDS antiviral screen",
    "public domain",
    True,
    "; all actives, inactive compounds sub-sampled",
)
SIDER = _moleculenet("sider", "SIDER 4 (doi:10.1093/nar/gkv1075)", "CC BY-NC-SA 4.0", False)
# Repositories under the MIT licence; the others state none.
_NAMED_OPENLY = (
    "iupac2struct", "pyrfume", "smiles2iupac_cache", "chebi20_mm", "smiles2iupac_accuracy",
)  # fmt: skip
AQSOLDB = DataSet(
    "chemistry/aqsoldb",
    "AqSolDB (doi:10.1038/s41597-019-0151-1)",
    "CC0 1.0",
    ships=True,
    file="aqsoldb.csv.gz",
    note="solubilities of many sources, not only those of ESOL",
)
NAMES = DataSet(
    "chemistry/name_structure",
    f"names and structures of {PUBCHEM} read back with OPSIN "
    "(doi:10.1021/ci100384d), as in Struct2IUPAC (doi:10.1038/s41598-021-94082-y) and others",
    "PubChem places no restriction; one of the repositories states no licence",
    ships=False,
    file="name_structure.csv.gz",
    note="PubChem as in SMolInstruct, but other compounds; long molecules are over-represented",
    open_part=("source", _NAMED_OPENLY),
)
CAPTIONS = DataSet(
    "chemistry/captions",
    "ChEBI-20 (doi:10.18653/v1/2021.emnlp-main.47), PubChem324k (arXiv:2310.12798), "
    "PCdes (doi:10.1038/s41467-022-28494-3)",
    "text CC BY 4.0 (ChEBI, PubChem); two of the repositories state no licence",
    ships=False,
    file="captions.csv.gz",
    note="train is the small validation part of ChEBI-20 and others: low-resource numbers",
    open_part=("source", ("chebi20",)),
)
USPTO_50K = DataSet(
    "chemistry/uspto50k",
    "USPTO-50K (doi:10.1021/acs.jmedchem.6b00153), split of doi:10.1021/acscentsci.7b00303",
    "CC0 (patents), Apache-2.0 (repository)",
    ships=True,
    file="uspto50k.csv.gz",
    note="split of Liu et al. less 300 test products; the released test set may be another",
)
USPTO_FULL = DataSet(
    "chemistry/uspto_full_sample",
    f"USPTO-full, split of GLN (arXiv:2001.01408); {PATENTS}",
    "CC0 (patents); the repository states none",
    ships=False,
    file="uspto_full_sample.csv.gz",
    note="the official validation part serves as train",
)
USPTO_MIT = DataSet(
    "chemistry/uspto_mit",
    f"USPTO-MIT (arXiv:1709.04555); {PATENTS}",
    "CC0 (patents), GPL-3.0 (repository)",
    ships=False,
    file="uspto_mit.csv.gz",
    note="validation and test part of USPTO-MIT; reagents stand beside the reactants",
)
QM9 = DataSet(
    "chemistry/qm9",
    "QM9 (doi:10.1038/sdata.2014.22)",
    "CC0 1.0 (QM9); the repositories state none",
    ships=False,
    file="qm9_subset.csv.gz",
    note="a ninth of QM9 with an own split",
)


def yes_no(column: str) -> Callable[[Record], Iterator[Example]]:
    """Return the adapter of a column of 0 and 1 about a molecule."""

    def rows(record: Record) -> Iterator[Example]:
        if record[column] in {"0", "1"}:
            yield Example({"smiles": str(record["smiles"])}, _POLARITIES[record[column]])

    return rows


_POLARITIES = {"0": "No", "1": "Yes"}


def side_effects(record: Record) -> Iterator[Example]:
    """Ask for each of the 27 classes of side effects whether the drug has one of them."""
    for column, value in record.items():
        if column not in {"smiles", "split"} and value in _POLARITIES:
            inputs = {"smiles": str(record["smiles"]), "side_effect": column}
            yield Example(inputs, _POLARITIES[value])


def named(record: Record) -> Iterator[Example]:
    """Ask for the name, where OPSIN reads this very structure from the known one."""
    name = str(record["iupac_name"])
    if record["opsin_check"] == "match" and len(name) <= MAX_LENGTH:
        yield Example({"smiles": str(record["smiles"])}, name)


def forward(record: Record) -> Iterator[Example]:
    """Ask for the product of all molecules on the left of the arrow."""
    mixture = ".".join(part for part in (record["reactants"], record["reagents"]) if part)
    yield Example({"smiles": mixture}, str(record["product"]))


def captioned(record: Record) -> Iterator[Example]:
    """Ask for the description; PCdes is left out, it says "it" for the name of the molecule."""
    if record["source"] != "pcdes":
        yield Example({"smiles": str(record["smiles"])}, str(record["text"]))


def described(record: Record) -> Iterator[Example]:
    """Ask for the molecule of a description; not for oligomers too long to be judged."""
    smiles = str(record["smiles"])
    if smiles != "*" and len(smiles) <= _LONGEST_SMILES:
        yield Example({"text": str(record["text"])}, smiles)


def orbital_energies(record: Record) -> Iterator[Example]:
    """Ask for the HOMO energy, the LUMO energy and their gap."""
    for column, quantity in _ORBITALS.items():
        yield Example({"smiles": str(record["smiles"]), "quantity": quantity}, str(record[column]))


_ORBITALS = {
    "homo": "energy of the highest occupied molecular orbital (HOMO)",
    "lumo": "energy of the lowest unoccupied molecular orbital (LUMO)",
    "gap": "gap between the HOMO and LUMO energies",
}


def tagged(notation: str) -> Callable[[Record], str | None]:
    """Return a reader of what stands in the last tag of an output, or of its bare answer.

    The untagged outputs are those that the released parser reads too (a whole SMILES or name;
    the last number, polarity or formula of a sentence).
    """
    loose = _LOOSE.get(notation)

    def read(record: Record) -> str | None:
        output = output_of(record)
        if output is None:
            return None
        spans = find_spans(output, NOTATIONS[notation])
        answer = spans[-1].text if spans else strip_tags(output).strip()
        if not spans and loose is not None:
            found = loose.findall(_SMILES_TAGGED.sub(" ", output))
            answer = found[-1] if found else answer
        if notation == "smiles":
            return answer.replace(";", ".")
        return answer.replace("\u2212", "-") if notation == "number" else answer

    return read


_LOOSE = {"number": _NUMBER, "boolean": _POLARITY, "formula": _FORMULA}


def in_tag(notation: str) -> Callable[[Sample], str]:
    """Return a writer of outputs as the hub has them: one space inside each tag."""
    tag = NOTATIONS[notation]

    def write(sample: Sample) -> str:
        answer = sample.example or ""
        return f"{tag.opening} {answer} {tag.closing}" if tag.tag else answer

    return write
