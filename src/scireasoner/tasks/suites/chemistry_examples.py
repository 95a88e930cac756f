"""Rows of our own that show the format of the chemistry tasks; no data to learn from."""

from __future__ import annotations

from scireasoner.tasks.rows import Example


def shown(names: str, *rows: tuple[str, ...]) -> tuple[Example, ...]:
    """Return example rows: the inputs in the order of the names (separated by blanks), the gold."""
    keys = names.split()
    return tuple(Example(dict(zip(keys, row, strict=False)), row[len(keys)]) for row in rows)


_SYNTHESES = (
    # reactants, reagents, product
    ("CC(=O)Cl.CCO", "CCN(CC)CC", "CCOC(C)=O"),
    ("CC(=O)O.NCc1ccccc1", "On1nnc2ccccc21", "CC(=O)NCc1ccccc1"),
    ("Brc1ccccc1.OB(O)c1ccccc1", "O=C([O-])[O-].[Na+].[Na+]", "c1ccc(-c2ccccc2)cc1"),
)
FORWARD = shown("smiles", *((f"{a}.{b}", c) for a, b, c in _SYNTHESES))
RETRO = shown("smiles", *((c, a) for a, _, c in _SYNTHESES))
REAGENTS = shown("reactants product", *((a, c, b) for a, b, c in _SYNTHESES))

_NAMED = (
    ("CCO", "ethanol", "C2H6O"),
    ("CC(C)Cl", "2-chloropropane", "C3H7Cl"),
    ("c1ccncc1", "pyridine", "C5H5N"),
)
NAME_TO_FORMULA = shown("iupac", *((b, c) for _, b, c in _NAMED))
NAME_TO_SMILES = shown("iupac", *((b, a) for a, b, _ in _NAMED))
SMILES_TO_FORMULA = shown("smiles", *((a, c) for a, _, c in _NAMED))
SMILES_TO_NAME = shown("smiles", *((a, b) for a, b, _ in _NAMED))

_DESCRIBED = (
    (
        "CCO",
        "The molecule is a primary alcohol that is ethane in which one of the hydrogens is "
        "substituted by a hydroxy group. It has a role as a polar solvent and a disinfectant.",
    ),
    (
        "O=C([O-])c1ccccc1",
        "The molecule is the simplest member of the class of benzoates, the conjugate base of "
        "benzoic acid. It has a role as a plant metabolite.",
    ),
    (
        "NCC(=O)O",
        "The molecule is the simplest proteinogenic amino acid, with a hydrogen as its side "
        "chain. It is a conjugate acid of a glycinate.",
    ),
)
DESCRIPTION = shown("smiles", *_DESCRIBED)
DESCRIBED = shown("text", *((text, smiles) for smiles, text in _DESCRIBED))

ESOL = shown("smiles", ("CCO", "1.1"), ("c1ccccc1", "-1.64"), ("CCCCCCCC", "-5.24"))
LOGD = shown(
    "smiles",
    ("CC(=O)Nc1ccc(O)cc1", "0.4"),
    ("CC(C)Cc1ccc(C(C)C(=O)O)cc1", "1.2"),
    ("c1ccc2ccccc2c1", "3.3"),
)
BBBP = shown(
    "smiles",
    ("Cn1c(=O)c2c(ncn2C)n(C)c1=O", "Yes"),
    ("NCCS(=O)(=O)O", "No"),
    ("CCOCC", "Yes"),
)
CLINTOX = shown(
    "smiles",
    ("CC(=O)Oc1ccccc1C(=O)O", "No"),
    ("CC(=O)Nc1ccc(O)cc1", "No"),
    ("ClCCN(CCCl)CCCl", "Yes"),
)
HIV = shown(
    "smiles",
    ("Cc1cn([C@H]2C[C@H](N=[N+]=[N-])[C@@H](CO)O2)c(=O)[nH]c1=O", "Yes"),
    ("CCO", "No"),
    ("c1ccccc1", "No"),
)
SIDER = shown(
    "smiles side_effect",
    ("CC(=O)Oc1ccccc1C(=O)O", "Gastrointestinal disorders", "Yes"),
    ("CC(=O)Oc1ccccc1C(=O)O", "Product issues", "No"),
    ("Cn1c(=O)c2c(ncn2C)n(C)c1=O", "Psychiatric disorders", "Yes"),
)

ORBITAL = shown(
    "smiles quantity",
    ("C", "gap between the HOMO and LUMO energies", "0.505"),
    ("O", "energy of the highest occupied molecular orbital (HOMO)", "-0.293"),
    ("C=O", "energy of the lowest unoccupied molecular orbital (LUMO)", "-0.041"),
)
DISEASES = shown(
    "text",
    ("Aspirin caused gastric ulcer in two patients.", "(Aspirin, gastric ulcer)"),
    (
        "Cisplatin was given for six weeks. Nephrotoxicity and ototoxicity followed the drug.",
        "(Cisplatin, Nephrotoxicity), (Cisplatin, ototoxicity)",
    ),
    ("Lithium was the cause of the tremor.", "(Lithium, tremor)"),
)
CHEMICALS = shown(
    "text",
    ("Glucose and fructose were dissolved in water.", "Glucose, fructose, water"),
    ("Cells were treated with 1,2-dichloroethane.", "1,2-dichloroethane"),
    ("No drug was given.", "none"),
)
PROTEINS = shown(
    "text",
    ("Gefitinib blocks EGFR.", "(Gefitinib, INHIBITOR, EGFR)"),
    (
        "Isoprenaline stimulates and propranolol blocks the beta-1 adrenoceptor.",
        "(Isoprenaline, AGONIST, beta-1 adrenoceptor), "
        "(propranolol, ANTAGONIST, beta-1 adrenoceptor)",
    ),
    ("Ethanol is oxidised by ADH1B.", "(Ethanol, SUBSTRATE, ADH1B)"),
)
CHOICES = shown(
    "text",
    ("Which is a noble gas?\n(A) oxygen\n(B) neon\n(C) sodium\n(D) chlorine", "B"),
    ("Which acid is diprotic?\n(A) HCl\n(B) HNO3\n(C) HF\n(D) H2SO4", "D"),
    ("How many carbons has hexane?\n(A) six\n(B) five\n(C) four\n(D) ten", "A"),
)
OPEN = shown(
    "text",
    ("What is anaemia?", "Anaemia is a lack of red blood cells or of haemoglobin in the blood."),
    ("What causes scurvy?", "Scurvy is caused by a lack of vitamin C, which collagen needs."),
    ("How is a streptococcal throat treated?", "It is treated with penicillin or amoxicillin."),
)
TRUE_FALSE = shown(
    "text",
    ("Does smoking raise the risk of lung cancer?", "Yes"),
    ("Do antibiotics cure the common cold?", "No"),
    ("Does vitamin D prevent colds in adults?", "Maybe"),
)

_PEPTIDES = ("MKTAYIAKQRQISFVKSHFSRQ", "MGLSDGEWQLVLNVWGKVEADIPGHG", "MSKGEELFTGVVPILVELDGDVNG")


def _proteins(*golds: str) -> tuple[Example, ...]:
    return shown("protein", *zip(_PEPTIDES, golds, strict=True))


REACTIONS = _proteins(
    "ATP + D-glucose = ADP + D-glucose 6-phosphate.",
    "2 H(2)O(2) = O(2) + 2 H(2)O.",
    "Urea + H(2)O = CO(2) + 2 NH(3).",
)
DOMAINS = _proteins("Protein kinase, SH2", "Globin", "ABC transporter")
FUNCTIONS = _proteins(
    "Phosphorylates other proteins in answer to growth factors.",
    "Stores oxygen in muscle cells.",
    "Transfers energy and glows green.",
)
ANNOTATIONS = _proteins(
    "Function: ATP binding, protein kinase activity. Process: protein phosphorylation.",
    "Function: heme binding, oxygen binding. Process: oxygen transport. Location: cytosol.",
    "Function: GTPase activity. Location: plasma membrane.",
)
DESIGNS = shown(
    "text",
    ("1. Function: oxygen binding, heme binding. 2. Location: cytosol.", _PEPTIDES[1]),
    ("1. Emits green light. 2. Domains: GFP.", _PEPTIDES[2]),
    ("1. Function: ATP binding. 2. Location: plasma membrane.", _PEPTIDES[0]),
)
