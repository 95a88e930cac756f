"""USPTO-50K retrosynthesis (doi:10.1021/acs.jmedchem.6b00153), as released."""

from __future__ import annotations

from scireasoner.answers import MoleculeSet
from scireasoner.tasks.suites import chemistry_data as data
from scireasoner.tasks.suites import chemistry_examples as examples
from scireasoner.tasks.suites import chemistry_kinds as kinds
from scireasoner.tasks.suites.collection import SMILES, Collection, Row
from scireasoner.tasks.tables import Table, columns
from scireasoner.types import Domain, Family

_USPTO = Collection(
    suite="uspto",
    benchmark="USPTO-50K",
    repo="SciReason/smol-test",
    source="USPTO-50K (doi:10.1021/acs.jmedchem.6b00153) as released with arXiv:2509.21320",
    licence="CC0 (patents); not stated by the hub page of the released test files",
    path="retrosynthesis_uspto50k/{split}/data.json",
    alias="SciReasoner-",
)

_USPTO.add(
    Row(
        "uspto50k_retrosynthesis",
        "retrosynthesis_USPTO_50K",
        Family.GENERATION,
        Domain.REACTION,
        kinds.RETROSYNTHESIS,
        MoleculeSet(),
        "From which reactants can {smiles} be made in one step? Give the reactants only, no "
        "reagents or solvents, separated by dots.",
        SMILES,
        (
            Table(data.USPTO_50K, columns({"smiles": "product"}, "reactants")),
            Table(data.USPTO_FULL, columns({"smiles": "product"}, "reactants")),
        ),
        None,
        examples.RETRO,
    )
)
