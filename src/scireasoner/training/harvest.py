"""Correct-only chains of thought under the paper's budget rule (arXiv 2509.21320, section 1.4).

Teachers are worked solutions by scientific tools, and models through a backend. Every trace is
judged by the one judge; only traces that end in a right answer are kept. The log has one line for
each batch of questions, so an interrupted harvest goes on with the next batch and asks nothing
twice; what a paid model answered within a broken batch is in its journal.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scireasoner.artifacts import write_json
from scireasoner.jsonl_log import JsonlLog
from scireasoner.models.endpoint.protocol import Miss
from scireasoner.progress import bar
from scireasoner.rewards.failures import OurFailures
from scireasoner.tasks.task import Task
from scireasoner.training.mixture import draw
from scireasoner.training.teachers.asking import Taught
from scireasoner.training.teachers.config import HarvestConfig, LimitsConfig, TeacherConfig
from scireasoner.training.teachers.free_text import FreeTextJudge, Meaning
from scireasoner.training.teachers.refusing import Check, Refusals
from scireasoner.training.teachers.teaching import (
    ModelTeacher,
    NamedTeacher,
    Teacher,
    ToolTeacher,
)
from scireasoner.training.teachers.yields import YIELDS, Yield, as_rows, yield_of
from scireasoner.types import Mode, Outcome, Sample, Split

__all__ = [
    "HarvestConfig",
    "LimitsConfig",
    "ModelTeacher",
    "NamedTeacher",
    "Taught",
    "Teacher",
    "TeacherConfig",
    "ToolTeacher",
    "Trace",
    "Yield",
    "harvest",
    "next_draw",
]

TARGET, ROWS, BUDGET, SPENT = "target", "rows used up", "questions used up", "budget spent"

Batch = dict[str, Any]


def next_draw(
    correct: int, asked: int, *, target: int, budget: int, first: int, epsilon: float
) -> int:
    """Return how many questions to ask next: the paper's rule.

    The first draw, then ``ceil((T - S) / max(p, epsilon))`` with ``p = S / N``, until ``S >= T``
    or the budget is spent.
    """
    if correct >= target or asked >= budget:
        return 0
    if asked == 0:
        return min(first, budget)
    wanted = math.ceil((target - correct) / max(correct / asked, epsilon))
    return min(wanted, budget - asked)


@dataclass(frozen=True)
class Trace:
    """A kept chain of thought: the prompt's sample and what was written."""

    task: str
    sample: str
    teacher: str
    text: str


def harvest(
    tasks: Sequence[Task],
    teachers: Sequence[Teacher],
    config: HarvestConfig,
    out: Path,
    seed: int,
    *,
    judge: FreeTextJudge | None = None,
    check: Check | None = None,
) -> tuple[list[Trace], list[Yield]]:
    """Harvest every task with every teacher; resumable through ``out/harvest.jsonl``.

    The table of yields is written to ``out/yields.json``.

    Parameters
    ----------
    judge : is asked about free texts that the metric holds for different.
    check : reads the steps of a right trace; what it returns is why the trace is refused. Asked
        of teachers whose limits say so: not of tools, nor of the probe as it is by default.

    Raises
    ------
    JudgeError : if our own tools failed on more than 2 % of the traces of a task.
    BackendError : if an endpoint cannot be asked, or failed on too many questions.
    """
    log = JsonlLog(out / "harvest.jsonl")
    before: dict[tuple[str, str], list[Batch]] = {}
    for batch in log.rows():
        before.setdefault((batch["task"], batch["teacher"]), []).append(batch)
    traces: list[Trace] = []
    yields: list[Yield] = []
    with bar("harvest", len(tasks) * len(teachers), "task x teacher") as tick:
        for task in tasks:
            refusals = Refusals(check, config.per_sample)
            for teacher in teachers:
                lot = _Lot(task, teacher, config, log, seed, judge, refusals)
                lot.remember(before.get((task.name, teacher.name), []))
                ended = lot.ask()
                rows = lot.rows
                traces += [
                    Trace(task.name, row["sample"], teacher.name, row["text"])
                    for row in rows
                    if "text" in row
                ]
                yields.append(yield_of(task.name, teacher.name, rows, ended))
                tick(1, f"{task.name}: {yields[-1].correct} right of {yields[-1].asked}")
    write_json(out / YIELDS, as_rows(yields))
    return traces, yields


@dataclass
class _Lot:
    """One task with one teacher."""

    task: Task
    teacher: Teacher
    config: HarvestConfig
    log: JsonlLog
    seed: int
    judge: FreeTextJudge | None
    refusals: Refusals
    rows: list[dict[str, Any]] = field(default_factory=list)
    planned: int = 0
    spent: bool = False

    def remember(self, batches: Sequence[Batch]) -> None:
        """Take over what was logged before."""
        for batch in batches:
            self._take(batch)
            for row in batch["rows"]:
                if "text" in row:
                    self.refusals.note(self.teacher.name, row["sample"], row["text"])

    def _take(self, batch: Batch) -> None:
        self.rows += batch["rows"]
        self.planned = batch["planned"]
        self.spent = self.spent or bool(batch.get("spent"))

    def ask(self) -> str:
        """Ask batch by batch until the rule says enough; return why it ended."""
        target, budget, first = self.config.rule(self.teacher.name)
        # No question twice: the budget ends where the training rows do.
        there = len(self.task.samples(Split.TRAIN))
        most = min(budget, there)
        questions = draw(self.task, most, self.seed)
        while not self.spent:
            asked = len(self.rows)
            # An interrupted draw is finished before the rule is applied again.
            if asked >= self.planned:
                self.planned = asked + next_draw(
                    self._kept,
                    asked,
                    target=target,
                    budget=most,
                    first=first,
                    epsilon=self.config.epsilon,
                )
            if asked >= self.planned:
                break
            batch = questions[asked : min(asked + self.config.batch, self.planned)]
            made = self._judged(batch, self.seed + asked)
            self.log.extend([made])
            self._take(made)
        if self.spent:
            return SPENT
        if self._kept >= target:
            return TARGET
        return ROWS if there < budget else BUDGET

    @property
    def _kept(self) -> int:
        return sum("text" in row for row in self.rows)

    def _judged(self, samples: Sequence[Sample], seed: int) -> Batch:
        """Ask a batch and judge it; return its line of the log."""
        taught = self.teacher.solve(self.task, samples, seed)
        pairs = [
            (sample, one, self._outcome(sample, one))
            for sample, one in zip(samples, taught, strict=True)
            if one.fault != Miss.SPENT
        ]
        failures = OurFailures("traces", grace=0)
        for _, _, outcome in pairs:
            failures.add(self.task.name, None if outcome is None else outcome.fault)
        failures.check()
        verdicts = self._verdicts([(s, o) for s, _, o in pairs if o is not None])
        rows = [self._row(*pair, verdicts.get(pair[0].id)) for pair in pairs]
        batch = {"task": self.task.name, "teacher": self.teacher.name, "rows": rows}
        spent = {"spent": True} if len(pairs) < len(samples) else {}
        return {**batch, "planned": self.planned, **spent}

    def _outcome(self, sample: Sample, taught: Taught) -> Outcome | None:
        made = taught.completion
        return None if made is None else self.task.judge(sample, made, Mode.THINK)

    def _verdicts(self, pairs: Sequence[tuple[Sample, Outcome]]) -> dict[str, tuple[str, float]]:
        """Return what the judge of free texts says, by sample."""
        judge = self.judge
        if judge is None:
            return {}
        wanted = [(s, o) for s, o in pairs if judge.undecided(o, self.task)]
        found = judge.verdicts(self.task, wanted) if wanted else []
        return {s.id: verdict for (s, _), verdict in zip(wanted, found, strict=True)}

    def _row(
        self,
        sample: Sample,
        taught: Taught,
        outcome: Outcome | None,
        verdict: tuple[str, float] | None,
    ) -> dict[str, Any]:
        row: dict[str, Any] = {"sample": sample.id, "correct": False}
        if taught.tokens_in:
            row |= {"tokens_in": taught.tokens_in}
        price = taught.cost + (verdict[1] if verdict else 0.0)
        if price:
            row |= {"cost": price}
        made = taught.completion
        if outcome is None or made is None:
            return {**row, "fault": taught.fault}
        row |= {"tokens": made.tokens} if made.tokens else {}
        row |= {"judged": verdict[0]} if verdict else {}
        if outcome.fault is not None:
            return {**row, "fault": outcome.fault}
        if not (outcome.correct or (verdict and verdict[0] == Meaning.SAME)):
            return row
        refused = self.refusals.reason(self.task, self.teacher, sample, made)
        if refused is not None:
            why = {"why": refused[1]} if refused[1] else {}
            return {**row, "correct": True, "refused": refused[0], **why}
        self.refusals.note(self.teacher.name, sample.id, made.text)
        return {**row, "correct": True, "text": made.text}
