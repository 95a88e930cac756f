"""What the paper and its released evaluation say of a task."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from scireasoner.published.base import Evaluator
from scireasoner.types import Sample

Record: TypeAlias = Mapping[str, Any]
"""One record of a public file: ``input``, ``output``, perhaps ``meta_data``; or a table's row."""


class Status(StrEnum):
    """How a task stands in the released evaluation."""

    ACTIVE = "active"
    PAPER = "counted by the paper only"
    LATER = "later set (1.5)"


def output_of(record: Record) -> str | None:
    """Return the ``output`` text of a record as it is."""
    output = record.get("output")
    return None if output is None else str(output)


@dataclass(frozen=True)
class Release:
    """A task in the released evaluation of arXiv 2509.21320 (or in its later 1.5 set).

    Parameters
    ----------
    benchmark : the collection it belongs to, e.g. ``"GUE"``.
    name : its name there; prediction files are called so.
    aliases : other names that prediction files carry (the later merge renames tasks).
    repo : the data set on the public hub, e.g. ``"SciReason/GUE-test"``; empty if none.
    path : the file in it; ``{split}`` stands for ``dev`` or ``test``.
    test_size : rows of the published test set, None where it is not known.
    answers : how many answers the released configuration asks for per prompt.
    decoding : how they are drawn there.
    key, scale : the released metric key and what its numbers mean.
    evaluator : the released evaluator, reproduced; None where it cannot be.
    gold : reads the raw gold from a record.
    keep : which records of the file belong to the task; None keeps all.
    subtask : reads the sub-set from a record.
    label : reads the label field that the released evaluator looks at.
    output : writes the ``output`` text that the hub would carry for a row that is not from there.
    """

    benchmark: str
    name: str
    repo: str
    path: str
    key: str
    scale: str
    evaluator: Evaluator | None
    status: Status = Status.ACTIVE
    aliases: tuple[str, ...] = ()
    test_size: int | None = None
    answers: int = 1
    decoding: str = "model default"
    gold: Callable[[Record], str | None] = output_of
    keep: Callable[[Record], bool] | None = None
    subtask: Callable[[Record], str] | None = None
    label: Callable[[Record], str | None] | None = None
    output: Callable[[Sample], str] | None = None
