"""Fixtures for every room: a small embedded data set, built once a session in a few seconds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from scireasoner.settings import data_roots, use_data_root
from scireasoner.tasks.rows import Caps
from scireasoner.tasks.sources import build_embedded

SMALL = Caps(train=60, dev=12, test=16, compounds=900)


@pytest.fixture(scope="session")
def small_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data root with a small embedded set; nothing is switched to it."""
    root = tmp_path_factory.mktemp("data")
    build_embedded(root, progress=False, caps=SMALL)
    return root


@pytest.fixture
def data_root(small_root: Path) -> Iterator[Path]:
    """The small data root, in use while the test runs."""
    with use_data_root(small_root):
        yield small_root


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The data root with the real public sets, as ``$SCIREASONER_DATA`` names it."""
    for root in data_roots():
        if all((root / area).is_dir() for area in ("bio", "chemistry", "materials")):
            return root
    pytest.skip("no real data here: set SCIREASONER_DATA to the folder with bio/, chemistry/ ...")
