"""What a task's numbers are held against: majority, nearest neighbour and a classical model.

Computed on the very rows that ``eval`` asks a model, by the one judge, and kept in a small JSON
file that ships with the documentation, so that a scorecard can be written without doing it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from scireasoner.artifacts import read_json, write_json
from scireasoner.errors import DataError, JudgeError
from scireasoner.evaluation.baselines import MajorityBackend, NearestBackend, Trained
from scireasoner.evaluation.forest import FOREST, MAX_TRAIN, ForestBackend, has_forest
from scireasoner.evaluation.run import evaluate
from scireasoner.measuring import Measured, measured_of
from scireasoner.tasks.task import Task
from scireasoner.types import Estimate, Mode, Split

_FORM = 1
_NUMBER = frozenset({
    "task", "metric", "mode", "estimate", "published", "key", "prompt", "parts", "comparable",
    "interval", "tokens", "asked", "left_out",
})  # fmt: skip


@dataclass(frozen=True)
class Yardstick:
    """The baselines of one task.

    Parameters
    ----------
    rows, train : test rows asked, training rows looked at.
    scores : baseline name -> its numbers.
    features : what the classical model was shown, in words; empty where there is none.
    """

    task: str
    rows: int
    train: int
    scores: Mapping[str, Measured]
    features: str = ""


@dataclass(frozen=True)
class Yardsticks:
    """All baselines of a file, and the leaks of test rows that a check of the data found.

    Parameters
    ----------
    settings : ``split``, ``limit``, ``train`` and ``seed`` that they were computed with.
    tasks : by task name.
    failed : task -> why there are no baselines.
    leaks : task -> how many test rows stand in its own training rows, by :func:`leaks_of`.
    """

    settings: Mapping[str, Any] = field(default_factory=dict)
    tasks: Mapping[str, Yardstick] = field(default_factory=dict)
    failed: Mapping[str, str] = field(default_factory=dict)
    leaks: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def measure_yardsticks(
    tasks: Sequence[Task],
    out: Path,
    *,
    limit: int = 1000,
    train: int = MAX_TRAIN,
    seed: int = 0,
    predictions: Path | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Yardsticks:
    """Measure the baselines of tasks; what is in the file already is not done again.

    Parameters
    ----------
    out : JSON file, written after each task. Numbers of other settings or of another wording of
        the task are replaced.
    limit : the first test rows of each task, as ``eval`` takes them.
    train : training rows looked at, the first ones of the fixed order.
    predictions : a folder that gets every answer, one folder a baseline, for ``score``.
    tell : told each task as it is done.

    Raises
    ------
    DataError : if the file is damaged, or a task has no rows here.
    """
    settings = {"split": "test", "limit": limit, "train": train, "seed": seed}
    found = read_yardsticks(out) if out.is_file() else Yardsticks(settings)
    same = dict(found.settings) == settings
    done = dict(found.tasks) if same else {}
    failed = dict(found.failed) if same else {}
    for number, task in enumerate(tasks, start=1):
        label = f"[{number}/{len(tasks)}] {task.name}"
        known = done.get(task.name)
        if known is not None and all(m.prompt == task.prompt_hash for m in known.scores.values()):
            tell(f"{label}: done before")
            continue
        failed.pop(task.name, None)
        try:
            done[task.name] = _measured(task, limit, train, seed, predictions)
        except (DataError, JudgeError) as error:
            done.pop(task.name, None)
            failed[task.name] = str(error)
        found = Yardsticks(settings, done, failed, found.leaks)
        write_yardsticks(found, out)
        tell(f"{label}: {failed.get(task.name) or _said(done[task.name])}")
    return found


def _measured(task: Task, limit: int, train: int, seed: int, predictions: Path | None) -> Yardstick:
    backends: list[Trained] = [MajorityBackend(task, rows=train), NearestBackend(task, rows=train)]
    forest = ForestBackend(task, rows=train, seed=seed)
    if has_forest(task):
        backends.append(forest)
    scores = {}
    for backend in backends:
        out = None if predictions is None else predictions / backend.name.replace(" ", "_")
        result = evaluate([task], backend, limit=limit, seed=seed, out=out)[task.name]
        scores[backend.name] = measured_of(task, result, seed)
    rows = len(task.samples(Split.TEST, limit))
    words = forest.seen.get(task.name, "") if FOREST in scores else ""
    return Yardstick(task.name, rows, len(backends[0].known(task)), scores, words)


def _said(found: Yardstick) -> str:
    return ", ".join(f"{name} {m.estimate.value:.3f}" for name, m in found.scores.items())


def leaks_of(findings: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """Return the leaks within each task that a check of the data found.

    Parameters
    ----------
    findings : what ``scireasoner data check --out`` writes.

    Returns
    -------
    Task -> ``of`` (test rows), ``equal`` (an object of the row is in its training rows) and
    ``similar`` (equal or at least 90 % alike), the worst kind of object counting; zeros for a
    task that was checked and shares nothing. ``similar`` is absent where the check looked for
    equal objects only (``--exact``).
    """
    kinds = ("equal", "similar") if findings.get("likeness", True) else ("equal",)
    found = {
        name: {"of": splits["test"], **dict.fromkeys(kinds, 0)}
        for name, splits in findings["rows"].items()
        if splits.get("test") and splits.get("train")
    }
    for overlap in findings["overlaps"]:
        task = overlap["test"]
        if task != overlap["train"] or task not in found:
            continue
        for key in kinds:
            found[task][key] = max(found[task][key], overlap[key])
    return found


def write_yardsticks(found: Yardsticks, out: Path) -> None:
    """Write all baselines as JSON, tasks in the order of their names."""
    write_json(
        out,
        {
            "form": _FORM,
            "settings": dict(found.settings),
            "tasks": {name: _plain(own) for name, own in sorted(found.tasks.items())},
            "failed": dict(sorted(found.failed.items())),
            "leaks": {name: dict(own) for name, own in sorted(found.leaks.items())},
        },
    )


def read_yardsticks(path: Path) -> Yardsticks:
    """Read what :func:`write_yardsticks` wrote; DataError if the file is damaged."""
    stored = read_json(path)
    try:
        if stored["form"] != _FORM:
            raise DataError(f"{path} is of another form: measure the baselines again")
        tasks = {name: _read(name, own) for name, own in stored["tasks"].items()}
        return Yardsticks(stored["settings"], tasks, stored["failed"], stored["leaks"])
    except (KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{path} is no file of baselines ({error}): measure them again") from error


def _plain(own: Yardstick) -> dict[str, Any]:
    scores = {name: measured_plain(m) for name, m in own.scores.items()}
    return {"rows": own.rows, "train": own.train, "features": own.features, "scores": scores}


def _read(task: str, stored: Mapping[str, Any]) -> Yardstick:
    scores = {name: measured_from(own) for name, own in stored["scores"].items()}
    return Yardstick(task, stored["rows"], stored["train"], scores, stored["features"])


def measured_plain(measured: Measured) -> dict[str, Any]:
    """Return a number as plain values, floats at six digits."""
    plain: dict[str, Any] = _rounded(asdict(measured))
    return {name: value for name, value in plain.items() if name in _NUMBER}


def measured_from(stored: Mapping[str, Any]) -> Measured:
    """Return the number that was stored as plain values; KeyError or TypeError if it is none."""
    # How it was decoded and kept to its mode is for `eval` to show; only its number counts here.
    values = {name: own for name, own in stored.items() if name in _NUMBER}
    values["estimate"] = Estimate(**values["estimate"])
    values["mode"] = None if values["mode"] is None else Mode(values["mode"])
    interval = values.get("interval")
    values["interval"] = None if interval is None else (interval[0], interval[1])
    return Measured(**values)


def measured_in(stored: Mapping[str, Any]) -> Iterator[Measured]:
    """Yield the numbers of a file that ``scireasoner eval --out`` wrote."""
    for row in stored["scores"]:
        yield measured_from(row)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {key: _rounded(own) for key, own in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(own) for own in value]
    return value
