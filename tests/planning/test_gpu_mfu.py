"""The script that measures a plan's constants runs, at a micro shape, where there is no GPU."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scireasoner.planning.constants import Utilisation

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_the_script_measures_training_and_rl(tmp_path: Path) -> None:
    options = (
        "--gpu cpu2 --tokens 128 --sequence 32 --steps 2 --warmup 1 --rl-steps 2 --groups 2 "
        "--group-size 2 --max-tokens 8 --rollouts-in-a-pass 2"
    )
    recipe, out = ROOT / "tests" / "e2e" / "micro.toml", tmp_path / "mfu.json"
    script = [str(ROOT / "benchmarks" / "gpu_mfu.py"), "--recipe", str(recipe), "--out", str(out)]
    done = subprocess.run(
        [sys.executable, *script, *options.split()],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "CUDA_VISIBLE_DEVICES": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(out.read_text())
    row = Utilisation(**found["pretrain"]["row"])
    assert 0 < row.value < 2
    assert not row.assumed
    assert found["pretrain"]["tokens"] == 128
    assert found["rl"]["answers"] == 4
    assert found["rl"]["median"] > 0
