"""Which tasks think: decided by evidence.

A probe, fine-tuned from the SFT model for a moment on direct answers and worked solutions alike,
answers the same development rows in both modes. A task thinks if the gain (in correct answers, or
in the soft score) is surely above a threshold, and worth its tokens. The paper (arXiv 2509.21320)
publishes no rule.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from scireasoner.artifacts import read_json
from scireasoner.errors import InputError, RecipeError
from scireasoner.recipes.bounds import above_zero, not_negative
from scireasoner.tasks.task import Task
from scireasoner.training.fit_config import FitConfig
from scireasoner.training.mixture import Part, check_names, draw, shares
from scireasoner.training.supervised import supervised
from scireasoner.types import Mode, ModeDecision, Outcome, Prompt, Sample

MODES = "modes.json"
METRICS = ("correct", "score")
_Z_95_ONE_SIDED = 1.645


@dataclass(frozen=True)
class ModesConfig:
    """How the modes are decided.

    Parameters
    ----------
    rows : dialogues of the probe, half of them direct, half worked solutions.
    dev : development rows a task answers in both modes.
    metric : what the gain is one in: ``correct`` (share of correct answers) or ``score`` (mean
        soft score, where hardly an answer is wholly right).
    min_gain : the lower 95 % bound of the gain must exceed this.
    min_gain_per_100_tokens : the gain for each 100 extra tokens must reach this.
    weights : task name -> weight in the probe; ``others`` is that of every other task, and a
        task of weight 0 is not tried: it answers at once.
    """

    rows: int = 10_000
    dev: int = 64
    metric: str = "correct"
    min_gain: float = 0.0
    min_gain_per_100_tokens: float = 0.02
    weights: Mapping[str, float] = field(default_factory=dict)
    others: float = 1.0
    max_length: int = 512
    fit: FitConfig = field(default_factory=FitConfig)

    def __post_init__(self) -> None:
        """Check the metric and the numbers."""
        above_zero(self, "rows", "dev", "max_length")
        not_negative(self, "others")
        if self.metric not in METRICS:
            raise RecipeError(f"modes.metric is {self.metric!r}; use one of {', '.join(METRICS)}")


def candidates(tasks: Sequence[Task], config: ModesConfig) -> list[Task]:
    """Return the tasks that can be taught to think and have a weight in the probe."""
    check_names(config.weights, tasks, "modes.weights")
    return [
        task
        for task in tasks
        if task.worked is not None
        and Mode.THINK in task.modes
        and config.weights.get(task.name, config.others) > 0
    ]


def train_probe(
    start: Path, tasks: Sequence[Task], config: ModesConfig, *, out: Path, seed: int, dtype: str
) -> dict[str, float]:
    """Fine-tune the probe on the candidate tasks, each row once direct or once worked."""
    return supervised(
        start,
        probe_parts(tasks, config, seed),
        config.fit,
        max_length=config.max_length,
        out=out,
        seed=seed,
        label="mode probe",
        dtype=dtype,
    )


def probe_parts(tasks: Sequence[Task], config: ModesConfig, seed: int) -> list[Part]:
    """Return the rows of the probe."""
    chosen = candidates(tasks, config)
    weights = {t.name: config.weights[t.name] for t in chosen if t.name in config.weights}
    share = shares(chosen, weights, config.others)
    wanted = {task.name: round(config.rows * share[task.name]) for task in chosen}
    return [
        Part(task.name, wanted[task.name], partial(_pairs, task, wanted[task.name], seed))
        for task in chosen
    ]


def _pairs(task: Task, rows: int, seed: int) -> Iterator[tuple[Prompt, str]]:
    drawn = draw(task, rows, seed)
    yield from (pair for i, row in enumerate(drawn) if (pair := _pair(task, row, i)))


def _pair(task: Task, sample: Sample, index: int) -> tuple[Prompt, str] | None:
    mode = Mode.THINK if index % 2 else Mode.INSTANT
    solution = task.solution(sample, mode)
    return None if solution is None else (task.render(sample, mode), solution)


def decide(
    task: str, instant: Sequence[Outcome], thinking: Sequence[Outcome], config: ModesConfig
) -> ModeDecision:
    """Return the mode of a task from paired outcomes on the same development rows.

    The gain is the mean of thinking minus instant, in correct answers and in the soft score;
    ``config.metric`` says which of them decides.
    """
    if [o.sample_id for o in instant] != [o.sample_id for o in thinking] or not instant:
        raise InputError(f"{task}: modes must be compared on the same rows; rows differ or none")
    n = len(instant)
    correct = _paired([o.correct for o in instant], [o.correct for o in thinking])
    score = _paired([o.score for o in instant], [o.score for o in thinking])
    deciding = score if config.metric == "score" else correct
    spent = [sum(o.tokens for o in side) / n for side in (instant, thinking)]
    per_100 = 100 * deciding.gain / max(spent[1] - spent[0], 1.0)
    sure = deciding.low > config.min_gain
    worth = per_100 >= config.min_gain_per_100_tokens
    reason = (
        "the gain is surely above the threshold"
        if sure and worth
        else "the gain is not surely above the threshold"
        if not sure
        else "the gain is not worth its tokens"
    )
    return ModeDecision(
        task=task,
        n=n,
        instant=correct.instant,
        thinking=correct.thinking,
        gain=correct.gain,
        low=correct.low,
        high=correct.high,
        tokens_instant=spent[0],
        tokens_thinking=spent[1],
        gain_per_100_tokens=per_100,
        mode=Mode.THINK if sure and worth else Mode.INSTANT,
        reason=reason,
        metric=config.metric,
        score_instant=score.instant,
        score_thinking=score.thinking,
        score_gain=score.gain,
        score_low=score.low,
        score_high=score.high,
    )


@dataclass(frozen=True, slots=True)
class _Paired:
    """Two means over the same rows, and the bounds of their difference."""

    instant: float
    thinking: float
    gain: float
    low: float
    high: float


def _paired(instant: Sequence[float], thinking: Sequence[float]) -> _Paired:
    """Return the paired difference with the normal 95 % bounds of its mean.

    They are widened by 1/n, so that a lucky handful of rows cannot decide.
    """
    n = len(instant)
    differences = [b - a for a, b in zip(instant, thinking, strict=True)]
    gain = sum(differences) / n
    variance = sum((d - gain) ** 2 for d in differences) / max(1, n - 1)
    half = _Z_95_ONE_SIDED * math.sqrt(variance / n) + 1 / n
    return _Paired(sum(instant) / n, sum(thinking) / n, gain, gain - half, gain + half)


def mode_table(tasks: Sequence[Task], decisions: Sequence[ModeDecision]) -> dict[str, Mode]:
    """Return task -> mode; a task without evidence answers at once."""
    decided = {decision.task: decision.mode for decision in decisions}
    return {task.name: decided.get(task.name, Mode.INSTANT) for task in tasks}


def as_rows(decisions: Sequence[ModeDecision]) -> list[dict[str, object]]:
    """Return the decisions as plain rows, for an artifact."""
    return [asdict(decision) for decision in decisions]


def load_modes(path: Path) -> tuple[dict[str, Mode], list[ModeDecision]]:
    """Read the mode table and its evidence back from an artifact."""
    raw = read_json(path)
    decisions = [ModeDecision(**{**row, "mode": Mode(row["mode"])}) for row in raw["evidence"]]
    return {name: Mode(mode) for name, mode in raw["modes"].items()}, decisions
