"""Compositions with space groups, and how the released records of material tasks are read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scireasoner.answers import Material
from scireasoner.notation.tags import NOTATIONS, find_spans
from scireasoner.science.formulas import ELEMENTS
from scireasoner.science.materials import charge_neutral, from_tokens, smact_valid
from scireasoner.tasks.release import Record, output_of
from scireasoner.tasks.rows import Example
from scireasoner.tasks.suites.novelty import new_against
from scireasoner.tasks.tables import DataSet, Table
from scireasoner.types import Sample, Split

COMPOSITIONS = DataSet(
    "materials/composition_spacegroup",
    "Materials Project (doi:10.1063/1.4812323), WBM (doi:10.1038/s41524-020-00481-6) and AFLOW "
    "(doi:10.1103/PhysRevB.90.174107), as cut by WyckoffTransformer (arXiv:2503.02407)",
    "CC BY 4.0",
    ships=True,
    note="compounds without a charge-neutral choice of oxidation states are left out; not the "
    "released test rows",
)

_SYMBOL = r"[A-Z][a-z]?(?![A-Za-z])"
_SYMBOLS = re.compile(rf"(?<![A-Za-z]){_SYMBOL}(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s+){_SYMBOL})*")
_WORD = re.compile(r"[A-Za-z]+")
_GPA = re.compile(r"(\d+(?:\.\d+)?)\s*(?:GPa|gigapascal)", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![A-Za-z\d.])\d+(?:\.\d+)?")
_SPACE_GROUP = re.compile("\\s*(?:<sg>|\u27e8sg\u27e9)?\\s*(?:<sg|\u27e8sg)(\\d+)[>\u27e9]")


def compositions(record: Record) -> Iterator[Example]:
    """Ask for a compound of given elements; the known one is an example of a right answer."""
    if material := _material(record):
        elements = " ".join(dict.fromkeys(str(record["elements_flat"]).split()))
        yield Example({"elements": elements}, elements, material)


def moduli(record: Record) -> Iterator[Example]:
    """Ask for a compound of a given bulk modulus in GPa; the known one is an example."""
    modulus = record.get("bulk_modulus_gpa")
    if modulus is not None and (material := _material(record)):
        yield Example({"modulus": f"{modulus:.1f} GPa"}, f"{modulus:.1f}", material)


def any_material(record: Record) -> Iterator[Example]:
    """Show a known compound of the training rows as an answer to the request for any."""
    if record["split"] == Split.TRAIN and (material := _material(record)):
        yield Example({}, None, material)


def known_forms(record: Record) -> Iterator[Example]:
    """Give a known compound with its space group and without: leaving it out makes nothing new."""
    for example in any_material(record):
        yield example
        yield Example({}, None, str(record["elements_flat"]))


def _material(record: Record) -> str | None:
    tokens = f"{record['elements_flat']} <sg{record['spacegroup_number']}>"
    found = from_tokens(tokens)
    if found is None or not (charge_neutral(found[0]) and smact_valid(found[0])):
        return None
    return tokens


def requested_elements(record: Record) -> str | None:
    """Read the requested elements of a released record: the longest list of symbols it holds.

    Without such a list (the wording is not known to us) those of the output count.
    """
    lists = [_elements(found) for found in _SYMBOLS.findall(str(record.get("input", "")))]
    best = max(lists, key=len, default=[])
    if len(best) > 1:
        return " ".join(best)
    material = released_material(record)
    return None if material is None else " ".join(_elements(material.split("<")[0]))


def _elements(text: str) -> list[str]:
    return [e for e in dict.fromkeys(_WORD.findall(text)) if e in ELEMENTS]


def requested_modulus(record: Record) -> str | None:
    """Read the requested bulk modulus in GPa: the number before the unit, else the last one."""
    question = str(record.get("input", ""))
    found = _GPA.findall(question) or _NUMBER.findall(question)
    return found[-1] if found else None


def released_material(record: Record) -> str | None:
    """Read the material of a released output, its space group as one token."""
    spans = find_spans(output_of(record) or "", NOTATIONS["material"])
    return _SPACE_GROUP.sub(r" <sg\1>", spans[-1].text) if spans else None


def write_material(sample: Sample) -> str:
    """Write a material as it is released: ``<material> Na Cl <sg> <sg225> </material>``."""
    tag = NOTATIONS["material"]
    answer = _SPACE_GROUP.sub(r" <sg> <sg\1>", sample.reference or "")
    return f"{tag.opening} {answer} {tag.closing}"


KNOWN_MATERIALS = Table(COMPOSITIONS, any_material)
NEW_MATERIALS = new_against(Table(COMPOSITIONS, known_forms), Material().read)
"""Share of answers whose composition and space group are not in the training rows."""

COMPOSITION_EXAMPLES = tuple(
    Example({"elements": elements}, elements, material)
    for elements, material in (
        ("Ca F", "Ca F F <sg225>"),
        ("Al O", "Al Al O O O <sg167>"),
        ("Ba Ti O", "Ba Ti O O O <sg221>"),
    )
)
MODULUS_EXAMPLES = tuple(
    Example({"modulus": f"{modulus} GPa"}, modulus, material)
    for modulus, material in (
        ("24.0", "Na Cl <sg225>"),
        ("160.0", "Mg O <sg225>"),
        ("210.0", "Ti O O <sg136>"),
    )
)
