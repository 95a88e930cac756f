"""Checks of compositions, and of crystal structures where one is written out."""

from __future__ import annotations

import re
from collections.abc import Mapping

from scireasoner.science import crystals, formulas, materials
from scireasoner.science.checks.base import (
    Check,
    Found,
    Request,
    count,
    define,
    failed,
    passed,
    quoted,
    unknown,
)

_ICSD = f"oxidation states {materials.OXIDATION_STATES} of smact, doi:10.21105/joss.01361"
_SMACT = f"SMACT with {materials.OXIDATION_STATES}, doi:10.1021/acs.chemmater.9b04153"
_PLAIN = "plain arithmetic"

SMALLEST_VOLUME = 0.1  # cubic angstrom
LENGTHS = (0.5, 100.0)  # angstrom
DENSITIES = (0.01, 30.0)  # g/cm3; osmium has 22.6
CLOSEST = 0.5  # angstrom; the H-H bond has 0.74

# Published answers carry a marker before the space group, and some use mathematical brackets.
_MARKER = re.compile(r"<sg>\s*(?=<sg[0-9])")
_GROUP = re.compile(r"<sg([0-9]{1,4})>\s*\Z")
_BRACKETS = str.maketrans("\u27e8\u27e9\u2329\u232a\u3008\u3009", "<><><>")


def _split(text: str) -> tuple[str, int | None]:
    """Split a space group token, of any number, from the end of a composition."""
    plain = _MARKER.sub("", text.translate(_BRACKETS))
    found = _GROUP.search(plain)
    return (plain, None) if found is None else (plain[: found.start()], int(found.group(1)))


def composition(text: str) -> dict[str, int] | None:
    """Count the elements of ``Na Cl <sg225>``, ``NaCl`` or a crystal structure."""
    if crystals.looks_like_one(text):
        crystal = crystals.parse(text)
        return None if crystal is None else crystal.counts
    body = _split(text)[0]
    tokens = materials.from_tokens(body)
    return tokens[0] if tokens else materials.parse_composition(body)


def _no_composition(text: str) -> Found:
    return failed(f"not a valid composition: {quoted(text)}")


def _listed(elements: Mapping[str, int]) -> str:
    return ", ".join(elements)


@define(
    "composition grammar",
    "material",
    f"known elements, counts of 1 to {materials.MAX_COUNT}, no charge",
    "IUPAC symbols; tokens of arXiv 2509.21320",
)
def composition_grammar(text: str, request: Request) -> Found:
    """Read a composition."""
    counts = composition(text)
    if counts is None:
        return _no_composition(text)
    return passed(f"valid composition, {_written(counts)}")


@define(
    "space group",
    "material",
    "a space group token from 1 to 230, and the wanted one if one is wanted",
    "International Tables A, doi:10.1107/97809553602060000114",
)
def space_group(text: str, request: Request) -> Found:
    """Look at the token at the end, or at the number in a CIF."""
    crystal = crystals.parse(text) if crystals.looks_like_one(text) else None
    number = crystal.space_group if crystal else _split(text)[1]
    if number is None:
        if request.space_group is None:
            return unknown("not checked: no space group is given, and none is wanted")
        return failed(f"no space group is given, {request.space_group} is wanted")
    if number not in materials.SPACE_GROUPS:
        return failed(f"there is no space group {number}: they go from 1 to 230")
    if request.space_group not in (None, number):
        return failed(f"space group {number} came, {request.space_group} is wanted")
    return passed(f"space group {number}")


@define(
    "element set",
    "material formula",
    "exactly the wanted elements, and no others",
    "the request",
    asks="elements",
)
def element_set(text: str, request: Request) -> Found:
    """Compare the elements with the wanted ones."""
    wanted = dict.fromkeys(request.elements or (), 1)
    if not wanted or not all(element in formulas.ELEMENTS for element in wanted):
        return unknown("not checked: the wanted elements are not all element symbols")
    counts = composition(text) or formulas.parse(text)  # an ion has elements too
    if counts is None:
        return _no_composition(text)
    missing = [element for element in wanted if element not in counts]
    extra = [key for key in counts if key not in wanted and key != formulas.CHARGE]
    if missing:
        return failed(f"{', '.join(missing)} is missing; wanted are {_listed(wanted)}")
    if extra:
        return failed(f"{', '.join(extra)} is not wanted; wanted are {_listed(wanted)}")
    return passed(f"exactly the wanted elements: {_listed(wanted)}")


@define(
    "charge neutrality",
    "material",
    "known oxidation states of the elements can sum to zero, one state per element",
    _ICSD,
)
def charge_neutrality(text: str, request: Request) -> Found:
    """Look for a neutral assignment; single elements have nothing to assign."""
    counts = composition(text)
    if counts is None:
        return _no_composition(text)
    if len(counts) == 1:
        return unknown("not checked: a single element has no oxidation states to balance")
    if materials.charge_neutral(counts):
        return passed("charge neutral")
    return failed(
        "charges do not sum to zero: no assignment of known oxidation states of "
        f"{_listed(counts)} is neutral for {_written(counts)}, one state per element"
    )


def _written(counts: Mapping[str, int]) -> str:
    return "".join(element if n == 1 else f"{element}{n}" for element, n in counts.items())


@define(
    "smact",
    "material",
    "neutral with cations less electronegative than anions; alloys pass",
    _SMACT,
)
def smact(text: str, request: Request) -> Found:
    """Apply SMACT's test of a composition."""
    counts = composition(text)
    if counts is None:
        return _no_composition(text)
    if len(counts) == 1:
        return unknown("not checked: SMACT accepts every single element")
    if materials.smact_valid(counts):
        return passed("SMACT-valid")
    return failed(
        f"SMACT rejects {_written(counts)}: no neutral assignment gives the positive states to the "
        "less electronegative elements"
    )


def _cell(text: str) -> crystals.Crystal | Found:
    """Read a crystal whose cell encloses a volume, or say why there is none."""
    if not crystals.looks_like_one(text):
        return unknown("not checked: no crystal structure is written out")
    crystal = crystals.parse(text)
    if crystal is None:
        return failed(
            "the structure cannot be read: six finite numbers for the cell and up to "
            f"{crystals.MAX_ATOMS} atoms with x, y, z are expected"
        )
    for length in crystal.lengths:
        if not LENGTHS[0] <= length <= LENGTHS[1]:
            return failed(f"a cell length is {length:g} Å, {LENGTHS[0]:g} to {LENGTHS[1]:g} exist")
    if not all(0 < angle < 180 for angle in crystal.angles) or crystal.volume <= SMALLEST_VOLUME:
        angles = ", ".join(f"{angle:g}" for angle in crystal.angles)
        return failed(f"the cell encloses no volume: angles of {angles} degrees")
    return crystal


@define(
    "volume",
    "material",
    f"cell lengths of {LENGTHS[0]:g} to {LENGTHS[1]:g} Å, volume above {SMALLEST_VOLUME:g} Å3",
    _PLAIN,
)
def volume(text: str, request: Request) -> Found:
    """Compute the volume of the cell."""
    cell = _cell(text)
    return cell if isinstance(cell, tuple) else passed(f"the cell has {cell.volume:.2f} Å3")


@define(
    "density",
    "material",
    f"{DENSITIES[0]:g} to {DENSITIES[1]:g} g/cm3",
    f"{_PLAIN} with the atomic weights of RDKit",
)
def density(text: str, request: Request) -> Found:
    """Compute mass over volume."""
    cell = _cell(text)
    if isinstance(cell, tuple):
        return cell
    value = cell.density
    if DENSITIES[0] <= value <= DENSITIES[1]:
        return passed(f"the density is {value:.2f} g/cm3")
    return failed(f"the density is {value:.3g} g/cm3, {DENSITIES[0]:g} to {DENSITIES[1]:g} exist")


@define(
    "atom distances",
    "material",
    f"no two atoms closer than {CLOSEST:g} Å, periodic images included",
    _PLAIN,
)
def atom_distances(text: str, request: Request) -> Found:
    """Search for the closest pair of atoms."""
    cell = _cell(text)
    if isinstance(cell, tuple):
        return cell
    if min(cell.heights()) < CLOSEST:
        return unknown("not checked: the cell is too skewed, write it as a reduced cell")
    pair = cell.closest(CLOSEST)
    if pair is None:
        return passed(f"no two of {count(len(cell.atoms), 'atom')} are closer than {CLOSEST:g} Å")
    return failed(f"{pair[1]} and {pair[2]} are {pair[0]:.2f} Å apart, {CLOSEST:g} is the least")


CHECKS: tuple[Check, ...] = (
    composition_grammar,
    space_group,
    element_set,
    charge_neutrality,
    smact,
    volume,
    density,
    atom_distances,
)
