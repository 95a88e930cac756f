"""The annealed cold start: thinking tasks get chains of thought only, instant tasks keep theirs.

Replacement is by task: a task that thinks loses all its direct answers, because near-identical
prompts with different kinds of ending spoil a model's sense of when to elaborate
(arXiv 2509.21320). The learning rate starts below that of SFT and is annealed to nearly zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from scireasoner.errors import ArtifactError
from scireasoner.recipes.bounds import above_zero
from scireasoner.tasks.task import Task
from scireasoner.training.augment import AugmentConfig
from scireasoner.training.fit_config import FitConfig
from scireasoner.training.harvest import Trace
from scireasoner.training.mixture import Part, direct_parts, shares
from scireasoner.training.supervised import supervised
from scireasoner.types import Mode, Prompt, Split


@dataclass(frozen=True)
class ColdStartConfig:
    """The annealed cold start. ``rows`` as in SFT; traces repeat where a task has few.

    Parameters
    ----------
    weights : task name -> weight in the mixture; a task without one has weight 1.
    as_sft : a task without a weight here has its weight of SFT instead.
    augment : how often a question that is answered at once is respelled.
    """

    rows: int = 20_000
    weights: Mapping[str, float] = field(default_factory=dict)
    as_sft: bool = False
    augment: AugmentConfig = field(default_factory=AugmentConfig)
    max_length: int = 512
    fit: FitConfig = field(default_factory=FitConfig)

    def __post_init__(self) -> None:
        above_zero(self, "rows", "max_length")

    def after(self, sft: Mapping[str, float]) -> ColdStartConfig:
        """Return the config with the weights of SFT under its own, where it asks for them."""
        return replace(self, weights={**sft, **self.weights}) if self.as_sft else self


def cold_start_parts(
    tasks: Sequence[Task],
    modes: Mapping[str, Mode],
    traces: Sequence[Trace],
    config: ColdStartConfig,
    seed: int,
) -> list[Part]:
    """Return the rows of the cold start after task-level replacement.

    Raises
    ------
    ArtifactError : if a task should think but the harvest kept no trace for it.
    """
    share = shares(tasks, config.weights)
    thinking = [task for task in tasks if modes[task.name] is Mode.THINK]
    direct = [task for task in tasks if modes[task.name] is Mode.INSTANT]
    parts: list[Part] = []
    if direct:
        weights = {task.name: share[task.name] for task in direct}
        rows = round(config.rows * sum(weights.values()))
        parts += direct_parts(direct, rows, weights, seed, config.augment)
    for task in thinking:
        own = [trace for trace in traces if trace.task == task.name]
        if not own:
            raise ArtifactError(
                f"{task.name} should think, but the harvest kept no trace for it; raise the "
                "harvest's budget or run the modes stage again"
            )
        wanted = round(config.rows * share[task.name])
        parts.append(Part(task.name, wanted, partial(_thoughts, task, own, wanted)))
    return parts


def _thoughts(task: Task, own: Sequence[Trace], rows: int) -> Iterator[tuple[Prompt, str]]:
    """Yield the traces of a task under their questions, from the first again where they end."""
    asked = {sample.id: sample for sample in task.samples(Split.TRAIN)}
    for i in range(rows):
        trace = own[i % len(own)]
        yield task.render(asked[trace.sample], Mode.THINK), trace.text


def cold_start(
    start: Path,
    tasks: Sequence[Task],
    modes: Mapping[str, Mode],
    traces: Sequence[Trace],
    config: ColdStartConfig,
    *,
    out: Path,
    seed: int,
    dtype: str,
) -> dict[str, float]:
    """Fine-tune the SFT model on the replaced data; checkpoint in ``out/model``."""
    return supervised(
        start,
        cold_start_parts(tasks, modes, traces, config, seed),
        config.fit,
        max_length=config.max_length,
        out=out,
        seed=seed,
        label="cold start",
        dtype=dtype,
    )
