"""Recipes: all that ship load; a wrong key or value fails by name and place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scireasoner.errors import RecipeError
from scireasoner.recipe import Recipe, load_recipe
from scireasoner.recipes import shipped
from scireasoner.stages import STAGES
from scireasoner.tasks.registry import select

SHIPPED = sorted(shipped())


def load(text: str, folder: Path) -> Recipe:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return load_recipe(path)


def test_the_four_recipes_ship() -> None:
    assert {"nano", "small", "1.7b", "8b"} <= set(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_recipe_loads_and_names_known_tasks(name: str) -> None:
    recipe = load_recipe(name)
    assert recipe.name == name
    assert select(recipe.tasks)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_stage_finds_its_settings(name: str) -> None:
    recipe = load_recipe(name)
    for stage in STAGES:
        for section in stage.settings:
            assert hasattr(recipe, section), f"{stage.name} wants {section!r}"


@pytest.mark.parametrize("name", ["1.7b", "8b"])
def test_the_large_recipes_hold_the_papers_numbers(name: str) -> None:
    """arXiv 2509.21320: learning rates, 8,192 tokens, budget of the harvest; DAPO's clip."""
    recipe = load_recipe(name)
    assert recipe.pretrain.fit.lr == 2e-4
    assert recipe.sft.fit.lr == 5e-5
    assert recipe.pretrain.sequence_length == recipe.sft.max_length == 8192
    harvest = recipe.harvest
    assert (harvest.target, harvest.budget, harvest.first) == (500, 50_000, 6_000)
    assert (recipe.rl.epsilon_low, recipe.rl.epsilon_high, recipe.rl.beta) == (0.2, 0.28, 0.0)
    assert recipe.model.base.startswith("Qwen/Qwen3-")
    hard = recipe.difficulty
    assert (hard.rollouts, hard.keep, hard.per_task, hard.temperature) == (8, (2, 6), 1_000, 0.9)


def test_rl_asks_what_is_neither_known_nor_out_of_reach() -> None:
    for name in ("nano", "small", "1.7b", "8b"):
        assert load_recipe(name).difficulty.rows > 0, name


def test_annealing_starts_below_sft_in_every_recipe() -> None:
    for name in SHIPPED:
        recipe = load_recipe(name)
        assert recipe.cold_start.fit.lr < recipe.sft.fit.lr, name
        assert recipe.cold_start.fit.final_lr <= 0.1, name


MISTAKES = [
    ("sed = 1", "unknown key 'sed'; did you mean 'seed'?"),
    ("[rl]\ngrups = 3", "mine.toml: rl: unknown key 'grups'; did you mean 'groups'?"),
    ("[sft.fit]\nlearning_rat = 1", "sft: fit: unknown key 'learning_rat'"),
    ("zzz = 1", "unknown key 'zzz'"),
    ("seed = 'one'", "seed must be a whole number, not 'one'"),
    ("seed = true", "seed must be a whole number, not True"),
    ("seed = 1.5", "seed must be a whole number, not 1.5"),
    ("sft = 3", "sft must be a table, not 3"),
    ("[rl]\nweights = 3", "rl: weights must be a table, not 3"),
    ("[harvest.teachers]\nbackend = 'tools'", "harvest: teachers must be a list, not {"),
    ("[rl]\nshare_prompts = 1", "rl: share_prompts must be true or false, not 1"),
    ("tasks = 'all'", "tasks must be a list, not 'all'"),
    ("tasks = [1]", "tasks must be a text, not 1"),
    ("[sft.weights]\nlogp = 'much'", "weights must be a number, not 'much'"),
    ("[sft.fit]\noptimizer = 'sgd'", "sft: fit: optimizer is 'sgd'"),
    ("[rl]\ngroup_size = 1", "rl: rl.group_size must be at least 2"),
    ("[rl]\nmax_tokens = 8\noverlong_cache = 8", "rl.overlong_cache must be"),
    ("[rl]\noverlong_cache = 0", "rl.overlong_cache must be at least 1"),
    ("[rl.fit]\ncompile = true", "RL compiles no blocks"),
    ("[rl]\niterations = 2\n[rl.fit]\nsave_every = 5", "must be a multiple of rl.iterations"),
    ("[model]\nheads = 4\nkv_heads = 3", "must be a multiple of model.kv_heads"),
    ("[model]\ndtype = 'int8'", "model.dtype is 'int8'"),
    ("seed = 1\nseed = 2", "is not valid TOML"),
    ("[modes]\nmetric = 'accuracy'", "modes.metric is 'accuracy'"),
    ("[difficulty]\nkeep = [2]", "difficulty.keep is [2]"),
    ("[rl", "is not valid TOML"),
    ("seed = -1", "seed is -1; use a whole number from 0"),
    ("seed = 4294967296", "seed is 4294967296; use a whole number from 0"),
    ("threads = -1", "threads is -1; it must not be negative"),
    ("[data]\ntrain = -1", "data: train is -1; it must be above 0"),
    ("[model]\nkv_heads = 0", "model: kv_heads is 0; it must be above 0"),
    ("[sft]\nrows = -5", "sft: rows is -5; it must be above 0"),
    ("[sft.fit]\nsteps = -1", "sft: fit: steps is -1; it must be above 0"),
    ("[sft.fit]\nbatch_tokens = 0", "fit: batch_tokens is 0; it must be above 0"),
    ("[sft.fit]\nlr = nan", "fit: lr must be a finite number, not nan"),
    ("[sft.fit]\nlr = -1e-3", "fit: lr is -0.001; it must not be negative"),
    ("[sft.fit]\nwarmup = 100", "fit: warmup is 100.0; use a number from 0 to 1"),
    ("[pretrain]\nsequence_length = 0", "pretrain: sequence_length is 0"),
    ("[cold_start]\nmax_length = 0", "cold_start: max_length is 0"),
    ("[corpus]\nrows_per_task = -1", "corpus: rows_per_task is -1; it must not be negative"),
    ("[modes]\ndev = 0", "modes: dev is 0; it must be above 0"),
    ("[harvest]\nepsilon = 0", "harvest: epsilon is 0.0; it must be above 0"),
    ("[harvest.judge.limits]\nmax_repeated = 3", "limits: max_repeated is 3.0; use a number from"),
    ("[difficulty]\nbatch = 0", "difficulty: batch is 0; it must be above 0"),
    ("[rl.fit]\naccumulation = 0", "fit: accumulation is 0; it must be above 0"),
    ("[rl]\ntemperature = 0", "rl: temperature is 0.0; it must be above 0"),
    ("[rl]\nepsilon_low = -0.2", "rl: epsilon_low is -0.2; it must not be negative"),
    ("[evaluation]\nlimit = 0", "evaluation: limit is 0; it must be above 0"),
]


@pytest.mark.parametrize(
    ("text", "words"), MISTAKES, ids=[m[0].replace("\n", " ") for m in MISTAKES]
)
def test_mistakes_are_named(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(RecipeError) as caught:
        load(text, tmp_path)
    assert words in str(caught.value)
    assert "mine.toml" in str(caught.value)


VALUES: list[tuple[str, list[str], Any]] = [
    ("seed = 7", ["seed"], 7),
    ("[sft.fit]\nlr = 1", ["sft", "fit", "lr"], 1.0),  # a whole number where a float is wanted
    ("[sft.fit]\nbf16 = true", ["sft", "fit", "bf16"], True),
    ("tasks = ['logp', 'rna_*']", ["tasks"], ("logp", "rna_*")),
    ("[rl.weights]\nlogp = 2", ["rl", "weights"], {"logp": 2.0}),
    ("name = 'mine-too'", ["name"], "mine-too"),
    ("", ["name"], "mine"),  # a recipe is called after its file
    ("", ["rl", "epsilon_high"], 0.28),
]


@pytest.mark.parametrize(("text", "place", "expected"), VALUES)
def test_values_arrive(text: str, place: list[str], expected: Any, tmp_path: Path) -> None:
    value: Any = load(text, tmp_path)
    for name in place:
        value = getattr(value, name)
    assert value == expected
    assert type(value) is type(expected)


def test_the_seed_can_be_given_from_outside(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("seed = 3\n")
    assert load_recipe(path).seed == 3
    assert load_recipe(path, seed=9).seed == 9
    assert load_recipe(path, seed=0).seed == 0


def test_a_folder_is_no_recipe(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="give the path of a TOML file"):
        load_recipe(tmp_path)
