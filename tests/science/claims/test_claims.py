"""Claims of a text: what is found, which hold, and where nothing can be told."""

from __future__ import annotations

import random
import string

import pytest

from scireasoner.science import claims
from scireasoner.science.claims import Entity

ETHANOL, ASPIRIN = Entity("smiles", "CCO"), Entity("smiles", "CC(=O)Oc1ccccc1C(=O)O")
SALICYLIC = Entity("smiles", "OC(=O)c1ccccc1O")
ACETATE = Entity("smiles", "CC(=O)[O-]")
CODING, PEPTIDE = Entity("dna", "ATGGCATAA"), Entity("protein", "GKRDKE")


def judged(text: str, *given: Entity, kind: str | None = None) -> list[bool | None]:
    found = claims.find(text, given=given)
    return [claim.holds for claim in found if kind is None or claim.kind == kind]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 * 12.011 + 6 * 1.008 = 30.070 g/mol", [True]),
        ("2 × 12.011 + 6 × 1.008 = 30.08 g/mol", [False]),
        ("22 / 7 = 3.14", [True]),
        ("22 / 7 = 3.15", [False]),
        ("7 / 2 = 4 and 7 / 2 = 3", [True, None]),
        ("22 / 7 ≈ 3.15", [True]),  # about: one unit of the last place
        ("(2*9 + 2 - 8) / 2 = 6", [True]),
        ("2 + 3 = 5 = 4 + 1", [True, True]),
        ("2 + 3 = 5 = 4 + 2", [True, False]),
        ("-1.5 - 2.5 = -4.0", [True]),
        ("4.05^3 = 66.43", [True]),
        ("10^(7 - 10.8) = 0.000158", [True]),
        ("sqrt(2) = 1.414", [True]),
        ("cos(60°) = 0.5", [True]),
        ("ln(2) = 0.693", [True]),
        ("3 / 8 = 37.5 %", [True]),
        ("3 / 8 = 38.5 %", [False]),
        ("5 / 18 * 100 = 27.8 %", [True]),
        ("1,234 + 1 = 1,235", [True]),
        ("6.02e23 * 2 = 1.204e24", [True]),
        ("3.1 * 3.7 = 1.1 x 10^1", [True]),  # 11.47, rounded to two digits
        ("0.00123 * 0.931 = 1.1 * 10^(-3)", [True]),
        ("0.00123 * 0.931 = 1.2 * 10^-3", [False]),
        ("1.1 * 10^3 = 1.14 * 10^3", [False]),
        ("290 + 0 = 3 * 10^2", [False]),  # may be a product
        ("1.5 L = 1500 mL", [True]),
        ("25 °C = 298.15 K", [True]),
        ("37 °C = 310 K and 300 K = 27 C", [True, True]),  # potassium is not meant
        ("1 kcal = 4.184 kJ", [True]),
        ("1 kcal = 3.184 kJ", [False]),
        ("the sum (2 + 3 = 5) is right", [True]),
        ("3 rings = 2 + 1", [True]),
        ("(-4) x (-3) = 12 and 2x3 = 6", [True, True]),
        # No claims: an unknown, a range, a single number, words between, a name with a bracket.
        ("IC(50) = 0.02 and IC(50)=113.7", []),
        ("x = 5", []),
        ("k - 3 = 2", []),
        ("2 + y = 5", []),
        ("pH = 7.4 and 3 = 3", [] ),
        ("1/0 = 3", []),
        ("2 ^ 2 ^ 99999 = 1", []),
        ("((((1.00000000001^30)^30)^30)^20) = 1", []),  # exact, it would take half a minute
        ("1.05^30 = 4.32", [True]),
        ("1.5 × 10^3 / 5.0 × 10^2 = 3", [None]),  # 30000, read strictly
        ("1.5 × 10^3 / 5.0 × 10^2 = 4, 1.5 × 10⁻³ / 5.0 × 10⁻² = 0.03", [False, None]),
        ("2² + 3² = 13 and 4³ = 65", [True, False]),
        ("3 × 10⁻² = 0.03", [True]),
        ("a²c sin(120°) = 3.21² × 5.21", []),  # a and c are not known
        ("1 000 mL = 1 L and 2 000 + 1 = 1", []),  # a thin blank between the digits of one number
        ("2pq = 2 × 0.3 × 0.7 = 0.42", [True]),
        ("95 - 5 = 90% and 95 - 5 = 91%", [None, False]),
        ("-2.303 × 8.314 × 298 × 5 = -28.5 kJ", [None]),  # R was in J
        ("-2.303 × 8.314 × 298 × 5 = -28.6 kJ", [False]),
        ("1.602 × 10^-19 × 6.022 × 10^23 = 96485", [None]),  # the constants have more digits
        ("1.602 × 10^-19 × 6.022 × 10^23 = 97485", [False]),
    ],
)  # fmt: skip
def test_arithmetic(text: str, expected: list[bool | None]) -> None:
    assert judged(text) == expected


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        ("C7H6O2 + C6H4F - H = C13H9FO2", (), [True]),
        ("C7H6O2 + C6H4F - H = C13H9FO3", (), [False]),
        ("2 CH3 + 3 CH2 + OH + N = C5H13NO", (), [True]),
        ("C3H8 + 5 O2 -> 3 CO2 + 4 H2O", (), [True]),
        ("C3H8 + 5 O2 → 3 CO2 + 5 H2O", (), [False]),
        ("C3H8 + O2 -> CO2 + H2O", (), [None]),  # may be the one to be balanced
        ("H = U + PV and F = U - TS", (), [None, None]),
        ("2 H₂ + O₂ → 2 H₂O, 2 H₂ + O₂ → 3 H₂O", (), [True, False]),
        ("CaCO3(s) -> CaO(s) + CO2(g), CaCO3(s) -> 2 CaO(s) + CO2(g)", (), [True, False]),
        ("Pb(NO3)2 + 2 KI -> PbI2↓ + 2 KNO3", (), [True]),
        ("238U -> 234Th + 4He", (), [None]),  # of nuclei
        ("Its formula is C₂H₆O.", (ETHANOL,), [True]),
        ("Its formula is C₂H₄O.", (ETHANOL,), [False]),
        ("The formula is C2H3O2⁻. The formula is C2H3O2⁺.", (ACETATE,), [True, False]),
        ("The formula is SO₄²⁻.", (Entity("smiles", "[O-]S(=O)(=O)[O-]"),), [True]),
        ("The formula is Fe2+. The formula is Fe3+.", (Entity("smiles", "[Fe+2]"),), [True, False]),
        (
            "The molecule has a chain of one carbon, a ring with 9 carbons, 5 carbons.",
            (ETHANOL,),
            [None, None, False],
        ),
        ("It has one ring, and the ring has 6 carbons.", (ETHANOL,), [False, None]),
        ("The empirical formula is CH.", (Entity("smiles", "c1ccccc1"),), []),
        ("The formula is CH5N·HCl.", (Entity("smiles", "CN.Cl"),), []),
        ("The mass of NaCl is 29.22 g, the mass of H2O = 36 g", (), []),  # of samples
        ("the mass of NaCl is 58.44 g/mol, molar mass of NaCl is 59.44", (), [True, False]),
        ("The molar mass of Cl2 = 2 * 35.45 = 70.90 g/mol", (), [True]),
        ("Na + Cl = NaCl, CaCO3 = CaO + CO", (), [True, False]),
        ("CCO is C2H6O and CCC is C3H6", (), [True, False]),
        ("The formula is C2H6O.", (ETHANOL,), [True]),
        ("The formula is C2H6O2.", (ETHANOL,), [False]),
        ("The formula is C2H6O.", (ASPIRIN, ETHANOL), [None]),  # not clear of which
        ("The formula is C2H3O2-.", (ACETATE,), [True]),
        ("The formula is C2H3O2^-, so", (ACETATE,), [True]),
        ("The formula is C2H3O2; the formula is C2H3O2+.", (ACETATE,), [False, False]),
        ("The formula is C2H6O-like", (ETHANOL,), [True]),
        ("[NH4+] is NH4+ and [NH4+] is H4N", (), [True, False]),
        ("molar mass 46.07 g/mol", (ETHANOL,), [True]),
        ("molar mass 46.17 g/mol", (ETHANOL,), [False]),
        ("monoisotopic molecular mass 46.042", (ETHANOL,), []),
        ("molar mass 20.03 g/mol", (Entity("formula", "D2O"),), [None]),
        ("molar mass 18.02 g/mol", (Entity("smiles", "[2H]O[2H]"),), [False]),
        ("The mass of D2O is 20.03, the mass of H2O is 18.02", (), [True]),
        ("C: 9 * 12.011", (ASPIRIN,), [True, True]),
        ("C: 8 * 12.011", (ASPIRIN,), [False, True]),
        ("C: 9 * 12.0107; H: 8 * 1.0079; O: 4 * 15.9994", (ASPIRIN,), [True] * 6),
        ("C: 9 * 12.021; H: 8 * 1.0089", (ASPIRIN,), [True, False] * 2),
        ("degrees of unsaturation: 6", (ASPIRIN,), [True]),
        ("C9H8O4 has 6 degrees of unsaturation", (), [True]),
        ("DBE 5", (ASPIRIN,), [False]),
        ("It has one hydroxyl group", (ETHANOL,), [True]),
        ("It has one ester", (Entity("smiles", "CCOC=O"),), [True]),
        ("It has one ester", (ASPIRIN,), [True]),
        ("It has one hydroxyl group. It has two hydroxyl groups", (SALICYLIC,), [True, True]),
        ("It has three hydroxyl groups", (SALICYLIC,), [False]),
        ("It has no ester", (Entity("smiles", "CC(=O)OC(C)=O"),), [True]),
        ("It has no ester", (Entity("smiles", "COC(=O)OC"),), [True]),
        ("It has one aldehyde", (Entity("smiles", "C=O"),), [True]),
        ("It has one aldehyde", (Entity("smiles", "OC=O"),), [False]),
        ("it has two rings", (ASPIRIN,), [False]),
        ("the acyl group has two carbons", (ASPIRIN,), [None]),
        ("8H+ + 5e- + MnO4 -> Mn + 4 H2O", (), []),
        ("3 H2O + I -> IO3 + 6 H+ + 6e-", (), []),
        ("the formula HO[CH2CH2O]2H", (ASPIRIN,), []),
        ("with two rings", (ASPIRIN,), [None]),  # may be two of several
        ("it has 9 carbons and 4 oxygens", (ASPIRIN,), [True, True]),
        ("it contains 13 heavy atoms", (ASPIRIN,), [True]),
        ("Crippen logP 1.31", (ASPIRIN,), [True]),
        ("TPSA 63.6", (ASPIRIN,), [True]),
        ("TPSA 65.6", (ASPIRIN,), [False]),
        ("charge 0", (ASPIRIN,), [True]),
        ("charge -1, charge: 1-, charge: 1+, charge 1", (ACETATE,), [True, True, False, False]),
        ("CH3 C1 H3, CH2 C2 H5, OH O1 H6. Total C2 H6 O1", (ETHANOL,), [True] * 4),
        ("CH3 C1 H3, CH2 C2 H6, OH O1 H7. Total C2 H7 O1", (ETHANOL,), [True, False, True, False]),
    ],
)
def test_molecules(text: str, given: tuple[Entity, ...], expected: list[bool | None]) -> None:
    assert judged(text, *given) == expected


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        ("ATG M, GCA A, TAA stop", (CODING,), [True] * 4),
        ("ATG M, GCC A, TAA stop", (CODING,), [True, True, True, False]),  # not these codons
        ("ATG codes for Met, GCA (V)", (), [True, False]),
        ("TAA (stop), TAG (stop), TGA (stop)", (CODING,), [True] * 3),  # a list, read nowhere
        ("CCC is P, CCC is A.", (), [True, False]),  # no propane
        ("The protein is MA.", (CODING,), [True]),
        ("The protein is MV.", (CODING,), [False]),
        ("the reverse complement of GATTACA is TGTAATC", (), [True]),
        ("GC content = 4/9 = 44.4 %", (CODING,), [True]),
        ("the reverse complement of GATTACA is TGTAATG", (), [False]),
        ("the complement of GATTACA is CTAATGT", (), [True]),
        ("GC content 33.3 %", (CODING,), [True]),
        ("GC content 43.3 %", (CODING,), [False]),
        ("GC content of 33.3 percent, GC content is 33", (CODING,), [True, True]),
        ("GC content 0.333, GC content 0.433", (CODING,), [True, False]),
        ("4 A, 2 G, 1 C and 2 T", (CODING,), [True]),
        ("5 A, 2 G", (CODING,), [False]),
        ("it is 9 bases long", (CODING,), [True]),
        ("it is 8 bases long", (CODING,), [False]),
        ("GGCA stands at base 3", (CODING,), [True]),
        ("GGCA stands at base 4", (CODING,), [False]),
        ("no GAATTC", (CODING,), [True]),
        ("no GCATAA", (CODING,), [False]),
        ("GAATTC is cut by EcoRI", (), [True]),
        ("GGATCC is cut by EcoRI", (), [False]),
        ("GTCGAC is cut by HincII", (), [True]),  # GTYRAC
        ("GTCGAT is cut by HincII", (), [False]),
        ("GTCTTC is the site of BbsI", (), [True]),  # GAAGAC on the other strand
        ("AGAATTC is cut by EcoRI, AGAATTC is the site of EcoRI", (), [True, False]),
        ("net 0, K +1, R +2, D +1, K +2, E +1: above 0", (PEPTIDE,), [True] * 7),
        ("net 0, K +1, R +2, D +3, K +4, E +3: above 0", (PEPTIDE,), [True] * 2 + [False] + [True] * 4),
        ("2 K, 1 R, 1 D", (PEPTIDE,), [True]),
        ("2 K, 2 R, 1 D", (PEPTIDE,), [False]),
    ],
)  # fmt: skip
def test_sequences(text: str, given: tuple[Entity, ...], expected: list[bool]) -> None:
    found = [claim for claim in claims.find(text, given=given)]
    assert sorted(c.holds is True for c in found) == sorted(expected), found


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        ("The TSS is at position 3; the ORF starts at base 1", (CODING,), [None, None]),
        ("CDS occurs 2 times, GG occurs 1 time", (CODING,), [None, True]),
        ("CDS is at residue 1, CDS is at residue 2", (Entity("protein", "ACDS"),), [False, True]),
        ("The site is 6 bp long.", (CODING,), [None]),
        ("The sequence is 6 bp long.", (CODING,), [False]),
        ("ATGG at base 1, no ATGGC", (Entity("rna", "AUGGCAUAA"),), [True, False]),
    ],
)
def test_motifs(text: str, given: tuple[Entity, ...], expected: list[bool | None]) -> None:
    assert judged(text, *given) == expected


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        ("Fe +3, O -2.", (Entity("formula", "Fe2O3"),), [True]),
        ("Fe +2, O -2.", (Entity("formula", "Fe2O3"),), [False]),
        ("Fe +3, O -2: 2*3 - 3*2 = 0", (), [True, True]),
        ("Fe +3, O -2: 3*2 - 2*3 = 0", (), [True, True]),
        ("Fe +4, O -2: 2*3 - 3*2 = 0", (), [False, True]),
        ("Fe +2, Fe +3, O -2.", (Entity("formula", "Fe3O4"),), []),
        ("Fe2O3 has 2 Fe and 3 O", (), [True]),
        ("Fe2O3 has 3 Fe and 2 O", (), [False]),
        ("Ni is a metal, O is a metal", (), [True, False]),
        ("Pm is a metal, Og is a metal", (), [None, None]),
        ("Ge is no metal, Ge is a metal, K is no metal", (), [None, True, False]),
        ("NaCl has 4 Na and 4 Cl per unit cell", (), [None]),
        ("NaCl has 4 Na and 2 Cl per unit cell", (), [False]),
        ("NaCl has 4 Na and 4 Cl", (), [False]),
        ("2-6 CG", (Entity("structure", "((...))"), Entity("rna", "GCAAAGC")), [True]),
        ("2-7 CG", (Entity("structure", "((...))"), Entity("rna", "GCAAAGC")), [False]),
        ("two pairs", (Entity("structure", "((...))"),), [True]),
        ("three pairs", (Entity("structure", "((...))"),), [False]),
        ("ends 0.6, GC CG -3.3 = -2.7, hairpin 4 5.0 = 2.3", (), [True, True]),
        ("ends 0.6, GC CG -3.3 = -2.2, hairpin 4 5.0 = 2.8", (), [False, True]),
        ("C 2: 2 CO2, H 6: 3 H2O, O 7: 7/2 O2", (), [True, True, True]),
        ("C 2: 3 CO2", (), [False]),
    ],
)
def test_materials_and_structures(
    text: str, given: tuple[Entity, ...], expected: list[bool | None]
) -> None:
    assert judged(text, *given) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("UGA codes for Trp in mitochondria.", [None]),
        ("Codons: AUG GCC UAA = Met Ala Stop", []),
        ("UGA codes for Met in mitochondria.", [False]),
        ("UGA is W.\nAnother line is of mitochondria.", [False]),
        ("UGA = U, selenocysteine, and UGA = U", [None, None]),
        ("GUG (Met) is a start codon. ", [None]),
        ("GUG (Met), GCC (Met)", [False, False]),
    ],
)
def test_codons_of_other_codes(text: str, expected: list[bool | None]) -> None:
    assert judged(text) == expected


def test_a_claim_says_where_it_stands_and_why_it_fails() -> None:
    text = "First, 2 + 2 = 5 atoms."
    (claim,) = claims.find(text)
    assert text[claim.start : claim.end] == claim.text == "2 + 2 = 5"
    assert (claim.kind, claim.holds, claim.why) == ("arithmetic", False, "it is 4")


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "=", "= = =", "2 =", "= 2", "((((((((2 + 2", "2 + 2 = " * 500,
        "(" * 5_000 + "1" + ")" * 5_000 + " = 1", "9" * 5_000 + " = 1", "1e99 * 1e99 = 1e198",
        "0 / 0 = 0 ** -1 = 1", "exp(99999) = 1", "ln(-1) = 0", "sqrt(-1) = 1", "-> -> ->",
        "C" * 20_000, "\ue000\ue001\ue000 = \ue001", "\ud800 2 + 2 = 4", "A1, " * 5_000,
        "CH3 C1 H3, " * 3_000, "net 0" + ", K +1" * 3_000, "Fe +3, " * 3_000, "2 H2 + " * 3_000,
        "ATG M, " * 3_000, "1 A, " * 5_000, "٣ + ٣ = ٦", "²+² = 4", "10^10^10^10 = 3",
        "base 0: AAAA", "AAAA at base 0", "1/0 H2 + O2 -> H2O", "C 1: 1/0 CO2",
    ],
)  # fmt: skip
def test_no_text_makes_it_fail(text: str) -> None:
    given = (ETHANOL, CODING, PEPTIDE, Entity("material", "Fe Fe O O O"), Entity("rna", "ACGU"))
    for claim in claims.find(text, given=given):
        assert claim.holds in (True, False, None)


SEEDS = (
    "ATG M, GCA A, TAA stop", "C3H8 + 5 O2 -> 3 CO2 + 4 H2O", "Fe +3, O -2: 2*3 - 3*2 = 0",
    "CH3 C1 H3, CH2 C2 H5, OH O1 H6. Total C2 H6 O1", "C: 9 * 12.011 = 108.099; molar mass 180.16",
    "net 0, K +1, R +2, D +1: above 0", "GC content 33.3 %, (2 + 1) / 9 = 33.3 %", "2-6 CG",
    "ends 0.6, GC CG -3.3 = -2.7, hairpin 4 5.0 = 2.3", "1000 * -60.1 / (-170.5) - 273.15 = 79.3",
    "the reverse complement of GATTACA is TGTAATC", "it has two rings and 1.5 L = 1500 mL",
)  # fmt: skip


def mutated(text: str, rng: random.Random) -> str:
    letters = list(text)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(letters) + 1)
        match rng.randrange(4):
            case 0 if letters:
                letters.pop(min(at, len(letters) - 1))
            case 1:
                letters.insert(at, rng.choice(string.printable + "−→°≈µÅ"))
            case 2:
                letters[at:at] = list(rng.choice(SEEDS))[: rng.randint(1, 12)]
            case _:
                letters[at:at] = letters[: rng.randint(0, 20)]
    return "".join(letters)


def fuzz(rounds: int, seed: int) -> None:
    rng = random.Random(seed)
    given = (ASPIRIN, CODING, PEPTIDE, Entity("formula", "Fe2O3"), Entity("structure", "((...))"))
    for _ in range(rounds):
        text = mutated(". ".join(rng.sample(SEEDS, 2)), rng)
        kinds = [
            rng.choice(("smiles", "formula", "dna", "protein", "structure", "material"))
            for _ in "ab"
        ]
        spans = (
            [sorted(rng.sample(range(len(text) + 1), 2)) for _ in kinds] if len(text) > 1 else []
        )
        entities = [
            Entity(kind, text[a:b], a, b) for kind, (a, b) in zip(kinds, spans, strict=False)
        ]
        for claim in claims.find(text, entities, given):
            assert claim.holds in (True, False, None), text
            assert 0 <= claim.start <= claim.end <= len(text)


def test_mutated_traces_do_not_make_it_fail() -> None:
    fuzz(400, seed=1)


@pytest.mark.slow
def test_many_mutated_traces_do_not_make_it_fail() -> None:
    fuzz(20_000, seed=2)
