"""An answer that kills its judge costs one reward, and nothing else."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from scireasoner.tasks import registry
from scireasoner.trainers.core import Rewarder
from scireasoner.trainers.rows import Asked
from scireasoner.types import Fault

DEADLY = '''
"""A task whose parser dies of one answer."""
import os, signal
from dataclasses import dataclass
from scireasoner import Domain, Family, Formula, Jsonl, Task, register


@dataclass(frozen=True)
class Deadly(Formula):
    def parse(self, text):
        if "kill" in text:
            os.kill(os.getpid(), signal.SIGSEGV)
        return super().parse(text)


register(Task(
    name="deadly", suite="test", family=Family.TRANSLATION, domain=Domain.MOLECULE,
    prompt="The formula of {smiles}?", inputs={"smiles": "smiles"}, answer=Deadly(),
    data=Jsonl("nowhere"), source="a test", licence="CC0-1.0",
))
'''


@pytest.fixture
def deadly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The file of a task of the user's own, known to this process while the test runs."""
    file = tmp_path / "deadly.py"
    file.write_text(DEADLY)
    registry.all_tasks()
    monkeypatch.setattr(registry, "_tasks", dict(registry._tasks))
    runpy.run_path(str(file))
    return str(file)


def test_a_killed_judge_costs_one_reward(deadly: str) -> None:
    texts = ["CH4", "C2H6", "kill", "CH4", "CH3", "kill me too", "CH4"]
    rows = [Asked("deadly", text, gold="CH4") for text in texts]
    with Rewarder(2, files=[deadly]) as rewarder:
        found = rewarder(rows)
        again = rewarder(rows)
    alone = [r for text, r in zip(texts, found, strict=True) if "kill" not in text]
    assert alone == Rewarder()([row for row in rows if "kill" not in row.completion])
    for text, reward in zip(texts, found, strict=True):
        assert (reward.fault is Fault.TOOL_FAILED) == ("kill" in text)
        assert (reward.value is None) == ("kill" in text)
    assert "crash: SIGSEGV" in found[2].why
    # What was judged is remembered; what was lost is tried again.
    assert again == found
    assert rewarder.restarts == 4
    assert rewarder.failures.ours == {"deadly: a tool failed": 4}
