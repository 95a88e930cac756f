"""Real compounds and their measured values, read from the tables of the ``chemicals`` package.

Code: MIT, https://github.com/CalebBell/chemicals. The tables come from handbooks and databases
(CRC Handbook, NIST WebBook, PubChem, ...): they are read at run time and never copied here.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from scireasoner.errors import MissingTool
from scireasoner.science import formulas, molecules, names

ELEMENTS = frozenset(("H", "C", "N", "O", "F", "Si", "P", "S", "Cl", "Br", "I"))
MIN_ATOMS, MAX_ATOMS, MAX_NAME = 3, 10, 48
MAX_WEIGHED = 12  # heavy atoms of a formula that is only weighed

# Only measured values, best first. JOBACK (group contributions), YAWS and WIKIDATA (estimates or
# reduced pressures among them) are left out.
_BOILING = ("HEOS", "CRC_ORG", "CRC_INORG", "WEBBOOK", "COMMON_CHEMISTRY")
_LOGP = ("CRC", "SYRRES")
_FLASH = ("IEC 60079-20-1 (2010)", "NFPA 497 (2008)", "Serat DIPPR (2017)")
_BOILING_SPREAD_K = 10.0
_LOGP_SPREAD = 0.5
_DENSITY_SPREAD = 0.02


@dataclass(frozen=True, slots=True)
class Compound:
    """A small organic molecule whose systematic name is verified by OPSIN.

    Parameters
    ----------
    cas : CAS number as an integer.
    smiles : canonical isomeric SMILES.
    skeleton : canonical SMILES without stereo: the key that fixes the split.
    name, common : verified systematic name; the name used in handbooks.
    formula : Hill formula.
    """

    cas: int
    smiles: str
    skeleton: str
    name: str
    common: str
    formula: str


@dataclass(frozen=True)
class Measured:
    """A measured value, and the table it was read from."""

    value: float
    table: str


@dataclass(frozen=True)
class Tables:
    """What the builders share; values are keyed by CAS number.

    Parameters
    ----------
    boiling : normal boiling point, K.
    logp : octanol-water partition coefficient, log10.
    flash : flash point, K.
    densities : Hill formula -> density of the solid at 298 K, g/cm3.
    formulas : distinct Hill formulas of neutral organic compounds, larger ones than ``compounds``
        as well.
    """

    compounds: tuple[Compound, ...]
    boiling: Mapping[int, Measured]
    logp: Mapping[int, Measured]
    flash: Mapping[int, Measured]
    densities: Mapping[str, Measured]
    formulas: tuple[str, ...]


def load_tables(limit: int | None = None) -> Tables:
    """Read every table once.

    Parameters
    ----------
    limit : how many compounds to keep, those with measured values first; all if None.

    Raises
    ------
    MissingTool : if the ``chemicals`` package is not installed.
    """
    try:
        from chemicals import environment, phase_change, safety, volume
        from chemicals.identifiers import pubchem_db
    except ImportError as error:
        raise MissingTool("chemicals", "the embedded data", "pip install chemicals") from error
    pubchem_db.finish_loading()
    # The package fills these dictionaries at the first look-up.
    phase_change.Tb_methods("64-17-5")
    environment.logP_methods("64-17-5")
    safety.T_flash_methods("64-17-5")
    tables = phase_change.Tb_sources
    boiling = _merged(tables, "Tb", _BOILING, _BOILING_SPREAD_K)
    logp = _merged(environment.logP_sources, "logP", _LOGP, _LOGP_SPREAD)
    flash = _merged(safety.Tflash_sources, "T_flash", _FLASH, _BOILING_SPREAD_K)
    records = pubchem_db.CAS_index
    handbook = dict(_column(tables["CRC_ORG"], "Name"))
    measured = [boiling, logp, flash]
    found = _compounds(records, handbook, measured, limit)
    densities = _densities(volume.rho_data_CRC_inorg_s_const, tables["CRC_INORG"], records)
    return Tables(found, boiling, logp, flash, densities, _formulas(records.values(), limit))


def _cas(key: Any) -> int:
    return int(str(key).replace("-", ""))


def _column(frame: Any, column: str) -> Iterator[tuple[int, Any]]:
    for key, value in frame[column].dropna().items():
        yield _cas(key), value


def _merged(
    frames: Mapping[str, Any], column: str, tables: Iterable[str], spread: float
) -> dict[int, Measured]:
    """Take the best table's value; drop compounds on which the tables disagree."""
    found: dict[int, list[Measured]] = {}
    for table in tables:
        for cas, value in _column(frames[table], column):
            found.setdefault(cas, []).append(Measured(float(value), table))
    merged = {}
    for cas, values in found.items():
        numbers = [m.value for m in values]
        if max(numbers) - min(numbers) <= spread:
            merged[cas] = values[0]
    return merged


def _compounds(
    records: Mapping[int, Any],
    handbook: Mapping[int, str],
    measured: Iterable[Mapping[int, Measured]],
    limit: int | None,
) -> tuple[Compound, ...]:
    values = list(measured)
    order = sorted(records, key=lambda cas: (-sum(cas in m for m in values), cas))
    candidates = _candidates(records, order)
    if limit is not None:
        candidates = islice(candidates, limit)
    kept = list(candidates)
    verified = _verified_names([(smiles, name) for _, smiles, _, name in kept])
    compounds: dict[str, Compound] = {}
    for (cas, smiles, formula, _), name in zip(kept, verified, strict=True):
        # Without stereo marks the molecule is its own skeleton: no need to parse it again.
        stereo = any(mark in smiles for mark in "@/\\")
        skeleton = molecules.skeleton(smiles) if stereo else smiles
        if name is None or skeleton is None or smiles in compounds:
            continue
        common = _prose(handbook.get(cas, "")) or name
        compounds[smiles] = Compound(cas, smiles, skeleton, name, common, formula)
    return tuple(compounds.values())


def _candidates(
    records: Mapping[int, Any], order: Iterable[int]
) -> Iterator[tuple[int, str, str, str]]:
    """Yield (CAS, canonical SMILES, Hill formula, name) of neutral small organic molecules."""
    from rdkit import Chem, RDLogger
    from rdkit.Chem.rdMolDescriptors import CalcMolFormula

    RDLogger.DisableLog("rdApp.*")  # type: ignore[attr-defined]
    for cas in order:
        record = records[cas]
        text, name = record.smiles, record.iupac_name
        if not text or not name or len(name) > MAX_NAME or not name.isascii():
            continue
        # The listed formula is a cheap first look: it spares parsing half of the table.
        counts = formulas.parse(record.formula)
        if "." in text or _ISOTOPE.search(text) or counts is None or not _wanted(counts):
            continue
        molecule = Chem.MolFromSmiles(text)
        if molecule is None or ("[" in text and not _plain(molecule)):
            continue
        formula = CalcMolFormula(molecule)
        if formulas.parse(formula) == counts:
            yield cas, Chem.MolToSmiles(molecule), formula, name


def _formulas(records: Iterable[Any], limit: int | None) -> tuple[str, ...]:
    found: set[str] = set()
    for record in records:
        counts = formulas.parse(record.formula)
        if counts is not None and _wanted(counts, MAX_WEIGHED):
            found.add(formulas.hill(counts))
    return tuple(sorted(found)[:limit])


_ISOTOPE = re.compile(r"\[\d")


def _wanted(counts: Mapping[str, int], most: int = MAX_ATOMS) -> bool:
    heavy = sum(n for element, n in counts.items() if element != "H")
    return MIN_ATOMS <= heavy <= most and "C" in counts and set(counts) <= ELEMENTS


def _plain(molecule: Any) -> bool:
    atoms = list(molecule.GetAtoms())
    charge = sum(atom.GetFormalCharge() for atom in atoms)
    return charge == 0 and not any(atom.GetNumRadicalElectrons() for atom in atoms)


# PubChem's generator writes "chloranyl" and lower-case locants; chemists write "chloro" and "N".
_MODERN = (
    ("oxidanylidene", "oxo"),
    ("azanylidene", "imino"),
    ("fluoranyl", "fluoro"),
    ("chloranyl", "chloro"),
    ("bromanyl", "bromo"),
    ("iodanyl", "iodo"),
    ("oxidanyl", "hydroxy"),
    ("azanyl", "amino"),
)
_BRACKETED = re.compile(r"(bis|tris|tetrakis)\((fluoro|chloro|bromo|iodo|hydroxy|amino|oxo)\)")
_MULTIPLIER = {"bis": "di", "tris": "tri", "tetrakis": "tetra"}
_N_LOCANT = re.compile(r"(?<![a-zA-Z])n(?=[,\-'\d])")
_H_LOCANT = re.compile(r"(?<=\d)h(?=[-,)])")
_STEREO = re.compile(r"\((?:\d*[ersz],?)+\)")


def modern(name: str) -> str:
    """Return a systematic name in current spelling; the result must be verified."""
    text = _STEREO.sub(lambda m: m.group().upper(), name)
    for old, new in _MODERN:
        text = text.replace(old, new)
    text = _BRACKETED.sub(lambda m: _MULTIPLIER[m.group(1)] + m.group(2), text)
    return _H_LOCANT.sub("H", _N_LOCANT.sub("N", text))


def _verified_names(pairs: list[tuple[str, str]]) -> list[str | None]:
    """Return for each (SMILES, name) a spelling that OPSIN reads as exactly this molecule."""
    chosen: list[str | None] = [None] * len(pairs)
    for spell in (modern, str):
        open_ = [n for n, name in enumerate(chosen) if name is None]
        spelled = [spell(pairs[n][1]) for n in open_]
        for n, name, text in zip(open_, spelled, names.names_to_smiles(spelled), strict=True):
            if text is not None and molecules.canonical(text) == pairs[n][0]:
                chosen[n] = name
    return chosen


def _prose(name: str) -> str:
    """Return a handbook name as it is written inside a sentence, or nothing if it is unsuited."""
    text = name.strip()
    plain = text.isascii() and ";" not in text and "," not in text and "(" not in text
    if not plain or not 3 <= len(text) <= 40 or not text[-1].isalpha():
        return ""
    return text[0].lower() + text[1:] if text[1:2].islower() else text


def _densities(volumes: Any, handbook: Any, records: Mapping[int, Any]) -> dict[str, Measured]:
    """Return densities whose formula is verified: formula mass / molar volume = listed density."""
    listed = dict(_column(handbook, "rho"))
    found: dict[str, list[float]] = {}
    for cas, volume in _column(volumes, "Vm"):
        record, density = records.get(cas), listed.get(cas)
        if record is None or density is None:
            continue
        counts = formulas.parse(record.formula)
        if counts is None or len(counts) < 2 or "charge" in counts:
            continue
        calculated = record.MW * 1e-3 / float(volume)
        if abs(calculated - density) <= _DENSITY_SPREAD * density:
            found.setdefault(formulas.hill(counts), []).append(density / 1000)
    # Polymorphs: a formula has one density here only if they agree.
    return {
        formula: Measured(round(statistics.median(values), 3), "CRC_INORG_S")
        for formula, values in found.items()
        if max(values) - min(values) <= 0.1 * min(values)
    }
