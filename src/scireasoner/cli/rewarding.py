"""The commands ``rewards ...``."""

from __future__ import annotations

import argparse
import signal

from scireasoner.cli.auditing import add_audit, add_calibrate, add_table
from scireasoner.cli.common import Commands, command, positive, whole, with_rows

_MIB = 2**20


def add_rewards(commands: Commands) -> None:
    """Add ``rewards`` and what it can do."""
    rewards = command(
        commands,
        "rewards",
        "show, calibrate and audit rewards; give them to other trainers",
        "  scireasoner rewards table smol\n"
        "  scireasoner rewards audit\n"
        "  scireasoner rewards serve --port 8000 --workers 2",
    )
    actions = rewards.add_subparsers(metavar="ACTION", required=True)
    add_table(actions)
    add_calibrate(actions)
    add_audit(actions)
    _add_serve(actions)


def _add_serve(actions: Commands) -> None:
    serve = command(
        actions,
        "serve",
        "serve rewards over HTTP until it is stopped",
        "  scireasoner rewards serve --host 127.0.0.1 --port 8000 --workers 2\n"
        "  curl -s localhost:8000/rewards -d \\\n"
        '    \'[{"task": "smiles_to_formula", "gold": "CH4", "completion": "CH4"}]\'\n\n'
        "POST /rewards takes a JSON list of rows and gives a JSON list of rewards. GET /tasks,\n"
        "/health, /metrics (Prometheus) and /docs say the rest. There is no password: let only\n"
        "your trainers reach the port.",
    )
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1)")
    serve.add_argument("--port", type=whole, default=8000, help="0 takes a free one (default 8000)")
    serve.add_argument(
        "--workers", type=whole, default=0, help="processes that judge (default 0: this one)"
    )
    serve.add_argument("--max-rows", type=positive, default=4096, help="of a request (4096)")
    serve.add_argument("--max-mb", type=positive, default=32, help="of a request's body (32)")
    serve.add_argument(
        "--register", action="append", default=[], metavar="FILE.py", help="registers your tasks"
    )
    serve.set_defaults(run=_serve)


@with_rows
def _serve(options: argparse.Namespace) -> int:
    from scireasoner.measuring import register_file
    from scireasoner.trainers.core import Rewarder
    from scireasoner.trainers.service import Limits, serve

    for file in options.register:
        register_file(file)
    # uvicorn ends its work and then raises the signal again; it has been heard by then.
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        with Rewarder(options.workers, tuple(options.register)) as rewarder:
            limits = Limits(options.max_mb * _MIB, options.max_rows)
            serve(rewarder, options.host, options.port, limits)
    finally:
        signal.signal(signal.SIGTERM, before)
    return 0
