"""A task of alkanes, an endpoint that knows some of them, and processes to kill."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
# Imported by name: the server that misbehaves, and what runs in a process of its own.
sys.path[:0] = [str(HERE), str(HERE.parents[1])]


@pytest.fixture
def endpoint() -> Iterator[Any]:
    """An endpoint of its own for each test; it answers as ``alkanes.knows`` says."""
    from alkanes import knows

    from misbehaving import serving

    with serving() as made:
        made.behave = lambda payload, number: knows(payload)
        yield made


@pytest.fixture(scope="session")
def spawn() -> Callable[..., Any]:
    """Start a function of ``alkanes`` in a process that forks from one that has imported ours."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["scireasoner.training.harvest", "alkanes"])

    def start(name: str, *arguments: Any) -> Any:
        import alkanes

        process = context.Process(target=getattr(alkanes, name), args=arguments)
        process.start()
        return process

    return start
