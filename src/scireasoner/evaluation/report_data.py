"""What a report is made of: plain records that whoever ran the recipe fills in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scireasoner.evaluation.run import TaskResult
from scireasoner.tasks.task import Task
from scireasoner.types import Estimate, ModeDecision

Results = Mapping[str, TaskResult]
"""Task name -> result."""

Curve = Sequence[Mapping[str, float]]
"""Logged points of training, each with ``step`` and some of ``loss``, ``reward`` ..."""


@dataclass(frozen=True)
class ReportData:
    """Everything that a report shows; a part that is empty is left out of the page.

    Parameters
    ----------
    recipe, seed : what was run.
    model : one line about the model, e.g. ``"Qwen3, 0.94 M parameters"``.
    tasks : the tasks, in the order of the report; their sources and licences are listed.
    stages : stage name -> task name -> held-out result, in the order of training. The names
        ``pretrain``, ``sft``, ``cold_start`` and ``rl`` are known; the last one is "the model".
    baselines : baseline name -> task name -> result on the same rows.
    seconds : stage name -> wall time in seconds, in the order of the run.
    modes : the evidence of thinking against instant answers, one row a task that was compared.
    curves : stage name -> logged points with ``step`` and ``loss``.
    rl_curve : logged points of RL: ``step``, ``rollout/...``, ``dapo/...``, ``fault/<name>``,
        ``task/<name>/reward``, ``task/<name>/correct``, ``entropy``, ``ratio/...``.
    rl_warnings : early warnings that were given: ``step``, ``name``, ``text``.
    rl_samples : rollouts that were kept: ``step``, ``which`` (best or worst), ``task``,
        ``question``, ``text``, ``tokens``, ``reward``, ``correct``, ``fault``.
    rl_development : what came of asking development rows along RL: ``step``, ``shares`` (task ->
        share of right answers of each row) and ``gains`` (task -> ``correct``, ``gain``, ``low``,
        ``high``, against the first time).
    seeds : seed -> task name -> estimate of the task's first metric for the last stage, this
        run's seed included.
    seeds_note : what the runs of the other seeds share with this one, in words.
    harvest : what each teacher gave: rows with ``task``, ``teacher``, ``asked``, ``correct``,
        ``kept``, and where they are known ``rejected``, ``lost`` (reason -> how many),
        ``tokens_in``, ``tokens``, ``cost``.
    difficulty : pass rates of training rows: ``rollouts``, ``keep`` and ``tasks``, rows with
        ``task``, ``rule``, ``temperature``, ``rows``, ``histogram`` (rows by right answers),
        ``kept``, ``topped_up``, ``unreadable``; empty if none were rolled out.
    corpus : the corpus stage's facts: ``domains``, ``sources``, ``licences`` (name ->
        ``documents``, ``characters``), ``dropped`` (reason -> documents), ``read``.
    corpus_tokens : tokens in the packed corpus; None if unknown.
    versions : package -> version.
    dialogues : how many sample dialogues to show.
    notes : further remarks, one paragraph each.
    """

    recipe: str
    seed: int
    model: str = ""
    tasks: Sequence[Task] = ()
    stages: Mapping[str, Results] = field(default_factory=dict)
    baselines: Mapping[str, Results] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    modes: Sequence[ModeDecision] = ()
    curves: Mapping[str, Curve] = field(default_factory=dict)
    rl_curve: Curve = ()
    rl_warnings: Sequence[Mapping[str, Any]] = ()
    rl_samples: Sequence[Mapping[str, Any]] = ()
    rl_development: Sequence[Mapping[str, Any]] = ()
    seeds: Mapping[int, Mapping[str, Estimate]] = field(default_factory=dict)
    seeds_note: str = ""
    harvest: Sequence[Mapping[str, Any]] = ()
    difficulty: Mapping[str, Any] = field(default_factory=dict)
    corpus: Mapping[str, Any] = field(default_factory=dict)
    corpus_tokens: int | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    dialogues: int = 10
    notes: Sequence[str] = ()

    @property
    def last(self) -> str | None:
        """Name of the last stage that was evaluated."""
        return list(self.stages)[-1] if self.stages else None

    @property
    def final(self) -> Results:
        """Results of the last stage."""
        return self.stages[self.last] if self.last else {}
