from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from scireasoner.evaluation.baselines import MajorityBackend, NearestBackend
from scireasoner.evaluation.dialogues import dialogues
from scireasoner.evaluation.report import duration, write_report
from scireasoner.evaluation.report_data import ReportData
from scireasoner.evaluation.rl_pages import points
from scireasoner.evaluation.run import evaluate
from scireasoner.models.scripted import ScriptedBackend
from scireasoner.tasks.task import Task
from scireasoner.types import Mode, ModeDecision

_VOID = {"meta", "br", "link", "img", "hr", "input"}


class Balance(HTMLParser):
    """Checks that every element is closed by its own name."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.append(tag)
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture
def data(boiling: Task, formula: Task, site: Task) -> ReportData:
    tasks = [boiling, formula, site]
    evil = ScriptedBackend("<script>alert(1)</script> <NUMBER>370.3</NUMBER>")
    good = ScriptedBackend(
        lambda p: {"boiling": "<NUMBER>371</NUMBER>", "site": "EcoRI"}.get(
            p.task, "<MOLFORMULA>C3H8</MOLFORMULA>"
        )
    )
    return ReportData(
        recipe="nano",
        seed=3,
        model="Qwen3, 0.94 M parameters",
        tasks=tasks,
        stages={
            "pretrain": evaluate(tasks, evil),
            "cold_start": evaluate(tasks, evil),
            "rl": evaluate(tasks, good),
        },
        baselines={
            b.name: evaluate(tasks, b) for b in (MajorityBackend(*tasks), NearestBackend(*tasks))
        },
        seconds={"data": 12.0, "rl": 125.0},
        modes=[
            ModeDecision(
                "formula",
                100,
                0.3,
                0.5,
                0.2,
                0.1,
                0.3,
                8,
                90,
                0.24,
                Mode.THINK,
                "the gain is surely above the threshold",
            )
        ],
        curves={"pretrain": [{"step": 5 * i, "loss": 7 / i} for i in range(1, 30)]},
        rl_curve=[
            {"step": i, "rollout/score": 0.1, "rollout/correct": 0.2, "task/boiling/reward": 0.3}
            | {"rollout/fault": 0.5, "dapo/kept": 0.6, "entropy": 1.0}
            | ({"fault/no answer": 0.4} if i == 3 else {})
            for i in range(1, 9)
        ],
        rl_warnings=[{"step": 4, "name": "entropy_collapse", "text": "it <fell>"}],
        rl_samples=[
            {
                "step": step,
                "which": which,
                "task": "boiling",
                "question": f"<What> at {step}?",
                "text": "<NUMBER>1</NUMBER>",
                "tokens": 7,
                "reward": 0.25,
                "correct": which == "best",
                "fault": None,
            }
            for step in (1, 10, 20)
            for which in ("best", "worst")
        ],
        rl_development=[
            {
                "step": step,
                "shares": {"boiling": [0.25, 0.5, gain], "formula": [1.0]},
                "gains": {
                    "boiling": {"correct": 0.25 + gain, "gain": gain, "low": -0.125, "high": 0.375}
                },
            }
            for step, gain in ((0, 0.0), (20, 0.125))
        ],
        seeds={3: {"boiling": evaluate(tasks, good)["boiling"].estimates["MAE"]}, 4: {}},
        harvest=[
            {"task": "formula", "teacher": "tools", "asked": 10, "correct": 9, "kept": 8},
            {
                "task": "formula",
                "teacher": "<far>",
                "asked": 12,
                "correct": 7,
                "kept": 5,
                "rejected": {"loops": 2},
                "lost": {"wrong": 4, "timed out": 1},
                "tokens_in": 1_000,
                "tokens": 234,
                "cost": 0.5,
            },
        ],
        corpus={
            "domains": {"dna": {"documents": 3, "characters": 90}},
            "licences": {},
            "dropped": {"duplicate": 2},
        },
        difficulty={
            "rollouts": 8,
            "keep": [2, 6],
            "tasks": [
                {
                    "task": "formula",
                    "rule": "the same counts",
                    "temperature": 1.1,
                    "rows": 97,
                    "histogram": [40, 9, 8, 7, 6, 5, 4, 3, 15],
                    "kept": 30,
                    "topped_up": 12,
                    "unreadable": 0.034,
                }
            ],
        },
        corpus_tokens=1234,
        versions={"torch": "2.13.0"},
        notes=["A remark of ours."],
    )


def page_of(data: ReportData, folder: Path) -> str:
    path = folder / "report.html"
    write_report(data, path)
    return path.read_text(encoding="utf-8")


def test_the_page_needs_nothing_else(data: ReportData, tmp_path: Path) -> None:
    page = page_of(data, tmp_path)
    assert not re.search(r"<(script|link|img|iframe|object)\b", page)
    assert not re.search(r"@import|url\(", page)
    assert all(target.startswith("#") for target in re.findall(r'(?:href|src)="([^"]*)"', page))


def test_the_page_is_whole(data: ReportData, tmp_path: Path) -> None:
    page = page_of(data, tmp_path)
    checker = Balance()
    checker.feed(page)
    assert checker.open == []
    for anchor in re.findall(r'href="#([^"]*)"', page):
        assert f'id="{anchor}"' in page


@pytest.mark.parametrize(
    "text",
    [
        "what the nano recipe learnt",
        "0.94 M parameters",
        "seed 3",
        "2 min 17 s",
        "majority",
        "nearest neighbour",
        "cold start",
        "Where it does not learn",
        "the gain is surely above the threshold",
        "1,234 tokens",
        "Who kept to the mode, after RL",
        "RL asks the rows with 2 to 6 right ones",
        "<small>the same counts</small></td><td>1.10</td><td>97</td>",
        "<td>30</td><td>12</td><td>3 %</td>",
        "duplicate 2",
        "From step 4, entropy collapse</b>: it &lt;fell&gt;.",
        "best of step 20 · reward 0.250 · 7 tokens",
        "groups that teach, and why others do not",
        "<span>no answer</span>",
        "made for a test",
        "A remark of ours.",
        "torch 2.13.0",
        "MAE ↓, K",
        "&lt;far&gt;",
        "wrong 4, timed out 1",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ],
)
def test_what_the_page_says(data: ReportData, tmp_path: Path, text: str) -> None:
    if "script" in text:  # the evil model's answers are shown if it is the last one
        stages = {"rl": data.stages["pretrain"]}
        data = ReportData("nano", 3, tasks=data.tasks, stages=stages)
        page = re.sub(r"</?span[^>]*>", "", page_of(data, tmp_path))
    else:
        page = page_of(data, tmp_path)
    assert text in page


def test_equal_data_give_equal_bytes(data: ReportData, tmp_path: Path) -> None:
    assert page_of(data, tmp_path) == page_of(data, tmp_path)


@pytest.mark.parametrize("empty", [{}, {"seconds": {"data": 3.0}}, {"notes": ["Hello."]}])
def test_parts_may_be_missing(tmp_path: Path, empty: dict[str, object]) -> None:
    page = page_of(ReportData("nano", 0, **empty), tmp_path)  # type: ignore[arg-type]
    checker = Balance()
    checker.feed(page)
    assert checker.open == []


def test_a_task_that_was_not_measured_is_still_listed(data: ReportData, tmp_path: Path) -> None:
    stages = {name: {k: v for k, v in r.items() if k != "site"} for name, r in data.stages.items()}
    changed = ReportData("nano", 0, tasks=data.tasks, stages=stages, baselines=data.baselines)
    page = page_of(changed, tmp_path)
    assert "<b>site</b>: was not measured" in page


def test_dialogues_take_tasks_in_turn_and_draw_molecules(data: ReportData) -> None:
    talks = dialogues(data.tasks, data.final, 5)
    assert [talk.task for talk in talks] == ["boiling", "formula", "site", "boiling", "formula"]
    first = talks[0]
    assert (first.verdict, first.gold) == ("correct", "370.3")
    assert [picture.caption for picture in first.pictures] == ["question"]
    assert first.pictures[0].svg.startswith("<svg")
    assert talks[2].pictures == ()


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "0 s"), (59, "59 s"), (125, "2 min 5 s"), (7500, "2 h 5 min")]
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_rollouts_of_the_first_and_the_last_time_are_shown(
    data: ReportData, tmp_path: Path
) -> None:
    page = page_of(data, tmp_path)
    assert "at 1?" in page
    assert "at 10?" not in page
    assert "No early warning" not in page


def test_a_run_without_warnings_says_so(data: ReportData, tmp_path: Path) -> None:
    page = page_of(replace(data, rl_warnings=(), rl_samples=()), tmp_path)
    assert "No early warning was given" in page
    assert "Best and worst rollouts" not in page


def test_development_rows_are_shown_with_their_gain(data: ReportData, tmp_path: Path) -> None:
    page = page_of(data, tmp_path)
    row = page.split("The same development rows")[1].split("</table>")[0]
    for words in (
        "<td>boiling</td><td>3</td>",
        "0.125 (-0.125 to 0.375)",
        "development rows</title>",
    ):
        assert words in row.replace("−", "-")
    assert "formula" not in row  # of one row there is no gain
    page = page_of(replace(data, rl_development=data.rl_development[:1]), tmp_path)
    assert "The same development rows" not in page


def test_a_fault_that_a_batch_lacks_is_no_gap() -> None:
    curve = [
        {"step": 1, "rollout/fault": 0.1, "fault/x": 0.1},
        {"step": 2, "loss": 0.0},  # no rollouts were made for this step
        {"step": 3, "rollout/fault": 0.0},
    ]
    assert points(curve, "fault/x") == [(1, 0.1), (3, 0.0)]
    assert points(curve, "fault/y") == []
