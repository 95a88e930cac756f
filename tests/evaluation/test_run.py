from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from scireasoner.errors import DataError, InputError, JudgeError
from scireasoner.evaluation.run import evaluate, reward_metric
from scireasoner.metrics import paired_difference
from scireasoner.models.scripted import ScriptedBackend
from scireasoner.tasks.task import Task
from scireasoner.types import Fault, Mode, Outcome, Prompt, Sample, Split


def number(text: str) -> str:
    return f"<NUMBER>{text}</NUMBER>"


RIGHT, HALF = number("370.3"), number("343.8")
SCRIPT = {"test-0": RIGHT, "test-1": HALF, "test-2": "I do not know.", "test-3": "no idea <think>"}


def test_the_numbers_of_a_result(boiling: Task) -> None:
    result = evaluate([boiling], ScriptedBackend(SCRIPT))["boiling"]
    assert [o.correct for o in result.outcomes] == [True, False, False, False]
    assert result.estimates["accuracy"].value == 0.25
    assert result.estimates["accuracy"].answered == result.answered == 0.5
    assert result.outcomes[0].score == 1.0
    # MAE: 0, 40, then the farthest in-range answer for the two faults.
    assert result.estimates["MAE"].value == pytest.approx((0 + 40 + 776.1 + 910.0) / 4)
    expected = [boiling.reward(outcome) or 0.0 for outcome in result.outcomes]
    assert result.estimates["reward"].value == pytest.approx(sum(expected) / 4)
    assert expected[0] == 1.0 > expected[1] > expected[2] == 0.0
    assert result.faults == {"refused": 1, "thought not closed": 1}
    assert result.tokens == pytest.approx((1 + 1 + 4 + 3) / 4)
    assert [s.id for s in result.samples] == list(SCRIPT)


def test_completions_are_kept_whole_and_not_asked_again(
    boiling: Task, formula: Task, tmp_path: Path
) -> None:
    asked: list[str] = []

    def answer(prompt: Prompt) -> str:
        asked.append(prompt.sample_id)
        return "a thought\n</think>\n\n" + RIGHT

    backend = ScriptedBackend(answer)
    both = (boiling, formula)
    first = evaluate(both, backend, mode=Mode.THINK, out=tmp_path)
    lines = (tmp_path / "boiling.think.jsonl").read_text().splitlines()
    assert json.loads(lines[1])["text"] == "a thought\n</think>\n\n" + RIGHT
    assert len(asked) == 8
    (tmp_path / "formula.think.jsonl").unlink()  # a kill before the second task was finished
    again = evaluate(both, backend, mode=Mode.THINK, out=tmp_path)
    assert len(asked) == 12
    assert again == first


@pytest.mark.parametrize(
    "change", [{"seed": 1}, {"limit": 2}, {"mode": Mode.INSTANT}, {"model": "another"}]
)
def test_other_questions_are_asked_anew(
    boiling: Task, tmp_path: Path, change: dict[str, object]
) -> None:
    asked: list[str] = []

    def answer(prompt: Prompt) -> str:
        asked.append(prompt.sample_id)
        return RIGHT

    evaluate([boiling], ScriptedBackend(answer), mode=Mode.THINK, out=tmp_path)
    before = len(asked)
    name = str(change.pop("model", "scripted"))
    options = {"mode": Mode.THINK, **change}
    evaluate([boiling], ScriptedBackend(answer, name=name), out=tmp_path, **options)  # type: ignore[arg-type]
    assert len(asked) > before


def test_a_mode_for_each_task(boiling: Task, formula: Task) -> None:
    modes = {"boiling": Mode.THINK, "formula": Mode.INSTANT}
    results = evaluate([boiling, formula], ScriptedBackend(RIGHT), mode=modes)
    assert {name: result.mode for name, result in results.items()} == modes
    assert results["boiling"].faults == {Fault.OPEN_THOUGHT.value: 4}
    with pytest.raises(InputError, match="no mode was given for task 'formula'"):
        evaluate([formula], ScriptedBackend(RIGHT), mode={"boiling": Mode.THINK})


def test_a_task_without_rows(boiling: Task) -> None:
    with pytest.raises(InputError, match="'boiling' has no rows"):
        evaluate([boiling], ScriptedBackend(RIGHT), split=Split.DEV)


def test_our_own_failures_stop_the_run(boiling: Task) -> None:
    class Broken:
        def load(self, task: str, split: Split) -> list[Sample]:
            return [replace(sample, gold="?") for sample in boiling.samples(split)[:1]] + list(
                boiling.samples(split)[1:]
            )

    with pytest.raises(JudgeError, match="1 of 4 answers could not be judged"):
        evaluate([replace(boiling, data=Broken())], ScriptedBackend(RIGHT))


def test_a_damaged_file_is_told(boiling: Task, tmp_path: Path) -> None:
    evaluate([boiling], ScriptedBackend(RIGHT), out=tmp_path)
    path = tmp_path / "boiling.instant.jsonl"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))
    with pytest.raises(DataError, match="lacks rows"):
        evaluate([boiling], ScriptedBackend(RIGHT), out=tmp_path)


def test_the_reward_can_be_compared_in_pairs(boiling: Task) -> None:
    def outcome(sample: str, score: float) -> Outcome:
        return Outcome(sample, 1.0, 1.0, score, score == 1.0, None)

    good = [outcome(str(i), 1.0) for i in range(20)]
    bad = [outcome(str(i), 0.5) for i in range(20)]
    assert paired_difference(good, bad, reward_metric(boiling)).low > 0
