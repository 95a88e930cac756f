"""Whether an answer passes the checks of its task: the ones that `check` and `ask` show."""

from __future__ import annotations

from collections.abc import Mapping

from scireasoner.serving.checking import checked
from scireasoner.tasks.task import Task
from scireasoner.types import Verdict


def passes(task: Task, inputs: Mapping[str, str], answer: str) -> bool:
    """Return whether no check fails, given the question alone; what cannot be checked passes.

    Parameters
    ----------
    inputs : of the row that was asked; its gold is not looked at.
    answer : an answer's text, its thought taken off.
    """
    found = checked(answer, task, inputs)
    return all(item.finding.verdict is not Verdict.FAIL for item in found)
