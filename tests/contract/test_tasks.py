"""The contract of design section 3, over every task and every mode."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from scireasoner.answers import (
    Boolean,
    Choice,
    EcNumbers,
    Entities,
    FreeText,
    Label,
    LabelSet,
    Relations,
)
from scireasoner.metrics import Metric
from scireasoner.notation.tags import NOTATIONS
from scireasoner.tasks import EMBEDDED, Task, all_tasks
from scireasoner.tasks.rows import ENTITY_SEPARATOR, split_of
from scireasoner.types import Completion, Fault, Mode, Sample, Split

TASKS = all_tasks()
# The embedded tasks have rows here; the others show their format by invented examples.
OURS = [task for task in TASKS if task.data is EMBEDDED]
CASES = [(task, mode) for task in TASKS for mode in task.modes]

pytestmark = pytest.mark.usefixtures("data_root")
each_task = pytest.mark.parametrize("task", TASKS, ids=lambda t: t.name)
each_of_ours = pytest.mark.parametrize("task", OURS, ids=lambda t: t.name)
each_case = pytest.mark.parametrize(
    ("task", "mode"), CASES, ids=[f"{task.name}-{mode}" for task, mode in CASES]
)


def rows(task: Task) -> list[Sample]:
    if task.data is not EMBEDDED:
        return list(task.shown())
    return [sample for split in Split for sample in task.samples(split, 16)]


def judged_rows(task: Task) -> list[Sample]:
    return list(task.samples(Split.TEST)) if task.data is EMBEDDED else rows(task)


def computed(task: Task) -> list[Metric]:
    """The metrics that can be computed here without probabilities."""
    found = [metric.substitute or metric for metric in task.metrics]
    return [metric for metric in found if metric.lacking is None or metric.lacking() is None]


def test_the_suite_is_whole() -> None:
    assert len(TASKS) - len(OURS) == 180
    assert len({task.family for task in TASKS}) == 5
    assert len({task.domain for task in TASKS}) == 7


def said(text: str, finish: str = "stop") -> Completion:
    return Completion(text, 5, finish)


def closed(mode: Mode, answer: str) -> str:
    return answer if mode is Mode.INSTANT else f"so\n</think>\n\n{answer}"


@each_of_ours
def test_every_split_has_rows(task: Task) -> None:
    assert all(task.samples(split) for split in Split)


@each_case
def test_a_right_answer_scores_1_is_correct_and_earns_1(task: Task, mode: Mode) -> None:
    written = 0
    # Where novelty is asked for, a training molecule is no right answer: take the test rows.
    samples = rows(task) if rows(task)[0].gold else judged_rows(task)
    for sample in samples:
        solution = task.solution(sample, mode)
        if solution is None:
            continue
        written += 1
        outcome = task.judge(sample, said(solution), mode)
        assert (outcome.fault, outcome.score, outcome.correct) == (None, 1.0, True), sample
        assert task.reward(outcome) == 1.0
    # Instant answers are always known; a thought may be left out where a tool has no honest one,
    # and an estimate of a suite's task often misses.
    sure = mode is Mode.INSTANT or (task.worked is not None and task.data is EMBEDDED)
    assert written >= (0.8 * len(samples) if sure else 0)


@each_task
def test_all_right_gives_the_best_value_of_every_metric(task: Task) -> None:
    outcomes = [
        task.judge(s, said(task.solution(s, Mode.INSTANT) or ""), Mode.INSTANT)
        for s in judged_rows(task)
    ]
    for metric in computed(task):
        if math.isfinite(metric.best):
            assert metric.compute(outcomes) == pytest.approx(metric.best), metric.name


@each_task
def test_all_faults_give_the_declared_worst_value(task: Task) -> None:
    outcomes = [task.judge(s, said(""), Mode.INSTANT) for s in judged_rows(task)]
    for metric in computed(task):
        value = metric.compute(outcomes)
        if metric.worst is None:
            assert math.isfinite(value), metric.name
        else:
            assert value == pytest.approx(metric.worst), metric.name


FAULTS = [
    ("", "stop", {Fault.NO_ANSWER}),
    (" \n", "stop", {Fault.NO_ANSWER}),
    ("I do not know.", "stop", {Fault.REFUSED}),
    ("I cannot answer this question.", "stop", {Fault.REFUSED}),
]


@each_case
@pytest.mark.parametrize(("answer", "finish", "expected"), FAULTS, ids=[repr(f[0]) for f in FAULTS])
def test_no_answer_is_a_named_fault(
    task: Task, mode: Mode, answer: str, finish: str, expected: set[Fault]
) -> None:
    outcome = task.judge(rows(task)[0], said(closed(mode, answer), finish), mode)
    assert outcome.fault in expected
    assert (outcome.score, outcome.correct, task.reward(outcome)) == (0.0, False, 0.0)


@each_case
def test_a_cut_answer_and_an_open_thought_are_faults(task: Task, mode: Mode) -> None:
    sample = rows(task)[0]
    right = task.answer.write(sample.example or "")
    cut = task.judge(sample, said(closed(mode, right), "length"), mode)
    assert cut.fault is Fault.TRUNCATED
    open_ = task.judge(sample, said(f"<think>\nit is {right}"), mode)
    assert open_.fault is Fault.OPEN_THOUGHT
    assert task.reward(cut) == task.reward(open_) == 0.0


LISTS = (Entities, LabelSet, EcNumbers, Relations, FreeText)
WORDS = (Label, Choice, Boolean)


@each_case
def test_two_different_answers_are_a_fault(task: Task, mode: Mode) -> None:
    if isinstance(task.answer, LISTS):
        pytest.skip("a list, or a text, is one answer")
    written = list(dict.fromkeys(task.answer.write(s.example or "") for s in rows(task)))
    joined = (" or " if isinstance(task.answer, WORDS) else " ").join(written[:2])
    assert len(written) > 1
    outcome = task.judge(rows(task)[0], said(closed(mode, joined)), mode)
    assert outcome.fault is Fault.TWO_ANSWERS
    assert task.reward(outcome) == 0.0


@each_task
def test_repeating_the_question_is_never_correct(task: Task) -> None:
    for sample in rows(task):
        for text in (task.question(sample.inputs), " ".join(sample.inputs.values())):
            assert not task.judge(sample, said(text), Mode.INSTANT).correct, text


@each_task
def test_the_question_holds_every_input_tagged_and_the_unit(task: Task) -> None:
    for sample in rows(task):
        text = task.render(sample, None).messages[0].content
        for name, kind in task.inputs.items():
            assert NOTATIONS[kind].wrap(sample.inputs[name]) in text
        assert (getattr(task.answer, "unit", None) or "") in text
        assert task.answer.asks() in text
        assert "{" not in task.prompt.format(**dict.fromkeys(task.inputs, ""))


@each_task
def test_the_reward_map_is_monotone_from_0_to_1(task: Task) -> None:
    values = [task.g(i / 50) for i in range(51)]
    assert (values[0], values[-1]) == (0.0, 1.0)
    assert values == sorted(values)


@each_task
def test_the_declaration_is_complete(task: Task) -> None:
    assert task.name == task.name.lower()
    assert task.name.replace("_", "").isalnum()
    assert len(task.source) > 10
    assert len(task.licence) > 2
    assert task.metrics
    assert task.answer.rule
    assert {p.kind for p in task.data.places(task.name)}
    assert task.data is EMBEDDED or len({e.gold or e.reference for e in task.examples}) > 1
    assert task.max_tokens[0] <= task.max_tokens[1]


@each_of_ours
def test_ids_are_unique_across_splits(task: Task) -> None:
    ids = [sample.id for split in Split for sample in task.samples(split)]
    assert len(ids) == len(set(ids))


def test_no_test_entity_is_in_another_split_of_any_task() -> None:
    seen: dict[Split, set[str]] = {split: set() for split in Split}
    for task in OURS:
        for split in Split:
            for sample in task.samples(split):
                seen[split].update(sample.meta["entity"].split(ENTITY_SEPARATOR))
    assert seen[Split.TEST]
    assert not seen[Split.TEST] & (seen[Split.TRAIN] | seen[Split.DEV])
    assert not seen[Split.DEV] & seen[Split.TRAIN]
    assert all(split_of(entity) is split for split, found in seen.items() for entity in found)


def test_a_molecule_input_is_in_the_split_of_its_skeleton() -> None:
    from scireasoner.science.molecules import skeleton

    for task in OURS:
        for split in Split:
            for sample in task.samples(split):
                if "smiles" in sample.inputs:
                    entity = skeleton(sample.inputs["smiles"])
                    assert entity is not None
                    assert split_of(entity) is split, sample


def test_the_data_error_names_the_command(tmp_path: Path) -> None:
    from scireasoner.errors import DataError
    from scireasoner.settings import use_data_root

    with use_data_root(tmp_path), pytest.raises(DataError, match="scireasoner run nano --stage"):
        OURS[0].samples(Split.TEST)


def test_the_data_error_of_a_public_task_names_every_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scireasoner.errors import DataError
    from scireasoner.settings import ENVIRONMENT, use_data_root
    from scireasoner.tasks import get

    monkeypatch.delenv(ENVIRONMENT, raising=False)  # real data at hand is no error
    with use_data_root(tmp_path), pytest.raises(DataError, match="scireasoner data list smol_esol"):
        get("smol_esol").samples(Split.TEST)
