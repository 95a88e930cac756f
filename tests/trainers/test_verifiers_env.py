"""Our tasks as an environment of verifiers (with verifiers itself where it is installed)."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scireasoner.errors import MissingTool
from scireasoner.trainers import verifiers_env
from scireasoner.trainers.core import Rewarder
from scireasoner.trainers.verifiers_env import load_environment, reward_of

ROW = json.dumps({"task": "logp", "gold": "2.5", "mode": "auto"})
GOOD = "<NUMBER>2.5</NUMBER>"


def said(*messages: tuple[str | None, str | None], cut: bool = False) -> Any:
    """Return what is read of a trace: (content, thought) of each assistant message."""
    turns = [SimpleNamespace(content=text, reasoning_content=why) for text, why in messages]
    return SimpleNamespace(assistant_messages=turns, is_truncated=cut, num_output_tokens=5)


# trace, reward, fault
TRACES: list[tuple[Any, float, str | None]] = [
    (said((GOOD, None)), 1.0, None),
    (said((GOOD, "two and a half")), 1.0, None),
    (said(("<NUMBER>1</NUMBER>", None), (GOOD, None)), 1.0, None),
    (said((GOOD, None), cut=True), 0.0, "cut at the token limit"),
    (said((None, None)), 0.0, "no answer"),
    (said((None, GOOD)), 0.0, "no answer"),  # what stands in a thought is no answer
    (said(), 0.0, "no answer"),
]


@pytest.mark.parametrize(("trace", "value", "fault"), TRACES)
def test_the_last_answer_of_a_trace_counts(trace: Any, value: float, fault: str | None) -> None:
    found = reward_of(ROW, trace, Rewarder())
    assert (found.value, found.fault and found.fault.value) == (value, fault)


def test_without_verifiers_the_line_that_installs_it_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "verifiers", None)
    monkeypatch.setitem(sys.modules, "verifiers.v1", None)
    with pytest.raises(MissingTool, match=r"pip install 'verifiers>=0\.4,<0\.5'"):
        load_environment(["logp"])


def test_no_other_name_is_made() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Nobody'"):
        verifiers_env.Nobody  # noqa: B018


# --- with the package itself --------------------------------------------------------------------


@pytest.fixture(scope="session")
def vf() -> Any:
    """verifiers itself; of the session, so that it is asked for before the data."""
    return pytest.importorskip(
        "verifiers.v1", reason="no verifiers here: pip install 'verifiers>=0.4,<0.5'"
    )


def trace_of(task: Any, text: str, finish: str = "stop") -> Any:
    """Return a trace of verifiers in which a model said one thing."""
    import verifiers.v1 as vf

    node = vf.MessageNode(message=vf.AssistantMessage(content=text), sampled=True)
    return vf.Trace(
        task=vf.TraceTask(type=type(task).__name__, data=task.data),
        agent=vf.AgentInfo(config=vf.AgentConfig(harness={"id": "null"})),
        nodes=[node],
        calls=[vf.ModelCall(node=0, finish_reason=finish)],
    )


def test_an_environment_asks_our_questions(vf: Any, data_root: Path) -> None:
    env = load_environment(["smiles_to_formula", "flammable"], split="dev", limit=2)
    tasks = list(env.taskset)
    assert [task.data.name for task in tasks] == ["smiles_to_formula"] * 2 + ["flammable"] * 2
    assert "<SMILES>" in tasks[0].data.prompt
    assert len({task.key for task in tasks}) == 4


# what is said of a row's gold, finish reason, rewards and metrics
SCORES: list[tuple[str, str, dict[str, float]]] = [
    ("<MOLFORMULA>{}</MOLFORMULA>", "stop", {"reward": 1.0, "correct": 1.0, "fault": 0.0}),
    ("<MOLFORMULA>{}</MOLFORMULA>", "length", {"reward": 0.0, "correct": 0.0, "fault": 1.0}),
    ("{} is not it", "stop", {"reward": 0.0, "correct": 0.0, "fault": 1.0}),
]


@pytest.mark.parametrize(("text", "finish", "expected"), SCORES)
def test_verifiers_scores_a_trace(
    text: str, finish: str, expected: dict[str, float], vf: Any, data_root: Path
) -> None:
    (task,) = load_environment(["smiles_to_formula"], split="dev", limit=1).taskset
    trace = trace_of(task, text.format(json.loads(task.data.row)["gold"]), finish)
    asyncio.run(task.score(trace))
    assert {"reward": trace.reward, **trace.metrics} == expected


def test_what_we_cannot_judge_is_a_failed_trace_without_a_reward(vf: Any, data_root: Path) -> None:
    (task,) = load_environment(["smiles_to_formula"], split="dev", limit=1).taskset
    broken = {**json.loads(task.data.row), "gold": "words"}
    task = task.with_data(row=json.dumps(broken))
    trace = trace_of(task, "<MOLFORMULA>CH4</MOLFORMULA>")
    with pytest.raises(vf.TaskError, match="could not be judged: gold cannot be read"):
        asyncio.run(task.score(trace))
    assert trace.rewards == {"reward": None}
