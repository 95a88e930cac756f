r"""Stored predictions, scored by us and by the released evaluators of arXiv 2509.21320.

    python benchmarks/rescoring.py --rows 100000 --workers 2 \
        --released CHECKOUT [LATER] --python OTHER/bin/python

Makes predictions over every task that has a released evaluator, in the layout of OpenCompass, and
scores the same files twice, each side as a command of its own: ``scireasoner score`` (strict scores
with 1,000 bootstrap resamples, and the paper-compatible numbers), and ``released.py`` (the released
evaluators, one process, as they are written). Prints wall seconds, ratios in all and by suite, our
peak memory at growing files, and whether the paper-compatible numbers are equal. Our side runs
twice more with a folder of kept judgements (``--kept``): once to fill it, and once to see what
scoring the same predictions again costs. Beside them the limit of a first time: ``least_work.py``
does only what no program can leave out (JSON, each molecule once, its fingerprints once), so
nothing on so many processors can beat released / (least / processors). Without ``--released`` only
our side runs.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent


def timed(command: list[str], env: dict[str, str], cwd: Path | None = None) -> float:
    """Run a command and return its wall seconds; its errors end the benchmark."""
    start = time.perf_counter()
    done = subprocess.run(
        command, env=env, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    if done.returncode not in (0, 3):
        sys.exit(done.stderr.decode()[-2000:])
    return time.perf_counter() - start


def peak(command: list[str], env: dict[str, str]) -> float:
    """Run a command and return its peak resident memory in MB, that of its largest process."""
    code = (
        "import resource,subprocess,sys;"
        "subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", code, *command], env=env, capture_output=True)
    return int(done.stdout) / 1024


def ours(folder: Path, out: Path, workers: int, kept: Path | None = None) -> list[str]:
    """Return our command."""
    predictions = str(folder / "predictions")
    keeping = [] if kept is None else ["--kept", str(kept)]
    return [sys.executable, "-m", "scireasoner.cli", "score", predictions, "--partial",
            "--workers", str(workers), "--out", str(out), *keeping]  # fmt: skip


def made(folder: Path, rows: int, env: dict[str, str]) -> Path:
    """Write so many predictions into a folder."""
    place = folder / str(rows)
    timed([sys.executable, str(HERE / "made_predictions.py"), str(place), "--rows", str(rows)], env)
    return place


def compare(folder: Path, mine: Path, theirs: Path) -> None:
    """Print which paper-compatible numbers are equal."""
    scores = json.loads(mine.read_text())["scores"]
    found = {row["task"]: row for row in json.loads(theirs.read_text())}
    plans = json.loads((folder / "plan.json").read_text())
    equal, other, neither = [], [], []
    for plan in plans:
        task, key = plan["task"], plan["key"]
        a = scores.get(task, {}).get("published", {}).get(key)
        b = found[task]["numbers"].get(key)
        b = None if b is None or not math.isfinite(b) else b
        same = a is not None and b is not None and math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-6)
        (equal if same else neither if a is None and b is None else other).append((task, a, b))
    say(f"paper-compatible headline numbers: {len(equal)} equal to 1e-6, {len(other)} not, "
        f"{len(neither)} that neither side gives")  # fmt: skip
    for task, a, b in [*other, *neither]:
        say(f"  {task}: ours {a}, released {b} {found[task]['failed'] or ''}")


def limit(folder: Path, released: float, workers: int, env: dict[str, str]) -> None:
    """Print the largest ratio that any program could reach."""
    command = [sys.executable, str(HERE / "least_work.py"), str(folder)]
    done = subprocess.run(command, env=env, capture_output=True, check=True)
    steps = json.loads(done.stdout)
    least = sum(steps.values())
    parts = ", ".join(f"{name} {seconds:.1f}" for name, seconds in steps.items())
    say(f"least work: {least:.1f} s on one processor ({parts}); the limit of the ratio with "
        f"{workers} workers is {released / (least / workers):.1f}")  # fmt: skip


def by_suite(folder: Path, theirs: Path) -> dict[str, float]:
    """Return the seconds of the released evaluators by suite."""
    plans = json.loads((folder / "plan.json").read_text())
    suites = {plan["task"]: plan["suite"] for plan in plans}
    seconds: dict[str, float] = defaultdict(float)
    for row in json.loads(theirs.read_text()):
        seconds[suites[row["task"]]] += row["seconds"]
    return dict(seconds)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of both sides: one thread a process, the files of the run."""
    roots = [str(folder / "hub"), os.environ.get("SCIREASONER_DATA", "")]
    return {
        **os.environ,
        "SCIREASONER_DATA": os.pathsep.join(root for root in roots if root),
        "NLTK_DATA": str(folder / "nltk"),
        "OMP_NUM_THREADS": "1",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--released", type=Path, nargs="+", metavar="CHECKOUT")
    parser.add_argument("--python", default=sys.executable, help="interpreter for the other side")
    parser.add_argument("--memory", type=int, nargs="*", default=[10_000, 100_000, 300_000])
    parser.add_argument("--folder", type=Path, help="predictions that are made already")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        folder = options.folder or made(base, options.rows, dict(os.environ))
        env = environment(folder)
        mine, theirs = folder / "ours.json", folder / "released.json"
        seconds = {f"{w} workers": timed(ours(folder, mine, w), env)
                   for w in sorted({1, options.workers})}  # fmt: skip
        written = mine.read_bytes()
        for how in ("keeping", "again"):
            command = ours(folder, mine, options.workers, base / "kept")
            seconds[f"{options.workers} workers, {how}"] = timed(command, env)
            if mine.read_bytes() != written:
                sys.exit(f"{how}: the scores are not those of a plain run")
        for how, spent in seconds.items():
            say(f"ours, {how}: {spent:.1f} s, {options.rows / spent:,.0f} answers/s")
        if options.released:
            checkouts = [str(path.resolve()) for path in options.released]
            spent = timed([options.python, str(HERE / "released.py"), str(folder), "--released",
                           *checkouts, "--out", str(theirs)], env, base)  # fmt: skip
            say(f"released: {spent:.1f} s, {options.rows / spent:,.0f} answers/s")
            for how, own in seconds.items():
                say(f"ratio, {how}: {spent / own:.1f}")
            limit(folder, spent, options.workers, env)
            for suite, own in sorted(by_suite(folder, theirs).items(), key=lambda i: -i[1]):
                say(f"  released, {suite}: {own:.1f} s")
            compare(folder, mine, theirs)
        for rows in options.memory:
            place = made(base, rows, dict(os.environ))
            for workers in (1,):
                size = sum(f.stat().st_size for f in (place / "predictions").rglob("*.json")) / 1e6
                used = peak(ours(place, place / "out.json", workers), environment(place))
                say(f"{rows} rows, {size:.0f} MB of predictions: peak memory {used:.0f} MB")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
