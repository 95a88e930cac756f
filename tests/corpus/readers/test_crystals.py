"""CIF and JSON of materials: tokens of the notation, prose with the right numbers."""

from __future__ import annotations

import json
from typing import Any

import pytest

ROCK_SALT = """# a comment
data_NaCl
_cell_length_a 5.64
_cell_length_b 5.64
_cell_length_c 5.64
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
loop_
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
""" + "".join(
    f"{element} {x} {y} {z}\n"
    for element, shift in (("Na", 0.0), ("Cl", 0.5))
    for x, y, z in ((shift, 0, 0), (shift, 0.5, 0.5), (shift + 0.5, 0.5, 0), (shift + 0.5, 0, 0.5))
)
# 4 formula units of 58.44 g/mol in 5.64^3 cubic angstrom: halite has 2.165 g/cm3.
STATED = ("2.164 g/cm3", "179.41 Å3", "a = 5.640 Å", "4 Na, 4 Cl atoms")


def structure() -> dict[str, Any]:
    sites = []
    for element, shift in (("Na", 0.0), ("Cl", 0.5)):
        for x, y, z in ((0, 0, 0), (0, 0.5, 0.5), (0.5, 0.5, 0), (0.5, 0, 0.5)):
            species = [{"element": element, "occu": 1}]
            sites.append({"species": species, "abc": [x + shift, y, z]})
    lattice = dict.fromkeys("abc", 5.64) | dict.fromkeys(("alpha", "beta", "gamma"), 90)
    return {"lattice": lattice, "sites": sites}


def row(**more: Any) -> dict[str, Any]:
    return {
        "material_id": "mp-22862",
        "formula_pretty": "NaCl",
        "symmetry": {"number": 225, "symbol": "Fm-3m", "crystal_system": "Cubic"},
        "band_gap": 5.0034,
        "energy_above_hull": 0,
        "is_stable": True,
        **more,
    }


def test_a_cif_without_symmetry_tells_no_space_group(reading: Any) -> None:
    (document,), broken = reading("cif", ROCK_SALT.encode(), "material")
    assert broken == []
    assert "<material>Na Cl</material>" in document.text
    assert "space group" not in document.text.lower()
    for part in STATED:
        assert part in document.text
    assert document.meta == {"kind": "material", "entity": "ClNa"}
    assert document.id == "set/NaCl@2"


def test_blocks_of_a_cif_and_what_is_broken(reading: Any) -> None:
    shared = ROCK_SALT.replace("_atom_site_fract_z\n", "_atom_site_fract_z\n_atom_site_occupancy\n")
    data = ROCK_SALT + shared + ROCK_SALT.replace("5.64", "abc") + ROCK_SALT
    documents, broken = reading("cif", data.encode(), "material")
    assert len(documents) == 2
    assert len({d.id for d in documents}) == 2
    assert [b.place for b in broken] == ["line 23", "line 45"]


@pytest.mark.parametrize(
    "more", [{"structure": structure()}, {"cif": ROCK_SALT}], ids=["structure", "cif"]
)
@pytest.mark.parametrize("array", [False, True])
def test_rows_of_the_materials_project(more: Any, array: bool, reading: Any) -> None:
    rows = [row(**more)]
    data = json.dumps(rows) if array else json.dumps(rows[0])
    (document,), broken = reading("materials", data.encode(), "material")
    assert broken == []
    assert "<material>Na Cl <sg225></material>" in document.text
    for part in (*STATED, "Fm-3m (no. 225)", "ubic", "5.003 eV", "0 eV/atom"):
        assert part in document.text
    assert document.id == "set/mp-22862"
    assert document.meta["spacegroup"] == "225"


def test_a_row_with_a_formula_alone(reading: Any) -> None:
    options = {"properties": {"k_vrh": "bulk modulus in GPa"}, "keep": ("is_stable",)}
    (document,), _ = reading("materials", json.dumps(row(k_vrh=25.1)).encode(), "m", **options)
    assert "<material>Na Cl <sg225></material>" in document.text
    assert "25.1 GPa" in document.text
    assert "lattice parameters" not in document.text
    assert document.meta["is_stable"] == "True"


@pytest.mark.parametrize(
    ("broken_row", "reason"),
    [
        ({"material_id": "a"}, "no structure, no CIF and no formula"),
        ({"formula": "Xx2"}, "no structure, no CIF and no formula"),
        ({"cif": "data_x"}, "the CIF holds no crystal"),
        ({"structure": {"lattice": {}, "sites": []}}, "no crystal of full sites"),
        (
            {
                "structure": {
                    **structure(),
                    "sites": [{"species": [{"element": "Na", "occu": 0.5}], "abc": [0, 0, 0]}],
                }
            },
            "no crystal of full sites",
        ),
        (
            {
                "structure": {
                    **structure(),
                    "lattice": dict.fromkeys("abc", 5.0) | {"alpha": 10, "beta": 120, "gamma": 20},
                }
            },
            "close no cell",
        ),
        (
            {"structure": {**structure(), "lattice": dict.fromkeys("abc", float("nan"))}},
            "no crystal",
        ),
    ],
)
def test_broken_materials(broken_row: Any, reason: str, reading: Any) -> None:
    documents, (broken,) = reading("materials", json.dumps(broken_row).encode(), "m")
    assert documents == []
    assert reason in broken.reason


@pytest.mark.parametrize("number", [0, 231, 62.5, True, None, "x"])
def test_a_space_group_that_is_none_is_not_told(number: Any, reading: Any) -> None:
    data = json.dumps(row(symmetry={"number": number})).encode()
    (document,), _ = reading("materials", data, "m")
    assert "<material>Na Cl</material>" in document.text
