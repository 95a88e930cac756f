"""Several processes take the very step that one process takes: pretraining, SFT, RL, FSDP2."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CLOSE = 1e-5  # of the largest entry of a tensor: sums in another order, in float32


def launch(processes: int, checkpoint: Path, out: Path, *kinds: str) -> Path:
    """Run ``spread.py`` in so many processes; return the folder of its gradients."""
    torchrun = ["-m", "torch.distributed.run", "--standalone", f"--nproc_per_node={processes}"]
    done = subprocess.run(
        [
            sys.executable,
            *(torchrun if processes > 1 else []),
            str(HERE / "spread.py"),
            *(str(checkpoint), str(out), *kinds),
        ],
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return out


@pytest.fixture(scope="module")
def alone(checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("alone")
    return launch(1, checkpoint, out, "pretrain", "sft", "rl")


@pytest.fixture(scope="module")
def two(checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("two")
    return launch(2, checkpoint, out, "pretrain", "sft", "rl", "local means")


def furthest(one: Path, other: Path, kind: str, as_kind: str = "") -> float:
    """Return the largest difference of two gradients, as a share of its tensor's largest entry."""
    from safetensors.torch import load_file

    first: dict[str, Any] = load_file(str(one / f"{kind}.safetensors"))
    second = load_file(str(other / f"{as_kind or kind}.safetensors"))
    assert first.keys() == second.keys()
    assert all(tensor.abs().max() > 0 for tensor in first.values())
    return max(float((t - second[n]).abs().max() / t.abs().max()) for n, t in first.items())


@pytest.mark.parametrize("kind", ["pretrain", "sft", "rl"])
def test_two_processes_take_the_step_of_one(kind: str, alone: Path, two: Path) -> None:
    assert furthest(alone, two, kind) < CLOSE * (10 if kind == "rl" else 1)


def test_a_mean_in_each_process_would_be_another_step(alone: Path, two: Path) -> None:
    """The batches of the processes hold different numbers of tokens, so the test can fail."""
    assert furthest(alone, two, "sft", "local means") > 0.05


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["pretrain", "sft", "rl"])
def test_four_processes_take_the_step_of_one(kind: str, alone: Path, four: Path) -> None:
    assert furthest(alone, four, kind) < CLOSE * (10 if kind == "rl" else 1)


@pytest.fixture(scope="module")
def four(checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("four")
    return launch(4, checkpoint, out, "pretrain", "sft", "rl")


@pytest.mark.slow
def test_fsdp2_shards_and_takes_the_same_step(
    checkpoint: Path, alone: Path, tmp_path: Path
) -> None:
    out = launch(2, checkpoint, tmp_path, "fsdp2")
    held = [json.loads((out / f"rank{rank}.json").read_text())["fsdp2"] for rank in (0, 1)]
    assert sum(held) == pytest.approx(1.0)
    assert max(held) < 0.6
    assert furthest(alone, out, "sft", "fsdp2") < CLOSE
