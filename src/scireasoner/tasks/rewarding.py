"""The reward of a completion with its terms and reasons: what trainers call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scireasoner.notation.tags import find_spans
from scireasoner.prompts.reply import read
from scireasoner.rewards.compose import CONSTRAINT, CORRECTNESS, FORMAT, LENGTH, length_term
from scireasoner.tasks.constraints import HARD, findings
from scireasoner.types import OUR_FAULTS, Completion, Fault, Finding, Mode, Outcome, Sample, Verdict

if TYPE_CHECKING:
    from scireasoner.answers.base import Answer
    from scireasoner.tasks.task import Task


@dataclass(frozen=True, slots=True)
class Rewarded:
    """A judged completion with its reward; score and verdict stay apart from the reward.

    Parameters
    ----------
    value : the reward in [0, 1]; None where our own tools failed.
    outcome : the judgement that it rests on.
    terms : correctness, constraint, format and length in [0, 1]; empty where there is a fault.
    findings : what each applicable constraint says.
    why : one sentence.
    """

    value: float | None
    outcome: Outcome
    terms: Mapping[str, float]
    findings: tuple[Finding, ...]
    why: str

    @property
    def score(self) -> float:
        """The judge's soft score in [0, 1]."""
        return self.outcome.score

    @property
    def correct(self) -> bool:
        """The task's own hard rule."""
        return self.outcome.correct

    @property
    def fault(self) -> Fault | None:
        """Why the answer could not be judged, if it could not."""
        return self.outcome.fault


def rewarded(
    task: Task, sample: Sample, completion: Completion, mode: Mode | None, draw: int = 0
) -> Rewarded:
    """Judge a completion once and compose its reward by the task's rule."""
    outcome = task.judge(sample, completion, mode, draw)
    if outcome.fault is not None:
        value = None if outcome.fault in OUR_FAULTS else 0.0
        return Rewarded(value, outcome, {}, (), outcome.fault.value)
    answer = read(completion.text, mode, completion.finish).answer
    found = findings(task, sample, outcome.value)
    failed = [one for one in found if one.verdict is Verdict.FAIL]
    terms = {
        CORRECTNESS: task.g(outcome.score),
        CONSTRAINT: 1.0 - len(failed) / len(found) if found else 1.0,
        FORMAT: _format(task.answer, answer),
        LENGTH: length_term(completion.tokens, task.limit(mode)),
    }
    own = HARD.get(task.answer.kind, ())
    hard = own if task.composition.hard is None else task.composition.hard
    broken = [one.check for one in failed if one.check in hard]
    value = task.composition.join(terms, broken)
    return Rewarded(value, outcome, terms, found, _why(outcome, failed))


def least_correct(answer: Answer) -> float:
    """Return the smallest score m of an answer that counts as correct."""
    parts: tuple[Answer, ...] = getattr(answer, "parts", ())
    if parts:
        return sum(map(least_correct, parts)) / len(parts)
    scale: float | None = getattr(answer, "scale", None)
    if scale is not None:
        tolerance: float = getattr(answer, "tolerance", 0.0)
        return 1.0 / (1.0 + tolerance / scale)
    threshold: float = getattr(answer, "threshold", 1.0)
    return threshold


def _format(answer: Answer, text: str) -> float:
    """Return 1 if the answer stands in its tag, or if its notation has none."""
    notation = getattr(answer, "notation", None)
    return float(notation is None or not notation.tag or bool(find_spans(text, notation)))


def _why(outcome: Outcome, failed: list[Finding]) -> str:
    verdict = "correct" if outcome.correct else f"not correct, score {outcome.score:.3g}"
    return "; ".join([verdict, *(f"{one.check}: {one.text}" for one in failed)])
