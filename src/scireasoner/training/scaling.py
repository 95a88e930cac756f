"""Rewards of different tasks on one scale, for advantages that are not standardised in a group.

The advantage of DAPO divides by the deviation of the group itself (``group``), which makes any
scale of a task's rewards cancel. It also makes a group of one right answer in eight weigh as much
as one of four in eight, and blows up small spreads (arXiv 2503.20783, "difficulty bias"). ``none``
leaves the deviation out; tasks whose rewards spread more then weigh more. ``task`` divides by the
running deviation of the task: groups keep their own weight, and tasks are on one scale.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

SCALES = ("group", "task", "none")
_MEMORY = 0.9
_EPSILON = 1e-4  # as in the trainer's own division


class TaskScale:
    """The running standard deviation of the rewards in the groups of each task.

    Parameters
    ----------
    tasks : names, in a fixed order (all processes of a job add up their sums in this order).
    memory : weight of what was seen before, at each update of a task.
    """

    def __init__(self, tasks: Sequence[str], memory: float = _MEMORY) -> None:
        self.tasks = list(dict.fromkeys(tasks))
        self.memory = memory
        self.variance: dict[str, float] = {}

    def sums(self, groups: Sequence[tuple[str, Sequence[float]]]) -> list[list[float]]:
        """Return for each task the sum of squared deviations from the group means, and its weight.

        Parameters
        ----------
        groups : task and known rewards of each group; the weight is their number less one.
        """
        found = {task: [0.0, 0.0] for task in self.tasks}
        for task, rewards in groups:
            if len(rewards) < 2:
                continue
            mean = sum(rewards) / len(rewards)
            found[task][0] += sum((reward - mean) ** 2 for reward in rewards)
            found[task][1] += len(rewards) - 1
        return [found[task] for task in self.tasks]

    def update(self, sums: Sequence[Sequence[float]]) -> None:
        """Take in the sums of a batch (of all processes); a task without a group stays."""
        for task, (squares, weight) in zip(self.tasks, sums, strict=True):
            if weight:
                new = squares / weight
                old = self.variance.get(task, new)
                self.variance[task] = self.memory * old + (1 - self.memory) * new

    def divisor(self, task: str) -> float:
        """Return what the deviations of a task's rewards are divided by; 1 before any was seen."""
        found = self.variance.get(task)
        return 1.0 if found is None else found**0.5 + _EPSILON

    def restore(self, variance: Mapping[str, float]) -> None:
        """Go on from saved variances."""
        self.variance = {task: float(value) for task, value in variance.items()}
