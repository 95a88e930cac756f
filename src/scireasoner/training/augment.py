"""Label-preserving augmentation: other spellings of what a question asks about.

A SMILES is one of many strings of its molecule (arXiv 1703.07076), and where either strand of a DNA
may be bound, the reverse complement asks the same. DNA is read in triplets from its first base on:
a window of a genome that begins a base or two later asks the same in other tokens. Only questions
are respelled, never answers.
"""

from __future__ import annotations

import fnmatch
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from scireasoner.errors import InputError, RecipeError
from scireasoner.tasks.task import Task
from scireasoner.types import Sample

_FRAMES = 3


@dataclass(frozen=True)
class AugmentConfig:
    """How often training questions are respelled.

    Parameters
    ----------
    share : the share of drawn rows, in [0, 1]; 0 respells none.
    either_strand : names or globs of tasks whose DNA may be read on either strand.
    any_frame : names or globs of tasks whose DNA is a window that may begin up to two bases later.
    """

    share: float = 0.0
    either_strand: tuple[str, ...] = ()
    any_frame: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise RecipeError(f"augment.share is {self.share}; use a share from 0 to 1")


def augmented(
    task: Task, samples: Sequence[Sample], config: AugmentConfig, seed: int
) -> list[Sample]:
    """Return the rows, some of them respelled, in the same order.

    A row whose SMILES is no single molecule (a reaction, a pattern) stays as it is.
    """
    spellers = _spellers(task, config)
    if not spellers or not config.share:
        return list(samples)
    rng = random.Random(f"{seed}:{task.name}:augment")
    return [
        _respelled(row, spellers, rng.getrandbits(32)) if rng.random() < config.share else row
        for row in samples
    ]


def _spellers(task: Task, config: AugmentConfig) -> dict[str, Callable[[str, int], str]]:
    """Return input name -> how it is respelled."""
    from scireasoner.science.molecules import randomise
    from scireasoner.science.nucleotides import reverse_complement

    def other(dna: str, seed: int) -> str:
        turned = reverse_complement(dna) if either and (seed & 1 or not shifted) else dna
        return turned[(seed >> 1) % _FRAMES :] if shifted else turned

    found: dict[str, Callable[[str, int], str]] = {}
    either = _named(task, config.either_strand)
    shifted = _named(task, config.any_frame)
    for name, notation in task.inputs.items():
        if notation == "smiles":
            found[name] = randomise
        elif notation == "dna" and (either or shifted):
            found[name] = other
    return found


def _named(task: Task, globs: Sequence[str]) -> bool:
    return any(fnmatch.fnmatchcase(task.name, glob) for glob in globs)


def _respelled(row: Sample, spellers: dict[str, Callable[[str, int], str]], seed: int) -> Sample:
    inputs = dict(row.inputs)
    for name, spell in spellers.items():
        if name in inputs:
            try:
                inputs[name] = spell(inputs[name], seed)
            except InputError:
                return row
    return replace(row, inputs=inputs)
