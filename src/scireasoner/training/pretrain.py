"""Continued pretraining on packed blocks of the tagged corpus."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

from scireasoner.corpus.pack import load_packed
from scireasoner.models.checkpoint import load_tokenizer
from scireasoner.recipes.bounds import above_zero
from scireasoner.training.batches import Blocks
from scireasoner.training.fit_config import FitConfig
from scireasoner.training.loop import fit, planned_batches
from scireasoner.training.model import ModelConfig, new_model


@dataclass(frozen=True)
class PretrainConfig:
    """Pretraining. ``sequence_length`` is the length of a packed block in tokens."""

    sequence_length: int = 256
    fit: FitConfig = field(default_factory=FitConfig)

    def __post_init__(self) -> None:
        above_zero(self, "sequence_length")


def pretrain(
    shard: Path,
    tokenizer_dir: Path,
    shape: ModelConfig,
    config: PretrainConfig,
    *,
    out: Path,
    seed: int,
) -> dict[str, float]:
    """Train a new model (or continue a base) on a packed shard; checkpoint in ``out/model``."""
    tokenizer = load_tokenizer(tokenizer_dir)
    model = new_model(shape, tokenizer, seed)
    packed = load_packed(shard)
    order = block_order(len(packed), packed.shape[1], config.fit, seed)
    facts = fit(
        model,
        Blocks(packed, order),
        config.fit,
        out=out,
        tokenizer=tokenizer,
        seed=seed,
        label="pretraining",
    )
    seen = sum(len(batch) for batch in order) * packed.shape[1]
    parameters = sum(p.numel() for p in model.parameters())
    return {**facts, "parameters": parameters, "tokens": seen, "epochs": seen / packed.size}


def block_order(blocks: int, length: int, config: FitConfig, seed: int) -> list[list[int]]:
    """Return the planned batches of block indices: a new permutation each epoch."""
    size = max(1, config.batch_tokens // length)
    rng = random.Random(seed)
    stream: list[int] = []
    wanted = planned_batches(config) * size
    while len(stream) < wanted:
        epoch = list(range(blocks))
        rng.shuffle(epoch)
        stream += epoch
    return [stream[i : i + size] for i in range(0, wanted, size)]
