"""Scores of stored predictions: the same as when the model was measured, and nothing lost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from scireasoner import cli
from scireasoner.errors import DataError
from scireasoner.evaluation.asking import Asking
from scireasoner.evaluation.rescore import Reading, Rescored, rescore
from scireasoner.evaluation.run import evaluate, judge
from scireasoner.evaluation.versus import versus
from scireasoner.models.backend import Sampling
from scireasoner.tasks import get
from scireasoner.types import Completion, Prompt, Sample, Split

NAMES = ("smiles_to_formula", "boiling_point", "protein_charge", "chemical_entities")


class HalfRight:
    """Knows every second row, is wrong or silent about the others; draws differ."""

    name = "half right"

    def generate(
        self, prompts: Sequence[Prompt], sampling: Sampling, n: int = 1
    ) -> list[list[Completion]]:
        return [[self._answer(p, row + draw) for draw in range(n)] for row, p in enumerate(prompts)]

    def _answer(self, prompt: Prompt, turn: int) -> Completion:
        task = get(prompt.task)
        rows = {row.id: row for row in task.samples(Split.TEST)}
        other = list(rows.values())[turn % len(rows)]
        sample = rows[prompt.sample_id] if turn % 2 == 0 else other
        text = "" if turn % 5 == 4 else task.answer.write(sample.example or "")
        return Completion(text, 3)


@pytest.fixture
def answers(data_root: Path, tmp_path: Path) -> Path:
    """A folder with the kept completions of an evaluation."""
    evaluate([get(name) for name in NAMES], HalfRight(), out=tmp_path / "answers")
    return tmp_path / "answers"


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_rescoring_gives_the_numbers_of_the_evaluation(answers: Path, workers: int) -> None:
    expected = evaluate([get(name) for name in NAMES], HalfRight())
    found = rescore(answers, Reading(workers=workers))
    assert found.problem_count == 0
    assert set(found.scores) == set(NAMES)
    for name, score in found.scores.items():
        assert score.headline == expected[name].headline
        assert score.faults == dict(expected[name].faults)
        for metric, estimate in expected[name].estimates.items():
            other = score.estimates[metric]
            assert other.n == estimate.n
            assert other.answered == pytest.approx(estimate.answered)
            assert other.value == pytest.approx(estimate.value, abs=1e-12), (name, metric)
            assert (other.low, other.high) == pytest.approx((estimate.low, estimate.high))


def test_several_answers_of_one_prompt(data_root: Path, tmp_path: Path) -> None:
    task = get("smiles_to_formula")
    how = Asking(answers=3, temperature=1.0)
    expected = evaluate([task], HalfRight(), out=tmp_path / "answers", how=how)[task.name]
    found = rescore(tmp_path / "answers").scores[task.name]
    rows = len(task.samples(Split.TEST))
    assert len(expected.outcomes) == 3 * rows
    assert found.rows == 3 * rows
    assert found.estimates["accuracy"].n == rows
    assert found.estimates["accuracy"].value == expected.estimates["accuracy"].value


def test_draws_in_another_order_score_the_same(data_root: Path, tmp_path: Path) -> None:
    how = Asking(answers=3, temperature=1.0)
    evaluate([get("smiles_to_formula")], HalfRight(), out=tmp_path / "answers", how=how)
    (file,) = (tmp_path / "answers").rglob("*.jsonl")
    head, *rows = file.read_text().splitlines()
    rows.sort(key=lambda row: int(json.loads(row).get("draw", 0)))
    found = rescore(lines(tmp_path / "by_draw.jsonl", head, *rows))
    assert found.problem_count == 0
    assert found.scores == rescore(tmp_path / "answers").scores


def lines(path: Path, *rows: Any) -> Path:
    path.write_text("".join(f"{r if isinstance(r, str) else json.dumps(r)}\n" for r in rows))
    return path


def right(task: str, n: int) -> list[dict[str, str]]:
    known = get(task)
    rows = known.samples(Split.TEST)[:n]
    return [
        {"task": task, "id": s.id, "prediction": known.answer.write(s.example or "")} for s in rows
    ]


def test_a_row_without_a_prediction_costs_and_is_counted(data_root: Path, tmp_path: Path) -> None:
    rows = right("smiles_to_formula", 100)
    total = len(rows)
    path = lines(tmp_path / "p.jsonl", *rows[:-4])
    score = rescore(path).scores["smiles_to_formula"]
    assert (score.rows, score.missing) == (total - 4, 4)
    assert score.estimates["accuracy"].value == pytest.approx((total - 4) / total)
    assert score.faults == {"no answer": 4}
    partial = rescore(path, Reading(partial=True)).scores["smiles_to_formula"]
    assert (partial.missing, partial.estimates["accuracy"].value) == (0, 1.0)


def test_repeated_unknown_and_broken_rows_are_listed(data_root: Path, tmp_path: Path) -> None:
    rows: list[Any] = list(right("smiles_to_formula", 100))
    wrong = {**rows[0], "prediction": "CH4"}
    stranger = {**rows[0], "id": "nobody"}
    path = lines(tmp_path / "p.jsonl", *rows, wrong, stranger, "{", {**rows[0], "task": "x"})
    found = rescore(path)
    said = " | ".join(f"{p.where}: {p.what}" for p in found.problems)
    assert found.problem_count == 4
    for words in ("ids came again", "no test row", "not JSON", "there is no task 'x'"):
        assert words in said
    # The first answer counts, so a later one cannot mend or spoil it.
    assert found.scores["smiles_to_formula"].estimates["accuracy"].value == 1.0


def test_a_file_with_its_own_golds_needs_no_data(tmp_path: Path) -> None:
    rows = [
        {"task": "smiles_to_formula", "id": str(n), "prediction": made, "gold": "C2H6O"}
        for n, made in enumerate(("C2H6O", "OC2H6", "CH4", "no idea"))
    ]
    score = rescore(lines(tmp_path / "p.jsonl", *rows)).scores["smiles_to_formula"]
    assert score.estimates["accuracy"].value == 0.5
    assert score.estimates["accuracy"].answered == 0.75


def test_golds_that_cannot_be_read_give_no_score(tmp_path: Path) -> None:
    row = {"task": "smiles_to_formula", "prediction": "C2H6O", "gold": "?!"}
    good = {"task": "boiling_point", "id": "1", "prediction": "300", "gold": "300"}
    path = lines(tmp_path / "p.jsonl", *({**row, "id": str(n)} for n in range(5)), good)
    found = rescore(path)
    assert list(found.scores) == ["boiling_point"]
    assert "5 of 5 golds" in found.problems[0].what


def test_nothing_to_score_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r"can be scored; the first problem: p.jsonl, line 1: not JSON"
    ):
        rescore(lines(tmp_path / "p.jsonl", "nonsense"))


def test_two_files_are_compared_pair_by_pair(data_root: Path, tmp_path: Path) -> None:
    rows = right("smiles_to_formula", 100)
    wrong = [{**row, "prediction": "CH4"} if n % 3 == 0 else row for n, row in enumerate(rows)]
    better = lines(tmp_path / "a.jsonl", *rows)
    worse = lines(tmp_path / "b.jsonl", *reversed(wrong))
    (forth,) = versus(better, worse).values()
    (back,) = versus(worse, better).values()
    lost = sum(row["prediction"] == "CH4" for row in wrong) / len(rows)
    assert (forth.metric, forth.gain.n, forth.unpaired) == ("accuracy", len(rows), 0)
    assert forth.gain.value == pytest.approx(lost)
    assert back.gain.value == pytest.approx(-lost)
    assert forth.gain.low > 0 > back.gain.high
    (same,) = versus(better, better).values()
    assert (same.gain.low, same.gain.value, same.gain.high) == (0, 0, 0)


def test_what_of_the_other_file_cannot_be_scored_is_told(data_root: Path, tmp_path: Path) -> None:
    rows = right("smiles_to_formula", 100)
    stranger = {**rows[0], "id": "nobody"}
    files = (
        lines(tmp_path / "a.jsonl", *rows),
        lines(tmp_path / "b.jsonl", *rows, rows[1], stranger),
    )
    other = Rescored()
    assert versus(*files, other=other)["smiles_to_formula"].gain.value == 0
    assert [p.where for p in other.problems] == ["smiles_to_formula nobody", "smiles_to_formula"]


def test_lower_errors_are_a_gain(data_root: Path, tmp_path: Path) -> None:
    rows = right("boiling_point", 100)
    off = [{**row, "prediction": "<NUMBER>500</NUMBER>"} for row in rows]
    files = lines(tmp_path / "a.jsonl", *rows), lines(tmp_path / "b.jsonl", *off)
    assert versus(*files)["boiling_point"].gain.low > 0


def test_files_without_a_common_task_cannot_be_compared(data_root: Path, tmp_path: Path) -> None:
    a = lines(tmp_path / "a.jsonl", *right("boiling_point", 3))
    b = lines(tmp_path / "b.jsonl", *right("smiles_to_formula", 3))
    with pytest.raises(DataError, match="no task in common"):
        versus(a, b)


def test_tasks_that_are_not_compared_are_named(
    data_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine, common, apart, theirs = (right(name, 4) for name in NAMES)
    files = (
        lines(tmp_path / "a.jsonl", *mine, *common, *apart[:2]),
        lines(tmp_path / "b.jsonl", *theirs, *common, *apart[2:]),
    )
    skipped: dict[str, str] = {}
    assert list(versus(*files, Reading(partial=True), skipped=skipped)) == [NAMES[1]]
    assert skipped == {
        NAMES[0]: f"only in {files[0]}",
        NAMES[2]: "no row in common",
        NAMES[3]: f"only in {files[1]}",
    }
    assert cli.main(["score", str(files[0]), "--against", str(files[1]), "--partial"]) == 0
    printed = capsys.readouterr().out
    for name, why in skipped.items():
        assert f"not compared, {why}: {name}\n" in printed


@pytest.mark.slow
def test_an_answer_that_kills_its_process_costs_one_row(data_root: Path, tmp_path: Path) -> None:
    deadly = tmp_path / "deadly.py"
    deadly.write_text(
        "import os, sys\n"
        "from dataclasses import dataclass\n"
        "from scireasoner import Domain, Family, Formula, Jsonl, Task, register\n"
        "@dataclass(frozen=True)\n"
        "class Deadly(Formula):\n"
        "    def read(self, text):\n"
        "        if text == 'KILL':\n"
        "            os._exit(139)\n"
        "        return super().read(text)\n"
        "register(Task(name='deadly', suite='mine', family=Family.TRANSLATION,\n"
        "    domain=Domain.MOLECULE, prompt='Formula?', inputs={}, answer=Deadly(),\n"
        "    data=Jsonl('nowhere'), source='a test of crashes', licence='none'))\n"
    )
    import runpy

    from scireasoner.tasks import registry

    runpy.run_path(str(deadly))
    try:
        rows = [
            {"task": "deadly", "id": str(n), "prediction": "C2H6O", "gold": "C2H6O"}
            for n in range(600)
        ]
        rows[77]["prediction"] = "KILL"
        found = rescore(
            lines(tmp_path / "p.jsonl", *rows), Reading(workers=2, files=(str(deadly),))
        )
    finally:
        registry._tasks.pop("deadly")
    score = found.scores["deadly"]
    assert score.faults == {"a tool failed": 1}
    assert found.faulty == [("deadly", "77", "a tool failed (crash: exit code 139)", "KILL")]
    assert score.estimates["accuracy"].n == 599
    assert score.estimates["accuracy"].value == 1.0


@pytest.mark.parametrize(
    ("answer", "chances", "headline"),
    [
        ("right", (None, None), "balanced accuracy"),
        ("right", (0.9, None), "balanced accuracy"),
        ("right", (0.9, 0.1), "ROC AUC"),
        ("none", (None, None), "balanced accuracy"),
    ],
)
def test_a_curve_is_drawn_only_where_every_answer_has_a_probability(
    tmp_path: Path, answer: str, chances: tuple[float | None, ...], headline: str
) -> None:
    task = get("mat_mp_is_stable")
    rows: list[dict[str, Any]] = [
        {"task": task.name, "id": str(n), "gold": gold, "probability": chance,
         "prediction": gold if answer == "right" else ""}
        for n, (gold, chance) in enumerate(zip(("True", "False"), chances, strict=True))
    ]  # fmt: skip
    path = lines(tmp_path / "p.jsonl", *rows)
    samples = [Sample(row["id"], {"question": ""}, row["gold"]) for row in rows]
    groups = [[Completion(row["prediction"], 0, probability=row["probability"])] for row in rows]
    expected = judge(task, samples, groups, None)
    score = rescore(path).scores[task.name]
    assert score.headline == expected.headline == headline
    assert score.estimates == expected.estimates
    assert [v.metric for v in versus(path, path).values()] == [headline]
