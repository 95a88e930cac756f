"""The bootstrap: how often each row is drawn, and what interval the resampled values give."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Columns = NDArray[np.float64]
    Counts = NDArray[np.int64]

RESAMPLES = 1000
MAX_CELLS = 4_096
"""Up to so many different rows, their counts are drawn at once, not row by row."""

# A multinomial count costs as much as drawing about this many rows one by one.
_MERGE_FROM = 8

_Z95 = 1.959963984540054
# Resamples are drawn in blocks, so that 1,000 of 100,000 rows need no gigabytes.
_BLOCK_CELLS = 2_000_000


def merged(rows: Columns) -> tuple[Columns, Counts]:
    """Return the different rows and how often each occurs, if they are few; else all, once each.

    A resample of few different rows is known by their counts alone, which are multinomial: the
    same distribution as that of drawing row by row, at a cost that does not grow with n. Rows come
    sorted by their first column, so that statistics of ranks and classes read memory in order.
    """
    import numpy as np

    # A look at the first rows tells cheaply that numbers are continuous.
    if len(np.unique(rows[: 4 * MAX_CELLS], axis=0)) <= MAX_CELLS:
        cells, counts = np.unique(rows, axis=0, return_counts=True)
        if len(cells) <= min(MAX_CELLS, len(rows) / _MERGE_FROM):
            return cells, counts
    return rows[np.argsort(rows[:, 0], kind="stable")], np.ones(len(rows), dtype=np.int64)


def draws(counts: Counts, seed: int) -> Iterator[Columns]:
    """Yield how often each row is drawn: blocks of (resamples, rows), `RESAMPLES` in all, seeded.

    Parameters
    ----------
    counts : how often each row occurs; each resample draws as many as these are in all.
    """
    import numpy as np

    cells, n = len(counts), int(counts.sum())
    step = max(1, min(RESAMPLES, _BLOCK_CELLS // cells))
    if cells == n and step == RESAMPLES:
        yield _all_at_once(n, seed)
        return
    rng = np.random.default_rng(seed)
    for start in range(0, RESAMPLES, step):
        size = min(step, RESAMPLES - start)
        if cells < n:
            yield rng.multinomial(n, counts / n, size=size).astype(np.float64)
        else:
            yield _one_by_one(rng, n, size)


def _one_by_one(rng: np.random.Generator, n: int, size: int) -> Columns:
    import numpy as np

    drawn = rng.integers(0, n, (size, n)) + n * np.arange(size)[:, None]
    return np.bincount(drawn.ravel(), minlength=size * n).reshape(size, n).astype(float)


@lru_cache(maxsize=2)
def _all_at_once(n: int, seed: int) -> Columns:
    """Return the draws of n different rows: the same ones for every metric of a task."""
    import numpy as np

    drawn = _one_by_one(np.random.default_rng(seed), n, RESAMPLES)
    drawn.setflags(write=False)
    return drawn


def means(rows: Columns, weights: Columns) -> Columns:
    """Return the mean of each column in each resample, shape (resamples, columns)."""
    averages: Columns = weights @ rows / weights.sum(axis=1, keepdims=True)
    return averages


def centres(rows: Columns) -> Columns:
    """Return the mean of the numbers of each column, NaN left out; 0 of none, shape (columns,).

    Equal numbers have themselves as their mean, whatever a rounded sum gives.
    """
    import numpy as np

    missing = np.isnan(rows)
    found = np.where(missing, 0.0, rows).sum(axis=0) / np.maximum((~missing).sum(axis=0), 1)
    lowest = np.where(missing, np.inf, rows).min(axis=0)
    highest = np.where(missing, -np.inf, rows).max(axis=0)
    exact: Columns = np.where(missing.all(axis=0), 0.0, np.clip(found, lowest, highest))
    return exact


def sums_by_code(weights: Columns, codes: Counts, size: int) -> Columns:
    """Return the weights of the rows of each code 0 ... size - 1, shape (resamples, size)."""
    import numpy as np

    # Row by row, because a row of weights and its sums then stay in the processor's cache.
    return np.stack([np.bincount(codes, row, minlength=size) for row in weights])


def percentiles(values: Columns) -> tuple[float, float]:
    """Return the 2.5 % and 97.5 % percentiles."""
    import numpy as np

    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


def wilson(share: float, n: int) -> tuple[float, float]:
    """Return Wilson's 95 % score interval of a share (doi:10.1080/01621459.1927.10502953).

    Used where every outcome is the same and a bootstrap would claim certainty.
    """
    z2 = _Z95**2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z95 / (1 + z2 / n) * (share * (1 - share) / n + z2 / (4 * n * n)) ** 0.5
    return max(0.0, centre - half), min(1.0, centre + half)
