"""Named checks: what passes, what fails and why, what cannot be said; and what would kill a tool."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from scireasoner.errors import MissingTool
from scireasoner.science import names, nucleotides
from scireasoner.science.checks import CHECKS, Request
from scireasoner.types import Verdict

PASS, FAIL, OPEN = Verdict.PASS, Verdict.FAIL, Verdict.NOT_APPLICABLE

SALT = """5.64 5.64 5.64 90 90 90
Na 0 0 0
Na 0 .5 .5
Na .5 0 .5
Na .5 .5 0
Cl .5 .5 .5
Cl .5 0 0
Cl 0 .5 0
Cl 0 0 .5"""
# The same cell from its symmetry: the F centring makes eight atoms of two.
SALT_CIF = """data_NaCl
_symmetry_Int_Tables_number 225
_cell_length_a 5.64(1)
_cell_length_b 5.64
_cell_length_c 5.64
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
loop_
_symmetry_equiv_pos_as_xyz
'x, y, z'
'x, y+1/2, z+1/2'
'x+1/2, y, z+1/2'
'x+1/2, y+1/2, z'
loop_
_atom_site_label
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
Na1 0 0 0
Cl1 0.5 0.5 0.5
"""
WATER = "H2 + O2 -> H2O"

Row = tuple[str, str, dict[str, Any], Verdict, str]

MOLECULES: list[Row] = [
    ("smiles grammar", "CCO", {}, PASS, "can be read"),
    ("smiles grammar", "[nH]1cccc1", {}, PASS, "can be read"),
    ("smiles grammar", "C(C)(C)(C)(C)C", {}, PASS, "can be read"),
    ("smiles grammar", "CC(", {}, FAIL, "a branch is not closed"),
    ("smiles grammar", "C1CC", {}, FAIL, "ring 1 is not closed"),
    ("smiles grammar", "C[Na", {}, FAIL, "a square bracket is not closed"),
    ("smiles grammar", "[Xx]", {}, FAIL, "an atom or bond is not known"),
    ("smiles grammar", "CCO is ethanol", {}, FAIL, "blanks stand inside it"),
    ("smiles grammar", "*CC", {}, FAIL, "a wildcard atom"),
    ("smiles grammar", "", {}, FAIL, "empty"),
    ("smiles grammar", "C" * 1_001, {}, OPEN, "at most 1,000 are read"),
    ("valence", "CCO", {}, PASS, "no atom"),
    ("valence", "C[N+](C)(C)C", {}, PASS, "no atom"),
    ("valence", "CC(C)(C)(C)C", {}, FAIL, "carbon atom 2 has five bonds, at most four are allowed"),
    ("valence", "CN(C)(C)C", {}, FAIL, "nitrogen atom 2 has four bonds, at most three are allowed"),
    ("valence", "F[Cl](F)F", {}, FAIL, "chlorine atom 2 has three bonds, at most one is allowed"),
    ("valence", "[CH5+]", {}, FAIL, "more than its charge allows"),
    ("valence", "CC(", {}, FAIL, "cannot be read"),
    ("valence", "C" * 2_000, {}, OPEN, "2,000 characters came"),
    ("kekulisation", "c1ccccc1", {}, PASS, "can alternate"),
    ("kekulisation", "c1cc[nH]c1", {}, PASS, "can alternate"),
    ("kekulisation", "c1cccc1", {}, FAIL, "atoms 1, 2, 3, 4, 5 cannot alternate"),
    ("kekulisation", "c1ccnc1", {}, FAIL, "as in [nH]"),
    ("kekulisation", "c1ccccc1c", {}, FAIL, "carbon atom 7 is written as aromatic but is in no"),
    ("kekulisation", "c" * 1_500, {}, OPEN, "1,500 characters"),
    ("one molecule", "OCC", {}, PASS, "valid molecule, C2H6O"),
    ("one molecule", "[Na+].[Cl-]", {}, PASS, "valid molecule, ClNa"),
    ("one molecule", "C(C)(C)(C)(C)C", {}, FAIL, "not a valid molecule"),
    ("one molecule", "C" * 400, {}, FAIL, "400 atoms came, at most 300"),
    ("one molecule", "[#0]CC", {}, FAIL, "not a valid molecule"),
    ("one molecule", "CCO>>CC=O", {}, FAIL, "a reaction"),
    ("one molecule", "C" * 5_000, {}, OPEN, "not checked"),
    ("canonical identity", "OCC", {"smiles": "CCO"}, PASS, "the wanted molecule"),
    ("canonical identity", "C(C)O", {"smiles": "OCC"}, PASS, "the wanted molecule"),
    ("canonical identity", "CO", {"smiles": "CCO"}, FAIL, "another molecule: CO, not CCO"),
    ("canonical identity", "C[C@H](O)F", {"smiles": "C[C@@H](O)F"}, FAIL, "stereochemistry"),
    ("canonical identity", "CC(", {"smiles": "CCO"}, FAIL, "cannot be read"),
    ("canonical identity", "CC", {"smiles": "CC("}, OPEN, "the wanted molecule is not valid"),
    ("canonical identity", "CC", {}, OPEN, "the request gives no smiles"),
    ("molecular formula", "CCO", {"formula": "C2H6O"}, PASS, "C2H6O"),
    ("molecular formula", "CC[O-]", {"formula": "C2H5O-"}, PASS, "C2H5O-"),
    ("molecular formula", "CCO", {"formula": "C2H4O"}, FAIL, "six atoms of H came, four wanted"),
    ("molecular formula", "CC[O-]", {"formula": "C2H5O"}, FAIL, "the charge is -1, 0 is wanted"),
    ("molecular formula", "C1CC", {"formula": "C3H6"}, FAIL, "ring 1 is not closed"),
    ("molecular formula", "CCO", {"formula": "Qq"}, OPEN, "the wanted formula cannot be read"),
    ("scaffold", "Oc1ccccc1", {"scaffold": "c1ccccc1"}, PASS, "is there"),
    ("scaffold", "CC(=O)N", {"scaffold": "[CX3](=O)[NX3]"}, PASS, "is there"),
    ("scaffold", "CCO", {"scaffold": "c1ccccc1"}, FAIL, "not in the molecule"),
    ("scaffold", "CC(", {"scaffold": "C"}, FAIL, "cannot be read"),
    ("scaffold", "CCO", {"scaffold": "c1cc"}, OPEN, "not a SMARTS pattern"),
    ("scaffold", "CCO", {"scaffold": "C" * 300}, OPEN, "not a SMARTS pattern"),
    ("scaffold", "CCO", {}, OPEN, "the request gives no scaffold"),
    ("formula grammar", "Ca(OH)2", {}, PASS, "valid formula"),
    ("formula grammar", "CuSO4.5H2O", {}, PASS, "valid formula"),
    ("formula grammar", "Qq2", {}, FAIL, "not a valid formula"),
    ("formula grammar", "C6H6zzz", {}, FAIL, "not a valid formula"),
    ("formula grammar", "C" * 301, {}, OPEN, "at most 300"),
    ("element counts", "C2H6O", {"smiles": "CCO"}, PASS, "C2H6O"),
    ("element counts", "OH6C2", {"formula": "C2H6O"}, PASS, "C2H6O"),
    ("element counts", "C2H6", {"smiles": "CCO"}, FAIL, "no atoms of O came, one wanted"),
    ("element counts", "C6H6zzz", {"formula": "C6H6"}, FAIL, "not a valid formula"),
    ("element counts", "C2H6O", {"smiles": "C1CC"}, OPEN, "cannot be read"),
    ("element counts", "C2H6O", {}, OPEN, "no formula or smiles"),
    ("iupac reading", "ethanol", {}, PASS, "OPSIN reads the name as"),
    ("iupac reading", "ethanol", {"smiles": "OCC"}, PASS, "the wanted molecule"),
    ("iupac reading", "methanol", {"smiles": "OCC"}, FAIL, "not as CCO"),
    ("iupac reading", "notaname", {}, FAIL, "OPSIN does not understand"),
    ("iupac reading", "ethane\rmethane", {}, FAIL, "OPSIN does not understand"),
    ("iupac reading", "alanyl" * 200 + "glycine", {}, OPEN, "at most 500 are read"),
]

REACTIONS: list[Row] = [
    ("equation grammar", WATER, {}, PASS, "can be read"),
    ("equation grammar", "CCO.O>>CC=O", {}, PASS, "can be read"),
    ("equation grammar", "water", {}, FAIL, "not a reaction equation"),
    ("equation grammar", "H2 + Qq -> H2O", {}, FAIL, "not a reaction equation"),
    ("equation grammar", "H2 -> " * 200, {}, OPEN, "at most 500"),
    ("element balance", "2 H2 + O2 -> 2 H2O", {}, PASS, "balanced"),
    ("element balance", "CCO.[O]>>CC=O.O", {}, PASS, "balanced"),
    ("element balance", WATER, {}, FAIL, "not balanced: O -1"),
    ("element balance", "CCO>>CC=O", {}, FAIL, "H -2"),
    ("element balance", "hello", {}, FAIL, "not a reaction equation"),
    ("element balance", "C" * 501, {}, OPEN, "not checked"),
    ("charge balance", "Fe^3+ + Ag -> Fe^2+ + Ag+", {}, PASS, "+3 on both sides"),
    ("charge balance", WATER, {}, PASS, "both sides neutral"),
    ("charge balance", "Fe^3+ + Cu -> Fe^2+ + Cu^2+", {}, FAIL, "+3 on the left and +4 on the"),
    ("charge balance", "[Na+].[Cl-]>>[Na+]", {}, FAIL, "+0 on the left and +1 on the right"),
    ("charge balance", "x" * 600, {}, OPEN, "not checked"),
    ("same species", "O2 + 2 H2 -> 2 OH2", {"equation": WATER}, PASS, "of the question"),
    ("same species", WATER, {"equation": WATER}, PASS, "of the question"),
    ("same species", "O3 + H2 -> H2O", {"equation": WATER}, FAIL, "O3 on the left"),
    ("same species", "H2 -> H2O", {"equation": WATER}, FAIL, "O2 is missing on the left"),
    ("same species", "H2 -> H2O", {"equation": "?"}, OPEN, "of the question cannot be read"),
    ("smallest coefficients", "2 H2 + O2 -> 2 H2O", {}, PASS, "smallest"),
    ("smallest coefficients", WATER, {}, PASS, "smallest"),
    ("smallest coefficients", "4 H2 + 2 O2 -> 4 H2O", {}, FAIL, "divided by 2"),
    ("smallest coefficients", "H2O", {}, FAIL, "not a reaction equation"),
    ("smallest coefficients", "C>>C", {}, OPEN, "has no coefficients"),
    ("no element created", "CC=O", {"reactants": "CCO.O"}, PASS, "comes from a reactant"),
    ("no element created", "CCO.Cl>[Pd]>CCCl", {}, PASS, "comes from a reactant"),
    ("no element created", "CCO>Cl>CCCl", {}, PASS, "comes from a reactant"),
    ("no element created", WATER, {}, PASS, "comes from a reactant"),
    ("no element created", "CCBr", {"reactants": "CCO.Cl"}, FAIL, "has Br, which no reactant has"),
    ("no element created", "CCO>>CCCl", {}, FAIL, "has Cl"),
    ("no element created", "CC(", {"reactants": "CC"}, FAIL, "not valid SMILES"),
    ("no element created", "CC=O", {}, OPEN, "gives no reactants"),
    ("no element created", "CC=O", {"reactants": "CC("}, OPEN, "not all valid"),
    ("reagents and multiplicity", "OCC.C", {"molecules": "C.CCO"}, PASS, "2 in all"),
    ("reagents and multiplicity", "C.C", {"molecules": "C.C"}, PASS, "2 in all"),
    ("reagents and multiplicity", "CCO.CCO", {"molecules": "CCO"}, FAIL, "not wanted: 'CCO'"),
    ("reagents and multiplicity", "C", {"molecules": "C.CO"}, FAIL, "missing: 'CO'"),
    ("reagents and multiplicity", "C.CC(", {"molecules": "C"}, FAIL, "not all valid"),
    ("reagents and multiplicity", "C", {}, OPEN, "gives no molecules"),
]

DNA = {"alphabet": "dna"}
SEQUENCES: list[Row] = [
    ("alphabet", "ACGT", DNA, PASS, "valid DNA, 4 bases"),
    ("alphabet", "acgu", {"alphabet": "rna"}, PASS, "valid RNA, 4 bases"),
    ("alphabet", "MKV*", {"alphabet": "protein"}, PASS, "valid protein, 3 residues"),
    ("alphabet", "ATGXX", DNA, FAIL, "'X' at place 4 is none of A, C, G and T"),
    ("alphabet", "MKB", {"alphabet": "protein"}, FAIL, "'B' at place 3"),
    ("alphabet", "HELLO", {"alphabet": "rna"}, FAIL, "not an RNA sequence"),
    ("alphabet", "ACGT", {"alphabet": "klingon"}, OPEN, "none of protein, dna, rna"),
    ("length", "ACGT", {"shortest": 2, "longest": 4}, PASS, "4 long"),
    ("length", "MKVLA", {"shortest": 5}, PASS, "5 long"),
    ("length", "ACGT", {"shortest": 5}, FAIL, "at least 5"),
    ("length", "ACGT", {"longest": 3}, FAIL, "at most 3"),
    ("length", "A-T", {"longest": 3}, FAIL, "not a sequence"),
    ("length", "ACGT", {}, OPEN, "no shortest or longest"),
    ("reading frame", "ATGGCCTAA", {}, PASS, "open reading frame of 3 codons"),
    ("reading frame", "AUGGCCUGA", {}, PASS, "open reading frame"),
    (
        "reading frame",
        "ATG" + "GCC" * 10 + "TAA" + "GCC" * 67 + "TAA",
        {},
        FAIL,
        "a stop codon at codon 12 of 80",
    ),
    ("reading frame", "GCCGCCTAA", {}, FAIL, "does not start with ATG, but with GCC"),
    ("reading frame", "ATGGCCTA", {}, FAIL, "two bases left over"),
    ("reading frame", "ATGGCCGCC", {}, FAIL, "does not end with a stop codon, but with GCC"),
    ("reading frame", "ATG", {}, FAIL, "three bases cannot hold"),
    ("reading frame", "MKV", {}, FAIL, "not DNA or RNA"),
    ("reading frame", "ATG" * 4_000, {}, OPEN, "at most 10,000"),
    ("codon translation", "ATGGCCTAA", {"protein": "MA"}, PASS, "two residues"),
    ("codon translation", "MA", {"dna": "ATGGCC"}, PASS, "two residues"),
    (
        "codon translation",
        "ATGTAAGCC",
        {"protein": "MKA"},
        FAIL,
        "residue 2 is a stop, K is wanted",
    ),
    ("codon translation", "ATGG", {"protein": "M"}, FAIL, "one base left over"),
    ("codon translation", "MAA", {"dna": "ATGGCC"}, FAIL, "three residues came, 2 are wanted"),
    ("codon translation", "MA", {"dna": "XYZ"}, OPEN, "the given DNA"),
    ("codon translation", "ATG", {}, OPEN, "no protein or dna"),
    ("alignment", "MKVL", {"sequence": "MKVL", "identity": 1.0}, PASS, "100.0%"),
    ("alignment", "ACGU", {"sequence": "ACGT", "identity": 1.0}, PASS, "100.0%"),
    ("alignment", "MKV", {"sequence": "MKL", "identity": 0.9}, FAIL, "66.7% of the residues match"),
    ("alignment", "M1", {"sequence": "MKL", "identity": 0.9}, FAIL, "not a sequence"),
    ("alignment", "MKV", {"sequence": "123", "identity": 0.9}, OPEN, "cannot be read"),
    ("alignment", "MKV", {"sequence": "MKL"}, OPEN, "gives no identity"),
    ("motif", "ACGTTGA", {"motif": "GTN"}, PASS, "at place 3"),
    ("motif", "ACGUUGA", {"motif": "GUU"}, PASS, "at place 3"),
    ("motif", "MKTAYIAK", {"motif": "KXA", "alphabet": "protein"}, PASS, "at place 2"),
    ("motif", "MKTAYIAK", {"motif": "WW"}, FAIL, "does not occur"),
    ("motif", "12", {"motif": "WW"}, FAIL, "not a sequence"),
    ("motif", "MKT", {"motif": "(a+)+"}, OPEN, "no motif"),
    ("motif", "MKT", {}, OPEN, "gives no motif"),
    ("folding energy", "GGGGAAAACCCC", {"high": -3.0}, PASS, "-5.40 kcal/mol"),
    ("folding energy", "GGGGAAAACCCC", {"low": -6.0}, PASS, "-5.40 kcal/mol"),
    ("folding energy", "GGGGAAAACCCC", {"high": -30.0}, FAIL, "at most -30 is wanted"),
    ("folding energy", "GGGGAAAACCCC", {"low": 0.0}, FAIL, "at least 0 is wanted"),
    ("folding energy", "HELLO", {"high": 0.0}, FAIL, "not RNA"),
    ("folding energy", "A" * 501, {"high": 0.0}, OPEN, "more than 500 nt"),
    ("folding energy", "A" * 40_000, {"high": 0.0}, OPEN, "not checked"),
    ("target structure", "GGGGAAAACCCC", {"structure": "((((....))))"}, PASS, "into the target"),
    ("target structure", "AAAA", {"structure": "...."}, PASS, "into the target"),
    (
        "target structure",
        "GGGGAAAACCCC",
        {"structure": "((........))"},
        FAIL,
        "67% of the base pairs",
    ),
    ("target structure", "GGG", {"structure": "...."}, FAIL, "3 bases came, the target has 4"),
    ("target structure", "NNNN", {"structure": "...."}, FAIL, "not RNA"),
    ("target structure", "GGG", {"structure": "((("}, OPEN, "no balanced"),
    ("bracket balance", "((..))", {}, PASS, "two base pairs over 6 nt"),
    ("bracket balance", "....", {}, PASS, "no base pairs"),
    ("bracket balance", "((.)", {}, FAIL, "every ( needs its )"),
    ("bracket balance", "))((", {}, FAIL, "not a dot-bracket"),
    ("bracket balance", "." * 10_001, {}, OPEN, "not checked"),
]

NACL = {"elements": ("Na", "Cl")}
MATERIALS: list[Row] = [
    ("composition grammar", "Na Cl", {}, PASS, "valid composition, NaCl"),
    ("composition grammar", "Ti O O <sg> <sg136>", {}, PASS, "TiO2"),
    ("composition grammar", SALT, {}, PASS, "Na4Cl4"),
    ("composition grammar", "Xx2", {}, FAIL, "not a valid composition"),
    ("composition grammar", "Na0Cl0", {}, FAIL, "not a valid composition"),
    ("composition grammar", "Na1e400", {}, FAIL, "not a valid composition"),
    ("composition grammar", "Na " * 10_000, {}, OPEN, "not checked"),
    ("space group", "Na Cl <sg225>", {}, PASS, "space group 225"),
    ("space group", SALT_CIF, {"space_group": 225}, PASS, "space group 225"),
    ("space group", "Na Cl <sg999>", {}, FAIL, "no space group 999"),
    ("space group", "Na Cl <sg0>", {}, FAIL, "no space group 0"),
    ("space group", "Na Cl <sg1>", {"space_group": 2}, FAIL, "1 came, 2 is wanted"),
    ("space group", "NaCl", {"space_group": 2}, FAIL, "2 is wanted"),
    ("space group", "NaCl", {}, OPEN, "no space group is given"),
    ("element set", "Na Cl Cl", NACL, PASS, "exactly the wanted elements"),
    ("element set", "ClNa", NACL, PASS, "exactly the wanted elements"),
    ("element set", "Na Cl O", NACL, FAIL, "O is not wanted"),
    ("element set", "Na", NACL, FAIL, "Cl is missing"),
    ("element set", "NH4+", {"elements": ("N", "H")}, PASS, "exactly the wanted elements"),
    ("element set", "hello", NACL, FAIL, "not a valid composition"),
    ("element set", "NaCl", {"elements": ("Xx",)}, OPEN, "not all element symbols"),
    ("charge neutrality", "NaCl", {}, PASS, "charge neutral"),
    ("charge neutrality", "Ca(OH)2", {}, PASS, "charge neutral"),
    (
        "charge neutrality",
        "NaCl2",
        {},
        FAIL,
        "charges do not sum to zero: no assignment of known oxidation states of Na, Cl is neutral for NaCl2",
    ),
    ("charge neutrality", "Fe3O4", {}, FAIL, "one state per element"),
    ("charge neutrality", "Xx", {}, FAIL, "not a valid composition"),
    ("charge neutrality", "Na", {}, OPEN, "a single element"),
    ("smact", "NaCl", {}, PASS, "SMACT-valid"),
    ("smact", "FeNi", {}, PASS, "SMACT-valid"),
    ("smact", "NaCl2", {}, FAIL, "SMACT rejects NaCl2"),
    ("smact", "Fe3O4", {}, FAIL, "SMACT rejects"),
    ("smact", "Xx2", {}, FAIL, "not a valid composition"),
    ("smact", "Na", {}, OPEN, "every single element"),
    ("volume", SALT, {}, PASS, "179.41"),
    ("volume", SALT_CIF, {}, PASS, "179.41"),
    ("volume", SALT.replace("5.64", "nan", 1), {}, FAIL, "cannot be read"),
    ("volume", SALT.replace("5.64", "1e999", 1), {}, FAIL, "cannot be read"),
    ("volume", SALT.replace("5.64", "0.4", 1), {}, FAIL, "0.5 to 100 exist"),
    ("volume", SALT.replace("90 90 90", "90 90 0"), {}, FAIL, "encloses no volume"),
    ("volume", SALT.replace("90 90 90", "10 10 170"), {}, FAIL, "encloses no volume"),
    ("volume", "NaCl", {}, OPEN, "no crystal structure"),
    ("density", SALT, {}, PASS, "2.16 g/cm3"),
    ("density", SALT_CIF, {}, PASS, "2.16 g/cm3"),
    ("density", SALT.replace("5.64", "50"), {}, FAIL, "0.00311 g/cm3"),
    ("density", SALT.replace("5.64", "1.2"), {}, FAIL, "0.01 to 30 exist"),
    ("density", SALT.replace("Na 0 0 0", "Na 0 0 inf"), {}, FAIL, "cannot be read"),
    ("density", "NaCl", {}, OPEN, "no crystal structure"),
    ("atom distances", SALT, {}, PASS, "no two of eight atoms"),
    ("atom distances", SALT_CIF, {}, PASS, "no two of eight atoms"),
    ("atom distances", SALT.replace("Cl 0 0 .5", "Cl 0 0 .05"), {}, FAIL, "Na and Cl are 0.28"),
    ("atom distances", SALT.replace("Cl 0 0 .5", "Cl 0 0 .98"), {}, FAIL, "Na and Cl are 0.11"),
    ("atom distances", SALT.replace("Cl 0 0 .5", "Na 0 0 0"), {}, FAIL, "Na and Na are 0.00"),
    ("atom distances", "Na Cl", {}, OPEN, "no crystal structure"),
]

QUANTITIES: list[Row] = [
    ("number", "-2.31", {}, PASS, "-2.31"),
    ("number", "1.2 x 10^-3 eV", {}, PASS, "0.0012"),
    ("number", "1 or 2", {}, FAIL, "2 different numbers"),
    ("number", "many", {}, FAIL, "no finite number"),
    ("number", "nan", {}, FAIL, "no finite number"),
    ("number", "1" * 20_001, {}, OPEN, "not checked"),
    ("unit", "5.2 eV", {"unit": "meV"}, PASS, "5200 meV"),
    ("unit", "25 °C", {"unit": "K"}, PASS, "298.15 K"),
    ("unit", "5.2 eV", {"unit": "K"}, FAIL, "eV came, which is no K"),
    ("unit", "5 eV", {"unit": ""}, FAIL, "eV came, which is no plain number"),
    ("unit", "5", {"unit": ""}, PASS, "5"),
    ("unit", "5 foo", {"unit": "eV"}, FAIL, "'foo' is no known unit, eV is wanted"),
    ("unit", "5", {"unit": "eV"}, OPEN, "taken to be in eV"),
    ("unit", "5", {"unit": "9**9**9**9"}, OPEN, "is not known"),
    ("unit", "5 eV", {}, OPEN, "gives no unit"),
    ("range", "25 °C", {"unit": "K", "low": 0.0}, PASS, "298.15 K is within"),
    ("range", "7", {"low": 0.0, "high": 14.0}, PASS, "within the range"),
    ("range", "-3 K", {"unit": "K", "low": 0.0}, FAIL, "below the least possible value, 0"),
    ("range", "15", {"high": 14.0}, FAIL, "above the largest possible value, 14"),
    ("range", "15 eV", {"unit": "K", "high": 14.0}, FAIL, "which is no K"),
    ("range", "-2.3", {"unit": "log10(mol/L)", "low": -13.0}, PASS, "within the range"),
    ("range", "-2.3 kJ", {"unit": "log10(mol/L)", "low": -13.0}, OPEN, "is not known"),
    ("range", "5 furlongs", {"unit": "K", "low": 0.0}, OPEN, "'furlongs' is no known unit"),
    ("range", "50 µC/cm2", {"unit": "C/m2", "high": 1.0}, OPEN, "no known unit"),
    ("range", "-2.3 log10(mol/L)", {"unit": "log10(mol/L)", "low": -13.0}, PASS, "within"),
    ("range", "15", {}, OPEN, "no low or high"),
]

NAMES = {"names": ("IL-1β", "aspirin")}
TEXTS: list[Row] = [
    ("entity set", "Aspirin; IL-1β", NAMES, PASS, "exactly the two wanted names"),
    ("entity set", "aspirin, il-1β", NAMES, PASS, "exactly the two wanted names"),
    ("entity set", "- aspirin\n- IL-1β", NAMES, PASS, "exactly the two wanted names"),
    ("entity set", "1. aspirin\n2. IL-1β", NAMES, PASS, "exactly the two wanted names"),
    ("entity set", "(a) aspirin; (b) IL-1β", NAMES, PASS, "exactly the two wanted names"),
    ("entity set", "- aspirin, IL-1β", NAMES, PASS, "exactly the two wanted names"),
    ("entity set", "aspirin", NAMES, FAIL, "one name missing"),
    ("entity set", "aspirin; IL-1β; x", NAMES, FAIL, "one name not wanted: 'x'"),
    ("entity set", "aspirin", {}, OPEN, "gives no names"),
    ("entity set", "aspirin", {"names": ()}, OPEN, "names nothing"),
]

TABLE = [*MOLECULES, *REACTIONS, *SEQUENCES, *MATERIALS, *QUANTITIES, *TEXTS]


def identity(row: Row) -> str:
    return f"{row[0]}-{row[1][:16]!a}-{row[3].name}"


@pytest.mark.parametrize("row", TABLE, ids=identity)
def test_what_a_check_says(row: Row) -> None:
    name, text, request, verdict, words = row
    found = CHECKS[name].run(text, Request(**request))
    assert (found.check, found.verdict) == (name, verdict), found.text
    assert words in found.text


@pytest.mark.parametrize("name", CHECKS)
def test_every_check_is_seen_to_pass_to_fail_and_to_abstain(name: str) -> None:
    rows = [row for row in TABLE if row[0] == name]
    assert {row[3] for row in rows} == set(Verdict)
    assert len(rows) >= 5


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_a_check_describes_itself(check: Any) -> None:
    fields = {field.name for field in dataclasses.fields(Request)}
    assert {name for asked in check.asks for name in asked.split("|")} <= fields
    assert check.entity
    assert check.what
    assert check.source


EVERYTHING = Request(
    alphabet="rna",
    elements=("C",),
    formula="CH4",
    smiles="C",
    reactants="C.O",
    molecules="C",
    equation=WATER,
    sequence="ACGU",
    protein="MK",
    identity=0.5,
    structure="((..))",
    space_group=1,
    unit="eV",
    low=0.0,
    high=1.0,
    motif="ACN",
    scaffold="[*]~[*]~[*]",
    shortest=1,
    longest=9,
    names=("a",),
)
# What crashes or hangs the libraries behind: each of these has killed a process somewhere.
HOSTILE = [
    "C(" * 20_000 + "C" + ")" * 20_000,
    "C(" * 200 + "C" + ")" * 200,
    "C" * 100_000,
    "*1" + "*" * 12 + "1",
    "[U]" * 12,
    "CCO |$a$|",
    "CCO\nCCC",
    "C\ud800C",
    "\x00",
    "((..",
    "))))((((",
    "(((",
    "N" * 40_000,
    "HELLO",
    "nan nan nan nan nan nan\nNa nan 0 0",
    "1e999 1 1 90 90 90\nNa 0 0 0",
    "5 5 5 90 90 90\nNa 1e308 0 0",
    "5 5 5 1 1 1\nNa 0 0 0\nNa 0 0 0",
    "100 100 100 0.001 90 90\nNa 0 0 0",
    "5 5 5 90 90 90\n" + "Na 0.1 0.2 0.3\n" * 500,
    SALT_CIF.replace("x, y, z", "x/0, 1/0, z"),
    SALT_CIF.replace("225", "9" * 5_000),
    "loop_\n" * 3_000 + "_cell_length_a 1",
    "Fe120Mn80O300",
    "LiNaKRbCsFrBeMgCaSrO",
    "9**9**9**9",
    "5 m**(9**9**9)",
    "F\t3F\tF\t3n\t",
    "3\u00a0kJ\u00a0\tmol-1",
    "1" * 5_000,
    '__import__("os").getpid()',
    "[C]" * 6_000,
    "alanyl" * 1_500 + "glycine",
    "ethane\rmethane",
    "ethane\nmethane",
    "H2 + " * 90 + "-> O2",
    "9999 H2 -> " + "(" * 100 + "H",
    "<think>" * 2_000,
    "a" * 20_000,
    " ",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_no_text_harms_a_check(text: str) -> None:
    for request in (EVERYTHING, Request()):
        for name, check in CHECKS.items():
            found = check.run(text, request)
            assert found.check == name
            assert found.text
            assert len(found.text) < 400
            assert found.text.isprintable()


HARMFUL = Request(
    alphabet="\ud800",
    elements=("\ud800",) * 50,
    formula="(" * 500,
    smiles="C(" * 20_000,
    reactants="C." * 5_000,
    molecules="C." * 5_000,
    equation="A + " * 5_000,
    sequence="N" * 50_000,
    protein="N" * 50_000,
    structure="((((" * 9_000,
    space_group=10**9,
    unit="m**(9**9**9)",
    low=float("nan"),
    high=float("nan"),
    motif="(a+)+$",
    scaffold="[$([$([$([$(*)])])])]" * 9,
    names=("\ud800",),
)


def test_no_request_harms_a_check() -> None:
    texts = ("CCO", "ACGU", "MKV", "NaCl", WATER, "5", "5 eV", "C\ud800")
    requests = (HARMFUL, Request(unit="\ud800" * 500, low=0.0))
    for check in CHECKS.values():
        for text in texts:
            for request in requests:
                found = check.run(text, request)
                assert found.text.isprintable()
                assert len(found.text) < 400


def test_a_missing_tool_is_named_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(*_: object) -> Any:
        raise MissingTool("a tool", "this", "pip install it==1.0")

    monkeypatch.setattr(names, "names_to_smiles", missing)
    monkeypatch.setattr(nucleotides, "fold", missing)
    for name, text, request in (
        ("iupac reading", "ethanol", Request()),
        ("folding energy", "ACGU", Request(high=0.0)),
        ("target structure", "ACGU", Request(structure="....")),
    ):
        found = CHECKS[name].run(text, request)
        assert found.verdict is OPEN
        assert "pip install it==1.0" in found.text
