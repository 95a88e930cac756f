"""What trainers hand over, and what is said of what cannot be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scireasoner.errors import DataError, InputError
from scireasoner.tasks.registry import get
from scireasoner.trainers.rows import Finder, asked, text_of
from scireasoner.types import Mode, Sample, Split

ROW = {"task": "logp", "completion": "1", "gold": "1.0"}

# a completion as some server or trainer writes it, its text
COMPLETIONS: list[tuple[Any, str]] = [
    ("CH4", "CH4"),
    ([{"role": "assistant", "content": "CH4"}], "CH4"),
    ([{"content": "CH4"}], "CH4"),
    ([{"role": "assistant", "content": "a"}, {"role": "tool", "content": "b"}], "a"),
    ([{"role": "assistant", "content": "a"}, {"role": "assistant", "content": "b"}], "b"),
    ([{"role": "assistant", "content": None}], ""),
    ([{"role": "assistant", "content": [{"type": "text", "text": "CH"}, {"text": "4"}]}], "CH4"),
    ([{"role": "assistant", "content": "4", "reasoning_content": "2+2"}], "2+2\n</think>\n\n4"),
    ([{"role": "assistant", "content": "4", "thinking": "2+2"}], "2+2\n</think>\n\n4"),
    ([{"role": "user", "content": "?"}], ""),
    ([], ""),
]


@pytest.mark.parametrize(("completion", "text"), COMPLETIONS)
def test_the_text_of_a_completion(completion: Any, text: str) -> None:
    assert text_of(completion) == text


def test_a_row_of_a_table_has_every_column() -> None:
    """Arrow fills the inputs of all tasks into every row; what is None was not given."""
    row = asked({
        **ROW, "id": None, "inputs": {"smiles": "C", "name": None}, "meta": '{"entity": "methane"}',
        "mode": "think", "split": "dev", "tokens": 3, "group": "7", "finish": None,
    })  # fmt: skip
    assert (row.inputs, row.meta) == ({"smiles": "C"}, {"entity": "methane"})
    assert (row.mode, row.split, row.tokens, row.finish) == (Mode.THINK, Split.DEV, 3, "stop")
    assert (row.id, row.group) == (None, "7")


def test_auto_leaves_the_mode_to_the_model() -> None:
    assert asked({**ROW, "mode": "auto"}).mode is None


MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"completion": "1"}, "'task' is missing; it has \\['completion'\\]"),
    ({"task": "logp", "gold": "1"}, "'completion' is missing"),
    ({**ROW, "golds": "1"}, "unknown field 'golds'; did you mean 'gold'"),
    ({**ROW, "gold": 1.0}, "'gold' must be a text, 1.0 came"),
    ({**ROW, "tokens": "5"}, "'tokens' must be a whole number, '5' came"),
    ({**ROW, "tokens": True}, "'tokens' must be a whole number, True came"),
    ({**ROW, "tokens": -1}, "'tokens' must be 0 or more, -1 came"),
    ({**ROW, "split": "tests"}, "'split' must be one of train, dev, test; 'tests' came"),
    ({**ROW, "mode": "fast"}, "'mode' must be one of auto, instant, think; 'fast' came"),
    ({**ROW, "finish": "eos"}, "'finish' must be one of stop, length; 'eos' came"),
    ({**ROW, "inputs": ["C"]}, "'inputs' must be an object of texts"),
    ({**ROW, "inputs": {"smiles": 5}}, "'inputs': 'smiles' must be a text, 5 came"),
    ({**ROW, "inputs": "{smiles"}, "'inputs' is no JSON"),
    ({**ROW, "completion": 5}, "'completion' must be a text or a list of messages, 5 came"),
    ({**ROW, "completion": ["x"]}, "a message must be an object, 'x' came"),
    ({**ROW, "completion": [{"content": 5}]}, "content must be a text or parts, 5 came"),
]


@pytest.mark.parametrize(("row", "words"), MISTAKES, ids=[words[:40] for _, words in MISTAKES])
def test_a_mistake_says_where_what_came_and_what_was_expected(
    row: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError, match=f"row 4: ?{words}|row 4: .*{words}"):
        asked(row, "row 4")


def sample(**row: Any) -> Sample:
    return Finder().sample(get(row.get("task", "smiles_to_formula")), asked({"completion": "x", "task": "smiles_to_formula", **row}))  # fmt: skip


def test_a_row_of_the_tasks_data_is_found_by_its_id(data_root: Path) -> None:
    for split in Split:
        known = get("smiles_to_formula").samples(split)[3]
        assert sample(id=known.id, split=split.value) is known


def test_a_row_that_is_given_whole_needs_no_data() -> None:
    row = sample(id="mine", gold="CH4", inputs={"smiles": "C"}, meta={"entity": "methane"})
    assert row == Sample("mine", {"smiles": "C"}, "CH4", None, {"entity": "methane"})


def test_a_task_without_a_gold_needs_none() -> None:
    assert sample(task="uncond_protein") == Sample("given", {}, None)


@pytest.mark.parametrize(
    ("row", "error", "words"),
    [
        ({}, InputError, "judges against a right answer: give 'gold', or 'id' and 'split'"),
        ({"id": "nobody"}, DataError, r"has no train row 'nobody' among its \d+ rows here, the first is"),
    ],
)  # fmt: skip
def test_what_cannot_be_found(
    row: dict[str, Any], error: type[Exception], words: str, data_root: Path
) -> None:
    with pytest.raises(error, match=words):
        sample(**row)
