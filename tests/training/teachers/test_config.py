from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from alkanes import alkanes

from scireasoner.errors import RecipeError
from scireasoner.recipe import load_recipe
from scireasoner.tasks.registry import get
from scireasoner.training.harvest import (
    HarvestConfig,
    LimitsConfig,
    ModelTeacher,
    NamedTeacher,
    ToolTeacher,
)
from scireasoner.training.teachers.opening import harvested, open_judge, open_teachers


def recipe(text: str, folder: Path) -> HarvestConfig:
    path = folder / "mine.toml"
    path.write_text(text)
    return load_recipe(path).harvest


def opened(config: HarvestConfig, folder: Path) -> list[Any]:
    return open_teachers(config, lambda: None, ["t"], folder, 3)  # type: ignore[arg-type,return-value]


def test_without_any_the_teachers_are_tools_and_the_probe(tmp_path: Path) -> None:
    config = recipe("", tmp_path)
    tools, model = opened(config, tmp_path)
    assert isinstance(tools, ToolTeacher)
    assert isinstance(model, ModelTeacher)
    assert (tools.name, model.name, model.max_tokens) == ("tools", "model", 320)
    assert open_judge(config, ["t"], tmp_path) is None


SEVERAL = """
[harvest]
tasks = ["embedded"]

[[harvest.teachers]]
backend = "tools"

[[harvest.teachers]]
name = "r1"
backend = "openai:http://localhost:8000/v1#r1"
key = "R1_KEY"
requests_per_minute = 60
price_in = 0.55
price_out = 2.19
max_cost = 20

[harvest.teachers.limits]
max_repeated = 0.2

[[harvest.teachers]]
name = "small"
backend = "hf:/models/small"

[[harvest.teachers]]
backend = "probe"
max_tokens = 64

[harvest.judge]
name = "r1"
backend = "openai:http://localhost:8000/v1#r1"
"""


def test_a_recipe_names_several(tmp_path: Path) -> None:
    config = recipe(SEVERAL, tmp_path)
    teachers = opened(config, tmp_path)
    assert [t.name for t in teachers] == ["tools", "r1", "small", "model"]
    assert [type(t) for t in teachers] == [ToolTeacher, NamedTeacher, NamedTeacher, ModelTeacher]
    far = teachers[1]
    assert (far.asker.config.price_out, far.limits.max_repeated) == (2.19, 0.2)
    assert far.asker.path == tmp_path / "r1.jsonl"
    judge = open_judge(config, ["t"], tmp_path)
    assert judge is not None
    assert judge.asker.path == tmp_path / "judge" / "r1.jsonl"
    # Nothing was opened, and nothing written, until somebody is asked.
    assert [p.name for p in tmp_path.iterdir()] == ["mine.toml"]


PAGE = Path(__file__).resolve().parents[3] / "docs" / "howto" / "harvest.md"


def test_what_the_howto_shows_is_a_recipe(tmp_path: Path) -> None:
    blocks = re.findall(r"```toml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    far, local, free_text = (recipe(block, tmp_path) for block in blocks)
    assert [teacher.name for teacher in far.teachers] == ["tools", "r1"]
    assert [teacher.name for teacher in local.teachers] == ["local"]
    assert free_text.judge.name == "wise"
    for name in free_text.tasks:
        assert get(name).answer.kind == "free text"
    defaults = LimitsConfig()
    shown = (defaults.max_characters, defaults.max_loops, defaults.max_repeated, defaults.ngram)
    assert shown == (32_000, 10, 0.3, 8)


WRONG = [
    ("[[harvest.teachers]]\nname = 'a b'\nbackend = 'hf:x'", "is called 'a b'"),
    ("[[harvest.teachers]]\nbackend = 'hf:x'", "is called ''"),
    ("[[harvest.teachers]]\n", "teacher 1 has no name and no backend"),
    ("[[harvest.teachers]]\nname = 'a'\nbackend = 'opneai:x'", "did you mean 'openai'"),
    ("[[harvest.teachers]]\nname = 'a'\nbackend = 'openai:x'", "lacks an address or a model"),
    ("[[harvest.teachers]]\nname = 'tools'\nbackend = 'hf:x'", "are those of the backends"),
    ("[[harvest.teachers]]\nname = 'a'\nbackend = 'tools'", "are those of the backends"),
    (
        "[[harvest.teachers]]\nname='a'\nbackend='hf:x'\n[[harvest.teachers]]\nname='a'\nbackend='hf:y'",
        "two teachers are called 'a'",
    ),
    ("[[harvest.teachers]]\nname='a'\nbackend='hf:x'\nmax_cost=2", "limits nothing without price"),
    ("[[harvest.teachers]]\nname='a'\nbackend='hf:x'\nprice_in=-2", "must not be negative"),
    ("[[harvest.teachers]]\nname='a'\nbackend='hf:x'\nconcurrency=0", "must be above 0"),
    ("[[harvest.teachers]]\nname='a'\nbackend='hf:x'\ntemprature=0", "did you mean 'temperature'"),
    ("[harvest.judge]\nbackend = 'probe'", "must be a model"),
    ("[harvest]\nmax_failed = 2", "use a number from 0 to 1"),
]


@pytest.mark.parametrize(("text", "words"), WRONG, ids=[row[1] for row in WRONG])
def test_mistakes_are_found_when_the_recipe_is_read(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"mine\.toml") as told:
        recipe(text, tmp_path)
    assert words in str(told.value)


def test_tasks_are_added_to_those_whose_thinking_was_tried() -> None:
    first, second = alkanes("smiles_to_formula"), alkanes("dna_to_protein")
    tasks = (first, second)
    assert harvested(tasks, [second], HarvestConfig()) == (second,)
    added = HarvestConfig(tasks=("smiles_to_formula",))
    assert harvested(tasks, [second], added) == (first, second)
    with pytest.raises(RecipeError, match="'logp', which is not a task of this recipe"):
        harvested(tasks, [], HarvestConfig(tasks=("logp",)))
