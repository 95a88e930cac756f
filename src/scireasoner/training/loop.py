"""One training loop for pretraining, SFT, probe and cold start: ``transformers.Trainer``.

What is added to the trainer: data in a planned order, checkpoints that count only once whole,
resumption, a progress bar, and a loss curve on disk.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scireasoner.artifacts import write_text, writing
from scireasoner.errors import RecipeError
from scireasoner.jsonl_log import JsonlLog
from scireasoner.models.checkpoint import load_model
from scireasoner.processes import is_main, meet, world
from scireasoner.progress import bar
from scireasoner.training.batches import collate
from scireasoner.training.fit_config import FitConfig
from scireasoner.training.model import compile_blocks
from scireasoner.training.optimizer import muon_with_adamw
from scireasoner.training.saving import open_curve, save_trained
from scireasoner.training.schedule import schedule, trainer_schedule
from scireasoner.training.tracking import tracked
from scireasoner.training.weighing import by_length

if TYPE_CHECKING:
    import torch
    from transformers import Trainer, TrainingArguments

log = logging.getLogger(__name__)

_COMPLETE = "complete"
_BETA_2 = 0.95  # of AdamW: usual for language models, and steadier on short runs than 0.999
CURVE = "curve.jsonl"


def planned_batches(config: FitConfig) -> int:
    """Return how many batches all processes of a job use: each takes every world-th one."""
    return config.steps * config.accumulation * world()


def fit(
    model: Any, data: Any, config: FitConfig, *, out: Path, tokenizer: Any, seed: int, label: str
) -> dict[str, float]:
    """Train in place, and save in ``out/model``.

    Resumes from the last whole checkpoint under ``out``. Of several processes each has batches of
    its own, and the loss is a mean over the tokens of all.

    Parameters
    ----------
    model : a transformers causal language model.
    data : planned batches (``Planned`` or ``Blocks``).
    out : where checkpoints and the curve go.
    tokenizer : saved with the model; its padding token fills batches.
    seed : fixes everything random in the trainer.
    label : shown beside the progress bar.

    Returns
    -------
    ``loss`` (mean of the last points of the curve), ``steps``, ``tokens``.
    """
    from transformers import Trainer

    curve = open_curve(out / CURVE)
    if config.compile:
        compile_blocks(model)
    trainer: Trainer
    with bar(label, config.steps, "steps") as tick:
        trainer = Trainer(
            model=model,
            args=arguments(config, out, seed),
            train_dataset=data,
            data_collator=lambda items: collate(items, tokenizer.pad_token_id),
            optimizers=_optimizers(model, config),
            compute_loss_func=by_length(config.length_power) if config.length_power else None,
            callbacks=[*callbacks(curve, tick)],
        )
        quiet(trainer)
        train(trainer, out, curve)
    save_trained(trainer, tokenizer, out / "model")
    last = [row["loss"] for row in curve.rows() if "loss" in row][-5:]
    return {"loss": sum(last) / len(last) if last else float("nan"), "steps": config.steps}


def train(trainer: Trainer, out: Path, curve: JsonlLog) -> None:
    """Run a trainer from its last whole checkpoint, or from the start."""
    if trainer.args.fsdp and world() > 1 and not trainer.is_fsdp_enabled:
        raise RecipeError("strategy 'fsdp2' shards over GPUs only, and this job has none: set ''")
    checkpoint = last_checkpoint(out)
    step = int(checkpoint.name.rsplit("-", 1)[1]) if checkpoint else 0
    # Points after the checkpoint will be made again.
    curve.rewrite([row for row in curve.rows() if row["step"] <= step])
    if checkpoint:
        log.info("resuming from %s", checkpoint)
    if checkpoint and step >= trainer.args.max_steps:
        # Killed after the last step: transformers would make one more.
        trainer.model.load_state_dict(load_model(checkpoint).state_dict())
        return
    with writing(out):
        trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)


def last_checkpoint(out: Path) -> Path | None:
    """Return the newest checkpoint that was written whole, or None."""
    found = [path.parent for path in out.glob(f"checkpoint-*/{_COMPLETE}")]
    return max(found, key=lambda path: int(path.name.rsplit("-", 1)[1]), default=None)


def arguments(config: FitConfig, out: Path, seed: int, **extra: Any) -> TrainingArguments:
    """Return the trainer's settings; sharding is accelerate's."""
    from transformers import TrainingArguments

    return TrainingArguments(**common_arguments(config, out, seed), **extra)


def common_arguments(config: FitConfig, out: Path, seed: int) -> dict[str, Any]:
    """Return the settings that pretraining, SFT and RL share."""
    import torch

    accelerated = torch.accelerator.is_available()
    sharding: dict[str, Any] = {}
    if config.strategy == "fsdp2":
        # Whole state in a checkpoint, so that it can be gone on with on another number of GPUs.
        fsdp = {"version": 2, "reshard_after_forward": True, "state_dict_type": "FULL_STATE_DICT"}
        sharding = {"fsdp": True, "fsdp_config": fsdp}
    elif config.strategy:
        sharding = {"deepspeed": config.strategy}
    if config.strategy:
        sharding |= {"adam_beta2": _BETA_2, **trainer_schedule(config)}
    return {
        "output_dir": str(out),
        "max_steps": config.steps,
        "learning_rate": config.lr,
        "weight_decay": config.weight_decay,
        "max_grad_norm": config.max_grad_norm,
        "gradient_accumulation_steps": config.accumulation,
        "lr_scheduler_type": "constant",
        "per_device_train_batch_size": 1,
        "train_sampling_strategy": "sequential",
        "save_strategy": "steps",
        "save_steps": config.save_every,
        "save_total_limit": 2,
        "logging_steps": config.log_every,
        "logging_strategy": "steps",
        "bf16": config.bf16,
        "activation_checkpointing": config.gradient_checkpointing,
        "use_liger_kernel": config.liger,
        "seed": seed,
        "data_seed": seed,
        **tracked(out),
        "disable_tqdm": True,
        "remove_unused_columns": False,
        "dataloader_num_workers": 0,
        # On a GPU the next batch is copied while the last one is worked on, and no step waits for
        # a look at its loss: one that is not finite is in the curve as it is.
        "dataloader_pin_memory": accelerated,
        "accelerator_config": {"non_blocking": accelerated},
        "logging_nan_inf_filter": False,
        "average_tokens_across_devices": True,
        "ddp_find_unused_parameters": False,
        "use_cpu": not accelerated,
        **sharding,
    }


def _optimizers(model: Any, config: FitConfig) -> tuple[Any, Any]:
    import torch

    if config.strategy:
        # Sharded parameters exist only after accelerate wrapped the model: let the trainer do it.
        return None, None
    if config.optimizer == "muon":
        optimizer: torch.optim.Optimizer = muon_with_adamw(
            model, muon_lr=config.muon_lr, adamw_lr=config.lr, weight_decay=config.weight_decay
        )
    else:
        optimizer = torch.optim.AdamW(
            model.parameters(),
            lr=config.lr,
            betas=(0.9, _BETA_2),
            weight_decay=config.weight_decay,
        )
    return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, schedule(config))


def quiet(trainer: Trainer) -> None:
    """Remove the callbacks that print dictionaries: the bar and the curve say it better."""
    from transformers.trainer_callback import PrinterCallback

    trainer.remove_callback(PrinterCallback)


def callbacks(curve: JsonlLog, tick: Callable[..., None]) -> list[Any]:
    """Return the callbacks that mark whole checkpoints, log the curve and move the bar."""
    from transformers import TrainerCallback

    class Watch(TrainerCallback):
        """Progress, curve, and the mark of a whole checkpoint."""

        def __init__(self) -> None:
            self.note = ""
            self.started = False

        def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            if state.global_step:
                tick(state.global_step)

        def on_log(
            self, args: Any, state: Any, control: Any, logs: Any = None, **kwargs: Any
        ) -> None:
            numbers = {k: v for k, v in (logs or {}).items() if isinstance(v, int | float)}
            if "train_runtime" in numbers:
                return
            curve.extend([{"step": state.global_step, **numbers}])
            shown = "reward" if "reward" in numbers else "loss"
            self.note = f"{shown} {numbers[shown]:.3f}" if shown in numbers else ""

        def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            tick(1, self.note)
            # What is averaged since the last point is in no checkpoint: none may be left open.
            control.should_log = control.should_log or control.should_save

        def on_save(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
            meet("checkpoint written")  # each process writes its own random states and shards
            if is_main():
                write_text(folder / _COMPLETE, f"{state.global_step}\n")

    return [Watch()]
