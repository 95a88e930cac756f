"""The pool that survives: an item that kills its worker is lost alone, and everybody says why."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from scireasoner.errors import JudgeError
from scireasoner.rewards.pool import Cause, Limits, Lost, Pool

HERE = Path(__file__).parent
LIMITS = Limits(deadline=0.2, memory=100 << 20)


@pytest.fixture(scope="module")
def killers() -> Iterator[Any]:
    """The module of deadly functions, where the workers can import it too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(HERE)
        import killers

        yield killers
    sys.modules.pop("killers")


def alive(pid: int) -> bool:
    """Whether a process still runs; a zombie does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def gone(pids: list[int], within_s: float = 5.0) -> bool:
    until = time.monotonic() + within_s
    while any(alive(pid) for pid in pids) and time.monotonic() < until:
        time.sleep(0.01)
    return not any(alive(pid) for pid in pids)


DEADLY = [
    ("abort", Cause.CRASH, "SIGABRT"),
    ("segfault", Cause.CRASH, "SIGSEGV"),
    ("exit", Cause.CRASH, "exit code 3"),
    ("spin", Cause.TIMEOUT, "more than 0.2 s"),
    ("sleep", Cause.TIMEOUT, "more than 0.2 s"),
    ("eat", Cause.MEMORY, "more than 100 MiB"),
    ("eat and abort", Cause.MEMORY, "more than 100 MiB"),
    (
        "kill from outside",
        Cause.MEMORY,
        "killed from outside, as by a kernel that is out of memory",
    ),
    ("leave a child", Cause.CRASH, "SIGABRT"),
]


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(("what", "cause", "detail"), DEADLY)
def test_a_deadly_item_is_lost_alone(
    killers: Any, what: str, cause: Cause, detail: str, workers: int
) -> None:
    # Batches of four: the first, a middle and the last place of a batch.
    items: list[Any] = list(range(14))
    for place in (0, 5, 11):
        items[place] = what
    expected = [Lost(cause, detail) if item == what else item * item for item in items]
    with Pool(killers.act, workers, limits=LIMITS, batch=4) as pool:
        assert list(pool.imap(items)) == expected


def test_all_kinds_of_death_in_one_run_for_any_number_of_workers(killers: Any) -> None:
    items: list[Any] = list(range(200))
    for n, (what, _, _) in enumerate(DEADLY):
        items[20 * n + 7] = what
    runs = []
    for workers in (1, 2):
        with Pool(killers.act, workers, limits=LIMITS, batch=8) as pool:
            runs.append(list(pool.imap(items)))
    causes = {what: cause for what, cause, _ in DEADLY}
    for item, result in zip(items, runs[0], strict=True):
        if isinstance(item, int):
            assert result == item * item
        else:
            assert result.cause == causes[item], item
    assert runs[0] == runs[1]


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(
    ("function", "item", "error", "words"),
    [
        ("act", "raise", KeyError, "our bug"),
        ("act", "leave", RuntimeError, "SystemExit: 4"),
        ("awkward", 1, "Awkward", "one and two"),
    ],
)
def test_an_exception_is_our_bug_and_comes_back_at_its_turn(
    killers: Any, workers: int, function: str, item: Any, error: Any, words: str
) -> None:
    kind = getattr(killers, error) if isinstance(error, str) else error
    seen = []
    with Pool(getattr(killers, function), workers, limits=LIMITS, batch=4) as pool:
        with pytest.raises(kind, match=words) as caught:  # noqa: PT012
            seen.extend(pool.imap([]))
            for result in pool.imap([*((1, 2, 3) if function == "act" else ()), item, 5, "abort"]):
                seen.append(result)
        assert seen == ([1, 4, 9] if function == "act" else [])
        assert f"in {function}" in caught.value.__notes__[0]
        # The pool is as good as new.
        if function == "act":
            assert list(pool.imap([6, 7])) == [36, 49]


def test_an_item_that_cannot_be_read_is_our_bug(killers: Any) -> None:
    with Pool(killers.act, 1) as pool, pytest.raises(ImportError, match="no such module there"):
        list(pool.imap([killers.Unreadable()]))


@pytest.mark.parametrize(
    ("hook", "error", "words"),
    [
        ("die", JudgeError, "during start-up .exit code 9."),
        ("hang", JudgeError, "longer than 0.5 s"),
        ("fail", RuntimeError, "the tool is not here"),
        ("leave_thread", RuntimeError, "left threads running"),
    ],
)
def test_a_start_up_that_fails_is_an_error(
    killers: Any, hook: str, error: type[Exception], words: str
) -> None:
    # Only what hangs needs a short limit; the others end by themselves, on a busy machine later.
    limits = Limits(start=0.5) if hook == "hang" else Limits()
    pool = Pool(killers.act, 2, prepare=getattr(killers, hook), limits=limits)
    with pytest.raises(error, match=words):
        list(pool.imap([1]))


def test_the_start_up_hook_runs_once_whoever_dies(killers: Any, tmp_path: Path) -> None:
    hook = partial(killers.note, str(tmp_path / "notes"))
    with Pool(killers.act, 2, prepare=hook, limits=LIMITS, batch=4) as pool:
        list(pool.imap([1, "abort", "abort", 2]))
        list(pool.imap([3]))
    assert (tmp_path / "notes").read_text() == "prepared\n"


def test_items_that_kill_the_template_end_in_an_error(killers: Any) -> None:
    with (
        Pool(killers.act, 2, limits=LIMITS) as pool,
        pytest.raises(JudgeError, match=r"template died .SIGKILL."),
    ):
        list(pool.imap([1, 2, "kill the template", 3]))


def test_a_template_killed_once_is_replaced(killers: Any) -> None:
    with Pool(killers.act, 2, batch=4) as pool:
        results = pool.imap(range(100))
        found = [next(results)]
        pool._crew._template.process.kill()
        found += results
    assert found == [n * n for n in range(100)]


def test_memory_left_behind_does_not_count_against_later_items(killers: Any) -> None:
    with Pool(killers.keep, 1, limits=LIMITS, batch=4) as pool:
        counts = list(pool.imap(range(40)))
    assert not any(isinstance(count, Lost) for count in counts)
    # The worker was replaced after about half of its 100 MiB.
    assert 12 <= max(counts) <= 20


def test_the_deadline_may_depend_on_the_item(killers: Any) -> None:
    limits = Limits(deadline=lambda item: 0.05 if item == 1 else 5.0)
    with Pool(killers.slow, 1, limits=limits, batch=2) as pool:
        assert list(pool.imap([0, 1, 2])) == [0, Lost(Cause.TIMEOUT, "more than 0.05 s"), 2]


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel who waits for a processor")
def test_a_busy_machine_costs_no_item(killers: Any) -> None:
    # Eight workers share one processor: each item takes 0.1 s of it, and 0.8 s of wall time.
    limits = Limits(deadline=0.3)
    with Pool(killers.busy, 8, prepare=killers.one_cpu, limits=limits, batch=1) as pool:
        assert list(pool.imap(range(8))) == list(range(8))


def test_a_slow_caller_costs_no_item(killers: Any) -> None:
    # Results larger than the channel wait there, longer than the deadline.
    with Pool(killers.long_text, 2, limits=LIMITS, batch=2) as pool:
        results = pool.imap([1 << 20] * 12)
        assert len(next(results)) == 1 << 20
        time.sleep(0.3)
        assert [len(text) for text in results] == [1 << 20] * 11


def test_large_items_do_not_block(killers: Any) -> None:
    text = "x" * (1 << 20)
    with Pool(killers.act, 2, limits=LIMITS, batch=4) as pool:
        assert list(pool.imap([text] * 20)) == [text] * 20


@pytest.mark.parametrize(("workers", "batch"), [(1, 1), (1, 4), (2, 4), (2, 32)])
def test_an_endless_iterable_is_drawn_some_batches_ahead(
    killers: Any, workers: int, batch: int
) -> None:
    drawn = itertools.count()
    with Pool(killers.act, workers, batch=batch) as pool:
        results = pool.imap(drawn)
        assert list(itertools.islice(results, 500)) == [n * n for n in range(500)]
        assert next(drawn) <= 500 + 32 * batch * workers


def test_the_others_go_on_while_one_item_hangs(killers: Any) -> None:
    drawn = itertools.count()
    with Pool(killers.act, 2, limits=Limits(deadline=1.0), batch=1) as pool:
        results = pool.imap(itertools.chain(["sleep"], drawn))
        assert next(results) == Lost(Cause.TIMEOUT, "more than 1 s")
        assert 4 * 2 < next(drawn) <= 32 * 2
        assert list(itertools.islice(results, 8)) == [n * n for n in range(8)]


def test_runs_within_a_run_share_the_workers(killers: Any) -> None:
    found = []
    with Pool(killers.act, 2, limits=LIMITS, batch=2) as pool:
        for outer in pool.imap([1, "abort", 3, 4]):
            found.append(outer)
            if isinstance(outer, Lost):
                found += pool.imap([7, "abort", 8])
    crash = Lost(Cause.CRASH, "SIGABRT")
    assert found == [1, crash, 49, crash, 64, 9, 16]


def ended_by_close(pool: Pool[Any, int], results: Iterator[Any]) -> None:
    pool.close()


def ended_by_the_generator(pool: Pool[Any, int], results: Any) -> None:
    results.close()


@pytest.mark.parametrize("end", [ended_by_close, ended_by_the_generator])
def test_nothing_runs_on_after_the_end(killers: Any, end: Callable[..., None]) -> None:
    pool = Pool(killers.pid, 2, batch=1)
    results = pool.imap(itertools.count())
    pids = list({next(results) for _ in range(40)})
    pids.append(pool._crew._template.process.pid)
    assert all(alive(pid) for pid in pids)
    end(pool, results)
    assert gone(pids)


_PARENT = """
import itertools, signal, sys, threading
# A test run in the background of a shell leaves Ctrl-C ignored to its children.
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.path.insert(0, {here!r})
import killers
from scireasoner.rewards.pool import Limits, Pool

def run():
    with Pool(killers.act, 2, limits=Limits(deadline=100.0), batch=1) as pool:
        for _ in pool.imap(itertools.chain(range(8), ["sleep", "spin"] * 2)):
            crew = pool._crew
            workers = [crew._template.pid(place) for place in range(2) if crew._places[place]]
            sys.stdout.write(f"{{crew._template.process.pid}} {{workers}}\\n")
            sys.stdout.flush()

if __name__ == "__main__":
    {how}
"""


@pytest.mark.parametrize(
    ("how", "deed"),
    [
        ("run()", signal.SIGKILL),
        ("run()", signal.SIGTERM),
        ("run()", signal.SIGINT),
        ("threading.Thread(target=run, daemon=True).start(); input()", signal.SIGKILL),
        ("threading.Thread(target=run, daemon=True).start(); input()", None),
    ],
)
def test_no_child_outlives_the_caller(
    killers: Any, tmp_path: Path, how: str, deed: signal.Signals | None
) -> None:
    script = tmp_path / "parent.py"
    script.write_text(_PARENT.format(here=str(HERE), how=how))
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as parent:
        lines = [parent.stdout.readline() for _ in range(8)]
        pids = [
            int(number)
            for number in lines[-1].replace("[", "").replace("]", "").replace(",", "").split()
        ]
        assert len(pids) == 3
        assert all(alive(pid) for pid in pids)
        if deed is None:
            parent.stdin.write("\n")
            parent.stdin.flush()
        else:
            os.kill(parent.pid, deed)
        parent.wait(10)
        assert gone(pids)


def test_without_workers_everything_happens_here(killers: Any, tmp_path: Path) -> None:
    hook = partial(killers.note, str(tmp_path / "notes"))
    with Pool(killers.pid, 0, prepare=hook) as pool:
        assert list(pool.imap([1, 2])) == [os.getpid()] * 2
        assert list(pool.imap([])) == []
    assert (tmp_path / "notes").read_text() == "prepared\n"


@pytest.mark.parametrize(("workers", "batch"), [(-1, 32), (1, 0)])
def test_wrong_numbers_are_refused(killers: Any, workers: int, batch: int) -> None:
    with pytest.raises(ValueError, match="were expected"):
        Pool(killers.act, workers, batch=batch)
