"""Several answers to one prompt: whether one of the first k is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scireasoner.errors import TaskError
from scireasoner.metrics.metric import Metric
from scireasoner.metrics.rows import code, table, value_code
from scireasoner.types import Outcome

if TYPE_CHECKING:
    from scireasoner.metrics.resampling import Columns


def _row(outcome: Outcome) -> tuple[float, float, float, float]:
    """Return (sample, draw, answer, correct)."""
    return code(outcome.sample_id), float(outcome.draw), value_code(outcome), float(outcome.correct)


def _hits(rows: Columns, k: int) -> Columns:
    """Return one row a sample, in the order in which samples come: 1 if a first answer is right.

    An answer that was given before takes no place; a fault takes one.
    """
    import numpy as np

    samples, first, sample = np.unique(rows[:, 0], return_index=True, return_inverse=True)
    order = np.lexsort((rows[:, 1], sample))
    sample, answer, correct = sample[order], rows[order, 2], rows[order, 3]
    # A stable sort by sample and answer puts repeats behind the first draw of the answer.
    groups = np.lexsort((answer, sample))
    repeat = np.zeros(len(rows), dtype=bool)
    same = (sample[groups][1:] == sample[groups][:-1]) & (answer[groups][1:] == answer[groups][:-1])
    repeat[groups[1:]] = same
    places = np.cumsum(~repeat)
    starts = np.searchsorted(sample, np.arange(len(samples)))
    place = places - places[starts][sample]  # counted from 0 within the sample
    hit = np.zeros(len(samples))
    np.maximum.at(hit, sample, correct * (~repeat & (place < k)))
    return hit[np.argsort(first, kind="stable")].reshape(-1, 1)


def top_k_accuracy(k: int) -> Metric:
    """Return the share of prompts with a correct answer among the first ``k`` different ones.

    The task must be asked for at least ``k`` answers a prompt (best beam first).
    """
    if k < 1:
        raise TaskError(f"top-{k} accuracy cannot be had; k is 1 or more")
    return Metric(
        f"top-{k} accuracy",
        "higher",
        "share",
        "counts as wrong, and takes one of the first places",
        table(_row, 4),
        prepare=lambda rows: _hits(rows, k),
        draws=True,
    )
