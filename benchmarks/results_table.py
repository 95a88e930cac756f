"""Write the results of a run, all tasks, as Markdown: ``python benchmarks/results_table.py RUN``.

The seeds that ship with the recipe (``benchmarks/collect_seeds.py``) give the spread.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scireasoner.artifacts import Artifact, read_json
from scireasoner.evaluation.baselines import MAJORITY, NEAREST
from scireasoner.recipes import seeds_of
from scireasoner.tasks.registry import get

STAGES = ("sft", "cold_start", "rl")


def cell(estimate: Mapping[str, float]) -> str:
    return f"{estimate['value']:.2f} ({estimate['low']:.2f} to {estimate['high']:.2f})"


def table(run: Path, recipe: str) -> str:
    scores = read_json(run / "evaluation" / "scores.json")
    facts = Artifact(run / "evaluation").manifest.facts
    seeds = seeds_of(recipe)
    won = facts["beats_both_baselines"]
    heads = ["task", "metric", "majority or median", "nearest neighbour", "SFT", "cold start", "RL"]
    if seeds:
        heads.append(f"RL over seeds {', '.join(map(str, sorted(seeds)))}")
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for name in (task for task in scores["scores"]["rl"]):
        metric = get(name).metrics[0]
        columns: list[Mapping[str, Any]] = [
            scores["baselines"][b][name] for b in (MAJORITY, NEAREST)
        ]
        columns += [scores["scores"][stage][name] for stage in STAGES]
        cells = [cell(column["estimates"][metric.name]) for column in columns]
        if seeds:
            values = [own[name]["value"] for own in seeds.values() if name in own]
            cells.append(f"{min(values):.2f} to {max(values):.2f}" if values else "")
        shown = f"**{name}**" if name in won else name
        arrow = "↑" if metric.direction == "higher" else "↓"
        lines.append(f"| {shown} | {metric.name} {arrow} | {' | '.join(cells)} |")
    raised = [row for row in scores["rl_gains"] if row["verdict"] == "apart"]
    lowered = [row for row in scores["rl_gains"] if row["verdict"] == "worse"]
    lines += ["", f"Better than both baselines, intervals apart (bold): {', '.join(won)}.", ""]
    lines += ["Held-out reward, RL against cold start:", ""]
    lines += [gain_line(row, "raised, intervals apart") for row in raised]
    lines += [gain_line(row, "lowered, surely (paired)") for row in lowered]
    return "\n".join(lines) + "\n"


def gain_line(row: Mapping[str, Any], verdict: str) -> str:
    return f"- {row['task']}: {cell(row['before'])} -> {cell(row['after'])}, {verdict}"


if __name__ == "__main__":
    sys.stdout.write(table(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "nano"))
