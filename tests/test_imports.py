"""What an import may load. The time it takes is measured in benchmarks/import_time.py."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src"
HEAVY = (
    "Bio",
    "RNA",
    "chemicals",
    "datasets",
    "datatrove",
    "fastapi",
    "httpx",
    "jinja2",
    "numpy",
    "pandas",
    "pint",
    "pymatgen",
    "py2opsin",
    "rapidfuzz",
    "ray",
    "rdkit",
    "rich",
    "scipy",
    "smact",
    "tokenizers",
    "torch",
    "transformers",
    "trl",
    "uvicorn",
    "verifiers",
    "verl",
    "vllm",
)
LIGHT_FACE = "import scireasoner; scireasoner.Mode; scireasoner.SciReasonerError"


def loaded_after(statement: str) -> set[str]:
    """Return the top-level packages that a fresh interpreter has loaded after a statement."""
    code = f"{statement}\nimport json, sys; sys.stdout.write(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(SOURCE), "PATH": ""},
    )
    return {name.split(".")[0] for name in json.loads(done.stdout)}


@pytest.mark.parametrize("statement", ["import scireasoner", LIGHT_FACE])
def test_importing_the_package_loads_nothing_heavy(statement: str) -> None:
    assert loaded_after(statement) & set(HEAVY) == set()


# A subclass of a trainer or a step cannot be written before its library is loaded; only running
# RL, or a corpus at scale, imports it.
HEAVY_BY_NATURE = {
    "scireasoner.corpus.signatures",
    "scireasoner.training.dapo_trainer",
    "scireasoner.training.shared_prompts",
}


def test_importing_every_module_loads_nothing_heavy() -> None:
    import scireasoner

    modules = [m.name for m in pkgutil.walk_packages(scireasoner.__path__, "scireasoner.")]
    assert "scireasoner.cli" in modules
    light = [name for name in modules if name not in HEAVY_BY_NATURE]
    assert loaded_after("import " + ", ".join(light)) & set(HEAVY) == set()


# What Python tells an audit hook of processes and sockets (PEP 578).
STARTS = ("os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "socket.", "subprocess.")
QUIET = """
import sys
seen = []
sys.addaudithook(lambda event, _: seen.append(event) if event.startswith({starts}) else None)
{statement}
sys.stdout.write(" ".join(seen))
"""


def started_by(statement: str) -> list[str]:
    """Return what processes a statement starts and what sockets it makes, as audit events."""
    done = subprocess.run(
        [sys.executable, "-c", QUIET.format(starts=STARTS, statement=statement)],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(SOURCE), "PATH": ""},
    )
    return done.stdout.split()


@pytest.mark.parametrize(
    "statement",
    [
        "import scireasoner.rewards",
        "import scireasoner.rewards.pool",
        "import scireasoner.trainers",
        "import scireasoner.trainers.trl_rewards, scireasoner.trainers.verl_rewards",
        "import scireasoner.trainers.service, scireasoner.trainers.verifiers_env",
        "from scireasoner.trainers import Rewarder; Rewarder(2)",
    ],
)
def test_rewards_start_no_process_and_open_no_socket_before_they_are_asked_for(
    statement: str,
) -> None:
    assert started_by(statement) == []


@pytest.mark.parametrize(
    ("statement", "event"),
    [
        ("import socket; socket.socket()", "socket.__new__"),
        ("import subprocess; subprocess.run([sys.executable, '-c', ''])", "subprocess.Popen"),
    ],
)
def test_the_check_sees_what_is_started(statement: str, event: str) -> None:
    assert event in started_by(statement)


def test_the_check_sees_what_is_loaded() -> None:
    assert "numpy" in loaded_after("import numpy") & set(HEAVY)


def test_the_face_is_whole() -> None:
    import scireasoner

    for name in scireasoner.__all__:
        assert getattr(scireasoner, name) is not None
    assert set(scireasoner.__all__) == set(scireasoner._FACE)
    assert set(scireasoner.__all__) <= set(dir(scireasoner))


def test_an_unknown_name_is_an_attribute_error() -> None:
    import scireasoner

    with pytest.raises(AttributeError, match="no attribute 'Nummer'"):
        scireasoner.Nummer  # noqa: B018
