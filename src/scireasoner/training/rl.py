"""Reinforcement learning: DAPO on the scientific rewards (arXiv 2509.21320 and 2503.14476)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scireasoner.artifacts import JsonlLog, read_json, write_json
from scireasoner.errors import DataError, RecipeError
from scireasoner.progress import bar
from scireasoner.prompts import render
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
from scireasoner.training.model import load_model, load_tokenizer, save_model
from scireasoner.training.rollouts import GATES, PromptStream, Question, RolloutJudge
from scireasoner.types import Mode

if TYPE_CHECKING:
    from scireasoner.training.dapo_trainer import DapoTrainer

_CURSOR = "cursor.json"


@dataclass(frozen=True)
class RlConfig:
    """DAPO. The paper of SciReasoner names the method and leaves out its numbers.

    Parameters
    ----------
    prompts : questions in the mixture, spread over the tasks by weight.
    groups : prompts in one optimiser step (of one process).
    group_size : rollouts for each prompt (G).
    epsilon_low, epsilon_high : the decoupled clip (DAPO: 0.2, 0.28).
    temperature : of the rollouts (DAPO: 1.0).
    max_tokens : longest rollout; ``overlong_cache`` its last part, where the penalty grows.
    gate : what must be mixed in a group: ``correct``, ``reward`` or ``none``.
    max_rounds : how often a step asks for fresh prompts at most.
    iterations : optimiser passes over one batch of rollouts.
    beta : weight of a KL term (DAPO: 0).
    vllm : generate with vLLM in the training process's GPU.
    """

    prompts: int = 2000
    weights: Mapping[str, float] = field(default_factory=dict)
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
    iterations: int = 1
    beta: float = 0.0
    vllm: bool = False
    fit: FitConfig = field(default_factory=FitConfig)

    def __post_init__(self) -> None:
        if self.gate not in GATES:
            raise RecipeError(f"rl.gate is {self.gate!r}; use one of {', '.join(GATES)}")
        if self.group_size < 2:
            raise RecipeError("rl.group_size must be at least 2: an advantage compares answers")
        if not 0 < self.overlong_cache < self.max_tokens:
            raise RecipeError("rl.overlong_cache must be at least 1 and below rl.max_tokens")
        if self.fit.save_every % self.iterations:
            raise RecipeError(
                "rl.fit.save_every must be a multiple of rl.iterations: rollouts are not saved, so "
                "a run can only go on where a new batch of them begins"
            )


def questions(
    tasks: Sequence[Task], modes: Mapping[str, Mode], config: RlConfig, seed: int
) -> list[Question]:
    """Return the RL mixture: training rows only, by weight, each in its task's mode."""
    share = shares(tasks, config.weights)
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
    curve = JsonlLog(out / CURVE)
    with bar("DAPO", config.fit.steps, "steps") as tick:
        trainer = _trainer(start, asked, config, out, seed, dtype)
        for callback in (_cursor_callback(trainer), *callbacks(curve, tick)):
            trainer.add_callback(callback)
        quiet(trainer)
        checkpoint = last_checkpoint(out)
        if checkpoint:
            trainer.stream.cursor = read_json(checkpoint / _CURSOR)[str(trainer.stream.rank)]
        train(trainer, out, curve)
    save_model(trainer.model, trainer.processing_class, out / "model")
    rows = [row for row in curve.rows() if "reward" in row]
    first, last = rows[: max(1, len(rows) // 5)], rows[-max(1, len(rows) // 5) :]
    return {
        "questions": len(asked),
        "rollout_score_first": _mean(first, "rollout/score"),
        "rollout_score_last": _mean(last, "rollout/score"),
        "rollout_correct_first": _mean(first, "rollout/correct"),
        "rollout_correct_last": _mean(last, "rollout/correct"),
    }


def _mean(rows: Sequence[Mapping[str, float]], key: str) -> float:
    return sum(row[key] for row in rows) / len(rows) if rows else float("nan")


def _trainer(
    start: Path, asked: Sequence[Question], config: RlConfig, out: Path, seed: int, dtype: str
) -> DapoTrainer:
    import torch
    from datasets import Dataset

    from scireasoner.training.dapo_trainer import DapoTrainer

    tokenizer = load_tokenizer(start)
    tokenizer.padding_side = "left"
    model = load_model(start, dtype)
    template = tokenizer.chat_template
    rows: list[dict[str, Any]] = [
        {"prompt": render(q.task.render(q.sample, q.mode), template), "row": i}
        for i, q in enumerate(asked)
    ]
    judge = RolloutJudge(asked, config.max_tokens, config.overlong_cache)
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
    )
    trainer.stream.rank = trainer.accelerator.process_index
    trainer.stream.world = trainer.accelerator.num_processes
    return trainer


def _constant(optimizer: Any, config: FitConfig) -> Any:
    import torch

    from scireasoner.training.loop import schedule

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
        steps_per_generation=config.fit.accumulation,
        num_iterations=config.iterations,
        max_completion_length=config.max_tokens,
        temperature=config.temperature,
        top_p=1.0,
        loss_type="dapo",
        epsilon=config.epsilon_low,
        epsilon_high=config.epsilon_high,
        beta=config.beta,
        scale_rewards="group",
        mask_truncated_completions=config.mask_truncated,
        use_vllm=config.vllm,
        **({"vllm_mode": "colocate"} if config.vllm else {}),
    )


def _cursor_callback(trainer: DapoTrainer) -> Any:
    from transformers import TrainerCallback

    class SaveCursor(TrainerCallback):
        """Writes the stream's position into each checkpoint, before it is marked whole."""

        def on_save(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
            write_json(folder / _CURSOR, {str(trainer.stream.rank): trainer.stream.cursor})

    return SaveCursor()
