"""The recipe as one call, and what the command line needs of a finished run."""

from __future__ import annotations

import re
import shutil
import sys
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scireasoner.artifacts import read_json
from scireasoner.errors import ArtifactError, RecipeError, nearest
from scireasoner.processes import is_main, shared
from scireasoner.recipe import Recipe, load_recipe
from scireasoner.run import Run, finished_runs, latest_run, run_folder, run_stages
from scireasoner.tasks.registry import select
from scireasoner.tasks.task import Task
from scireasoner.training.documents import GENERAL, CorpusConfig
from scireasoner.training.fit_config import FitConfig
from scireasoner.training.mixture import check_names, shares
from scireasoner.training.teachers.opening import harvested
from scireasoner.training.tracking import check_installed, use_trackers
from scireasoner.types import Mode

if TYPE_CHECKING:
    from rich.table import Table

_FSDP2 = "fsdp2"
# What huggingface_hub takes for a repository: NAME or OWNER/NAME.
_HUB_NAME = re.compile(
    r"(?!.*(?:--|\.\.))(?:\w(?:[\w.-]*\w)?/)?\w(?:[\w.-]*\w)?(?<!\.git)", re.ASCII
)
_LONGEST_NAME = 96


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
    RecipeError : if the recipe cannot be read, gives a weight to a task or domain that it lacks, or
        names a checkpoint or a strategy that cannot be.
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
    """Find mistakes in names, weights and paths now, and not hours later in a stage."""
    check_installed(recipe.tracking.report_to)
    _check_base(recipe.model.base)
    for name in vars(recipe):
        settings = getattr(getattr(recipe, name), "fit", None)
        if isinstance(settings, FitConfig):
            _check_strategy(f"{name}.fit.strategy", settings.strategy)
    tasks = select(recipe.tasks)
    shares(tasks, recipe.sft.weights, where="sft.weights")
    shares(tasks, recipe.cold_start.weights, where="cold_start.weights")
    shares(tasks, recipe.rl.weights, recipe.rl.others, where="rl.weights")
    check_names(recipe.corpus.worked, tasks, "corpus.worked")
    check_names(recipe.modes.weights, tasks, "modes.weights")
    check_names(recipe.rl.watched, tasks, "rl.watched")
    _check_domains(recipe.corpus, tasks)
    harvested(tasks, (), recipe.harvest)


def _check_base(base: str) -> None:
    """Raise RecipeError for what is neither a checkpoint's folder nor can be a name of the hub."""
    if not base:
        return
    if Path(base).is_dir():
        if (Path(base) / "config.json").is_file():
            return
        what = "a folder without config.json"
    elif Path(base).exists():
        what = "a file"
    elif _HUB_NAME.fullmatch(base) and len(base) <= _LONGEST_NAME:
        return
    else:
        what = f"no folder (seen from {Path.cwd()}) and no name that the hub can have"
    raise RecipeError(
        f"model.base is {base!r}, {what}: give the folder of a checkpoint or a hub name"
    )


def _check_strategy(name: str, strategy: str) -> None:
    """Raise RecipeError for what accelerate cannot take."""
    if strategy in {"", _FSDP2}:
        return
    use = f"use '', {_FSDP2!r} or the path of a DeepSpeed configuration"
    if not Path(strategy).is_file():
        raise RecipeError(
            f"{name} is {strategy!r}{nearest(strategy, [_FSDP2])}; there is no such file (seen "
            f"from {Path.cwd()}): {use}"
        )
    try:
        settings = read_json(Path(strategy))
    except ArtifactError:
        settings = None
    if not isinstance(settings, dict):
        raise RecipeError(f"{name} is {strategy!r}, which holds no JSON object: {use}")


def _check_domains(corpus: CorpusConfig, tasks: Sequence[Task]) -> None:
    """Raise RecipeError for a weight that no document can have."""
    known = sorted({str(task.domain) for task in tasks})
    if corpus.general_characters:
        known.append(GENERAL)
    for domain, weight in corpus.weights.items():
        if domain not in known:
            raise RecipeError(
                f"corpus.weights names the domain {domain!r}{nearest(domain, known)}; this "
                f"recipe's documents are of {', '.join(known)}"
            )
        if weight < 0:
            raise RecipeError(f"corpus.weights.{domain} is {weight}; it must not be negative")


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
