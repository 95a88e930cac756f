"""An answer that hangs or kills its judge costs one reward, and the run goes on."""

from __future__ import annotations

import runpy
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from trl import GRPOTrainer

from scireasoner.artifacts import read_jsonl
from scireasoner.tasks import registry
from scireasoner.tasks.judges import Judges
from scireasoner.tasks.registry import get
from scireasoner.training import rl
from scireasoner.training.fit_config import FitConfig
from scireasoner.training.loop import CURVE
from scireasoner.training.rl_config import RlConfig
from scireasoner.training.rollouts import Answers, Question, RolloutJudge
from scireasoner.types import Fault, Mode, Sample

DEADLY = '''
"""A task whose parser hangs on one answer and dies of another."""
import os, signal, time
from dataclasses import dataclass
from scireasoner import Domain, Family, Formula, Jsonl, Task, register


@dataclass(frozen=True)
class Deadly(Formula):
    def parse(self, text):
        if "hang" in text:
            time.sleep(3600)
        if "kill" in text:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().parse(text)


register(Task(
    name="deadly", suite="test", family=Family.TRANSLATION, domain=Domain.MOLECULE,
    prompt="What is the formula of {smiles}?", inputs={"smiles": "smiles"}, answer=Deadly(),
    data=Jsonl("nowhere"), source="a test", licence="CC0-1.0",
))
'''
METHANE = Sample("methane", {"smiles": "C"}, "CH4")
RIGHT, WRONG = "<MOLFORMULA>CH4</MOLFORMULA>", "<MOLFORMULA>CH3</MOLFORMULA>"


@pytest.fixture
def deadly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The file of the task, known to this process while the test runs."""
    file = tmp_path / "deadly.py"
    file.write_text(DEADLY)
    registry.all_tasks()
    monkeypatch.setattr(registry, "_tasks", dict(registry._tasks))
    runpy.run_path(str(file))
    return str(file)


def test_what_hangs_or_dies_is_out_of_the_gradient_and_nothing_else_is(deadly: str) -> None:
    asked = [Question(get("deadly"), METHANE, Mode.INSTANT)] * 2
    judges = Judges(2, [deadly], deadline=0.5)
    texts = ["CH4", "hang", "CH3", "kill"], ["CH4", "CH4", "kill", "C2H6"]
    try:
        judge = RolloutJudge(asked, 40, 20, judging=judges)
        found = judge([Answers(i, own, [1] * 4, [True] * 4) for i, own in enumerate(texts)])
    finally:
        judges.close()
    for own, group in zip(texts, found, strict=True):
        for text, judged in zip(own, group, strict=True):
            lost = text in ("hang", "kill")
            assert (judged.reward is None) == lost
            assert (judged.fault is Fault.TOOL_FAILED) == lost
            assert judged.correct == (text == "CH4")
    assert judge.failures.ours == {"deadly: a tool failed": 3}
    assert judges.restarts == 3


def test_a_run_goes_on_where_judges_hang_and_die(
    deadly: str, checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight rollouts a step: of each group one hangs or dies, and the others teach."""

    def rollouts(self: Any, prompt_ids: Any, *_: Any) -> Any:
        texts = [RIGHT, WRONG, "hang", WRONG, RIGHT, "kill", RIGHT, WRONG]
        ends = self.eos_token_ids[0]
        ids = [[*self.processing_class(text)["input_ids"], ends] for text in texts]
        return ids[: len(prompt_ids)], None

    monkeypatch.setattr(GRPOTrainer, "_generate_single_turn", rollouts)
    monkeypatch.setattr(rl, "Judges", partial(Judges, files=[deadly], deadline=0.5))
    monkeypatch.setattr(
        rl, "questions", lambda *_: [Question(get("deadly"), METHANE, Mode.INSTANT)] * 4
    )
    fit = FitConfig(steps=2, save_every=2, log_every=1)
    config = RlConfig(
        groups=2, group_size=4, max_tokens=64, overlong_cache=8, judges=2, sample_every=1, fit=fit
    )
    rl.reinforce(checkpoint, [], {}, config, out=tmp_path / "rl", seed=0, dtype="float32")
    points = [row for row in read_jsonl(tmp_path / "rl" / CURVE) if "rollout/fault" in row]
    assert [row["fault/a tool failed"] for row in points] == [0.25, 0.25]
    assert [row["dapo/kept"] for row in points] == [1, 1]
    shown = Counter(row["which"] for row in read_jsonl(tmp_path / "rl" / "rollouts.jsonl"))
    assert shown == {"best": 4, "worst": 4}
