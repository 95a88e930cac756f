"""The executors of clusters are made from the recipe. None is here: what they would submit is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scireasoner.corpus.executors import Stage, executor_of, submit
from scireasoner.corpus.recipe import RunConfig
from scireasoner.errors import InputError, MissingTool, RecipeError

SLURM = {"partition": "cpu", "time": "04:00:00", "mem_per_cpu_gb": 4, "qos": "low"}


def stages(folder: Path) -> list[Stage]:
    return [
        Stage(name, tasks, folder / name, lambda: [print])
        for name, tasks in (("clean", 4), ("tokens", 2), ("pack", 3))
    ]


def test_slurm_jobs_depend_on_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    launched: list[tuple[str, tuple[str, ...]]] = []

    def launch(content: str, retriever: Any, *options: str) -> str:
        launched.append((content, options))
        return str(100 + len(launched))

    monkeypatch.setattr("datatrove.executor.slurm.launch_slurm_job", launch)
    run = RunConfig("slurm", workers=2, slurm=SLURM)
    submit(stages(tmp_path), tmp_path, run)
    jobs = [(text, options) for text, options in launched if "launch_pickled_pipeline" in text]
    assert len(jobs) == 3
    for (text, _), (name, tasks) in zip(
        jobs, (("clean", 4), ("tokens", 2), ("pack", 3)), strict=True
    ):
        assert "#SBATCH --partition=cpu" in text
        assert "#SBATCH --time=04:00:00" in text
        assert "#SBATCH --mem-per-cpu=4G" in text
        assert f"#SBATCH --job-name={name}" in text
        assert f"#SBATCH --array=0-{tasks - 1}%2" in text
        assert (tmp_path / name / "executor.pik").is_file()
    assert not any("--dependency" in option for option in jobs[0][1])
    assert any(option.startswith("--dependency=afterok:") for option in jobs[1][1])
    assert any(option.startswith("--dependency=afterok:") for option in jobs[2][1])


def test_a_ray_executor_takes_its_options(tmp_path: Path) -> None:
    stage = stages(tmp_path)[0]
    run = RunConfig("ray", workers=3, ray={"cpus_per_task": 2, "mem_per_cpu_gb": 8})
    made = executor_of(stage, run, tmp_path)
    assert (type(made).__name__, made.tasks, made.workers) == ("RayPipelineExecutor", 4, 3)
    assert (made.cpus_per_task, made.mem_per_cpu_gb) == (2, 8)


def test_ray_that_is_not_installed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scireasoner.corpus.executors.find_spec", lambda _: None)
    with pytest.raises(MissingTool, match="pip install ray"):
        submit(stages(tmp_path), tmp_path, RunConfig("ray"))


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
