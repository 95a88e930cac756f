"""From judged lots to a score: what could not be judged is neither lost nor counted twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from scireasoner.evaluation.draws import Prediction
from scireasoner.evaluation.judging import Lot, judge_lot
from scireasoner.evaluation.rating import Rating, rate
from scireasoner.evaluation.rescore import LOT
from scireasoner.evaluation.spill import Shelf
from scireasoner.types import Sample

Rows = list[tuple[Prediction, Sample]]


def answered(task: str, gold: str, count: int, name: str = "", answer: str | None = None) -> Rows:
    meta = {"subtask": name, "label": gold, "output": gold}
    return [
        (
            Prediction(task, f"{name}{gold}{n}", (answer or gold,)),
            Sample(f"{n}", {}, gold, None, meta),
        )
        for n in range(count)
    ]


def shelf_of(task: str, rows: Rows, folder: Path) -> Shelf:
    shelf = Shelf(folder)
    for start in range(0, len(rows), LOT):
        shelf.add(judge_lot(Lot(task, tuple(rows[start : start + LOT]))))
    return shelf


@pytest.mark.parametrize("count", [LOT - 1, LOT])
def test_the_released_number_rests_on_all_rows_wherever_a_lot_ends(
    tmp_path: Path, count: int
) -> None:
    task = "smol_esol"
    rows = [*answered(task, "1.5", count), *answered(task, "none", 1, answer="1.5")]
    score = rate(Rating(task, shelf_of(task, rows, tmp_path / task), 0, 0)).score
    assert score is not None
    assert score.rows == count + 1
    assert score.published == {"RMSE": None}  # the released code stops at such a gold


@pytest.mark.parametrize(
    ("answers", "again"), [((("CC",), ("C", "CCO")), 1), ((("CC", "C"), ("CCO",), ("C", "CCO")), 2)]
)
def test_of_a_row_that_came_again_no_answer_is_mixed_in(
    tmp_path: Path, answers: tuple[tuple[str, ...], ...], again: int
) -> None:
    task = "smol_forward_synthesis"
    rows = [(Prediction(task, "1", texts), Sample("1", {}, "CCO")) for texts in answers]
    rated = rate(Rating(task, shelf_of(task, rows, tmp_path / task), 0, 0))
    assert rated.score is not None
    assert rated.score.estimates["top-5 accuracy"].value == 0
    assert [p.what for p in rated.problems] == [f"{again} ids came again: the first answer counts"]


@pytest.mark.parametrize("task", ["bio_solubility", "gue_tf_human_0"])
def test_a_part_without_a_gold_that_can_be_read_has_no_number(tmp_path: Path, task: str) -> None:
    rows = [*answered(task, "yes", 60, "large"), *answered(task, "perhaps", 1, "small")]
    score = rate(Rating(task, shelf_of(task, rows, tmp_path / task), 0, 0)).score
    assert score is not None
    assert list(score.parts) == ["large"]
