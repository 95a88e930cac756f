"""The page of sources names readers, options and roles that exist."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from scireasoner.corpus.pairs import PairKind
from scireasoner.corpus.readers import READERS, options_of
from scireasoner.corpus.readers.roles import ROLES

PAGE = Path(__file__).resolve().parents[3] / "docs" / "howto" / "build-a-corpus.md"
TEXT = PAGE.read_text(encoding="utf-8").split("## Sources", 1)[1]
LINES = [
    [cell.strip() for cell in line.split("|")[1:-1]]
    for line in TEXT.splitlines()
    if line.startswith("|")
]
DUMPS = [cells for cells in LINES if len(cells) == 5 and cells[2].startswith("`")]


@pytest.mark.parametrize("cells", DUMPS, ids=lambda cells: f"{cells[0]} {cells[2]}")
def test_readers_and_options_of_the_table(cells: list[str]) -> None:
    reader = cells[2].strip("`")
    given = [code for code in re.findall("`([^`]*)`", cells[3]) if "=" in code]
    options = tomllib.loads("\n".join(given))
    assert set(options) <= set(options_of(reader))
    assert set(options.get("columns", {})) <= set(ROLES)


def test_every_reader_and_every_kind_is_on_the_page() -> None:
    assert {cells[2].strip("`") for cells in DUMPS} == set(READERS)
    assert all(f"`{kind}`" in TEXT for kind in PairKind)
    for role in ROLES:
        if role not in ("question", "answer"):
            assert f"`{role}`" in TEXT
