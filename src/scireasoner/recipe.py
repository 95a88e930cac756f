"""Recipes: one TOML file a run, read into frozen records; unknown keys fail by name."""

from __future__ import annotations

import dataclasses
import tomllib
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scireasoner.errors import RecipeError, nearest
from scireasoner.recipes import find
from scireasoner.training.cold_start import ColdStartConfig
from scireasoner.training.documents import CorpusConfig
from scireasoner.training.harvest import HarvestConfig
from scireasoner.training.model import ModelConfig
from scireasoner.training.modes import ModesConfig
from scireasoner.training.pretrain import PretrainConfig
from scireasoner.training.rl import RlConfig
from scireasoner.training.supervised import SftConfig


@dataclass(frozen=True)
class DataConfig:
    """Rows kept of each task: caps for each split. The seed of the splits is not the run's."""

    train: int = 12_000
    dev: int = 200
    test: int = 300
    compounds: int = 0


@dataclass(frozen=True)
class TokenizerConfig:
    """Size of a new vocabulary (ignored where a base model brings its own)."""

    vocabulary: int = 1536


@dataclass(frozen=True)
class EvaluationConfig:
    """Test rows of each task, and sample dialogues shown in the report."""

    limit: int = 200
    dialogues: int = 10


@dataclass(frozen=True)
class Recipe:
    """Everything a run depends on.

    Parameters
    ----------
    name : the run's folder is named after it.
    seed : fixes initialisation, data order and sampling.
    threads : CPU threads of torch; 0 takes torch's own choice. Results repeat exactly only with
        the same number.
    tasks : names, globs or suites of the tasks to train and report; the embedded suite by
        default, whose rows need no data.
    """

    name: str
    seed: int = 0
    threads: int = 0
    tasks: tuple[str, ...] = ("embedded",)
    data: DataConfig = field(default_factory=DataConfig)
    corpus: CorpusConfig = field(default_factory=CorpusConfig)
    tokenizer: TokenizerConfig = field(default_factory=TokenizerConfig)
    model: ModelConfig = field(default_factory=ModelConfig)
    pretrain: PretrainConfig = field(default_factory=PretrainConfig)
    sft: SftConfig = field(default_factory=SftConfig)
    modes: ModesConfig = field(default_factory=ModesConfig)
    harvest: HarvestConfig = field(default_factory=HarvestConfig)
    cold_start: ColdStartConfig = field(default_factory=ColdStartConfig)
    rl: RlConfig = field(default_factory=RlConfig)
    evaluation: EvaluationConfig = field(default_factory=EvaluationConfig)


def load_recipe(recipe: str | Path, seed: int | None = None) -> Recipe:
    """Read a recipe by path, or one that comes with the package by name.

    Raises
    ------
    RecipeError : if there is no such recipe, it is not TOML, or a key or value in it is wrong.
    """
    path = find(recipe)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RecipeError(f"{path} is not valid TOML: {error}") from error
    except OSError as error:
        raise RecipeError(f"{path} cannot be read: {error.strerror}") from error
    table.setdefault("name", path.stem)
    made: Recipe = build(Recipe, table, str(path))
    return made if seed is None else dataclasses.replace(made, seed=seed)


def build(kind: Any, table: Mapping[str, Any], where: str) -> Any:
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
        return build(hint, value, where)
    origin = typing.get_origin(hint)
    if origin in (tuple, types.UnionType) and isinstance(value, list):
        return tuple(_value(typing.get_args(hint)[0], item, where) for item in value)
    if origin is not None and isinstance(value, Mapping):
        return {key: _value(typing.get_args(hint)[1], item, where) for key, item in value.items()}
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if (
        isinstance(hint, type)
        and isinstance(value, hint)
        and isinstance(value, bool) <= (hint is bool)
    ):
        return value
    expected = getattr(hint, "__name__", str(hint))
    raise RecipeError(f"{where} must be a {expected}, not {value!r}")
