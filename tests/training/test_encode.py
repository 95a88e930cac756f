"""Loss on the answer alone: what a model learns to write is read back from the labels."""

from __future__ import annotations

from typing import Any

import pytest

from scireasoner.prompts import TURN_END, render
from scireasoner.tasks.task import Task
from scireasoner.training.batches import IGNORED, Row, collate
from scireasoner.training.encode import encode_dialogues
from scireasoner.types import Mode, Split


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
