"""Loss on the answer alone: what a model learns to write is read back from the labels."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from scireasoner import cores
from scireasoner.errors import DataError
from scireasoner.prompts import TURN_END, render
from scireasoner.tasks.task import Task
from scireasoner.training import mixture
from scireasoner.training.augment import AugmentConfig
from scireasoner.training.batches import IGNORED, Row, collate
from scireasoner.training.encode import encode_dialogues, encode_parts
from scireasoner.training.mixture import Part, direct_parts
from scireasoner.types import Mode, Prompt, Split


def learnt(tokenizer: Any, row: Row) -> str:
    """Return the text that carries loss, special tokens shown."""
    labels = collate([[row]], tokenizer.pad_token_id)["labels"][0].tolist()
    return str(tokenizer.decode([label for label in labels if label != IGNORED]))


def masked(tokenizer: Any, row: Row) -> str:
    """Return the text that carries no loss."""
    return str(tokenizer.decode(row.tokens[: row.prompt_length]))


CASES = [
    (Mode.INSTANT, "<MOLFORMULA>CH4</MOLFORMULA>" + TURN_END, "<think>\n\n</think>\n\n"),
    (
        Mode.THINK,
        "1 carbons\n</think>\n\n<MOLFORMULA>CH4</MOLFORMULA>" + TURN_END,
        "<think>\n",
    ),
]


@pytest.mark.parametrize(("mode", "written", "prefix"), CASES, ids=[str(c[0]) for c in CASES])
def test_the_answer_and_the_end_of_the_turn_are_learnt_and_nothing_else(
    mode: Mode, written: str, prefix: str, formula: Task, tokenizer: Any
) -> None:
    methane = formula.samples(Split.TRAIN)[0]
    solution = formula.solution(methane, mode)
    assert solution is not None
    (row,) = encode_dialogues(tokenizer, [(formula.render(methane, mode), solution)], 512)
    assert learnt(tokenizer, row) == written
    before = masked(tokenizer, row)
    assert "What is the formula of <SMILES>C</SMILES>?" in before
    assert before.endswith(f"assistant\n{prefix}")


def test_the_end_of_the_turn_is_the_token_that_stops_generation(
    formula: Task, tokenizer: Any
) -> None:
    methane = formula.samples(Split.TRAIN)[0]
    pair = (formula.render(methane, Mode.INSTANT), "x")
    (row,) = encode_dialogues(tokenizer, [pair], 512)
    assert row.tokens[-1] == tokenizer.eos_token_id


def test_training_and_generation_read_the_same_tokens(formula: Task, tokenizer: Any) -> None:
    """The masked part is exactly what a backend feeds the model."""
    methane = formula.samples(Split.TRAIN)[0]
    prompt = formula.render(methane, Mode.INSTANT)
    (row,) = encode_dialogues(tokenizer, [(prompt, "x")], 512)
    asked = tokenizer(render(prompt, tokenizer.chat_template), add_special_tokens=False)
    assert list(row.tokens[: row.prompt_length]) == asked["input_ids"]


def test_long_rows_are_cut_on_the_right(formula: Task, tokenizer: Any) -> None:
    pair = formula.render(formula.samples(Split.TRAIN)[0], Mode.INSTANT), "C" * 99
    (whole,) = encode_dialogues(tokenizer, [pair], 512)
    limit = whole.prompt_length + 7
    (cut,) = encode_dialogues(tokenizer, [pair], limit)
    assert list(cut.tokens) == list(whole.tokens[:limit])
    assert (cut.prompt_length, cut.answer_length) == (whole.prompt_length, 7)
    assert len(encode_dialogues(tokenizer, [pair], whole.prompt_length)) == 0


@pytest.fixture
def several(make_task: Callable[..., Task], monkeypatch: pytest.MonkeyPatch) -> list[Part]:
    """Parts of 50 rows of 20 molecules: some come again in another part of their task."""
    monkeypatch.setattr(mixture, "_LEAST_ROWS", 50)
    tasks = [make_task(name) for name in ("formula", "name", "charge")]
    return direct_parts(tasks, 400, {"name": 5.0}, 0, AugmentConfig(share=0.7))


@pytest.mark.parametrize("count", [1, 2])
def test_one_process_or_more_write_the_same_rows(
    count: int,
    several: list[Part],
    tokenizer: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cores, "cores", lambda: count)
    assert [part.task for part in several] == ["formula"] * 2 + ["name"] * 6 + ["charge"] * 2
    pairs = list(chain.from_iterable(part.pairs() for part in several))
    # Short enough that some rows lose their answer, and that others are cut.
    rows = encode_parts(tokenizer, several, 60, "test")
    assert 0 < len(rows) < len(pairs)
    encode_dialogues(tokenizer, pairs, 60).save(tmp_path / "whole.npz")
    rows.save(tmp_path / "parts.npz")
    assert (tmp_path / "parts.npz").read_bytes() == (tmp_path / "whole.npz").read_bytes()


def test_a_fault_in_a_worker_is_told_as_in_one_process(
    several: list[Part], tokenizer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Iterator[tuple[Prompt, str]]:
        raise DataError(f"no rows, {os.getpid()}")
        yield

    monkeypatch.setattr(cores, "cores", lambda: 2)
    with pytest.raises(DataError, match="no rows") as raised:
        encode_parts(tokenizer, [*several, Part("broken", 9, broken)], 60, "test")
    assert str(os.getpid()) not in str(raised.value)
