from __future__ import annotations

import pytest

from scireasoner.evaluation.baselines import MajorityBackend, NearestBackend
from scireasoner.evaluation.report_data import ReportData
from scireasoner.evaluation.run import evaluate
from scireasoner.evaluation.summary import family_rows, fates, figure, task_rows, weaknesses
from scireasoner.models.scripted import ScriptedBackend
from scireasoner.tasks.task import Task
from scireasoner.types import Mode, Prompt, Sample, Split


@pytest.fixture
def sites(site: Task) -> Task:
    """The enzyme task with 60 test rows, alternating between two answers."""
    rows = [
        Sample(f"x{i}", {"dna": "ACGT" * 3 + "A" * i}, ("EcoRI", "BamHI")[i % 2]) for i in range(60)
    ]
    train = site.samples(Split.TRAIN)
    site.data.rows.update({Split.TEST: rows, Split.TRAIN: train})  # type: ignore[attr-defined]
    return site


def model(task: Task, right: int) -> ScriptedBackend:
    """A model that is right on the first rows and silent on the others."""
    rows = {sample.id: i for i, sample in enumerate(task.samples(Split.TEST))}
    golds = {sample.id: sample.gold for sample in task.samples(Split.TEST)}

    def answer(prompt: Prompt) -> str:
        return golds[prompt.sample_id] or "" if rows[prompt.sample_id] < right else ""

    return ScriptedBackend(answer)


def report(task: Task, before: int, after: int) -> ReportData:
    both = [MajorityBackend(task), NearestBackend(task)]
    return ReportData(
        recipe="test",
        seed=0,
        tasks=[task],
        stages={
            "cold_start": evaluate([task], model(task, before)),
            "rl": evaluate([task], model(task, after)),
        },
        baselines={b.name: evaluate([task], b) for b in both},
    )


@pytest.mark.parametrize(
    ("before", "after", "wins", "verdict", "apart"),
    [
        (30, 58, {"rl"}, "better", True),
        (57, 58, {"cold_start", "rl"}, "unclear", False),
        (20, 27, set(), "better", False),
        (58, 30, {"cold_start"}, "worse", False),
    ],
)
def test_wins_and_gains(
    sites: Task, before: int, after: int, wins: set[str], verdict: str, apart: bool
) -> None:
    (row,) = task_rows(report(sites, before, after))
    assert row.baselines["majority"] is not None
    assert row.baselines["majority"].value == 0.5
    assert row.wins == wins
    assert row.won is ("rl" in wins)
    assert row.rl is not None
    assert (row.rl.verdict, row.rl.apart) == (verdict, apart)


def test_weaknesses_are_told_with_their_numbers(sites: Task) -> None:
    ((name, reasons),) = weaknesses(task_rows(report(sites, 40, 0)))
    assert name == "site"
    text = "; ".join(reasons)
    assert "worse than majority with 0.500" in text
    assert "no answer was correct" in text
    assert "only 0% of the rows got a readable answer" in text
    assert "RL lowered the reward by 0.667" in text
    assert weaknesses(task_rows(report(sites, 40, 59))) == []


def test_families_weigh_their_tasks_equally(boiling: Task, formula: Task, yes_no: Task) -> None:
    right = ScriptedBackend(
        lambda p: {"yes_no": "yes", "boiling": "<NUMBER>370.3</NUMBER>"}.get(p.task, "x")
    )
    tasks = [boiling, formula, yes_no]
    rows = family_rows(ReportData("r", 0, tasks=tasks, stages={"rl": evaluate(tasks, right)}))
    found = {row.family: (row.tasks, row.columns["rl"].value) for row in rows if row.columns["rl"]}
    # boiling 2 of 4 (383.8 K is within the tolerance), yes_no 1 of 2 (both are predictions here), formula none of 4
    assert found == {
        "translation": (1, 0.0),
        "property prediction": (2, 0.5),
        "all": (3, pytest.approx(1 / 3)),
    }


def test_fates_add_up(boiling: Task) -> None:
    script = {
        "test-0": "<NUMBER>370.3</NUMBER>",
        "test-1": "<NUMBER>343.8</NUMBER>",
        "test-2": "I do not know.",
        "test-3": "",
    }
    shares = fates(evaluate([boiling], ScriptedBackend(script), mode=Mode.INSTANT)["boiling"])
    assert shares == {"correct": 0.25, "close": 0.25, "refused": 0.25, "no answer": 0.25}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "0.500"),
        (-0.0001, "0.000"),
        (-0.25, "−0.250"),
        (3.14159, "3.14"),
        (86.66, "86.7"),
        (1234.5, "1,234"),
    ],
)
def test_figures(value: float, text: str) -> None:
    assert figure(value) == text
