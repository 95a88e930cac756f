"""The tables of rewards: generated, up to date, and red where farming pays."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from scireasoner import cli
from scireasoner.answers import Number
from scireasoner.errors import JudgeError
from scireasoner.evaluation.audit import COLUMNS, Audited
from scireasoner.evaluation.reward_pages import (
    AUDIT_HEADS,
    SCORES,
    audit_page,
    audit_rows,
    reward_page,
    scale_note,
    sparkline,
)
from scireasoner.rewards.soften import power
from scireasoner.tasks import Task, all_tasks, get
from scireasoner.tasks.rows import Place
from scireasoner.types import Domain, Family, Sample, Split

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"


def test_the_page_of_rewards_is_up_to_date() -> None:
    page = (REFERENCE / "rewards.md").read_text(encoding="utf-8")
    command = "run: scireasoner rewards table --table docs/reference/rewards.md"
    assert page == reward_page(all_tasks()), command


def test_the_page_of_the_audit_has_every_task_and_no_red_one() -> None:
    page = (REFERENCE / "rewards-audit.md").read_text(encoding="utf-8")
    rows = {
        cells[1]: cells[-2]
        for line in page.splitlines()
        if line.startswith("| ") and (cells := [cell.strip() for cell in line.split("|")])
    }
    listed = {line.split("`")[1] for line in page.splitlines() if line.startswith("- `")}
    for task in all_tasks():
        assert task.name in rows or task.name in listed, task.name
    verdicts = set(rows.values()) - {"verdict"}
    assert verdicts == {"green", "listed below"}
    assert {name for name, verdict in rows.items() if verdict == "listed below"} <= listed


def test_every_kind_says_its_score_in_words() -> None:
    assert {task.answer.kind for task in all_tasks()} <= set(SCORES)


def test_a_sparkline_shows_the_map() -> None:
    task = get("smol_esol")
    straight = sparkline(replace(task, soften=power(1)))
    steep = sparkline(replace(task, soften=power(6)))
    assert len(straight) == len(steep) == 11
    assert (straight[0], straight[-1], steep[-1]) == ("▁", "█", "█")
    assert list(straight) == sorted(straight)
    assert steep.count("▁") > 6 > straight.count("▁")


def test_a_scale_is_shown_beside_what_was_measured() -> None:
    assert scale_note(get("smol_esol")).startswith("1.38, measured 1.")
    assert scale_note(get("smol_bbbp")) == ""


RED = Audited(
    "made", 200, "test", 0.25, 1.0, dict.fromkeys(COLUMNS, 0.1) | {"copy": 0.6}, "0", 0.3, 0.5
)


def test_what_pays_is_bold_and_named_and_what_is_known_is_in_brackets() -> None:
    assert "**0.60**" in audit_page([RED])
    assert audit_rows([RED])[0][-1] == "copy"
    known = replace(RED, exempt={"copy": "because"})
    assert known.above == {}
    assert "(0.60)" in audit_page([known])
    assert "- `made`, copy: because." in audit_page([known])
    assert audit_rows([known])[0][-1] == "listed below"
    assert audit_rows([replace(RED, gold=0.9)])[0][-1] == "copy, gold"
    none = Audited("other", why="no training rows on this machine")
    assert "- `other`: no training rows" in audit_page([none])
    assert len(audit_rows([RED])[0]) == len(AUDIT_HEADS)


@dataclass(frozen=True)
class Rows:
    rows: Mapping[Split, Sequence[Sample]]

    def load(self, task: str, split: Split) -> Sequence[Sample]:
        return self.rows.get(split, ())

    def places(self, task: str) -> tuple[Place, ...]:
        return (Place("file", "memory", True, tuple(self.rows), "", "", False),)


def number(exponent: float) -> Task:
    rng = random.Random(0)
    rows = [Sample(f"r{i}", {"text": f"q {i}"}, repr(rng.gauss(0, 1))) for i in range(300)]
    return Task(
        "made", "test", Family.PREDICTION, Domain.TEXT, "What of {text}?", {"text": "text"},
        Number(None, -9.0, 9.0, 0.6745, 0.01),
        Rows({Split.TRAIN: tuple(rows[100:]), Split.TEST: tuple(rows[:100])}),
        "made for a test", "CC0-1.0", soften=power(exponent),
    )  # fmt: skip


@pytest.mark.parametrize(("exponent", "code"), [(1.0, JudgeError.exit_code), (4.5, 0)])
def test_the_command_fails_where_farming_pays(
    exponent: float, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    task = number(exponent)
    monkeypatch.setattr("scireasoner.measuring.tasks_of", lambda patterns: (task,))
    monkeypatch.setattr("scireasoner.evaluation.audit.get", lambda name: task)
    out, page = tmp_path / "audit.json", tmp_path / "audit.md"
    asked = ["rewards", "audit", "made", "--limit", "80", "--out", str(out), "--table", str(page)]
    assert cli.main(asked) == code
    (found,) = json.loads(out.read_text())["tasks"]
    assert found["gold"] == 1.0
    assert math.isclose(found["limit"], 0.25)
    shown = capsys.readouterr().out
    assert ("made: best constant" in shown) is bool(code)
    assert f"1 tasks: {0 if code else 1} green, {1 if code else 0} red, 0 with" in shown
    assert "| made |" in page.read_text()


def test_calibrations_are_merged_into_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("scireasoner.measuring.tasks_of", lambda patterns: (number(1.0),))
    file = tmp_path / "table.json"
    file.write_text('{"old": {"answer": "label", "version": 1, "k": 1.0, "reached": 0.5, '
                    '"farmed": "constant a", "rows": 100, "data": "abc"}}')  # fmt: skip
    assert cli.main(["rewards", "calibrate", "made", "--rows", "80", "--out", str(file)]) == 0
    table = json.loads(file.read_text())
    assert set(table) == {"made", "old"}
    assert table["made"]["k"] > 2.5
    assert "made" in capsys.readouterr().out
    monkeypatch.setattr("scireasoner.evaluation.calibrate.FEWEST", 10**6)
    assert cli.main(["rewards", "calibrate", "made", "--rows", "80"]) == 0
    assert "0 of 1 tasks; the others have too few rows here" in capsys.readouterr().out


def test_the_table_shows_g(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    page = tmp_path / "rewards.md"
    assert cli.main(["rewards", "table", "smol_esol", "--table", str(page)]) == 0
    assert "m^" in capsys.readouterr().out
    assert "| smol_esol |" in page.read_text()


@pytest.mark.parametrize("share", ["0", "1", "many"])
def test_a_share_is_between_0_and_1(share: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["rewards", "audit", "--share", share])
    assert "between 0 and 1" in capsys.readouterr().err
