"""Materials for given elements or a given bulk modulus, as released with arXiv:2509.21320."""

from __future__ import annotations

from dataclasses import replace

from scireasoner.answers import Material, ModulusMaterial
from scireasoner.tasks.suites import chemistry_kinds as kinds
from scireasoner.tasks.suites import material_generation_data as data
from scireasoner.tasks.suites.collection import Collection, Row
from scireasoner.tasks.tables import Table
from scireasoner.types import Domain, Family

_BY_MODULUS = Collection(
    suite="material_generation",
    benchmark="Conditional_generation",
    repo="SciReason/Conditional_generation",
    source="conditional material generation of arXiv:2509.21320",
    licence="not stated by the hub page",
    path="bulk_modulus_material/{split}/data.json",
    alias="SciReasoner-",
)
_BY_COMPOSITION = replace(
    _BY_MODULUS, path="conditional_generation/composition_material/{split}/data.json"
)

_BY_COMPOSITION.add(
    Row(
        "matgen_from_composition",
        "composition_to_material_generation",
        Family.GENERATION,
        Domain.MATERIAL,
        kinds.COMPOSITION,
        Material(),
        "Design a crystalline inorganic compound of exactly these elements: {elements}. Give its "
        "composition, each symbol as often as the atom occurs in the formula, and its space group.",
        {"elements": "text"},
        (Table(data.COMPOSITIONS, data.compositions),),
        10_000,
        data.COMPOSITION_EXAMPLES,
    )
)
_BY_MODULUS.add(
    Row(
        "matgen_from_bulk_modulus",
        "bulk_modulus_to_material_generation",
        Family.GENERATION,
        Domain.MATERIAL,
        kinds.MODULUS,
        ModulusMaterial(),
        "Design a crystalline inorganic compound with a bulk modulus of {modulus}. Give its "
        "composition, each symbol as often as the atom occurs in the formula, and its space group.",
        {"modulus": "text"},
        (Table(data.COMPOSITIONS, data.moduli),),
        3_000,
        data.MODULUS_EXAMPLES,
    )
)
