"""What the numbers of a run say: better than both baselines, improved by RL, not learnt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scireasoner.evaluation.compare import apart, beats, gain, sure
from scireasoner.evaluation.report_data import ReportData, Results
from scireasoner.evaluation.run import TaskResult, reward_metric
from scireasoner.metrics import Metric
from scireasoner.tasks.task import Task
from scireasoner.types import Estimate, Family

COLD_START, RL = "cold_start", "rl"
_RESAMPLES = 1_000


@dataclass(frozen=True)
class RlGain:
    """RL against the cold start on the same held-out rows.

    Parameters
    ----------
    reward : paired difference of the reward, with its interval.
    verdict : what the paired difference says: better, worse or unclear.
    apart : whether the two models' own intervals do not touch either, in RL's favour.
    """

    reward: Estimate
    verdict: str
    apart: bool


@dataclass(frozen=True)
class TaskRow:
    """One task of the score table.

    Parameters
    ----------
    metric : the task's first metric.
    baselines, stages : its estimate by baseline and by stage; None where it was not measured.
    wins : stages that beat every baseline, intervals apart.
    rl : RL against the cold start; None if either was not measured.
    final : the last stage's result; None if it was not measured.
    """

    task: Task
    metric: Metric
    baselines: Mapping[str, Estimate | None]
    stages: Mapping[str, Estimate | None]
    wins: frozenset[str]
    rl: RlGain | None
    final: TaskResult | None

    @property
    def won(self) -> bool:
        """Whether the last stage beats every baseline, intervals apart."""
        return bool(self.stages) and list(self.stages)[-1] in self.wins


def task_rows(data: ReportData) -> list[TaskRow]:
    """Return the score table, one row a task, in the order of the tasks."""
    return [_row(task, data) for task in data.tasks]


def _row(task: Task, data: ReportData) -> TaskRow:
    metric = task.headline
    baselines = {name: _estimate(results, task) for name, results in data.baselines.items()}
    stages = {name: _estimate(results, task) for name, results in data.stages.items()}
    known = [estimate for estimate in baselines.values() if estimate is not None]
    wins = frozenset(
        name
        for name, estimate in stages.items()
        if estimate is not None and beats(estimate, known, metric.direction)
    )
    final = data.final.get(task.name)
    return TaskRow(task, metric, baselines, stages, wins, _rl_gain(task, data), final)


def _estimate(results: Results, task: Task) -> Estimate | None:
    result = results.get(task.name)
    return None if result is None else result.estimates[task.headline.name]


def _rl_gain(task: Task, data: ReportData) -> RlGain | None:
    before = data.stages.get(COLD_START, {}).get(task.name)
    after = data.stages.get(RL, {}).get(task.name)
    if before is None or after is None:
        return None
    difference = gain(after.outcomes, before.outcomes, reward_metric(task), data.seed)
    separate = apart(after.estimates["reward"], before.estimates["reward"], "higher")
    return RlGain(difference, sure(difference), separate)


@dataclass(frozen=True)
class FamilyRow:
    """Mean share of correct answers over the tasks of a family, each task counting the same."""

    family: str
    tasks: int
    columns: Mapping[str, Estimate | None]


def family_rows(data: ReportData) -> list[FamilyRow]:
    """Return the family table: each family with a task, then all tasks."""
    columns = {**data.baselines, **data.stages}
    rows = []
    for name, members in _families(data.tasks):
        means = {
            column: _mean_correct([results.get(t.name) for t in members], data.seed)
            for column, results in columns.items()
        }
        rows.append(FamilyRow(name, len(members), means))
    return rows


def _families(tasks: Sequence[Task]) -> list[tuple[str, list[Task]]]:
    groups = [(family.value, [t for t in tasks if t.family is family]) for family in Family]
    return [(name, members) for name, members in groups if members] + [("all", list(tasks))]


def _mean_correct(results: Sequence[TaskResult | None], seed: int) -> Estimate | None:
    """Return the mean over tasks with a bootstrap that resamples rows within each task."""
    import numpy as np

    found = [result for result in results if result is not None]
    if not found or len(found) != len(results):
        return None
    rng = np.random.default_rng(seed)
    means, draws = [], []
    for result in found:
        correct = np.array([outcome.correct for outcome in result.outcomes], dtype=np.float64)
        means.append(correct.mean())
        chosen = rng.integers(0, len(correct), size=(_RESAMPLES, len(correct)))
        draws.append(correct[chosen].mean(axis=1))
    low, high = np.quantile(np.mean(draws, axis=0), [0.025, 0.975])
    rows = sum(len(result.outcomes) for result in found)
    answered = sum(result.answered for result in found) / len(found)
    return Estimate(float(np.mean(means)), rows, answered, float(low), float(high))


def fates(result: TaskResult) -> dict[str, float]:
    """Return what became of the answers: shares that add up to 1.

    ``correct``, ``close`` (scored, not correct), ``wrong`` (answered, score 0), then each fault.
    """
    counted: Counter[str] = Counter()
    for outcome in result.outcomes:
        if outcome.fault is not None:
            counted[outcome.fault.value] += 1
        elif outcome.correct:
            counted["correct"] += 1
        else:
            counted["close" if outcome.score > 0 else "wrong"] += 1
    return {name: count / len(result.outcomes) for name, count in counted.items()}


def weaknesses(rows: Sequence[TaskRow]) -> list[tuple[str, list[str]]]:
    """Return (task, what the numbers say against the model) for every task that gives a reason."""
    said = [(row.task.name, _against(row)) for row in rows]
    return [(name, reasons) for name, reasons in said if reasons]


def _against(row: TaskRow) -> list[str]:
    final = row.final
    if final is None:
        return ["was not measured"]
    reasons = _not_won(row, final.estimates[row.metric.name])
    if final.estimates["accuracy"].value == 0:
        reasons.append("no answer was correct")
    if final.answered < 0.5:
        reasons.append(f"only {final.answered:.0%} of the rows got a readable answer")
    if row.rl is not None and row.rl.verdict == "worse":
        reasons.append(f"RL lowered the reward by {interval(row.rl.reward, flip=True)}")
    return reasons


def _not_won(row: TaskRow, estimate: Estimate) -> list[str]:
    lost = []
    for name, baseline in row.baselines.items():
        if baseline is None or apart(estimate, baseline, row.metric.direction):
            continue
        worse = apart(baseline, estimate, row.metric.direction)
        how = "worse than" if worse else "not surely better than"
        lost.append(f"{how} {name} with {interval(baseline)}")
    return [f"{row.metric.name} {interval(estimate)} is {' and '.join(lost)}"] if lost else []


def interval(estimate: Estimate, *, flip: bool = False) -> str:
    """Return ``value (low to high)``; ``flip`` changes the sign."""
    if flip:
        return f"{figure(-estimate.value)} ({figure(-estimate.high)} to {figure(-estimate.low)})"
    return f"{figure(estimate.value)} ({figure(estimate.low)} to {figure(estimate.high)})"


def figure(value: float) -> str:
    """Return a number as the report prints it: three digits after a leading zero, else about three.

    The minus sign is the true one.
    """
    size = abs(value)
    digits = 3 if size < 1 else 2 if size < 10 else 1 if size < 1_000 else 0
    text = f"{value:,.{digits}f}"
    return text.replace("-", "−") if float(text.replace(",", "")) else text.replace("-", "")
