"""Who may write into the folder of a build: locks, job ids on Slurm, workers of a killed build."""

from __future__ import annotations

import fcntl
import os
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from scireasoner.errors import DataError, StorageError

_LOCK, _WORKERS, _JOBS = ".building", ".workers", ".jobs"
_LOOK_S = 0.5
_MARK_LOOKS, _MARK_S = 20, 3.0  # file systems over a network show a new mark in a minute
_SHOWN_JOBS = 5


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
    # A failed task leaves no mark, and one that a network is slow to show looks the same. But what
    # one task of an array has waited for in vain the others need not wait for again.
    array = os.environ.get("SLURM_ARRAY_JOB_ID")
    in_vain = log / f"missed_by_{array}" if array else None
    for _ in range(_MARK_LOOKS):
        done = sum(1 for _ in (log / "completions").glob("*"))
        if done >= tasks:
            return
        if in_vain is not None and in_vain.exists():
            break
        time.sleep(_MARK_S)
    else:
        if in_vain is not None:
            with suppress(OSError):  # it only saves time
                in_vain.touch()
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
class Noted:
    """Takes a job's id from what sbatch prints, and notes it for the next build of the folder."""

    folder: Path
    position: int

    def __call__(self, printed: str) -> str:
        """Return the id, the last word of what was printed or that at ``position``."""
        job = printed.split()[self.position]
        with (self.folder / _JOBS).open("a") as file:
            file.write(f"{job}\n")
        return job
