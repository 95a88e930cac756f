"""How the terms of a reward are joined: correctness, constraints, format, length.

A gate is the default: what physics forbids earns nothing, everything else earns g(m) alone. The
other rules exist for experiments; a sum is checked where it is declared, so that no term beside
correctness can be farmed.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from scireasoner.errors import TaskError
from scireasoner.rewards.soften import soft_overlong

CORRECTNESS, CONSTRAINT, FORMAT, LENGTH = "correctness", "constraint", "format", "length"
TERMS = (CORRECTNESS, CONSTRAINT, FORMAT, LENGTH)

MOST_BESIDE = 0.2
"""The largest cap that a sum may declare for everything beside correctness."""
_EXACT = 1e-9


class Rule(StrEnum):
    """How terms become one number."""

    GATE = "gate"
    PRODUCT = "product"
    SUM = "sum"


@dataclass(frozen=True)
class Composition:
    """A rule and its settings.

    Under every rule the gold earns 1 and a fault 0.

    Parameters
    ----------
    rule : ``gate``: 0 if a hard constraint fails, else the correctness term. ``product``: the
        product of the terms. ``sum``: their weighted sum.
    terms : which terms a product multiplies; all by default.
    weights : of a sum, by term; they add up to 1.
    cap : of a sum: what all terms beside correctness can earn together at most.
    hard : the names of the constraints that gate; None lets each one that is hard itself gate.

    Raises
    ------
    TaskError : for unknown terms, or weights that could be farmed.
    """

    rule: Rule = Rule.GATE
    terms: tuple[str, ...] = TERMS
    weights: Mapping[str, float] = field(default_factory=dict)
    cap: float = 0.1
    hard: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        """Check terms and weights."""
        unknown = [name for name in (*self.terms, *self.weights) if name not in TERMS]
        if unknown or CORRECTNESS not in self.terms:
            raise TaskError(
                f"a reward was composed of {', '.join((*self.terms, *self.weights))}; use "
                f"{', '.join(TERMS)}, correctness always among them"
            )
        if self.rule is not Rule.SUM:
            if self.weights:
                raise TaskError(f"the rule {self.rule.value} has no weights; leave them out")
            return
        self._check_weights()
        object.__setattr__(self, "weights", MappingProxyType(dict(self.weights)))

    def _check_weights(self) -> None:
        values = self.weights.values()
        whole = math.isclose(sum(values), 1.0, abs_tol=_EXACT)
        if not whole or any(not 0.0 <= value <= 1.0 for value in values):
            raise TaskError(
                f"the weights {dict(self.weights)} of a sum were declared; give values in [0, 1] "
                "that add up to 1"
            )
        if not 0.0 < self.cap <= MOST_BESIDE:
            raise TaskError(
                f"a sum was declared with cap {self.cap:g}; give one in (0, {MOST_BESIDE:g}]"
            )
        if self.beside > self.cap + _EXACT:
            raise TaskError(
                f"the terms beside correctness could earn {self.beside:g} without a right answer; "
                f"give them {self.cap:g} together at most"
            )

    @property
    def beside(self) -> float:
        """What everything beside correctness can earn together: 0 but for a sum."""
        if self.rule is not Rule.SUM:
            return 0.0
        return 1.0 - self.weights.get(CORRECTNESS, 0.0)

    def check_against(self, least: float) -> None:
        """Check that no answer that has only its form outdoes a correct one.

        Parameters
        ----------
        least : the smallest g(m) of an answer that counts as correct.

        Raises
        ------
        TaskError : if it could.
        """
        if self.rule is Rule.SUM and self.weights[CORRECTNESS] * least <= self.beside:
            raise TaskError(
                f"a correct answer may earn as little as {self.weights[CORRECTNESS] * least:.3g} "
                f"for its correctness, form alone {self.beside:.3g}: give correctness more weight"
            )

    def join(self, terms: Mapping[str, float], broken: Collection[str] = ()) -> float:
        """Return the reward in [0, 1] of an answer without a fault.

        Parameters
        ----------
        terms : each term by its name, in [0, 1]; one that is absent counts as 1.
        broken : the names of the hard constraints that failed.
        """
        gates = set(broken) if self.hard is None else set(broken) & set(self.hard)
        right = terms[CORRECTNESS]
        if self.rule is Rule.GATE:
            return 0.0 if gates else right
        if self.rule is Rule.PRODUCT:
            return math.prod(terms.get(name, 1.0) for name in self.terms)
        total = sum(weight * terms.get(name, 1.0) for name, weight in self.weights.items())
        return min(max(total, 0.0), 1.0)


GATE = Composition()
"""The default: hard constraints first, then g(m)."""


def length_term(tokens: int, limit: int) -> float:
    """Return 1 within four fifths of a limit in tokens, falling to 0 at the limit.

    DAPO's soft overlong penalty (arXiv 2503.14476, eq. 13) as a share.
    """
    return 1.0 + soft_overlong(tokens, limit, max(1, limit // 5))
