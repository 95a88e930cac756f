"""A cold start with worked solutions against more training on direct answers.

    OMP_NUM_THREADS=1 python benchmarks/cold_start_gain.py --work FOLDER --run runs/nano-seed0 \
        --run runs/nano-seed1

From the SFT model of each finished nano run: the same steps of the same number of tokens, once on
direct answers and once with worked solutions in the place of some tasks' direct answers; the
other tasks' rows are the same. Exact answers on test rows with 95 % intervals. ``mode_arms.py``
says what is trained; arms that are in the work folder are not trained again.
"""

from __future__ import annotations

from typing import Any

from mode_arms import AT_ONCE, arm, cell, one_thread, options_of, paired

if __name__ == "__main__":
    options = options_of(__doc__)
    one_thread()
    for run in options.run:
        arms: dict[str, dict[str, Any]] = {
            kind: arm(
                run,
                kind,
                options.work,
                steps=options.steps,
                thinking=options.tasks,
            )
            for kind in ("start", "direct", "replaced")
        }
        print(f"{run.name}: {options.steps} steps")
        for kind in ("direct", "replaced"):
            facts = arms[kind]["facts"]
            print(f"  {kind}: CPU s {arms[kind]['train_cpu_s']}, pairs {facts['pairs']:.0f}")
        print(f"  {'task':<24}{'SFT':<20}{'more direct':<20}{'cold start':<20}paired")
        for name in (*options.tasks, *AT_ONCE):
            mode = "think" if name in options.tasks else "instant"
            before = arms["start"]["scores"]["instant"][name]
            direct = arms["direct"]["scores"]["instant"][name]
            after = arms["replaced"]["scores"][mode][name]
            print(
                f"  {name:<24}{cell(before):<20}{cell(direct):<20}{cell(after):<20}"
                f"{paired(after, direct)}, tokens {after['tokens']:.0f}"
            )
