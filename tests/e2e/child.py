"""What runs in a process of its own: a recipe that is killed, or that finds the disk full.

The process kills itself when the given write is about to happen, so a test hits the same point
every time, whatever the machine is doing.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import sys
from collections import Counter
from pathlib import Path
from typing import Any

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def _written(event: str, arguments: tuple[Any, ...]) -> str:
    """Return the path that an audit event is about to write, rename or make; else nothing."""
    path: Any = None
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING:
        path = arguments[0]
    elif event == "os.rename":
        path = arguments[1]
    elif event == "os.mkdir":
        path = arguments[0]
    return os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else ""


def run_counting(recipe: Path, runs: Path, log: Path) -> None:
    """Run a recipe and write down how many writes each stage made."""
    counts: Counter[str] = Counter()
    prefix = f"{runs}{os.sep}"

    def count(event: str, arguments: tuple[Any, ...]) -> None:
        path = _written(event, arguments)
        if path.startswith(prefix):
            parts = Path(path).relative_to(runs).parts
            if len(parts) > 2:  # the run's folder, the stage's, and something in it
                counts[parts[1]] += 1

    sys.addaudithook(count)
    _run(recipe, runs, None)
    log.write_text(json.dumps(counts))


def run_and_die(recipe: Path, runs: Path, stage: str, folder: Path, nth: int) -> None:
    """Run a recipe up to a stage; kill -9 at the nth write into the stage's folder."""
    seen = 0
    prefix = f"{folder}{os.sep}"

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        if _written(event, arguments).startswith(prefix):
            seen += 1
            if seen == nth:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    _run(recipe, runs, stage)


def run_on_a_full_disk(recipe: Path, runs: Path, stage: str, size: int, told: Path) -> None:
    """Run the command where no file can grow beyond ``size`` bytes; keep what it tells.

    The limit is the kernel's: writers in C++ and Rust meet it as they meet a full disk.
    """
    from scireasoner import cli

    with told.open("w") as file, contextlib.redirect_stderr(file):
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        code = cli.main(["run", str(recipe), "--runs", str(runs), "--stage", stage])
    sys.exit(code)


def _run(recipe: Path, runs: Path, stage: str | None) -> None:
    from scireasoner.pipeline import run_recipe

    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stderr(nowhere):
        run_recipe(recipe, runs=runs, stage=stage)
