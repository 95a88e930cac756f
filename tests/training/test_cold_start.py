"""Task-level replacement: a task that thinks keeps none of its direct answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from scireasoner.errors import ArtifactError
from scireasoner.tasks.task import Task
from scireasoner.training.augment import AugmentConfig
from scireasoner.training.cold_start import ColdStartConfig, cold_start_parts
from scireasoner.training.harvest import Trace
from scireasoner.types import Mode, Prompt


@pytest.fixture
def tasks(make_task: Callable[..., Task]) -> list[Task]:
    return [make_task(name) for name in ("thinks", "direct")]


MODES = {"thinks": Mode.THINK, "direct": Mode.INSTANT}
TRACES = [
    Trace("thinks", f"alkane-{n}", "tools", f"{n} carbons\n</think>\n\nanswer {n}")
    for n in (1, 2, 3)
] + [Trace("direct", "alkane-4", "tools", "not asked for")]


def pairs_of(*arguments: Any, seed: int) -> list[tuple[Prompt, str]]:
    return [pair for part in cold_start_parts(*arguments, seed) for pair in part.pairs()]


def test_thinking_tasks_have_traces_only_and_instant_tasks_direct_answers_only(
    tasks: list[Task],
) -> None:
    pairs = pairs_of(tasks, MODES, TRACES, ColdStartConfig(rows=20), seed=0)
    seen = Counter((prompt.task, prompt.mode) for prompt, _ in pairs)
    assert seen == {("thinks", Mode.THINK): 10, ("direct", Mode.INSTANT): 10}
    for prompt, text in pairs:
        assert ("</think>" in text) == (prompt.task == "thinks")


def test_a_trace_stands_under_its_own_question_and_few_are_repeated(tasks: list[Task]) -> None:
    pairs = pairs_of(tasks, MODES, TRACES, ColdStartConfig(rows=20), seed=0)
    thinking = [(p, text) for p, text in pairs if p.mode is Mode.THINK]
    for prompt, text in thinking:
        n = int(text.split()[0])
        assert f"<SMILES>{'C' * n}</SMILES>" in prompt.messages[0].content
    assert Counter(text for _, text in thinking).most_common()[0][1] == 4  # 10 rows, 3 traces


def test_weights_hold_for_both_kinds(tasks: list[Task]) -> None:
    config = ColdStartConfig(rows=40, weights={"thinks": 3.0})
    pairs = pairs_of(tasks, MODES, TRACES, config, seed=0)
    assert Counter(p.task for p, _ in pairs) == {"thinks": 30, "direct": 10}


@pytest.mark.parametrize(
    ("as_sft", "weights"),
    [(False, {"thinks": 3.0}), (True, {"thinks": 3.0, "direct": 0.5})],
)
def test_weights_of_sft_stand_under_its_own(as_sft: bool, weights: dict[str, float]) -> None:
    config = ColdStartConfig(weights={"thinks": 3.0}, as_sft=as_sft)
    assert config.after({"thinks": 1.0, "direct": 0.5}).weights == weights


def test_questions_that_are_answered_at_once_are_respelled(tasks: list[Task]) -> None:
    plain, respelled = (
        pairs_of(tasks, MODES, TRACES, ColdStartConfig(rows=40, augment=augment), seed=0)
        for augment in (AugmentConfig(), AugmentConfig(share=1.0))
    )
    changed = Counter(a[0].task for a, b in zip(plain, respelled, strict=True) if a != b)
    assert changed["direct"] > 0 == changed["thinks"]
    assert [text for _, text in plain] == [text for _, text in respelled]


def test_a_thinking_task_without_traces_is_told(tasks: list[Task]) -> None:
    with pytest.raises(ArtifactError, match=r"thinks should think.*harvest kept no trace"):
        pairs_of(tasks, MODES, TRACES[3:], ColdStartConfig(rows=4), seed=0)


@pytest.mark.parametrize("mode", [Mode.INSTANT, Mode.THINK])
def test_one_kind_alone_fills_the_data(mode: Mode, tasks: list[Task]) -> None:
    modes = dict.fromkeys(MODES, mode)
    pairs = pairs_of(tasks, modes, TRACES, ColdStartConfig(rows=8), seed=0)
    assert {p.mode for p, _ in pairs} == {mode}
    assert len(pairs) == 8
