"""Stored predictions of every layout, whole and broken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scireasoner.errors import DataError, InputError
from scireasoner.evaluation.draws import Prediction, Problem
from scireasoner.evaluation.predictions import members, read_predictions

TASK = "smiles_to_formula"
GOOD = {"task": TASK, "id": "1", "prediction": "C2H6O", "gold": "C2H6O"}


def written(path: Path, *rows: Any) -> Path:
    path.write_text("".join(f"{r if isinstance(r, str) else json.dumps(r)}\n" for r in rows))
    return path


def test_a_line_is_a_prediction(tmp_path: Path) -> None:
    (found,) = read_predictions(written(tmp_path / "p.jsonl", GOOD))
    assert isinstance(found, Prediction)
    assert (found.task, found.id, found.texts) == (TASK, "1", ("C2H6O",))
    assert found.sample is not None
    assert found.sample.gold == "C2H6O"


@pytest.mark.parametrize("key", ["id", "prediction", "gold"])
def test_half_a_character_is_one_that_cannot_be_read(tmp_path: Path, key: str) -> None:
    rows = [{**GOOD, key: f"C{half}"} for half in ("\ud83d", "\ufffd")]
    first, second = read_predictions(written(tmp_path / "p.jsonl", *rows))
    assert first == second


def test_a_member_with_half_a_character_is_read(tmp_path: Path) -> None:
    path = tmp_path / "object.json"
    path.write_text(json.dumps({"\ud83d": ["C\ud83d", 1]}))
    assert dict(members(path)) == {"\ufffd": ["C\ufffd", 1]}


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    written(tmp_path / "p.jsonl", GOOD)
    (tmp_path / "folder.jsonl").mkdir()
    assert len(list(read_predictions(tmp_path))) == 1


def test_several_answers_keep_their_order(tmp_path: Path) -> None:
    row = {**GOOD, "prediction": ["CH4", "C2H6O"], "mode": "think", "finish": "length"}
    (found,) = read_predictions(written(tmp_path / "p.jsonl", row))
    assert isinstance(found, Prediction)
    assert (found.texts, found.mode) == (("CH4", "C2H6O"), "think")
    assert found.finishes == ("length", "length")


def test_answers_of_one_prompt_on_lines_of_their_own_are_gathered(tmp_path: Path) -> None:
    rows = [{**GOOD, "draw": n, "finish": f, "tokens": n} for n, f in enumerate(("stop", "length"))]
    first, other = read_predictions(written(tmp_path / "p.jsonl", *rows, {**GOOD, "id": "2"}))
    assert isinstance(first, Prediction)
    assert isinstance(other, Prediction)
    assert (first.texts, first.finishes) == (("C2H6O", "C2H6O"), ("stop", "length"))
    assert (first.tokens, other.id) == ((0, 1), "2")


def said(row_id: str, draw: int | None, text: str) -> dict[str, Any]:
    """Return a line whose text tells whose it is."""
    own = {**GOOD, "id": row_id, "prediction": text, "tokens": 7}
    return own if draw is None else {**own, "draw": draw}


# Lines as (id, draw, text); what they are read as.
DRAWS: list[tuple[str, list[tuple[str, int | None, str]], list[tuple[str, str]]]] = [
    ("by question", [("1", 0, "a"), ("1", 1, "b"), ("2", 0, "c"), ("2", 1, "d")],
     [("1", "ab"), ("2", "cd")]),
    ("by draw", [("1", 0, "a"), ("2", 0, "c"), ("1", 1, "b"), ("2", 1, "d")],
     [("1", "ab"), ("2", "cd")]),
    ("the first draw without a number", [("1", None, "a"), ("2", None, "c"), ("1", 1, "b")],
     [("1", "ab"), ("2", "c")]),
    ("counted from 1", [("1", 1, "a"), ("2", 1, "c"), ("1", 2, "b"), ("2", 2, "d")],
     [("1", "ab"), ("2", "cd")]),
    ("as processes finish", [("1", 2, "e"), ("2", 0, "c"), ("1", 0, "a"), ("1", 1, "b")],
     [("1", "abe"), ("2", "c")]),
    ("one lost", [("1", 0, "a"), ("2", 0, "c"), ("2", 1, "d"), ("1", 2, "e"), ("2", 2, "f")],
     [("1", "ae"), ("2", "cdf")]),
    ("one lost beside the others", [("1", 0, "a"), ("1", 2, "e"), ("2", 0, "c")],
     [("1", "ae"), ("2", "c")]),
    ("a file twice", [("1", 0, "a"), ("2", 0, "c"), ("1", 1, "b"), ("1", 0, "x"), ("1", 1, "y")],
     [("1", "ab"), ("2", "c"), ("1", "xy")]),
    ("without numbers", [("1", None, "a"), ("2", None, "c"), ("1", None, "b"), ("2", None, "d")],
     [("1", "a"), ("2", "c"), ("1", "b"), ("2", "d")]),
    ("the first draw again", [("1", 0, "a"), ("2", 0, "c"), ("1", 0, "b")],
     [("1", "a"), ("2", "c"), ("1", "b")]),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), [d[1:] for d in DRAWS], ids=[d[0] for d in DRAWS])
def test_draws_are_gathered_in_whatever_order_they_come(
    rows: list[tuple[str, int | None, str]], expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    found = list(read_predictions(written(tmp_path / "p.jsonl", *(said(*row) for row in rows))))
    assert [(p.id, "".join(p.texts)) for p in found if isinstance(p, Prediction)] == expected
    assert all(len(p.tokens) == len(p.texts) for p in found if isinstance(p, Prediction))


def test_a_line_that_is_broken_costs_itself_where_draws_are_apart(tmp_path: Path) -> None:
    rows = [said("1", 0, "a"), '{"draw": 1', said("2", 0, "c"), said("1", 1, "b"), [1]]
    found = list(read_predictions(written(tmp_path / "p.jsonl", *rows)))
    assert [p.where for p in found if isinstance(p, Problem)] == [
        "p.jsonl, line 2",
        "p.jsonl, line 5",
    ]
    assert [p.texts for p in found if isinstance(p, Prediction)] == [("a", "b"), ("c",)]


PROBLEMS = [
    ("{broken", "not JSON"),
    ("[" * 100_000, "not JSON (nested too deeply)"),
    ("[1, 2]", "an object was expected, list came"),
    ({**GOOD, "task": "smiles_to_formla"}, "did you mean 'smiles_to_formula'?"),
    ({k: v for k, v in GOOD.items() if k != "id"}, "no 'id'"),
    ({**GOOD, "prediction": 3}, "'prediction' must be a text or a list of texts"),
    ({**GOOD, "prediction": []}, "'prediction' must be a text or a list of texts"),
    ({**GOOD, "mode": "deep"}, "'mode' is 'deep'"),
    ({**GOOD, "probability": 1.5}, "'probability' is 1.5; a number from 0 to 1"),
    ({**GOOD, "probability": "high"}, "'probability' is 'high'"),
]


@pytest.mark.parametrize(("row", "words"), PROBLEMS, ids=[words for _, words in PROBLEMS])
def test_a_broken_line_is_named_and_the_others_are_read(
    row: Any, words: str, tmp_path: Path
) -> None:
    found = list(read_predictions(written(tmp_path / "p.jsonl", GOOD, "", row, GOOD)))
    assert [type(item) for item in found] == [Prediction, Problem, Prediction]
    assert isinstance(found[1], Problem)
    assert found[1].where == "p.jsonl, line 3"
    assert words in found[1].what


def opencompass(path: Path, *entries: Any) -> Path:
    path.write_text(json.dumps({str(n): entry for n, entry in enumerate(entries)}))
    return path


def test_opencompass_files_are_read_by_the_name_of_the_task(tmp_path: Path) -> None:
    prompt = [{"role": "HUMAN", "prompt": "Formula of ethanol?"}]
    entry = {"origin_prompt": prompt, "prediction": "C2H6O", "gold": "C2H6O"}
    opencompass(tmp_path / "smol_name_conversion-s2f.json", entry, entry)
    found = list(read_predictions(tmp_path))
    assert all(isinstance(item, Prediction) for item in found)
    first = found[0]
    assert isinstance(first, Prediction)
    assert first.task == "smol_smiles_to_formula"
    assert first.sample is not None
    assert first.sample.inputs == {"question": "Formula of ethanol?"}


def test_the_parts_of_an_opencompass_task_do_not_meet(tmp_path: Path) -> None:
    entry = {"origin_prompt": "?", "prediction": "C2H6O", "gold": "C2H6O"}
    for part in ("smol_name_conversion-s2f_0", "smol_name_conversion-s2f_1"):
        opencompass(tmp_path / f"{part}.json", entry)
    ids = [item.id for item in read_predictions(tmp_path) if isinstance(item, Prediction)]
    assert len(set(ids)) == 2


@pytest.mark.parametrize(
    ("name", "entry", "words"),
    [
        ("smol_name_conversion-s2f", {"gold": "C2H6O"}, "'prediction' must be"),
        ("smol_name_conversion-s2f", {"prediction": "C2H6O"}, "'gold' must be a text"),
        ("nothing", {"prediction": "C2H6O", "gold": "C2H6O"}, "there is no task 'nothing'"),
    ],
)
def test_a_broken_opencompass_entry_is_named(
    name: str, entry: Any, words: str, tmp_path: Path
) -> None:
    (found,) = read_predictions(opencompass(tmp_path / f"{name}.json", entry))
    assert isinstance(found, Problem)
    assert words in found.what


@pytest.mark.parametrize("block", [1, 7, 64, 1 << 16])
def test_a_large_object_is_read_in_blocks(block: int, tmp_path: Path) -> None:
    content = {"0": {"a": "x" * 300, "b": ["}", '"']}, "1": 12345, "2": None, "é": "\u2212"}
    path = tmp_path / "x.json"
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
    assert dict(members(path, block)) == content


@pytest.mark.parametrize("text", ['{"0": 1, "1": {"a"', "[1]", "", '{"0" 1}', '{"0":' * 100_000])
def test_an_object_that_breaks_off_is_said(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(DataError):
        list(members(path))


def test_nothing_to_read_is_said(tmp_path: Path) -> None:
    for path in (tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(InputError):
            list(read_predictions(path))
