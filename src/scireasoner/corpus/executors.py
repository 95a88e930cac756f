"""datatrove's executors, made from a recipe's ``[run]``.

Here and on Ray the stages are run one after the other and waited for; to Slurm all are submitted,
each depending on the one before.
"""

from __future__ import annotations

import fcntl
import inspect
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import Any

from scireasoner.corpus.recipe import RunConfig
from scireasoner.errors import (
    DataError,
    InputError,
    MissingTool,
    RecipeError,
    SciReasonerError,
    StorageError,
    nearest,
)

_LOCK, _WORKERS, _JOBS = ".building", ".workers", ".jobs"
_LOOK_S = 0.5
_MARK_LOOKS, _MARK_S = 20, 3.0  # file systems over a network show a new mark in a minute
_SHOWN_JOBS = 5
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
    """The first step of every pipeline: sees to the process and to what it builds on.

    A worker that outlives a killed build would write into files that the next build reads: it is
    ended with its parent.

    Parameters
    ----------
    quiet : whether datatrove logs nothing; on a cluster its logs are where a failure is read.
    needs : the log folder of the stage before, and its tasks. Slurm looks only at the last array
        of a stage: one that is too large for a single array may start the next with a task failed.
    """

    folder: Path
    quiet: bool = True
    needs: tuple[Path, int] | None = None

    def __call__(self, data: Any, rank: int = 0, world_size: int = 1) -> Any:
        """Prepare the process once and pass the data on."""
        from loguru import logger

        if self.quiet:
            logger.disable("datatrove")
        os.environ["TOKENIZERS_PARALLELISM"] = "false"
        _watch_parent(self.folder)
        if self.needs:
            _await(*self.needs)
        return data


def _await(log: Path, tasks: int) -> None:
    done = 0
    for _ in range(_MARK_LOOKS):
        done = sum(1 for _ in (log / "completions").glob("*"))
        if done >= tasks:
            return
        time.sleep(_MARK_S)
    raise DataError(
        f"{tasks - done} of {tasks} tasks of the stage {log.name!r} failed: see {log / 'logs'}, "
        "then build again; it continues where it stopped"
    )


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
    """Hold a folder for one build; wait for workers that a killed one may have left.

    Raises
    ------
    StorageError : if another build of it is under way or in Slurm's queue, or nothing can be
        written.
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
        _refuse_queued(folder)
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


def _refuse_queued(folder: Path) -> None:
    """Raise where jobs of an earlier submission may still write: two would spoil each other's."""
    noted = folder / _JOBS
    if not noted.is_file():
        return
    jobs = noted.read_text().split()
    if jobs:
        listed = _queued(jobs, noted)
        queued = [job for job in jobs if job in listed]
        if queued:
            shown = ", ".join(queued[:_SHOWN_JOBS]) + (" ..." if len(queued) > _SHOWN_JOBS else "")
            raise StorageError(
                f"another build of {folder} is under way: Slurm has its jobs {shown}; wait for "
                f"them, or end them with `xargs scancel < {noted}`"
            )
    noted.unlink()


def _queued(jobs: Sequence[str], noted: Path) -> set[str]:
    command = ["squeue", "--noheader", "--format=%F", f"--jobs={','.join(jobs)}"]
    try:
        asked = subprocess.run(command, capture_output=True, text=True, check=False)
        reason = asked.stderr.strip()
    except FileNotFoundError:
        reason = "there is no squeue"
    else:
        # So it fails where Slurm has forgotten them all.
        if asked.returncode == 0 or "Invalid job id" in reason:
            return set(asked.stdout.split())
    raise StorageError(
        f"whether an earlier build's jobs still run cannot be asked ({reason}): ask where Slurm "
        f"answers, or delete {noted} if none does"
    )


@dataclass(frozen=True)
class _Noted:
    """Takes a job's id from what sbatch prints, and notes it for the next build of the folder."""

    folder: Path
    position: int

    def __call__(self, printed: str) -> str:
        job = printed.split()[self.position]
        with (self.folder / _JOBS).open("a") as file:
            file.write(f"{job}\n")
        return job


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
    workers = min(run.workers, stage.tasks) if run.workers else -1
    common: dict[str, Any] = {
        "tasks": stage.tasks,
        "workers": workers,
        "logging_dir": str(stage.log),
    }
    try:
        if run.executor == "slurm":
            from datatrove.executor import SlurmPipelineExecutor

            noted = _Noted(folder, run.slurm.get("job_id_position", -1))
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
