"""A run: a folder with one artifact a stage, each made once from the ones before it.

A stage is run again only if its settings, seed, inputs or package versions changed. A stage that
was interrupted goes on inside its own folder. In a job of several processes the main one runs the
stages and writes, and the others wait; stages that train run in all of them.
"""

from __future__ import annotations

import dataclasses
import logging
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from scireasoner.artifacts import MANIFEST, Artifact, Manifest, read_json, write_json, writing
from scireasoner.data.unleaked import together
from scireasoner.errors import ArtifactError, InputError, nearest
from scireasoner.processes import falling, is_main, meet, shared
from scireasoner.recipe import Recipe
from scireasoner.settings import chosen_root, use_data_root
from scireasoner.tasks.task import Task

log = logging.getLogger(__name__)

_STARTED = "started.json"
_CHECKPOINT = "checkpoint-"
RUNS = Path("runs")
"""Where runs are kept, unless another folder is named."""


@dataclass(frozen=True)
class Run:
    """A recipe and the folder of its artifacts."""

    recipe: Recipe
    folder: Path

    @property
    def seed(self) -> int:
        """The seed of this run."""
        return self.recipe.seed

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks that the recipe names; none trains on what another one holds out."""
        return together(self.recipe.tasks, self.recipe.licensed)

    def path(self, stage: str) -> Path:
        """Return a stage's folder."""
        return self.folder / stage

    def facts(self, stage: str) -> Mapping[str, Any]:
        """Return what a finished stage noted down."""
        return Artifact(self.path(stage)).manifest.facts


@dataclass(frozen=True)
class Stage:
    """A step of the recipe.

    Parameters
    ----------
    name : also its folder.
    reads : the stages whose artifacts it uses.
    settings : the recipe's sections that it depends on.
    work : does it; gets the run and the stage's folder, returns facts for the manifest.
    everyone : whether it trains, so that every process of a job takes part.
    """

    name: str
    reads: tuple[str, ...]
    settings: tuple[str, ...]
    work: Callable[[Run, Path], Mapping[str, Any]]
    everyone: bool = False


def run_stages(
    run: Run, stages: Sequence[Stage], *, last: str | None, tell: Callable[[str], None]
) -> None:
    """Bring every stage up to ``last`` (or all) up to date.

    Raises
    ------
    InputError : if there is no stage ``last``.
    ArtifactError : if an input's files were changed after they were written.
    """
    names = [stage.name for stage in stages]
    if last is not None and last not in names:
        raise InputError(f"no stage {last!r}{nearest(last, names)}; stages: {', '.join(names)}")
    wanted = stages if last is None else stages[: names.index(last) + 1]
    with use_data_root(run.path("data")), falling():
        for number, stage in enumerate(wanted, start=1):
            label = f"[{number}/{len(stages)}] {stage.name}"
            _up_to_date(run, stage, partial(_labelled, tell, label))


def _labelled(tell: Callable[[str], None], label: str, words: str) -> None:
    tell(label + words)


def _up_to_date(run: Run, stage: Stage, tell: Callable[[str], None]) -> None:
    """Bring one stage up to date: the main process alone, or every one where it trains."""
    if shared(f"{stage.name} begins", lambda: _begin(run, stage, tell)):
        if is_main():
            tell(f": {_bring_about(run, stage):.0f} s")
        elif stage.everyone:
            stage.work(run, run.path(stage.name))
            meet(f"{stage.name} trained")
    meet(f"{stage.name} ends")


def _begin(run: Run, stage: Stage, tell: Callable[[str], None]) -> bool:
    """Return False if the stage is done; else prepare its folder, fresh or where it stopped."""
    manifest = _manifest(run, stage)
    if _done(run, stage, manifest):
        tell(": done before")
        return False
    tell("")
    folder = run.path(stage.name)
    started = folder / _STARTED
    if started.is_file() and read_json(started)["key"] == manifest.key:
        log.info("continuing %s", folder)
        _sweep(folder)
    else:
        shutil.rmtree(folder, ignore_errors=True)
        write_json(started, {"key": manifest.key, "seconds": 0.0})
    return True


def _manifest(run: Run, stage: Stage) -> Manifest:
    sections = {name: _plain(getattr(run.recipe, name)) for name in stage.settings}
    inputs = {name: read_json(run.path(name) / "manifest.json")["key"] for name in stage.reads}
    config = {**sections, "tasks": [f"{t.name} v{t.version}" for t in run.tasks]}
    if run.recipe.licensed:
        config["licensed"] = True
    return Manifest(stage.name, run.seed, config, inputs)


def _plain(section: Any) -> Any:
    if dataclasses.is_dataclass(section) and not isinstance(section, type):
        return dataclasses.asdict(section)
    return section


def _done(run: Run, stage: Stage, manifest: Manifest) -> bool:
    artifact = Artifact(run.path(stage.name))
    if not artifact.finished or read_json(artifact.path / "manifest.json")["key"] != manifest.key:
        return False
    artifact.verify()
    _tidy(artifact.path)
    return True


def _bring_about(run: Run, stage: Stage) -> float:
    """Run one stage in its prepared folder and finish its artifact; return its seconds."""
    folder = run.path(stage.name)
    manifest = _manifest(run, stage)
    spent = float(read_json(folder / _STARTED)["seconds"])
    begin = time.monotonic()
    try:
        with writing(folder):
            facts = dict(stage.work(run, folder))
    finally:
        spent += time.monotonic() - begin
        if folder.is_dir():
            write_json(folder / _STARTED, {"key": manifest.key, "seconds": spent})
    if stage.everyone:
        # What the others may still write belongs to the artifact.
        meet(f"{stage.name} trained")
    done = dataclasses.replace(manifest, facts={**facts, "seconds": round(spent, 1)})
    Artifact(folder).finish(done, _files(folder))
    _tidy(folder)
    return spent


def _files(folder: Path) -> list[str]:
    """Return the files of a stage; what only an interrupted one needs is no part of it."""
    names = (path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file())
    apart = (_STARTED, MANIFEST)
    return [str(n) for n in names if str(n) not in apart and not str(n).startswith(_CHECKPOINT)]


def _sweep(folder: Path) -> None:
    """Remove files that a killed process had not finished writing."""
    for half in sorted(folder.rglob(".*.partial")):
        if half.is_dir():
            shutil.rmtree(half)
        else:
            half.unlink(missing_ok=True)


def _tidy(folder: Path) -> None:
    """Remove what an interrupted stage goes on from: only once the manifest says it is done."""
    for checkpoint in folder.glob(f"{_CHECKPOINT}*"):
        if checkpoint.is_dir():
            shutil.rmtree(checkpoint)
        else:
            checkpoint.unlink()
    (folder / _STARTED).unlink(missing_ok=True)


def run_folder(recipe: Recipe, runs: Path | None) -> Path:
    """Return the folder of a recipe and seed."""
    return (runs or RUNS) / f"{recipe.name}-seed{recipe.seed}"


def finished_runs(runs: Path | None = None) -> list[Path]:
    """Return the folders of the runs that have a finished model."""
    return [path.parent.parent for path in (runs or RUNS).glob("*/rl/manifest.json")]


def latest_run(runs: Path | None = None) -> Path:
    """Return the newest run that has a finished model.

    Raises
    ------
    ArtifactError : if there is none.
    """
    finished = finished_runs(runs)
    if not finished:
        raise ArtifactError(
            f"no finished model under {runs or RUNS}: run `scireasoner run nano` first, or name a "
            "model with --model"
        )
    return max(finished, key=lambda path: (path / "rl" / "manifest.json").stat().st_mtime)


@contextmanager
def rows_of_newest_run(runs: Path | None = None) -> Iterator[None]:
    """Look for rows first where the newest run built them, while the body runs.

    The newest run that has a finished model, since its rows go with that model; else the newest
    that has built its rows. A data root that was chosen in this process stays the first.
    """
    folder = None if chosen_root() else _newest_rows(runs)
    if folder is None:
        yield
        return
    with use_data_root(folder):
        yield


def _newest_rows(runs: Path | None) -> Path | None:
    if finished_runs(runs):
        folder = latest_run(runs) / "data"
        return folder if folder.is_dir() else None
    built = (runs or RUNS).glob(f"*/data/{MANIFEST}")
    newest = max(built, key=lambda path: path.stat().st_mtime, default=None)
    return None if newest is None else newest.parent
