"""Crystal structures: what is read, and volume, density and distances against plain sums."""

from __future__ import annotations

import math
from itertools import product
from random import Random

import pytest

from scireasoner.science.crystals import Crystal, looks_like_one, parse

CSCL = "4.123 4.123 4.123 90 90 90\nCs 0 0 0\nCl .5 .5 .5"
CIF = """data_x
_cell_length_a 4
_cell_length_b 4
_cell_length_c 4
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_space_group_IT_number {group}
loop_
_space_group_symop_operation_xyz
{operations}
loop_
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
_atom_site_occupancy
{atoms}
"""


def cif(operations: str, atoms: str, group: object = 2) -> str:
    return CIF.format(operations=operations, atoms=atoms, group=group)


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        (CSCL, {"Cs": 1, "Cl": 1}),
        (cif("x,y,z\n-x,-y,-z", "O .1 .2 .3 1"), {"O": 2}),
        (cif("x,y,z\n-x,-y,-z", "O2- 0.5 0.0 0.5 1.0"), {"O": 1}),
        (cif("x,y,z\n-x,-y,-z", "O .1 .2 .3 1.000000"), {"O": 2}),
        (cif("'x, y, z'\n'-x+1/2, y+0.5, -z'", "Fe3+ .1 .2 .3 ."), {"Fe": 2}),
        (cif("x,y,z", "C .1 .2 .3 1\nH .2 .2 .2 1", 1), {"C": 1, "H": 1}),
        # Symmetry without its operations, half an atom, an unknown element, nonsense.
        (cif("x,y,z", "O .1 .2 .3 1", 225), None),
        (cif("x,y,z\n-x,-y,-z", "O .1 .2 .3 0.5"), None),
        (cif("x,y,z\n-x,-y,-z", "Qq .1 .2 .3 1"), None),
        (cif("x,y,z\nx/y,y,z", "O .1 .2 .3 1"), None),
        (cif("x,y,z\n1/0+x,y,z", "O .1 .2 .3 1"), None),
        (cif("x,y,z\n-x,-y", "O .1 .2 .3 1"), None),
        (cif("x,y,z", "O nan .2 .3 1", 1), None),
        ("4 4 4 90 90 90", None),
        ("4 4 4 90 90 90\nQq 0 0 0", None),
        ("4 4 4 90 90 90\nNa 0 0", None),
        ("4 4 inf 90 90 90\nNa 0 0 0", None),
        ("4 4 4 90 90 90\nNa 0 0 1e999", None),
        ("4 4 4 90 90 90\n" + "Na 0 0 0\n" * 201, None),
    ],
)
def test_what_is_read(text: str, counts: dict[str, int] | None) -> None:
    assert looks_like_one(text)
    found = parse(text)
    assert (found.counts if found else None) == counts


@pytest.mark.parametrize("text", ["Na Cl", "NaCl", "Ti O O O O <sg136>", "", "a b"])
def test_a_composition_is_no_structure(text: str) -> None:
    assert not looks_like_one(text)


def test_density_of_caesium_chloride_is_the_measured_one() -> None:
    found = parse(CSCL)  # a = 4.123 Å; 3.99 g/cm3 in the CRC Handbook
    assert found is not None
    assert found.volume == pytest.approx(4.123**3)
    assert found.density == pytest.approx(3.99, abs=0.01)


def a_cell(random: Random) -> Crystal:
    """Return a random cell whose vectors are not almost in one plane."""
    while True:
        lengths = tuple(random.uniform(1.0, 4.0) for _ in range(3))
        angles = tuple(random.uniform(40.0, 140.0) for _ in range(3))
        atoms = tuple(
            ("H", (random.uniform(-2, 2), random.random(), random.random())) for _ in range(4)
        )
        cell = Crystal(lengths, angles, atoms)  # type: ignore[arg-type]
        if cell.volume > 0.5 and min(cell.heights()) > 0.5:
            return cell


def nearest(cell: Crystal) -> float:
    """Return the smallest distance by looking at all images within four cells."""
    vectors, best = cell.vectors, math.inf
    for (i, (_, p)), (j, (_, q)) in product(enumerate(cell.atoms), repeat=2):
        for shift in product(range(-4, 5), repeat=3):
            if i == j and not any(shift):
                continue
            f = [b - a - round(b - a) + n for a, b, n in zip(p, q, shift, strict=True)]
            best = min(
                best,
                math.hypot(*(sum(f[k] * vectors[k][axis] for k in range(3)) for axis in range(3))),
            )
    return best


@pytest.mark.parametrize("seed", range(12))
def test_the_closest_pair_is_found_among_periodic_images(seed: int) -> None:
    cell = a_cell(Random(seed))
    a, b, c = cell.vectors
    cross = (b[1] * c[2] - b[2] * c[1], b[2] * c[0] - b[0] * c[2], b[0] * c[1] - b[1] * c[0])
    assert cell.volume == pytest.approx(abs(sum(p * q for p, q in zip(a, cross, strict=True))))
    distance = nearest(cell)
    found = cell.closest(distance + 0.1)
    assert found is not None
    assert found[0] == pytest.approx(distance)
    assert cell.closest(distance * 0.99) is None
