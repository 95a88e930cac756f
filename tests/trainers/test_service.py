"""The reward service: a real server on a loopback port."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from scireasoner import cli
from scireasoner.errors import MissingTool
from scireasoner.trainers.core import Rewarder, facts, rewards
from scireasoner.trainers.service import Limits, Refused, Tally, application, metrics, respond

SOURCE = Path(__file__).resolve().parents[2] / "src"
METHANE = {"task": "smiles_to_formula", "gold": "CH4", "completion": "<MOLFORMULA>CH4</MOLFORMULA>"}
MOST_ROWS = 50


def started(*options: str) -> tuple[subprocess.Popen[str], str]:
    """Return a server of the command line and its address."""
    server = subprocess.Popen(
        [sys.executable, "-m", "scireasoner.cli", "rewards", "serve", "--port", "0", *options],
        env={**os.environ, "PYTHONPATH": str(SOURCE), "OMP_NUM_THREADS": "1"},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr is not None
    told = server.stderr.readline()
    assert told.startswith("rewards at http://127.0.0.1:"), told + server.stderr.read()
    return server, told.split()[-1]


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[subprocess.Popen[str], str]]:
    process, address = started("--workers", "1", "--max-rows", str(MOST_ROWS), "--max-mb", "1")
    yield process, address
    process.terminate()
    process.communicate(timeout=30)
    assert process.returncode == 0


@pytest.fixture
def client(server: tuple[subprocess.Popen[str], str]) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server[1], timeout=60, trust_env=False) as client:
        yield client


def test_the_same_rewards_as_in_this_process(client: httpx.Client, rows: list[Any]) -> None:
    answer = client.post("/rewards", json=rows)
    assert answer.status_code == 200
    assert answer.json() == [facts(reward) for reward in rewards(rows)]


def test_no_rows_no_rewards(client: httpx.Client) -> None:
    assert client.post("/rewards", content=b"[]").json() == []


WRONG: list[tuple[Any, int, str]] = [
    (b"{", 400, "the body is no JSON"),
    (b"\xff\xfe[", 400, "the body is no JSON"),
    (b"", 400, "the body is no JSON"),
    (b"[" * 100_000, 400, "the body is no JSON: maximum recursion depth"),
    (b"[" + b"1" * 5_000 + b"]", 400, "the body is no JSON: Exceeds the limit"),
    ([{**METHANE, "inputs": "[" * 100_000}], 422, "row 0: 'inputs' is no JSON: maximum recursion"),
    ([{**METHANE, "meta": '{"n": ' + "1" * 5_000 + "}"}], 422, "row 0: 'meta' is no JSON: Exceeds"),
    (METHANE, 422, "a list of rows was expected, an object came"),
    ("rows", 422, "a list of rows was expected, a text came"),
    ([METHANE, None], 422, "row 1: an object was expected, null came"),
    ([METHANE, {**METHANE, "golds": "x"}], 422, "row 1: unknown field 'golds'; did you mean 'gold'"),
    ([{**METHANE, "task": "smiles_to_formla"}], 422, "did you mean 'smiles_to_formula'"),
    ([{**METHANE, "tokens": 1.5}], 422, "row 0: 'tokens' must be a whole number, 1.5 came"),
    ([{"task": "logp", "completion": "1"}], 422, "give 'gold', or 'id' and 'split'"),
    ([METHANE] * (MOST_ROWS + 1), 413, "51 rows came, at most 50 are taken"),
    ([{**METHANE, "completion": "C" * 2**20}], 413, "the body is over 1048576 bytes"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "status", "words"), WRONG, ids=[w for *_, w in WRONG])
def test_bad_input_is_told_and_the_service_lives(
    body: Any, status: int, words: str, client: httpx.Client
) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = client.post("/rewards", content=content)
    assert answer.status_code == status
    assert words in answer.json()["error"]
    assert client.get("/health").json()["status"] == "ok"


def test_health_and_tasks(client: httpx.Client) -> None:
    from scireasoner.tasks.registry import all_tasks

    assert client.get("/health").json()["workers"] == 1
    told = {task["name"]: task for task in client.get("/tasks").json()}
    assert list(told) == [task.name for task in all_tasks()]
    assert told["boiling_point"]["group"] == "distance"
    assert client.get("/nothing").status_code == 404


def counters(client: httpx.Client) -> dict[str, float]:
    lines = client.get("/metrics").text.splitlines()
    pairs = [line.rsplit(" ", 1) for line in lines if not line.startswith("#")]
    return {name.removeprefix("scireasoner_rewards_"): float(value) for name, value in pairs}


def test_metrics_count_what_was_asked(client: httpx.Client) -> None:
    before = counters(client)
    fresh = [{**METHANE, "completion": f"C{n}H4"} for n in range(7, 10)]
    client.post("/rewards", json=[*fresh, fresh[0], {**METHANE, "completion": "I do not know."}])
    client.post("/rewards", json={"no": "list"})
    after = counters(client)

    def more(name: str) -> float:
        return after.get(name, 0.0) - before.get(name, 0.0)

    assert more("rows_total") == 5
    assert more("cache_hits_total") == 1
    assert more('by_fault_total{fault="none"}') == 4
    assert more('by_fault_total{fault="refused"}') == 1
    assert more('requests_total{status="200"}') == more('requests_total{status="422"}') == 1
    assert more("latency_seconds_count") == 2
    assert more("latency_seconds_sum") > 0
    assert after["pool_restarts_total"] == 0


def test_many_at_once_get_their_own_answers(server: Any, rows: list[Any]) -> None:
    """Eight askers of different rows: no answer goes to another's question."""
    expected = [facts(reward) for reward in rewards(rows)]
    wrong: list[Any] = []

    def ask(start: int) -> None:
        turned = [(start + n) % len(rows) for n in range(len(rows))]
        answer = httpx.post(
            f"{server[1]}/rewards", json=[rows[n] for n in turned], timeout=60, trust_env=False
        )
        if answer.json() != [expected[n] for n in turned]:
            wrong.append(answer.text)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_told_to_stop_it_finishes_what_it_has_begun() -> None:
    process, address = started("--workers", "0")
    asked = [{**METHANE, "completion": f"<MOLFORMULA>C{n}H4</MOLFORMULA>"} for n in range(2000)]
    found: list[int] = []

    def ask() -> None:
        answer = httpx.post(f"{address}/rewards", json=asked, timeout=60, trust_env=False)
        found.append(len(answer.json()))

    asker = threading.Thread(target=ask)
    asker.start()
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        while asker.is_alive() and not counters(client)["in_flight"]:
            pass
    process.send_signal(signal.SIGTERM)
    asker.join()
    process.communicate(timeout=30)
    assert (found, process.returncode) == ([2000], 0)


def test_a_port_in_use_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = str(held.getsockname()[1])
        assert cli.main(["rewards", "serve", "--port", port, "--workers", "0"]) == 2
    told = capsys.readouterr().err
    assert f"cannot listen on 127.0.0.1 port {port}" in told
    assert "choose another --host or --port" in told


@pytest.mark.parametrize("missing", ["fastapi", "uvicorn"])
def test_without_its_packages_the_line_that_installs_them_is_told(
    missing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    assert cli.main(["rewards", "serve", "--port", "0"]) == MissingTool.exit_code
    assert "pip install fastapi==0.165.0 uvicorn==0.54.0" in capsys.readouterr().err


def test_as_a_plain_function() -> None:
    rewarder, tally = Rewarder(), Tally()
    assert respond(json.dumps([METHANE]).encode(), rewarder, Limits())[0]["value"] == 1.0
    with pytest.raises(Refused, match="2 rows came, at most 1"):
        respond(json.dumps([METHANE] * 2).encode(), rewarder, Limits(rows=1))
    assert "scireasoner_rewards_rows_total 1\n" in metrics(rewarder, tally)
    assert application(rewarder).title == "SciReasoner rewards"


def test_an_asker_that_leaves_is_no_failure_of_ours() -> None:
    server, address = started()
    try:
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as asker:
            head = "POST /rewards HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n["
            asker.sendall(head.encode())
        told, until = "", time.monotonic() + 20
        while 'requests_total{status="4' not in told and time.monotonic() < until:
            told = httpx.get(f"{address}/metrics", trust_env=False).text
        assert 'requests_total{status="499"} 1' in told
        assert 'status="500"' not in told
    finally:
        server.terminate()
        _, said = server.communicate(timeout=30)
    assert "Traceback" not in said
