"""The executors of clusters are made from the recipe. None is here: Slurm's commands are faked."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from scireasoner.corpus import executors, holding
from scireasoner.corpus.executors import Stage, executor_of, run_in_turn, submit
from scireasoner.corpus.holding import Guard, building
from scireasoner.corpus.recipe import RunConfig
from scireasoner.errors import (
    DataError,
    InputError,
    MissingTool,
    RecipeError,
    SciReasonerError,
    StorageError,
)

SLURM = {"partition": "cpu", "time": "04:00:00", "mem_per_cpu_gb": 4, "qos": "low"}


SBATCH = """#!/bin/sh
for last; do :; done
[ -f refuse ] && exit 1
number=$(ls | grep -c '[.]sbatch$')
cp "$last" $number.sbatch
echo "$@" > $number.options
echo "Submitted batch job $((100 + number))"
"""


@pytest.fixture
def slurm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where a Slurm that runs nothing keeps its jobs; ``queue`` is what squeue prints."""
    folder = tmp_path / "slurm"
    folder.mkdir()
    for name, text in (("sbatch", SBATCH), ("squeue", "#!/bin/sh\ncat queue\n")):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(folder)
    return folder


def stages(folder: Path) -> list[Stage]:
    return [
        Stage(name, tasks, folder / name, lambda: [print])
        for name, tasks in (("clean", 4), ("tokens", 2), ("pack", 3))
    ]


def test_slurm_jobs_depend_on_each_other(tmp_path: Path, slurm: Path) -> None:
    run = RunConfig("slurm", workers=2, slurm={**SLURM, "sbatch_args": {"account": "us"}})
    submit(stages(tmp_path), tmp_path, run)
    launched = [
        (path.read_text(), path.with_suffix(".options").read_text())
        for path in sorted(slurm.glob("*.sbatch"))
    ]
    jobs = [(text, options) for text, options in launched if "launch_pickled_pipeline" in text]
    assert len(jobs) == 3
    for (text, _), (name, tasks) in zip(
        jobs, (("clean", 4), ("tokens", 2), ("pack", 3)), strict=True
    ):
        assert "#SBATCH --partition=cpu" in text
        assert "#SBATCH --time=04:00:00" in text
        assert "#SBATCH --mem-per-cpu=4G" in text
        assert "#SBATCH --account=us" in text
        assert "#SBATCH --kill-on-invalid-dep=yes" in text
        assert f"#SBATCH --job-name={name}" in text
        assert f"#SBATCH --array=0-{tasks - 1}%2" in text
        assert (tmp_path / name / "executor.pik").is_file()
    assert "--dependency" not in jobs[0][1]
    assert "--dependency=afterok:100" in jobs[1][1]
    assert "--dependency=afterok:102" in jobs[2][1]


def test_a_folder_whose_jobs_are_queued_is_left_alone(tmp_path: Path, slurm: Path) -> None:
    # Sixteen tasks in four arrays: every job counts, not only the last that datatrove knows.
    run = RunConfig("slurm", slurm={**SLURM, "max_array_size": 4})
    submit([Stage("clean", 16, tmp_path / "clean", lambda: [print])], tmp_path, run)
    (slurm / "queue").write_text("100\n100\n999\n")
    with (
        pytest.raises(StorageError, match=r"Slurm has its jobs 100; .*xargs scancel"),
        building(tmp_path),
    ):
        pass
    assert (tmp_path / ".jobs").read_text().split() == ["100", "101", "102", "103", "104"]
    (slurm / "squeue").write_text("#!/bin/sh\necho timed out >&2\nexit 1\n")
    with pytest.raises(StorageError, match=r"cannot be asked \(timed out\)"), building(tmp_path):
        pass
    (slurm / "squeue").write_text("#!/bin/sh\necho Invalid job id specified >&2\nexit 1\n")
    with building(tmp_path):
        assert not (tmp_path / ".jobs").exists()


def test_what_slurm_refuses_is_said(tmp_path: Path, slurm: Path) -> None:
    (slurm / "refuse").touch()
    with pytest.raises(InputError, match="Slurm refused the stage 'clean'"):
        submit(stages(tmp_path), tmp_path, RunConfig("slurm", slurm=SLURM))


def test_a_machine_without_slurm_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scireasoner.corpus.executors.which", lambda _: None)
    with pytest.raises(MissingTool, match="sbatch"):
        submit(stages(tmp_path), tmp_path, RunConfig("slurm", slurm=SLURM))


def test_a_stage_does_not_build_on_half_of_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "_MARK_S", 0.0)
    first, second, _ = stages(tmp_path)
    made = executor_of(second, RunConfig("slurm", slurm=SLURM), tmp_path, first)
    guard = made.pipeline[0]
    assert guard == Guard(tmp_path, False, (tmp_path / "clean", 4))
    marks = tmp_path / "clean" / "completions"
    marks.mkdir(parents=True)
    for rank in range(3):
        (marks / f"{rank:05d}").touch()
    with pytest.raises(DataError, match="1 of 4 tasks of the stage 'clean' failed"):
        guard("data")
    (marks / "00003").touch()
    assert guard("data") == "data"


def test_one_task_of_an_array_waits_for_what_will_not_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(holding.time, "sleep", slept.append)
    marks = tmp_path / "clean" / "completions"
    marks.mkdir(parents=True)
    guard = Guard(tmp_path, needs=(tmp_path / "clean", 1))
    # The second array, and a build that goes on (other jobs), look for themselves.
    for array, looks in (("7", 20), ("7", 0), ("7", 0), ("8", 20), ("8", 0)):
        monkeypatch.setenv("SLURM_ARRAY_JOB_ID", array)
        slept.clear()
        with pytest.raises(DataError, match="1 of 1 tasks of the stage 'clean' failed"):
            guard("data")
        assert len(slept) == looks
    (marks / "00000").touch()
    assert guard("data") == "data"


def test_a_failed_task_on_ray_ends_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing:
        """Returns although a task failed, as datatrove's executor on Ray does."""

        def run(self) -> None:
            logs = tmp_path / "clean" / "logs"
            logs.mkdir(parents=True)
            (logs / "task_00002.log").write_text("Traceback\nDataError: no text\n\n")

        def get_incomplete_ranks(self, *, skip_completed: bool) -> list[int]:
            return [2] if skip_completed else []

    monkeypatch.setattr(executors, "find_spec", lambda _: True)
    monkeypatch.setattr(executors, "executor_of", lambda *_: Failing())
    run, done = RunConfig("ray"), list[str]()
    with pytest.raises(
        SciReasonerError, match=r"1 of 4 tasks .*'clean' failed \(DataError: no text"
    ):
        run_in_turn(stages(tmp_path), tmp_path, run, lambda _, name: done.append(name))
    assert done == []


def test_a_ray_executor_takes_its_options(tmp_path: Path) -> None:
    stage = stages(tmp_path)[0]
    run = RunConfig("ray", workers=3, ray={"cpus_per_task": 2, "mem_per_cpu_gb": 8})
    made = executor_of(stage, run, tmp_path)
    assert (type(made).__name__, made.tasks, made.workers) == ("RayPipelineExecutor", 4, 3)
    assert (made.cpus_per_task, made.mem_per_cpu_gb) == (2, 8)


def test_ray_that_is_not_installed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scireasoner.corpus.executors.find_spec", lambda _: None)
    with pytest.raises(MissingTool, match="pip install ray"):
        run_in_turn(stages(tmp_path), tmp_path, RunConfig("ray"), print)


def test_no_more_local_workers_than_tasks(tmp_path: Path) -> None:
    made = executor_of(stages(tmp_path)[1], RunConfig(workers=8), tmp_path)
    assert (type(made).__name__, made.workers) == ("LocalPipelineExecutor", 2)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({**SLURM, "partitoin": "x"}, RecipeError, "no option 'partitoin'; did you mean 'partition'"),
        ({**SLURM, "tasks": 3}, RecipeError, "no option 'tasks'"),
        ({"time": "1:00:00"}, InputError, "partition"),
    ],
)  # fmt: skip
def test_wrong_options_are_named(
    tmp_path: Path, options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        executor_of(stages(tmp_path)[0], RunConfig("slurm", slurm=options), tmp_path)
