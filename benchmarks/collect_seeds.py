"""Collect the headline scores of a recipe's seeds, so that its report can show their spread.

Run: ``scireasoner run nano --seed 1`` for each seed, then
``python benchmarks/collect_seeds.py nano runs``; writes ``recipes/nano.seeds.json``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from scireasoner.artifacts import versions, write_json
from scireasoner.recipes import shipped
from scireasoner.scoring import SCORES, seed_scores
from scireasoner.tasks.registry import select


def main(recipe: str, runs: Path) -> None:
    headline = {task.name: task.headline.name for task in select(["embedded"])}
    seeds = {
        path.parent.parent.name.rsplit("seed", 1)[1]: seed_scores(path, headline)
        for path in sorted(runs.glob(f"{recipe}-seed*/evaluation/{SCORES}"))
    }
    out = shipped()[recipe].with_suffix(".seeds.json")
    write_json(out, {"seeds": seeds, "metrics": headline, "versions": versions()})
    sys.stdout.write(f"{out}: seeds {', '.join(seeds)}\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
