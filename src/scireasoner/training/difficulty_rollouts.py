"""The rollouts of the difficulty filter: resumable, and nothing is rolled out twice.

The log has one line for each batch of rows, so an interrupted stage goes on with the next one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from scireasoner.artifacts import write_json, write_jsonl
from scireasoner.errors import JudgeError
from scireasoner.jsonl_log import JsonlLog
from scireasoner.models.backend import Backend, Sampling
from scireasoner.progress import bar
from scireasoner.prompts import read
from scireasoner.rewards.failures import too_many
from scireasoner.tasks.task import Task
from scireasoner.training.difficulty import (
    ROWS,
    TABLE,
    DifficultyConfig,
    Rolled,
    TaskDifficulty,
    Try,
    as_table,
    chosen,
    histogram,
    settle,
)
from scireasoner.training.mixture import draw
from scireasoner.types import OUR_FAULTS, Mode, Sample, Split

LOG = "rollouts.jsonl"


def measure_difficulty(
    tasks: Sequence[Task],
    modes: Mapping[str, Mode],
    backend: Backend,
    config: DifficultyConfig,
    out: Path,
    seed: int,
) -> list[TaskDifficulty]:
    """Roll out the training rows of every task and choose what RL asks.

    Writes ``rows.jsonl`` (the rows of RL), ``difficulty.json`` (the table) and the log of all
    rollouts in ``out``.

    Raises
    ------
    JudgeError : if our own tools failed on more than 2 % of a task's answers.
    """
    log = JsonlLog(out / LOG)
    found: list[TaskDifficulty] = []
    rows: list[dict[str, Any]] = []
    with bar("difficulty", len(tasks), "tasks") as tick:
        for task in tasks:
            work = _Work(task, modes[task.name], backend, config, log, seed)
            tries, temperature = work.tune()
            rolled = work.roll(temperature)
            judged = [row for row in rolled if not row.ours]
            kept, topped = chosen(judged, config, seed, task.name)
            rows += [{"task": task.name, "sample": name, "why": "kept"} for name in kept]
            rows += [{"task": task.name, "sample": name, "why": "top-up"} for name in topped]
            answers = max(1, len(judged) * config.rollouts)
            one = TaskDifficulty(
                task=task.name,
                mode=modes[task.name],
                rule=task.answer.rule,
                temperature=temperature,
                tries=tuple(tries),
                rows=len(judged),
                histogram=histogram(judged, config.rollouts),
                kept=len(kept),
                topped_up=len(topped),
                unreadable=sum(row.unreadable for row in judged) / answers,
                ours=len(rolled) - len(judged),
            )
            found.append(one)
            tick(1, f"{task.name}: {one.kept} of {one.rows} kept")
    write_jsonl(out / ROWS, rows)
    write_json(out / TABLE, as_table(found, config))
    return found


@dataclass
class _Work:
    """The rollouts of one task; what the log has is not made again."""

    task: Task
    mode: Mode
    backend: Backend
    config: DifficultyConfig
    log: JsonlLog
    seed: int
    samples: list[Sample] = field(init=False)
    done: dict[float, dict[str, Rolled]] = field(init=False)

    def __post_init__(self) -> None:
        count = min(self.config.rows, len(self.task.samples(Split.TRAIN)))
        self.samples = draw(self.task, count, self.seed)
        self.done = {}
        for line in self.log.rows():
            if line["task"] == self.task.name:
                known = self.done.setdefault(line["temperature"], {})
                known |= {row["sample"]: Rolled(**row) for row in line["rows"]}

    def tune(self) -> tuple[list[Try], float]:
        """Try temperatures on the first rows until one is right; return all tries and that one."""
        first = self.samples[: self.config.tune_rows]
        tries: list[Try] = []
        temperature, fixed = settle(tries, self.config)
        while not fixed:
            rolled = self._rolled(first, temperature)
            answers = len(rolled) * self.config.rollouts
            alike = sum(row.alike for row in rolled) / len(rolled)
            tries.append(Try(temperature, alike, sum(row.unreadable for row in rolled) / answers))
            temperature, fixed = settle(tries, self.config)
        return tries, temperature

    def roll(self, temperature: float) -> list[Rolled]:
        """Roll out every row at the task's temperature."""
        rolled = self._rolled(self.samples, temperature)
        failed = sum(row.ours for row in rolled)
        answers = len(rolled) * self.config.rollouts
        if failed == answers or too_many(failed, answers):
            raise JudgeError(
                f"{self.task.name}: our own tools failed on {failed} of {answers} answers; run "
                "`scireasoner doctor` and mend what it names"
            )
        return rolled

    def _rolled(self, samples: Sequence[Sample], temperature: float) -> list[Rolled]:
        known = self.done.setdefault(temperature, {})
        wanted = [(place, s) for place, s in enumerate(samples) if s.id not in known]
        for start in range(0, len(wanted), self.config.batch):
            batch = wanted[start : start + self.config.batch]
            made = self._batch([sample for _, sample in batch], temperature, batch[0][0])
            rows = [asdict(row) for row in made]
            line = {"task": self.task.name, "temperature": temperature, "rows": rows}
            self.log.extend([line])
            known |= {row.sample: row for row in made}
        return [known[sample.id] for sample in samples]

    def _batch(self, samples: Sequence[Sample], temperature: float, place: int) -> list[Rolled]:
        limit = self.task.limit(self.mode)
        limit = min(limit, self.config.max_tokens) if self.config.max_tokens else limit
        sampling = Sampling(temperature, max_tokens=limit, seed=self.seed + place)
        prompts = [self.task.render(sample, self.mode) for sample in samples]
        groups = self.backend.generate(prompts, sampling, self.config.rollouts)
        rolled = []
        for sample, group in zip(samples, groups, strict=True):
            outcomes = [self.task.judge(sample, c, self.mode, n) for n, c in enumerate(group)]
            answers = {" ".join(read(c.text, self.mode, c.finish).answer.split()) for c in group}
            ours = sum(outcome.fault in OUR_FAULTS for outcome in outcomes)
            rolled.append(
                Rolled(
                    sample=sample.id,
                    right=sum(outcome.correct for outcome in outcomes),
                    unreadable=sum(outcome.fault is not None for outcome in outcomes) - ours,
                    alike=len(answers) == 1,
                    ours=ours,
                )
            )
        return rolled
