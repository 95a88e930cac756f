"""Harvests from an endpoint: what is kept and told, and that nothing is asked or paid twice."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import alkanes
import pytest
from alkanes import carbons_of, config, knows, run

from misbehaving import Endpoint, broken, busy, drop, half, hollow, html, say, send
from scireasoner.artifacts import read_json, read_jsonl
from scireasoner.errors import BackendError
from scireasoner.training.harvest import HarvestConfig, TeacherConfig, next_draw
from scireasoner.training.teachers.yields import read_yields


def settings(endpoint: Endpoint, **changes: Any) -> HarvestConfig:
    return config(endpoint.url, **changes)


def journal(folder: Path, name: str = "far") -> list[dict[str, Any]]:
    return read_jsonl(folder / "teachers" / f"{name}.jsonl")


def test_right_answers_are_kept_and_everything_is_counted(
    endpoint: Endpoint, tmp_path: Path
) -> None:
    chosen = settings(endpoint, teacher_price_in=2.0, teacher_price_out=10.0, teacher_concurrency=4)
    traces, (got,) = run(chosen, tmp_path)
    right = {f"alkane-{n}" for n in range(1, 41, 2)}
    assert {trace.sample for trace in traces} <= right
    assert traces[0].text.count("</think>") == 1
    assert traces[0].text.startswith("There are ")
    # The rule, replayed on what was answered.
    order = [row["sample"] for batch in _log(tmp_path) for row in batch["rows"]]
    asked = kept = 0
    while more := next_draw(kept, asked, target=9, budget=30, first=10, epsilon=0.1):
        asked += more
        kept = sum(sample in right for sample in order[:asked])
    assert (got.asked, got.correct, got.kept) == (asked, kept, kept)
    assert len(endpoint.seen) == asked == len(set(order))
    assert got.lost == {"wrong": asked - kept}
    assert (got.tokens_in, got.tokens) == (11 * asked, 7 * asked)
    assert got.cost == pytest.approx(asked * (11 * 2 + 7 * 10) / 1e6)
    assert got.ended == ("target" if kept >= 9 else "questions used up")
    assert read_yields(tmp_path / "harvest") == [got]
    rows = journal(tmp_path)
    assert sum(row["cost"] for row in rows) == pytest.approx(got.cost)
    assert {"key", "task", "sample", "seconds", "attempts", "at"} <= set(rows[0])


def _log(folder: Path) -> list[dict[str, Any]]:
    return read_jsonl(folder / "harvest" / "harvest.jsonl")


def test_a_changed_recipe_pays_for_nothing_twice(endpoint: Endpoint, tmp_path: Path) -> None:
    """The stage begins anew with an empty folder; the journal is not in it."""
    run(settings(endpoint), tmp_path)
    before = len(endpoint.seen)
    (tmp_path / "harvest").rename(tmp_path / "old")
    _, (got,) = run(settings(endpoint, target=100, budget=40, batch=3), tmp_path)
    assert got.asked == 40
    assert len(endpoint.seen) == 40 > before
    assert set(endpoint.asked.values()) == {1}


def test_two_tasks_with_the_same_words_share_an_answer_not_its_price(
    endpoint: Endpoint, tmp_path: Path
) -> None:
    from dataclasses import replace

    first = alkanes.alkanes()
    twin = replace(first, name="twin")
    chosen = settings(endpoint, target=100, budget=6, teacher_price_out=10.0, batch=6)
    _, yields = run(chosen, tmp_path, [first, twin])
    shared = 12 - len(endpoint.seen)
    assert set(endpoint.asked.values()) == {1}
    assert sum(y.cost for y in yields) == pytest.approx(len(endpoint.seen) * 7 * 10 / 1e6)
    assert sum(y.asked for y in yields) == 12
    assert shared >= 0


MISBEHAVIOURS = [
    ("timed out", None),
    ("too many requests", busy),
    ("server error", broken),
    ("not a chat answer", html),
    ("not a chat answer", half),
    ("not a chat answer", hollow),
    ("connection lost", drop),
    ("question refused", send(400, "no such parameter")),
    ("question too long", send(400, "maximum context length")),
]


@pytest.mark.parametrize(
    ("miss", "act"), MISBEHAVIOURS, ids=[f"{n} {i}" for i, (n, _) in enumerate(MISBEHAVIOURS)]
)
def test_one_bad_question_in_each_batch_is_named_and_the_harvest_goes_on(
    miss: str, act: Any, endpoint: Endpoint, tmp_path: Path
) -> None:
    def behave(payload: Any, number: int) -> Any:
        return (act or endpoint.hang) if carbons_of(payload) % 10 == 3 else knows(payload)

    endpoint.behave = behave
    timeout = 0.2 if act is None else 20.0
    chosen = settings(
        endpoint, target=100, budget=40, first=40, batch=20, teacher_timeout_s=timeout
    )
    _, (got,) = run(chosen, tmp_path)
    assert (got.asked, got.correct) == (40, 16)
    assert got.lost == {"wrong": 20, miss: 4}
    assert sum(row.get("fault") == miss for row in journal(tmp_path)) == 4


@pytest.mark.parametrize("concurrency", [1, 4])
def test_an_endpoint_that_fails_stops_the_harvest_with_one_message_and_later_goes_on(
    concurrency: int, endpoint: Endpoint, tmp_path: Path
) -> None:
    endpoint.behave = lambda payload, number: knows(payload) if number <= 12 else html
    chosen = settings(endpoint, target=100, budget=40, batch=20, teacher_concurrency=concurrency)
    with pytest.raises(BackendError) as told:
        run(chosen, tmp_path)
    message = str(told.value)
    assert "teacher 'far' (m at http" in message
    assert "x not a chat answer" in message
    assert "run the same command again" in message
    assert "\n" not in message
    # It does not go through the whole batch, failure by failure.
    failed = len(endpoint.seen) - 12
    assert 4 < failed <= 5 + concurrency
    answered = {row["sample"] for row in journal(tmp_path) if "text" in row}
    assert len(answered) == 12
    endpoint.seen.clear()
    endpoint.behave = lambda payload, number: knows(payload)
    _, (got,) = run(chosen, tmp_path)
    assert (got.asked, got.correct) == (40, 20)
    assert len(endpoint.seen) == 40 - 12
    assert set(endpoint.asked.values()) == {1}


def test_a_wrong_key_stops_at_once_and_names_its_variable(
    endpoint: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAR_KEY", "secret")
    endpoint.behave = lambda payload, number: send(401, "who are you?")
    with pytest.raises(BackendError, match="set FAR_KEY"):
        run(settings(endpoint, teacher_key="FAR_KEY"), tmp_path)
    assert len(endpoint.seen) == 1
    assert endpoint.keys == ["Bearer secret"]
    assert "secret" not in (tmp_path / "teachers" / "far.jsonl").read_text()


# --- what may be spent -------------------------------------------------------------------------


def test_what_may_be_spent_ends_the_harvest_and_is_shared_by_the_tasks(
    endpoint: Endpoint, tmp_path: Path
) -> None:
    """70 money a question (7 tokens at 10 each), at most 640 (64 tokens)."""
    tasks = [alkanes.alkanes("one"), alkanes.alkanes("two")]
    terms = {"teacher_price_out": 10e6, "teacher_max_cost": 2_800.0}
    chosen = settings(endpoint, target=100, budget=40, first=40, batch=8, **terms)
    _, yields = run(chosen, tmp_path, tasks)
    spent = sum(y.cost for y in yields)
    assert spent == 70 * len(endpoint.seen) <= 2_800
    # The first task may spend half, and stops where one more answer might overrun it.
    assert yields[0].asked == 1 + (1_400 - 640) // 70
    assert [y.ended for y in yields] == ["budget spent"] * 2
    assert yields[1].asked == 1 + int(2_800 - yields[0].cost - 640) // 70
    # The same again asks nothing; more money goes on where it stopped.
    assert run(chosen, tmp_path, tasks)[1] == yields
    assert len(endpoint.seen) * 70 == spent
    (tmp_path / "harvest").rename(tmp_path / "old")
    terms["teacher_max_cost"] = 1e9
    _, yields = run(settings(endpoint, target=100, budget=40, **terms), tmp_path, tasks)
    assert [y.asked for y in yields] == [40, 40]
    assert set(endpoint.asked.values()) == {1}


def test_a_limit_of_tokens_holds_for_a_local_model_too(tmp_path: Path) -> None:
    script = tmp_path / "script.jsonl"
    script.write_text(
        "".join(
            json.dumps({"sample": f"alkane-{n}", "text": f"one two {n} </think> none"}) + "\n"
            for n in range(1, 41)
        )
    )
    teacher = TeacherConfig(
        "near", f"scripted:{script}", max_tokens=5, max_total_tokens=1_000, top_p=1.0
    )
    chosen = HarvestConfig(target=9, budget=40, first=40, batch=8, teachers=(teacher,))
    _, (got,) = run(chosen, tmp_path)
    assert got.ended == "budget spent"
    assert 0 < got.tokens + got.tokens_in <= 1_000
    assert 0 < got.asked < 40
    assert len(journal(tmp_path, "near")) == got.asked
    # A script that is written anew is another model: what the old one said does not count.
    script.write_text(script.read_text().replace("none", "nothing at all"))
    (tmp_path / "harvest").rename(tmp_path / "old")
    run(chosen, tmp_path)
    assert len(journal(tmp_path, "near")) == got.asked


def test_a_local_checkpoint_is_asked_once(
    checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scireasoner.training.teachers import asking

    teacher = TeacherConfig("near", f"hf:{checkpoint}", max_tokens=3)
    chosen = HarvestConfig(target=9, budget=4, first=4, batch=2, teachers=(teacher,))
    _, (got,) = run(chosen, tmp_path)
    assert (got.asked, got.tokens > 0) == (4, True)
    assert len(journal(tmp_path, "near")) == 4

    def refuse(spec: str) -> None:
        raise AssertionError(f"{spec} was opened, though every answer is known")

    monkeypatch.setattr(asking, "open_backend", refuse)
    (tmp_path / "harvest").rename(tmp_path / "old")
    assert run(chosen, tmp_path)[1] == [got]


# --- killed, and a full disk -------------------------------------------------------------------


@pytest.fixture
def straight(tmp_path: Path, endpoint: Endpoint) -> Any:
    """What an undisturbed harvest gives; the endpoint forgets that it was asked."""
    expected = run(settings(endpoint), tmp_path / "straight")
    endpoint.seen.clear()
    return expected


@pytest.mark.parametrize("nth", [1, 4, 8, 11])
def test_killed_while_a_question_is_on_its_way_nothing_is_answered_twice(
    nth: int, endpoint: Endpoint, spawn: Callable[..., Any], straight: Any, tmp_path: Path
) -> None:
    answered: Counter[int] = Counter()
    child: list[Any] = []
    started = threading.Event()

    def behave(payload: Any, number: int) -> Any:
        if number == nth:
            started.wait()
            child[0].kill()
            return drop
        answered[carbons_of(payload)] += 1
        return knows(payload)

    endpoint.behave = behave
    child.append(spawn("run_quietly", settings(endpoint), tmp_path))
    started.set()
    child[0].join(60)
    assert child[0].exitcode == -signal.SIGKILL
    assert run(settings(endpoint), tmp_path) == straight
    assert set(answered.values()) == {1}
    # The question that was never answered had to be asked again; no other one.
    assert len(endpoint.seen) == straight[1][0].asked + 1


@pytest.mark.parametrize(
    ("file", "nth", "lost"),
    [("harvest.jsonl", 1, 0), ("harvest.jsonl", 3, 0), ("far.jsonl", 1, 1), ("far.jsonl", 9, 1)],
)
def test_killed_before_a_line_is_written_at_most_that_answer_is_lost(
    file: str,
    nth: int,
    lost: int,
    endpoint: Endpoint,
    spawn: Callable[..., Any],
    straight: Any,
    tmp_path: Path,
) -> None:
    child = spawn("run_and_die", settings(endpoint), tmp_path, file, nth)
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    assert run(settings(endpoint), tmp_path) == straight
    assert len(endpoint.seen) == straight[1][0].asked + lost


def test_ctrl_c_does_not_wait_for_an_endpoint_that_says_nothing(
    endpoint: Endpoint, spawn: Callable[..., Any], straight: Any, tmp_path: Path
) -> None:
    child: list[Any] = []
    started = threading.Event()

    def behave(payload: Any, number: int) -> Any:
        if number < 4:
            return knows(payload)
        started.wait()
        os.kill(child[0].pid, signal.SIGINT)
        return endpoint.hang

    endpoint.behave = behave
    chosen = settings(endpoint, teacher_timeout_s=1e6)
    child.append(spawn("run_until_stopped", chosen, tmp_path))
    started.set()
    child[0].join(60)
    assert child[0].exitcode == 130
    endpoint.behave = lambda payload, number: knows(payload)
    assert run(settings(endpoint), tmp_path) == straight
    assert len(endpoint.seen) == straight[1][0].asked + 1


@pytest.mark.parametrize(("size", "file"), [(1_500, "far.jsonl"), (400, "far.jsonl")])
def test_where_files_cannot_grow_the_harvest_stops_and_goes_on_later(
    size: int,
    file: str,
    endpoint: Endpoint,
    spawn: Callable[..., Any],
    straight: Any,
    tmp_path: Path,
) -> None:
    told = tmp_path / "told.txt"
    child = spawn("run_on_a_full_disk", settings(endpoint), tmp_path, size, told)
    child.join(60)
    assert child.exitcode == 4
    assert f"no space left while writing {tmp_path}" in told.read_text()
    assert "run the same command again" in told.read_text()
    written = (tmp_path / "teachers" / file).read_text()
    assert written == "" or written.endswith("\n")  # no half line is left
    assert run(settings(endpoint), tmp_path) == straight
    # What could not be written down was lost, and nothing else.
    assert len(endpoint.seen) == straight[1][0].asked + 1


def test_the_yields_are_written_as_json(endpoint: Endpoint, tmp_path: Path) -> None:
    run(settings(endpoint), tmp_path)
    (row,) = read_json(tmp_path / "harvest" / "yields.json")
    assert row["teacher"] == "far"
    assert {"asked", "correct", "kept", "rejected", "lost", "tokens", "cost", "ended"} <= set(row)


def test_a_model_without_a_thinking_mode_is_told_to_think(
    endpoint: Endpoint, tmp_path: Path
) -> None:
    def behave(payload: Any, number: int) -> Any:
        text = payload["messages"][-1]["content"]
        if "between <think> and </think>" not in text:
            return say("no thought")
        formula = alkanes.formula_of(carbons_of(payload))
        return say(f"<think>\ncounted\n</think>\n\n<MOLFORMULA>{formula}</MOLFORMULA>")

    endpoint.behave = behave
    limits = {"teacher_limits": alkanes.limits(near=False)}
    traces, (got,) = run(settings(endpoint, teacher_instruct=True, **limits), tmp_path)
    assert got.kept == got.asked == 10
    # A student learns from the question alone, and from one pair of tags.
    assert traces[0].text.startswith("counted\n</think>")


def test_a_right_answer_that_stands_on_a_wrong_step_is_refused(
    endpoint: Endpoint, tmp_path: Path
) -> None:
    from scireasoner.tasks.tracing import first_false

    def behave(payload: Any, number: int) -> Any:
        n = carbons_of(payload)
        stated = 2 * n if n % 4 else 2 * n + 1
        thought = f"There are {n} carbons. 2 * {n} = {stated}, and the two ends hold two more."
        return say(f"<MOLFORMULA>{alkanes.formula_of(n)}</MOLFORMULA>", reasoning_content=thought)

    endpoint.behave = behave
    chosen = settings(endpoint, target=100, budget=40, first=40, batch=20)
    traces, (got,) = run(chosen, tmp_path, check=first_false)
    assert (got.correct, got.kept, got.rejected) == (40, 30, {"wrong step": 10})
    assert all(int(trace.sample.removeprefix("alkane-")) % 4 for trace in traces)
    told = [row["why"] for batch in _log(tmp_path) for row in batch["rows"] if "why" in row]
    assert len(told) == 10
    assert all("2 * " in why for why in told)
