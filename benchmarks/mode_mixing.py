"""Task-level replacement against mixing both kinds of answers within a task.

    OMP_NUM_THREADS=1 python benchmarks/mode_mixing.py --work FOLDER --run runs/nano-seed0 \
        --run runs/nano-seed1

The paper (arXiv 2509.21320) says that mixing is worse. Two arms from the SFT model of each finished
nano run, the same questions, steps and tokens: worked solutions only for the thinking tasks, or
half of their rows direct. Both are asked in both modes. ``mode_arms.py`` says what is trained;
arms that are in the work folder are not trained again.
"""

from __future__ import annotations

from typing import Any

from mode_arms import AT_ONCE, arm, cell, one_thread, options_of, paired


def kept(scores: dict[str, Any]) -> str:
    """Return how replies kept to the mode, and how long they thought."""
    own = scores["compliance"]
    length = "" if own["mean"] is None else f", thought {own['mean']:.0f} (95 % {own['p95']:.0f})"
    faults = "".join(f", {name} {count}" for name, count in own["faults"].items())
    return f"{own['followed']:.1%}{length}{faults}"


if __name__ == "__main__":
    options = options_of(__doc__)
    one_thread()
    for run in options.run:
        arms = {
            kind: arm(
                run,
                kind,
                options.work,
                steps=options.steps,
                thinking=options.tasks,
            )
            for kind in ("replaced", "mixed")
        }
        print(f"{run.name}: {options.steps} steps")
        for mode, names in (("think", options.tasks), ("instant", (*options.tasks, *AT_ONCE))):
            for name in names:
                both = [arms[kind]["scores"][mode][name] for kind in ("replaced", "mixed")]
                print(f"  asked to {mode}, {name}: mixed minus replaced {paired(*both[::-1])}")
                for kind, own in zip(("replaced", "mixed"), both, strict=True):
                    print(f"    {kind:<10}{cell(own):<20}kept to the mode {kept(own)}")
