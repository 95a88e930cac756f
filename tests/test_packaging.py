"""What a wheel holds, that it works outside the tree, and that every import is declared."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from scireasoner import recipes
from scireasoner.errors import RecipeError

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# Import name -> distribution, where they differ.
DISTRIBUTION = {"Bio": "biopython", "RNA": "ViennaRNA", "sklearn": "scikit-learn"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with the build tools of this environment: no network, no isolation."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        check=True,
        capture_output=True,
    )
    return next(folder.glob("scireasoner-*.whl"))


@pytest.fixture(scope="module")
def empty_environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of an environment that holds our wheel and nothing else."""
    folder = tmp_path_factory.mktemp("empty")
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    where = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    )
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(where.stdout.strip())
    return python


def call(python: Path, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    command = [str(python), "-m", "scireasoner.cli", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_the_wheel_holds_recipes_types_and_every_module(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "scireasoner/py.typed" in names
    for recipe in (ROOT / "recipes").glob("*.toml"):
        assert f"scireasoner/recipes/{recipe.name}" in names
    for path in (ROOT / "src" / "scireasoner").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            assert path.relative_to(ROOT / "src").as_posix() in names
    assert not [name for name in names if name.startswith(("tests/", "docs/"))]


def test_the_wheel_works_in_an_empty_environment(empty_environment: Path, tmp_path: Path) -> None:
    assert call(empty_environment, "--version", folder=tmp_path).returncode == 0
    helped = call(empty_environment, "run", "--help", folder=tmp_path)
    assert "scireasoner run nano" in helped.stdout
    code = "from scireasoner import recipes; print(recipes.find('nano'))"
    found = subprocess.run(
        [empty_environment, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert Path(found.stdout.strip()).parent == Path(str(empty_environment.parent.parent)).joinpath(
        "lib", f"python3.{sys.version_info[1]}", "site-packages", "scireasoner", "recipes"
    )


def test_the_doctor_of_an_empty_environment_says_what_to_install(
    empty_environment: Path, tmp_path: Path
) -> None:
    done = call(empty_environment, "doctor", folder=tmp_path)
    assert done.returncode == 5, done.stderr
    for line in ("pip install torch==", "pip install rdkit==", "pip install chemicals=="):
        assert line in done.stdout


# verl pins other versions of torch and transformers than we do, so no extra can name it: it is
# imported only by what it loads itself.
BRINGS_US = {"verl"}


def third_party_imports() -> Iterator[tuple[str, str]]:
    ours = {"scireasoner", "__future__"}
    for path in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom) and not node.level
                else []
            )
            for module in modules:
                top = module.split(".")[0]
                if top not in ours and top not in sys.stdlib_module_names:
                    yield top, path.relative_to(ROOT).as_posix()


def test_every_import_is_declared() -> None:
    project = PROJECT["project"]
    extras = {name: v for name, v in project["optional-dependencies"].items() if name != "dev"}
    lines = [*project["dependencies"], *(line for extra in extras.values() for line in extra)]
    declared = {re.split(r"[=<>\[]", line)[0].lower() for line in lines} | BRINGS_US
    undeclared = {
        (top, path)
        for top, path in third_party_imports()
        if DISTRIBUTION.get(top, top).lower() not in declared
    }
    assert undeclared == set()


def test_core_dependencies_are_pinned() -> None:
    assert [line for line in PROJECT["project"]["dependencies"] if "==" not in line] == []


def test_the_version_is_said_once() -> None:
    import scireasoner

    assert scireasoner.__version__ == PROJECT["project"]["version"]


def test_recipes_are_found_by_name_and_by_path(tmp_path: Path) -> None:
    for given in ("nano", "nano.toml", "recipes/nano.toml"):
        assert recipes.find(given).samefile(ROOT / "recipes" / "nano.toml")
    mine = tmp_path / "mine.toml"
    mine.write_text("")
    assert recipes.find(mine) == mine


@pytest.mark.parametrize("recipe", ["naan", "elsewhere/nano.toml", "nano.yaml", ""])
def test_an_unknown_recipe_is_told(recipe: str) -> None:
    with pytest.raises(RecipeError, match="no recipe"):
        recipes.find(recipe)
