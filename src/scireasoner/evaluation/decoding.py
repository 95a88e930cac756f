"""Decoding that looks at more than the likeliest text, beside the plain answers to the rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from scireasoner.artifacts import read_jsonl, write_jsonl
from scireasoner.errors import DataError
from scireasoner.evaluation.asking import (
    BEST,
    CLASSES,
    MEAN,
    MEDIAN,
    PLAIN,
    VARIANTS,
    VERIFY,
    Asking,
    completion_of,
    head_of,
    prompts_of,
    row_of,
)
from scireasoner.models.backend import Backend, Comparing, Sampling
from scireasoner.tasks.consensus import NUMBERS, Consensus, agreed, has_middle, middle
from scireasoner.tasks.symmetry import variants
from scireasoner.tasks.task import Task
from scireasoner.types import Completion, Mode, RewardGroup, Sample

Verifier = Callable[[Task, Mapping[str, str], str], bool]
"""Whether an answer's text fails no check of a task, given the row's inputs (never its gold)."""

# The middle of a distribution is that of the model itself; a vote is of its better answers.
_MIDDLE_TEMPERATURE, _VOTE_TEMPERATURE = 1.0, 0.7
# Metrics that the mean serves better than the median.
_SQUARED = ("RMSE", "R2", "Pearson", "Spearman")


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a decoding made of each row.

    Parameters
    ----------
    how : the decoding that was used.
    groups : one completion a row.
    passed : share of the draws that could be read and failed no check; None without draws.
    """

    how: str
    groups: list[list[Completion]]
    passed: float | None = None


def decoding_of(task: Task, how: str, mode: Mode | None, backend: Backend) -> str:
    """Return the decoding that a task gets: ``plain`` where the wished one does not apply.

    ``best`` compares classes, asked in every way that the task declares to be the same question,
    takes the middle of numbers (the mean where the reported metric is a squared error or a
    correlation, else the median) or, where right ones are counted, the vote of the draws, and
    verifies what tools can judge.
    """
    number = task.answer.kind in NUMBERS
    # A thought would have to be written before the answers can be compared.
    closed = task.classes is not None and mode is Mode.INSTANT and isinstance(backend, Comparing)
    if how == BEST:
        if number and not has_middle(task):
            return VERIFY
        if number:
            return MEAN if task.headline.name.startswith(_SQUARED) else MEDIAN
        if closed:
            return VARIANTS if task.symmetries else CLASSES
        return VERIFY if task.answer.group is RewardGroup.VERIFIED else PLAIN
    fits = {
        MEDIAN: number,
        MEAN: number,
        CLASSES: closed,
        VARIANTS: closed and bool(task.symmetries),
        VERIFY: True,
    }
    return how if fits.get(how, False) else PLAIN


def in_words(task: Task, how: Asking, chosen: str) -> str:
    """Say how a task's answers were made: by a decoding, of how many draws, how warm."""
    if chosen in (CLASSES, VARIANTS):
        return chosen
    if chosen in (MEDIAN, MEAN, VERIFY):
        warm = _sampling(task, how, _VOTE_TEMPERATURE if chosen == VERIFY else _MIDDLE_TEMPERATURE)
        draws = f"{how.draws} checked draws" if chosen == VERIFY else f"{how.draws} draws"
        name = "vote" if chosen == VERIFY else chosen
        return f"{name} of {draws}, T {warm.temperature:g}"
    plain = how.sampling(task)
    if how.beams:
        return f"{how.beams} beams"
    return f"one draw, T {plain.temperature:g}" if plain.temperature else "likeliest text"


def decode(
    task: Task,
    backend: Backend,
    samples: Sequence[Sample],
    how: Asking,
    plain: Sequence[Sequence[Completion]],
    passes: Verifier,
    out: Path | None = None,
) -> Decoded | None:
    """Return what the decoding makes of each row; None where it leaves the plain answers.

    Parameters
    ----------
    plain : the answers as they were first asked for; a vote counts the first of them.
    passes : the checks of a vote.
    out : the folder of the plain answers; the others are kept in a folder beside it, whose name
        ends in ``-decoded``, and are read from there as `ask` reads the plain ones.
    """
    chosen = decoding_of(task, how.decode, how.mode, backend)
    if chosen == PLAIN:
        return None
    head = head_of(task, backend, samples, how) | {"decode": chosen, "draws": how.draws}
    path = None
    if out is not None:
        name = f"{task.name}.{how.mode or 'auto'}.jsonl"
        path = out.with_name(f"{out.name}-decoded") / name
        kept = _read(path, head, samples, chosen)
        if kept is not None:
            return kept
    made = _made(task, backend, samples, how, plain, passes, chosen)
    if path is not None:
        _write(path, head, samples, made)
    shares = [one.passed / one.draws for one in made if one.draws]
    passed = sum(shares) / len(shares) if shares else None
    return Decoded(chosen, [[one.completion] for one in made], passed)


def _made(
    task: Task, backend: Backend, samples: Sequence[Sample], how: Asking,
    plain: Sequence[Sequence[Completion]], passes: Verifier, chosen: str,
) -> list[Consensus]:  # fmt: skip
    prompts = prompts_of(task, samples, how)
    if chosen in (CLASSES, VARIANTS):
        assert isinstance(backend, Comparing)
        if chosen == VARIANTS:
            return _classes(task, _averaged(task, backend, samples, how))
        return _classes(task, backend.choose(prompts, task.classes or ()))
    if chosen != VERIFY:
        sampling = _sampling(task, how, _MIDDLE_TEMPERATURE)
        groups = backend.generate(prompts, sampling, how.draws)
        return [middle(task, how.mode, group, chosen) for group in groups]  # type: ignore[arg-type]
    # The plain answer is the first draw: the likeliest text, where it was not drawn itself.
    sampling = _sampling(task, how, _VOTE_TEMPERATURE)
    groups = backend.generate(prompts, sampling, how.draws - 1)
    return [
        agreed(
            task,
            how.mode,
            [first[0], *group],
            lambda answer, sample=sample: passes(task, sample.inputs, answer),  # type: ignore[misc]
        )
        for sample, first, group in zip(samples, plain, groups, strict=True)
    ]


def _sampling(task: Task, how: Asking, otherwise: float) -> Sampling:
    """Return how draws are made: with the temperature that was asked for, the task's, or ours."""
    given = how.temperature or task.temperature or otherwise
    return replace(how.sampling(task), temperature=given, beams=0, logprobs=True)


def _averaged(
    task: Task, backend: Comparing, samples: Sequence[Sample], how: Asking
) -> list[list[float]]:
    """Return the mean probabilities of the classes over all ways to write each question."""
    written = [
        [
            replace(sample, inputs=inputs)
            for inputs in variants(sample.inputs, task.inputs, task.symmetries)
        ]
        for sample in samples
    ]
    prompts = prompts_of(task, [row for rows in written for row in rows], how)
    chances = iter(backend.choose(prompts, task.classes or ()))
    return [
        [sum(column) / len(rows) for column in zip(*islice(chances, len(rows)), strict=True)]
        for rows in written
    ]


def _classes(task: Task, chances: Sequence[Sequence[float]]) -> list[Consensus]:
    """Return the likeliest class of each row, with the probability of the positive one of two."""
    options = task.classes or ()
    two = task.options is not None
    return [
        Consensus(
            Completion(
                options[max(range(len(row)), key=row.__getitem__)],
                0,
                probability=row[0] if two else None,
            ),
            0, 0, 0,
        )
        for row in chances
    ]  # fmt: skip


def _write(
    path: Path, head: Mapping[str, Any], samples: Sequence[Sample], made: Sequence[Consensus]
) -> None:
    rows = [
        row_of(sample, 0, one.completion) | {"passed": one.passed, "of": one.draws}
        for sample, one in zip(samples, made, strict=True)
    ]
    write_jsonl(path, [dict(head), *rows])


def _read(
    path: Path, head: Mapping[str, Any], samples: Sequence[Sample], how: str
) -> Decoded | None:
    """Return what a finished file holds; None if there is none, or it answers something else."""
    rows = read_jsonl(path) if path.is_file() else []
    if not rows or rows[0] != head:
        return None
    if [row.get("sample") for row in rows[1:]] != [sample.id for sample in samples]:
        raise DataError(f"{path} lacks rows that it announces: delete it and evaluate again")
    groups = [[completion_of(row)] for row in rows[1:]]
    shares = [row["passed"] / row["of"] for row in rows[1:] if row["of"]]
    return Decoded(how, groups, sum(shares) / len(shares) if shares else None)
