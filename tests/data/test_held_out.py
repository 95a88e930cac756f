"""What test rows are about, for the index that keeps them out of a corpus."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from scireasoner.corpus.entities import Kind
from scireasoner.data.held_out import items_of
from scireasoner.tasks.registry import select
from scireasoner.tasks.rows import Place
from scireasoner.types import Sample, Split


@dataclass(frozen=True)
class _Rows:
    rows: tuple[Sample, ...]

    def load(self, task: str, split: Split) -> tuple[Sample, ...]:
        return self.rows

    def places(self, task: str) -> tuple[Place, ...]:
        return ()


@pytest.mark.parametrize(
    ("sequence", "text"),
    [("MKVLA", "MKVLA"), ("MKXVLA", "MKXVLA"), ("M" + "KV" * 6_000, "M" + "KV" * 6_000)],
)
def test_a_protein_with_an_unknown_residue_or_very_long_is_kept_out_too(
    sequence: str, text: str
) -> None:
    task = next(t for t in select(("*",)) if tuple(t.inputs.values()) == ("protein",))
    (name,) = task.inputs
    asked = replace(task, data=_Rows((Sample("r", {name: sequence}, None),)))
    assert (Kind.PROTEIN, text) in [(item.kind, item.text) for item in items_of(asked, 13)]
