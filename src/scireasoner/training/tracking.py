"""Live curves in a tracker: what a recipe names, through the trainers' own reports.

Tracking changes no result, so it is no setting of a stage: a finished run is not made again for it.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scireasoner.errors import MissingTool, RecipeError, nearest

TRACKERS = ("tensorboard", "trackio")

# Of the process, as the data root is: every stage of a run reports to the same trackers.
_chosen: list[tuple[str, ...]] = [()]


@dataclass(frozen=True)
class TrackingConfig:
    """Where live curves go: ``tensorboard``, ``trackio``, both or (by default) none.

    TensorBoard reads ``<run>/tracking``; trackio keeps a local project named after the run. The
    curves are in the stages' ``curve.jsonl`` and in the report all the same.
    """

    report_to: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in self.report_to:
            if name not in TRACKERS:
                raise RecipeError(
                    f"tracking.report_to names {name!r}{nearest(name, TRACKERS)}; use "
                    f"{' or '.join(TRACKERS)}"
                )


def check_installed(trackers: Sequence[str]) -> None:
    """Raise MissingTool for the first tracker that is not installed."""
    for name in trackers:
        if importlib.util.find_spec(name) is None:
            raise MissingTool(name, "live curves (tracking.report_to)", f"pip install {name}")


@contextmanager
def use_trackers(trackers: Sequence[str]) -> Iterator[None]:
    """Have every training report to these trackers while the body runs."""
    before = _chosen[0]
    _chosen[0] = tuple(trackers)
    try:
        yield
    finally:
        _chosen[0] = before


def tracked(out: Path) -> dict[str, Any]:
    """Return the trainer's settings that report the training in a stage's folder."""
    trackers = _chosen[0]
    found: dict[str, Any] = {"report_to": list(trackers) or "none"}
    if "tensorboard" in trackers:
        # Beside the stage and not in it: an artifact's files are fixed by its seed.
        os.environ["TENSORBOARD_LOGGING_DIR"] = str(out.parent / "tracking" / out.name)
    if "trackio" in trackers:
        # A local project: nothing is sent anywhere.
        found |= {"project": out.parent.name, "run_name": out.name}
        found |= {"trackio_space_id": None, "trackio_static_space_id": False}
    return found
