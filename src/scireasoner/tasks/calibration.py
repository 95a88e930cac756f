"""The calibrated reward maps: one exponent a task, in a table that ships with the package.

``scireasoner rewards calibrate --out FILE`` writes the table from training rows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from scireasoner.errors import DataError
from scireasoner.rewards.soften import Soften, power

FILE = "calibration.json"


@dataclass(frozen=True, slots=True)
class Calibration:
    """What one task was calibrated to.

    Parameters
    ----------
    task : its name.
    answer : the kind of its answer; another kind is another score.
    version : the task's version, for the same reason.
    k : the exponent of g(m) = m ** k.
    reached : the largest mean reward of a farmed answer on the training rows.
    farmed : which one earns it.
    rows : training rows used, drawn as reinforcement learning draws them.
    data : a short hash of those rows.
    mad : median absolute deviation of the training golds, in the answer's unit; None where the
        answer is no number.
    scale : the scale that the answer declares, in the same unit.
    """

    task: str
    answer: str
    version: int
    k: float
    reached: float
    farmed: str
    rows: int
    data: str
    mad: float | None = None
    scale: float | None = None

    @property
    def off_scale(self) -> float | None:
        """The declared scale over the measured one, where they differ by more than a factor 2."""
        if not self.mad or not self.scale:
            return None
        ratio = self.scale / self.mad
        return None if 0.5 <= ratio <= 2.0 else ratio


def read_calibrations(text: str, where: str) -> dict[str, Calibration]:
    """Return the calibrations of a table by task.

    Raises
    ------
    DataError : if the text is not such a table.
    """
    known = {field.name for field in fields(Calibration)}
    try:
        rows: Any = json.loads(text)
        table = {name: Calibration(task=name, **row) for name, row in rows.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise DataError(
            f"{where} is no table of calibrations ({error}); each task has {sorted(known)}: write "
            "it again with `scireasoner rewards calibrate --out FILE`"
        ) from error
    return table


def write_calibrations(table: Mapping[str, Calibration]) -> str:
    """Return the table as JSON, a task a line, in the order of names."""
    lines = []
    for name in sorted(table):
        row = {key: value for key, value in asdict(table[name]).items() if key != "task"}
        lines.append(f"{json.dumps(name)}: {json.dumps(row)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


@cache
def shipped() -> Mapping[str, Calibration]:
    """Return the table of the package; read once."""
    place = files("scireasoner.tasks") / FILE
    return MappingProxyType(read_calibrations(place.read_text(encoding="utf-8"), FILE))


def packaged() -> Path:
    """Return where the table of the package lies, for the command that writes it."""
    return Path(str(files("scireasoner.tasks") / FILE))


@cache
def calibrated(task: str, answer: str, version: int) -> Soften | None:
    """Return the calibrated map of a task; None if there is none for this kind and version."""
    found = shipped().get(task)
    if found is None or (found.answer, found.version) != (answer, version):
        return None
    return power(found.k)
