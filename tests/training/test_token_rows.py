"""Rows in flat arrays: the same rows, whatever they are stored as, and once each."""

from __future__ import annotations

from pathlib import Path

import pytest

from scireasoner.errors import ArtifactError
from scireasoner.tasks.task import Task
from scireasoner.training.encode import encode_dialogues
from scireasoner.training.token_rows import TokenRows, gather
from scireasoner.types import Mode, Split

DISTINCT = [([5, 6, 7], 1), ([9, 4], 2), ([70_000, 2, 3, 4], 2)]  # the second has no answer


def shown(rows: TokenRows) -> list[tuple[list[int], int]]:
    return [([int(t) for t in row.tokens], row.prompt_length) for row in rows]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ([0, 2, 0], [DISTINCT[0], DISTINCT[2], DISTINCT[0]]),
        ([1, 0, 1], [DISTINCT[0]]),
        ([1], []),
        ([], []),
    ],
    ids=["one comes again", "no answer, left out", "nothing left", "none"],
)
def test_rows_come_back_as_they_were(
    order: list[int], expected: list[tuple[list[int], int]], tmp_path: Path
) -> None:
    rows = gather(DISTINCT, order, vocabulary=100_000)
    rows.save(tmp_path / "rows.npz")
    for found in (rows, TokenRows.load(tmp_path / "rows.npz")):
        assert shown(found) == expected
        prompts, answers = found.lengths
        assert [(int(p), int(a)) for p, a in zip(prompts, answers, strict=True)] == [
            (before, len(tokens) - before) for tokens, before in expected
        ]
    assert [path.name for path in tmp_path.iterdir()] == ["rows.npz"]


@pytest.mark.parametrize(("vocabulary", "width"), [(1_600, 2), (65_536, 2), (151_936, 4)])
def test_a_token_takes_the_bytes_it_needs(vocabulary: int, width: int) -> None:
    assert gather([([vocabulary - 1, 1], 1)], [0], vocabulary).tokens.itemsize == width


def test_a_dialogue_that_comes_again_is_encoded_once(formula: Task, tokenizer: object) -> None:
    pairs = [
        (formula.render(row, Mode.INSTANT), formula.solution(row, Mode.INSTANT) or "")
        for row in formula.samples(Split.TRAIN)[:3]
    ]
    rows = encode_dialogues(tokenizer, pairs * 4, 512)  # type: ignore[arg-type]
    assert len(rows) == 12
    assert len(rows.starts) - 1 == 3


@pytest.mark.parametrize("content", [b"", b"no rows", b"PK\x03\x04"])
def test_a_broken_file_is_told(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "rows.npz"
    path.write_bytes(content)
    with pytest.raises(ArtifactError, match="delete it"):
        TokenRows.load(path)
