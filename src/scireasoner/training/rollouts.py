"""What reinforcement learning asks, and how its rollouts are judged: the one judge again."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scireasoner.errors import RecipeError
from scireasoner.rewards.failures import OurFailures
from scireasoner.rewards.sharing import shares
from scireasoner.rewards.soften import soft_overlong
from scireasoner.tasks.judges import Item, Judging
from scireasoner.tasks.rewarding import Rewarded
from scireasoner.tasks.task import Task
from scireasoner.types import OUR_FAULTS, Completion, Fault, Mode, Sample

GATES = ("correct", "reward", "none")
_SPREAD = 1e-6  # float noise is not a spread


@dataclass(frozen=True, slots=True)
class Question:
    """A prompt of the RL mixture."""

    task: Task
    sample: Sample
    mode: Mode


@dataclass(frozen=True, slots=True)
class Judged:
    """One rollout. ``soft`` is g(m) in [0, 1]; ``reward`` adds the overlong penalty.

    ``reward`` is None where our own tools failed: the rollout stays out of the gradient.
    """

    task: str
    soft: float
    reward: float | None
    correct: bool
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class Answers:
    """The completions of one question, which is named by its place in the mixture.

    Parameters
    ----------
    lengths : generated tokens of each.
    finished : whether each came to its end before the token limit.
    """

    index: int
    texts: Sequence[str]
    lengths: Sequence[int]
    finished: Sequence[bool]


def mixed(group: Sequence[Judged], gate: str) -> bool:
    """Return whether a group teaches something under the gate.

    Rollouts that our own tools failed on have no say. ``correct`` asks for different verdicts, and
    for different rewards too: alike answers to an open question share one reward and one verdict,
    and a group of nothing else has no advantage to learn from.
    """
    if gate == "none":
        return True
    if gate not in GATES:
        raise RecipeError(f"rl.gate is {gate!r}; use one of {', '.join(GATES)}")
    known = [(judged.correct, judged.reward) for judged in group if judged.reward is not None]
    rewards = [reward for _, reward in known]
    if not rewards or max(rewards) - min(rewards) <= _SPREAD:
        return False
    return gate == "reward" or 0 < sum(correct for correct, _ in known) < len(known)


class PromptStream:
    """An endless stream of questions whose position is one number.

    Each epoch is a new permutation fixed by the seed. ``cursor`` counts drawn questions; saving
    and restoring it resumes the stream without losing or repeating one. In a job of several
    processes, process ``rank`` of ``world`` takes every ``world``-th question.
    """

    def __init__(
        self, rows: Sequence[dict[str, Any]], seed: int, rank: int = 0, world: int = 1
    ) -> None:
        self.rows = rows
        self.seed = seed
        self.rank = rank
        self.world = world
        self.cursor = 0
        self._epoch = -1
        self._order: list[int] = []

    def draw(self, count: int) -> list[dict[str, Any]]:
        """Return the next ``count`` rows."""
        drawn = []
        for _ in range(count):
            epoch, place = divmod(self.cursor * self.world + self.rank, len(self.rows))
            if epoch != self._epoch:
                self._epoch = epoch
                self._order = list(range(len(self.rows)))
                random.Random(f"{self.seed}:{epoch}").shuffle(self._order)
            drawn.append(self.rows[self._order[place]])
            self.cursor += 1
        return drawn


class RolloutJudge:
    """Judges the rollouts of questions and keeps count of our own failures.

    Parameters
    ----------
    questions : the RL mixture; rollouts name their question by its index.
    max_tokens, cache : lengths of the soft overlong penalty (arXiv 2503.14476, eq. 13).
    weight : what the penalty is multiplied by; 0 leaves it out.
    judging : judges items in order, such as supervised processes; None judges in this one.
    """

    def __init__(
        self,
        questions: Sequence[Question],
        max_tokens: int,
        cache: int,
        weight: float = 1.0,
        judging: Judging | None = None,
    ) -> None:
        self.questions = questions
        self.max_tokens = max_tokens
        self.cache = cache
        self.weight = weight
        self.judging = judging
        self.failures = OurFailures("rollouts")

    def __call__(self, groups: Sequence[Answers]) -> list[list[Judged]]:
        """Judge the completions of several questions, all at once where processes judge.

        Raises
        ------
        JudgeError : once our own tools have failed on more than 2 % of all rollouts.
        """
        found = iter(self._rewards([item for group in groups for item in self._items(group)]))
        return [self._group(group, [next(found) for _ in group.texts]) for group in groups]

    def _items(self, group: Answers) -> list[tuple[Task, Item]]:
        asked = self.questions[group.index]
        written = [
            Completion(text, n, "stop" if stop else "length")
            for text, n, stop in zip(group.texts, group.lengths, group.finished, strict=True)
        ]
        return [(asked.task, Item(asked.task.name, asked.sample, c, asked.mode)) for c in written]

    def _rewards(self, items: Sequence[tuple[Task, Item]]) -> list[Rewarded]:
        if self.judging is not None:
            return self.judging([item for _, item in items])
        return [task.rewarded(i.sample, i.completion, i.mode) for task, i in items]

    def _group(self, group: Answers, rewards: Sequence[Rewarded]) -> list[Judged]:
        task = self.questions[group.index].task
        # Where many answers are right, a constant one must not pay.
        answers = [task.alike(one.outcome) for one in rewards]
        return [
            self._one(task.name, one, share, first)
            for one, (share, first) in zip(rewards, shares(answers), strict=True)
        ]

    def _one(self, task: str, one: Rewarded, share: int = 1, first: bool = True) -> Judged:
        self.failures.add(task, one.fault)
        if one.fault in OUR_FAULTS:
            self.failures.check()
        penalty = self.weight * soft_overlong(one.outcome.tokens, self.max_tokens, self.cache)
        soft = None if one.value is None else one.value / share
        reward = None if soft is None else soft + penalty
        return Judged(task, soft or 0.0, reward, one.correct and first, one.fault)
