"""Generation without a condition: one prompt asked many times, as in arXiv:2509.21320.

The released prompts are in the released code; these are ours. Public sets give examples to learn
from, and what is no longer new.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scireasoner.answers import NovelMaterial, NovelMolecule, NovelProtein, NovelRna
from scireasoner.answers.base import Answer
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
    Metric,
)
from scireasoner.published.base import Evaluator
from scireasoner.published.generation import (
    UNCONDITIONAL_MOLECULE,
    UNCONDITIONAL_PROTEIN,
    UNCONDITIONAL_RNA,
)
from scireasoner.published.materials import UNCONDITIONAL_MATERIAL
from scireasoner.science.nucleotides import RNA
from scireasoner.science.proteins import AMINO_ACIDS
from scireasoner.tasks.registry import register
from scireasoner.tasks.release import Record, Release
from scireasoner.tasks.rows import Example
from scireasoner.tasks.sources import Draws, First
from scireasoner.tasks.suites.chemistry_rows import known, new_against
from scireasoner.tasks.suites.material_generation_data import KNOWN_MATERIALS, NEW_MATERIALS
from scireasoner.tasks.suites.mol_instructions_data import TUBERCULOSIS
from scireasoner.tasks.tables import DataSet, Table
from scireasoner.tasks.task import Task
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


_KNOWN_MOLECULES = Table(MOLECULES, _molecule)
_KNOWN_RNAS = Table(RNAS, _sequence)
_KNOWN_PROTEINS = Table(TUBERCULOSIS, _sequence)


@dataclass(frozen=True)
class _Row:
    """A task; ``draws``, ``temperature`` and ``decoding`` are the released ones."""

    name: str
    released: str
    domain: Domain
    prompt: str
    answer: Answer
    metrics: tuple[Metric, ...]
    known: Table
    draws: int
    temperature: float
    decoding: str
    key: str
    scale: str
    evaluator: Evaluator | None
    max_tokens: tuple[int, int]
    shown: tuple[str, ...]


_ROWS = (
    _Row(
        name="uncond_material",
        released="unconditional_material_generation",
        domain=Domain.MATERIAL,
        prompt="Invent a crystalline inorganic compound. Give its composition, each symbol as "
        "often as the atom occurs in the formula, and its space group.",
        answer=NovelMaterial(),
        metrics=(SMACT_VALIDITY, VALIDITY, UNIQUENESS, NEW_MATERIALS, ACCURACY, SCORE),
        known=KNOWN_MATERIALS,
        draws=5000,
        temperature=1.8,
        decoding="sampling, T 1.8, top-p 1, top-k 80",
        key="smact_validity_ratio_in_all_%",
        scale="0..100",
        evaluator=UNCONDITIONAL_MATERIAL,
        max_tokens=(96, 512),
        shown=("Na Cl <sg225>", "Ti O O <sg136>", "Ba Ti O O O <sg221>"),
    ),
    _Row(
        name="uncond_rna",
        released="unconditional_RNA_generation",
        domain=Domain.RNA,
        prompt="Invent a natural-looking RNA of at most 1024 nucleotides.",
        answer=NovelRna(known=known(_KNOWN_RNAS, str)),
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
        known=_KNOWN_RNAS,
        draws=5000,
        temperature=1.8,
        decoding="sampling, T 1.8, top-p 1, top-k 80",
        key="average_mfe",
        scale="kcal/mol, lower is better",
        evaluator=UNCONDITIONAL_RNA,
        max_tokens=(1100, 1536),
        shown=(
            "GGGCUAUUAGCUCAGUUGGUUAGAGCGCACCCCUGAUAAGGGUGAGGUCGCUGAUUCGAAUUCAGCAUAGCCCA",
            "GCGGAUUUAGCUCAGUUGGGAGAGCGCCAGACUGAAGAUCUGGAGGUCCUGUGUUCGAUCCACAGAAUUCGCACCA",
            "UGCCUGGCGGCCGUAGCGCGGUGGUCCCACCUGACCCCAUGCCGAACUCAGAAGUGAAACGCCGUAGCGCCGAUGG",
        ),
    ),
    _Row(
        name="uncond_protein",
        released="unconditional_protein_generation",
        domain=Domain.PROTEIN,
        prompt="Invent a protein that folds into a stable structure.",
        answer=NovelProtein(known=known(_KNOWN_PROTEINS, str)),
        metrics=(
            VALIDITY,
            UNIQUENESS,
            SEQUENCE_DIVERSITY,
            new_against(_KNOWN_PROTEINS, str),
            ACCURACY,
            SCORE,
            PLDDT,
        ),
        known=_KNOWN_PROTEINS,
        draws=1000,
        temperature=0.9,
        decoding="sampling, T 0.9, top-p 0.9, top-k 50",
        key="valid_rate",
        scale="0..1",
        evaluator=UNCONDITIONAL_PROTEIN,
        max_tokens=(768, 1536),
        shown=(
            "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQAPILSRVGDGTQDNLSGAEKAVQVKVKALPDAQFEVVHSLAKW",
            "MGLSDGEWQLVLNVWGKVEADIPGHGQEVLIRLFKGHPETLEKFDKFKHLKSEDEMKASEDLKKHGATVLTALGGI",
            "MQIFVKTLTGKTITLEVEPSDTIENVKAKIQDKEGIPPDQQRLIFAGKQLEDGRTLSDYNIQKESTLHLVLRLRGG",
        ),
    ),
    _Row(
        name="uncond_molecule",
        released="unconditional_molecule_generation",
        domain=Domain.MOLECULE,
        prompt="Invent an organic molecule.",
        answer=NovelMolecule(known(_KNOWN_MOLECULES, str)),
        metrics=(
            VALIDITY,
            UNIQUENESS,
            MOLECULE_DIVERSITY,
            new_against(_KNOWN_MOLECULES, str),
            ACCURACY,
            SCORE,
        ),
        known=_KNOWN_MOLECULES,
        draws=800,
        temperature=0.95,
        decoding="sampling, T 0.95, top-p 0.95, top-k 50",
        key="validity",
        scale="0..1",
        evaluator=UNCONDITIONAL_MOLECULE,
        max_tokens=(256, 768),
        shown=("CC(C)(O)CCOC(=O)N1CCC1", "CCOC(=O)c1ccc(NC2CC2)cc1F", "CC1CN(Cc2ccncc2F)CCO1"),
    ),
)


def _register(row: _Row) -> Task:
    release = Release(
        benchmark="unconditional_generation",
        name=row.released,
        repo="",
        path="",
        key=row.key,
        scale=row.scale,
        evaluator=row.evaluator,
        aliases=(f"SciReasoner-{row.released}",),
        test_size=row.draws,
        answers=1,
        decoding=row.decoding,
        gold=lambda record: None,
    )
    return register(
        Task(
            name=row.name,
            suite="unconditional",
            family=Family.GENERATION,
            domain=row.domain,
            prompt=row.prompt,
            inputs={},
            answer=row.answer,
            # the prompt alone for development and test, the public set for training
            data=First((Draws(row.draws), row.known)),
            source="unconditional generation of arXiv:2509.21320",
            licence="none needed: one prompt",
            metrics=row.metrics,
            temperature=row.temperature,
            max_tokens=row.max_tokens,
            examples=tuple(Example({}, None, answer) for answer in row.shown),
            release=release,
        )
    )


for _row in _ROWS:
    _register(_row)
