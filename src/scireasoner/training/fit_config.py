"""How long and how fast a stage trains."""

from __future__ import annotations

from dataclasses import dataclass

from scireasoner.errors import RecipeError
from scireasoner.recipes.bounds import above_zero, not_negative, shares_of_one


@dataclass(frozen=True)
class FitConfig:
    """How long and how fast to train.

    Parameters
    ----------
    steps : optimiser steps.
    batch_tokens : padded tokens a process sees in one forward pass.
    accumulation : forward passes in one step.
    optimizer : ``muon`` (with AdamW for embeddings) or ``adamw``.
    lr : peak learning rate of AdamW; ``muon_lr`` that of Muon.
    warmup : share of the steps with rising rate; ``decay``: ``linear``, ``cosine``, ``constant``.
    final_lr : rate at the end as a share of the peak.
    save_every : steps between checkpoints.
    log_every : steps between points of the curve.
    length_power : power of its length by which an answer weighs less a token, in [0, 1]: 0 counts
        every token alike, 1 every answer.
    compile : compile the model's blocks (``torch.compile``): for GPUs that a small model's many
        short kernels keep waiting. Not used by RL.
    strategy : accelerate's way to spread a model: empty, ``fsdp2`` or the path of a DeepSpeed
        configuration.
    """

    steps: int = 100
    batch_tokens: int = 8192
    accumulation: int = 1
    optimizer: str = "adamw"
    lr: float = 1e-3
    muon_lr: float = 0.02
    weight_decay: float = 0.0
    warmup: float = 0.05
    decay: str = "linear"
    final_lr: float = 0.05
    max_grad_norm: float = 1.0
    save_every: int = 100
    log_every: int = 5
    bf16: bool = False
    gradient_checkpointing: bool = False
    liger: bool = False
    length_power: float = 0.0
    compile: bool = False
    strategy: str = ""

    def __post_init__(self) -> None:
        if self.optimizer not in {"muon", "adamw"}:
            raise RecipeError(f"optimizer is {self.optimizer!r}; use 'muon' or 'adamw'")
        if self.decay not in {"linear", "cosine", "constant"}:
            raise RecipeError(f"decay is {self.decay!r}; use 'linear', 'cosine' or 'constant'")
        above_zero(self, "steps", "batch_tokens", "accumulation", "save_every", "log_every")
        not_negative(self, "lr", "muon_lr", "weight_decay", "max_grad_norm")
        shares_of_one(self, "warmup", "final_lr", "length_power")
        if self.compile and self.strategy:
            raise RecipeError("compiled blocks run unsharded only; set compile = false")
        if self.optimizer == "muon" and self.strategy:
            raise RecipeError("Muon runs unsharded only; set optimizer = 'adamw' with a strategy")
