"""Made answers to all released tasks, rewarded by ours and scored by the released evaluators.

Part of ``rewards_speed.py``. Seconds of processor time; of wall time where another process works:
Java for our names, the pool of the released retrosynthesis.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from made_predictions import make, rows_of

from scireasoner.tasks.registry import get
from scireasoner.tasks.task import Task
from scireasoner.types import Completion, Sample

HERE = Path(__file__).resolve().parent


Job = tuple[Task, list[tuple[Sample, list[str]]]]
"""A task, and its rows with their answers, the best first."""


def jobs(folder: Path) -> list[Job]:
    """Read the answers, and the rows that they belong to."""
    found = []
    for plan in json.loads((folder / "plan.json").read_text(encoding="utf-8")):
        task = get(plan["task"])
        path = folder / "predictions" / plan["suite"] / f"{plan['name']}.json"
        entries = json.loads(path.read_text(encoding="utf-8")).values()
        said = [entry["prediction"] for entry in entries]
        texts = [text if isinstance(text, list) else [text] for text in said]
        found.append((task, list(zip(rows_of(task, plan["rows"]), texts, strict=True))))
    return found


def ours(work: Sequence[Job]) -> dict[str, float]:
    """Judge and reward every answer; return the seconds by task."""
    found = {}
    for task, rows in work:
        clock = time.perf_counter if task.answer.kind == "iupac name" else time.process_time
        start = clock()
        for sample, beams in rows:
            for draw, text in enumerate(beams):
                task.reward(task.judge(sample, Completion(text, 1), None, draw))
        found[task.name] = max(clock() - start, 1e-9)
    return found


def theirs(folder: Path, released: Sequence[Path], python: str) -> dict[str, float]:
    """Run the released evaluators in a process of their own; return the seconds by task."""
    out = folder / "released.json"
    roots = [str(folder / "hub"), os.environ.get("SCIREASONER_DATA", "")]
    env = {**os.environ, "SCIREASONER_DATA": os.pathsep.join(filter(None, roots)),
           "NLTK_DATA": str(folder / "nltk"), "OMP_NUM_THREADS": "1"}  # fmt: skip
    command = [python, str(HERE / "released.py"), str(folder), "--out", str(out), "--released",
               *(str(path.resolve()) for path in released)]  # fmt: skip
    done = subprocess.run(command, env=env, cwd=folder, capture_output=True)
    if done.returncode:
        sys.exit(done.stderr.decode()[-2000:])
    rows = json.loads(out.read_text(encoding="utf-8"))
    # The released retrosynthesis works in a pool of its own.
    return {r["task"]: r["seconds" if r["task"].startswith("uspto") else "cpu"] for r in rows}


def mixed(
    rows: int, rounds: int, released: Sequence[Path], python: str, forget: Callable[[], object]
) -> None:
    """Print the ratios in all, by suite, and over the tasks: medians of the rounds, in turn.

    ``forget`` empties every memory of ours before a cold turn.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, rows)
        plans = {p["task"]: p for p in json.loads((folder / "plan.json").read_text())}
        work = jobs(folder)
        ours(work)  # packages and tables load on first use
        turns = []
        for _ in range(rounds):
            forget()
            cold = ours(work)
            turns.append((cold, theirs(folder, released, python), ours(work)))
    own, other, again = (
        {task: statistics.median(turn[side][task] for turn in turns) for task in plans}
        for side in range(3)
    )
    suites: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for task, plan in plans.items():
        suites[plan["suite"]][0] += other[task]
        suites[plan["suite"]][1] += own[task]
    total, warm = sum(own.values()), sum(again.values())
    spent = sum(other.values())
    lines = [
        f"mixed batch, {rows} questions of {len(plans)} tasks: released {spent:.1f} s, "
        f"ours {total:.2f} s cold ({spent / total:.1f} times, goal 10: "
        f"{'met' if spent >= 10 * total else 'MISSED'}), {warm:.2f} s warm "
        f"({spent / warm:.1f} times)",
        f"    median over the tasks: {statistics.median(other[t] / own[t] for t in plans):.1f} "
        f"times cold, {statistics.median(other[t] / again[t] for t in plans):.1f} warm",
    ]
    lines += [f"    {suite}: {a / b:.1f} times ({a:.1f} s, {b:.2f} s)"
              for suite, (a, b) in sorted(suites.items())]  # fmt: skip
    slow = sorted(plans, key=lambda task: other[task] / own[task])[:8]
    lines += [f"    least: {t} {other[t] / own[t]:.1f} times ({own[t]:.2f} s)" for t in slow]
    sys.stdout.write("\n".join(lines) + "\n")
