"""How fast an endpoint may be asked: so many requests and so many tokens a minute."""

from __future__ import annotations

import time
from collections.abc import Callable

_MINUTE_S = 60.0


class Limiter:
    """Gives every request the first moment at which it may go.

    Requests are paced evenly (the generic cell rate algorithm, ITU-T I.371, without a burst), so
    no minute, wherever it begins, holds more than its limit. A pause that the endpoint asks of one
    request holds for all.

    Parameters
    ----------
    requests_per_minute, tokens_per_minute : the limits; 0 sets none.
    clock : seconds, monotonic.
    """

    def __init__(
        self,
        requests_per_minute: float = 0.0,
        tokens_per_minute: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_request = _MINUTE_S / requests_per_minute if requests_per_minute else 0.0
        self._per_token = _MINUTE_S / tokens_per_minute if tokens_per_minute else 0.0
        self._clock = clock
        self._requests_free = self._tokens_free = self._paused_until = clock()

    def reserve(self, tokens: float) -> float:
        """Count a request of about ``tokens`` in; return the seconds until it may go."""
        now = self._clock()
        start = max(now, self._requests_free, self._tokens_free, self._paused_until)
        self._requests_free = start + self._per_request
        self._tokens_free = start + tokens * self._per_token
        return start - now

    def correct(self, reserved: float, used: float) -> None:
        """Set a reservation right, once the request's tokens are known."""
        self._tokens_free += (used - reserved) * self._per_token

    def pause(self, seconds: float) -> None:
        """Let nobody go for some seconds."""
        self._paused_until = max(self._paused_until, self._clock() + seconds)

    @property
    def paused(self) -> float:
        """Seconds that are left of a pause; 0 if there is none."""
        return max(0.0, self._paused_until - self._clock())
