"""The pace, against a clock that is moved by hand."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scireasoner.models.endpoint.limiter import Limiter


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("requests", "tokens", "expected"),
    [
        (0, 0, [0, 0, 0, 0]),
        (60, 0, [0, 1, 2, 3]),
        (120, 0, [0, 0.5, 1, 1.5]),
        (0, 6_000, [0, 1, 2, 3]),  # 100 tokens each
        (60, 1_000, [0, 6, 12, 18]),  # the tokens are what is scarce
        (6, 60_000, [0, 10, 20, 30]),  # the requests are
    ],
)
def test_requests_are_paced(requests: float, tokens: float, expected: list[float]) -> None:
    limiter = Limiter(requests, tokens, clock=Clock())
    assert [limiter.reserve(100) for _ in expected] == pytest.approx(expected)


def test_what_was_not_used_is_given_back() -> None:
    limiter = Limiter(tokens_per_minute=600, clock=Clock())
    limiter.reserve(1_000)
    limiter.correct(1_000, 10)
    assert limiter.reserve(10) == pytest.approx(1)


def test_time_that_passes_is_not_saved_up_for_a_burst() -> None:
    clock = Clock()
    limiter = Limiter(60, clock=clock)
    clock.now = 1_000
    assert [limiter.reserve(1) for _ in range(3)] == pytest.approx([0, 1, 2])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rpm=st.floats(1, 600),
    gaps=st.lists(st.floats(0, 30), min_size=1, max_size=80),
    pauses=st.lists(st.floats(0, 20), max_size=5),
)
def test_no_minute_holds_more_than_its_limit(
    rpm: float, gaps: list[float], pauses: list[float]
) -> None:
    clock = Clock()
    limiter = Limiter(rpm, clock=clock)
    times: list[float] = []
    for number, gap in enumerate(gaps):
        clock.now += gap
        if number < len(pauses):
            limiter.pause(pauses[number])
        times.append(clock.now + limiter.reserve(1))
    for first in times:
        assert sum(first <= t < first + 60 - 1e-6 for t in times) <= rpm + 1
