"""Answers in a JSON-lines file, checked one by one; a broken line costs itself alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scireasoner.errors import DataError, SciReasonerError
from scireasoner.notation.tags import NOTATIONS
from scireasoner.prompts.reply import read
from scireasoner.science.checks import NOTHING, Request
from scireasoner.serving.checking import Checked, check_entity, checked
from scireasoner.tasks.registry import get
from scireasoner.types import Finding, Verdict

MAX_LINE = 1 << 20
"""Bytes of a line; a longer one is a problem, not a load for the memory."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was read: its number, its own ``id`` if it has one, and what was found."""

    number: int
    id: str
    found: tuple[Checked, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that could not be read, and why."""

    number: int
    what: str


def check_lines(
    path: Path, notation: str | None = None, request: Request = NOTHING, only: tuple[str, ...] = ()
) -> Iterator[Line | Broken]:
    """Check every line ``{"answer": ..., "task", "inputs", "gold", "id", "as"}`` in order.

    Parameters
    ----------
    path : a JSON-lines file.
    notation : of answers without tags, where a line does not say it in ``as``.
    request, only : as for `checked`; a line's own task says what it asks for.

    Raises
    ------
    DataError : if there is no such file.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}): give a .jsonl file") from error
    with file:
        for number, line in enumerate(_bounded(file), start=1):
            if not line.strip():
                continue
            try:
                row = _row(line)
                found = _found(row, notation, request, only)
            except (ValueError, SciReasonerError) as error:
                yield Broken(number, str(error))
                continue
            yield Line(number, str(row.get("id", "")), found)


def _bounded(file: Any) -> Iterator[bytes]:
    while line := file.readline(MAX_LINE):
        yield line
        while len(line) == MAX_LINE and not line.endswith(b"\n"):
            line = file.readline(MAX_LINE)


def _row(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except RecursionError:
        raise ValueError("not JSON (nested too deep)") from None
    except ValueError as error:
        raise ValueError(f"not JSON ({error})") from None
    if not isinstance(row, dict):
        raise ValueError(f"an object was expected, {type(row).__name__} came")
    if not isinstance(row.get("answer"), str):
        raise ValueError('"answer" must be a text')
    for key in ("task", "gold", "as"):
        if not isinstance(row.get(key, ""), str | None):
            raise ValueError(f'"{key}" must be a text')
    inputs = row.get("inputs") or {}
    if not isinstance(inputs, dict) or not all(isinstance(v, str) for v in inputs.values()):
        raise ValueError('"inputs" must be an object of texts')
    return row


def _found(
    row: Mapping[str, Any], notation: str | None, request: Request, only: tuple[str, ...]
) -> tuple[Checked, ...]:
    notation = row.get("as") or notation
    if notation is not None and notation not in NOTATIONS:
        raise ValueError(f'"as" is {notation!r}: give one of {", ".join(NOTATIONS)}')
    task = get(row["task"]) if row.get("task") else None
    reply = read(row["answer"], None)
    if reply.fault is not None:
        failure = Finding("readable answer", Verdict.FAIL, f"no answer: {reply.fault.value}")
        return (Checked("text", "", failure),)
    if notation is not None:
        found = check_entity(reply.answer, notation, request, only)
        return tuple(Checked(notation, reply.answer, finding) for finding in found)
    return checked(reply.answer, task, row.get("inputs") or {}, row.get("gold"), request, only)
