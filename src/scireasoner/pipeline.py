"""The recipe as one call, and what the command line needs of a finished run."""

from __future__ import annotations

import shutil
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from scireasoner.artifacts import read_json
from scireasoner.errors import ArtifactError
from scireasoner.processes import is_main, shared
from scireasoner.recipe import Recipe, load_recipe
from scireasoner.run import Run, finished_runs, latest_run, run_folder, run_stages
from scireasoner.tasks.registry import select
from scireasoner.training.mixture import check_names, shares
from scireasoner.training.teachers.opening import harvested
from scireasoner.training.tracking import check_installed, use_trackers
from scireasoner.types import Mode

if TYPE_CHECKING:
    from rich.table import Table


def run_recipe(
    recipe: str | Path,
    *,
    stage: str | None = None,
    resume: bool = True,
    seed: int | None = None,
    runs: Path | None = None,
) -> Path:
    """Run a recipe, or go on with it; return the run's folder.

    Parameters
    ----------
    recipe : path of a TOML file, or the name of a recipe that ships.
    stage : the last stage to run; all by default.
    resume : False removes an earlier run of the same recipe and seed.
    seed : overrides the recipe's.
    runs : where runs are kept; ``./runs`` by default.

    Raises
    ------
    RecipeError : if the recipe cannot be read, or gives a weight to a task that it lacks.
    ArtifactError : if a file of a finished stage was changed.
    """
    from scireasoner.stages import STAGES

    read = load_recipe(recipe, seed)
    check(read)
    folder = run_folder(read, runs)
    if not resume:
        shared("old run removed", lambda: shutil.rmtree(folder, ignore_errors=True))
    prepare(read)
    with use_trackers(read.tracking.report_to):
        run_stages(Run(read, folder), STAGES, last=stage, tell=_tell)
    return folder


def check(recipe: Recipe) -> None:
    """Find mistakes in tasks and weights now, and not after hours in the stage that uses them."""
    check_installed(recipe.tracking.report_to)
    tasks = select(recipe.tasks)
    for section in (recipe.sft, recipe.cold_start):
        shares(tasks, section.weights)
    shares(tasks, recipe.rl.weights, recipe.rl.others)
    for names in (recipe.corpus.worked, recipe.modes.weights):
        check_names(names, tasks)
    harvested(tasks, (), recipe.harvest)


def prepare(recipe: Recipe) -> None:
    """Set what results depend on: CPU threads; and quieten libraries that talk on stderr."""
    import torch
    from transformers.utils import logging as transformers_logging

    # Old names that TRL still uses: nothing a user of a recipe could change.
    warnings.filterwarnings("ignore", category=FutureWarning, module="transformers")
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    if recipe.threads:
        torch.set_num_threads(recipe.threads)


def _tell(line: str) -> None:
    if not is_main():
        return
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def summary_table(folder: Path) -> Table | None:
    """Return the scores of a finished run for the terminal; None if it is not evaluated yet."""
    from rich.table import Table

    from scireasoner.scoring import CHECKPOINTS, SCORES
    from scireasoner.tasks.registry import get

    path = folder / "evaluation" / SCORES
    if not path.is_file():
        return None
    found = read_json(path)
    # A pretrained model has seen no question yet; its column is in the report.
    columns = {name: found["scores"][name] for name in CHECKPOINTS[1:]} | found["baselines"]
    table = Table(
        title=f"{folder.name}: test rows, value (95 % interval)", title_justify="left", box=None
    )
    for name in ("task", "metric"):
        table.add_column(name, no_wrap=True)
    for name in columns:
        table.add_column(name.replace("_", " "), justify="right", no_wrap=True)
    table.add_column("answered", justify="right")
    for name in found["scores"]["rl"]:
        metric = get(name).headline.name
        cells = [_cell(own[name]["estimates"][metric]) for own in columns.values()]
        answered = f"{found['scores']['rl'][name]['answered']:.0%}"
        table.add_row(name, metric, *cells, answered)
    return table


def _cell(estimate: Mapping[str, float]) -> str:
    value, low, high = (estimate[key] for key in ("value", "low", "high"))
    digits = 1 if abs(value) >= 10 else 2
    return f"{value:.{digits}f} ({low:.{digits}f} {high:.{digits}f})"


def default_model(runs: Path | None = None) -> tuple[str, Mapping[str, Mode]]:
    """Return a model as a backend spec, and its table of modes.

    The newest run's, where one has finished; else the one that ships.

    Raises
    ------
    ArtifactError : if no run has finished in ``runs`` and none ships.
    """
    from scireasoner.models.shipped import shipped_model
    from scireasoner.training.modes import MODES, load_modes

    shipped = None if runs or finished_runs(runs) else shipped_model()
    model = shipped or latest_run(runs) / "rl" / "model"
    if not (model / MODES).is_file():
        raise ArtifactError(f"{model} has no {MODES}: run the recipe's rl stage again")
    return f"hf:{model}", load_modes(model / MODES)[0]
