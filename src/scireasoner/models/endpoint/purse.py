"""What asking costs, and how much of it is allowed."""

from __future__ import annotations

from dataclasses import dataclass

_MILLION = 1e6
_ROUNDING = 1e-9


@dataclass
class Purse:
    """Money and tokens of one teacher. A limit of 0 sets none.

    What the requests in flight may cost at most is held back, so a limit is not overrun: the last
    request that is sent is one that the limit can pay to its last token.

    Parameters
    ----------
    price_in, price_out : money for a million tokens of questions and of answers, in any currency.
    max_cost, max_tokens : the limits in force, of all that was ever spent.
    cost, tokens : what was spent.
    """

    price_in: float = 0.0
    price_out: float = 0.0
    max_cost: float = 0.0
    max_tokens: int = 0
    cost: float = 0.0
    tokens: int = 0
    _held_cost: float = 0.0
    _held_tokens: int = 0
    _holds: int = 0

    def price(self, tokens_in: int, tokens_out: int) -> float:
        """Return the money for one question and its answer."""
        return (tokens_in * self.price_in + tokens_out * self.price_out) / _MILLION

    @property
    def idle(self) -> bool:
        """Whether nothing is held back."""
        return self._holds == 0

    def fits(self, tokens_in: int, tokens_out: int) -> bool:
        """Return whether a question that costs so much at most can still be paid."""
        cost = self.cost + self._held_cost + self.price(tokens_in, tokens_out)
        tokens = self.tokens + self._held_tokens + tokens_in + tokens_out
        too_dear = self.max_cost > 0 and cost > self.max_cost * (1 + _ROUNDING)
        return not too_dear and not (0 < self.max_tokens < tokens)

    def hold(self, tokens_in: int, tokens_out: int) -> None:
        """Hold back what a question may cost at most."""
        self._holds += 1
        self._held_cost += self.price(tokens_in, tokens_out)
        self._held_tokens += tokens_in + tokens_out

    def release(self, tokens_in: int, tokens_out: int) -> None:
        """Give back what was held for a question."""
        self._holds -= 1
        self._held_cost -= self.price(tokens_in, tokens_out)
        self._held_tokens -= tokens_in + tokens_out
        if self.idle:
            self._held_cost = 0.0  # sums of fractions leave crumbs

    def pay(self, tokens_in: int, tokens_out: int) -> float:
        """Spend what a question did cost; return it."""
        cost = self.price(tokens_in, tokens_out)
        self.cost += cost
        self.tokens += tokens_in + tokens_out
        return cost
