"""Where data lives: the one setting that is not an argument."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ENVIRONMENT = "SCIREASONER_DATA"

# Of the process, not of a context: threads that judge must see it too.
_chosen: list[Path | None] = [None]


def data_root() -> Path:
    """Return the data root: what was chosen, else ``$SCIREASONER_DATA``, else a cache folder."""
    chosen = _chosen[0]
    if chosen is not None:
        return chosen
    named = os.environ.get(ENVIRONMENT)
    if named:
        return Path(named).expanduser()
    cache = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(cache) if cache else Path.home() / ".cache") / "scireasoner" / "data"


def set_data_root(path: Path | None) -> None:
    """Choose the data root for the rest of the process; None goes back to the default."""
    _chosen[0] = None if path is None else Path(path)


@contextmanager
def use_data_root(path: Path) -> Iterator[Path]:
    """Choose the data root while the body runs."""
    before = _chosen[0]
    set_data_root(path)
    try:
        yield Path(path)
    finally:
        _chosen[0] = before
