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
    "httpx",
    "jinja2",
    "numpy",
    "pandas",
    "pint",
    "pymatgen",
    "py2opsin",
    "rapidfuzz",
    "rdkit",
    "rich",
    "scipy",
    "smact",
    "tokenizers",
    "torch",
    "transformers",
    "trl",
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


# A subclass of TRL's trainer cannot be written before TRL is loaded; only running RL imports it.
HEAVY_BY_NATURE = {"scireasoner.training.dapo_trainer"}


def test_importing_every_module_loads_nothing_heavy() -> None:
    import scireasoner

    modules = [m.name for m in pkgutil.walk_packages(scireasoner.__path__, "scireasoner.")]
    assert "scireasoner.cli" in modules
    light = [name for name in modules if name not in HEAVY_BY_NATURE]
    assert loaded_after("import " + ", ".join(light)) & set(HEAVY) == set()


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
