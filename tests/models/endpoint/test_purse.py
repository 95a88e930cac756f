from __future__ import annotations

import pytest

from scireasoner.models.endpoint.purse import Purse


@pytest.mark.parametrize(
    ("limits", "fit"),
    [
        ({}, [True, True, True]),
        ({"max_cost": 7.0}, [True, True, False]),  # 3 each
        ({"max_cost": 6.0}, [True, True, False]),
        ({"max_cost": 5.9}, [True, False, False]),
        ({"max_tokens": 5}, [True, True, False]),  # 2 each
        ({"max_tokens": 3, "max_cost": 100.0}, [True, False, False]),
    ],
)
def test_what_is_in_flight_counts(limits: dict[str, float], fit: list[bool]) -> None:
    purse = Purse(price_in=1e6, price_out=2e6, **limits)  # type: ignore[arg-type]
    found = []
    for _ in fit:
        found.append(purse.fits(1, 1))
        if found[-1]:
            purse.hold(1, 1)
    assert found == fit


def test_what_was_held_is_given_back() -> None:
    purse = Purse(price_in=0.1e6, price_out=0.2e6, max_cost=0.3)
    for _ in range(10):
        assert purse.fits(1, 1)
        purse.hold(1, 1)
        assert not purse.fits(1, 1)
        assert not purse.idle
        purse.release(1, 1)
        assert purse.idle
    assert purse.pay(1, 1) == pytest.approx(0.3)
    assert not purse.fits(1, 0)
    assert (purse.cost, purse.tokens) == (pytest.approx(0.3), 2)
