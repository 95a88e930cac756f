"""The registry: names are unique, unknown ones get a hint."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from scireasoner.errors import TaskError
from scireasoner.tasks import all_tasks, get, register, select

SUITES = {
    "embedded": 20,
    "smol": 14,
    "uspto": 1,
    "mol_instructions": 17,
    "bio_instruction": 21,
    "gue": 11,
    "opi": 16,
    "peer": 4,
    "llm4mat": 65,
    "material_generation": 2,
    "unconditional": 4,
    "sr15": 25,
}


def test_every_suite_is_whole_and_in_its_place() -> None:
    assert {suite: len(select([suite])) for suite in SUITES} == SUITES
    assert list(dict.fromkeys(task.suite for task in all_tasks())) == list(SUITES)


def test_the_embedded_suite_has_five_families() -> None:
    assert len({task.family for task in select(["embedded"])}) == 5


def test_a_second_task_of_one_name_cites_both() -> None:
    other = replace(get("logp"), suite="mine", source="my own table")
    with pytest.raises(TaskError, match=r"'logp'.*embedded.*Syrres.*mine.*my own table"):
        register(other)


def test_registering_the_same_task_again_changes_nothing() -> None:
    assert register(get("logp")) is get("logp")


@pytest.mark.parametrize(
    ("asked", "hint"), [("log_p", "'logp'"), ("boilingpoint", "'boiling_point'")]
)
def test_an_unknown_name_gets_the_nearest(asked: str, hint: str) -> None:
    with pytest.raises(TaskError, match=hint):
        get(asked)


@pytest.mark.parametrize(
    ("patterns", "names"),
    [
        (["logp"], ["logp"]),
        (["?m*s_to_formula"], ["smiles_to_formula", "smol_smiles_to_formula"]),
        (["rna_*", "rna_design"], ["rna_folding_energy", "rna_design"]),
        (["uspto", "logp"], ["logp", "uspto50k_retrosynthesis"]),
    ],
)
def test_patterns_select_by_name_or_suite_in_a_fixed_order(
    patterns: list[str], names: list[str]
) -> None:
    assert [task.name for task in select(patterns)] == names


def test_a_pattern_that_matches_nothing_is_an_error() -> None:
    with pytest.raises(TaskError, match="xyz"):
        select(["xyz*"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"inputs": {"smiles": "smile"}}, "input 'smiles' has the notation 'smile'; did you mean 'smiles'"),
        ({"prompt": "How soluble is {smile}?"}, "has {smile} in its prompt but not in its inputs"),
        ({"prompt": "How soluble is it?"}, "has {smiles} in its inputs but not its prompt"),
        ({"prompt": "How soluble is {}, {smiles}?"}, "has {} in its prompt"),
    ],
)  # fmt: skip
def test_a_prompt_asks_about_its_inputs(change: dict[str, Any], words: str) -> None:
    with pytest.raises(TaskError, match=re.escape(words)):
        replace(get("logp"), **change)
