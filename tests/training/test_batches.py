"""The planned order: budgets, epochs, seeds, and resuming as taking up the rest."""

from __future__ import annotations

from collections import Counter

import pytest

from scireasoner.training.batches import IGNORED, Blocks, Planned, Row, collate, plan
from scireasoner.training.loop import FitConfig
from scireasoner.training.pretrain import block_order

LENGTHS = [3, 50, 7, 7, 120, 64, 9, 33, 18, 90, 5, 12, 77, 41, 2, 28]


@pytest.mark.parametrize("budget", [120, 128, 200, 1000])
@pytest.mark.parametrize("seed", [0, 1])
def test_a_padded_batch_stays_within_its_tokens(budget: int, seed: int) -> None:
    for batch in plan(LENGTHS, batch_tokens=budget, steps=40, seed=seed):
        assert len(batch) * max(LENGTHS[i] for i in batch) <= budget


def test_a_row_above_the_budget_is_alone() -> None:
    batches = plan([10, 500, 10], batch_tokens=100, steps=20, seed=0)
    assert [1] in batches
    assert all(batch == [1] for batch in batches if 1 in batch)


@pytest.mark.parametrize("seed", range(4))
def test_an_epoch_holds_every_row_once(seed: int) -> None:
    batches = plan(LENGTHS, batch_tokens=200, steps=60, seed=seed)
    rows = [index for batch in batches for index in batch]
    for epoch in range(len(rows) // len(LENGTHS)):
        part = rows[epoch * len(LENGTHS) : (epoch + 1) * len(LENGTHS)]
        assert Counter(part) == Counter(range(len(LENGTHS)))


def test_epochs_come_in_new_orders() -> None:
    rows = [i for batch in plan([1] * 50, batch_tokens=1, steps=100, seed=0) for i in batch]
    assert rows[:50] != rows[50:]
    assert rows[:50] != sorted(rows[:50])


def test_the_seed_fixes_the_order() -> None:
    first, again, other = (
        plan(LENGTHS, batch_tokens=128, steps=30, seed=seed) for seed in (3, 3, 4)
    )
    assert first == again
    assert first != other


@pytest.mark.parametrize("done", [1, 7, 29])
def test_what_is_left_after_a_resume_is_the_end_of_the_same_plan(done: int) -> None:
    """The plan of a longer training begins with the plan of a shorter one."""
    short = plan(LENGTHS, batch_tokens=128, steps=done, seed=3)
    whole = plan(LENGTHS, batch_tokens=128, steps=30, seed=3)
    assert short + whole[done:] == whole


@pytest.mark.parametrize("steps", [1, 5, 33])
def test_as_many_batches_as_steps(steps: int) -> None:
    assert len(plan(LENGTHS, batch_tokens=64, steps=steps, seed=0)) == steps


def test_no_rows_give_no_batches() -> None:
    assert plan([], batch_tokens=64, steps=3, seed=0) == []


def test_collate_puts_the_loss_on_the_answer_alone() -> None:
    rows = [Row((5, 6, 7, 8), prompt_length=2), Row((9, 4), prompt_length=1)]
    batch = {name: values.tolist() for name, values in collate([rows], pad_id=0).items()}
    x = IGNORED
    assert batch == {
        "input_ids": [[5, 6, 7, 8], [9, 4, 0, 0]],
        "attention_mask": [[1, 1, 1, 1], [1, 1, 0, 0]],
        "labels": [[x, x, 7, 8], [x, 4, x, x]],
    }


def test_collate_never_learns_the_padding_even_where_it_is_a_token_of_the_text() -> None:
    batch = collate([[Row((0, 3, 0), 1), Row((3, 3, 3, 3), 0)]], pad_id=0)
    assert batch["labels"].tolist() == [[IGNORED, 3, 0, IGNORED], [3, 3, 3, 3]]


def test_a_planned_batch_is_the_rows_of_its_plan() -> None:
    rows = [Row((i,)) for i in range(5)]
    data = Planned(rows, [[3, 1], [4]])
    assert len(data) == 2
    assert data[0] == [rows[3], rows[1]]


def test_blocks_are_learnt_whole() -> None:
    data = Blocks([[1, 2, 3], [4, 5, 6]], [[1], [0, 1]])
    assert data[1] == [Row((1, 2, 3), 0), Row((4, 5, 6), 0)]


@pytest.mark.parametrize("accumulation", [1, 2])
def test_pretraining_sees_every_block_once_an_epoch(accumulation: int) -> None:
    config = FitConfig(steps=6, batch_tokens=256, accumulation=accumulation)
    order = block_order(8, 64, config, seed=0)
    assert len(order) == 6 * accumulation
    assert {len(batch) for batch in order} == {256 // 64}
    flat = [i for batch in order for i in batch]
    assert sorted(flat[:8]) == list(range(8))
    assert sorted(flat[8:16]) == list(range(8))
    assert order != block_order(8, 64, config, seed=1)
