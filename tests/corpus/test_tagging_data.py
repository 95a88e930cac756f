"""How right tagging is on real labelled text (the page docs/reference/tagging.md has the table)."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from scireasoner.corpus.tagging import DEFAULT, find

ABSTRACTS = 200


@pytest.mark.data
def test_what_is_wrapped_lies_in_labelled_chemicals(shared_data: Path) -> None:
    """The bound of the page: 95 % of the names and formulas touch a labelled mention."""
    right = wrapped = found = 0
    path = shared_data / "chemistry" / "bc5cdr" / "bc5cdr.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [row for row in map(json.loads, file) if row["split"] == "test"][:ABSTRACTS]
    for row in rows:
        spans = [(s["start"], s["end"]) for s in row["spans"] if s["type"] == "Chemical"]
        pieces = [piece for piece in find(row["text"]) if piece.confidence >= DEFAULT]
        assert not [p for p in pieces if p.notation not in ("formula", "iupac")]
        wrapped += len(pieces)
        right += sum(any(a < p.end and p.start < b for a, b in spans) for p in pieces)
        found += any(True for _ in pieces)
    assert wrapped >= 80
    assert right / wrapped >= 0.95
    assert found >= ABSTRACTS / 5
