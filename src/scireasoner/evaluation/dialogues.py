"""Sample dialogues of a report: picked by a rule, not for their answers; molecules are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scireasoner.evaluation.report_data import Results
from scireasoner.notation.tags import NOTATIONS, find_spans
from scireasoner.prompts.reply import read
from scireasoner.science.molecules import svg
from scireasoner.tasks.task import Task

_WIDTH, _HEIGHT = 200, 140
_SMILES = "smiles"


@dataclass(frozen=True)
class Picture:
    """A drawn molecule: a caption and inline SVG."""

    caption: str
    svg: str


@dataclass(frozen=True)
class Dialogue:
    """A question, what the model wrote, and the judge's verdict.

    Parameters
    ----------
    gold : the right answer, or the constraint that an answer is judged against.
    example : a right answer, where the gold is a constraint; else None.
    verdict : ``correct``, ``close``, ``wrong`` or the fault's name.
    """

    task: str
    mode: str
    question: str
    thought: str | None
    answer: str
    gold: str
    example: str | None
    verdict: str
    score: float
    tokens: int
    pictures: tuple[Picture, ...]


def dialogues(tasks: Sequence[Task], results: Results, count: int) -> list[Dialogue]:
    """Return ``count`` dialogues: the first row of each task in turn, families taking turns.

    With fewer tasks than dialogues, second rows follow.
    """
    ordered = [task for task in _in_turn(tasks) if task.name in results]
    chosen = []
    for place in range(count if ordered else 0):
        task, row = ordered[place % len(ordered)], place // len(ordered)
        if row < len(results[task.name].outcomes):
            chosen.append(_dialogue(task, results, row))
    return chosen


def _in_turn(tasks: Sequence[Task]) -> list[Task]:
    seen: dict[str, int] = {}
    placed = []
    for task in tasks:
        seen[task.family] = seen.get(task.family, 0) + 1
        placed.append((seen[task.family], task))
    return [task for _, task in sorted(placed, key=lambda item: item[0])]


def _dialogue(task: Task, results: Results, row: int) -> Dialogue:
    result = results[task.name]
    sample, completion, outcome = (
        result.samples[row],
        result.completions[row],
        result.outcomes[row],
    )
    reply = read(completion.text, result.mode, completion.finish)
    question = task.question(sample.inputs)
    if outcome.fault is not None:
        verdict = outcome.fault.value
    else:
        verdict = "correct" if outcome.correct else "close" if outcome.score > 0 else "wrong"
    return Dialogue(
        task=task.name,
        mode=result.mode.value if result.mode else "own choice",
        question=question,
        thought=reply.thought or None,
        answer=reply.answer or completion.text.strip(),
        gold=sample.gold if sample.gold is not None else "none: the answer is judged by itself",
        example=sample.reference,
        verdict=verdict,
        score=outcome.score,
        tokens=outcome.tokens,
        pictures=_pictures(task, question, outcome.value, sample.gold),
    )


def _pictures(task: Task, question: str, value: object, gold: str | None) -> tuple[Picture, ...]:
    """Return the molecules of the question, the answer and the gold that can be drawn."""
    drawn = [("question", span.text) for span in find_spans(question, NOTATIONS[_SMILES])]
    drawn = [(caption, text) for caption, text in drawn if text.strip()]
    if getattr(task.answer, "notation_name", "") == _SMILES:
        if isinstance(value, str):
            drawn.append(("answer", value))
        if gold:
            drawn.append(("gold", gold))
    pictures = []
    for caption, smiles in drawn:
        text = svg(smiles, _WIDTH, _HEIGHT)
        if text is not None:
            pictures.append(Picture(caption, text[text.index("<svg") :]))
    return tuple(pictures)
