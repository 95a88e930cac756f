"""Generation without a condition: one prompt asked many times, as in arXiv:2509.21320.

The released prompts are in the released code; these are ours. Public sets give examples to learn
from, and what is no longer new.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from scireasoner.answers import NovelMaterial, NovelMolecule, NovelProtein, NovelRna
from scireasoner.metrics import (
    ACCURACY,
    MFE,
    MFE_PER_NT,
    MOLECULE_DIVERSITY,
    PLDDT,
    SCORE,
    SEQUENCE_DIVERSITY,
    SMACT_VALIDITY,
    UNIQUENESS,
    VALIDITY,
)
from scireasoner.published.generation import (
    UNCONDITIONAL_MOLECULE,
    UNCONDITIONAL_PROTEIN,
    UNCONDITIONAL_RNA,
)
from scireasoner.published.materials import UNCONDITIONAL_MATERIAL
from scireasoner.science.molecules import parent
from scireasoner.science.nucleotides import RNA
from scireasoner.science.proteins import AMINO_ACIDS
from scireasoner.tasks.release import Record
from scireasoner.tasks.rows import Example
from scireasoner.tasks.suites.collection import Collection, Kind, Row
from scireasoner.tasks.suites.material_generation_data import KNOWN_MATERIALS, NEW_MATERIALS
from scireasoner.tasks.suites.mol_instructions_data import TUBERCULOSIS
from scireasoner.tasks.suites.novelty import known, new_against
from scireasoner.tasks.tables import DataSet, Table
from scireasoner.types import Domain, Family, Split

_LONGEST = 512

MOLECULES = DataSet(
    "chemistry/smiles_corpus",
    "100,000 PubChem structures of RDKit's validation set (doi:10.1093/nar/gkac956)",
    "BSD-3-Clause",
    ships=True,
    file="pubchem100k.csv.gz",
    note="without stereochemistry",
)
RNAS = DataSet(
    "bio/ncrna_family",
    "Rfam (doi:10.1093/nar/gkaa1047), 13 families of nRC (doi:10.1186/s13040-017-0148-2)",
    "CC0 1.0 (Rfam); the repository states none",
    ships=False,
    note="families of short non-coding RNA only",
)


# Only training rows: development and test ask for what nobody has written yet.


def _molecule(record: Record) -> Iterator[Example]:
    smiles = str(record["smiles"])
    if record["split"] == Split.TRAIN and "." not in smiles:
        yield Example({}, None, smiles)


def _sequence(record: Record) -> Iterator[Example]:
    sequence = str(record["sequence"])
    letters = RNA if "rna_family" in record else AMINO_ACIDS
    if (
        record["split"] == Split.TRAIN
        and len(sequence) <= _LONGEST
        and letters.issuperset(sequence)
    ):
        yield Example({}, None, sequence)


def _plain_molecule(record: Record) -> Iterator[Example]:
    """Yield a molecule that the released evaluator can read: it takes no SMILES with brackets."""
    return (example for example in _molecule(record) if "[" not in str(example.reference))


_KNOWN_MOLECULES = Table(MOLECULES, _molecule)
_PLAIN_MOLECULES = Table(MOLECULES, _plain_molecule)
_KNOWN_RNAS = Table(RNAS, _sequence)
_KNOWN_PROTEINS = Table(TUBERCULOSIS, _sequence)


def _no_gold(record: Record) -> None:
    del record


def _shown(*answers: str) -> tuple[Example, ...]:
    return tuple(Example({}, None, answer) for answer in answers)


_COLLECTION = Collection(
    suite="unconditional",
    benchmark="unconditional_generation",
    repo="",
    source="unconditional generation of arXiv:2509.21320",
    licence="none needed: one prompt",
    path="",
    alias="SciReasoner-",
)
_kind = partial(Kind, gold=_no_gold, output=None)

# size, temperature and decoding are the released ones; the public set is for training only
_ROWS = (
    Row(
        name="uncond_material",
        released="unconditional_material_generation",
        family=Family.GENERATION,
        domain=Domain.MATERIAL,
        kind=_kind(
            metrics=(SMACT_VALIDITY, VALIDITY, UNIQUENESS, NEW_MATERIALS, ACCURACY, SCORE),
            key="smact_validity_ratio_in_all_%",
            scale="0..100",
            evaluator=UNCONDITIONAL_MATERIAL,
            max_tokens=(96, 512),
            decoding="sampling, T 1.8, top-p 1, top-k 80",
            temperature=1.8,
        ),
        answer=NovelMaterial(),
        prompt="Invent a crystalline inorganic compound. Give its composition, each symbol as "
        "often as the atom occurs in the formula, and its space group.",
        inputs={},
        tables=(KNOWN_MATERIALS,),
        size=5000,
        examples=_shown("Na Cl <sg225>", "Ti O O <sg136>", "Ba Ti O O O <sg221>"),
    ),
    Row(
        name="uncond_rna",
        released="unconditional_RNA_generation",
        family=Family.GENERATION,
        domain=Domain.RNA,
        kind=_kind(
            metrics=(
                MFE,
                MFE_PER_NT,
                VALIDITY,
                UNIQUENESS,
                SEQUENCE_DIVERSITY,
                new_against(_KNOWN_RNAS, str),
                ACCURACY,
                SCORE,
            ),
            key="average_mfe",
            scale="kcal/mol, lower is better",
            evaluator=UNCONDITIONAL_RNA,
            max_tokens=(1100, 1536),
            decoding="sampling, T 1.8, top-p 1, top-k 80",
            temperature=1.8,
        ),
        answer=NovelRna(known=known(_KNOWN_RNAS, str)),
        prompt="Invent a natural-looking RNA of at most 1024 nucleotides.",
        inputs={},
        tables=(_KNOWN_RNAS,),
        size=5000,
        examples=_shown(
            "GGGCUAUUAGCUCAGUUGGUUAGAGCGCACCCCUGAUAAGGGUGAGGUCGCUGAUUCGAAUUCAGCAUAGCCCA",
            "GCGGAUUUAGCUCAGUUGGGAGAGCGCCAGACUGAAGAUCUGGAGGUCCUGUGUUCGAUCCACAGAAUUCGCACCA",
            "UGCCUGGCGGCCGUAGCGCGGUGGUCCCACCUGACCCCAUGCCGAACUCAGAAGUGAAACGCCGUAGCGCCGAUGG",
        ),
    ),
    Row(
        name="uncond_protein",
        released="unconditional_protein_generation",
        family=Family.GENERATION,
        domain=Domain.PROTEIN,
        kind=_kind(
            metrics=(
                VALIDITY,
                UNIQUENESS,
                SEQUENCE_DIVERSITY,
                new_against(_KNOWN_PROTEINS, str),
                ACCURACY,
                SCORE,
                PLDDT,
            ),
            key="valid_rate",
            scale="0..1",
            evaluator=UNCONDITIONAL_PROTEIN,
            max_tokens=(768, 1536),
            decoding="sampling, T 0.9, top-p 0.9, top-k 50",
            temperature=0.9,
        ),
        answer=NovelProtein(known=known(_KNOWN_PROTEINS, str)),
        prompt="Invent a protein that folds into a stable structure.",
        inputs={},
        tables=(_KNOWN_PROTEINS,),
        size=1000,
        examples=_shown(
            "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQAPILSRVGDGTQDNLSGAEKAVQVKVKALPDAQFEVVHSLAKW",
            "MGLSDGEWQLVLNVWGKVEADIPGHGQEVLIRLFKGHPETLEKFDKFKHLKSEDEMKASEDLKKHGATVLTALGGI",
            "MQIFVKTLTGKTITLEVEPSDTIENVKAKIQDKEGIPPDQQRLIFAGKQLEDGRTLSDYNIQKESTLHLVLRLRGG",
        ),
    ),
    Row(
        name="uncond_molecule",
        released="unconditional_molecule_generation",
        family=Family.GENERATION,
        domain=Domain.MOLECULE,
        kind=_kind(
            metrics=(
                VALIDITY,
                UNIQUENESS,
                MOLECULE_DIVERSITY,
                new_against(_KNOWN_MOLECULES, str, parent),
                ACCURACY,
                SCORE,
            ),
            key="validity",
            scale="0..1",
            evaluator=UNCONDITIONAL_MOLECULE,
            max_tokens=(256, 768),
            decoding="sampling, T 0.95, top-p 0.95, top-k 50",
            temperature=0.95,
        ),
        answer=NovelMolecule(known(_KNOWN_MOLECULES, str), blanks=True),
        prompt="Invent an organic molecule.",
        inputs={},
        tables=(_PLAIN_MOLECULES,),
        size=800,
        examples=_shown(
            "CC(C)(O)CCOC(=O)N1CCC1", "CCOC(=O)c1ccc(NC2CC2)cc1F", "CC1CN(Cc2ccncc2F)CCO1"
        ),
    ),
)

for _row in _ROWS:
    _COLLECTION.add(_row)
