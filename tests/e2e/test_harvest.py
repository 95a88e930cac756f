"""The harvest stage with an endpoint named in the recipe: faults, money, and nothing asked twice."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scireasoner.artifacts import read_json, read_jsonl
from scireasoner.settings import use_data_root
from scireasoner.tasks.registry import select
from scireasoner.types import Mode, Split

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

TASKS = ("smiles_to_formula", "dna_to_protein", "restriction_site")
TEACHERS = """
[[harvest.teachers]]
backend = "tools"

[[harvest.teachers]]
name = "far"
backend = "openai:URL#m"
attempts = 2
concurrency = 2
price_out = 10

[cold_start]"""


@pytest.fixture
def endpoint(finished: Any) -> Iterator[Any]:
    """An endpoint that knows every training row of the micro recipe."""
    from misbehaving import say, serving

    known: dict[str, str] = {}
    with use_data_root(finished.folder / "data"):
        for task in select(TASKS):
            for row in task.samples(Split.TRAIN):
                answer = task.solution(row, Mode.INSTANT)
                known[task.question(row.inputs)] = answer or ""
    with serving() as made:
        made.behave = lambda payload, number: say(
            known[payload["messages"][-1]["content"]], reasoning_content=f"thought {number}"
        )
        yield made


@pytest.fixture
def recipe(endpoint: Any, edited: Callable[..., Path]) -> Callable[..., Path]:
    def make(*changes: tuple[str, str]) -> Path:
        return edited(("\n[cold_start]", TEACHERS.replace("URL", endpoint.url)), *changes)

    return make


def test_an_endpoint_teaches_and_only_what_is_new_is_asked(
    endpoint: Any,
    recipe: Callable[..., Path],
    copy: Callable[..., Path],
    run: Callable[..., Any],
    capsys: pytest.CaptureFixture[str],
) -> None:
    from scireasoner import cli

    runs = copy(before="harvest")
    folder = runs / "micro-seed0"
    assert cli.main(["run", str(recipe()), "--runs", str(runs), "--stage", "harvest"]) == 0
    shown = capsys.readouterr().out
    rows = [row for row in read_json(folder / "harvest" / "yields.json") if row["teacher"] == "far"]
    assert {row["task"] for row in rows} == set(TASKS)
    # Every answer is right, so the first draw brings 4 of 6, and 2 more are asked.
    assert [(row["asked"], row["kept"], row["ended"]) for row in rows] == [(6, 6, "target")] * 3
    assert len(endpoint.seen) == 18
    assert "rejected" in shown
    assert all(row["task"] in shown for row in rows)
    traces = read_jsonl(folder / "harvest" / "traces.jsonl")
    assert sum(trace["teacher"] == "far" for trace in traces) == 18
    # Another target: the stage begins anew, and 3 more of each task are paid for.
    told = run(runs, recipe(("target = 6\n", "target = 9\n")), stage="harvest")
    assert told.code == 0
    assert set(endpoint.asked.values()) == {1}
    assert len(endpoint.seen) == 27
    assert run(runs, recipe(("target = 6\n", "target = 9\n")), stage="cold_start").code == 0


def test_an_endpoint_that_breaks_down_is_one_clear_line_and_the_run_goes_on(
    endpoint: Any,
    recipe: Callable[..., Path],
    copy: Callable[..., Path],
    run: Callable[..., Any],
) -> None:
    from misbehaving import html

    runs = copy(before="harvest")
    well = endpoint.behave
    wide = recipe(
        ("max_tokens = 16\nbatch = 2\n", "max_tokens = 16\nbatch = 8\n"),
        ("target = 6\n", "target = 12\n"),
    )
    endpoint.behave = lambda payload, number: well(payload, number) if number < 6 else html
    told = run(runs, wide, stage="harvest")
    assert told.code == 6
    (line,) = [line for line in told.text.splitlines() if line.startswith("scireasoner: ")]
    assert "teacher 'far'" in line
    assert "not a chat answer" in line
    assert "run the same command again" in line
    assert "Traceback" not in told.text
    endpoint.seen.clear()
    endpoint.behave = well
    assert run(runs, wide, stage="harvest").code == 0
    assert set(endpoint.asked.values()) == {1}
    assert len(endpoint.seen) == 36 - 5
