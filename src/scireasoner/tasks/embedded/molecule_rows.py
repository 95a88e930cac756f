"""Rows about single molecules: names, formulas, measured properties."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from scireasoner.science import formulas, masses
from scireasoner.tasks.embedded.compounds import Compound, Tables
from scireasoner.tasks.rows import Caps, Row

FLAMMABLE_BELOW_K = 333.15


def _row(compound: Compound, inputs: dict[str, str], gold: str | None, **meta: str) -> Row:
    return Row(inputs, gold, (compound.skeleton,), None, {"cas": str(compound.cas), **meta})


def smiles_to_formula(tables: Tables, rng: Random, caps: Caps) -> Iterator[Row]:
    """SMILES to Hill formula."""
    for c in tables.compounds:
        yield _row(c, {"smiles": c.smiles}, c.formula)


def iupac_to_formula(tables: Tables, rng: Random, caps: Caps) -> Iterator[Row]:
    """Systematic name to Hill formula; the SMILES is kept for the worked solution."""
    for c in tables.compounds:
        yield _row(c, {"name": c.name}, c.formula, smiles=c.smiles)


def iupac_to_smiles(tables: Tables, rng: Random, caps: Caps) -> Iterator[Row]:
    """Systematic name to SMILES."""
    for c in tables.compounds:
        yield _row(c, {"name": c.name}, c.smiles)


def smiles_to_iupac(tables: Tables, rng: Random, caps: Caps) -> Iterator[Row]:
    """SMILES to systematic name."""
    for c in tables.compounds:
        yield _row(c, {"smiles": c.smiles}, c.name)


def unconditional_molecule(tables: Tables, rng: Random, caps: Caps) -> Iterator[Row]:
    """Ask for any molecule; the reference is a real one."""
    for c in tables.compounds:
        yield Row({}, None, (c.skeleton,), c.smiles, {"cas": str(c.cas)}, alike=c.smiles)


def boiling_point(tables: Tables, rng: Random, caps: Caps) -> Iterator[Row]:
    """Measured normal boiling point, K."""
    for c in tables.compounds:
        measured = tables.boiling.get(c.cas)
        if measured and 150 <= measured.value <= 800:
            gold = f"{measured.value:.1f}"
            yield _row(c, {"smiles": c.smiles}, gold, table=measured.table)


def logp(tables: Tables, rng: Random, caps: Caps) -> Iterator[Row]:
    """Measured octanol-water partition coefficient, log10."""
    for c in tables.compounds:
        measured = tables.logp.get(c.cas)
        if measured and -5 <= measured.value <= 9:
            gold = f"{measured.value:.2f}"
            yield _row(c, {"smiles": c.smiles}, gold, table=measured.table)


def flammable(tables: Tables, rng: Random, caps: Caps) -> Iterator[Row]:
    """Whether the measured flash point is below 60 C, the limit of GHS flammable liquids."""
    for c in tables.compounds:
        measured = tables.flash.get(c.cas)
        if measured:
            gold = "Yes" if measured.value < FLAMMABLE_BELOW_K else "No"
            value = f"{measured.value:.1f}"
            yield _row(c, {"smiles": c.smiles}, gold, table=measured.table, flash_k=value)


def inorganic_density(tables: Tables, rng: Random, caps: Caps) -> Iterator[Row]:
    """Measured density of an inorganic solid, g/cm3."""
    for formula, measured in sorted(tables.densities.items()):
        gold = f"{measured.value:.2f}"
        yield Row({"formula": formula}, gold, (formula,), None, {"table": measured.table})


def nominal_mass(tables: Tables, rng: Random, caps: Caps) -> Iterator[Row]:
    """Formulas of real compounds to their nominal mass, Da."""
    for formula in tables.formulas:
        mass = masses.nominal(formulas.parse(formula) or {})
        yield Row({"formula": formula}, str(mass), (formula,))
