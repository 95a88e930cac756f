"""What every task's reward must be: bounded, 1 for the gold, 0 for a fault, growing, not farmable."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest

from scireasoner.answers import EcNumbers, Entities, FreeText, LabelSet, Molecule, Relations
from scireasoner.rewards.compose import TERMS, Composition, Rule
from scireasoner.tasks import EMBEDDED, Task, all_tasks
from scireasoner.tasks.rewarding import least_correct
from scireasoner.types import OUR_FAULTS, Completion, Fault, Mode, Outcome, Sample, Split

TASKS = all_tasks()
pytestmark = pytest.mark.usefixtures("data_root")
each_task = pytest.mark.parametrize("task", TASKS, ids=lambda t: t.name)

SUM = Composition(
    Rule.SUM, weights={"correctness": 0.98, "constraint": 0.01, "format": 0.01}, cap=0.02
)
RULES = [Composition(), Composition(Rule.PRODUCT), SUM]


def row(task: Task) -> Sample:
    """A row with a right answer; where novelty is asked for, one that is not of training."""
    if task.data is not EMBEDDED:
        return task.shown()[0]
    return task.samples(Split.TEST)[0]


def said(text: str) -> Completion:
    return Completion(text, 5)


def values(task: Task, sample: Sample, text: str) -> list[float | None]:
    """Return the reward under each rule."""
    found = []
    for rule in RULES:
        got = replace(task, composition=rule).rewarded(sample, said(text), Mode.INSTANT)
        assert set(got.terms) == (set(TERMS) if got.fault is None else set())
        assert got.value is None or 0.0 <= got.value <= 1.0
        assert got.why
        found.append(got.value)
    return found


@each_task
def test_the_gold_earns_1_under_every_rule(task: Task) -> None:
    sample = row(task)
    assert values(task, sample, task.answer.write(sample.example or "")) == [1.0, 1.0, 1.0]


@each_task
@pytest.mark.parametrize("text", ["", "I do not know.", "<think>\nopen"])
def test_a_fault_earns_0_under_every_rule(task: Task, text: str) -> None:
    assert values(task, row(task), text) == [0.0, 0.0, 0.0]


@each_task
def test_by_default_terms_change_nothing_that_the_judge_says(task: Task) -> None:
    sample = row(task)
    texts = [task.answer.write(s.example or "") for s in task.shown() or (sample,)]
    texts += [task.question(sample.inputs), "", "x", "42"]
    for text in texts:
        got = task.rewarded(sample, said(text), Mode.INSTANT)
        assert got.value == task.reward(got.outcome), text
        assert (got.score, got.correct, got.fault) == (
            got.outcome.score,
            got.outcome.correct,
            got.outcome.fault,
        )


@each_task
def test_g_is_strictly_monotone_and_every_fault_earns_nothing(task: Task) -> None:
    grid = [task.g(i / 50) for i in range(51)]
    assert (grid[0], grid[-1]) == (0.0, 1.0)
    assert all(b > a for a, b in itertools.pairwise(grid))
    for fault in Fault:
        expected = None if fault in OUR_FAULTS else 0.0
        assert task.reward(Outcome("x", None, None, 0.0, False, fault)) == expected


@each_task
def test_form_alone_never_beats_a_correct_answer(task: Task) -> None:
    SUM.check_against(task.g(least_correct(task.answer)))
    sample = row(task)
    notation = getattr(task.answer, "notation", None)
    for text in ("", "x", "none", "0"):
        form = notation.wrap(text) if notation is not None and notation.tag else text
        outcome = task.judge(sample, said(form), Mode.INSTANT)
        if not outcome.correct:
            worst = max(value or 0.0 for value in values(task, sample, form))
            assert worst <= task.g(outcome.score) + SUM.cap


def by_error(task: Task, sample: Sample) -> list[str]:
    """Numbers ever farther from the gold, inside the range."""
    gold, scale = task.answer.read_gold(sample.gold), task.answer.scale  # type: ignore[attr-defined]
    low, high = task.answer.low, task.answer.high  # type: ignore[attr-defined]
    away = 1 if high - gold >= gold - low else -1
    room = min(4.0 * scale, abs((high if away > 0 else low) - gold))
    return [task.answer.write(repr(gold + away * room * f)) for f in (1.0, 0.6, 0.3, 0.1, 0.0)]


def by_overlap(task: Task, sample: Sample) -> list[str]:
    """The gold and ever fewer wrong names."""
    separator = getattr(task.answer, "separators", ";")[0]
    right = task.answer.write(sample.example or "")
    wrong = [f"zz wrong name {i}" for i in range(4)]
    if isinstance(task.answer, EcNumbers):
        wrong = [f"7.9.9.{i}" for i in range(1, 5)]
    if isinstance(task.answer, Relations):
        filled = ", ".join(["zz wrong"] * (len(task.answer.slots) - 1))
        wrong = [f"({filled}, name {i})" for i in range(4)]
        separator = ","
    return [f"{separator} ".join([right, *wrong[:n]]) for n in (4, 3, 2, 1, 0)]


def by_words(task: Task, sample: Sample) -> list[str]:
    """Ever more of the reference's words."""
    words = (sample.example or "").split()
    return [" ".join(words[: max(1, int(len(words) * f))]) for f in (0.3, 0.6, 1.0)]


def by_letters(task: Task, sample: Sample) -> list[str]:
    """Ever more of the reference sequence."""
    text = sample.example or ""
    sizes = [max(4, int(len(text) * f)) for f in (0.4, 0.7)]
    return [task.answer.write(text[:size]) for size in sizes] + [task.answer.write(text)]


LADDERS: dict[str, Callable[[Task, Sample], list[str]]] = {
    "number": by_error,
    "property value": by_error,
    "entities": by_overlap,
    "label set": by_overlap,
    "ec numbers": by_overlap,
    "relations": by_overlap,
    "free text": by_words,
    "protein": by_letters,
    "dna": by_letters,
    "rna": by_letters,
    "protein design": by_letters,
}
GRADED = [task for task in TASKS if task.answer.kind in LADDERS]


@pytest.mark.parametrize("task", GRADED, ids=lambda t: t.name)
def test_better_answers_earn_strictly_more(task: Task) -> None:
    rows = task.shown() or task.samples(Split.TEST)
    sample = max(rows, key=lambda s: len(s.example or ""))
    texts = list(dict.fromkeys(LADDERS[task.answer.kind](task, sample)))
    earned = [task.rewarded(sample, said(text), Mode.INSTANT).value or 0.0 for text in texts]
    assert len(earned) > 1
    assert earned[-1] == 1.0
    assert all(b > a for a, b in itertools.pairwise(earned)), list(zip(texts, earned, strict=True))


def test_the_ladders_reach_every_kind_of_list_and_text() -> None:
    kinds = {type(task.answer) for task in GRADED}
    assert {Entities, LabelSet, EcNumbers, Relations, FreeText} <= kinds


MOLECULES = [task for task in TASKS if isinstance(task.answer, Molecule)]


@pytest.mark.parametrize("task", MOLECULES, ids=lambda t: t.name)
def test_more_similar_molecules_earn_more(task: Task) -> None:
    sample = Sample("x", row(task).inputs, "CCOC(=O)c1ccccc1")
    ladder = ("C", "c1ccccc1", "O=C(O)c1ccccc1", "COC(=O)c1ccccc1", "CCOC(=O)c1ccccc1")
    earned = [
        task.rewarded(sample, said(f"<SMILES>{smiles}</SMILES>"), Mode.INSTANT).value or 0.0
        for smiles in ladder
    ]
    assert all(b > a for a, b in itertools.pairwise(earned)), earned
