"""A task, a teacher that knows half of it, and harvests that are killed or find the disk full."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from misbehaving import Act, say
from scireasoner.answers import Formula
from scireasoner.errors import SciReasonerError
from scireasoner.tasks.task import Task
from scireasoner.training.harvest import (
    HarvestConfig,
    LimitsConfig,
    TeacherConfig,
    Trace,
    Yield,
    harvest,
)
from scireasoner.training.teachers.opening import open_teachers
from scireasoner.types import Domain, Family, Sample, Split

CARBONS = re.compile(r"<SMILES>(C+)</SMILES>")
TRAIN = 40


@dataclass(frozen=True)
class Rows:
    rows: Mapping[Split, Sequence[Sample]]

    def load(self, task: str, split: Split) -> Sequence[Sample]:
        return self.rows.get(split, ())


def formula_of(carbons: int) -> str:
    return f"C{carbons if carbons > 1 else ''}H{2 * carbons + 2}"


def alkanes(name: str = "alkanes") -> Task:
    rows = [
        Sample(f"alkane-{n}", {"smiles": "C" * n}, formula_of(n), meta={"entity": f"alkane {n}"})
        for n in range(1, TRAIN + 1)
    ]
    return Task(
        name=name,
        suite="test",
        family=Family.TRANSLATION,
        domain=Domain.MOLECULE,
        prompt=f"What is the formula of {{smiles}} ({name})?",
        inputs={"smiles": "smiles"},
        answer=Formula(),
        data=Rows({Split.TRAIN: rows}),
        source="made for a test",
        licence="CC0-1.0",
        worked=lambda sample: f"{len(sample.inputs['smiles'])} carbons",
    )


def limits(**changes: Any) -> LimitsConfig:
    return replace(LimitsConfig(), **changes)


def carbons_of(payload: Any) -> int:
    found = CARBONS.search(payload["messages"][-1]["content"])
    assert found is not None
    return len(found[1])


def knows(payload: Any) -> Act:
    """Answer every second question right, after a thought that comes apart."""
    n = carbons_of(payload)
    right = formula_of(n if n % 2 else n + 1)
    thought = f"There are {n} carbons, and two hydrogens for each and two more."
    return say(f"<MOLFORMULA>{right}</MOLFORMULA>", reasoning_content=thought)


def config(url: str, **changes: Any) -> HarvestConfig:
    """Return a harvest with one endpoint; changes named ``teacher_...`` are the teacher's."""
    own = {k.removeprefix("teacher_"): v for k, v in changes.items() if k.startswith("teacher_")}
    rest = {k: v for k, v in changes.items() if not k.startswith("teacher_")}
    terms = {"concurrency": 1, "attempts": 1, "timeout_s": 20.0, "max_tokens": 64, **own}
    teacher = TeacherConfig("far", f"openai:{url}#m", **terms)
    base = HarvestConfig(target=9, budget=30, first=10, epsilon=0.1, batch=5, teachers=(teacher,))
    return replace(base, **rest)


def run(
    settings: HarvestConfig, folder: Path, tasks: Sequence[Task] = (), **more: Any
) -> tuple[list[Trace], list[Yield]]:
    """Harvest into a folder, with the journals beside the log, as a recipe's stage does."""
    tasks = tasks or [alkanes()]
    names = [task.name for task in tasks]
    teachers = open_teachers(settings, lambda: None, names, folder / "teachers", 0)  # type: ignore[arg-type,return-value]
    return harvest(tasks, teachers, settings, folder / "harvest", 0, **more)


def run_and_die(settings: HarvestConfig, folder: Path, file: str, nth: int) -> None:
    """Harvest; kill -9 when a file is about to be opened for writing the nth time."""
    seen = 0

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        if event == "open" and str(arguments[0]).endswith(file) and arguments[1] == "a":
            seen += 1
            if seen == nth:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    _quiet(settings, folder)


def run_on_a_full_disk(settings: HarvestConfig, folder: Path, size: int, told: Path) -> None:
    """Harvest where no file can grow beyond ``size`` bytes; keep what is told."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    try:
        _quiet(settings, folder)
    except SciReasonerError as error:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        told.write_text(str(error))
        sys.exit(error.exit_code)


def run_quietly(settings: HarvestConfig, folder: Path) -> None:
    """Harvest to the end."""
    _quiet(settings, folder)


def run_until_stopped(settings: HarvestConfig, folder: Path) -> None:
    """Harvest until Ctrl-C, and end as the command does."""
    # A test run in the background of a shell leaves Ctrl-C ignored to its children.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        _quiet(settings, folder)
    except KeyboardInterrupt:
        sys.exit(130)


def _quiet(settings: HarvestConfig, folder: Path) -> None:
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stderr(nowhere):
        run(settings, folder)
