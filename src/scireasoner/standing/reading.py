"""Scores as ``scireasoner eval`` left them, in whatever form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scireasoner.artifacts import read_json
from scireasoner.errors import DataError, InputError
from scireasoner.evaluation.rescore import Reading
from scireasoner.measuring import Measured
from scireasoner.scorecard import scored
from scireasoner.yardsticks import measured_in


@dataclass(frozen=True)
class Measurement:
    """What one way of asking gave: a name to call it by, and the number of each task."""

    name: str
    scores: Mapping[str, Measured]


def measurement(path: Path, limit: int, seed: int = 0) -> Measurement:
    """Read what ``eval`` left: its JSON file of scores, or a folder (or file) of completions.

    Completions are scored anew, against the first ``limit`` test rows of each task.

    Raises
    ------
    InputError : if there is no such file.
    DataError : if it holds no scores.
    """
    if path.suffix == ".json" and path.is_file():
        stored = read_json(path)
        try:
            scores = {m.task: m for m in measured_in(stored)}
        except (KeyError, TypeError) as error:
            raise DataError(
                f"{path} was not written by `scireasoner eval --out` ({error}): give such a file, "
                "or a folder of `eval --predictions`"
            ) from error
        if not scores:
            raise DataError(f"{path} holds no scores: give what `scireasoner eval` wrote")
        return Measurement(path.stem, scores)
    if not path.exists():
        raise InputError(f"{path} does not exist: give what `scireasoner eval` wrote")
    found = scored(path, Reading(limit=limit), seed)
    return Measurement(path.name, {row.task: row for row in found.measured})
