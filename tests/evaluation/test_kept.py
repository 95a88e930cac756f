"""Judgements kept between runs: the same scores, nothing stale, nothing of a failing tool."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scireasoner.errors import InputError
from scireasoner.evaluation import lots
from scireasoner.evaluation.draws import Prediction
from scireasoner.evaluation.judging import Lot, judge_lot, lost
from scireasoner.evaluation.kept import lot_name, surroundings
from scireasoner.evaluation.rescore import LOT, Reading, Rescored, rescore
from scireasoner.evaluation.versus import versus
from scireasoner.types import Mode, Sample

ROWS = 2 * LOT + 20
"""Three lots of each task."""

TASKS = {"smiles_to_formula": ("C2H6O", "CH4"), "logp": ("1.25", "2.5")}


@pytest.fixture
def rows() -> list[dict[str, Any]]:
    """Predictions of two tasks that bring their golds: right, wrong and unreadable ones."""
    return [
        {"task": task, "id": str(n), "gold": gold,
         "prediction": (gold, other, "", [other, gold])[n % 4]}
        for task, (gold, other) in TASKS.items()
        for n in range(ROWS)
    ]  # fmt: skip


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[Lot]:
    """The lots that were judged, as they come."""
    seen: list[Lot] = []

    def noted(lot: Lot) -> Any:
        seen.append(lot)
        return judge_lot(lot)

    monkeypatch.setattr(lots, "judge_lot", noted)
    return seen


@pytest.fixture
def rated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tasks whose metrics were estimated."""
    seen: list[str] = []
    true = lots.rate

    def noted(work: Any) -> Any:
        seen.append(work.task)
        return true(work)

    monkeypatch.setattr(lots, "rate", noted)
    return seen


def written(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


def told(found: Rescored) -> str:
    return repr((found.scores, found.problems, found.problem_count, found.faulty))


def test_again_gives_the_same_and_judges_nothing(
    tmp_path: Path, rows: list[dict[str, Any]], judged: list[Lot], rated: list[str]
) -> None:
    path = written(tmp_path / "p.jsonl", [*rows, rows[0], {"task": "nothing"}])
    plain = rescore(path)
    how = Reading(kept=tmp_path / "kept")
    first = rescore(path, how)
    count, estimated = len(judged), len(rated)
    again = rescore(path, how)
    assert told(plain) == told(first) == told(again)
    assert plain.faulty
    assert plain.problem_count == 2
    assert (count, len(judged)) == (2 * 2 * 3, count)
    assert (estimated, len(rated)) == (2 * 2, estimated)


def test_only_what_is_new_is_judged(
    tmp_path: Path, rows: list[dict[str, Any]], judged: list[Lot], rated: list[str]
) -> None:
    how = Reading(kept=tmp_path / "kept")
    rescore(written(tmp_path / "p.jsonl", rows), how)
    del judged[:], rated[:]
    rows[LOT + 5]["prediction"] = "C3H8"
    path = written(tmp_path / "p.jsonl", rows)
    found = rescore(path, how)
    assert [len(lot.rows) for lot in judged] == [LOT]
    assert judged[0].rows[5][0].texts == ("C3H8",)
    assert rated == ["smiles_to_formula"]
    assert told(found) == told(rescore(path))


@pytest.mark.parametrize("changed", [[0], [3, 4], [0, 9, 10, 19], [*range(5, 60, 7)], [65, 119]])
def test_known_and_new_lots_come_in_order(
    tmp_path: Path,
    rows: list[dict[str, Any]],
    judged: list[Lot],
    monkeypatch: pytest.MonkeyPatch,
    changed: list[int],
) -> None:
    monkeypatch.setattr("scireasoner.evaluation.rescore.LOT", 2)
    monkeypatch.setattr("scireasoner.evaluation.kept._WINDOW", 3)
    rows, how = [*rows[:60], *rows[-60:]], Reading(kept=tmp_path / "kept")
    rescore(written(tmp_path / "p.jsonl", rows), how)
    for place in changed:
        rows[place]["prediction"] = "C3H8"
    del judged[:]
    path = written(tmp_path / "p.jsonl", rows)
    found = rescore(path, how)
    assert [lot.rows[0][0].id for lot in judged] == list(
        dict.fromkeys(rows[place - place % 2]["id"] for place in changed)
    )
    assert told(found) == told(rescore(path))


def test_another_seed_estimates_anew_and_judges_nothing(
    tmp_path: Path, rows: list[dict[str, Any]], judged: list[Lot], rated: list[str]
) -> None:
    path, how = written(tmp_path / "p.jsonl", rows), Reading(kept=tmp_path / "kept")
    rescore(path, how)
    del judged[:], rated[:]
    assert told(rescore(path, how, seed=1)) == told(rescore(path, seed=1))
    assert len(judged) == 2 * 3  # of the run that keeps nothing
    assert len(rated) == 2 + 2


def test_two_files_are_judged_once_each(
    tmp_path: Path, rows: list[dict[str, Any]], judged: list[Lot]
) -> None:
    path = written(tmp_path / "p.jsonl", rows)
    other = written(tmp_path / "q.jsonl", [{**row, "prediction": "CH4"} for row in rows])
    how = Reading(kept=tmp_path / "kept")
    rescore(path, how)
    count = len(judged)
    found = versus(path, other, how)
    assert len(judged) == 2 * count
    assert found == versus(path, other)


@pytest.mark.slow
def test_workers_read_and_write_the_same(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    path = written(tmp_path / "p.jsonl", rows)
    first = rescore(path, Reading(workers=2, kept=tmp_path / "kept"))
    assert told(first) == told(rescore(path, Reading(kept=tmp_path / "kept")))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"{}", b"[1, 2"])
def test_a_damaged_file_is_judged_again(
    tmp_path: Path, rows: list[dict[str, Any]], judged: list[Lot], content: bytes
) -> None:
    path, how = written(tmp_path / "p.jsonl", rows), Reading(kept=tmp_path / "kept")
    expected = told(rescore(path, how))
    files = [file for file in (tmp_path / "kept").rglob("*") if file.is_file()]
    assert {file.suffix for file in files} == {".npz", ".json"}
    for file in files:
        file.write_bytes(content)
    del judged[:]
    assert told(rescore(path, how)) == expected
    assert len(judged) == 2 * 3


@pytest.mark.parametrize("answers", [1, 2])
def test_what_a_tool_failed_on_is_not_kept(
    tmp_path: Path, rows: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, answers: int
) -> None:
    for row in rows:
        row["prediction"] = [row["gold"]] * answers
    path, how = written(tmp_path / "p.jsonl", rows), Reading(kept=tmp_path / "kept")

    def failing(given: Iterator[Lot]) -> Iterator[Any]:
        """Judge as where the first answer of a lot kills its judge: one by one."""
        for lot in given:
            singles = [Lot(lot.task, (row,)) for row in lot.rows]
            yield lost(singles[0], "crash")
            yield from map(judge_lot, singles[1:])

    with monkeypatch.context() as patch:
        patch.setattr(lots.Judges, "judged", lambda _, given: failing(iter(given)))
        broken = rescore(path, how)
    assert broken.scores["logp"].faults["a tool failed"] == 3 * answers
    assert broken.scores["logp"].rows == ROWS * answers
    assert not list((tmp_path / "kept").rglob("*.npz"))
    assert told(rescore(path, how)) == told(rescore(path))


def test_judgements_are_kept_in_a_folder(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    path = written(tmp_path / "p.jsonl", rows)
    with pytest.raises(InputError, match="give a folder"):
        rescore(path, Reading(kept=path))


def test_equal_lots_have_equal_names_whatever_objects_they_share() -> None:
    def made(text: str, same: str) -> Lot:
        prediction = Prediction("logp", "1", (text, same), mode=Mode.THINK)
        return Lot("logp", ((prediction, Sample("1", {"smiles": text}, text)),))

    literal = made("carbon", "carbon")
    decoded = made(*json.loads('["carbon", "carbon"]'))
    assert literal == decoded
    assert lot_name(literal) == lot_name(decoded) != lot_name(made("carbon", "hydrogen"))


CHANGES: dict[str, Callable[[Path, Path, pytest.MonkeyPatch], None]] = {
    "new data": lambda data, _, __: (data / "new.csv").write_text("smiles\nC\n") and None,
    "changed data": lambda data, _, __: os.utime(data / "old.csv", ns=(1, 1)),
    "another data root": lambda data, _, patch: patch.setenv("SCIREASONER_DATA", str(data.parent)),
    "a model": lambda data, _, patch: patch.setenv("SCIREASONER_BERTSCORE", f"{data}@17"),
    "a changed model": lambda data, _, __: os.utime(data.with_name("model") / "config", ns=(1, 1)),
    "a file that a variable names": lambda data, _, __: os.utime(data.with_name("file"), ns=(1, 1)),
    "the user's tasks": lambda _, own, __: own.write_text("changed = True\n") and None,
    "no Java": lambda _, __, patch: patch.setattr("shutil.which", lambda name: None),
    "a package": lambda _, __, patch: patch.setattr(
        "scireasoner.evaluation.kept.distributions", lambda: ()
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_a_judgement_depends_on_changes_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    data, own, model = tmp_path / "data@host", tmp_path / "own.py", tmp_path / "model"
    data.mkdir()
    model.mkdir()
    (data / "old.csv").write_text("smiles\nCC\n")
    for file in (model / "config", tmp_path / "file"):
        file.touch()
    monkeypatch.setenv("SCIREASONER_ESMFOLD", f"{model}@17")
    monkeypatch.setenv("SCIREASONER_FILE", str(tmp_path / "file"))
    own.write_text("changed = False\n")
    monkeypatch.setenv("SCIREASONER_DATA", str(data))
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    before = surroundings([str(own)])
    assert surroundings([str(own)]) == before
    CHANGES[change](data, own, monkeypatch)
    assert surroundings([str(own)]) != before


@pytest.mark.parametrize("inside", ["data/kept", "."])
def test_what_runs_leave_behind_changes_no_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    """A folder of judgements in the data root; a variable that names nothing, not this folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCIREASONER_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SCIREASONER_BERTSCORE", "")
    folder = tmp_path / inside
    folder.mkdir(parents=True, exist_ok=True)
    before = surroundings(kept=folder)
    (folder / "judgement.npz").touch()
    assert surroundings(kept=folder) == before


def test_our_own_code_is_part_of_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "scireasoner"
    (package / "science").mkdir(parents=True)
    (package / "weights").mkdir()
    (package / "__init__.py").touch()
    monkeypatch.setattr("scireasoner.__file__", str(package / "__init__.py"))
    before = surroundings()
    (package / "weights" / "model.bin").write_bytes(b"other weights judge nothing")
    assert surroundings() == before
    (package / "science" / "molecules.py").write_text("MAX_LENGTH = 2\n")
    assert surroundings() != before
