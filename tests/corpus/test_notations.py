"""Every notation of one entity, checked against other tools; crystals in words."""

from __future__ import annotations

import re

import pytest

from scireasoner.corpus import notations
from scireasoner.corpus.prose import composition_prose, crystal_prose, crystal_system
from scireasoner.errors import InputError
from scireasoner.notation.tags import NOTATIONS, find_spans, strip_tags
from scireasoner.science.crystals import Crystal, parse
from scireasoner.science.molecules import canonical

# SMILES, canonical, formula, standard InChI (PubChem)
MOLECULES = [
    ("OCC", "CCO", "C2H6O", "InChI=1S/C2H6O/c1-2-3/h3H,2H2,1H3"),
    (
        "C[C@@H](C(=O)O)N",
        "C[C@H](N)C(=O)O",
        "C3H7NO2",
        "InChI=1S/C3H7NO2/c1-2(4)3(5)6/h2H,4H2,1H3,(H,5,6)/t2-/m0/s1",
    ),
    ("[Na+].[Cl-]", "[Cl-].[Na+]", "ClNa", "InChI=1S/ClH.Na/h1H;/q;+1/p-1"),
    ("C[NH3+]", "C[NH3+]", "CH6N+", "InChI=1S/CH5N/c1-2/h2H2,1H3/p+1"),
]


@pytest.mark.parametrize(("smiles", "target", "formula", "inchi"), MOLECULES)
def test_notations_of_a_molecule(smiles: str, target: str, formula: str, inchi: str) -> None:
    import selfies

    forms = notations.molecule(smiles, name="<IUPAC>some name</IUPAC>", inchi=True, randoms=3)
    assert forms["smiles"] == f"<SMILES>{target}</SMILES>"
    assert forms["formula"] == f"<MOLFORMULA>{formula}</MOLFORMULA>"
    assert forms["iupac"] == "<IUPAC>some name</IUPAC>"
    assert forms["inchi"] == inchi
    assert canonical(selfies.decoder(strip_tags(forms["selfies"]))) == target
    others = [strip_tags(text) for name, text in forms.items() if name.startswith("random")]
    assert len(set(others)) == len(others)
    for text in others:
        assert text != target
        assert canonical(text) == target


def test_as_many_random_smiles_as_asked_for_and_none_twice() -> None:
    aspirin = "CC(=O)Oc1ccccc1C(=O)O"
    counts = {
        n: sum(k.startswith("random") for k in notations.molecule(aspirin, randoms=n))
        for n in (0, 1, 5)
    }
    assert counts == {0: 0, 1: 1, 5: 5}
    assert not any(k.startswith("random") for k in notations.molecule("C", randoms=5))
    assert notations.molecule(aspirin, seed=1) != notations.molecule(aspirin, seed=2)


def test_a_molecule_that_selfies_cannot_write_has_the_other_notations() -> None:
    forms = notations.molecule("CI(=O)=O")  # iodine of five bonds
    assert "selfies" not in forms
    assert forms["formula"] == "<MOLFORMULA>CH3IO2</MOLFORMULA>"


@pytest.mark.parametrize("text", ["", "not a molecule", "C(", "C.>C", "x" * 2_000])
def test_what_is_no_molecule(text: str) -> None:
    with pytest.raises(InputError, match="not a SMILES string"):
        notations.molecule(text)
    assert notations.inchi_of(text) is None


def test_facts_stand_above_the_sequence() -> None:
    text = notations.protein("MKV", name="Lysozyme <protein>", organism="Gallus gallus")
    assert text == "Name: Lysozyme \nOrganism: Gallus gallus\n<protein>MKV</protein>"
    assert notations.protein("MKV") == "<protein>MKV</protein>"
    assert notations.dna("ACGT", organism="E. coli", position="U1:1-4", description="x") == (
        "Organism: E. coli\nPosition: U1:1-4\n<dna>ACGT</dna>"
    )
    assert notations.dna("ACGT", description="x") == "Description: x\n<dna>ACGT</dna>"


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("dna", "GATTACA", {"rna": "<rna>GAUUACA</rna>"}),
        ("rna", "GAUUACA", {"dna": "<dna>GATTACA</dna>"}),
        ("protein", "MKV", {}),
        ("smiles", "C", {"random smiles": "<SMILES>C</SMILES>"}),
        ("smiles", "C1CC", {}),  # RDKit cannot read it
    ],
)
def test_restated(kind: str, text: str, expected: dict[str, str]) -> None:
    assert notations.restated(kind, text, seed=0) == expected


@pytest.mark.parametrize(
    ("counts", "group", "expected"),
    [
        ({"Ti": 2, "O": 4}, 136, "<material>Ti O O <sg136></material>"),
        ({"Na": 1, "Cl": 1}, None, "<material>Na Cl</material>"),
        ({"Fe": 4}, 229, "<material>Fe <sg229></material>"),
    ],
)
def test_materials_as_tokens(counts: dict[str, int], group: int | None, expected: str) -> None:
    assert notations.material(counts, group) == expected


@pytest.mark.parametrize(
    ("counts", "group"),
    [({}, None), ({"Xx": 1}, None), ({"Na": 0}, None), ({"Na": 1}, 231), ({"C": 300, "H": 301}, 1)],
)
def test_what_is_no_material(counts: dict[str, int], group: int | None) -> None:
    with pytest.raises(InputError):
        notations.material(counts, group)


def rutile() -> Crystal:
    """TiO2, P4_2/mnm (doi:10.1021/ja00246a021): 4.25 g/cm3."""
    x = 0.3048
    rows = [("Ti", 0, 0, 0), ("Ti", 0.5, 0.5, 0.5), ("O", x, x, 0), ("O", 1 - x, 1 - x, 0),
            ("O", 0.5 - x, 0.5 + x, 0.5), ("O", 0.5 + x, 0.5 - x, 0.5)]  # fmt: skip
    lines = ["4.5937 4.5937 2.9587 90 90 90", *(" ".join(map(str, row)) for row in rows)]
    crystal = parse("\n".join(lines))
    assert crystal is not None
    return crystal


def test_a_crystal_in_words_has_its_numbers() -> None:
    for key in map(str, range(40)):
        text = crystal_prose(
            rutile(), key, spacegroup=136, symbol="P4_2/mnm", measured={"band gap": "3 eV"}
        )
        (span,) = find_spans(text, NOTATIONS["material"])
        assert span.text == "Ti O O <sg136>"
        for part in ("TiO2", "2 Ti, 4 O atoms", "P4_2/mnm (no. 136)", "etragonal", "62.43 Å3",
                     "a = 4.594 Å", "c = 2.959 Å", "γ = 90.00°", "3 eV", "and gap"):  # fmt: skip
            assert part in text, key
        density = re.search(r"([0-9.]+) g/cm3", text)
        assert density is not None
        assert float(density.group(1)) == pytest.approx(4.25, abs=0.01)
        assert "{" not in text


def test_the_wording_of_a_crystal_is_fixed_by_its_id_and_varies() -> None:
    texts = [crystal_prose(rutile(), str(i)) for i in range(100)]
    assert texts == [crystal_prose(rutile(), str(i)) for i in range(100)]
    assert len(set(texts)) > 90
    alone = composition_prose({"Na": 1, "Cl": 1}, "k", spacegroup=225)
    assert "<material>Na Cl <sg225></material>" in alone
    assert "Å" not in alone


@pytest.mark.parametrize(
    ("group", "system"),
    [(1, "triclinic"), (2, "triclinic"), (3, "monoclinic"), (15, "monoclinic"), (16, "orthorhombic"),
     (74, "orthorhombic"), (75, "tetragonal"), (142, "tetragonal"), (143, "trigonal"),
     (167, "trigonal"), (168, "hexagonal"), (194, "hexagonal"), (195, "cubic"), (230, "cubic")],
)  # fmt: skip
def test_crystal_systems_at_their_bounds(group: int, system: str) -> None:
    assert crystal_system(group) == system
