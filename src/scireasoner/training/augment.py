"""Label-preserving augmentation: other spellings of what a question asks about.

A SMILES is one of many strings of its molecule (arXiv 1703.07076); what else an answer does not
depend on, its task declares. Only questions are respelled, never answers.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scireasoner.errors import InputError, RecipeError
from scireasoner.tasks.symmetry import variants
from scireasoner.tasks.task import Task
from scireasoner.types import Sample


@dataclass(frozen=True)
class AugmentConfig:
    """How often training questions are respelled.

    Parameters
    ----------
    share : the share of drawn rows, in [0, 1]; 0 respells none.
    """

    share: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise RecipeError(f"augment.share is {self.share}; use a share from 0 to 1")


def augmented(
    task: Task,
    samples: Sequence[Sample],
    config: AugmentConfig,
    seed: int,
    among: range | None = None,
) -> list[Sample]:
    """Return the rows, some of them respelled, in the same order.

    A row whose SMILES is no single molecule (a reaction, a pattern) stays as it is.

    Parameters
    ----------
    among : the places of the rows to return, as they are among all; only where ``divisible``.
    """
    among = range(len(samples)) if among is None else among
    if not config.share:
        return list(samples[among.start : among.stop])
    rng = random.Random(f"{seed}:{task.name}:augment")
    rows = []
    for place, row in enumerate(samples[: among.stop]):
        wanted = place in among
        drawn = _respelled(task, row, rng, wanted) if rng.random() < config.share else row
        if wanted:
            rows.append(drawn)
    return rows


def divisible(task: Task) -> bool:
    """Return whether what is drawn for a row follows from the rows before it without chemistry.

    A row of two molecules draws for the second one only if the first could be respelled.
    """
    return list(task.inputs.values()).count("smiles") == 1


def _respelled(task: Task, row: Sample, rng: random.Random, wanted: bool) -> Sample:
    """Return a row in other words; one that is not wanted is only drawn for."""
    from scireasoner.science.molecules import randomise

    inputs = rng.choice(variants(row.inputs, task.inputs, task.symmetries))
    for name, text in inputs.items():
        if task.inputs.get(name) == "smiles":
            drawn = rng.getrandbits(32)
            try:
                inputs[name] = randomise(text, drawn) if wanted else text
            except InputError:
                return row
    return replace(row, inputs=inputs)
