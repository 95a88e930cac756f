"""Reinforcement learning: DAPO on the scientific rewards (arXiv 2509.21320 and 2503.14476)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scireasoner.artifacts import read_jsonl
from scireasoner.errors import DataError
from scireasoner.models.checkpoint import load_model, load_tokenizer
from scireasoner.processes import is_main, rank
from scireasoner.progress import bar
from scireasoner.prompts import render
from scireasoner.tasks.judges import Judges, Judging
from scireasoner.tasks.task import Task
from scireasoner.training.development import (
    DEVELOPMENT,
    Development,
    development_questions,
    watch_development,
)
from scireasoner.training.fit_config import FitConfig
from scireasoner.training.loop import (
    CURVE,
    callbacks,
    common_arguments,
    last_checkpoint,
    quiet,
    train,
)
from scireasoner.training.mixture import draw_balanced, shares
from scireasoner.training.rl_config import RlConfig
from scireasoner.training.rl_state import resume, stream_callback, watch
from scireasoner.training.rollout_log import RolloutLog
from scireasoner.training.rollouts import PromptStream, Question, RolloutJudge
from scireasoner.training.saving import open_curve, save_trained
from scireasoner.training.scaling import TaskScale
from scireasoner.types import Mode

if TYPE_CHECKING:
    from scireasoner.training.dapo_trainer import DapoTrainer


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
) -> dict[str, Any]:
    """Train the cold-start model with DAPO; checkpoint in ``out/model``, curve in ``out``."""
    asked = questions(tasks, modes, config, seed)
    held = development_questions(tasks, modes, config)
    curve = open_curve(out / CURVE)
    with bar("DAPO", config.fit.steps, "steps") as tick, _judges(config.judges) as judging:
        trainer = _trainer(start, asked, config, out, seed, dtype, judging, held)
        for callback in (stream_callback(trainer), *callbacks(curve, tick)):
            trainer.add_callback(callback)
        watch(trainer, curve, out)
        if held:
            rows = _rows(held, trainer.processing_class.chat_template, len(asked))
            _watch_development(trainer, rows, held, config, out, seed)
        quiet(trainer)
        resume(trainer, last_checkpoint(out))
        train(trainer, out, curve)
    save_trained(trainer, trainer.processing_class, out / "model")
    facts = {"questions": len(asked), **_first_and_last(curve.rows())}
    return facts | {"development": _last_gains(out)} if held and is_main() else facts


def _watch_development(
    trainer: DapoTrainer,
    rows: Sequence[dict[str, Any]],
    held: Sequence[Question],
    config: RlConfig,
    out: Path,
    seed: int,
) -> None:
    development = Development(
        trainer,
        rows,
        [question.task.name for question in held],
        groups=config.groups,
        every=config.dev_every,
        steps=config.fit.steps,
        out=out,
        seed=seed,
    )
    development.go_on(last_checkpoint(out))
    watch_development(development)


def _last_gains(out: Path) -> Mapping[str, Mapping[str, float]]:
    gains: Mapping[str, Mapping[str, float]] = read_jsonl(out / DEVELOPMENT)[-1]["gains"]
    return gains


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
    held: Sequence[Question] = (),
) -> DapoTrainer:
    import torch
    from datasets import Dataset

    from scireasoner.training.dapo_trainer import DapoTrainer

    tokenizer = load_tokenizer(start)
    tokenizer.padding_side = "left"
    model = load_model(start, dtype)
    rows = _rows(asked, tokenizer.chat_template)
    judge = RolloutJudge(
        [*asked, *held],
        config.max_tokens,
        config.overlong_cache,
        config.overlong_penalty,
        judging,
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


def _rows(asked: Sequence[Question], template: Any, first: int = 0) -> list[dict[str, Any]]:
    """Return questions as the trainer takes them; ``first`` is the place of the first one."""
    return [
        {
            "prompt": render(q.task.render(q.sample, q.mode), template),
            "row": i,
            "id": f"{q.task.name}/{q.sample.id}",
        }
        for i, q in enumerate(asked, start=first)
    ]


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
