"""Unbalanced equations between real compounds, balanced by an exact null space.

Combustion and hydrogenation run over the formulas of real organic compounds; the inorganic ones
run over common ions, metals and oxides. Only equations with one smallest balance are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import gcd
from random import Random

from scireasoner.science import formulas, reactions
from scireasoner.tasks.embedded.compounds import Tables
from scireasoner.tasks.rows import Caps, Row

Sides = tuple[Sequence[str], Sequence[str]]

_CATIONS = {
    "Li": 1, "Na": 1, "K": 1, "Rb": 1, "Cs": 1, "Ag": 1, "NH4": 1, "Mg": 2, "Ca": 2, "Sr": 2,
    "Ba": 2, "Zn": 2, "Cu": 2, "Fe": 3, "Ni": 2, "Co": 2, "Mn": 2, "Pb": 2, "Cd": 2, "Al": 3,
    "Cr": 3,
}  # fmt: skip
_ANIONS = {
    "F": 1, "Cl": 1, "Br": 1, "I": 1, "NO3": 1, "ClO4": 1, "C2H3O2": 1, "SO4": 2, "CO3": 2,
    "S": 2, "C2O4": 2, "CrO4": 2, "PO4": 3,
}  # fmt: skip
# Salts that do not exist or are not stable.
_MISSING = {("Fe", "I"), ("Cu", "I"), ("Fe", "C2O4"), ("Cr", "C2O4"), ("Fe", "CrO4")}
_STABLE_OXIDES = (
    "Li2O", "Na2O", "K2O", "MgO", "CaO", "SrO", "BaO", "Al2O3", "Sc2O3", "Y2O3", "La2O3", "TiO2",
    "ZrO2", "HfO2", "CeO2", "ThO2", "P4O10", "SO2", "B2O3",
)  # fmt: skip
_REDUCIBLE_OXIDES = (
    "Ga2O3", "In2O3", "V2O5", "Nb2O5", "Ta2O5", "Cr2O3", "MoO3", "WO3", "MnO2", "Mn2O3", "Re2O7",
    "FeO", "Fe2O3", "Fe3O4", "CoO", "Co3O4", "NiO", "CuO", "Cu2O", "Ag2O", "ZnO", "CdO", "HgO",
    "SnO2", "PbO", "PbO2", "Sb2O3", "Bi2O3", "UO2", "U3O8", "As2O3", "SiO2", "GeO2",
)  # fmt: skip
_NO_HYDROGEN = {"Ag", "Cu", "Fe", "Cr"}
_WITH_WATER = ("Li", "Na", "K", "Rb", "Cs", "Ca", "Sr", "Ba")
_DIATOMIC = {"O": "O2", "H": "H2", "N": "N2", "F": "F2", "Cl": "Cl2", "Br": "Br2", "I": "I2"}
_SIMPLE = {**_DIATOMIC, "P": "P4", "S": "S8"}


def balance_reaction(tables: Tables, rng: Random, caps: Caps) -> Iterator[Row]:
    """Yield unbalanced equations with their unique smallest balance."""
    organic = sorted({c.formula for c in tables.compounds})
    families = {
        "combustion": _combustions(organic),
        "hydrogenation": _hydrogenations(organic),
        "chlorination": _chlorinations(organic),
        "neutralisation": _neutralisations(),
        "precipitation": _exchanges(),
        "oxide": _oxides(),
        "metal": _metals(),
        "carbonate": _carbonates(),
    }
    for family, equations in families.items():
        for left, right in equations:
            row = _row(family, tuple(left), tuple(right))
            if row is not None:
                yield row


def written(species: Sequence[str], coefficients: Sequence[int] | None = None) -> str:
    """Return one side of an equation; a coefficient of 1 is not written."""
    if coefficients is None:
        return " + ".join(species)
    pairs = zip(species, coefficients, strict=True)
    return " + ".join(name if n == 1 else f"{n} {name}" for name, n in pairs)


def _row(family: str, left: tuple[str, ...], right: tuple[str, ...]) -> Row | None:
    if len({*left, *right}) != len(left) + len(right):
        return None
    balanced = reactions.balance(left, right)
    if balanced is None or max(*balanced[0], *balanced[1]) > 60:
        return None
    if set(balanced[0] + balanced[1]) == {1}:
        return None  # nothing to balance
    unbalanced = f"{written(left)} -> {written(right)}"
    reference = f"{written(left, balanced[0])} -> {written(right, balanced[1])}"
    entity = f"{written(sorted(left))} -> {written(sorted(right))}"
    inputs = {"equation": unbalanced}
    return Row(inputs, unbalanced, (entity,), reference, {"family": family})


def _combustions(organic: Sequence[str]) -> Iterator[Sides]:
    """Complete combustion of C, H, and at most one more of O with N, S or Cl."""
    for formula in organic:
        counts = formulas.parse(formula) or {}
        others = set(counts) - {"C", "H", "O"}
        if "H" not in counts or others - {"N", "S", "Cl"} or len(others) > 1:
            continue
        products = ["CO2", "H2O"]
        products += {"N": ["N2"], "S": ["SO2"], "Cl": ["HCl"]}.get("".join(others), [])
        yield (formula, "O2"), products


def _hydrogenations(organic: Sequence[str]) -> Iterator[Sides]:
    """Adding H2 to a compound gives another real one: same atoms, 2 to 8 more hydrogens."""
    known = set(organic)
    for formula in organic:
        counts = formulas.parse(formula) or {}
        if set(counts) - {"C", "H", "O", "N"}:
            continue
        for more in (2, 4, 6, 8):
            product = formulas.hill({**counts, "H": counts.get("H", 0) + more})
            if product in known:
                yield (formula, "H2"), (product,)


def _chlorinations(organic: Sequence[str]) -> Iterator[Sides]:
    """Halogen replaces 1 to 4 hydrogens; both compounds are real."""
    known = set(organic)
    for formula in organic:
        counts = formulas.parse(formula) or {}
        for halogen in ("Cl", "Br"):
            for replaced in (1, 2, 3, 4):
                if counts.get("H", 0) < replaced or set(counts) - {"C", "H", "O"}:
                    continue
                product = {**counts, "H": counts["H"] - replaced, halogen: replaced}
                text = formulas.hill({e: n for e, n in product.items() if n})
                if text in known:
                    yield (formula, f"{halogen}2"), (text, f"H{halogen}")


def salt(cation: str, anion: str) -> str:
    """Return the formula of the neutral salt of a cation and an anion."""
    positive, negative = _CATIONS[cation], _ANIONS[anion]
    common = gcd(positive, negative)
    return _group(cation, negative // common) + _group(anion, positive // common)


def _group(ion: str, count: int) -> str:
    if count == 1:
        return ion
    simple = sum(letter.isupper() for letter in ion) == 1 and not ion[-1].isdigit()
    return f"{ion}{count}" if simple else f"({ion}){count}"


def acid(anion: str) -> str:
    """Return the formula of the acid of an anion."""
    charge = _ANIONS[anion]
    return f"H{charge if charge > 1 else ''}{anion}"


def exists(cation: str, anion: str) -> bool:
    """Return whether the salt is a known compound."""
    if _CATIONS[cation] == 3 and anion in {"CO3", "S"} and cation != "Al":
        return False
    return (cation, anion) not in _MISSING and (cation, anion) != ("Al", "CO3")


def _salts() -> Iterator[tuple[str, str]]:
    return ((c, a) for c in _CATIONS for a in _ANIONS if exists(c, a))


def _neutralisations() -> Iterator[Sides]:
    for cation, anion in _salts():
        if cation == "NH4":
            yield ("NH3", acid(anion)), (salt(cation, anion),)
        elif cation != "Ag":
            base = cation + _group("OH", _CATIONS[cation])
            yield (acid(anion), base), (salt(cation, anion), "H2O")


def _exchanges() -> Iterator[Sides]:
    """Two soluble salts exchange ions: one of the products is listed as insoluble."""
    insoluble = [
        *[("Ag", anion) for anion in ("Cl", "Br", "I", "CrO4", "PO4", "CO3", "S")],
        *[(c, "SO4") for c in ("Ba", "Sr", "Pb")],
        *[(c, "CO3") for c in ("Ca", "Ba", "Sr", "Mg", "Zn", "Pb", "Cd", "Mn", "Ni", "Co")],
        *[(c, "PO4") for c in ("Ca", "Ba", "Sr", "Mg", "Zn", "Pb", "Al", "Fe", "Cr")],
        *[(c, "S") for c in ("Cu", "Pb", "Cd", "Zn", "Ni", "Co", "Mn")],
        *[(c, "C2O4") for c in ("Ca", "Ba", "Sr")],
        *[("Pb", "I"), ("Pb", "CrO4"), ("Ba", "CrO4"), ("Ca", "F")],
    ]
    for cation, anion in insoluble:
        for donor in ("NO3", "ClO4", "C2H3O2", "Cl"):
            for partner in ("Na", "K", "NH4", "Li"):
                if donor != anion and (cation, donor) not in insoluble:
                    left = (salt(cation, donor), salt(partner, anion))
                    yield left, (salt(cation, anion), salt(partner, donor))


def _oxides() -> Iterator[Sides]:
    """Elements burn to oxides; some oxides are reduced by H2, C, CO, Al or Mg."""
    for oxide in (*_STABLE_OXIDES, *_REDUCIBLE_OXIDES):
        other = next(e for e in formulas.parse(oxide) or {} if e != "O")
        element = _SIMPLE.get(other, other)
        yield (element, "O2"), (oxide,)
        if oxide not in _REDUCIBLE_OXIDES:
            continue
        for reducer, product in (
            ("H2", "H2O"), ("C", "CO2"), ("C", "CO"), ("CO", "CO2"), ("Al", "Al2O3"), ("Mg", "MgO")
        ):  # fmt: skip
            yield (oxide, reducer), (element, product)


def _metals() -> Iterator[Sides]:
    """Metals with halogens, sulfur, acids and water."""
    for cation, anion in _salts():
        if cation == "NH4":
            continue
        if anion in _DIATOMIC:
            yield (cation, _DIATOMIC[anion]), (salt(cation, anion),)
        if anion == "S":
            yield (cation, "S8"), (salt(cation, "S"),)
        if anion in {"Cl", "Br", "SO4", "C2H3O2", "PO4"} and cation not in _NO_HYDROGEN:
            yield (cation, acid(anion)), (salt(cation, anion), "H2")
    for cation in _WITH_WATER:
        yield (cation, "H2O"), (cation + _group("OH", _CATIONS[cation]), "H2")


def _carbonates() -> Iterator[Sides]:
    """Carbonates with acids, and their decomposition by heat."""
    for cation, charge in _CATIONS.items():
        if not exists(cation, "CO3"):
            continue
        carbonate = salt(cation, "CO3")
        for anion in _ANIONS:
            if anion not in {"CO3", "S", "CrO4"} and exists(cation, anion):
                yield (carbonate, acid(anion)), (salt(cation, anion), "H2O", "CO2")
        if cation != "NH4":
            common = gcd(charge, 2)
            oxide = _group(cation, 2 // common) + _group("O", charge // common)
            yield (carbonate,), (oxide, "CO2")
