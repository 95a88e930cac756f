"""Supervised fine-tuning on (prompt, answer) pairs: SFT, the mode probe and the cold start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scireasoner.errors import DataError
from scireasoner.tasks.task import Task
from scireasoner.training.augment import AugmentConfig
from scireasoner.training.batches import Planned, plan
from scireasoner.training.encode import encode_dialogues
from scireasoner.training.loop import FitConfig, fit, planned_batches
from scireasoner.training.mixture import dialogues
from scireasoner.training.model import load_model, load_tokenizer
from scireasoner.types import Prompt


@dataclass(frozen=True)
class SftConfig:
    """Supervised fine-tuning on direct answers.

    Parameters
    ----------
    rows : (prompt, answer) pairs, spread over the tasks by weight and repeated where a task has
        fewer rows.
    weights : task name -> weight; 1 where absent.
    max_length : tokens; longer rows are cut on the right.
    augment : other spellings of the questions; none by default.
    """

    rows: int = 50_000
    weights: Mapping[str, float] = field(default_factory=dict)
    max_length: int = 512
    augment: AugmentConfig = field(default_factory=AugmentConfig)
    fit: FitConfig = field(default_factory=FitConfig)


def supervised(
    start: Path,
    pairs: Sequence[tuple[Prompt, str]],
    config: FitConfig,
    *,
    max_length: int,
    out: Path,
    seed: int,
    label: str,
    dtype: str = "float32",
) -> dict[str, float]:
    """Fine-tune the model in ``start`` on pairs; the result is a checkpoint in ``out/model``."""
    if not pairs:
        raise DataError(f"{label}: there are no rows to train on; check the stage before it")
    tokenizer = load_tokenizer(start)
    model = load_model(start, dtype)
    # A prompt that fills ``max_length`` leaves nothing to learn from.
    rows = [row for row in encode_dialogues(tokenizer, pairs, max_length) if row.answer_length > 0]
    if not rows:
        raise DataError(
            f"{label}: all prompts have {max_length} tokens or more, so no answer is left to learn;"
            " raise max_length"
        )
    order = plan(
        rows,
        batch_tokens=config.batch_tokens,
        steps=planned_batches(config),
        seed=seed,
    )
    facts = fit(
        model,
        Planned(rows, order),
        config,
        out=out,
        tokenizer=tokenizer,
        seed=seed,
        label=label,
    )
    seen = sum(len(batch) for batch in order)
    return {**facts, "pairs": len(rows), "epochs": round(seen / len(rows), 2)}


def sft(
    start: Path, tasks: Sequence[Task], config: SftConfig, *, out: Path, seed: int, dtype: str
) -> dict[str, float]:
    """Fine-tune a pretrained model on the direct answers of all tasks."""
    pairs = dialogues(tasks, config.rows, config.weights, seed, config.augment)
    return supervised(
        start,
        pairs,
        config.fit,
        max_length=config.max_length,
        out=out,
        seed=seed,
        label="SFT",
        dtype=dtype,
    )
