"""Public sets of crystals and frameworks, and how their records become rows.

Numbers are rounded to four digits: what lies below is noise of the calculation, and an answer has
to be written out. Formulas are reduced; where a set has several polymorphs of a formula, each is
a row, as in LLM4Mat-Bench.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from scireasoner.tasks.release import Record
from scireasoner.tasks.rows import Example
from scireasoner.tasks.tables import DataSet, Table

_MP = "Materials Project (doi:10.1063/1.4812323)"
_BY = "CC BY 4.0"
_OWN_SPLIT = "other compounds and another split than in LLM4Mat-Bench"

_COMPOSITIONS = DataSet(
    "materials/oqmd_aflow_mp_composition",
    f"CrabNet's collection (doi:10.1038/s41524-021-00545-1): OQMD (doi:10.1007/s11837-013-0755-4), "
    f"CritExam (doi:10.1038/s41524-020-00362-y), {_MP}",
    "MIT (collection), CC BY 4.0 (databases)",
    ships=True,
    note=f"one polymorph a formula; {_OWN_SPLIT}",
)
_MATBENCH = DataSet(
    "materials/matbench_composition",
    f"Matbench (doi:10.1038/s41524-020-00406-3): {_MP}",
    "MIT (collection), CC BY 4.0 (database)",
    ships=True,
    note=f"one polymorph a formula; {_OWN_SPLIT}",
)
_MP20 = DataSet(
    "materials/mp20_structures",
    f"MP-20 of CDVAE (arXiv:2110.06197): {_MP}",
    _BY,
    ships=True,
    note=f"at most 20 atoms a cell, within 0.08 eV/atom of the hull; {_OWN_SPLIT}",
)
_SAMPLE = DataSet(
    "materials/llm4mat_bench_sample",
    f"sample of LLM4Mat-Bench (arXiv:2411.00177): {_MP}",
    f"{_BY} (database); the sample states none",
    ships=False,
    note="ten rows a split only",
)
_JARVIS = DataSet(
    "materials/jarvis_composition_properties",
    "JARVIS-DFT (doi:10.1038/s41524-020-00440-1) as in doi:10.1038/s41467-021-26921-5",
    "public domain in the US (NIST); Northwestern notice to be kept (collection)",
    ships=True,
    note=f"one polymorph a formula, extreme values trimmed; {_OWN_SPLIT}",
)
_WBM = DataSet(
    "materials/wbm_structures",
    "WBM (doi:10.1038/s41524-020-00481-6)",
    _BY,
    ships=True,
    note="hypothetical crystals by element substitution (PBE) as GNoME's are, but not GNoME's",
)
_STABLE = DataSet(
    "materials/mp_summary_gnome_fields",
    f"stable compounds in the summary of GNoME (doi:10.1038/s41586-023-06735-9): {_MP}",
    "CC BY-NC 4.0 (GNoME), CC BY 4.0 (database)",
    ships=False,
    note="Materials Project compounds in GNoME's layout, not GNoME's own crystals",
)
_DIELECTRIC = DataSet(
    "materials/dielectric_piezoelectric",
    f"dielectric constants of doi:10.1038/sdata.2016.134: {_MP}",
    _BY,
    ships=True,
    note="average over directions instead of the largest component; PBE instead of OptB88vdW",
)
_HMOF = DataSet(
    "materials/hmof_properties",
    "hMOF (doi:10.1038/nchem.1192) of MOFX-DB (doi:10.1021/acs.jced.2c00583) in JARVIS-Leaderboard "
    "(doi:10.1038/s41524-024-01259-w)",
    "public domain in the US (NIST)",
    ships=True,
    note="a framework is described by its other geometric properties: the set has no formulas",
)
_QMOF = DataSet(
    "materials/qmof_mofid",
    "QMOF (doi:10.1016/j.matt.2021.02.015) as in MOFormer (doi:10.1021/jacs.2c11420)",
    "CC BY 4.0 (database), Apache-2.0 (collection)",
    ships=True,
    note="a framework is given by its MOFid instead of its formula; another split",
)
_TUBERCULOSIS = DataSet(
    "bio/protein_annotation_uniprot_mtb",
    "UniProtKB (doi:10.1093/nar/gkac1052), proteome of Mycobacterium tuberculosis H37Rv",
    _BY,
    ships=True,
    note="one bacterium; PDB chains of any organism in the released set",
)

# What each geometric property of a framework is called: column -> words and unit.
_GEOMETRY = {
    "lcd_a": ("largest cavity diameter", "Å"),
    "pld_a": ("pore limiting diameter", "Å"),
    "void_fraction": ("void fraction", ""),
    "surface_area_m2_per_g": ("gravimetric surface area", "m2/g"),
    "surface_area_m2_per_cm3": ("volumetric surface area", "m2/cm3"),
}


def composition(prop: str) -> Table:
    """Return the rows of a property in CrabNet's collection of OQMD and Materials Project."""
    return Table(_COMPOSITIONS, _column("value", where=("property", prop)))


def matbench(prop: str) -> Table:
    """Return the rows of a property in Matbench's composition sets."""
    return Table(_MATBENCH, _column("value", where=("property", prop)))


def mp20(column: str) -> Table:
    """Return the rows of a column of MP-20; ``is_stable`` becomes True or False."""
    return Table(_MP20, _column(column))


def mp20_volume_per_atom() -> Table:
    """Return cell volume over atoms in the cell, in Å3/atom, of MP-20."""

    def rows(record: Record) -> Iterator[Example]:
        value = record["volume_a3"] / record["num_sites"]
        yield Example({"formula": record["formula"]}, written(value))

    return Table(_MP20, rows)


def sample(column: str) -> Table:
    """Return a column of the thirty rows that LLM4Mat-Bench shows."""
    return Table(_SAMPLE, _column(column))


def jarvis(prop: str, note: str = "") -> Table:
    """Return the rows of a property in JARVIS-DFT; ``note`` says how its definition differs."""
    data = replace(_JARVIS, note=f"{note}; {_JARVIS.note}") if note else _JARVIS
    return Table(data, _column("value", where=("property", prop)))


def dielectric() -> Table:
    """Return static dielectric constants, electronic plus ionic."""
    column = _column("dielectric_constant_total", where=("dataset", "dielectric"))
    return Table(_DIELECTRIC, column)


def wbm(column: str) -> Table:
    """Return the rows of a column of WBM."""
    return Table(_WBM, _column(column))


def stable(column: str) -> Table:
    """Return cell energies of stable compounds; the formula is that of the whole cell."""
    return Table(_STABLE, _column(column, source="cell_composition"))


def hmof(column: str) -> Table:
    """Return a column of hMOF; the framework is described by its geometry, the target left out."""

    def rows(record: Record) -> Iterator[Example]:
        yield Example({"framework": _described(record, column)}, written(record[column]))

    return Table(_HMOF, rows)


def qmof(column: str) -> Table:
    """Return a column of QMOF; the framework is given as MOFid (building units and net)."""
    return Table(_QMOF, _column(column, source="mofid", name="framework"))


def biological_processes() -> Table:
    """Return the names of the biological processes of proteins, joined by semicolons."""

    def rows(record: Record) -> Iterator[Example]:
        names = [term.split(" [GO:")[0] for term in record.get("go_bp", ())]
        if names:
            yield Example({"protein": record["sequence"]}, "; ".join(names))

    return Table(_TUBERCULOSIS, rows)


def written(value: object) -> str:
    """Return a number with four significant digits, and anything else as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{float(f'{value:.4g}'):.12g}"


def _column(
    column: str,
    where: tuple[str, str] | None = None,
    source: str = "formula",
    name: str = "formula",
) -> Callable[[Record], Iterator[Example]]:
    def rows(record: Record) -> Iterator[Example]:
        if where is not None and record.get(where[0]) != where[1]:
            return
        value = record.get(column)
        if value is not None:
            yield Example({name: str(record[source])}, written(value))

    return rows


def _described(record: Record, target: str) -> str:
    parts = [
        f"{words} {written(record[column])} {unit}".strip()
        for column, (words, unit) in _GEOMETRY.items()
        if column != target
    ]
    return f"with {', '.join(parts[:-1])} and {parts[-1]}"
