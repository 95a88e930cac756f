"""Live curves: which trackers, told early where one is missing, and never in an artifact."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import Any

import pytest

from scireasoner.errors import MissingTool, RecipeError
from scireasoner.training.fit_config import FitConfig
from scireasoner.training.loop import arguments
from scireasoner.training.tracking import TrackingConfig, check_installed, use_trackers


def test_nothing_is_reported_by_default(tmp_path: Path) -> None:
    assert arguments(FitConfig(), tmp_path, 0).report_to == []
    assert TrackingConfig().report_to == ()


def test_an_unknown_tracker_is_told() -> None:
    with pytest.raises(RecipeError, match="'tensorbord'; did you mean 'tensorboard'"):
        TrackingConfig(("tensorbord",))


@pytest.mark.parametrize("name", ["tensorboard", "trackio"])
def test_a_missing_tracker_comes_with_the_line_that_installs_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(MissingTool, match=f"{name} is needed for live curves .*pip install {name}"):
        check_installed([name])
    check_installed([])


def test_tensorboard_reads_a_folder_beside_the_stages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENSORBOARD_LOGGING_DIR", "")
    with use_trackers(["tensorboard"]):
        found: Any = arguments(FitConfig(), tmp_path / "run" / "rl", 0)
    assert found.report_to == ["tensorboard"]
    assert os.environ["TENSORBOARD_LOGGING_DIR"] == str(tmp_path / "run" / "tracking" / "rl")


def test_trackio_stays_on_this_machine(tmp_path: Path) -> None:
    with use_trackers(["trackio"]):
        found: Any = arguments(FitConfig(), tmp_path / "nano-seed0" / "rl", 0)
    assert (found.project, found.run_name) == ("nano-seed0", "rl")
    assert found.trackio_space_id is None
    assert found.trackio_static_space_id is False
    with use_trackers([]):
        assert arguments(FitConfig(), tmp_path, 0).report_to == []
