"""Tasks in another process: the same data roots, and every task, the user's own too."""

from __future__ import annotations

import os
import runpy
from collections.abc import Callable, Sequence
from functools import partial

from scireasoner.settings import ENVIRONMENT, data_roots
from scireasoner.tasks.registry import all_tasks


def preparation(files: Sequence[str] = ()) -> Callable[[], None]:
    """Return what a worker process runs first, to know what this process knows now.

    Parameters
    ----------
    files : Python files that register tasks of the user's own.
    """
    return partial(_prepare, tuple(files), tuple(map(str, data_roots())))


def _prepare(files: Sequence[str], roots: Sequence[str]) -> None:
    os.environ[ENVIRONMENT] = os.pathsep.join(roots)
    all_tasks()
    for file in files:
        runpy.run_path(file)
