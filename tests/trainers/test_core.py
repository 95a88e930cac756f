"""Rewards from rows: values, the cache, groups, our own failures."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from scireasoner.errors import JudgeError, TaskError
from scireasoner.tasks.judges import Item, judged
from scireasoner.tasks.rewarding import Rewarded
from scireasoner.trainers.core import Rewarder, facts, rewards
from scireasoner.trainers.rows import Asked
from scireasoner.types import Fault, Mode, Outcome

from .conftest import OURS, TABLE

METHANE = Asked("smiles_to_formula", "<MOLFORMULA>CH4</MOLFORMULA>", gold="CH4")
BAD = Asked("smiles_to_formula", "CH4", gold="words, but no formula")


@pytest.mark.parametrize(
    ("task", "row", "text", "right", "between", "fault"),
    TABLE,
    ids=[f"{task}-{text[:20]}" for task, _, text, *_ in TABLE],
)
def test_rewards(
    task: str, row: dict[str, Any], text: str, right: bool, between: tuple[float, float], fault: str | None
) -> None:  # fmt: skip
    (found,) = rewards([{"task": task, **row, "completion": text}])
    assert found.value is not None
    assert between[0] <= found.value <= between[1]
    assert (found.correct, found.fault) == (right, fault and Fault(fault))


def test_what_we_cannot_judge_has_no_reward() -> None:
    task, row, text = OURS
    (found,) = rewards([{"task": task, **row, "completion": text}])
    assert (found.value, found.score, found.fault) == (None, 0.0, Fault.BAD_GOLD)
    assert (facts(found)["value"], facts(found)["terms"]) == (None, {})


def test_a_reward_comes_with_its_terms_and_reason() -> None:
    told = facts(rewards([METHANE])[0])
    assert told["terms"]["correctness"] == 1.0
    assert told["why"].startswith("correct")
    json.dumps(told)


def test_an_unknown_task_is_told_with_the_nearest() -> None:
    with pytest.raises(TaskError, match="did you mean 'smiles_to_formula'"):
        rewards([{"task": "smiles_to_formla", "gold": "CH4", "completion": "CH4"}])


class Spy:
    """Judges in this process, and remembers what it was asked."""

    def __init__(self) -> None:
        self.items: list[Item] = []

    def __call__(self, items: Sequence[Item]) -> list[Rewarded]:
        self.items += items
        return [judged(item) for item in items]


CHANGES: list[tuple[dict[str, Any], bool]] = [
    ({}, False),
    ({"id": "another name"}, False),  # a reward does not depend on what a row is called
    ({"group": "7"}, False),
    ({"completion": "CH4"}, True),
    ({"gold": "C2H6"}, True),
    ({"inputs": {"smiles": "C"}}, True),
    ({"mode": Mode.THINK}, True),
    ({"finish": "length"}, True),
    ({"task": "smol_smiles_to_formula"}, True),
    ({"meta": {"entity": "methane"}}, True),
]


@pytest.mark.parametrize(("change", "anew"), CHANGES, ids=str)
def test_the_cache_goes_by_content(change: dict[str, Any], anew: bool) -> None:
    spy = Spy()
    rewarder = Rewarder(judging=spy)
    rewarder([METHANE])
    rewarder([replace(METHANE, **change)])
    assert len(spy.items) == (2 if anew else 1)
    assert rewarder.counts.hits == (0 if anew else 1)


def test_equal_rows_of_one_batch_are_judged_once() -> None:
    spy = Spy()
    found = Rewarder(judging=spy)([METHANE, BAD, METHANE, METHANE])
    assert len(spy.items) == 2
    assert [r.fault for r in found] == [None, Fault.BAD_GOLD, None, None]


def test_the_cache_is_bounded_and_forgets_what_was_not_used_for_longest() -> None:
    spy = Spy()
    rewarder = Rewarder(judging=spy, cache=2)
    a, b, c = (Asked("logp", f"<NUMBER>{n}</NUMBER>", gold="1.0") for n in range(3))
    for row in (a, b, a, c, a):  # c drives out b
        rewarder([row])
    assert len(spy.items) == 3
    rewarder([b])
    assert len(spy.items) == 4


def test_a_tool_that_failed_is_asked_again() -> None:
    outcome = Outcome("1", None, None, 0.0, False, Fault.TOOL_FAILED)
    lost = Rewarded(None, outcome, {}, (), "timeout: 10 s")
    calls: list[int] = []

    def failing(items: Sequence[Item]) -> list[Rewarded]:
        calls.append(len(items))
        return [lost] * len(items)

    rewarder = Rewarder(judging=failing)
    assert rewarder([METHANE])[0].why == "timeout: 10 s"
    rewarder([METHANE])
    assert calls == [1, 1]


PROTEINS = ["MKTAYIAKQRQISFVKSHFSRQ", "MGSSHHHHHHSSGLVPRGSHMA", "no protein at all!"]


def designed(place: int, group: str | None) -> Asked:
    return Asked("uncond_protein", f"<protein>{PROTEINS[place]}</protein>", group=group)


# (which protein, its group) of each row; how many share
GROUPS = [
    ([(0, "a"), (1, "a")], [1, 1]),
    ([(0, "a"), (0, "a"), (1, "a")], [2, 2, 1]),
    ([(0, "a"), (0, "b")], [1, 1]),  # another group
    ([(0, None), (0, None)], [1, 1]),  # no group
    ([(2, "a"), (2, "a")], [1, 1]),  # faults share nothing
]


@pytest.mark.parametrize(("places", "share"), GROUPS)
def test_equal_answers_of_a_group_share_where_anything_valid_is_right(
    places: list[tuple[int, str | None]], share: list[int]
) -> None:
    rows = [designed(place, group) for place, group in places]
    alone = [rewards([row])[0] for row in rows]
    together = rewards(rows)
    for one, found, n in zip(alone, together, share, strict=True):
        assert found.value == pytest.approx((one.value or 0.0) / n)
        assert ("share one reward" in found.why) == (n > 1)
    if share == [2, 2, 1]:
        assert [r.correct for r in together] == [True, False, True]


# ratios answered to one question for a material of two elements, and how many share each reward
RATIOS = [
    (["Na Cl", "Na Cl", "Na Cl"], [3, 3, 3]),
    (["Fe Fe O O O", "Fe O", "Fe O"], [1, 2, 2]),
    (["Fe Fe O O O", "Fe O", "Fe"], [1, 1, 1]),  # another count of elements is not alike
]


@pytest.mark.parametrize(("answers", "share"), RATIOS)
def test_a_fixed_ratio_of_the_asked_elements_does_not_pay(
    answers: list[str], share: list[int]
) -> None:
    gold = "Na Cl" if "Na" in answers[0] else "Fe O"
    rows = [
        Asked("composition", f"<material>{text}</material>", gold=gold, group="a")
        for text in answers
    ]
    alone = [rewards([replace(row, group=None)])[0].value for row in rows]
    found = [one.value for one in rewards(rows)]
    assert found == pytest.approx([(a or 0.0) / n for a, n in zip(alone, share, strict=True)])
    assert max(filter(None, alone)) == 1.0


def test_equal_answers_to_a_question_with_a_gold_are_all_paid() -> None:
    found = rewards([replace(METHANE, group="a")] * 3)
    assert [r.value for r in found] == [1.0] * 3


@pytest.mark.parametrize(("ours", "stops"), [(4, False), (5, True)])
def test_too_many_of_our_own_failures_stop_a_run(ours: int, stops: bool) -> None:
    rewarder = Rewarder(limit=0.02)
    rewarder([BAD] * ours)  # a few at the start prove nothing
    rest = [METHANE] * (210 - ours)
    if stops:
        with pytest.raises(JudgeError, match=r"failed on 5 of 210 .*gold cannot be read"):
            rewarder(rest)
    else:
        rewarder(rest)


def test_many_threads_get_what_one_gets(rows: list[dict[str, Any]]) -> None:
    from scireasoner.trainers.rows import asked

    batch = [asked(row) for row in rows]
    expected = Rewarder()(batch)
    rewarder = Rewarder(cache=4)
    found: dict[int, list[Rewarded]] = {}

    def work(n: int) -> None:
        found[n] = rewarder(batch)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[n] for n in range(6)] == [expected] * 6
    assert rewarder.counts.rows == 6 * len(batch)


def test_no_process_and_no_pool_before_a_reward_is_asked_for() -> None:
    import multiprocessing

    before = len(multiprocessing.active_children())
    with Rewarder(2):
        assert len(multiprocessing.active_children()) == before
