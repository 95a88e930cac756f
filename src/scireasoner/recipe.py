"""Recipes: one TOML file a run, read into frozen records; unknown keys fail by name."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path

from scireasoner.errors import RecipeError
from scireasoner.recipes import find
from scireasoner.recipes.bounds import above_zero, not_negative
from scireasoner.recipes.filling import fill, read_toml
from scireasoner.training.cold_start import ColdStartConfig
from scireasoner.training.difficulty import DifficultyConfig
from scireasoner.training.documents import CorpusConfig
from scireasoner.training.harvest import HarvestConfig
from scireasoner.training.model import ModelConfig
from scireasoner.training.modes import ModesConfig
from scireasoner.training.pretrain import PretrainConfig
from scireasoner.training.rl_config import RlConfig
from scireasoner.training.supervised import SftConfig
from scireasoner.training.tracking import TrackingConfig

_MAX_SEED = 2**32 - 1  # what numpy takes


@dataclass(frozen=True)
class DataConfig:
    """Rows kept of each task: caps for each split. The seed of the splits is not the run's."""

    train: int = 12_000
    dev: int = 200
    test: int = 300
    compounds: int = 0

    def __post_init__(self) -> None:
        above_zero(self, "train")
        not_negative(self, "dev", "test", "compounds")


@dataclass(frozen=True)
class TokenizerConfig:
    """Size of a new vocabulary (ignored where a base model brings its own)."""

    vocabulary: int = 1600

    def __post_init__(self) -> None:
        above_zero(self, "vocabulary")


@dataclass(frozen=True)
class EvaluationConfig:
    """Test rows of each task, and sample dialogues shown in the report."""

    limit: int = 200
    dialogues: int = 10

    def __post_init__(self) -> None:
        above_zero(self, "limit")
        not_negative(self, "dialogues")


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
    licensed : learn only from rows whose licence lets the weights be given away
        (docs/reference/licences.md).
    """

    name: str
    seed: int = 0
    threads: int = 0
    tasks: tuple[str, ...] = ("embedded",)
    licensed: bool = False
    data: DataConfig = field(default_factory=DataConfig)
    corpus: CorpusConfig = field(default_factory=CorpusConfig)
    tokenizer: TokenizerConfig = field(default_factory=TokenizerConfig)
    model: ModelConfig = field(default_factory=ModelConfig)
    pretrain: PretrainConfig = field(default_factory=PretrainConfig)
    sft: SftConfig = field(default_factory=SftConfig)
    modes: ModesConfig = field(default_factory=ModesConfig)
    harvest: HarvestConfig = field(default_factory=HarvestConfig)
    cold_start: ColdStartConfig = field(default_factory=ColdStartConfig)
    difficulty: DifficultyConfig = field(default_factory=DifficultyConfig)
    rl: RlConfig = field(default_factory=RlConfig)
    evaluation: EvaluationConfig = field(default_factory=EvaluationConfig)
    tracking: TrackingConfig = field(default_factory=TrackingConfig)

    def __post_init__(self) -> None:
        not_negative(self, "threads")
        if not 0 <= self.seed <= _MAX_SEED:
            raise RecipeError(f"seed is {self.seed}; use a whole number from 0 to {_MAX_SEED}")


def load_recipe(recipe: str | Path, seed: int | None = None) -> Recipe:
    """Read a recipe by path, or one that comes with the package by name.

    Raises
    ------
    RecipeError : if there is no such recipe, it is not TOML, or a key or value in it is wrong.
    """
    path = find(recipe)
    table = read_toml(path)
    table.setdefault("name", path.stem)
    made: Recipe = fill(Recipe, table, str(path))
    return made if seed is None else dataclasses.replace(made, seed=seed)
