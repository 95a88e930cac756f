"""Our own failures: how many are borne, and what is said when they are too many."""

from __future__ import annotations

import pytest

from scireasoner.errors import JudgeError
from scireasoner.rewards.failures import OurFailures
from scireasoner.types import Fault

# limit, grace, how many were judged, how many of these we failed on, whether that ends the run
BORNE = [
    (0.02, 0, 1, 1, False),
    (0.02, 0, 10, 1, False),
    (0.02, 0, 10, 2, True),
    (0.02, 0, 100, 2, False),
    (0.02, 0, 100, 3, True),
    (0.02, 200, 199, 199, False),
    (0.02, 200, 200, 4, False),
    (0.02, 200, 200, 5, True),
    (0.5, 0, 10, 5, False),
    (0.5, 0, 10, 6, True),
    (None, 0, 10, 10, False),
]


@pytest.mark.parametrize(("limit", "grace", "judged", "failed", "ends"), BORNE)
def test_what_ends_a_run(
    limit: float | None, grace: int, judged: int, failed: int, ends: bool
) -> None:
    failures = OurFailures("rollouts", limit, grace)
    for n in range(judged):
        # A model's own fault is no failure of ours.
        failures.add("esol", Fault.TOOL_FAILED if n < failed else Fault.INVALID_MOLECULE)
    if not ends:
        failures.check()
        return
    said = rf"failed on {failed} of {judged} rollouts .*esol: {Fault.TOOL_FAILED}', {failed}"
    with pytest.raises(JudgeError, match=said):
        failures.check()
