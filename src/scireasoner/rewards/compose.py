"""How a reward is put together: correctness, physical constraints, brevity, by a declared rule.

Whether an answer is correct is not decided here and does not enter: `correct` and R are reported
apart, the first for filters and tables, the second for gradients.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from scireasoner.answers import FreeText, ModulusMaterial
from scireasoner.answers.base import Answer
from scireasoner.errors import TaskError
from scireasoner.rewards.soften import Soften
from scireasoner.types import OUR_FAULTS, Outcome

_LONGER = 3.0
_FREE_CHARS = 100  # a gold of two words must not make a sentence too long


class Rule(StrEnum):
    """How failed physical checks enter."""

    PRODUCT = "product"
    GATE = "gate"
    SUM = "weighted sum"


@dataclass(frozen=True)
class Terms:
    """The terms of one reward, each in [0, 1].

    Parameters
    ----------
    gate : 0 for any fault of the answer, else 1.
    overlap : g(m), the softened score.
    constraint : what failed physical checks leave; in a weighted sum, the share that passed.
    brevity : what an answer of this length keeps.
    value : R itself.
    """

    gate: float
    overlap: float
    constraint: float
    brevity: float
    value: float


@dataclass(frozen=True)
class Composition:
    """The rule by which the terms become one reward.

    - product: ``R = gate * g(m) * factor ** failed * brevity``
    - gate: ``R = gate * g(m) * brevity`` if no check fails, else 0
    - weighted sum: ``R = gate * brevity * (weight * g(m) + (1 - weight) * passed)``, ``passed`` the
      share of the checks that pass

    A right answer that passes its checks earns 1 under each, any fault earns 0. An answer that is
    only well formed (g = 0) earns 0, or ``1 - weight`` in a sum, which is less than a right one
    that fails every check.

    Parameters
    ----------
    rule : as above.
    checks : names of the physical checks that count; others may fail without a price.
    factor : what one failed check leaves in a product, in (0, 1).
    weight : of g(m) in a sum, in (0.5, 1).
    brevity : how many times as long as the right answer a text may be before it earns in
        proportion less; None sets no bound. Thoughts do not count (see `soft_overlong`).
    shared : whether equal answers in a group share one reward, for tasks in which any valid
        answer is right, whatever the question.
    """

    rule: Rule = Rule.PRODUCT
    checks: tuple[str, ...] = ()
    factor: float = 0.5
    weight: float = 0.8
    brevity: float | None = None
    shared: bool = False

    def __post_init__(self) -> None:
        """Check that a right answer can never earn less than one that is only well formed."""
        if not 0.0 < self.factor < 1.0 or not 0.5 < self.weight < 1.0:
            raise TaskError(
                f"a reward was declared with factor {self.factor} and weight {self.weight}; give "
                "a factor in (0, 1) and a weight in (0.5, 1)"
            )
        if self.brevity is not None and self.brevity < 1.0:
            raise TaskError(f"a brevity of {self.brevity} was declared; give 1 or more")
        if self.rule is Rule.SUM and not self.checks:
            raise TaskError("a weighted sum was declared without checks; name one, or use product")

    def formula(self, g: Soften) -> str:
        """Return the reward as a formula, to be read."""
        parts = ["gate", g.formula]
        if self.rule is Rule.SUM:
            parts[1] = f"({self.weight:g} {g.formula} + {1.0 - self.weight:g} passed)"
        elif self.checks:
            parts.append("[all pass]" if self.rule is Rule.GATE else f"{self.factor:g}^failed")
        if self.brevity is not None:
            parts.append(f"min(1, {self.brevity:g}·|gold| / |answer|)")
        if self.shared:
            parts.append("1 / equal in group")
        return " · ".join(parts)

    def terms(self, outcome: Outcome, g: Soften, failed: Collection[str] = ()) -> Terms | None:
        """Return the terms of one answer's reward; None where our own tools failed.

        Parameters
        ----------
        failed : names of the physical checks that the answer fails.
        """
        if outcome.fault in OUR_FAULTS:
            return None
        if outcome.fault is not None:
            return Terms(0.0, 0.0, 0.0, 0.0, 0.0)
        overlap = g(outcome.score)
        share = self._constraint(len(set(self.checks) & set(failed)))
        brevity = self._brevity(outcome)
        value = overlap * share * brevity
        if self.rule is Rule.SUM:
            value = brevity * (self.weight * overlap + (1.0 - self.weight) * share)
        return Terms(1.0, overlap, share, brevity, value)

    def _constraint(self, failed: int) -> float:
        if not failed:
            return 1.0
        if self.rule is Rule.GATE:
            return 0.0
        if self.rule is Rule.SUM:
            return 1.0 - failed / len(self.checks)
        return self.factor**failed

    def _brevity(self, outcome: Outcome) -> float:
        value, target = outcome.value, outcome.target
        if self.brevity is None or not isinstance(value, str) or not isinstance(target, str):
            return 1.0
        return min(1.0, max(self.brevity * len(target), _FREE_CHARS) / max(len(value), 1))


def composition_of(answer: Answer) -> Composition:
    """Return the rule for an answer kind where a task declares none.

    Texts have a brevity term. Kinds whose gold is absent, or cannot be judged (a bulk modulus),
    share: there any valid answer is right, and a constant one must not pay in a group.
    """
    if isinstance(answer, FreeText):
        return Composition(brevity=_LONGER)
    shared = isinstance(answer, ModulusMaterial) or answer.read_gold(None) is None
    return Composition(shared=shared)
