"""Arms of the two benchmarks about modes: one start, one budget, different endings of the rows.

An arm continues the SFT model of a finished nano run for the same steps of the same number of
padded tokens on the same tasks; only the endings of the rows of the thinking tasks differ:

- ``direct``: answers at once, as in SFT;
- ``replaced``: worked solutions only (task-level replacement, the recipe's cold start);
- ``mixed``: half the rows of each such task of either kind.

Results are kept in the work folder, and an arm that is there is not trained again.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scireasoner.artifacts import read_json, write_json
from scireasoner.evaluation.run import TaskResult, evaluate
from scireasoner.models.transformers_backend import TransformersBackend
from scireasoner.prompts.reply import compose
from scireasoner.settings import use_data_root
from scireasoner.tasks.registry import get
from scireasoner.training.fit_config import FitConfig
from scireasoner.training.mixture import Part, draw
from scireasoner.training.supervised import supervised
from scireasoner.types import Completion, Mode, Prompt

THINKING = ("nominal_mass", "peptide_formula", "peptide_mass", "balance_reaction")
AT_ONCE = ("composition", "flammable", "logp", "unconditional_molecule")
ARMS = ("direct", "replaced", "mixed")
ROWS_A_STEP = 60
"""Questions of an arm; those of direct answers are short, so they come more often."""
AT_ONCE_SHARE = 0.4
LIMIT = 200
STEPS = 500


def settings(steps: int) -> FitConfig:
    """Return the training of every arm: the SFT rates of the nano recipe, annealed."""
    return FitConfig(
        steps=steps, batch_tokens=1024, accumulation=5, optimizer="muon", lr=2e-3, muon_lr=0.015,
        warmup=0.05, final_lr=0.02, save_every=100,
    )  # fmt: skip


def pairs(
    arm: str, seed: int, rows_in_all: int, thinking: Sequence[str] = THINKING
) -> list[tuple[Prompt, str]]:
    """Return the rows of an arm; every arm asks the same questions."""
    found: list[tuple[Prompt, str]] = []
    for name in thinking:
        task = get(name)
        rows = draw(task, round(rows_in_all * (1 - AT_ONCE_SHARE) / len(thinking)), seed)
        for place, row in enumerate(rows):
            thinks = arm == "replaced" or (arm == "mixed" and place % 2 == 1)
            text = task.worked(row) if thinks and task.worked else None
            if thinks and text is None:
                continue
            answer = task.answer.write(row.example or "")
            mode = Mode.THINK if thinks else Mode.INSTANT
            ending = compose(text, answer)
            if not task.judge(row, Completion(ending, 0), mode).correct:
                raise SystemExit(f"{name} {row.id}: the solution is not right: {ending}")
            found.append((task.render(row, mode), ending))
    for name in AT_ONCE:
        task = get(name)
        for row in draw(task, round(rows_in_all * AT_ONCE_SHARE / len(AT_ONCE)), seed):
            at_once = task.solution(row, Mode.INSTANT)
            if at_once is not None:
                found.append((task.render(row, Mode.INSTANT), at_once))
    return found


def options_of(description: str | None) -> argparse.Namespace:
    """Read the command line of a benchmark of arms."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--run", type=Path, action="append", required=True)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--tasks", nargs="+", choices=THINKING, default=THINKING)
    return parser.parse_args()


def one_thread() -> None:
    """Leave the other cores to others; results repeat only with the same number of threads."""
    import torch

    torch.set_num_threads(1)


def arm(
    run: Path,
    kind: str,
    work: Path,
    *,
    steps: int,
    thinking: Sequence[str] = THINKING,
) -> dict[str, Any]:
    """Train an arm from a run's SFT model and measure it on the test rows; kept in ``work``.

    ``start`` is the SFT model itself. The seed is the run's.
    """
    seed = int(run.name.rsplit("seed", 1)[1])
    out = work / f"{run.name}-{kind}-{steps}-{'-'.join(thinking)}"
    kept = out / "result.json"
    if kept.is_file():
        found: dict[str, Any] = read_json(kept)
        return found
    trained = out / "trained.json"
    with use_data_root(run / "data"):
        if kind != "start" and not trained.is_file():
            rows = ROWS_A_STEP * steps
            begin = time.process_time()
            facts = supervised(
                run / "sft" / "model",
                [Part("arm", rows, lambda: pairs(kind, seed, rows, thinking))],
                settings(steps), max_length=320, out=out, seed=seed, label=f"{run.name} {kind}",
            )  # fmt: skip
            spent = round(time.process_time() - begin, 1)
            write_json(trained, {"facts": dict(facts), "train_cpu_s": spent})
        backend = TransformersBackend((run / "sft" if kind == "start" else out) / "model")
        modes = ("instant",) if kind in ("start", "direct") else ("think", "instant")
        measured = {mode: _measure(backend, mode, thinking, out, seed) for mode in modes}
    result = {"scores": measured, **({} if kind == "start" else read_json(trained))}
    write_json(kept, result)
    return result


def _measure(
    backend: Any, mode: str, thinking: Sequence[str], out: Path, seed: int
) -> dict[str, Any]:
    """Return what the tasks give: the thinking ones in the mode, the others at once."""
    names = thinking if mode == "think" else (*thinking, *AT_ONCE)
    found = evaluate(
        [get(name) for name in names], backend, mode=Mode(mode), limit=LIMIT, seed=seed, out=out
    )
    return {name: _plain(result) for name, result in found.items()}


def _plain(result: TaskResult) -> dict[str, Any]:
    return {
        "tokens": result.tokens,
        "faults": dict(result.faults),
        "compliance": asdict(result.compliance),
        "estimates": {n: asdict(result.estimates[n]) for n in ("accuracy", "score")},
        "correct": [outcome.correct for outcome in result.outcomes],
    }


def cell(scores: dict[str, Any]) -> str:
    """Return an accuracy with its interval."""
    own = scores["estimates"]["accuracy"]
    return f"{own['value']:.3f} [{own['low']:.3f}, {own['high']:.3f}]"


def paired(first: dict[str, Any], second: dict[str, Any]) -> str:
    """Return the first minus the second on the same rows, with the 95 % bounds of the mean."""
    pairs = zip(first["correct"], second["correct"], strict=True)
    differences = [int(a) - int(b) for a, b in pairs]
    n = len(differences)
    mean = sum(differences) / n
    half = 1.96 * (sum((d - mean) ** 2 for d in differences) / max(1, n - 1) / n) ** 0.5
    return f"{mean:+.3f} [{mean - half:+.3f}, {mean + half:+.3f}]"
