"""datatrove's executors, made from a recipe's ``[run]``.

Here and on Ray the stages are run one after the other and waited for; to Slurm all are submitted,
each depending on the one before.
"""

from __future__ import annotations

import inspect
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import Any

from scireasoner.corpus.holding import Guard, Noted
from scireasoner.corpus.recipe import RunConfig
from scireasoner.errors import InputError, MissingTool, RecipeError, SciReasonerError, nearest

_PRELOAD = [
    "scireasoner.corpus.preloaded",
    "datatrove.executor.local",
    "scireasoner.corpus.signatures",
    "tokenizers",
    "rdkit.Chem",
]


@dataclass(frozen=True)
class Stage:
    """One pipeline of a build.

    Parameters
    ----------
    name : of the stage; ``log`` is the folder of datatrove's logs and completions.
    tasks : how many tasks it has, by the recipe.
    make : returns the steps; called where the pipeline is about to run.
    """

    name: str
    tasks: int
    log: Path
    make: Callable[[], Sequence[Any]]


def run_in_turn(
    stages: Sequence[Stage], folder: Path, run: RunConfig, tick: Callable[..., None]
) -> None:
    """Run the stages in order, here or on Ray; what datatrove has marked complete is skipped.

    Raises
    ------
    MissingTool : without Ray where it is asked for.
    SciReasonerError : if a task failed on Ray; here its own error is raised.
    """
    if run.executor == "ray" and find_spec("ray") is None:
        raise MissingTool("ray", "building a corpus on Ray", "pip install ray")
    os.environ.setdefault("TQDM_DISABLE", "1")  # datatrove's bars would mix with ours
    import multiprocess
    from loguru import logger

    logger.disable("datatrove")
    # Workers fork from a server that has the libraries loaded; it lives from stage to stage.
    multiprocess.set_forkserver_preload(_PRELOAD)
    try:
        for stage in stages:
            executor = executor_of(stage, run, folder)
            executor.run()
            # Ray's executor returns, and one that depends on it waits for ever, where tasks fail.
            failed = executor.get_incomplete_ranks(skip_completed=True)
            if failed:
                raise SciReasonerError(
                    f"{len(failed)} of {stage.tasks} tasks of the stage {stage.name!r} failed "
                    f"({_last_line(stage, failed[0])}): see {stage.log / 'logs'}, then build "
                    "again; it continues where it stopped"
                )
            tick(1, stage.name)
    finally:
        logger.enable("datatrove")


def _last_line(stage: Stage, rank: int) -> str:
    path = stage.log / "logs" / f"task_{rank:05d}.log"
    lines = path.read_text(errors="replace").split("\n") if path.is_file() else []
    return next((line.strip() for line in reversed(lines) if line.strip()), "without a log")


def submit(stages: Sequence[Stage], folder: Path, run: RunConfig) -> None:
    """Submit the stages to Slurm, each after the one before.

    Raises
    ------
    MissingTool : if there is no sbatch here.
    InputError : if Slurm refuses a stage.
    """
    if which("sbatch") is None:
        raise MissingTool("sbatch", "building a corpus on Slurm", "run it on a node that submits")
    before: Stage | None = None
    executor: Any = None
    for stage in stages:
        executor = executor_of(stage, run, folder, before, executor)
        try:
            executor.run()
        except subprocess.CalledProcessError as error:
            raise InputError(
                f"Slurm refused the stage {stage.name!r} (above is why): mend run.slurm in the "
                "recipe"
            ) from error
        before = stage


def executor_of(
    stage: Stage, run: RunConfig, folder: Path, before: Stage | None = None, depends: Any = None
) -> Any:
    """Return datatrove's executor of a stage.

    Parameters
    ----------
    before, depends : on Slurm, the stage that must be complete and its executor.

    Raises
    ------
    RecipeError : if an option of ``[run.slurm]`` or ``[run.ray]`` is none of the executor's.
    MissingTool : without datatrove.
    """
    needs = (before.log, before.tasks) if before else None
    steps = [Guard(folder, run.executor == "local", needs), *stage.make()]
    count = run.workers or (os.cpu_count() or 1 if run.executor == "local" else 0)
    workers = min(count, stage.tasks) if count else -1
    common: dict[str, Any] = {
        "tasks": stage.tasks,
        "workers": workers,
        "logging_dir": str(stage.log),
    }
    try:
        if run.executor == "slurm":
            from datatrove.executor import SlurmPipelineExecutor

            noted = Noted(folder, run.slurm.get("job_id_position", -1))
            common |= {"job_name": stage.name, "depends": depends, "job_id_retriever": noted}
            # Without this, the stages after a failed one stay in the queue for good.
            extra = {"kill-on-invalid-dep": "yes", **run.slurm.get("sbatch_args", {})}
            options = {**run.slurm, "sbatch_args": extra}
            return _made(SlurmPipelineExecutor, common, steps, options, "slurm")
        if run.executor == "ray":
            from datatrove.executor import RayPipelineExecutor

            return _made(RayPipelineExecutor, {**common, "depends": None}, steps, run.ray, "ray")
        from datatrove.executor import LocalPipelineExecutor

        return LocalPipelineExecutor(steps, **common)
    except ImportError as error:
        raise MissingTool(
            "datatrove", "building a corpus", "pip install 'datatrove[io]' orjson xxhash"
        ) from error


def _made(
    kind: Any, given: dict[str, Any], steps: list[Any], options: Mapping[str, Any], name: str
) -> Any:
    known = [k for k in inspect.signature(kind).parameters if k not in {"pipeline", *given}]
    for option in options:
        if option not in known:
            raise RecipeError(f"run.{name} has no option {option!r}{nearest(option, known)}")
    try:
        return kind(steps, **given, **options)
    except TypeError as error:
        raise InputError(f"run.{name} lacks an option ({error}): add it to the recipe") from error
