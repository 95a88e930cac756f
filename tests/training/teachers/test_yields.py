from __future__ import annotations

from io import StringIO
from pathlib import Path

from rich.console import Console

from scireasoner.artifacts import write_json
from scireasoner.training.teachers.yields import (
    as_rows,
    read_yields,
    total,
    yield_of,
    yield_table,
)

ROWS = [
    {"sample": "a", "correct": True, "text": "so", "tokens": 9, "tokens_in": 4, "cost": 0.25},
    {"sample": "b", "correct": True, "refused": "loops", "tokens": 90, "judged": "same meaning"},
    {"sample": "c", "correct": True, "refused": "loops", "tokens": 90},
    {"sample": "d", "correct": False, "tokens": 9},
    {"sample": "e", "correct": False, "fault": "timed out"},
    {"sample": "f", "correct": False, "fault": "no answer", "tokens": 2},
]


def test_every_question_is_kept_refused_or_lost() -> None:
    found = yield_of("t", "far", ROWS, "target")
    assert (found.asked, found.correct, found.kept) == (6, 3, 1)
    assert found.rejected == {"loops": 2}
    assert found.lost == {"wrong": 1, "timed out": 1, "no answer": 1}
    assert found.kept + sum(found.rejected.values()) + sum(found.lost.values()) == found.asked
    assert (found.tokens_in, found.tokens, found.cost) == (4, 200, 0.25)
    assert found.judged == {"same meaning": 1}


def test_the_table_is_written_read_and_shown(tmp_path: Path) -> None:
    made = [yield_of("t", "far", ROWS, "target"), yield_of("u", "far", ROWS[:1], "rows used up")]
    write_json(tmp_path / "yields.json", as_rows(made))
    assert read_yields(tmp_path) == made
    assert total(made).asked == 7
    assert total(made).rejected == {"loops": 2}
    out = StringIO()
    Console(file=out, width=200).print(yield_table(made))
    lines = out.getvalue().splitlines()
    assert [line.split()[0] for line in lines[-3:]] == ["t", "u", "all"]
    assert "loops 2" in lines[-3]
    assert "wrong 1, timed out 1, no answer 1" in lines[-3]
    assert "same meaning 1" in lines[-3]
    assert lines[-1].split()[1:4] == ["7", "4", "2"]
