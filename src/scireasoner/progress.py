"""Progress for long steps: a bar with rate and time left in a terminal, lines in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from scireasoner.processes import is_main

_LINE_EVERY_S = 15.0
_TICK_EVERY = 500

T = TypeVar("T")


def watched(items: Iterable[T], label: str, unit: str = "items") -> Iterator[T]:
    """Yield the items and show how many came; for streams whose length is not known."""
    with bar(label, None, unit) as tick:
        waiting = 0
        for item in items:
            yield item
            waiting += 1
            if waiting == _TICK_EVERY:
                tick(waiting)
                waiting = 0
        tick(waiting)


@contextmanager
def bar(label: str, total: int | None, unit: str = "items") -> Iterator[Callable[..., None]]:
    """Show progress on standard error while the body runs.

    Parameters
    ----------
    label : what is being done.
    total : how many units there are; None if that is not known.
    unit : what is counted.

    Yields
    ------
    ``tick(done=1, note="")``: call it as units get done; ``note`` shows e.g. the current loss.
    """
    if not is_main():
        yield lambda done=1, note="": None
    elif sys.stderr.isatty():
        with _rich_bar(label, total, unit) as tick:
            yield tick
    else:
        with _line_bar(label, total, unit) as tick:
            yield tick


def _count(done: int, total: int | None) -> str:
    return str(done) if total is None else f"{done}/{total}"


@contextmanager
def _rich_bar(label: str, total: int | None, unit: str) -> Iterator[Callable[..., None]]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description:<22}"),
        BarColumn(bar_width=28),
        TextColumn("{task.fields[count]} " + unit),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        row = progress.add_task(label, total=total, count="", rate="", note="")
        start = time.monotonic()
        done = 0

        def tick(count: int = 1, note: str = "") -> None:
            nonlocal done
            done += count
            rate = f"{done / max(time.monotonic() - start, 1e-9):.1f}/s"
            progress.update(row, completed=done, count=_count(done, total), rate=rate, note=note)

        yield tick


@contextmanager
def _line_bar(label: str, total: int | None, unit: str) -> Iterator[Callable[..., None]]:
    start = last = time.monotonic()
    done = 0

    def show(note: str) -> None:
        spent = time.monotonic() - start
        rate = done / max(spent, 1e-9)
        known = done and total is not None
        left = f"{max((total or 0) - done, 0) / rate:.0f} s left" if known else "time left unknown"
        tail = f" {note}" if note else ""
        sys.stderr.write(
            f"{label}: {_count(done, total)} {unit}, {rate:.1f}/s, {spent:.0f} s, {left}{tail}\n"
        )
        sys.stderr.flush()

    def tick(count: int = 1, note: str = "") -> None:
        nonlocal done, last
        done += count
        if time.monotonic() - last >= _LINE_EVERY_S:
            last = time.monotonic()
            show(note)

    yield tick
    show("done")
