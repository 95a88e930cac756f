"""The settings of reinforcement learning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scireasoner.errors import RecipeError
from scireasoner.recipes.bounds import above_zero, not_negative
from scireasoner.training.fit_config import FitConfig
from scireasoner.training.rollouts import GATES
from scireasoner.training.scaling import SCALES


@dataclass(frozen=True)
class RlConfig:
    """DAPO. The paper of SciReasoner names the method and leaves out its numbers.

    Parameters
    ----------
    prompts : questions in the mixture, spread over the tasks by weight.
    weights : task name -> weight in the mixture; ``others`` is that of every other task, and a task
        of weight 0 is not asked.
    groups : prompts in one optimiser step (of one process).
    group_size : rollouts for each prompt (G).
    epsilon_low, epsilon_high : the decoupled clip (DAPO: 0.2, 0.28).
    temperature : of the rollouts (DAPO: 1.0).
    max_tokens : longest rollout; ``overlong_cache`` its last part, where the penalty grows.
    gate : what must be mixed in a group: ``correct``, ``reward`` or ``none``.
    max_rounds : how often a batch asks for fresh prompts at most.
    minibatches : optimiser steps that share one batch of rollouts, each with its own part of it
        (DAPO: 16). A batch asks ``groups * minibatches`` questions.
    iterations : optimiser passes over one batch of rollouts.
    beta : weight of a KL term (DAPO: 0).
    overlong_penalty : weight of the soft penalty; 0 leaves it out. ``mask_truncated`` is apart
        from it: answers that were cut then count in the group's mean, but have no loss.
    scale : what an advantage is divided by: the deviation of its ``group`` (DAPO), the running
        one of its ``task``, or ``none``.
    share_prompts : read the prompt of a group once, for all its rollouts: the same numbers up to
        rounding, and two to three times as fast where answers are short beside their prompts. In
        one process without gradient checkpointing; elsewhere it has no effect.
    judges : processes that judge the rollouts, each with a deadline for an answer. 0 judges in
        the training process: quicker for short answers, but a tool that hangs stops the run.
    sample_every : steps between samples of the best and the worst rollouts; 0 keeps none.
    vllm : generate with vLLM in the training process's GPU.
    dev : development rows of each task that are asked before the first step, every ``dev_every``
        steps and after the last one, ``group_size`` answers each; 0 asks none.
    watched : further tasks of which that is done, though they are not trained on.
    """

    prompts: int = 2000
    weights: Mapping[str, float] = field(default_factory=dict)
    others: float = 1.0
    groups: int = 16
    group_size: int = 8
    epsilon_low: float = 0.2
    epsilon_high: float = 0.28
    temperature: float = 1.0
    max_tokens: int = 256
    overlong_cache: int = 64
    mask_truncated: bool = False
    gate: str = "correct"
    max_rounds: int = 3
    minibatches: int = 1
    iterations: int = 1
    beta: float = 0.0
    overlong_penalty: float = 1.0
    scale: str = "group"
    share_prompts: bool = False
    judges: int = 0
    sample_every: int = 10
    vllm: bool = False
    dev: int = 0
    dev_every: int = 50
    watched: tuple[str, ...] = ()
    fit: FitConfig = field(default_factory=FitConfig)

    def __post_init__(self) -> None:
        if self.gate not in GATES:
            raise RecipeError(f"rl.gate is {self.gate!r}; use one of {', '.join(GATES)}")
        if self.group_size < 2:
            raise RecipeError("rl.group_size must be at least 2: an advantage compares answers")
        if not 0 < self.overlong_cache < self.max_tokens:
            raise RecipeError("rl.overlong_cache must be at least 1 and below rl.max_tokens")
        above_zero(self, "prompts", "groups", "temperature", "max_rounds")
        above_zero(self, "minibatches", "iterations", "dev_every")
        not_negative(self, "others", "epsilon_low", "epsilon_high", "beta", "overlong_penalty")
        not_negative(self, "judges", "sample_every", "dev")
        if self.scale not in SCALES:
            raise RecipeError(f"rl.scale is {self.scale!r}; use one of {', '.join(SCALES)}")
        if self.groups * self.group_size % self.fit.accumulation:
            raise RecipeError(
                f"rl.groups * rl.group_size ({self.groups * self.group_size}) must be a multiple "
                f"of rl.fit.accumulation ({self.fit.accumulation}): a step is cut into equal parts"
            )
        if self.fit.compile:
            raise RecipeError("rl.fit.compile is true, and RL compiles no blocks: set it to false")
        if self.watched and not self.dev:
            raise RecipeError(
                f"rl.watched names {', '.join(self.watched)}, and rl.dev is 0: give rl.dev the "
                "number of development rows that shall be asked"
            )
        if self.fit.save_every % self.shared_steps:
            raise RecipeError(
                "rl.fit.save_every must be a multiple of rl.iterations * rl.minibatches: rollouts "
                "are not saved, so a run can only go on where a new batch of them begins"
            )

    @property
    def shared_steps(self) -> int:
        """How many optimiser steps use one batch of rollouts."""
        return self.minibatches * self.iterations

    def weight(self, task: str) -> float:
        """How often a task is asked, beside the others."""
        return self.weights.get(task, self.others)
