"""Real public rows through the readers of tables and JSON lines."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from scireasoner.corpus.documents import Document, fault
from scireasoner.corpus.readers import Origin, read

# file, reader, options, a tag that every text has, share of rows that must be read
REAL: list[tuple[str, str, dict[str, Any], str, float]] = [
    ("chemistry/name_structure/name_structure.csv.gz", "table", {}, "<IUPAC>", 1.0),
    ("chemistry/smiles_corpus/chembl.csv.gz", "table", {}, "<SELFIES>", 0.99),
    ("chemistry/uspto50k/uspto50k.csv.gz", "table", {}, "<SMILES>", 1.0),
    (
        "chemistry/captions/captions.csv.gz",
        "table",
        {"columns": {"smiles": "smiles", "text": "text", "id": "cid"}},
        "<SMILES>",
        0.99,
    ),
    (
        "chemistry/pubmedqa/pubmedqa.jsonl.gz",
        "jsonl",
        {"text": ("question", "context")},
        "",
        1.0,
    ),
    ("bio/dna_corpus/data.jsonl.gz", "jsonl", {}, "<dna>", 1.0),
    ("materials/mp20_structures/data.jsonl.gz", "materials", {}, "<material>", 1.0),
]


@pytest.mark.data
@pytest.mark.parametrize(("file", "reader", "options", "tag", "share"), REAL)
def test_real_rows(
    file: str, reader: str, options: Any, tag: str, share: float, shared_data: Path
) -> None:
    path = shared_data / file
    if not path.is_file():
        pytest.skip(f"{file} is not under the data root")
    origin = Origin("see SOURCE.md", "see SOURCE.md", "dna" if "dna" in file else "x")
    items = list(islice(read(reader, path, origin, **options), 300))
    documents = [item for item in items if isinstance(item, Document)]
    assert len(documents) >= share * len(items)
    assert len(items) > 100
    assert all(tag in d.text and fault(d) is None for d in documents)
