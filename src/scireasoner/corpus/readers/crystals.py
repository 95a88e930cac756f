"""Crystals: CIF files, and JSON as the Materials Project and its users give it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scireasoner.corpus.documents import Document
from scireasoner.corpus.prose import composition_prose, crystal_prose
from scireasoner.corpus.readers.base import (
    SKIPPED,
    Broken,
    Item,
    Opened,
    Origin,
    Source,
    opened,
    text_of,
)
from scireasoner.corpus.readers.rows import json_rows
from scireasoner.errors import InputError
from scireasoner.science.crystals import MAX_ATOMS, MAX_CHARACTERS, Atom, Crystal, parse
from scireasoner.science.formulas import ELEMENTS
from scireasoner.science.materials import SPACE_GROUPS, parse_composition, reduced

PROPERTIES: Mapping[str, tuple[str, str]] = {
    "band_gap": ("band gap", "eV"),
    "band_gap_ev": ("band gap", "eV"),
    "formation_energy_per_atom": ("formation energy", "eV/atom"),
    "formation_energy_ev_per_atom": ("formation energy", "eV/atom"),
    "energy_above_hull": ("energy above hull", "eV/atom"),
    "energy_above_hull_ev_per_atom": ("energy above hull", "eV/atom"),
    "e_above_hull": ("energy above hull", "eV/atom"),
    "total_magnetization": ("total magnetisation", "Bohr magnetons per cell"),
    "bulk_modulus_gpa": ("bulk modulus", "GPa"),
    "shear_modulus_gpa": ("shear modulus", "GPa"),
}
"""Field of a row -> its name in a sentence, and its unit."""

_IDS = ("material_id", "mpid", "task_id", "jid", "id", "name")
_FORMULAS = ("formula_pretty", "pretty_formula", "formula", "composition")
_GROUPS = ("spacegroup_number", "space_group_number", "spacegroup", "spg_number")


def read_cif(source: Source, origin: Origin, *, seed: int = 0) -> Iterator[Item]:
    """Read a CIF file, one document for each ``data_`` block.

    A space group 1 is what programs write that keep no symmetry; it is not told.

    Parameters
    ----------
    seed : fixes the wording.
    """
    with opened(source, origin) as file:
        for place, name, body in _blocks(file):
            if not file.turn.mine:
                yield SKIPPED
                continue
            key = f"{name or 'block'}@{place.split()[-1]}" if name else place
            crystal = None if body is None else parse(body)
            if body is None or crystal is None:
                reason = f"no crystal of at most {MAX_ATOMS} atoms, full sites and its operations"
                excerpt = name if body is None else body
                yield file.broken(reason, excerpt, place)
                continue
            group = crystal.space_group if crystal.space_group != 1 else None
            yield _made(file, origin, key, place, crystal, {"spacegroup": group}, seed)
        yield from file.ending()


def _blocks(file: Opened) -> Iterator[tuple[str, str, str | None]]:
    """Yield place, name and text of each data block; no text where it is too long or not UTF-8."""
    name, start, lines, size, whole = "", 1, list[str](), 0, True
    for line in file.lines():
        text = text_of(line)
        if text is not None and text[:5].lower() == "data_":
            if size:
                yield f"line {start}", name, "\n".join(lines) if whole else None
            name, start, lines, size, whole = text[5:].strip(), file.count, [], 0, True
        if text is None or size > MAX_CHARACTERS:
            whole = False
            continue
        if text.strip() and not text.startswith("#"):
            lines.append(text)
            size += len(text)
    if size:
        cut = file.fault is not None
        yield f"line {start}", name, "\n".join(lines) if whole and not cut else None


def _made(
    file: Opened,
    origin: Origin,
    key: str,
    place: str,
    crystal: Crystal,
    told: Mapping[str, Any],
    seed: int,
) -> Item:
    if crystal.volume <= 0 or not math.isfinite(crystal.volume):
        return file.broken("lengths and angles close no cell", key, place)
    try:
        text = crystal_prose(crystal, key, **told, seed=seed)
    except InputError as error:
        return file.broken(str(error), key, place)
    return _document(file, origin, key, text, crystal.counts, told.get("spacegroup"))


def _document(
    file: Opened,
    origin: Origin,
    key: str,
    text: str,
    counts: Mapping[str, int],
    group: int | None,
) -> Document:
    smallest = reduced(counts)
    entity = "".join(f"{e}{smallest[e] if smallest[e] > 1 else ''}" for e in sorted(smallest))
    meta = {"kind": "material", "entity": entity}
    if group is not None:
        meta["spacegroup"] = str(group)
    return Document(text, origin.source, origin.licence, file.id(key), origin.domain, meta)


def read_materials(
    source: Source,
    origin: Origin,
    *,
    properties: Mapping[str, str] | None = None,
    keep: Sequence[str] = (),
    seed: int = 0,
) -> Iterator[Item]:
    """Read JSON of materials: lines or one array, with a ``structure``, a ``cif`` or a formula.

    Parameters
    ----------
    properties : field -> what it is, with its unit, such as ``{"k_vrh": "bulk modulus in GPa"}``;
        those of :data:`PROPERTIES` are always told.
    keep : further fields that go into ``meta``.
    seed : fixes the wording.
    """
    with opened(source, origin) as file:
        for place, row in json_rows(file):
            if isinstance(row, Broken):
                yield row
                continue
            found = _material(file, origin, row, place, properties or {}, seed)
            if isinstance(found, Document) and keep:
                more = {k: str(row[k]) for k in keep if row.get(k) is not None}
                found = Document(found.text, found.source, found.licence, found.id, found.domain,
                                 {**found.meta, **more})  # fmt: skip
            yield found
        yield from file.ending()


def _material(
    file: Opened,
    origin: Origin,
    row: Mapping[str, Any],
    place: str,
    properties: Mapping[str, str],
    seed: int,
) -> Item:
    key = next((str(row[k]) for k in _IDS if row.get(k)), place.split()[-1])
    formula = next((row[k] for k in _FORMULAS if isinstance(row.get(k), str)), "")
    group, symbol = _symmetry(row)
    told: dict[str, Any] = {
        "formula": formula,
        "spacegroup": group,
        "symbol": symbol,
        "measured": _measured(row, properties),
    }
    if isinstance(row.get("structure"), Mapping):
        crystal = structure(row["structure"])
        if crystal is None:
            return file.broken("the structure is no crystal of full sites", key, place)
        return _made(file, origin, key, place, crystal, told, seed)
    if isinstance(row.get("cif"), str):
        crystal = parse("\n".join(t for t in row["cif"].splitlines() if not t.startswith("#")))
        if crystal is None:
            return file.broken("the CIF holds no crystal that can be read", key, place)
        return _made(file, origin, key, place, crystal, told, seed)
    counts = parse_composition(formula)
    if counts is None:
        return file.broken("no structure, no CIF and no formula of elements", key, place)
    try:
        text = composition_prose(counts, key, **told, seed=seed)
    except InputError as error:
        return file.broken(str(error), key, place)
    return _document(file, origin, key, text, counts, group)


def _symmetry(row: Mapping[str, Any]) -> tuple[int | None, str]:
    inside = row.get("symmetry") or row.get("spacegroup")
    found = inside if isinstance(inside, Mapping) else {}
    number = found.get("number") or next((row[k] for k in _GROUPS if _whole(row.get(k))), None)
    symbol = found.get("symbol") or row.get("spacegroup_symbol") or ""
    group = next((g for g in SPACE_GROUPS if _whole(number) and g == number), None)
    return group, symbol if isinstance(symbol, str) else ""


def _whole(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1


def _measured(row: Mapping[str, Any], properties: Mapping[str, str]) -> dict[str, str]:
    told = {}
    for field, (name, unit) in PROPERTIES.items():
        if _number(row.get(field)):
            told[name] = f"{row[field]:.4g} {unit}"
    for field, said in properties.items():
        name, _, unit = said.partition(" in ")
        value = row.get(field)
        if _number(value):
            told[name] = f"{value:.4g} {unit}".strip()
        elif isinstance(value, str) and value:
            told[name] = value
    return told


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def structure(given: Mapping[str, Any]) -> Crystal | None:
    """Read a structure as pymatgen writes it: lattice in angstrom, sites with fractions.

    None if it is malformed, has sites that are shared or partly empty, or more than 200 atoms.
    """
    lattice, sites = given.get("lattice"), given.get("sites")
    if not isinstance(lattice, Mapping) or not isinstance(sites, list):
        return None
    numbers = [lattice.get(k) for k in ("a", "b", "c", "alpha", "beta", "gamma")]
    if not all(_number(n) for n in numbers) or not 0 < len(sites) <= MAX_ATOMS:
        return None
    atoms: list[Atom] = []
    for site in sites:
        atom = _site(site)
        if atom is None:
            return None
        atoms.append(atom)
    a, b, c, alpha, beta, gamma = (float(n) for n in numbers if n is not None)
    return Crystal((a, b, c), (alpha, beta, gamma), tuple(atoms))


def _site(site: Any) -> Atom | None:
    if not isinstance(site, Mapping):
        return None
    species, place = site.get("species"), site.get("abc")
    if not (isinstance(species, list) and len(species) == 1 and isinstance(species[0], Mapping)):
        return None
    element = str(species[0].get("element", "")).rstrip("0123456789+-")
    if element not in ELEMENTS or species[0].get("occu", 1) != 1:
        return None
    if not (isinstance(place, list) and len(place) == 3 and all(_number(x) for x in place)):
        return None
    return element, (float(place[0]), float(place[1]), float(place[2]))
