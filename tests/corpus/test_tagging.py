"""What is wrapped in a sentence, and what is left alone: tables that a scientist can read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scireasoner.corpus.tagging import find, tag
from scireasoner.notation.tags import NOTATIONS, TAGS, strip_tags

_MARKS = {
    "M": "smiles",
    "S": "selfies",
    "I": "iupac",
    "F": "formula",
    "P": "protein",
    "D": "dna",
    "R": "rna",
    "si": "sirna",
}


def marked(text: str) -> str:
    """Write tags short: ``F{NaCl}`` for a wrapped formula."""
    for short, name in _MARKS.items():
        notation = NOTATIONS[name]
        text = text.replace(notation.opening, f"{short}{{").replace(notation.closing, "}")
    return text


FORMULAS = [
    "The beads were washed with 5 mM F{NaCl} and 2 mM F{MgCl2}.",
    "Addition of F{H2O2} and F{Fe2+} gives hydroxyl radicals.",
    "The serum potassium (F{K}) and sodium (F{Na}) were normal.",
    "Intracellular F{Ca(2+)} and F{K+} were measured.",
    "F{TiO2} and F{GaAs} films were grown at 500 K.",
    "A hydrate such as F{CuSO4·5H2O} loses water.",
    "The complex F{K3[Fe(CN)6]} is red.",
    "The product has the formula F{C20H25N3O} by mass spectrometry.",
    "I{Nitric oxide} (F{NO}) relaxes vessels.",
    "The F{In} atoms and the F{As} atoms are ordered.",
    "F{CO2} was bubbled through the solution.",
    "The anions F{Cl-} and F{HCO3-} are exchanged.",
    "F{H₂O} and F{SO₄²⁻} in Unicode.",
]
FORMULAS += [
    "The electrolyte was 0.1 M F{H2SO4}; the cathode, F{LiCoO2}.",
    "Dry F{N2} gas and moist F{O2} gas.",
    "It was washed with F{H2O} (50 mL), treated with aq. F{NaOH} and dried over F{Na2SO4}.",
    "We prepared F{Pt}/F{TiO2} and F{Ni}-doped F{ZnO}.",
    "In the HOMO. F{SO2} and NOx emissions; F{CN-} is toxic, F{OH-} attacks.",
    "F{Y2O3}:F{Eu3+} phosphors and F{C60} films.",
    "F{KMnO4} oxidizes it, and F{NaBH4} reduces it.",
    "I{Hydrogen sulfide} (F{H2S}) and I{carbon monoxide} (F{CO}) are toxic.",
]
NOT_FORMULAS = [
    "In this study, he was at home. As expected, no change was seen.",
    "Is it I who said NO? US citizens voted.",
    "A CAT scan and an ACT test were done.",
    "Vitamin C, hepatitis B, stage I, class II and type IV.",
    "The N-terminal and C-terminal domains of HIV proteins.",
    "A type that is a sequence has the flag Py_TPFLAGS_SEQUENCE.",
    "P < 0.05 and N = 12 patients.",
    "CYP2D6 and CD4 cells, IC50 of 3 nM, TNF and IFN.",
    "He has HBV, OCD and PTSD.",
    "At 37 degrees C the cells grew. No deaths occurred.",
    "Cyclophosphamide (CP) and clonidine (CLON) were infused.",
    "FK506 and PD98059 were added.",
    "No one is at the office of the U.S. today, said H. S. Smith.",
    "HIS CAT WAS IN THE CABIN.",
    "VO2 and pO2 were measured during exercise.",
    "The S6K1 kinase, H3 histone and B12 vitamin.",
    "METHODS: PATIENTS WITH CHF IN THE US. RESULTS: NO CHANGE.",
]
NAMES = [
    "We used I{2-methylpropanoic acid} and I{methyl 4-aminobenzoate}.",
    "I{1-methyl-4-phenyl-1,2,3,6-tetrahydropyridine} is toxic.",
    "I{5-Fluorouracil}-induced changes were seen.",
    "Infusion of I{sodium chloride} and I{calcium carbonate}.",
    "I{N-methyl-D-aspartate} receptors",
    "I{(2R,4R)-4-aminopyrrolidine-2,4-dicarboxylate} was injected.",
    "I{1,1-dichloro-2,2,2-trifluoroethane} is a gas; I{ethanol} is not.",
    "The alcohols I{butan-2-ol}, I{propan-1-ol} and I{cyclohexanol}.",
]
NOT_NAMES = [
    "Aspirin, benzene, glucose, morphine and cyclophosphamide are trivial names.",
    "The ideal hormone was online; the tone was basic and ionic.",
    "A methyl group and a phenyl ring.",
    "An amino acid and a fatty acid.",
    "Adenylate cyclase and thymidylate synthase.",
    "The well-known, state-of-the-art, day-to-day 3-year follow-up.",
]
STRUCTURES = [
    "Aspirin has the SMILES M{CC(=O)Oc1ccccc1C(=O)O}.",
    "M{c1ccc2[nH]ccc2c1} is indole, and M{C[C@H](N)C(=O)O} is alanine.",
    "Its SELFIES is S{[C][C][=Branch1][C][=O][O]}.",
    "S{[C][=C][C][=C][C][=C][Ring1][=Branch1]} is benzene.",
]
STRUCTURES += [
    "SMILES:M{CC(=O)Oc1ccccc1C(=O)O}, canonical_smiles=M{CC(=O)Nc1ccc(O)cc1}",
    "In bold, **M{CC(=O)Oc1ccccc1C(=O)O}**, or in code `M{CC(=O)Oc1ccccc1C(=O)O}`.",
    "|aspirin|M{CC(=O)Oc1ccccc1C(=O)O}|180.16|",
    "aspirin,M{CC(=O)Oc1ccccc1C(=O)O},180.16",
    "<tr><td>M{CC(=O)Oc1ccccc1C(=O)O}</td></tr>",
    '{"smiles":"M{CC(=O)Oc1ccccc1C(=O)O}"',
]
NOT_STRUCTURES = [
    "The reaction CC(=O)O.CCO>>CC(=O)OCC is no molecule.",
    "f(x)=C(n)=N(n-1), O(n)=O(n2),P(A)=P(B)|O(N)=1 and `x[C(i)]=N(i)`",
    "as shown before [1][2] and later [3][4][5]",
    "[3H]-naloxone and [14C] were used.",
    "The COX-2, (S)-form, (i.e. CCO) and f(x)=1.",
    "Go to https://example.org/CC(=O)Oc1ccccc1 or write to CC@O.org.",
]
SEQUENCES = [
    "The primer 5'-D{ACGTTGCA}-3' was used.",
    "We cloned D{ATGGCTAGCTAGGATCCGATCG} into it.",
    "The transcript R{AUGGCUAGCUAGGAUCCGAUCG} folds.",
    "The siRNA si{GCAUGGACUUCGAUGGAUCUU} silences it.",
    "The peptide sequence P{ACDEFGHIKLMNP} binds.",
    "The protein P{MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQAPILSRV} is a dimer.",
    ">sp|P1|X some protein\r\nP{MKTAYIAKQRQISFVKSH\r\nFSRQLEERLGLIEVQ}\r\nand prose again.",
    ">sp|P1|X some protein\nP{MKTAYIAKQRQISFVKSH\nFSRQLEERLGLIEVQ}\nand prose again.",
]
NOT_SEQUENCES = [
    "GATTACA is a film.",
    "The CAT and the TATA went to a GAG; the TAG is CATT.",
    "METHYLPHENIDATE AND PHENYLALANINE IN CHILDREN",
    "CASE REPORT: PATIENTS WITH DISEASE",
    "The NASA, WHICH IS AN AGENCY, SAID THAT.",
]
TABLES = [*FORMULAS, *NOT_FORMULAS, *NAMES, *NOT_NAMES, *STRUCTURES, *NOT_STRUCTURES]
TABLES += [*SEQUENCES, *NOT_SEQUENCES]


def plain(text: str) -> str:
    for short in sorted(_MARKS, key=len, reverse=True):
        text = text.replace(f"{short}{{", "")
    return text.replace("}", "")


@pytest.mark.parametrize("sentence", TABLES)
def test_what_is_wrapped(sentence: str) -> None:
    assert marked(tag(plain(sentence))) == sentence


_TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(
        st.sampled_from(
            [
                *TAGS,
                *map(plain, TABLES),
                "<",
                ">",
                " ",
                "\n",
                "(",
                ")",
                "[",
                "-",
                "```",
                "C",
                "NaCl",
            ]
        ),
        max_size=12,
    ).map("".join),
)


@settings(max_examples=300, deadline=None)
@given(_TEXTS, st.sampled_from([0.0, 0.3, 0.7]))
def test_taking_the_tags_off_gives_the_text_back(text: str, threshold: float) -> None:
    assert strip_tags(tag(text, threshold)) == strip_tags(text)


@settings(max_examples=200, deadline=None)
@given(_TEXTS)
def test_pieces_are_in_order_apart_and_themselves(text: str) -> None:
    at = 0
    for piece in find(text):
        assert at <= piece.start < piece.end
        assert piece.text == text[piece.start : piece.end] == piece.text.strip()
        assert 0 <= piece.confidence <= 1
        at = piece.end


@pytest.mark.parametrize("sentence", TABLES)
def test_tagging_twice_changes_nothing(sentence: str) -> None:
    once = tag(plain(sentence))
    assert tag(once) == once
