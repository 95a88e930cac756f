"""Asking a model the rows of a task: examples first, several answers, every completion kept."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scireasoner.artifacts import read_jsonl, write_jsonl
from scireasoner.errors import DataError, InputError, nearest
from scireasoner.models.backend import Backend, Comparing, Sampling
from scireasoner.tasks.task import Task
from scireasoner.types import Completion, Mode, Prompt, Sample, Split

# Examples are drawn from the first rows of the development split, so that a larger copy of the
# data gives the same ones.
_SHOTS_FROM = 200

PLAIN, MEDIAN, MEAN, CLASSES, VARIANTS, VERIFY, BEST = DECODINGS = (
    "plain", "median", "mean", "classes", "variants", "verify", "best",
)  # fmt: skip
"""How the one answer of a question is made: see `scireasoner.evaluation.decoding`."""


@dataclass(frozen=True)
class Asking:
    """How rows are asked.

    Parameters
    ----------
    mode : None leaves it to the model.
    shots : answered examples before each question, drawn from the development rows.
    answers : how many per prompt; more than one need a temperature or beams.
    beams : beam search with so many beams; 0 is none.
    temperature : of decoding; None takes the task's own.
    probabilities : also compare the probabilities of the two answers to a yes/no question, where
        the backend can (an instant answer only: a thought would have to be written first).
    max_thinking : tokens of a thought at most; it is closed there, and as many tokens as an
        instant answer may have are left for the answer. 0: the task's own limit on the whole.
    decode : ``"plain"``, or how the plain answers are to be bettered: one of `DECODINGS`.
    draws : answers that a median, a mean or a vote is made of.
    seed : of sampling and of the choice of examples.
    """

    mode: Mode | None = Mode.INSTANT
    shots: int = 0
    answers: int = 1
    beams: int = 0
    temperature: float | None = None
    probabilities: bool = False
    seed: int = 0
    max_thinking: int = 0
    decode: str = PLAIN
    draws: int = 16

    def __post_init__(self) -> None:
        """Check the numbers."""
        if self.shots < 0 or self.answers < 1 or self.beams < 0 or self.max_thinking < 0:
            raise InputError(
                f"shots {self.shots}, answers {self.answers}, beams {self.beams}, thinking "
                f"{self.max_thinking} were given; answers must be 1 or more, the others 0 or more"
            )
        if self.beams and self.answers > self.beams:
            raise InputError(f"{self.answers} answers of {self.beams} beams: use more beams")
        if self.decode not in DECODINGS:
            raise InputError(
                f"the decoding {self.decode!r} is unknown{nearest(self.decode, DECODINGS)}; use "
                f"one of {', '.join(DECODINGS)}"
            )
        if self.decode != PLAIN and (self.draws < 2 or self.answers > 1):
            raise InputError(
                f"decoding {self.decode!r} with {self.draws} draws and {self.answers} answers a "
                "question: it makes one answer out of 2 or more draws"
            )

    def sampling(self, task: Task) -> Sampling:
        """Return the decoding settings for a task."""
        temperature = task.temperature if self.temperature is None else self.temperature
        limit, thinking = task.limit(self.mode), self.max_thinking
        if thinking and self.mode is not Mode.INSTANT:
            limit = thinking + task.limit(Mode.INSTANT)
        return Sampling(
            temperature,
            max_tokens=limit,
            seed=self.seed,
            beams=self.beams,
            max_thinking=thinking,
        )


def examples(task: Task, shots: int, seed: int) -> tuple[Sample, ...]:
    """Return the examples of a task: fixed by the seed, the same for every model and row.

    Raises
    ------
    DataError : if there are not enough development rows with an answer.
    """
    if not shots:
        return ()
    pool = [s for s in task.samples(Split.DEV)[:_SHOTS_FROM] if s.example is not None]
    if len(pool) < shots:
        raise DataError(
            f"task {task.name!r} has {len(pool)} development rows with an answer and {shots} "
            "examples were asked for: ask for fewer"
        )
    return tuple(random.Random(f"{seed}:{task.name}:shots").sample(pool, shots))


def ask(
    task: Task, backend: Backend, samples: Sequence[Sample], how: Asking, out: Path | None = None
) -> list[list[Completion]]:
    """Return the completions of each row: from a finished file, else from the model.

    Parameters
    ----------
    out : folder of ``<task>.<mode>.jsonl`` with every completion whole. A finished file of the
        same model, questions and settings is read instead of asking the model again.
    """
    head = head_of(task, backend, samples, how)
    path = None if out is None else out / f"{task.name}.{how.mode or 'auto'}.jsonl"
    if path is not None and path.is_file():
        kept = _read(path, head, samples)
        if kept is not None:
            return kept
    prompts = prompts_of(task, samples, how)
    made = backend.generate(prompts, how.sampling(task), how.answers)
    if how.probabilities and how.mode is Mode.INSTANT and isinstance(backend, Comparing):
        made = _compared(task, backend, prompts, made)
    if path is not None:
        rows = [
            row_of(s, n, c) for s, g in zip(samples, made, strict=True) for n, c in enumerate(g)
        ]
        write_jsonl(path, [head, *rows])
    return made


def _compared(
    task: Task, backend: Comparing, prompts: Sequence[Any], made: list[list[Completion]]
) -> list[list[Completion]]:
    """Put the probability of the positive answer to each question of two classes."""
    options = task.options
    if options is None:
        return made
    chances = backend.choose(prompts, options)
    return [
        [replace(c, probability=chance[0]) for c in group]
        for group, chance in zip(made, chances, strict=True)
    ]


def prompts_of(task: Task, samples: Sequence[Sample], how: Asking) -> list[Prompt]:
    """Return the prompts of rows, examples first."""
    shots = examples(task, how.shots, how.seed)
    return [task.render(sample, how.mode, shots) for sample in samples]


def head_of(task: Task, backend: Backend, samples: Sequence[Sample], how: Asking) -> dict[str, Any]:
    """Return what decides whether a file's completions answer this very question."""
    asked = [(sample.id, task.question(sample.inputs)) for sample in samples]
    sampling = how.sampling(task)
    # Files from before there was a budget have none in their head.
    budget = {"max_thinking": sampling.max_thinking} if sampling.bounds(how.mode) else {}
    return budget | {
        "task": f"{task.name} v{task.version}",
        "model": backend.name,
        "mode": None if how.mode is None else how.mode.value,
        "temperature": sampling.temperature,
        "max_tokens": sampling.max_tokens,
        "beams": sampling.beams,
        "answers": how.answers,
        "probabilities": how.probabilities,
        "shots": [shot.id for shot in examples(task, how.shots, how.seed)],
        "seed": sampling.seed,
        "rows": len(asked),
        "prompt": task.prompt_hash,
        "questions": hashlib.sha256(repr(asked).encode()).hexdigest(),
    }


def row_of(sample: Sample, draw: int, completion: Completion) -> dict[str, Any]:
    """Return a completion as a line of a predictions file."""
    row: dict[str, Any] = {
        "sample": sample.id,
        "text": completion.text,
        "tokens": completion.tokens,
        "finish": completion.finish,
    }
    if draw:
        row["draw"] = draw
    if completion.probability is not None:
        row["probability"] = completion.probability
    if completion.thinking is not None:
        row["thinking"] = completion.thinking
    return row


def completion_of(row: Mapping[str, Any]) -> Completion:
    """Return the completion of a line of a predictions file."""
    return Completion(
        row["text"],
        row["tokens"],
        row["finish"],
        probability=row.get("probability"),
        thinking=row.get("thinking"),
    )


def _read(
    path: Path, head: Mapping[str, Any], samples: Sequence[Sample]
) -> list[list[Completion]] | None:
    """Return a finished file's completions; None if it answers something else."""
    rows = read_jsonl(path)
    if not rows or rows[0] != head:
        return None
    answers = int(head["answers"])
    expected = [(sample.id, draw) for sample in samples for draw in range(answers)]
    if [(row.get("sample"), row.get("draw", 0)) for row in rows[1:]] != expected:
        raise DataError(f"{path} lacks rows that it announces: delete it and evaluate again")
    made = [completion_of(row) for row in rows[1:]]
    return [made[start : start + answers] for start in range(0, len(made), answers)]
