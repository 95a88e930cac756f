"""CSV, TSV and SMILES files in the layouts of public dumps; SDF."""

from __future__ import annotations

import bz2
import gzip
from typing import Any

import pytest

from scireasoner.errors import InputError
from scireasoner.notation.tags import NOTATIONS, find_spans
from scireasoner.science.molecules import canonical

ASPIRIN = "CC(=O)Oc1ccccc1C(=O)O"

# a layout -> its bytes; every one holds aspirin as the record named in the id
LAYOUTS = {
    "PubChem CID-SMILES": (b"2244\tCC(=O)OC1=CC=CC=C1C(=O)O\n", {}, "2244"),
    "PubChem CSV": (
        b"cid,cmpdname,isosmiles,iupacname,mf\n"
        b'2244,Aspirin,CC(=O)OC1=CC=CC=C1C(=O)O,2-acetyloxybenzoic acid,C9H8O4\n',
        {},
        "2244",
    ),
    "ChEMBL chemreps": (
        b"chembl_id\tcanonical_smiles\tstandard_inchi\tstandard_inchi_key\n"
        b"CHEMBL25\tCC(=O)Oc1ccccc1C(=O)O\tInChI=1S/C9H8O4\tBSYNRYMUTXBXSQ\n",
        {},
        "CHEMBL25",
    ),
    "ChEMBL web": (
        b'"ChEMBL ID";"Name";"Synonyms";"Smiles"\n'
        b'"CHEMBL25";"ASPIRIN";"a;b";"CC(=O)Oc1ccccc1C(=O)O"\n',
        {},
        "CHEMBL25",
    ),
    "ZINC smi": (b"smiles zinc_id\nCC(=O)Oc1ccccc1C(=O)O ZINC53\n", {}, "ZINC53"),
    "smi without header": (b"CC(=O)Oc1ccccc1C(=O)O ZINC53\n", {}, "ZINC53"),
    "smi alone": (b"CC(=O)Oc1ccccc1C(=O)O\n", {}, "1"),
    "tab without header": (
        b"x1\t5\tCC(=O)Oc1ccccc1C(=O)O\n",
        {"header": ["id", "n", "smiles"]},
        "x1",
    ),
    "columns by name": (
        b"mol,ref\nCC(=O)Oc1ccccc1C(=O)O,r7\n",
        {"columns": {"smiles": "mol", "id": "ref"}},
        "r7",
    ),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress])
def test_molecules_of_public_layouts(layout: str, pack: Any, reading: Any) -> None:
    data, options, key = LAYOUTS[layout]
    (document,), broken = reading("table", pack(data), "molecule", **options)
    assert broken == []
    assert document.id == f"set/{key}"
    assert document.meta["entity"] == ASPIRIN
    smiles = [span.text for span in find_spans(document.text, NOTATIONS["smiles"])]
    assert ASPIRIN in smiles
    assert {canonical(text) for text in smiles} == {ASPIRIN}
    assert "<MOLFORMULA>C9H8O4</MOLFORMULA>" in document.text
    assert len(find_spans(document.text, NOTATIONS["selfies"])) == 1
    if b"iupac" in data:
        assert "<IUPAC>2-acetyloxybenzoic acid</IUPAC>" in document.text


MIXED = (
    b"smiles,id,note\n"
    b"CCO,a,one\n"
    b"CC(,b,two\n"
    b"CCN,c\n"
    b"CC\xff,d,four\n"
    b'CCC,e,"five\nlines"\n'
    b"C\0C,f,six\n"
    b",g,seven\n"
    b'C"C,h,eight\n'
    b"CCS,i,nine\n"
    b'CCF,j,"never closed\n'
)


def test_what_is_broken_is_named_and_the_rest_goes_on(reading: Any) -> None:
    documents, broken = reading("table", MIXED, "molecule", keep=["note"])
    assert [(d.id, d.meta["note"]) for d in documents] == [
        ("set/a", "one"), ("set/e", "five\nlines"), ("set/i", "nine"),
    ]  # fmt: skip
    assert [(b.place, b.reason[:24]) for b in broken] == [
        ("line 3", "'CC(' is no molecule: RD"),
        ("line 4", "2 fields where the heade"),
        ("line 5", "the line is not UTF-8"),
        ("line 8", "the line has a null char"),
        ("lines 8-9", "no field of text or of a"),
        ("line 10", "'C\"C' is no molecule: RD"),
        ("line 12", "the row is broken (unexp"),
    ]


PROTEIN = "MKTAYIAKQR"
# what the columns are -> kind in meta, what the text must hold
PAIRS = [
    (b"smiles,value\nCCO,-0.77\n", {"smiles": "smiles", "label": "value"}, "logS", "text and label",
     ["<SMILES>CCO</SMILES>", "-0.77", "logS"]),
    (b"smiles,text\nCCO,It burns.\n", {"smiles": "smiles", "text": "text"}, "", "text and label",
     ["<SMILES>CCO</SMILES>", "It burns."]),
    (b"m,p,v\nOCC,MKTAYIAKQR,7.2\n", {"smiles": "m", "protein": "p", "label": "v"}, "pKi",
     "across disciplines", ["<SMILES>CCO</SMILES>", f"<protein>{PROTEIN}</protein>", "7.2"]),
    (b"a,b,y\nMKTAYIAKQR,MKV,1\n", {"protein": "a", "protein2": "b", "label": "y"}, "",
     "same discipline", [f"<protein>{PROTEIN}</protein>", "<protein>MKV</protein>", "family"]),
    (b"a,f,b,g\nMKTAYIAKQR,PF1,MKV,PF2\n",
     {"protein": "a", "protein2": "b", "family": "f", "family2": "g"}, "", "same discipline",
     ["<protein>MKV</protein>"]),
    (b"a,b,i\nMKTAYIAKQR,MKV,91.5%\n", {"protein": "a", "protein2": "b", "identity": "i"}, "fold",
     "same discipline", ["<protein>MKV</protein>", "fold"]),
    (b"gene\nATGAAAACCTAA\n", {"cds": "gene"}, "", "across disciplines",
     ["<dna>ATGAAAACCTAA</dna>", "<protein>MKT</protein>"]),
    (b"rxn\n[CH3:1]Cl.O>[Na+].[OH-]>[CH3:1]O |f:0|\n", {"reaction": "rxn"}, "", "reaction",
     ["<SMILES>CCl</SMILES>", "<SMILES>CO</SMILES>", "<SMILES>[Na+]</SMILES>"]),
    (b"reactants,product\nCC.O,CCO\n", {"reactants": "reactants", "products": "product"}, "",
     "reaction", ["<SMILES>CC</SMILES>", "<SMILES>O</SMILES>", "<SMILES>CCO</SMILES>"]),
]  # fmt: skip


@pytest.mark.parametrize(("data", "columns", "topic", "kind", "parts"), PAIRS)
def test_pairs_from_tables(
    data: bytes, columns: Any, topic: str, kind: str, parts: list[str], reading: Any
) -> None:
    (document,), broken = reading("table", data, "x", columns=columns, topic=topic)
    assert broken == []
    assert document.meta["kind"] == kind
    for part in parts:
        assert part in document.text


@pytest.mark.parametrize(
    ("data", "columns", "reason"),
    [
        (b"m,p\nCCO,MKV\n", {"smiles": "m", "protein": "p"}, "need a label"),
        (b"a,b,y\nMK,MV,maybe\n", {"protein": "a", "protein2": "b", "label": "y"}, "'maybe' says neither"),
        (b"a,b,f,g\nMK,MV,,x\n", {"protein": "a", "protein2": "b", "family": "f", "family2": "g"}, "missing, empty"),
        (b"a,b,i\nMK,MV,0.3\n", {"protein": "a", "protein2": "b", "identity": "i"}, "does not tell"),
        (b"a,b,i\nMK,MV,93\n", {"protein": "a", "protein2": "b", "identity": "i"}, "is no share"),
        (b"gene,n\nATGAAA,1\n", {"cds": "gene"}, "does not end with a stop codon"),
        (b"rxn,n\nCC>CCO,1\n", {"reaction": "rxn"}, "A.B>C>D is expected"),
        (b"p,n\nMK1,1\n", {"protein": "p"}, "'1' is no letter of protein"),
    ],
)  # fmt: skip
def test_rows_that_are_no_pair(data: bytes, columns: Any, reason: str, reading: Any) -> None:
    documents, (broken,) = reading("table", data, "x", columns=columns)
    assert documents == []
    assert reason in broken.reason


def test_uniprot_tab_separated(reading: Any) -> None:
    data = (
        b"Entry\tProtein names\tGene Names\tOrganism\tSequence\tFunction [CC]\n"
        b'P1\tLysozyme "C"\tLYZ\tGallus gallus\tMKV\tFUNCTION: Lyses.\n'
    )
    (document,), _ = reading("table", data, "protein")
    assert document.id == "set/P1"
    assert document.text == (
        'Name: Lysozyme "C"\nGene: LYZ\nOrganism: Gallus gallus\n'
        "Function: FUNCTION: Lyses.\n<protein>MKV</protein>"
    )


def test_columns_that_are_not_there() -> None:
    import io

    from scireasoner.corpus.readers import Origin, read

    for columns, message in [
        ({"smiles": "mol"}, "no column 'mol'"),
        ({"smile": "a"}, "no role 'smile' for a column; did you mean 'smiles'"),
        ({"smiles": "a", "id": "nr"}, "no column 'nr'"),
    ]:
        with pytest.raises(InputError, match=message):
            list(read("table", io.BytesIO(b"a,b\nC,1\n"), Origin("s", "l", "x"), columns=columns))


def test_unknown_columns_are_broken_once(reading: Any) -> None:
    _, (broken,) = reading("table", b"first,second\n1,2\n3,4\n", "x")
    assert "name them with columns= or header=" in broken.reason


def test_a_random_smiles_is_fixed_by_the_seed_and_can_be_left_out(reading: Any) -> None:
    data = b"smiles,id\n" + ASPIRIN.encode() + b",a\n"
    texts = {
        seed: [reading("table", data, "m", seed=seed)[0][0].text for _ in range(2)]
        for seed in range(4)
    }
    assert all(first == second for first, second in texts.values())
    assert len({first for first, _ in texts.values()}) > 1
    (long,), _ = reading("table", data, "m", inchi=True)
    assert "InChI=1S/C9H8O4/c1-6(10)13-8-5-3-2-4-7(8)9(11)12/h2-5H,1H3,(H,11,12)" in long.text
    (alone,), _ = reading("table", data, "m", randoms=0)
    assert [s.text for s in find_spans(alone.text, NOTATIONS["smiles"])] == [ASPIRIN]


@pytest.fixture(scope="module")
def sdf() -> bytes:
    """Three molecules as RDKit writes them, with PubChem's data fields."""
    from rdkit import Chem

    records = []
    for number, smiles in enumerate(("CCO", ASPIRIN, "C[C@H](N)C(=O)O"), start=1):
        mol = Chem.MolFromSmiles(smiles)
        block = Chem.MolToMolBlock(mol)
        fields = {"PUBCHEM_COMPOUND_CID": number, "PUBCHEM_IUPAC_NAME": f"name {number}"}
        told = "".join(f"> <{k}>\n{v}\n\n" for k, v in fields.items())
        records.append(f"{block}{told}$$$$\n")
    return "".join(records).encode()


def test_sdf_with_data_fields(sdf: bytes, reading: Any) -> None:
    documents, broken = reading("sdf", gzip.compress(sdf), "molecule")
    assert broken == []
    assert [d.id for d in documents] == ["set/1", "set/2", "set/3"]
    assert [d.meta["entity"] for d in documents] == ["CCO", ASPIRIN, "CC(N)C(=O)O"]
    assert "<SMILES>C[C@H](N)C(=O)O</SMILES>" in documents[2].text
    assert "<IUPAC>name 2</IUPAC>" in documents[1].text


def test_sdf_the_same_structures_as_rdkits_supplier(sdf: bytes, reading: Any) -> None:
    import io

    from rdkit import Chem

    theirs = [Chem.MolToSmiles(mol) for mol in Chem.ForwardSDMolSupplier(io.BytesIO(sdf))]
    documents, _ = reading("sdf", sdf, "m", randoms=0)
    ours = [find_spans(d.text, NOTATIONS["smiles"])[0].text for d in documents]
    assert ours == theirs


def test_sdf_broken_in_the_middle_and_cut(sdf: bytes, reading: Any) -> None:
    first, second, third = sdf.split(b"$$$$\n")[:3]
    data = b"$$$$\n".join([first, second.replace(b"V2000", b"V9000"), third[:200]])
    documents, broken = reading("sdf", data, "m")
    assert [d.id for d in documents] == ["set/1"]
    assert [b.reason for b in broken] == [
        "RDKit does not read the structure",
        "the record is cut off or too long",
    ]


def test_sdf_fields_by_option(sdf: bytes, reading: Any) -> None:
    columns = {"label": "PUBCHEM_IUPAC_NAME"}
    documents, _ = reading(
        "sdf", sdf, "m", columns=columns, topic="name", id="PUBCHEM_COMPOUND_CID"
    )
    assert documents[0].meta["kind"] == "text and label"
    assert "name 1" in documents[0].text
