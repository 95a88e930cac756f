"""How long ``import scireasoner`` and ``scireasoner --version`` take, against a bare Python.

Prints the least of several runs in seconds, and the ratio to ``python -c pass``.
"""

from __future__ import annotations

import subprocess
import sys
import time

_RUNS = 7
_COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "import scireasoner": ["-c", "import scireasoner"],
    "import .rewards": ["-c", "import scireasoner.rewards"],
    "import .trainers": ["-c", "import scireasoner.trainers"],
    "import .trainers.core": ["-c", "import scireasoner.trainers.core"],
    "scireasoner --version": ["-m", "scireasoner.cli", "--version"],
}


def seconds(arguments: list[str]) -> float:
    """Return the least wall time of several runs."""
    times = []
    for _ in range(_RUNS):
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return min(times)


if __name__ == "__main__":
    measured = {name: seconds(arguments) for name, arguments in _COMMANDS.items()}
    bare = measured["python -c pass"]
    for name, value in measured.items():
        print(f"{name:<24}{value:.3f} s   x{value / bare:.2f}")
