"""``check --trace``: what it prints, its exit codes, its mistakes."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from scireasoner import cli

RIGHT = "CH3 C1 H3, CH2 C2 H5, OH O1 H6. Total C2 H6 O1"


def run(*arguments: str) -> int:
    """Return the exit code, also where argparse ends the command itself."""
    try:
        return cli.main(["check", *arguments])
    except SystemExit as end:
        return int(end.code or 0)


@pytest.mark.parametrize(
    ("text", "more", "code", "words"),
    [
        (RIGHT, ["--input", "smiles=CCO"], 0, ["4 claims: 4 hold, 0 false"]),
        (RIGHT, ["--input", "smiles=CCN"], 1, ["the molecule is C2H7N", "1 false"]),
        (RIGHT, ["--task", "smiles_to_formula", "--input", "smiles=CCO"], 0, ["4 hold"]),
        ("2 + 2 = 5", [], 1, ["it is 4", "1 claims: 0 hold, 1 false"]),
        ("nothing to see", [], 0, ["no claim was found"]),
    ],
)
def test_a_trace_is_checked(
    text: str,
    more: list[str],
    code: int,
    words: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "trace.txt").write_text(text)
    assert run("--trace", str(tmp_path / "trace.txt"), *more) == code
    shown = " ".join(capsys.readouterr().out.split())
    assert all(word in shown for word in words), shown


def test_standard_input_and_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "<SMILES>CCO</SMILES> is C2H6O, and 2 + 2 = 5 \udcff"
    raw = SimpleNamespace(buffer=io.BytesIO(text.encode("utf-8", "surrogateescape")))
    monkeypatch.setattr("sys.stdin", raw)
    assert run("--trace", "-", "--json") == 1
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["kind"], row["holds"]) for row in rows] == [
        ("valid", "holds"),
        ("formula", "holds"),
        ("arithmetic", "false"),
    ]
    assert rows[2]["text"] == "2 + 2 = 5"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--trace", "nowhere.txt"], 3, ["cannot be read", "give a text file"]),
        (["--trace", "empty.txt"], 2, ["the trace is empty"]),
        (["--trace", "empty.txt", "CCO"], 2, ["give one text"]),
        (["--trace", "empty.txt", "--input", "CCO"], 2, ["NAME=TEXT"]),
        (["--trace", "x", "--input", "smile=CCO"], 2, ["no notation; did you mean 'smiles'?"]),
        (["--trace", "x", "--task", "logp", "--input", "dna=A"], 2, ["has no input 'dna'"]),
    ],
)
def test_mistakes(
    arguments: list[str],
    code: int,
    words: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.txt").write_text(" \n")
    assert run(*arguments) == code
    shown = capsys.readouterr().err
    assert all(word in shown for word in words), shown
