"""How often our own tools failed on what was judged, and when that must end a run."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from scireasoner.errors import JudgeError
from scireasoner.metrics.metric import OUR_SHARE
from scireasoner.types import OUR_FAULTS, Fault


def too_many(failed: int, seen: int, limit: float = OUR_SHARE) -> bool:
    """Whether our own failures are more than a share of all; one alone is always borne."""
    return failed > max(1, limit * seen)


@dataclass
class OurFailures:
    """Counts what was judged, and what our own tools failed on.

    Parameters
    ----------
    of : what is judged, in the plural, as in ``"rollouts"``.
    limit : the share of failures above which `check` raises (`too_many`); None never does.
    grace : how many must have been judged before `check` raises.

    Examples
    --------
    >>> failures = OurFailures("traces", grace=0)
    >>> failures.add("esol", None)
    >>> failures.check()
    """

    of: str
    limit: float | None = OUR_SHARE
    grace: int = 200
    seen: int = 0
    ours: Counter[str] = field(default_factory=Counter)

    def add(self, task: str, fault: Fault | None) -> None:
        """Note what became of something that was judged."""
        self.seen += 1
        if fault in OUR_FAULTS:
            self.ours[f"{task}: {fault}"] += 1

    def check(self) -> None:
        """Stop where too much failed.

        Raises
        ------
        JudgeError : naming the commonest failures.
        """
        if self.limit is None or self.seen < self.grace:
            return
        failed = self.ours.total()
        if too_many(failed, self.seen, self.limit):
            raise JudgeError(
                f"our own tools failed on {failed} of {self.seen} {self.of} "
                f"({self.ours.most_common(3)}); run `scireasoner doctor` and mend what it names"
            )
