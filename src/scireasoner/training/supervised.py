"""Supervised fine-tuning on (prompt, answer) pairs: SFT, the mode probe and the cold start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scireasoner.errors import DataError
from scireasoner.models.checkpoint import load_model, load_tokenizer
from scireasoner.processes import shared
from scireasoner.recipes.bounds import above_zero
from scireasoner.tasks.task import Task
from scireasoner.training.augment import AugmentConfig
from scireasoner.training.batches import Planned, plan
from scireasoner.training.encode import encode_parts
from scireasoner.training.fit_config import FitConfig
from scireasoner.training.loop import fit, planned_batches
from scireasoner.training.mixture import Part, direct_parts
from scireasoner.training.token_rows import TokenRows

ROWS = "checkpoint-rows.npz"  # named as what only an interrupted stage needs


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

    def __post_init__(self) -> None:
        above_zero(self, "rows", "max_length")


def supervised(
    start: Path,
    parts: Sequence[Part],
    config: FitConfig,
    *,
    max_length: int,
    out: Path,
    seed: int,
    label: str,
    dtype: str = "float32",
) -> dict[str, float]:
    """Fine-tune the model in ``start`` on pairs; the result is a checkpoint in ``out/model``.

    The encoded pairs stay in ``out`` until the stage is done: an interrupted one goes on at once.
    So a folder is for one training; a run sees to that by its key.
    """
    tokenizer = load_tokenizer(start)
    model = load_model(start, dtype)
    rows = encoded(start, parts, max_length=max_length, out=out, label=label)
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


def encoded(
    start: Path, parts: Sequence[Part], *, max_length: int, out: Path, label: str
) -> TokenRows:
    """Return the rows of tokens to train on: read from ``out``, or encoded by the main process.

    Raises
    ------
    DataError : if nothing is left to learn.
    """
    path = out / ROWS

    def make() -> int:
        if not path.is_file():
            rows = encode_parts(load_tokenizer(start), parts, max_length, f"{label}, encoding")
            if not len(rows):
                raise DataError(
                    f"{label}: there are no rows to train on, or all prompts have {max_length} "
                    "tokens or more, so that no answer is left to learn: check the stage before "
                    "it, or raise max_length"
                )
            rows.save(path)
        return 0

    shared(f"{label}: rows encoded", make)
    return TokenRows.load(path)


def sft(
    start: Path, tasks: Sequence[Task], config: SftConfig, *, out: Path, seed: int, dtype: str
) -> dict[str, float]:
    """Fine-tune a pretrained model on the direct answers of all tasks."""
    return supervised(
        start,
        direct_parts(tasks, config.rows, config.weights, seed, config.augment),
        config.fit,
        max_length=config.max_length,
        out=out,
        seed=seed,
        label="SFT",
        dtype=dtype,
    )
