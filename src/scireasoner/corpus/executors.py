"""datatrove's executors, made from a recipe's ``[run]``.

A local run starts its steps one after the other and waits; on Slurm and Ray datatrove submits them
with each depending on the one before.
"""

from __future__ import annotations

import fcntl
import inspect
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from scireasoner.corpus.recipe import RunConfig
from scireasoner.errors import InputError, MissingTool, RecipeError, StorageError, nearest

_LOCK, _WORKERS = ".building", ".workers"
_LOOK_S = 0.5
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


@dataclass(frozen=True)
class Guard:
    """The first step of every pipeline: quietens datatrove, and ends a worker left by its parent.

    A worker that outlives a killed build would write into files that the next build reads.
    """

    folder: Path

    def __call__(self, data: Any, rank: int = 0, world_size: int = 1) -> Any:
        """Prepare the process once and pass the data on."""
        from loguru import logger

        logger.disable("datatrove")
        os.environ["TOKENIZERS_PARALLELISM"] = "false"
        _watch_parent(self.folder)
        return data


_watched: set[int] = set()


def _watch_parent(folder: Path) -> None:
    from multiprocess import connection, process

    parent = process.parent_process()
    if parent is None or os.getpid() in _watched:
        return
    _watched.add(os.getpid())
    # Held as long as the process lives: the next build waits for it.
    fcntl.flock(os.open(folder / _WORKERS, os.O_RDWR | os.O_CREAT), fcntl.LOCK_SH)

    def watch() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def building(folder: Path) -> Iterator[None]:
    """Hold a folder for one local build; wait for workers that a killed one may have left.

    Raises
    ------
    StorageError : if another build of it is under way, or nothing can be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT)
        workers = os.open(folder / _WORKERS, os.O_RDWR | os.O_CREAT)
    except OSError as error:
        raise StorageError(f"{folder} is not writable: choose another folder") from error
    _held.update((lock, workers))
    _hook_forks()
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StorageError(
                f"another build of {folder} is under way: wait for it, or choose another folder"
            ) from error
        fcntl.flock(workers, fcntl.LOCK_EX)
        fcntl.flock(workers, fcntl.LOCK_UN)
        yield
    finally:
        _held.difference_update((lock, workers))
        os.close(lock)
        os.close(workers)


_held: set[int] = set()


@cache
def _hook_forks() -> None:
    """Let what datatrove forks (a manager of queues) neither keep our locks nor outlive us."""

    def forked() -> None:
        if not _held:
            return
        for number in _held:
            os.close(number)
        _held.clear()
        threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()

    os.register_at_fork(after_in_child=forked)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_S)
    os._exit(1)


def run_local(
    stages: Sequence[Stage], folder: Path, workers: int, tick: Callable[..., None]
) -> None:
    """Run the stages in order on this machine; what datatrove has marked complete is skipped."""
    os.environ.setdefault("TQDM_DISABLE", "1")  # datatrove's bars would mix with ours
    import multiprocess
    from loguru import logger

    count = workers or os.cpu_count() or 1
    logger.disable("datatrove")
    # Workers fork from a server that has the libraries loaded; it lives from stage to stage.
    multiprocess.set_forkserver_preload(_PRELOAD)
    try:
        with building(folder):
            for stage in stages:
                executor_of(stage, RunConfig(workers=count), folder).run()
                tick(1, stage.name)
    finally:
        logger.enable("datatrove")


def submit(stages: Sequence[Stage], folder: Path, run: RunConfig) -> list[Any]:
    """Submit the stages to Slurm or Ray, each after the one before; returns the executors."""
    if run.executor == "ray" and find_spec("ray") is None:
        raise MissingTool("ray", "building a corpus on Ray", "pip install ray")
    executors: list[Any] = []
    for stage in stages:
        executors.append(executor_of(stage, run, folder, executors[-1] if executors else None))
    if executors:
        executors[-1].run()
    return executors


def executor_of(stage: Stage, run: RunConfig, folder: Path, depends: Any = None) -> Any:
    """Return datatrove's executor of a stage.

    Raises
    ------
    RecipeError : if an option of ``[run.slurm]`` or ``[run.ray]`` is none of the executor's.
    MissingTool : without datatrove, or without Ray where it is asked for.
    """
    steps = [Guard(folder), *stage.make()]
    workers = min(run.workers, stage.tasks) if run.workers else -1
    common: dict[str, Any] = {"tasks": stage.tasks, "logging_dir": str(stage.log)}
    try:
        if run.executor == "slurm":
            from datatrove.executor import SlurmPipelineExecutor

            return _made(
                SlurmPipelineExecutor,
                {**common, "workers": workers, "job_name": stage.name, "depends": depends},
                steps,
                run.slurm,
                "slurm",
            )
        if run.executor == "ray":
            from datatrove.executor import RayPipelineExecutor

            return _made(
                RayPipelineExecutor,
                {**common, "workers": workers, "depends": depends},
                steps,
                run.ray,
                "ray",
            )
        from datatrove.executor import LocalPipelineExecutor

        return LocalPipelineExecutor(steps, workers=workers, **common)
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
