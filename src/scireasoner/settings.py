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
    """Return the data root that is written to: what was chosen, else the first named one."""
    return data_roots()[0]


def data_roots() -> tuple[Path, ...]:
    """Return every data root, the first to be looked into first.

    What was chosen in this process; then the folders of ``$SCIREASONER_DATA`` (several are
    separated as in ``$PATH``), or a cache folder if it names none.
    """
    named = [Path(p).expanduser() for p in os.environ.get(ENVIRONMENT, "").split(os.pathsep) if p]
    chosen = _chosen[0]
    return (*(() if chosen is None else (chosen,)), *(named or [_cache()]))


def chosen_root() -> Path | None:
    """Return the data root that was chosen in this process; None if none was."""
    return _chosen[0]


def locate(relative: str | Path) -> Path | None:
    """Return the first file or folder of this name under the data roots, None if there is none."""
    found = (root / relative for root in data_roots())
    return next((path for path in found if path.exists()), None)


def _cache() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(cache) if cache else Path.home() / ".cache") / "scireasoner" / "data"


def set_data_root(path: Path | None) -> None:
    """Choose the first data root for the rest of the process; None goes back to the default."""
    _chosen[0] = None if path is None else Path(path)


@contextmanager
def use_data_root(path: Path) -> Iterator[Path]:
    """Choose the first data root while the body runs."""
    before = _chosen[0]
    set_data_root(path)
    try:
        yield Path(path)
    finally:
        _chosen[0] = before
