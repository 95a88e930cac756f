"""What is kept of the rollouts: chosen how, how much, and cut back where a run goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from scireasoner.artifacts import read_jsonl
from scireasoner.training.rollout_log import ASKED, SAMPLES, RolloutLog, Shown, best_and_worst
from scireasoner.training.rollout_metrics import Group, measured
from scireasoner.training.rollouts import Answers, Judged
from scireasoner.types import Fault


def judged(*rewards: float | None) -> list[Judged]:
    return [Judged("t", r or 0.0, r, r == 1.0, None) for r in rewards]


def test_best_and_worst_are_of_different_groups() -> None:
    groups = [judged(0.1, 1.0, 0.9), judged(None, 0.5), judged(0.1, -1.0), judged(None, None)]
    assert best_and_worst(groups, 2) == ([(0, 1), (1, 1)], [(2, 1), (0, 0)])
    assert best_and_worst(groups, 9)[0] == [(0, 1), (1, 1), (2, 0)]
    assert best_and_worst([], 2) == ([], [])


# steps between samples, steps of the run, steps that share a batch -> when samples are due
DUE = [
    (10, 30, 1, [1, 10, 20, 30]),
    (1, 4, 1, [1, 2, 3, 4]),
    (10, 30, 4, [1, 13, 21]),  # the first batch at or after each tenth step
    (0, 30, 1, []),
    (1, 200, 1, [1, *range(4, 201, 4)]),  # never more than some fifty times
]


@pytest.mark.parametrize(("every", "steps", "span", "expected"), DUE)
def test_samples_are_due_now_and_then(
    every: int, steps: int, span: int, expected: list[int], tmp_path: Path
) -> None:
    log = RolloutLog(tmp_path, every, steps)
    assert [s for s in range(1, steps + 1, span) if log.due(s, span)] == expected


def test_a_long_text_is_cut_and_the_log_is_cut_back(tmp_path: Path) -> None:
    log = RolloutLog(tmp_path, 1, 3)
    fault = Judged("t", 0.0, 0.0, False, Fault.NO_ANSWER)
    for step in (1, 2, 3):
        log.ask(step, ["t/a", "t/b"], ["t/b"])
        log.show(step, [Shown("q", "x" * 9000, 9000, *judged(1.0))], [Shown("q", "", 1, fault)])
    rows = read_jsonl(tmp_path / SAMPLES)
    assert [len(row["text"]) for row in rows] == [2000, 0] * 3
    assert rows[1]["fault"] == "no answer"
    assert rows[0]["which"] == "best"
    again = RolloutLog(tmp_path, 1, 3)
    again.cut(2)
    assert [row["step"] for row in read_jsonl(tmp_path / ASKED)] == [1, 2]
    assert [row["step"] for row in read_jsonl(tmp_path / SAMPLES)] == [1, 1, 2, 2]


def test_another_process_keeps_its_own_questions_and_no_samples(tmp_path: Path) -> None:
    log = RolloutLog(tmp_path, 1, 3, rank=1)
    log.ask(1, ["t/a"], [])
    log.show(1, [Shown("q", "x", 1, *judged(1.0))], [])
    assert not log.due(1, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["asked-1.jsonl"]


def test_what_a_batch_measures() -> None:
    def group(own: list[Judged], lengths: list[int]) -> Group:
        answers = Answers(0, [""] * len(own), lengths, [n < 9 for n in lengths])
        return Group({}, [], own, answers)

    wrong = Judged("u", 0.0, 0.0, False, Fault.INVALID_MOLECULE)
    asked = [
        group(judged(1.0, 0.0), [2, 4]),
        group([wrong, wrong], [9, 1]),
        group(judged(1.0, 1.0), [3, 5]),
    ]
    found = measured(asked, asked[:1], 2, 6)
    assert found == {
        "rollout/correct": 0.5,
        "rollout/score": 0.5,
        "rollout/fault": pytest.approx(1 / 3),
        "rollout/length": 4,
        "rollout/truncated": pytest.approx(1 / 6),
        "rollout/tokens": 24,
        "dapo/kept": pytest.approx(1 / 3),
        "dapo/dropped": 2,
        "dapo/none_correct": pytest.approx(1 / 3),
        "dapo/all_correct": pytest.approx(1 / 3),
        "dapo/rounds": 2,
        "dapo/useful_tokens": 6,
        "fault/invalid molecule": pytest.approx(1 / 3),
        "task/t/reward": 0.75,
        "task/t/correct": 0.75,
        "task/u/reward": 0,
        "task/u/correct": 0,
    }
