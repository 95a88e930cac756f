"""The house rules that a reader of the source tree can check: who may import whom, and the like."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src" / "scireasoner"

# Imports only go down; rooms of one floor do not know each other.
FLOORS = (
    ("types",),
    ("errors",),
    ("processes", "cores"),
    ("artifacts", "pages", "progress", "settings", "recipes"),
    ("jsonl_log",),
    ("science", "notation"),
    ("answers", "metrics", "prompts"),
    ("rewards", "published"),
    ("tasks", "corpus", "models"),
    ("training", "evaluation", "serving", "data", "trainers"),
    ("recipe", "doctor"),
    ("run", "planning"),
    ("scoring", "exporting"),
    ("stages",),
    ("pipeline", "shipping"),
    ("measuring",),
    ("yardsticks",),
    ("scorecard",),
    ("standing",),
    ("cli",),
    ("__main__",),
)
FLOOR = {room: height for height, rooms in enumerate(FLOORS) for room in rooms}

FILES = sorted(SOURCE.rglob("*.py"))
# The public face only re-exports, lazily; it stands beside the floors.
HOUSE = [path for path in FILES if path != SOURCE / "__init__.py"]

LONGEST_FILE = 300
LONGEST_FUNCTION = 60


def name_of(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports_of(tree: ast.AST, package: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Yield (line, room) of every import of ours, wherever in the file it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            stem = ".".join([*base, *([node.module] if node.module else [])])
            # ``from scireasoner import doctor`` names the room after the import.
            names = [alias.name for alias in node.names]
            modules = [f"{stem}.{name}" for name in names] if stem == "scireasoner" else [stem]
        else:
            continue
        for module in modules:
            parts = module.split(".")
            if parts[0] == "scireasoner" and len(parts) > 1 and not parts[1].startswith("__"):
                yield node.lineno, parts[1]


def climbs(source: str, room: str, package: tuple[str, ...] = ("scireasoner",)) -> list[str]:
    """Return the imports of a file that do not go down."""
    return [
        f"line {line}: {room} (floor {FLOOR[room]}) imports {other} (floor {FLOOR.get(other)})"
        for line, other in imports_of(ast.parse(source), package)
        if other != room and (other not in FLOOR or FLOOR[other] >= FLOOR[room])
    ]


@pytest.mark.parametrize("path", HOUSE, ids=name_of)
def test_imports_only_go_down(path: Path) -> None:
    assert room_of(path) in FLOOR, f"{name_of(path)}: give the new room a floor"
    package = ("scireasoner", *path.relative_to(SOURCE).parts[:-1])
    assert climbs(path.read_text(encoding="utf-8"), room_of(path), package) == []


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("science", "from scireasoner.tasks.task import Task"),
        ("science", "def f():\n    import scireasoner.answers.number"),
        ("science", "from scireasoner.notation.tags import NOTATIONS"),
        ("training", "from scireasoner import evaluation"),
        ("types", "from scireasoner.errors import InputError"),
        ("tasks", "if TYPE_CHECKING:\n    from scireasoner.cli import main"),
        ("tasks", "from scireasoner.nowhere import x"),
    ],
)
def test_the_floor_check_sees_what_climbs(room: str, source: str) -> None:
    assert climbs(source, room) != []


def test_the_floor_check_sees_relative_imports() -> None:
    assert climbs("from ..cli import main", "science", ("scireasoner", "science")) != []
    assert climbs("from .molecules import canonical", "science", ("scireasoner", "science")) == []


def test_one_file_knows_the_thought() -> None:
    knowing = [name_of(p) for p in FILES if "</think>" in p.read_text(encoding="utf-8")]
    assert knowing == ["prompts/reply.py"]


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_prints_no_broad_excepts(path: Path) -> None:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id == "print":
                found.append(f"line {node.lineno}: print")
        elif isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else "everything"
            # Catching everything in order to raise it again (a clean-up) hides nothing.
            raises = any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
            if caught in {"everything", "Exception", "BaseException"} and not raises:
                found.append(f"line {node.lineno}: catches {caught}")
    assert found == []


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_files_and_functions_fit(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LONGEST_FILE, "split the file by purpose"
    long = [
        f"{node.name}: {(node.end_lineno or 0) - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []
