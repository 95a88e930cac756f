"""A mixed batch: all three reward groups, right answers, near misses and faults."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from scireasoner.trainers.core import Rewarder

# task, the row, the completion, what is right, least and greatest reward, the fault
TABLE: list[tuple[str, dict[str, Any], str, bool, tuple[float, float], str | None]] = [
    # distance
    ("boiling_point", {"gold": "100.0"}, "<NUMBER>100.0</NUMBER>", True, (1, 1), None),
    ("boiling_point", {"gold": "100.0"}, "<NUMBER>150</NUMBER>", False, (0.01, 0.9), None),
    ("boiling_point", {"gold": "100.0"}, "It boils.", False, (0, 0), "not a number"),
    ("logp", {"gold": "2.5", "mode": "think"}, "so\n</think>\n\n<NUMBER>2.5</NUMBER>", True, (1, 1), None),
    ("logp", {"gold": "2.5", "mode": "think"}, "so <NUMBER>2.5</NUMBER>", False, (0, 0), "thought not closed"),
    # matching
    ("flammable", {"gold": "Yes"}, "<BOOLEAN>Yes</BOOLEAN>", True, (1, 1), None),
    ("flammable", {"gold": "Yes"}, "<BOOLEAN>No</BOOLEAN>", False, (0, 0), None),
    ("flammable", {"gold": "Yes"}, "<BOOLEAN>Perhaps</BOOLEAN>", False, (0, 0), "unknown label"),
    ("restriction_site", {"gold": "EcoRI"}, "EcoRI", True, (1, 1), None),
    ("restriction_site", {"gold": "EcoRI", "finish": "length"}, "EcoRI", False, (0, 0), "cut at the token limit"),
    # verified by tools
    ("smiles_to_formula", {"gold": "CH4"}, "<MOLFORMULA>CH4</MOLFORMULA>", True, (1, 1), None),
    ("iupac_to_smiles", {"gold": "CCO", "inputs": {"name": "ethanol"}}, "<SMILES>OCC</SMILES>", True, (1, 1), None),
    ("iupac_to_smiles", {"gold": "CCO"}, "<SMILES>CCN</SMILES>", False, (0.01, 0.9), None),
    ("iupac_to_smiles", {"gold": "CCO"}, "<SMILES>C1CC</SMILES>", False, (0, 0), "invalid molecule"),
    ("dna_to_protein", {"gold": "MAK"}, "", False, (0, 0), "no answer"),
]  # fmt: skip
OURS = ("smiles_to_formula", {"gold": "words, but no formula"}, "<MOLFORMULA>CH4</MOLFORMULA>")


@pytest.fixture(scope="session")
def rows() -> list[dict[str, Any]]:
    """The batch as JSON rows, the last of which our own tools cannot judge."""
    told = [{"task": task, **row, "completion": text} for task, row, text, *_ in TABLE]
    task, row, text = OURS
    return [*told, {"task": task, **row, "completion": text}]


@pytest.fixture(scope="session")
def two_workers() -> Iterator[Rewarder]:
    """One pool for the whole session."""
    with Rewarder(2) as rewarder:
        yield rewarder
