"""Warnings of a run: told once, flagged in the curve while they hold, not told again on resuming."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scireasoner.artifacts import read_jsonl
from scireasoner.jsonl_log import JsonlLog
from scireasoner.training.rl_state import WARNINGS, watch


def watching(curve: JsonlLog, out: Path, step: int) -> Any:
    """Return what watches a run that begins at a step, put before all others."""
    trainer: Any = SimpleNamespace(callback_handler=SimpleNamespace(callbacks=["tracker"]))
    watch(trainer, curve, out)
    watcher, _ = trainer.callback_handler.callbacks
    watcher.on_train_begin(None, state(step), None)
    return watcher


def state(step: int, main: bool = True) -> Any:
    return SimpleNamespace(global_step=step, is_world_process_zero=main)


def run(watcher: Any, curve: JsonlLog, steps: range) -> None:
    """Log points as the trainer does: nothing is kept from step 5 to 9."""
    for step in steps:
        logs = {"dapo/kept": 0.0 if 5 <= step < 10 else 0.5, "note": None}
        watcher.on_log(None, state(step), None, logs)
        numbers = {k: v for k, v in logs.items() if v is not None}
        curve.extend([{"step": step, **numbers}])


def test_told_once_and_flagged_while_it_holds(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    curve = JsonlLog(tmp_path / "curve.jsonl")
    run(watching(curve, tmp_path, 0), curve, range(1, 13))
    flagged = [row["step"] for row in curve.rows() if "warning/nothing_kept" in row]
    assert flagged == [7, 8, 9]
    (told,) = caplog.messages
    assert told.startswith("step 7, nothing_kept: no group of the last 3 batches")
    (kept,) = read_jsonl(tmp_path / WARNINGS)
    assert (kept["step"], kept["name"]) == (7, "nothing_kept")


@pytest.mark.parametrize(("saved", "again"), [(4, [7]), (8, [])])
def test_gone_on_it_is_told_again_only_if_the_checkpoint_is_older(
    saved: int, again: list[int], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    curve = JsonlLog(tmp_path / "curve.jsonl")
    run(watching(curve, tmp_path, 0), curve, range(1, 10))
    whole = curve.rows(), read_jsonl(tmp_path / WARNINGS)
    caplog.clear()
    curve.rewrite([row for row in curve.rows() if row["step"] <= saved])
    run(watching(curve, tmp_path, saved), curve, range(saved + 1, 10))
    assert (curve.rows(), read_jsonl(tmp_path / WARNINGS)) == whole
    assert len(caplog.messages) == len(again)


def test_another_process_says_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    watcher = watching(JsonlLog(tmp_path / "curve.jsonl"), tmp_path, 0)
    logs = {"dapo/kept": 0.0}
    for step in range(5):
        watcher.on_log(None, state(step, main=False), None, logs)
    assert caplog.messages == []
    assert logs == {"dapo/kept": 0.0}
