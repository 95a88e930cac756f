"""A recipe in several processes: one runs and writes, all train, one says what went wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scireasoner import processes
from scireasoner.errors import InputError

ROOT = Path(__file__).resolve().parents[1]
LAUNCH = ["-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2"]


def launch(root: Path, fails: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *LAUNCH, str(ROOT / "tests" / "launched.py"), str(root), fails],
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_the_main_process_runs_and_writes_and_all_train(tmp_path: Path) -> None:
    done = launch(tmp_path)
    assert done.returncode == 0, done.stderr
    run = tmp_path / "runs" / "toy-seed0"
    files = {
        path.parent.name: sorted(json.loads(path.read_text())["files"])
        for path in run.glob("*/manifest.json")
    }
    assert files == {
        "dig": ["dig-0.txt"],
        "train": ["train-0.txt", "train-1.txt"],
        "weigh": ["weigh-0.txt"],
    }
    assert json.loads((run / "train" / "manifest.json").read_text())["facts"]["by"] == 0
    assert done.stderr.count("[2/3] train\n") == 1
    assert done.stdout.count("run folder") == 1
    again = launch(tmp_path)
    assert again.returncode == 0, again.stderr
    assert again.stderr.count("done before") == 3


# who fails where -> the one message, and the manifests that are there then
SLOW = pytest.mark.slow
FAILURES = [
    pytest.param("dig 0", "scireasoner: dig cannot be done", [], marks=SLOW),
    pytest.param("train 1", "scireasoner: train cannot be done", ["dig"]),
    pytest.param("train 0", "scireasoner: train cannot be done", ["dig"], marks=SLOW),
    pytest.param("weigh 0", "scireasoner: weigh cannot be done", ["dig", "train"], marks=SLOW),
    pytest.param("train 1 bug", "ZeroDivisionError: 1 divided", ["dig"], marks=SLOW),
    pytest.param("recipe", "unknown key 'nonsense'", []),
]


@pytest.mark.parametrize(("fails", "message", "finished"), FAILURES)
def test_an_error_in_one_ends_all_with_one_message(
    fails: str, message: str, finished: list[str], tmp_path: Path
) -> None:
    done = launch(tmp_path, fails)
    assert done.returncode != 0
    ours = done.stderr.split("torch/distributed")[0]
    assert done.stderr.count(message) == 1, ours
    assert "DistStoreError" not in done.stderr
    found = sorted(p.parent.name for p in (tmp_path / "runs").glob("*/*/manifest.json"))
    assert found == finished


def test_one_process_waits_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RANK", "WORLD_SIZE"):
        monkeypatch.delenv(name, raising=False)
    assert processes.shared("here", lambda: 3) == 3
    processes.meet("here")
    assert processes.is_main()


def test_without_a_launcher_the_way_to_start_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "4")
    monkeypatch.setenv("RANK", "1")
    monkeypatch.delenv("TORCHELASTIC_USE_AGENT_STORE", raising=False)
    with pytest.raises(InputError, match="WORLD_SIZE is 4, but neither torchrun nor accelerate"):
        processes.meet("here")
