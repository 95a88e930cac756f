"""What the processes of a job run in test_processes.py: three stages, the middle one trains."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from scireasoner import cli, stages
from scireasoner.artifacts import write_text
from scireasoner.errors import DataError
from scireasoner.processes import rank
from scireasoner.run import Run, Stage

RECIPE = """
name = "toy"
tasks = ["smiles_to_formula"]
"""


def work(name: str, fails: str) -> Callable[[Run, Path], Mapping[str, Any]]:
    """Return a stage's work: leave a mark, or fail if this is where and who is to fail."""

    def mark(run: Run, out: Path) -> Mapping[str, Any]:
        if fails == f"{name} {rank()}":
            raise DataError(f"{name} cannot be done")
        if fails == f"{name} {rank()} bug":
            raise ZeroDivisionError(f"{1} divided")
        write_text(out / f"{name}-{rank()}.txt", "done")
        return {"by": rank()}

    return mark


def main(root: Path, fails: str) -> int:
    recipe = root / "toy.toml"
    if rank() == 0:
        write_text(recipe, "nonsense = 1" if fails == "recipe" else RECIPE)
    while not recipe.is_file():
        pass
    stages.STAGES = (
        Stage("dig", (), ("data",), work("dig", fails)),
        Stage("train", ("dig",), ("sft",), work("train", fails), everyone=True),
        Stage("weigh", ("train",), ("evaluation",), work("weigh", fails)),
    )
    return cli.main(["run", str(recipe), "--runs", str(root / "runs")])


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
