"""Rewards for TRL's GRPOTrainer (and its kin): a reward function over the data set's columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from scireasoner.errors import InputError
from scireasoner.tasks.rewarding import Rewarded
from scireasoner.trainers.core import Rewarder
from scireasoner.trainers.rows import FIELDS, Asked, asked
from scireasoner.types import OUR_FAULTS

LIMIT = 0.02
"""Share of our own failures above which training stops: nobody should learn from what is left."""
_OWN = frozenset({"completion", "tokens", "group"})
_COLUMNS = tuple(name for name in FIELDS if name not in _OWN)


class ScienceReward:
    """A reward function as TRL calls it.

    The data set has the columns ``task`` and ``id`` (with ``split``), or ``task`` and ``gold``
    (with ``inputs``); :func:`~scireasoner.trainers.questions.trl_rows` makes such rows. Other
    columns are left alone.

    Parameters
    ----------
    task : of every row, where the data set has no such column.
    eos_token_id : one or several; a completion that ends with none of them was cut, which is a
        fault. Where it is left out, no completion counts as cut.
    num_generations : size of a group, for tasks without a gold, in which equal answers share one
        reward. Where it is left out, neighbours with the same prompt and row are a group.
    rewarder : shared with others; by default one of its own with ``workers`` processes.
    workers, files : as for :class:`~scireasoner.trainers.core.Rewarder`.
    """

    def __init__(
        self,
        task: str | None = None,
        *,
        eos_token_id: int | Collection[int] | None = None,
        num_generations: int | None = None,
        rewarder: Rewarder | None = None,
        workers: int = 0,
        files: Sequence[str] = (),
    ) -> None:
        self.__name__ = "scireasoner"
        self.task = task
        ends = [eos_token_id] if isinstance(eos_token_id, int) else eos_token_id
        self.ends = None if ends is None else frozenset(ends)
        self.size = num_generations
        self.rewarder = rewarder or Rewarder(workers, files, limit=LIMIT)

    def __call__(
        self,
        prompts: Sequence[Any],
        completions: Sequence[Any],
        completion_ids: Sequence[Sequence[int]] | None = None,
        log_metric: Callable[[str, float], None] | None = None,
        log_extra: Callable[[str, list[Any]], None] | None = None,
        **columns: Any,
    ) -> list[float | None]:
        """Return a reward in [0, 1] for each completion; None keeps it out of the gradient.

        Raises
        ------
        InputError, TaskError, DataError : if a row names no task or no row of its data.
        JudgeError : if our own tools fail on more than 2 % of all completions.
        """
        rows = [
            self._row(n, completion, completion_ids, columns)
            for n, completion in enumerate(completions)
        ]
        found = self.rewarder(_grouped(rows, prompts, self.size))
        if log_metric is not None and found:
            _log(log_metric, found)
        if log_extra is not None:
            log_extra("fault", [reward.fault.value if reward.fault else "" for reward in found])
        return [reward.value for reward in found]

    def _row(
        self, n: int, completion: Any, ids: Sequence[Sequence[int]] | None, columns: dict[str, Any]
    ) -> dict[str, Any]:
        row = {name: columns[name][n] for name in _COLUMNS if name in columns}
        if row.get("task") is None:
            if self.task is None:
                raise InputError(
                    "the data set has no column 'task': add one with the name of each row's task, "
                    "or give trl_reward(task=...)"
                )
            row["task"] = self.task
        row["completion"] = completion
        if ids is not None:
            own = ids[n]
            row["tokens"] = len(own)
            if self.ends is not None and row.get("finish") is None:
                stopped = len(own) > 0 and int(own[-1]) in self.ends
                row["finish"] = "stop" if stopped else "length"
        return row


def _grouped(
    rows: Sequence[dict[str, Any]], prompts: Sequence[Any], size: int | None
) -> list[Asked]:
    """Return the rows with the name of each one's group."""
    made: list[Asked] = []
    group, before = -1, None
    for n, row in enumerate(rows):
        if size is not None:
            group = n // size
        else:
            own = (prompts[n], {k: v for k, v in row.items() if k in _COLUMNS and k != "finish"})
            group += own != before
            before = own
        made.append(asked({**row, "group": str(group)}, f"completion {n}"))
    return made


def _log(log_metric: Callable[[str, float], None], found: Sequence[Rewarded]) -> None:
    n = len(found)
    log_metric("scireasoner/correct", sum(reward.correct for reward in found) / n)
    log_metric("scireasoner/fault", sum(reward.fault is not None for reward in found) / n)
    ours = sum(reward.fault in OUR_FAULTS for reward in found)
    log_metric("scireasoner/not_judged", ours / n)


def trl_reward(task: str | None = None, **options: Any) -> ScienceReward:
    """Return a reward function for ``GRPOTrainer(reward_funcs=...)``.

    Parameters are those of :class:`ScienceReward`.
    """
    return ScienceReward(task, **options)
