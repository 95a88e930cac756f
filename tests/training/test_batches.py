"""The planned order: budgets, epochs, seeds, and resuming as taking up the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch

from scireasoner.models.checkpoint import load_model
from scireasoner.training.batches import IGNORED, Blocks, Planned, Row, collate, plan
from scireasoner.training.fit_config import FitConfig
from scireasoner.training.pretrain import block_order
from scireasoner.training.token_rows import TokenRows, gather

# tokens of the prompt, tokens of the answer
SHAPES = [
    (1, 2), (30, 20), (3, 4), (5, 2), (20, 100), (60, 4), (2, 7), (0, 33),
    (17, 1), (10, 80), (4, 1), (6, 6), (70, 7), (21, 20), (1, 1), (14, 14),
]  # fmt: skip


def rows_of(shapes: Sequence[tuple[int, int]]) -> TokenRows:
    return gather([(range(p + a), p) for p, a in shapes], range(len(shapes)), 600)


ROWS = rows_of(SHAPES)


@pytest.mark.parametrize("budget", [120, 128, 200, 1000])
@pytest.mark.parametrize("seed", [0, 1])
def test_a_padded_batch_stays_within_its_tokens(budget: int, seed: int) -> None:
    """Prompts are padded on the left and answers on the right: both widths count."""
    for batch in plan(ROWS, batch_tokens=budget, steps=40, seed=seed):
        padded = collate([[ROWS[i] for i in batch]], pad_id=0)["input_ids"]
        assert padded.numel() <= budget


def test_a_row_above_the_budget_is_alone() -> None:
    rows = rows_of([(5, 5), (100, 400), (5, 5)])
    batches = plan(rows, batch_tokens=100, steps=20, seed=0)
    assert [1] in batches
    assert all(batch == [1] for batch in batches if 1 in batch)


@pytest.mark.parametrize("seed", range(4))
def test_an_epoch_holds_every_row_once(seed: int) -> None:
    batches = plan(ROWS, batch_tokens=200, steps=60, seed=seed)
    rows = [index for batch in batches for index in batch]
    for epoch in range(len(rows) // len(ROWS)):
        part = rows[epoch * len(ROWS) : (epoch + 1) * len(ROWS)]
        assert Counter(part) == Counter(range(len(ROWS)))


def test_epochs_come_in_new_orders() -> None:
    rows = [
        i
        for batch in plan(rows_of([(0, 1)] * 50), batch_tokens=1, steps=100, seed=0)
        for i in batch
    ]
    assert rows[:50] != rows[50:]
    assert rows[:50] != sorted(rows[:50])


def test_the_seed_fixes_the_order() -> None:
    first, again, other = (plan(ROWS, batch_tokens=128, steps=30, seed=seed) for seed in (3, 3, 4))
    assert first == again
    assert first != other


@pytest.mark.parametrize("done", [1, 7, 29])
def test_what_is_left_after_a_resume_is_the_end_of_the_same_plan(done: int) -> None:
    """The plan of a longer training begins with the plan of a shorter one."""
    short = plan(ROWS, batch_tokens=128, steps=done, seed=3)
    whole = plan(ROWS, batch_tokens=128, steps=30, seed=3)
    assert short + whole[done:] == whole


@pytest.mark.parametrize("steps", [1, 5, 33])
def test_as_many_batches_as_steps(steps: int) -> None:
    assert len(plan(ROWS, batch_tokens=64, steps=steps, seed=0)) == steps


def test_no_rows_give_no_batches() -> None:
    assert plan(rows_of([]), batch_tokens=64, steps=3, seed=0) == []


def test_collate_puts_the_loss_on_the_answer_alone() -> None:
    """All answers begin at one column; labels cover it, the answers, and no more."""
    rows = [Row((5, 6, 7, 8), prompt_length=2), Row((9, 4), prompt_length=1)]
    batch = collate([rows], pad_id=0)
    assert batch["logits_to_keep"] == 3
    x = IGNORED
    shown = ("input_ids", "attention_mask", "labels")
    assert {name: batch[name].tolist() for name in shown} == {
        "input_ids": [[5, 6, 7, 8], [0, 9, 4, 0]],
        "attention_mask": [[1, 1, 1, 1], [0, 1, 1, 0]],
        "labels": [[x, 7, 8], [x, 4, x]],
    }


def test_collate_never_learns_the_padding_even_where_it_is_a_token_of_the_text() -> None:
    batch = collate([[Row((0, 3, 0), 1), Row((3, 3, 3, 3), 1)]], pad_id=0)
    assert batch["labels"].tolist() == [[IGNORED, 3, 0, IGNORED], [IGNORED, 3, 3, 3]]


def test_text_without_a_prompt_is_learnt_whole() -> None:
    batch = collate([[Row((4, 5)), Row((6, 7))]], pad_id=0)
    assert batch["labels"].tolist() == batch["input_ids"].tolist() == [[4, 5], [6, 7]]
    assert batch["logits_to_keep"] == 2


def test_the_loss_of_a_padded_batch_is_that_of_its_rows(checkpoint: Path) -> None:
    """Each row alone, without padding: the same sum over the answers' tokens."""
    model = load_model(checkpoint)
    random = torch.Generator().manual_seed(0)
    rows = [
        Row(tuple(torch.randint(1, 400, (p + a,), generator=random).tolist()), p)
        for p, a in ((3, 9), (12, 2), (7, 5))
    ]
    total = 0.0
    for row in rows:
        scores = model(input_ids=torch.tensor([row.tokens])).logits[0].detach().log_softmax(-1)
        places = range(row.prompt_length, len(row.tokens))
        total -= sum(float(scores[place - 1, row.tokens[place]]) for place in places)
    found = model(**collate([rows], pad_id=0)).loss.detach()
    assert float(found) == pytest.approx(total / (9 + 2 + 5), abs=1e-5)


def test_a_planned_batch_is_the_rows_of_its_plan() -> None:
    rows = [Row((i,)) for i in range(5)]
    data = Planned(rows, [[3, 1], [4]])
    assert len(data) == 2
    assert data[0] == [rows[3], rows[1]]


def test_blocks_are_learnt_whole() -> None:
    data = Blocks([[1, 2, 3], [4, 5, 6]], [[1], [0, 1]])
    assert data[1] == [Row([1, 2, 3], 0), Row([4, 5, 6], 0)]


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
