"""Reinforcement learning: DAPO on the scientific rewards (arXiv 2509.21320 and 2503.14476)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scireasoner.errors import DataError, RecipeError
from scireasoner.processes import rank
from scireasoner.progress import bar
from scireasoner.prompts import render
from scireasoner.recipes.bounds import above_zero, not_negative
from scireasoner.tasks.judges import Judges, Judging
from scireasoner.tasks.task import Task
from scireasoner.training.loop import (
    CURVE,
    FitConfig,
    callbacks,
    common_arguments,
    last_checkpoint,
    quiet,
    train,
)
from scireasoner.training.mixture import draw_balanced, shares
from scireasoner.training.model import load_model, load_tokenizer
from scireasoner.training.rl_state import resume, stream_callback, watch
from scireasoner.training.rollout_log import RolloutLog
from scireasoner.training.rollouts import GATES, PromptStream, Question, RolloutJudge
from scireasoner.training.saving import open_curve, save_trained
from scireasoner.training.scaling import SCALES, TaskScale
from scireasoner.types import Mode

if TYPE_CHECKING:
    from scireasoner.training.dapo_trainer import DapoTrainer


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
    fit: FitConfig = field(default_factory=FitConfig)

    def __post_init__(self) -> None:
        if self.gate not in GATES:
            raise RecipeError(f"rl.gate is {self.gate!r}; use one of {', '.join(GATES)}")
        if self.group_size < 2:
            raise RecipeError("rl.group_size must be at least 2: an advantage compares answers")
        if not 0 < self.overlong_cache < self.max_tokens:
            raise RecipeError("rl.overlong_cache must be at least 1 and below rl.max_tokens")
        above_zero(self, "prompts", "groups", "temperature", "max_rounds")
        above_zero(self, "minibatches", "iterations")
        not_negative(self, "others", "epsilon_low", "epsilon_high", "beta", "overlong_penalty")
        not_negative(self, "judges", "sample_every")
        if self.scale not in SCALES:
            raise RecipeError(f"rl.scale is {self.scale!r}; use one of {', '.join(SCALES)}")
        if self.groups * self.group_size % self.fit.accumulation:
            raise RecipeError(
                f"rl.groups * rl.group_size ({self.groups * self.group_size}) must be a multiple "
                f"of rl.fit.accumulation ({self.fit.accumulation}): a step is cut into equal parts"
            )
        if self.fit.compile:
            raise RecipeError("rl.fit.compile is true, and RL compiles no blocks: set it to false")
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


def questions(
    tasks: Sequence[Task], modes: Mapping[str, Mode], config: RlConfig, seed: int
) -> list[Question]:
    """Return the RL mixture: training rows only, by weight, each in its task's mode."""
    share = shares(tasks, config.weights, config.others)
    chosen = []
    for task in tasks:
        for sample in draw_balanced(task, round(config.prompts * share[task.name]), seed):
            chosen.append(Question(task, sample, modes[task.name]))
    if not chosen:
        raise DataError("the RL mixture is empty; raise rl.prompts or the weights")
    return chosen


def reinforce(
    start: Path,
    tasks: Sequence[Task],
    modes: Mapping[str, Mode],
    config: RlConfig,
    *,
    out: Path,
    seed: int,
    dtype: str,
) -> dict[str, float]:
    """Train the cold-start model with DAPO; checkpoint in ``out/model``, curve in ``out``."""
    asked = questions(tasks, modes, config, seed)
    curve = open_curve(out / CURVE)
    with bar("DAPO", config.fit.steps, "steps") as tick, _judges(config.judges) as judging:
        trainer = _trainer(start, asked, config, out, seed, dtype, judging)
        for callback in (stream_callback(trainer), *callbacks(curve, tick)):
            trainer.add_callback(callback)
        watch(trainer, curve, out)
        quiet(trainer)
        resume(trainer, last_checkpoint(out))
        train(trainer, out, curve)
    save_trained(trainer, trainer.processing_class, out / "model")
    return {"questions": len(asked), **_first_and_last(curve.rows())}


@contextmanager
def _judges(workers: int) -> Iterator[Judging | None]:
    """Yield what judges in processes of its own, or None where the training process does."""
    if not workers:
        yield None
        return
    judges = Judges(workers)
    try:
        yield judges
    finally:
        judges.close()


def _first_and_last(curve: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return what the rollouts earned in the first and in the last fifth of the curve."""
    rows = [row for row in curve if "rollout/score" in row]
    fifth = max(1, len(rows) // 5)
    parts = {"first": rows[:fifth], "last": rows[-fifth:]}
    return {
        f"rollout_{name}_{place}": _mean(part, f"rollout/{name}")
        for name in ("score", "correct")
        for place, part in parts.items()
    }


def _mean(rows: Sequence[Mapping[str, float]], key: str) -> float:
    return sum(row[key] for row in rows) / len(rows) if rows else float("nan")


def _trainer(
    start: Path,
    asked: Sequence[Question],
    config: RlConfig,
    out: Path,
    seed: int,
    dtype: str,
    judging: Judging | None = None,
) -> DapoTrainer:
    import torch
    from datasets import Dataset

    from scireasoner.training.dapo_trainer import DapoTrainer

    tokenizer = load_tokenizer(start)
    tokenizer.padding_side = "left"
    model = load_model(start, dtype)
    template = tokenizer.chat_template
    rows: list[dict[str, Any]] = [
        {
            "prompt": render(q.task.render(q.sample, q.mode), template),
            "row": i,
            "id": f"{q.task.name}/{q.sample.id}",
        }
        for i, q in enumerate(asked)
    ]
    judge = RolloutJudge(
        asked, config.max_tokens, config.overlong_cache, config.overlong_penalty, judging
    )
    optimizer = None
    if not config.fit.strategy:
        optimizer = torch.optim.AdamW(model.parameters(), lr=config.fit.lr, weight_decay=0.0)
    trainer = DapoTrainer(
        model=model,
        args=_arguments(config, out, seed),
        # TRL walks over this set to know when to stop; the questions come from the stream.
        train_dataset=Dataset.from_list(rows),
        processing_class=tokenizer,
        optimizers=(optimizer, _constant(optimizer, config.fit) if optimizer else None),
        stream=PromptStream(rows, seed),
        judge=judge,
        gate=config.gate,
        max_rounds=config.max_rounds,
        scale=TaskScale([q.task.name for q in asked]) if config.scale == "task" else None,
        share_prompts=config.share_prompts,
        log=RolloutLog(out, config.sample_every, config.fit.steps, rank()),
    )
    trainer.stream.rank = trainer.accelerator.process_index
    trainer.stream.world = trainer.accelerator.num_processes
    return trainer


def _constant(optimizer: Any, config: FitConfig) -> Any:
    import torch

    from scireasoner.training.schedule import schedule

    return torch.optim.lr_scheduler.LambdaLR(optimizer, schedule(config))


def _arguments(config: RlConfig, out: Path, seed: int) -> Any:
    from trl import GRPOConfig

    common = common_arguments(config.fit, out, seed)
    common.pop("train_sampling_strategy")
    batch = config.groups * config.group_size
    common |= {"per_device_train_batch_size": batch // config.fit.accumulation}
    return GRPOConfig(
        **common,
        num_generations=config.group_size,
        steps_per_generation=config.fit.accumulation * config.minibatches,
        num_iterations=config.iterations,
        max_completion_length=config.max_tokens,
        temperature=config.temperature,
        top_p=1.0,
        loss_type="dapo",
        epsilon=config.epsilon_low,
        epsilon_high=config.epsilon_high,
        beta=config.beta,
        scale_rewards="group" if config.scale == "group" else "none",
        mask_truncated_completions=config.mask_truncated,
        use_vllm=config.vllm,
        **({"vllm_mode": "colocate"} if config.vllm else {}),
    )
