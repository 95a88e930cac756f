"""kill -9 in the middle of any stage, then the same command: it ends as if nothing had been."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scireasoner.stages import STAGES

NAMES = [stage.name for stage in STAGES]


@pytest.fixture
def interrupt(
    copy: Callable[..., Path], spawn: Callable[..., int], finished: Any, edited: Callable[..., Path]
) -> Callable[..., Path]:
    """Kill a run at a share of the writes that a stage makes; return the runs folder."""

    def kill(stage: str, share: float) -> Path:
        runs = copy(before=stage)
        folder = runs / "micro-seed0" / stage
        nth = max(1, round(share * finished.writes[stage]))
        code = spawn("run_and_die", edited(), runs, stage, folder, nth)
        assert code == -signal.SIGKILL
        assert not (folder / "manifest.json").exists()
        return runs

    return kill


# In the middle; and in RL after the last step too, where its questions are not used up.
POINTS = [*((name, 0.5) for name in NAMES), ("rl", 0.85)]


@pytest.mark.parametrize(("stage", "share"), POINTS)
def test_killed_in_the_middle_a_stage_continues_and_ends_alike(
    stage: str,
    share: float,
    interrupt: Callable[..., Path],
    run: Callable[..., Any],
    contents: Callable[..., Any],
    finished: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    runs = interrupt(stage, share)
    trains = (finished.folder / stage / "curve.jsonl").is_file()
    with caplog.at_level(logging.INFO, "scireasoner"):
        told = run(runs, stage=stage)
    assert any(line.startswith("continuing") for line in caplog.messages)
    assert any(line.startswith("resuming from") for line in caplog.messages) is trains
    assert told.code == 0
    assert told.done_before == NAMES[: NAMES.index(stage)]
    found, expected = contents(runs / "micro-seed0", stage), contents(finished.folder, stage)
    assert list(found) == list(expected)
    assert [name for name in expected if found[name] != expected[name]] == []


def test_killed_again_and_again_the_whole_run_ends_alike(
    interrupt: Callable[..., Path],
    run: Callable[..., Any],
    spawn: Callable[..., int],
    edited: Callable[..., Path],
    contents: Callable[..., Any],
    finished: Any,
) -> None:
    """Killed in SFT, in its resumption, and in RL; then to the end: every file is the same."""
    runs = interrupt("sft", 0.4)
    folder = runs / "micro-seed0"
    assert spawn("run_and_die", edited(), runs, "sft", folder / "sft", 9) == -signal.SIGKILL
    nth = finished.writes["rl"] // 2
    assert spawn("run_and_die", edited(), runs, "rl", folder / "rl", nth) == -signal.SIGKILL
    assert run(runs).code == 0
    found, expected = contents(folder), contents(finished.folder)
    assert list(found) == list(expected)
    assert [name for name in expected if found[name] != expected[name]] == []


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.0, 0.25, 0.75, 1.0])
@pytest.mark.parametrize("stage", NAMES[1:])
def test_killed_anywhere_a_stage_ends_alike(
    stage: str,
    share: float,
    interrupt: Callable[..., Path],
    run: Callable[..., Any],
    contents: Callable[..., Any],
    finished: Any,
) -> None:
    runs = interrupt(stage, share)
    assert run(runs, stage=stage).code == 0
    found, expected = contents(runs / "micro-seed0", stage), contents(finished.folder, stage)
    assert list(found) == list(expected)
    assert [name for name in expected if found[name] != expected[name]] == []
