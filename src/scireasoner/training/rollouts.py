"""What reinforcement learning asks, and how its rollouts are judged: the one judge again."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scireasoner.errors import JudgeError, RecipeError
from scireasoner.rewards.sharing import shares
from scireasoner.rewards.soften import soft_overlong
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


def mixed(group: Sequence[Judged], gate: str) -> bool:
    """Return whether a group teaches something under the gate."""
    if gate == "none":
        return True
    if gate == "correct":
        return 0 < sum(judged.correct for judged in group) < len(group)
    if gate == "reward":
        values = [judged.reward for judged in group if judged.reward is not None]
        return bool(values) and max(values) - min(values) > _SPREAD
    raise RecipeError(f"rl.gate is {gate!r}; use one of {', '.join(GATES)}")


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
    """Judges the rollouts of a question and keeps count of our own failures.

    Parameters
    ----------
    questions : the RL mixture; rollouts name their question by its index.
    max_tokens, cache : lengths of the soft overlong penalty (arXiv 2503.14476, eq. 13).
    """

    limit = 0.02
    grace = 200

    def __init__(self, questions: Sequence[Question], max_tokens: int, cache: int) -> None:
        self.questions = questions
        self.max_tokens = max_tokens
        self.cache = cache
        self.seen = 0
        self.ours: Counter[str] = Counter()

    def __call__(
        self, index: int, texts: Sequence[str], lengths: Sequence[int], finished: Sequence[bool]
    ) -> list[Judged]:
        """Judge the completions of question ``index``.

        Raises
        ------
        JudgeError : once our own tools have failed on more than 2 % of all rollouts.
        """
        question = self.questions[index]
        rewards = [
            question.task.rewarded(
                question.sample, Completion(text, n, "stop" if stop else "length"), question.mode
            )
            for text, n, stop in zip(texts, lengths, finished, strict=True)
        ]
        # Where many answers are right, a constant one must not pay.
        answers = [question.task.alike(one.outcome) for one in rewards]
        return [
            self._one(question.task.name, one, share, first)
            for one, (share, first) in zip(rewards, shares(answers), strict=True)
        ]

    def _one(self, task: str, one: Rewarded, share: int = 1, first: bool = True) -> Judged:
        self.seen += 1
        if one.fault in OUR_FAULTS:
            self._ours(task, one.fault)
        penalty = soft_overlong(one.outcome.tokens, self.max_tokens, self.cache)
        soft = None if one.value is None else one.value / share
        reward = None if soft is None else soft + penalty
        return Judged(task, soft or 0.0, reward, one.correct and first, one.fault)

    def _ours(self, task: str, fault: Fault | None) -> None:
        self.ours[f"{task}: {fault}"] += 1
        total = sum(self.ours.values())
        if self.seen >= self.grace and total > self.limit * self.seen:
            raise JudgeError(
                f"our own tools failed on {total} of {self.seen} rollouts "
                f"({self.ours.most_common(3)}); run `scireasoner doctor` and mend what it names"
            )
