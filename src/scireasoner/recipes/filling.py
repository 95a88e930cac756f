"""A TOML table becomes a frozen record; what is unknown or of another type fails by name."""

from __future__ import annotations

import dataclasses
import math
import tomllib
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scireasoner.errors import RecipeError, nearest

# What a user of TOML calls the types of settings.
_WORDS = {
    int: "a whole number", float: "a number", str: "a text", bool: "true or false",
    tuple: "a list", Mapping: "a table",
}  # fmt: skip


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises
    ------
    RecipeError : if it cannot be read or is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RecipeError(f"{path} is not valid TOML: {error}") from error
    except OSError as error:
        raise RecipeError(f"{path} cannot be read: {error.strerror}") from error


def fill(kind: Any, table: Mapping[str, Any], where: str) -> Any:
    """Return a dataclass filled from a TOML table, checking names and types.

    Raises
    ------
    RecipeError : naming the place, what came and what was expected.
    """
    hints = typing.get_type_hints(kind)
    names = [f.name for f in dataclasses.fields(kind)]
    for key in table:
        if key not in names:
            raise RecipeError(f"{where}: unknown key {key!r}{nearest(key, names)}")
    missing = [
        f.name
        for f in dataclasses.fields(kind)
        if f.name not in table
        and f.default is dataclasses.MISSING
        and f.default_factory is dataclasses.MISSING
    ]
    if missing:
        raise RecipeError(f"{where}: the key {missing[0]!r} is missing; add it")
    values = {key: _value(hints[key], value, f"{where}: {key}") for key, value in table.items()}
    try:
        return kind(**values)
    except RecipeError as error:
        raise RecipeError(f"{where}: {error}") from error


def _value(hint: Any, value: Any, where: str) -> Any:
    if dataclasses.is_dataclass(hint):
        if not isinstance(value, Mapping):
            raise RecipeError(f"{where} must be a table, not {value!r}")
        return fill(hint, value, where)
    if hint is Any:
        return value
    origin = typing.get_origin(hint)
    if origin in (tuple, types.UnionType) and isinstance(value, list):
        return tuple(_value(typing.get_args(hint)[0], item, where) for item in value)
    if origin is Mapping and isinstance(value, Mapping):
        return {key: _value(typing.get_args(hint)[1], item, where) for key, item in value.items()}
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise RecipeError(f"{where} must be a finite number, not {value!r}")
    if (
        isinstance(hint, type)
        and isinstance(value, hint)
        and isinstance(value, bool) <= (hint is bool)
    ):
        return value
    raise RecipeError(f"{where} must be {_WORDS.get(origin or hint, str(hint))}, not {value!r}")
