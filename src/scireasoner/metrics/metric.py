"""What a metric is, and how its interval is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from scireasoner.errors import JudgeError
from scireasoner.metrics.resampling import draws, merged, percentiles, wilson
from scireasoner.types import OUR_FAULTS, Estimate, Outcome

if TYPE_CHECKING:
    from scireasoner.metrics.resampling import Columns as Columns

OUR_SHARE = 0.02
"""The share of our own failures (bad golds, failing tools) above which no score is given."""


@dataclass(frozen=True)
class Metric:
    """A number that sums up outcomes.

    Parameters
    ----------
    name : as printed in reports.
    direction : whether higher or lower is better.
    scale : ``"share"`` for [0, 1], ``"correlation"`` for [-1, 1], else a physical unit.
    on_fault : what a fault costs, in words.
    columns : turns n outcomes into an (n, k) array, one row per outcome, faults included; each row
        from its own outcome alone, so that outcomes may be judged in pieces and in any process.
    statistic : turns m prepared rows (m, k) and their weights (resamples, m), how often each row
        was drawn, into one value a resample, shape (resamples,); equal rows may come merged, with
        the sum of their weights. None means the mean of the first column.
    prepare : what needs all rows at once, done before the resampling: filling in for faults,
        ranking, counting duplicates, gathering the draws of one prompt into one row. The order of
        the rows it returns must follow from the samples and their order, not from the answers, so
        that two models can be compared row by row.
    best : the value when every answer is right; not finite where it has no bound (an energy) or
        depends on the answers (the variety of designs).
    worst : the value when every answer is a fault; None where it depends on the targets.
    draws : whether every answer to a prompt counts; else only the first one does.
    applies : whether the rows that ``columns`` gave have what the metric needs (probabilities);
        None needs nothing.
    substitute : reported under its own name where the metric does not apply.
    lacking : why the metric cannot be computed on this machine (an optional model is absent, with
        the line that installs it), None if it can; None needs nothing.
    """

    name: str
    direction: Literal["higher", "lower"]
    scale: str
    on_fault: str
    columns: Callable[[Sequence[Outcome]], Columns]
    statistic: Callable[[Columns, Columns], Columns] | None = None
    prepare: Callable[[Columns], Columns] | None = None
    best: float = 1.0
    worst: float | None = 0.0
    draws: bool = False
    applies: Callable[[Columns], bool] | None = None
    substitute: Metric | None = None
    lacking: Callable[[], str | None] | None = None

    def compute(self, outcomes: Sequence[Outcome]) -> float:
        """Return the value alone, over all given outcomes (our own failures left out)."""
        return self.value(self.prepared(self.columns(judged(self.counted(outcomes), self.name))))

    def counted(self, outcomes: Sequence[Outcome]) -> Sequence[Outcome]:
        """Return the outcomes that the metric looks at: all draws, or the first of each prompt."""
        return outcomes if self.draws else [o for o in outcomes if o.draw == 0]

    def prepared(self, rows: Columns) -> Columns:
        """Return all rows made ready for the statistic and for resampling."""
        return rows if self.prepare is None else self.prepare(rows)

    def value(self, rows: Columns) -> float:
        """Return the value of already prepared rows."""
        import numpy as np

        if self.statistic is None:
            return float(rows[:, 0].mean())
        return float(self.statistic(rows, np.ones((1, len(rows))))[0])

    def values(self, rows: Columns, weights: Columns) -> Columns:
        """Return the value of each resample: prepared rows (m, k), weights (resamples, m)."""
        if self.statistic is None:
            # Faster than dividing by each sum of weights, which are all the same.
            return weights @ rows[:, 0] / weights[0].sum()
        return self.statistic(rows, weights)

    def fits(self, outcomes: Sequence[Outcome]) -> bool:
        """Return whether the outcomes that count have what the metric needs."""
        if self.applies is None:
            return True
        return self.takes(
            self.columns([o for o in self.counted(outcomes) if o.fault not in OUR_FAULTS])
        )

    def takes(self, rows: Columns) -> bool:
        """Return whether raw rows have what the metric needs."""
        return self.applies is None or self.applies(rows)

    def resolve(self, outcomes: Sequence[Outcome]) -> Metric:
        """Return the metric itself, or its substitute where the outcomes lack what it needs."""
        return self if self.substitute is None or self.fits(outcomes) else self.substitute

    def estimate(self, rows: Columns, answered: float, seed: int = 0) -> Estimate:
        """Return the value of raw rows with its 95 % percentile-bootstrap interval.

        Parameters
        ----------
        rows : what ``columns`` gave for all outcomes that count.
        answered : the share of first answers without a fault, in [0, 1].
        """
        rows = self.prepared(rows)
        value = self.value(rows)
        if self.scale == "share" and value in {0.0, 1.0}:
            low, high = wilson(value, len(rows))
        else:
            low, high = percentiles(resampled(self, rows, seed))
        # A plug-in value may lie a rounding error outside its own percentiles.
        return Estimate(value, len(rows), answered, min(low, value), max(high, value))

    def __call__(self, outcomes: Sequence[Outcome], seed: int = 0) -> Estimate:
        """Return the value with its 95 % percentile-bootstrap interval (Wilson if constant).

        Raises
        ------
        JudgeError : if there is no outcome to judge.
        """
        kept = judged(self.counted(outcomes), self.name)
        return self.estimate(self.columns(kept), answered_share(kept), seed)


def answered_share(outcomes: Sequence[Outcome]) -> float:
    """Return the share in [0, 1] of first answers without a fault."""
    first = [outcome for outcome in outcomes if outcome.draw == 0]
    return sum(outcome.fault is None for outcome in first) / max(1, len(first))


def judged(outcomes: Sequence[Outcome], name: str = "a metric") -> list[Outcome]:
    """Return the outcomes that count: all but our own failures.

    Raises
    ------
    JudgeError : if none is left.
    """
    kept = [outcome for outcome in outcomes if outcome.fault not in OUR_FAULTS]
    if not kept:
        raise JudgeError(
            f"{name}: {len(outcomes)} outcomes came and none can be judged; "
            "at least one is needed: check the task's data and tools"
        )
    return kept


def check_our_faults(outcomes: Sequence[Outcome], limit: float = OUR_SHARE) -> None:
    """Stop when our own failures (bad golds, failing tools) exceed a share of all outcomes.

    Raises
    ------
    JudgeError : naming the most frequent failure and a sample that shows it.
    """
    ours = [outcome for outcome in outcomes if outcome.fault in OUR_FAULTS]
    if not ours or len(ours) <= limit * len(outcomes):
        return
    first = ours[0]
    raise JudgeError(
        f"{len(ours)} of {len(outcomes)} answers could not be judged through our own fault "
        f"(at most {limit:.0%} is tolerated); the first is {first.sample_id!r}: {first.fault}. "
        "Mend the data or the tool, then score again"
    )


def resampled(metric: Metric, rows: Columns, seed: int) -> Columns:
    """Return the metric's value on each bootstrap resample of prepared rows, (RESAMPLES,)."""
    import numpy as np

    cells, counts = merged(rows)
    return np.concatenate([metric.values(cells, weights) for weights in draws(counts, seed)])
