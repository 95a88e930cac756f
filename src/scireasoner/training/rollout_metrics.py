"""Numbers about a batch of rollouts, kept for the gradient or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scireasoner.training.rollouts import Answers, Judged


@dataclass(eq=False)
class Group:
    """The completions of one prompt: token ids, judgements and texts, in the same order."""

    row: dict[str, Any]
    completion_ids: list[list[int]]
    judged: list[Judged]
    answers: Answers

    @property
    def task(self) -> str:
        """The task's name."""
        return self.judged[0].task


def measured(
    asked: Sequence[Group], kept: Sequence[Group], rounds: int, useful: int
) -> dict[str, float]:
    """Return the curve's numbers of a batch.

    Parameters
    ----------
    asked : all groups; ``kept`` those that are in the gradient.
    rounds : how often prompts were asked for.
    useful : tokens that the gradient flows through.
    """
    everyone = [judged for group in asked for judged in group.judged]
    lengths = [length for group in asked for length in group.answers.lengths]
    finished = [end for group in asked for end in group.answers.finished]
    verdicts = [sum(judged.correct for judged in group.judged) for group in asked]
    found = {
        "rollout/correct": _mean([j.correct for j in everyone]),
        "rollout/score": _mean([j.soft for j in everyone]),
        "rollout/fault": _mean([j.fault is not None for j in everyone]),
        "rollout/length": _mean(lengths),
        "rollout/truncated": _mean([not end for end in finished]),
        "rollout/tokens": float(sum(lengths)),
        "dapo/kept": len(kept) / max(1, len(asked)),
        "dapo/dropped": float(len(asked) - len(kept)),
        "dapo/none_correct": _mean([right == 0 for right in verdicts]),
        "dapo/all_correct": _mean(
            [right == len(g.judged) for right, g in zip(verdicts, asked, strict=True)]
        ),
        "dapo/rounds": float(rounds),
        "dapo/useful_tokens": float(useful),
    }
    faults = Counter(judged.fault.value for judged in everyone if judged.fault is not None)
    for name, count in sorted(faults.items()):
        found[f"fault/{name}"] = count / len(everyone)
    by_task: dict[str, list[Judged]] = {}
    for judged in everyone:
        by_task.setdefault(judged.task, []).append(judged)
    for task, own in sorted(by_task.items()):
        found[f"task/{task}/reward"] = _mean([j.soft for j in own])
        found[f"task/{task}/correct"] = _mean([j.correct for j in own])
    return found


def _mean(values: Sequence[float]) -> float:
    return float(sum(values) / len(values)) if values else 0.0
