"""The bootstrap: merging equal rows changes the cost, not the distribution."""

from __future__ import annotations

import numpy as np
import pytest

from scireasoner.metrics import MACRO_F1, MCC, PEARSON, SCORE, Metric
from scireasoner.metrics import resampling as module
from scireasoner.metrics.metric import resampled
from scireasoner.types import Outcome


def outcomes(n: int, seed: int = 0) -> list[Outcome]:
    rng = np.random.default_rng(seed)
    targets = rng.integers(0, 4, n).tolist()
    values = np.where(rng.random(n) < 0.6, targets, rng.integers(0, 4, n)).tolist()
    return [
        Outcome(f"{i}", v, t, float(v == t), v == t, None)
        for i, (v, t) in enumerate(zip(values, targets, strict=True))
    ]


@pytest.mark.parametrize("metric", [SCORE, MCC, MACRO_F1, PEARSON], ids=lambda m: m.name)
def test_merged_rows_give_the_distribution_of_drawing_rows(
    metric: Metric, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = metric.prepared(metric.columns(outcomes(300)))
    by_counts = resampled(metric, rows, 0)
    rng = np.random.default_rng(1)
    by_rows = np.array([metric.value(rows[rng.integers(0, 300, 300)]) for _ in range(1000)])
    monkeypatch.setattr(module, "MAX_CELLS", 1)
    by_draws = resampled(metric, rows, 2)
    for other in (by_counts, by_draws):
        assert other.shape == (1000,)
        assert other.mean() == pytest.approx(by_rows.mean(), abs=4 * by_rows.std() / 1000**0.5)
        assert other.std() == pytest.approx(by_rows.std(), rel=0.1)


@pytest.mark.parametrize(("levels", "merges"), [(1, True), (50, True), (None, False)])
def test_rows_are_merged_where_few_differ(levels: int | None, merges: bool) -> None:
    rng = np.random.default_rng(0)
    n = 20_000
    column = rng.random(n) if levels is None else rng.integers(0, levels, n).astype(float)
    rows = np.stack([column, column * 2], axis=1)
    cells, counts = module.merged(rows)
    assert counts.sum() == n
    assert (len(cells) < n) is merges
    assert (counts @ cells) == pytest.approx(rows.sum(axis=0))


@pytest.mark.parametrize("cells", [3, 5_000])
def test_each_resample_draws_as_many_as_there_are(cells: int) -> None:
    counts = np.ones(cells, dtype=np.int64)
    blocks = list(module.draws(counts, 0))
    weights = np.vstack(blocks)
    assert weights.shape == (module.RESAMPLES, cells)
    assert set(weights.sum(axis=1)) == {float(cells)}
    assert weights.mean() == pytest.approx(1.0)
    again = np.vstack(list(module.draws(counts, 0)))
    other = np.vstack(list(module.draws(counts, 1)))
    assert np.array_equal(weights, again)
    assert not np.array_equal(weights, other)


def test_sums_by_code() -> None:
    weights = np.array([[1.0, 2.0, 3.0], [1.0, 0.0, 0.0]])
    found = module.sums_by_code(weights, np.array([2, 0, 2]), 4)
    assert found.tolist() == [[2, 0, 4, 0], [0, 0, 1, 0]]
