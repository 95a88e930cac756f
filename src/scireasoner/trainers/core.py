"""The one core of all trainers: rows and completions in, rewards out."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Self

from scireasoner.rewards.failures import OurFailures
from scireasoner.rewards.sharing import shares
from scireasoner.tasks.judges import Item, Judges, Judging
from scireasoner.tasks.registry import get
from scireasoner.tasks.rewarding import Rewarded
from scireasoner.tasks.task import Task
from scireasoner.trainers.rows import Asked, Finder, asked
from scireasoner.types import Fault

CACHE = 65_536
"""How many rewards are remembered; about 50 MB."""


@dataclass
class Counts:
    """What a rewarder has done so far."""

    rows: int = 0
    hits: int = 0
    faults: Counter[str] = field(default_factory=Counter)


class Rewarder:
    """Gives rewards; remembers them by content; may be called from several threads.

    Parameters
    ----------
    workers : processes that judge; 0 judges in this one.
    files : Python files that register tasks of the user's own, run by each process.
    cache : how many rewards are remembered, the least recently used being forgotten first.
    judging : judges items in order; None takes what ``workers`` says.
    limit, grace : when our own failures end the run, as in :class:`OurFailures`; None, never.
    """

    def __init__(
        self,
        workers: int = 0,
        files: Sequence[str] = (),
        cache: int = CACHE,
        judging: Judging | None = None,
        limit: float | None = None,
        grace: int = 200,
    ) -> None:
        self.counts = Counts()
        self.workers = workers
        self.failures = OurFailures("completions", limit, grace)
        self._judging = judging or Judges(workers, files)
        self._cache: OrderedDict[bytes, Rewarded] = OrderedDict()
        self._capacity = cache
        self._finder = Finder()
        self._lock = threading.Lock()

    def __call__(self, rows: Sequence[Asked]) -> list[Rewarded]:
        """Return the reward of each row, in order.

        Raises
        ------
        TaskError, InputError, DataError : if a row names no task, or no row of its data.
        JudgeError : once our own tools have failed on more than ``limit`` of all rows.
        """
        with self._lock:
            tasks = [get(row.task) for row in rows]
            samples = [self._finder.sample(t, r) for t, r in zip(tasks, rows, strict=True)]
        items = [
            Item(t.name, sample, row.written(), row.mode)
            for t, sample, row in zip(tasks, samples, rows, strict=True)
        ]
        keys = [_key(t, item) for t, item in zip(tasks, items, strict=True)]
        verdicts = self._verdicts(keys, items)
        found = _shared(rows, tasks, verdicts)
        self._count(rows, found)
        return found

    @property
    def restarts(self) -> int:
        """How many worker processes had to be replaced."""
        return int(getattr(self._judging, "restarts", 0))

    def close(self) -> None:
        """End the worker processes."""
        end = getattr(self._judging, "close", None)
        if end is not None:
            end()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *problem: object) -> None:
        """End the worker processes."""
        self.close()

    def _verdicts(self, keys: Sequence[bytes], items: Sequence[Item]) -> list[Rewarded]:
        """Return a verdict for each key: remembered, or judged once."""
        with self._lock:
            known = {key: self._recalled(key) for key in dict.fromkeys(keys)}
            fresh = [key for key, verdict in known.items() if verdict is None]
            self.counts.hits += len(keys) - len(fresh)
        place = {key: n for n, key in reversed(list(enumerate(keys)))}
        made = self._judging([items[place[key]] for key in fresh]) if fresh else []
        new = dict(zip(fresh, made, strict=True))
        with self._lock:
            for key, verdict in new.items():
                # A tool that failed may not fail again.
                if verdict.fault is not Fault.TOOL_FAILED:
                    self._cache[key] = verdict
            while len(self._cache) > self._capacity:
                self._cache.popitem(last=False)
        return [new[key] if (old := known[key]) is None else old for key in keys]

    def _recalled(self, key: bytes) -> Rewarded | None:
        found = self._cache.get(key)
        if found is not None:
            self._cache.move_to_end(key)
        return found

    def _count(self, rows: Sequence[Asked], found: Sequence[Rewarded]) -> None:
        with self._lock:
            self.counts.rows += len(rows)
            for row, reward in zip(rows, found, strict=True):
                self.counts.faults[reward.fault.value if reward.fault else "none"] += 1
                self.failures.add(row.task, reward.fault)
            self.failures.check()


def rewards(
    rows: Sequence[Asked | Mapping[str, Any]], workers: int = 0, files: Sequence[str] = ()
) -> list[Rewarded]:
    """Return the reward of each completion, in order; one call, nothing kept.

    A trainer that asks again and again keeps a :class:`Rewarder`.

    Parameters
    ----------
    rows : what is asked, as records or as objects with their fields.
    workers, files : as for :class:`Rewarder`.
    """
    with Rewarder(workers, files) as rewarder:
        return rewarder(
            [r if isinstance(r, Asked) else asked(r, f"row {n}") for n, r in enumerate(rows)]
        )


@lru_cache(maxsize=4)
def shared(workers: int) -> Rewarder:
    """Return the one rewarder of this process with so many workers, for callers without state."""
    return Rewarder(workers)


def _key(task: Task, item: Item) -> bytes:
    """Return what a reward depends on, as a hash."""
    sample, written = item.sample, item.completion
    text = json.dumps(
        [task.name, task.prompt_hash, task.g.name, sorted(sample.inputs.items()), sample.gold,
         sample.reference, sorted(sample.meta.items()), written.text, written.tokens,
         written.finish, item.mode],
    )  # fmt: skip
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _shared(
    rows: Sequence[Asked], tasks: Sequence[Task], verdicts: Sequence[Rewarded]
) -> list[Rewarded]:
    """Return the rewards, divided among alike answers of a group where many are right."""
    found = list(verdicts)
    groups: dict[tuple[str, str], list[int]] = {}
    for n, (row, task) in enumerate(zip(rows, tasks, strict=True)):
        if row.group is not None:
            groups.setdefault((task.name, row.group), []).append(n)
    for places in groups.values():
        answers = [tasks[n].alike(found[n].outcome) for n in places]
        for n, (share, first) in zip(places, shares(answers), strict=True):
            if share > 1:
                found[n] = _part(found[n], share, first)
    return found


def _part(reward: Rewarded, share: int, first: bool) -> Rewarded:
    value = None if reward.value is None else reward.value / share
    verdict = reward.why if first else "an answer of the group again"
    why = f"{verdict}; {share} alike answers of the group share one reward"
    outcome = replace(reward.outcome, correct=reward.correct and first)
    return replace(reward, value=value, outcome=outcome, why=why)


def facts(reward: Rewarded) -> dict[str, Any]:
    """Return a reward as it is written in JSON."""
    return {
        "value": reward.value,
        "score": reward.score,
        "correct": reward.correct,
        "fault": reward.fault.value if reward.fault else None,
        "terms": dict(reward.terms),
        "findings": [
            {"check": one.check, "verdict": one.verdict.value, "text": one.text}
            for one in reward.findings
        ],
        "why": reward.why,
    }
