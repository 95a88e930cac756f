"""The evaluation stage: every checkpoint and both baselines on the test rows, then the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scireasoner.artifacts import read_json, read_jsonl, versions, write_json
from scireasoner.evaluation.baselines import MajorityBackend, NearestBackend
from scireasoner.evaluation.compare import beats, gain, sure
from scireasoner.evaluation.report import write_report
from scireasoner.evaluation.report_data import ReportData
from scireasoner.evaluation.run import TaskResult, evaluate, reward_metric
from scireasoner.models.transformers_backend import TransformersBackend
from scireasoner.recipes import seeds_of
from scireasoner.run import Run
from scireasoner.tasks.task import Task
from scireasoner.training.development import DEVELOPMENT
from scireasoner.training.difficulty import TABLE
from scireasoner.training.loop import CURVE
from scireasoner.training.modes import MODES, load_modes
from scireasoner.training.rl_state import WARNINGS
from scireasoner.training.rollout_log import SAMPLES
from scireasoner.types import Estimate, Mode, ModeDecision

CHECKPOINTS = ("pretrain", "sft", "cold_start", "rl")
SCORES = "scores.json"
REPORT = "report.html"
Results = dict[str, dict[str, TaskResult]]


def scoring(run: Run, out: Path) -> Mapping[str, Any]:
    """Score all checkpoints and baselines; write every score, what RL changed, and the report."""
    table, evidence = load_modes(run.path("modes") / MODES)
    stages: Results = {}
    for name in CHECKPOINTS:
        # Before the cold start a model has learnt direct answers only.
        mode = table if name in ("cold_start", "rl") else Mode.INSTANT
        stages[name] = _score(run, TransformersBackend(run.path(name) / "model"), mode, out / name)
    baselines = {
        backend.name: _score(run, backend, Mode.INSTANT, out / backend.name.replace(" ", "_"))
        for backend in (MajorityBackend(*run.tasks), NearestBackend(*run.tasks))
    }
    gains = [_gain(task, stages, run.seed) for task in run.tasks]
    scores = {who: {t: _plain(r) for t, r in own.items()} for who, own in stages.items()}
    others = {who: {t: _plain(r) for t, r in own.items()} for who, own in baselines.items()}
    write_json(out / SCORES, {"scores": scores, "baselines": others, "rl_gains": gains})
    data = _report_data(run, stages, baselines, evidence)
    write_report(data, out / REPORT)
    won = [t.name for t in run.tasks if _beats_baselines(t, stages["rl"], baselines)]
    raised = [row["task"] for row in gains if row["verdict"] == "apart"]
    return {"beats_both_baselines": won, "rl_raised_reward_apart": raised}


def _score(run: Run, backend: Any, mode: Any, out: Path) -> dict[str, TaskResult]:
    limit = run.recipe.evaluation.limit
    return evaluate(run.tasks, backend, mode=mode, limit=limit, seed=run.seed, out=out)


def _plain(result: TaskResult) -> dict[str, Any]:
    """Return a result without its rows."""
    return {
        "mode": result.mode,
        "tokens": result.tokens,
        "answered": result.answered,
        "faults": dict(result.faults),
        "compliance": asdict(result.compliance),
        "estimates": {name: asdict(e) for name, e in result.estimates.items()},
    }


def _beats_baselines(task: Task, final: Mapping[str, TaskResult], baselines: Results) -> bool:
    """Return whether the task's own metric is better than both baselines, intervals apart."""
    metric = task.headline
    others = [own[task.name].estimates[metric.name] for own in baselines.values()]
    return beats(final[task.name].estimates[metric.name], others, metric.direction)


def _gain(task: Task, stages: Results, seed: int) -> dict[str, Any]:
    """Return what RL changed in held-out reward: paired, and whether the intervals are apart."""
    after, before = stages["rl"][task.name], stages["cold_start"][task.name]
    difference = gain(after.outcomes, before.outcomes, reward_metric(task), seed)
    new, old = after.estimates["reward"], before.estimates["reward"]
    return {
        "task": task.name,
        "before": asdict(old),
        "after": asdict(new),
        "difference": asdict(difference),
        "verdict": "apart" if new.low > old.high else sure(difference),
    }


def _report_data(
    run: Run, stages: Results, baselines: Results, evidence: list[ModeDecision]
) -> ReportData:
    facts = {name: run.facts(name) for name in _finished(run)}
    curves = {name: _curve(run, name) for name in ("pretrain", "sft", "modes", "cold_start")}
    parameters = facts["pretrain"]["parameters"] / 1e6
    return ReportData(
        recipe=run.recipe.name,
        seed=run.seed,
        model=f"Qwen3, {parameters:.2f} M parameters",
        tasks=run.tasks,
        stages=stages,
        baselines=baselines,
        seconds={name: own["seconds"] for name, own in facts.items()},
        modes=evidence,
        curves=curves,
        rl_curve=_curve(run, "rl"),
        rl_warnings=_curve(run, "rl", WARNINGS),
        rl_samples=_curve(run, "rl", SAMPLES),
        rl_development=_curve(run, "rl", DEVELOPMENT),
        seeds=_seeds(run, stages["rl"]),
        seeds_note="Same data and recipe; the seed differs, and may be the number of threads. "
        "Seeds of runs in this folder, and those that ship with the recipe.",
        harvest=facts["harvest"]["yield"],
        difficulty=_difficulty(run),
        corpus=facts["corpus"],
        corpus_tokens=facts["tokenizer"]["tokens"],
        versions=versions(),
        dialogues=run.recipe.evaluation.dialogues,
        notes=(_threshold(run),),
    )


def _threshold(run: Run) -> str:
    settings = run.recipe.modes
    what = "the soft score" if settings.metric == "score" else "accuracy"
    return (
        f"A task of this recipe thinks if the lower bound of its gain in {what} is above "
        f"{settings.min_gain:+.2f} and the gain for each 100 extra tokens is at least "
        f"{settings.min_gain_per_100_tokens:+.2f}."
    )


def _finished(run: Run) -> list[str]:
    order = ("data", "corpus", "tokenizer", "pretrain", "sft", "modes", "harvest")
    # A stage that the recipe leaves out took no time that a reader would look for.
    filtered = ["difficulty"] if run.recipe.difficulty.rows else []
    return [*order, "cold_start", *filtered, "rl"]


def _difficulty(run: Run) -> Mapping[str, Any]:
    path = run.path("difficulty") / TABLE
    return read_json(path) if path.is_file() else {}


def _curve(run: Run, stage: str, file: str = CURVE) -> list[dict[str, Any]]:
    path = run.path(stage) / file
    return read_jsonl(path) if path.is_file() else []


def _seeds(run: Run, final: Mapping[str, TaskResult]) -> dict[int, dict[str, Estimate]]:
    """Return the headline metric of every task by seed: shipped, beside this run, and this run."""
    headline = {task.name: task.headline.name for task in run.tasks}
    raw: dict[int, Mapping[str, Any]] = dict(seeds_of(run.recipe.name))
    for path in sorted(run.folder.parent.glob(f"{run.recipe.name}-seed*/evaluation/{SCORES}")):
        seed = int(path.parent.parent.name.rsplit("seed", 1)[1])
        raw[seed] = seed_scores(path, headline)
    found = {
        seed: {t: Estimate(**e) for t, e in own.items() if t in headline}
        for seed, own in raw.items()
    }
    found[run.seed] = {name: final[name].estimates[metric] for name, metric in headline.items()}
    return dict(sorted(found.items()))


def seed_scores(path: Path, headline: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """Return the headline estimate of each task from a run's scores."""
    scores = read_json(path)["scores"]["rl"]
    return {
        name: scores[name]["estimates"][metric]
        for name, metric in headline.items()
        if name in scores and metric in scores[name]["estimates"]
    }
