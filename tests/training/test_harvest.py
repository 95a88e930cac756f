"""The budget rule against cases by hand, and harvests that are interrupted."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scireasoner.errors import JudgeError
from scireasoner.models.scripted import ScriptedBackend
from scireasoner.tasks.task import Task
from scireasoner.training.harvest import (
    HarvestConfig,
    LimitsConfig,
    ModelTeacher,
    Taught,
    ToolTeacher,
    Trace,
    harvest,
    next_draw,
)
from scireasoner.training.teachers.config import NO_LIMITS
from scireasoner.types import Completion, Mode, Prompt, Sample, Split

# The paper's numbers: T = 500, C = 50,000, first draw 6,000.
PAPER = {"target": 500, "budget": 50_000, "first": 6_000, "epsilon": 0.01}

# right so far S, asked so far N, next draw
BY_HAND = [
    (0, 0, 6_000),  # the first draw
    (500, 6_000, 0),  # S >= T
    (612, 6_000, 0),
    (250, 6_000, 6_000),  # (500 - 250) / (250 / 6000)
    (300, 6_000, 4_000),
    (499, 6_000, 13),  # 1 / 0.0832 = 12.02, rounded up
    (60, 6_000, 44_000),  # 440 / 0.01, p just at epsilon; 44,000 are left
    (30, 6_000, 44_000),  # p below epsilon: 470 / 0.01 = 47,000, 44,000 are left
    (0, 6_000, 44_000),  # nothing right: 500 / 0.01 = 50,000, 44,000 are left
    (400, 12_000, 3_000),  # 100 / (1/30)
    (490, 49_999, 1),  # the budget
    (499, 50_000, 0),  # N = C
]


@pytest.mark.parametrize(("right", "asked", "expected"), BY_HAND)
def test_the_papers_rule(right: int, asked: int, expected: int) -> None:
    assert next_draw(right, asked, **PAPER) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("budget", [100, 5_999])
def test_a_small_budget_bounds_the_first_draw(budget: int) -> None:
    assert next_draw(0, 0, target=500, budget=budget, first=6_000, epsilon=0.01) == budget


@pytest.mark.parametrize("share", [0.0, 0.003, 0.02, 0.1, 0.5, 1.0])
def test_the_rule_ends_at_the_target_or_the_budget(share: float) -> None:
    asked = 0
    for _ in range(50):
        more = next_draw(math.floor(share * asked), asked, **PAPER)  # type: ignore[arg-type]
        if more == 0:
            break
        asked += more
    assert asked == 50_000 or math.floor(share * asked) >= 500
    assert asked <= 50_000


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    target=st.integers(1, 2_000),
    budget=st.integers(1, 100_000),
    first=st.integers(1, 20_000),
    epsilon=st.floats(1e-4, 1.0),
    asked=st.integers(0, 100_000),
    share=st.floats(0, 1),
)
def test_the_rule_whatever_its_numbers(
    target: int, budget: int, first: int, epsilon: float, asked: int, share: float
) -> None:
    correct = math.floor(share * asked)
    more = next_draw(correct, asked, target=target, budget=budget, first=first, epsilon=epsilon)
    if correct >= target or asked >= budget:
        assert more == 0
    elif asked == 0:
        assert more == min(first, budget)
    else:
        # The least number of questions that is expected to bring what is missing.
        rate = max(correct / asked, epsilon)
        enough = more * rate >= target - correct - 1e-6
        assert 1 <= more <= budget - asked
        assert enough or more == budget - asked
        assert (more - 1) * rate < target - correct + 1e-6


class Interrupted(Exception):
    """Stands for a kill between two batches."""


@dataclass
class Teacher:
    """Answers some questions right, some wrong and some not; counts what it was asked."""

    name: str = "tools"
    limits: LimitsConfig = NO_LIMITS
    stop_at: int | None = None
    asked: list[str] = field(default_factory=list)
    batches: int = 0

    def solve(self, task: Task, samples: Sequence[Sample], seed: int) -> Sequence[Taught]:
        if self.batches == self.stop_at:
            raise Interrupted
        self.batches += 1
        self.asked += [sample.id for sample in samples]
        return [self._answer(task, sample) for sample in samples]

    def _answer(self, task: Task, sample: Sample) -> Taught:
        carbons = len(sample.inputs["smiles"])
        if carbons % 5 == 0:
            return Taught(None, "no idea")
        if carbons % 2:
            solution = task.solution(sample, Mode.THINK)
            assert solution is not None
            return Taught(Completion(solution, tokens=9))
        return Taught(Completion("a guess\n</think>\n\n<MOLFORMULA>CH4</MOLFORMULA>", tokens=9))


CONFIG = HarvestConfig(target=7, budget=18, first=5, epsilon=0.1, batch=2)


def test_only_right_traces_are_kept_and_the_rule_says_how_many_are_asked(
    formula: Task, tmp_path: Path
) -> None:
    teacher = Teacher()
    traces, (facts,) = harvest([formula], [teacher], CONFIG, tmp_path, seed=0)
    # Of the alkanes 1 to 20, the 8 odd ones that 5 does not divide are answered right.
    assert {t.sample for t in traces} <= {f"alkane-{n}" for n in (1, 3, 7, 9, 11, 13, 17, 19)}
    assert len(traces) == facts.correct == facts.kept
    assert facts.asked == len(teacher.asked) == len(set(teacher.asked))
    expected = asked = 0
    right = {trace.sample for trace in traces}
    while more := next_draw(expected, asked, target=7, budget=18, first=5, epsilon=0.1):
        asked += more
        expected = sum(sample in right for sample in teacher.asked[:asked])
    assert facts.asked == asked


@pytest.mark.parametrize("stop_at", range(10))
def test_an_interrupted_harvest_asks_nothing_twice_and_ends_alike(
    stop_at: int, formula: Task, tmp_path: Path
) -> None:
    straight = Teacher()
    expected = harvest([formula], [straight], CONFIG, tmp_path / "straight", seed=0)
    assert straight.batches == 10
    first, second = Teacher(stop_at=stop_at), Teacher()
    with pytest.raises(Interrupted):
        harvest([formula], [first], CONFIG, tmp_path / "broken", seed=0)
    assert harvest([formula], [second], CONFIG, tmp_path / "broken", seed=0) == expected
    assert first.asked + second.asked == straight.asked


def test_a_torn_last_line_costs_one_batch(formula: Task, tmp_path: Path) -> None:
    straight = Teacher()
    expected = harvest([formula], [straight], CONFIG, tmp_path, seed=0)
    log = tmp_path / "harvest.jsonl"
    log.write_bytes(log.read_bytes()[:-20])
    again = Teacher()
    assert harvest([formula], [again], CONFIG, tmp_path, seed=0) == expected
    assert again.asked == straight.asked[-len(again.asked) :]
    assert again.batches == 1


def test_a_finished_harvest_asks_nothing(formula: Task, tmp_path: Path) -> None:
    expected = harvest([formula], [Teacher()], CONFIG, tmp_path, seed=0)
    again = Teacher()
    assert harvest([formula], [again], CONFIG, tmp_path, seed=0) == expected
    assert again.asked == []


def test_no_question_is_asked_twice_where_the_budget_exceeds_the_rows(
    formula: Task, tmp_path: Path
) -> None:
    teacher = Teacher()
    greedy = HarvestConfig(target=500, budget=50_000, first=6_000, batch=64)
    harvest([formula], [teacher], greedy, tmp_path, seed=0)
    assert Counter(teacher.asked) == Counter(s.id for s in formula.samples(Split.TRAIN))


def test_teachers_have_their_own_budgets(formula: Task, tmp_path: Path) -> None:
    config = HarvestConfig(
        target=20, budget=20, first=20, model_target=1, model_budget=4, model_first=4, batch=50
    )
    tools, model = Teacher("tools"), Teacher("model")
    _, yields = harvest([formula], [tools, model], config, tmp_path, seed=0)
    assert [(y.teacher, y.asked) for y in yields] == [("tools", 20), ("model", 4)]


def test_equal_traces_of_one_question_are_kept_once(
    make_task: Callable[..., Task], make_rows: Callable[..., object], tmp_path: Path
) -> None:
    row = make_task("x").samples(Split.TRAIN)[0]
    double = make_task("x", data=make_rows({Split.TRAIN: (row, row)}))
    traces, (facts,) = harvest([double], [ToolTeacher()], HarvestConfig(), tmp_path, seed=0)
    assert (facts.correct, facts.kept, len(traces)) == (2, 1, 1)


def test_worked_solutions_are_always_right(formula: Task, tmp_path: Path) -> None:
    traces, (facts,) = harvest([formula], [ToolTeacher()], HarvestConfig(), tmp_path, seed=0)
    assert (facts.asked, facts.correct) == (20, 20)
    methane = formula.samples(Split.TRAIN)[0]
    expected = Trace("formula", "alkane-1", "tools", formula.solution(methane, Mode.THINK) or "")
    assert expected in traces


def test_a_model_is_asked_to_think_within_its_limit(formula: Task) -> None:
    seen: list[Prompt] = []

    def answer(prompt: Prompt) -> str:
        seen.append(prompt)
        return "one two three four"

    teacher = ModelTeacher(lambda: ScriptedBackend(answer), temperature=0.9, max_tokens=3)
    (taught,) = teacher.solve(formula, formula.samples(Split.TRAIN)[:1], seed=0)
    assert taught.completion == Completion("one two three", 3, "length")
    assert [prompt.mode for prompt in seen] == [Mode.THINK]


def test_our_own_failures_stop_the_harvest(
    make_task: Callable[..., Task], make_rows: Callable[..., object], tmp_path: Path
) -> None:
    bad = [Sample(f"b{i}", {"smiles": "C"}, "no formula, but words") for i in range(10)]
    broken = make_task("broken", data=make_rows({Split.TRAIN: bad}))
    teacher = ModelTeacher(lambda: ScriptedBackend("x\n</think>\n\nCH4"), 0.9, 9)
    with pytest.raises(JudgeError, match=r"our own tools failed on 10 of 10 traces .*broken: "):
        harvest([broken], [teacher], HarvestConfig(), tmp_path, seed=0)
