"""The embedded suite: tasks whose rows ship with packages or are computed here.

Every ``scale`` is the median absolute deviation of the training golds (a test compares them).
"""

from __future__ import annotations

from functools import partial

from scireasoner.answers import (
    Boolean,
    Entities,
    Equation,
    Formula,
    IupacName,
    Label,
    Material,
    Molecule,
    NovelMolecule,
    Number,
    Protein,
    RnaDesign,
)
from scireasoner.metrics import (
    ACCURACY,
    BALANCED_ACCURACY,
    ENTITY_F1,
    MACRO_F1,
    MCC,
    SCORE,
    SPEARMAN,
    UNIQUENESS,
    VALIDITY,
    mae,
)
from scireasoner.tasks.registry import register
from scireasoner.tasks.sources import EMBEDDED
from scireasoner.tasks.task import Task
from scireasoner.tasks.worked import compositions, molecules, reactions, rna, sequences
from scireasoner.types import Domain, Family

embedded_task = partial(Task, suite="embedded", data=EMBEDDED)

PUBCHEM = "PubChem compounds of chemicals 1.5 (github.com/CalebBell/chemicals)"
_NAMES = f"{PUBCHEM}, names verified by OPSIN (doi:10.1021/ci100384d)"
_CRC = "CRC Handbook of Chemistry and Physics, 95th ed., tables of chemicals 1.5"
_VIENNA = "computed with ViennaRNA 2 (doi:10.1186/1748-7188-6-26)"
MIT = "MIT (package); handbook values, read at run time and not redistributed"
COMPUTED = "Apache-2.0 (computed)"

register(
    embedded_task(
        name="smiles_to_formula",
        family=Family.TRANSLATION,
        domain=Domain.MOLECULE,
        prompt="What is the molecular formula of {smiles}?",
        inputs={"smiles": "smiles"},
        answer=Formula(),
        metrics=(ACCURACY, SCORE),
        worked=molecules.count_smiles,
        source=PUBCHEM,
        licence=MIT,
    )
)

register(
    embedded_task(
        name="iupac_to_formula",
        family=Family.TRANSLATION,
        domain=Domain.MOLECULE,
        prompt="What is the molecular formula of {name}?",
        inputs={"name": "iupac"},
        answer=Formula(),
        metrics=(ACCURACY, SCORE),
        worked=molecules.count_name,
        source=_NAMES,
        licence=MIT,
    )
)

register(
    embedded_task(
        name="iupac_to_smiles",
        family=Family.TRANSLATION,
        domain=Domain.MOLECULE,
        prompt="Write {name} as SMILES.",
        inputs={"name": "iupac"},
        answer=Molecule(),
        metrics=(ACCURACY, SCORE, VALIDITY),
        source=_NAMES,
        licence=MIT,
    )
)

register(
    embedded_task(
        name="smiles_to_iupac",
        family=Family.TRANSLATION,
        domain=Domain.MOLECULE,
        prompt="Name the molecule {smiles}.",
        inputs={"smiles": "smiles"},
        answer=IupacName(),
        metrics=(ACCURACY, SCORE, VALIDITY),
        source=_NAMES,
        licence=MIT,
    )
)

register(
    embedded_task(
        name="dna_to_protein",
        family=Family.TRANSLATION,
        domain=Domain.DNA,
        prompt="Translate the coding sequence {dna} up to its stop codon.",
        inputs={"dna": "dna"},
        answer=Protein(),
        metrics=(ACCURACY, SCORE),
        worked=sequences.translate,
        source="standard genetic code (NCBI table 1); residue frequencies of Swiss-Prot",
        licence=COMPUTED,
    )
)

register(
    embedded_task(
        name="chemical_entities",
        family=Family.EXTRACTION,
        domain=Domain.TEXT,
        prompt="Which chemicals are named in this sentence? {text}",
        inputs={"text": "text"},
        answer=Entities("chemicals"),
        metrics=(ENTITY_F1, ACCURACY),
        source=f"sentences of SciReasoner around compounds and boiling points of: {_CRC}",
        licence=MIT,
        max_tokens=(96, 320),
    )
)

register(
    embedded_task(
        name="boiling_point",
        family=Family.PREDICTION,
        domain=Domain.MOLECULE,
        prompt="What is the normal boiling point of {smiles}?",
        inputs={"smiles": "smiles"},
        answer=Number("K", low=50, high=1200, scale=48.8, tolerance=15),
        metrics=(mae("K", 50, 1200), SPEARMAN, ACCURACY),
        source=f"measured: {_CRC}; NIST WebBook; CAS Common Chemistry",
        licence=MIT,
    )
)

register(
    embedded_task(
        name="logp",
        family=Family.PREDICTION,
        domain=Domain.MOLECULE,
        prompt="What is the octanol-water logP of {smiles}?",
        inputs={"smiles": "smiles"},
        answer=Number(None, low=-10, high=15, scale=0.97, tolerance=0.5),
        metrics=(mae(None, -10, 15), SPEARMAN, ACCURACY),
        source=f"measured: {_CRC}; SRC PhysProp (Syrres)",
        licence=MIT,
    )
)

register(
    embedded_task(
        name="inorganic_density",
        family=Family.PREDICTION,
        domain=Domain.MATERIAL,
        prompt="What is the density of solid {formula}?",
        inputs={"formula": "formula"},
        answer=Number("g/cm3", low=0.1, high=25, scale=1.53, tolerance=0.5),
        metrics=(mae("g/cm3", 0.1, 25), SPEARMAN, ACCURACY),
        source=f"measured: {_CRC}; formulas verified by molar volume",
        licence=MIT,
    )
)

register(
    embedded_task(
        name="rna_folding_energy",
        family=Family.PREDICTION,
        domain=Domain.RNA,
        prompt="What is the minimum folding free energy of {rna} at 37 C?",
        inputs={"rna": "rna"},
        answer=Number("kcal/mol", low=-60, high=0, scale=3.0, tolerance=0.5),
        metrics=(mae("kcal/mol", -60, 0), SPEARMAN, ACCURACY),
        worked=rna.loop_energies,
        source=_VIENNA,
        licence=COMPUTED,
    )
)

register(
    embedded_task(
        name="flammable",
        family=Family.CLASSIFICATION,
        domain=Domain.MOLECULE,
        prompt="Is the flash point of {smiles} below 60 C?",
        inputs={"smiles": "smiles"},
        answer=Boolean(),
        metrics=(BALANCED_ACCURACY, MCC, ACCURACY),
        source="measured: IEC 60079-20-1, NFPA 497, DIPPR (Serat 2017), tables of chemicals 1.5",
        licence=MIT,
    )
)

register(
    embedded_task(
        name="restriction_site",
        family=Family.CLASSIFICATION,
        domain=Domain.DNA,
        prompt="Which enzyme cuts {dna}?",
        inputs={"dna": "dna"},
        answer=Label(("EcoRI", "BamHI", "HindIII", "PstI", "none")),
        metrics=(ACCURACY, MACRO_F1),
        worked=sequences.find_site,
        source="sites of REBASE (doi:10.1093/nar/gku1046) in Biopython; random DNA",
        licence=COMPUTED,
    )
)

register(
    embedded_task(
        name="protein_charge",
        family=Family.CLASSIFICATION,
        domain=Domain.PROTEIN,
        prompt="Is the isoelectric point of {protein} above 7 (basic) or below (acidic)?",
        inputs={"protein": "protein"},
        answer=Label(("basic", "acidic")),
        metrics=(BALANCED_ACCURACY, MCC, ACCURACY),
        worked=sequences.net_charge,
        source="isoelectric point by Biopython (Bjellqvist 1993); residues as in Swiss-Prot",
        licence=COMPUTED,
    )
)

register(
    embedded_task(
        name="balance_reaction",
        family=Family.GENERATION,
        domain=Domain.REACTION,
        prompt="Balance {equation}.",
        inputs={"equation": "equation"},
        answer=Equation(),
        metrics=(ACCURACY, SCORE, VALIDITY),
        worked=reactions.balance,
        source=f"equations between compounds of: {PUBCHEM}, and common inorganic ones",
        licence=COMPUTED,
    )
)

register(
    embedded_task(
        name="composition",
        family=Family.GENERATION,
        domain=Domain.MATERIAL,
        prompt="Propose a charge-neutral compound of the elements {elements}.",
        inputs={"elements": "material"},
        answer=Material(),
        metrics=(ACCURACY, SCORE, VALIDITY),
        worked=compositions.oxidation_states,
        source="oxidation states of SMACT, set icsd24 (doi:10.21105/joss.01361)",
        licence=COMPUTED,
    )
)

register(
    embedded_task(
        name="unconditional_molecule",
        family=Family.GENERATION,
        domain=Domain.MOLECULE,
        prompt="Invent a small organic molecule.",
        inputs={},
        answer=NovelMolecule(low=3, known=partial(EMBEDDED.references, "unconditional_molecule")),
        metrics=(ACCURACY, VALIDITY, UNIQUENESS),
        source=PUBCHEM,
        licence=MIT,
        temperature=1.0,
    )
)

register(
    embedded_task(
        name="rna_design",
        family=Family.GENERATION,
        domain=Domain.RNA,
        prompt="Design an RNA that folds into {structure}.",
        inputs={"structure": "structure"},
        answer=RnaDesign(),
        metrics=(ACCURACY, SCORE, VALIDITY),
        worked=rna.design_pairs,
        source=_VIENNA,
        licence=COMPUTED,
    )
)
