"""Rewards over HTTP, for trainers that live in another environment or on another machine."""

# No ``from __future__ import annotations`` here: FastAPI reads the annotations of functions that
# are made inside a function, where it is imported.

import json
import socket
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scireasoner.errors import InputError, MissingTool, SciReasonerError
from scireasoner.tasks.registry import all_tasks
from scireasoner.trainers.core import Rewarder, facts
from scireasoner.trainers.rows import asked

if TYPE_CHECKING:
    from fastapi import FastAPI

INSTALL = "pip install fastapi==0.165.0 uvicorn==0.54.0"
_PATIENCE = 30  # seconds that requests in flight have when the service is told to stop
_WAITING = 256  # connections at once; more are answered 503
_OK, _BAD, _TOO_LARGE, _WRONG, _GONE, _OURS = 200, 400, 413, 422, 499, 500


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may hold: bytes of its body, and rows."""

    body: int = 32 * 2**20
    rows: int = 4096


@dataclass
class Tally:
    """What was asked of the service, for ``/metrics``."""

    requests: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0
    flying: int = 0


class Refused(Exception):
    """A request that is answered with an error of the asker's."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def respond(body: bytes, rewarder: Rewarder, limits: Limits) -> list[dict[str, Any]]:
    """Return the records for a request's body: the service as a plain function.

    Parameters
    ----------
    body : a JSON list of rows, see :func:`~scireasoner.trainers.rows.asked`.

    Raises
    ------
    Refused : with the HTTP status and what came, what was expected, what to do.
    """
    try:
        rows = json.loads(body)
    except (ValueError, RecursionError) as error:  # numbers too long to read, lists too deep
        raise Refused(_BAD, f"the body is no JSON: {error}; send a list of rows") from error
    if not isinstance(rows, list):
        raise Refused(_WRONG, f"a list of rows was expected, {_name(rows)} came")
    if len(rows) > limits.rows:
        raise Refused(
            _TOO_LARGE, f"{len(rows)} rows came, at most {limits.rows} are taken; send fewer"
        )
    try:
        found = rewarder([asked(_object(row, n), f"row {n}") for n, row in enumerate(rows)])
    except SciReasonerError as error:
        raise Refused(_WRONG, str(error)) from error
    return [facts(reward) for reward in found]


def _object(row: Any, n: int) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise Refused(_WRONG, f"row {n}: an object was expected, {_name(row)} came")
    return row


def _name(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "a truth value"}
    return "null" if value is None else names.get(type(value), "a number")


def metrics(rewarder: Rewarder, tally: Tally) -> str:
    """Return the counters in the text format of Prometheus (0.0.4)."""
    counts, prefix = rewarder.counts, "scireasoner_rewards"
    series: list[tuple[str, str, dict[str, float]]] = [
        ("requests_total", "counter",
         {f'{{status="{status}"}}': n for status, n in sorted(tally.requests.items())}),
        ("rows_total", "counter", {"": counts.rows}),
        ("by_fault_total", "counter",
         {f'{{fault="{fault}"}}': n for fault, n in sorted(counts.faults.items())}),
        ("cache_hits_total", "counter", {"": counts.hits}),
        ("pool_restarts_total", "counter", {"": rewarder.restarts}),
        ("in_flight", "gauge", {"": tally.flying}),
    ]  # fmt: skip
    lines = []
    for name, kind, values in series:
        lines.append(f"# TYPE {prefix}_{name} {kind}")
        lines += [f"{prefix}_{name}{labels} {value}" for labels, value in values.items()]
    lines += [
        f"# TYPE {prefix}_latency_seconds summary",
        f"{prefix}_latency_seconds_sum {tally.seconds:.6f}",
        f"{prefix}_latency_seconds_count {sum(tally.requests.values())}",
    ]
    return "\n".join(lines) + "\n"


def listed() -> list[dict[str, Any]]:
    """Return what ``/tasks`` says of each task."""
    return [
        {
            "name": task.name,
            "suite": task.suite,
            "family": task.family.value,
            "domain": task.domain.value,
            "group": task.answer.group.value,
            "inputs": dict(task.inputs),
            "asks": task.answer.asks(),
            "g": task.g.name,
        }
        for task in all_tasks()
    ]


async def _body_of(stream: AsyncIterator[bytes], most: int) -> bytes:
    read = bytearray()
    async for part in stream:
        read += part
        if len(read) > most:
            raise Refused(_TOO_LARGE, f"the body is over {most} bytes; send fewer rows at once")
    return bytes(read)


def application(rewarder: Rewarder, limits: Limits | None = None) -> "FastAPI":
    """Return the service as an ASGI application.

    Raises
    ------
    MissingTool : if FastAPI is not installed.
    """
    try:
        from fastapi import FastAPI, Request
        from fastapi.concurrency import run_in_threadpool
        from fastapi.responses import JSONResponse, PlainTextResponse, Response
        from starlette.requests import ClientDisconnect
    except ModuleNotFoundError as error:
        raise MissingTool("fastapi", "the reward service", INSTALL) from error
    from scireasoner import __version__

    held, tally = limits or Limits(), Tally()
    app = FastAPI(title="SciReasoner rewards", version=__version__)

    @app.post("/rewards", summary="A JSON list of rows in, a JSON list of rewards out")
    async def give(request: Request) -> Response:
        start, status = time.perf_counter(), _OURS
        tally.flying += 1
        try:
            body = await _body_of(request.stream(), held.body)
            answer: Any = await run_in_threadpool(respond, body, rewarder, held)
            status = _OK
        except Refused as refused:
            answer, status = {"error": str(refused)}, refused.status
        except ClientDisconnect:
            # Nobody hears the answer; it is no failure of ours, in the counters neither.
            answer, status = {"error": "the asker left"}, _GONE
        finally:
            tally.flying -= 1
            tally.requests[status] += 1
            tally.seconds += time.perf_counter() - start
        return JSONResponse(answer, status)

    @app.get("/health", summary="Whether the service answers")
    async def health() -> dict[str, Any]:
        return {"status": "ok", "version": __version__, "workers": rewarder.workers}

    @app.get("/metrics", response_class=PlainTextResponse, summary="Counters for Prometheus")
    async def counters() -> str:
        return metrics(rewarder, tally)

    @app.get("/tasks", summary="The tasks, their reward groups and maps")
    async def tasks() -> list[dict[str, Any]]:
        return listed()

    return app


def serve(rewarder: Rewarder, host: str, port: int, limits: Limits | None = None) -> None:
    """Serve until SIGINT or SIGTERM; requests in flight are finished first.

    Parameters
    ----------
    port : 0 takes any free one; the address is told on standard error.

    Raises
    ------
    MissingTool : if FastAPI or uvicorn is not installed.
    InputError : if the address cannot be listened on.
    """
    app = application(rewarder, limits)
    try:
        import uvicorn
    except ModuleNotFoundError as error:
        raise MissingTool("uvicorn", "the reward service", INSTALL) from error
    listening = _listening(host, port)
    config = uvicorn.Config(
        app, log_level="warning", limit_concurrency=_WAITING, timeout_graceful_shutdown=_PATIENCE
    )
    shown = f"[{host}]" if ":" in host else host
    sys.stderr.write(f"rewards at http://{shown}:{listening.getsockname()[1]}\n")
    sys.stderr.flush()
    with listening:
        uvicorn.Server(config).run(sockets=[listening])


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        raise InputError(
            f"cannot listen on {host} port {port}: {error}; choose another --host or --port"
        ) from error
