"""Where recipes are found: by path, or by the name of one that ships with the package."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scireasoner.errors import RecipeError, nearest

_HERE = Path(__file__).resolve().parent


def shipped() -> dict[str, Path]:
    """Return the recipes that ship, by name.

    An installed wheel carries them beside this file; a source tree keeps them at its top.
    """
    tree = _HERE.parents[2]
    folder = tree / "recipes" if (tree / "pyproject.toml").is_file() else _HERE
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def seeds_of(name: str) -> dict[int, dict[str, Any]]:
    """Return the scores of other seeds that ship with a recipe: seed -> task -> estimate."""
    folder = shipped().get(name)
    path = folder.with_suffix(".seeds.json") if folder else None
    if path is None or not path.is_file():
        return {}
    raw = json.loads(path.read_text(encoding="utf-8"))
    return {int(seed): scores for seed, scores in raw["seeds"].items()}


def find(recipe: str | Path) -> Path:
    """Return the file of a recipe given as a path or as a name (``nano``).

    Raises
    ------
    RecipeError : if neither is there; the nearest name is suggested.
    """
    path = Path(recipe)
    if path.is_file():
        return path
    known = shipped()
    name = path.name.removesuffix(".toml")  # not ``stem``: "1.7b" has a dot of its own
    if name in known and _is_name(path):
        return known[name]
    raise RecipeError(
        f"no recipe {str(recipe)!r}: give the path of a TOML file or one of "
        f"{', '.join(known) or '(none shipped)'}{nearest(name, known)}"
    )


def _is_name(path: Path) -> bool:
    # "nano", "nano.toml" and the README's "recipes/nano.toml" work from any folder.
    return path.parent in {Path(), Path("recipes")}
