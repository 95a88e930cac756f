"""The table of calibrations that ships with the package."""

from __future__ import annotations

import pytest

from scireasoner.errors import DataError
from scireasoner.rewards.soften import DEFAULTS, LEAST, power
from scireasoner.tasks import all_tasks
from scireasoner.tasks.calibration import (
    Calibration,
    calibrated,
    read_calibrations,
    shipped,
    write_calibrations,
)

ONE = Calibration("a", "number", 1, 3.31, 0.2, "constant 0", 200, "abc", 1.0, 1.1)


def test_it_is_written_and_read_back_in_the_order_of_names() -> None:
    table = {"b": Calibration("b", "label", 1, 1.0, 0.5, "copy 0", 40, "def"), "a": ONE}
    text = write_calibrations(table)
    assert read_calibrations(text, "here") == table
    assert text.index('"a"') < text.index('"b"')
    assert read_calibrations(write_calibrations({}), "here") == {}


@pytest.mark.parametrize("text", ["{", "[]", '{"a": {"k": 1}}', '{"a": 3}'])
def test_a_broken_table_is_told(text: str) -> None:
    with pytest.raises(DataError, match="my file is no table"):
        read_calibrations(text, "my file")


@pytest.mark.parametrize(
    ("scale", "mad", "ratio"),
    [(1.0, 1.0, None), (2.0, 1.0, None), (2.1, 1.0, 2.1), (0.4, 1.0, 0.4), (1.0, 0.0, None)],
)
def test_a_scale_is_off_beyond_a_factor_of_two(
    scale: float, mad: float, ratio: float | None
) -> None:
    found = Calibration("a", "number", 1, 3.0, 0.2, "x", 200, "abc", mad, scale).off_scale
    assert found == pytest.approx(ratio) if ratio else found is None


def test_the_shipped_table_names_tasks_as_they_are() -> None:
    tasks = {task.name: task for task in all_tasks()}
    assert len(shipped()) > 100
    for name, one in shipped().items():
        task = tasks[name]
        assert (one.answer, one.version) == (task.answer.kind, task.version), name
        assert one.scale == getattr(task.answer, "scale", None), f"{name}: calibrate it again"
        assert one.k >= LEAST[task.answer.group]
        assert task.g.name == power(one.k).name


def test_what_is_not_calibrated_falls_back_to_its_group() -> None:
    assert calibrated("no_such_task", "number", 1) is None
    assert calibrated("smol_esol", "another kind", 1) is None
    left = [task for task in all_tasks() if task.name not in shipped()]
    assert left
    assert all(task.g is DEFAULTS[task.answer.group] for task in left)
    assert calibrated("smol_esol", "number", 1) is calibrated("smol_esol", "number", 1)
